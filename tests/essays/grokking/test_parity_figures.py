"""The figures on sparse parity: the stored runs, and the numbers that the text uses."""

import re

import numpy as np
import pytest

from infodecomp.experiments.grokking import PARITY_RUNS, PARITY_SWEEP
from infodecomp.experiments.grokking.parity_sweep import DECAYS, SIZES, WIDTHS
from infodecomp.parity.sweep import N_SEEDS, OUTCOMES, STEPS
from infodecomp.parity.training import train_parity
from tests.essays.figures import essay_figure
from tests.legible import assert_legible

SLUG = "grokking"
ACCURACY, LOSS = (essay_figure("parity.curves", name, SLUG) for name in ("parity-accuracy", "parity-loss"))
WEIGHTS, TRAJECTORY = (
    essay_figure("parity.weights", name, SLUG) for name in ("parity-weights", "parity-weights-trajectory")
)
SWEEP = essay_figure("sweeps.parity", "sparse-parity-sweep", SLUG)


def test_the_stored_run_equals_a_new_training():
    config = PARITY_RUNS.config
    run = train_parity(1200, 64, (0,), (config.strength,), 100, "l1", config.learning_rate, (0, 50, 100))
    for snapshot in run:
        stored = PARITY_RUNS.at(snapshot.step)
        assert stored.train_accuracy == pytest.approx(float(snapshot.train_accuracy), abs=5e-3)
        assert stored.test_loss == pytest.approx(float(snapshot.test_loss), abs=1e-3)


@pytest.mark.parametrize("figure", [ACCURACY, LOSS, WEIGHTS, TRAJECTORY], ids=lambda figure: figure.name)
@pytest.mark.parametrize("state", [{"parity_step": 0}, {"parity_step": 64, "parity_penalty": "l2"}])
def test_ends_of_the_training_are_drawn_whole(figure, state):
    for width in (350, 640):
        view = figure(**state)
        svg = view.svg(width)
        assert not re.search(r"\bnan\b|\binf\b", svg + view.description)
        assert_legible(svg)
        assert svg.count("<") <= 150


def test_the_network_knows_by_heart_first_and_the_rule_long_after():
    values = ACCURACY().values
    assert values["step"] == 1000 and values["train_accuracy"] > 99.5 and values["test_accuracy"] < 70
    assert values["knows"] >= 2 * values["fits"]
    assert values["test_when_fits"] == f"{ACCURACY(parity_step=18).values['test_accuracy']:.0f}" == "62"


def test_it_knows_the_rule_before_the_distracting_weights_are_gone():
    values = TRAJECTORY().values
    assert values["largest_when_known"] > 1 and values["gone"] - values["knows"] > 1000
    assert values["fate"] == f"vanishes at step {values['gone']:,}"
    never = TRAJECTORY(parity_penalty="l2").values
    assert never["gone"] is None and never["fate"] == "never quite vanishes"


def test_the_price_of_the_weights_rises_and_falls():
    values = LOSS().values
    assert 900 <= values["highest_step"] <= 1300 and values["last_price"] < values["highest_price"] / 4
    assert values["test_loss"] > 1, "worse than a coin"
    curves = LOSS().data["curves"]
    assert np.allclose(curves["price"], PARITY_RUNS.config.strength / np.log(2) * _sizes(), rtol=0.02)


def _sizes():
    states = PARITY_RUNS.until(PARITY_RUNS.config.steps)
    return np.array([float(state.hidden.abs().sum() + state.out.abs().sum()) for state in states])


def test_only_the_digits_that_count_are_left():
    end = WEIGHTS(parity_step=64).values
    assert end["share"] > 99 and end["distractor"] < 0.01 and 4 <= end["active"] <= 20
    assert WEIGHTS(parity_step=20).values["active"] == 64
    assert WEIGHTS(parity_step=64, parity_penalty="l2").values["active"] > end["active"]


def test_the_sweep_has_all_networks_once():
    view = SWEEP()
    networks = view.data["networks"]
    assert len(networks["column"]) == len(DECAYS) * len(SIZES) * len(WIDTHS) * N_SEEDS == 1125
    assert len(set(zip(networks["column"].tolist(), networks["row"].tolist()))) == 1125
    assert sum(view.data["counts"].values()) == 1125 and min(view.data["counts"].values()) > 50
    assert view.data["outcome"] == "grokked"


def test_each_preset_of_the_sweep_shows_what_its_name_says():
    for name in OUTCOMES:
        values = SWEEP.read([tuple(part.split("=")) for part in SWEEP.presets[f"sweep-{name}"].split("&")])
        assert values.data["outcome"] == name


@pytest.mark.parametrize("x, y", [(0, 0), (1e3, 1e3), (40, 9)])
def test_a_press_on_the_sweep_chooses_the_nearest_network(x, y):
    state = SWEEP.at_point(SWEEP().state, f"{x},{y}").state
    assert 0 <= state["sweep_x"] <= 74 and 0 <= state["sweep_y"] <= 14


def test_the_curves_of_a_network_agree_with_its_outcome():
    for column, row in ((0, 0), (24, 12), (74, 14)):
        data = SWEEP(sweep_x=column, sweep_y=row).data
        training = data["training"]
        assert len(training["step"]) == len(STEPS)
        assert (training["test"][-1] >= 0.95) == (data["outcome"] in ("grokked", "generalised"))


def test_the_sweep_is_drawn_in_few_nodes():
    for width in (350, 960):
        svg = SWEEP().svg(width)
        assert svg.count("<") <= 150 and len(svg) < 60_000
        assert_legible(svg)


def test_a_group_of_the_sweep_is_computed_again_to_the_same_outcomes():
    from infodecomp.parity.sweep import outcomes, train_group

    stored = outcomes(PARITY_SWEEP.last(n_train=SIZES[0], width=WIDTHS[0]))[9:18]
    again = outcomes(train_group(SIZES[0], WIDTHS[0], (DECAYS[1],), PARITY_SWEEP.config.learning_rate))
    assert int((stored == again).sum()) >= 8, "rounding may decide a case on the border"
