"""The figures of "Which neurons matter?" by name."""

from tests.essays.figures import essay_figure, essay_module

SLUG = "which-neurons-matter"
NAMES = (
    "neuron-bet",
    "logistic-regression",
    "stacked-regression",
    "network-plane",
    "plane-estimators",
    "generalization-bounds",
    "neuron-information",
    "cumulative-ablation",
    "ablation-paradox",
    "neuron-pairs",
    "quantised-network",
)


def figure(name):
    return essay_figure(name.replace("-", "_"), name, SLUG)


def module(name):
    return essay_module(name, SLUG)
