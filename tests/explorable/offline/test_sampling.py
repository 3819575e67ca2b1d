"""Which states a copy holds: what can be moved one thing at a time, and what words lead to."""

import pytest

from infodecomp.explorable import Axis, Choice, IterationSlider, Plot, Range, Toggle, figure
from infodecomp.explorable.offline.sampling import FINE, PAIR, RUN, Groups, grids, sampled

A = Range(name="a", label="a", default=0.3, low=0, high=1)
B = Range(name="b", label="b", default=0.5, low=0, high=1)
KIND = Choice(name="kind", label="kind", default="one", options={"one": "One", "two": "Two"})
SURE = Toggle(name="sure", label="sure")
STEP = IterationSlider(name="step", label="step", default=7, high=200, resets_on=("kind",))


def held(*parameters, controls, targets=(), moved=None):
    @figure(parameters=parameters, title="A figure", controls=controls)
    def tried(**state):
        return state

    tried.draw(lambda data: Plot((), Axis(domain=(0, 1)), Axis(domain=(0, 1))))
    names = {parameter.name for parameter in parameters}
    return grids(
        tried, Groups([tried], names if moved is None else moved, [list(target) for target in targets])
    )


def axes(found):
    return [{name: len(values) for name, values in grid.axes} for grid in found]


def test_a_range_alone_is_held_on_every_step_of_its_slider():
    (grid,) = held(A, controls=("a",))
    assert [state["a"] for state in grid.states()] == pytest.approx(
        [i / 100 for i in range(101)]
    ) and FINE == 101


def test_of_whole_numbers_that_are_few_all_are_held():
    week = Range(name="week", label="week", default=89, low=0, high=105, step=1)
    assert axes(held(week, controls=("week",))) == [{"week": 106}]
    assert axes(held(week, B, controls=("week", "b")))[0] == {"week": 106}


def test_two_ranges_of_one_panel_are_held_together_and_those_of_two_panels_one_at_a_time():
    assert axes(held(A, B, controls=("a", "b"))) == [{"a": FINE}, {"b": FINE}, {"a": PAIR, "b": PAIR}]
    assert not any(set(axis) == {"a", "b"} for axis in axes(held(A, B, controls=())))


def test_every_choice_is_held_with_every_place_of_the_range_beside_it():
    for controls in (("a",), ("a", "kind")):
        found = held(A, KIND, controls=controls)
        assert {grid.base["kind"]: axis for grid, axis in zip(found, axes(found))} == {
            "one": {"a": FINE},
            "two": {"a": FINE},
        }


def test_where_choices_are_too_many_for_that_each_is_held_at_the_default():
    found = held(A, KIND, SURE, controls=("a",))
    assert [grid.base["kind"] for grid in found if grid.axes] == ["one", "two"]
    assert any(grid.base["sure"] and not grid.axes for grid in found)


def test_a_run_is_held_over_its_steps_and_its_ends():
    (grid,) = held(KIND, STEP, controls=("step",))
    ((name, values),) = grid.axes
    assert name == "step" and {0, 7, 200} <= set(values) and RUN <= len(values) <= RUN + 1
    assert grid.base["kind"] == "one", "another run is a long computation"


def test_a_run_that_a_word_leads_to_is_held_too():
    found = held(KIND, STEP, controls=("step",), targets=[[("kind", "two")]])
    assert {grid.base["kind"] for grid in found} == {"one", "two"}


def test_a_value_that_a_word_leads_to_is_among_the_samples():
    rough = Range(name="a", label="a", default=0.3, low=0, high=1, step=0.0001)
    (grid,) = held(rough, controls=("a",), targets=[[("a", ".1234")]])
    assert 0.1234 in dict(grid.axes)["a"] and 0.3 in dict(grid.axes)["a"]


def test_a_word_that_moves_two_panels_at_once_leads_to_a_state_that_is_held():
    found = held(A, B, controls=(), targets=[[("a", ".1"), ("b", ".9")]])
    assert any(state == {"a": 0.1, "b": 0.9} for grid in found for state in grid.states())


def test_what_nothing_moves_stays_as_it_is():
    assert axes(held(A, B, controls=("a",), moved={"a"})) == [{"a": FINE}]


def test_samples_lie_on_the_slider_and_reach_both_ends():
    step = Range(name="a", label="a", default=1, low=1, high=24, step=1)
    assert sampled(step, 101, {5}) == tuple(range(1, 25))
    few = sampled(step, 5, {2})
    assert few[0] == 1 and few[-1] == 24 and 2 in few and all(float(value).is_integer() for value in few)
