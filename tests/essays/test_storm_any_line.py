"""The storm-any-line figure: general binary channels against binary symmetric ones, and streaming."""

import json
import re

import numpy as np
import pytest
import torch

import infodecomp
from infodecomp.experiments.frontiers import ANY_LINE, BUDGETS, WORLDS, as_config
from infodecomp.experiments.storage import Packed
from tests.essays.figures import essay_figure

FIGURE = essay_figure("storms.storm_any_line", "storm-any-line")
STATES = {
    "default": {},
    "and": {"p00": 0, "p01": 0, "p10": 0, "p11": 1},
    "or": {"p00": 0, "p01": 1, "p10": 1, "p11": 1},
    "xor": {"p00": 0, "p01": 1, "p10": 1, "p11": 0},
    "mirror": {"p00": 0, "p01": 0, "p10": 1, "p11": 1},
    "twins": {"p00": 0, "p01": 0.5, "p10": 0.5, "p11": 1, "tie": 1},
    "deaf": {"p00": 0.4, "p01": 0.4, "p10": 0.4, "p11": 0.4},
    "always": {"p11": 1, "storm_a": 1, "storm_b": 1},
    "a-certain": {"storm_a": 0},
    "unfair": {"p00": 0, "p01": 0.3, "p10": 0, "p11": 1, "storm_a": 0.2, "storm_b": 0.8},
}


def joint(p00=0.1, p01=0.2, p10=0.3, p11=0.9, storm_a=0.5, storm_b=0.5, tie=0.0):
    return infodecomp.two_source_joint([[p00, p01], [p10, p11]], storm_a, storm_b, tie)


@pytest.mark.parametrize("state", STATES)
def test_gains_are_nonnegative_and_budgets_are_respected(state):
    front = FIGURE(**STATES[state]).data["front"]
    flips = infodecomp.information_frontier(joint(**STATES[state]), BUDGETS)
    assert np.allclose(front["flip_information"], flips.information, atol=1e-12)
    assert (front["gain"] >= -1e-9).all()
    assert (front["bits_a"] + front["bits_b"] <= front["budget"] + 1e-9).all()
    assert (np.diff(front["information"]) >= -1e-9).all()
    assert (front["information"] <= front["budget"] + 1e-9).all()


@pytest.mark.parametrize("state", ["and", "unfair"])
@pytest.mark.parametrize("budget", [0.3, 1, 1.7])
def test_the_drawn_channels_carry_the_stated_information(state, budget):
    view, p = FIGURE(budget_any=budget, **STATES[state]), joint(**STATES[state])
    line_a, line_b = (torch.as_tensor(view.data["lines"][town]["p"]) for town in "ab")
    received = torch.einsum("au,bv,aby->uvy", line_a, line_b, p).flatten(0, 1)
    assert view.values["information"] == pytest.approx(
        infodecomp.mutual_information(received).item(), abs=1e-9
    )
    for town, line, p_x in (("a", line_a, p.sum((1, 2))), ("b", line_b, p.sum((0, 2)))):
        rate = infodecomp.mutual_information(p_x[:, None] * line).item()
        assert (
            view.data["lines"][town]["bits"] == view.values[f"bits_{town}"] == pytest.approx(rate, abs=1e-9)
        )


def test_gains_have_their_known_values():
    for budget, gain in ((0.5, 0.0277), (1, 0.0322), (1.5, 0.0196)):
        assert FIGURE(budget_any=budget, **STATES["and"]).values["gain"] == pytest.approx(gain, abs=5e-5)
        assert FIGURE(budget_any=budget, **STATES["or"]).values["gain"] == pytest.approx(gain, abs=5e-5)
        assert FIGURE(budget_any=budget, **STATES["xor"]).values["gain"] == pytest.approx(0, abs=1e-9)
    assert [FIGURE(budget_any=b).values["gain"] for b in (0.5, 1, 1.5)] == pytest.approx(
        [0.0006, 0.0003, 0.0006], abs=1e-4
    )


def test_channels_for_and_and_or_are_z_channels():
    for state, noiseless in (("and", 1), ("or", 0)):
        view = FIGURE(budget_any=1, **STATES[state])
        for line in view.data["lines"].values():
            assert line["p"][noiseless, noiseless] == pytest.approx(1, abs=1e-6)
            assert line["p"][1 - noiseless, 1 - noiseless] < 0.9
    assert "a storm is never garbled" in FIGURE(**STATES["and"]).svg()


def test_a_stream_ends_with_the_computed_state():
    state = FIGURE(p00=0.15, p11=0.85, tie=0.3).state
    views = list(FIGURE(**state).frames())
    assert len(views) > 1 and all(view.svg() for view in views)
    done = [view.data["done"] for view in views]
    assert done == sorted(done) and done[-1] == 1
    for worse, better in zip(views, views[1:]):
        assert (better.data["front"]["gain"] >= worse.data["front"]["gain"] - 1e-9).all()
    assert views[-1].values == FIGURE(**state).values
    assert len(list(FIGURE(**state).frames())) == 1, "a computed state is cached"


def test_a_budget_is_rounded_to_the_nearest_step():
    assert FIGURE(budget_any=0.77).state["budget_any"] == 0.75


@pytest.mark.parametrize("width", [350, 640])
@pytest.mark.parametrize("state", STATES)
def test_every_state_can_be_drawn(state, width):
    for budget in (0, 1, 2):
        view = FIGURE(budget_any=budget, **STATES[state])
        assert not re.search(
            r"\bnan\b|\binf\b|-0\.000", view.svg(width) + view.description + json.dumps(view.values)
        )
        assert ("better ones" in view.description) == (state not in ("deaf", "always"))
        assert len(view.description) < 180
        assert len(set(map(len, view.table.values()))) == 1


@pytest.mark.parametrize("world", WORLDS)
def test_stored_frontiers_are_no_worse_than_a_new_search(world):
    given, correlation = WORLDS[world]
    p = infodecomp.two_source_joint(given, correlation=correlation)
    assert ANY_LINE.is_stored(joint=as_config(p))
    stored, live = ANY_LINE.last(joint=as_config(p)), infodecomp.general_frontier(p, BUDGETS, starts=4)
    assert bool((stored.information >= live.information - 1e-6).all())


def test_parameters_with_the_same_joint_share_the_stored_frontier():
    twins = joint(p00=0, p01=0.123, p10=0.456, p11=1, tie=1)
    assert ANY_LINE.is_stored(joint=as_config(twins)), "with equal weather p01 and p10 do not matter"


def test_other_joints_are_not_stored():
    assert not ANY_LINE.is_stored(joint=as_config(joint(p00=0.101)))


@pytest.mark.parametrize("error, message", [(0.0, "deliver more bits"), (0.5, "less information")])
def test_a_stored_frontier_with_wrong_columns_is_rejected(error, message):
    columns = {name: torch.full((41,), error, dtype=torch.float64) for name in ("a_0", "a_1", "b_0", "b_1")}
    others = {name: torch.tensor(BUDGETS, dtype=torch.float64) for name in ("budget", "gap", "reached")}
    with pytest.raises(infodecomp.InformationError, match=message):
        ANY_LINE.unpack(ANY_LINE.config, Packed(columns | others))


def test_both_frontiers_can_be_compared():
    view = FIGURE(p00=0.0, p01=0.0, p10=0.0, p11=1.0, compare="fronts")
    assert "lines that flip, at best" in view.svg() and "best lines found" in view.svg()
    assert (view.table["information"] >= view.table["flip_information"]).all()
