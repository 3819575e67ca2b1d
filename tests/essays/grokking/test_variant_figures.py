"""The figures on parameterisations, and on networks that lose the rule again."""

import re

import pytest

from infodecomp.experiments.grokking import FACTORISATIONS, MEMORISING
from tests.essays.figures import essay_figure
from tests.legible import assert_legible

SLUG = "grokking"
SWEEP = essay_figure("sweeps.factorisations", "sweep-mod", SLUG)
RUNS = [
    essay_figure("sweeps.memorising", f"open-q-mem-{index}-{name}", SLUG)
    for index in (0, 1)
    for name in ("accuracy", "weights")
]


@pytest.mark.parametrize("figure", [SWEEP, *RUNS], ids=lambda figure: figure.name)
def test_the_ends_are_drawn_whole(figure):
    for parameter in figure.parameters:
        for value in (parameter.values()[0], parameter.values()[-1]):
            view = figure(**{parameter.name: value})
            for width in (350, 640):
                svg = view.svg(width)
                assert not re.search(r"\bnan\b|\binf\b", svg + view.description)
                assert_legible(svg)
                assert svg.count("<") <= 180


def test_without_decay_the_rule_is_lost_again():
    values = RUNS[0]().values
    assert values["best_step"] == 700 and values["best_accuracy"] > 88
    assert values["last_accuracy"] < 75 and values["last_loss"] > 10 * values["least_loss"]
    assert RUNS[0](mem_step_0=60).values["accuracy"] == 100


def test_the_waves_survive_the_loss_of_the_rule():
    assert RUNS[1](mem_step_0=60).values["power"] > 40


def test_a_parameterisation_without_factors_never_knows_the_sum():
    values = SWEEP().values
    assert values["all_runs"] == 45 and values["runs"] == 9
    assert values["direct"] == 0 < values["tied"]


def test_experiments_name_their_runs():
    assert set(FACTORISATIONS.runs) == {"tied", "untied", "input", "output", "direct"}
    assert len(MEMORISING.runs) == 2
