"""The figures of "Which neurons matter?", in the order in which the essay meets them."""

from .ablation_paradox import ablation_paradox
from .cumulative_ablation import cumulative_ablation
from .generalization_bounds import generalization_bounds
from .logistic_regression import logistic_regression
from .network_plane import network_plane
from .neuron_bet import neuron_bet
from .neuron_information import neuron_information
from .neuron_pairs import neuron_pairs
from .plane_estimators import plane_estimators
from .quantised_network import quantised_network
from .stacked_regression import stacked_regression

__all__ = [
    "ablation_paradox",
    "cumulative_ablation",
    "generalization_bounds",
    "logistic_regression",
    "network_plane",
    "neuron_bet",
    "neuron_information",
    "neuron_pairs",
    "plane_estimators",
    "quantised_network",
    "stacked_regression",
]
