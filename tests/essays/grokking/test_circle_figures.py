"""The figures of the circular construction and of the five trained neurons."""

import math
import re

import numpy as np
import pytest

from infodecomp.explorable.core.errors import ParameterError
from tests.essays.figures import essay_figure
from tests.legible import assert_legible

SLUG = "grokking"
DEBUG = essay_figure("circle.construction", "debug-vis", SLUG)
EMBED, ADD, READ = (
    essay_figure("circle.embedding", name, SLUG) for name in ("embed", "circle-vis", "proj-vis")
)
FIVE = [
    essay_figure("circle.five", f"five-neuron-{name}", SLUG)
    for name in ("accuracy", "embed", "circle", "circle-2")
]


def test_the_values_of_the_construction():
    assert DEBUG().values["accuracy"] == 1 and DEBUG().values["first_failure"] == 119
    assert DEBUG().values["max_angle_error"] == pytest.approx(0.0265, abs=1e-4)
    assert DEBUG(n_neurons=6).values["percent"] == pytest.approx(19.4, abs=0.05)
    assert DEBUG(n_neurons=9, modulus=500).values["first_failure"] == "none up to 500"
    assert DEBUG(modulus=500).values["undecided"] == 500 and "a − b = 250" in DEBUG(modulus=500).description
    assert list(DEBUG().values)[:3] == ["accuracy", "max_angle_error", "first_failure"]


@pytest.mark.parametrize("n_neurons", [3, 5, 10])
@pytest.mark.parametrize("modulus", [12, 67, 500])
@pytest.mark.parametrize("activation", ["relu", "square"])
def test_every_corner_of_the_construction_is_drawn(n_neurons, modulus, activation):
    view = DEBUG(n_neurons=n_neurons, modulus=modulus, activation=activation)
    for width in (350, 640):
        svg = view.svg(width)
        assert not re.search(r"\bnan\b|\binf\b", svg + view.description)
        assert_legible(svg)
        assert svg.count("<") <= 150


@pytest.mark.parametrize("query", ["n_neurons=2", "n_neurons=11", "modulus=11", "modulus=501", "modulus=1e9"])
def test_no_number_can_freeze_the_construction(query):
    name, value = query.split("=")
    with pytest.raises(ParameterError, match=r"give a whole number from \d+ to \d+"):
        DEBUG.read([(name, value)])


def test_two_numbers_add_up_on_the_circle():
    for a, b in ((0, 0), (30, 50), (66, 66), (0, 33), (1, 66)):
        added, read = ADD(circle_a=a, circle_b=b), READ(circle_a=a, circle_b=b)
        assert added.values["answer"] == (a + b) % 67 and added.values["second_name"] == (a + b) % 67 + 67
        assert read.values["given"] == (a + b) % 67
        angle = math.radians(added.values["degrees"])
        assert math.cos(2 * angle - (a + b) * 2 * math.pi / 67) == pytest.approx(1)
    assert list(ADD().values)[:2] == ["answer", "second_name"], "what <v> and <v2> show"


def test_a_point_of_the_circle():
    values = EMBED(circle_a=20).values
    assert values["cos"] ** 2 + values["sin"] ** 2 == pytest.approx(1)
    assert EMBED(circle_a=0).values["cos"] == 1


@pytest.mark.parametrize("figure", FIVE, ids=lambda figure: figure.name)
@pytest.mark.parametrize("state", [{"five_step": 0}, {"five_seed": 0}, {"five_step": 30, "five_seed": 5}])
def test_the_five_neurons_are_drawn_at_every_stage(figure, state):
    for width in (350, 640):
        view = figure(**state)
        assert not re.search(r"\bnan\b|\binf\b", view.svg(width) + view.description)
        assert view.svg(width).count("<") <= 150


def test_the_five_neurons_find_the_construction():
    values = FIVE[0]().values
    assert values["test_accuracy"] == 100 and values["knows"] < 1000
    assert 68 < values["smallest_gap"] and values["largest_gap"] < 76
    assert values["twice_off"] < 6 and values["size_ratio"] < 1.5
    assert "twice" in FIVE[3]().description


def test_one_seed_of_six_is_stuck():
    ends = [FIVE[0](five_seed=seed).values["test_accuracy"] for seed in range(6)]
    assert sum(end == 100 for end in ends) == 5 and ends[0] < 20
    assert "no star" in FIVE[3](five_seed=0).description


def test_shown_and_held_back_pairs_rise_together():
    curves = FIVE[0]().data["curves"]
    assert np.abs(curves["train"] - curves["test"]).max() < 0.1
