"""Which states an offline bundle contains: those one control away, and those that links lead to."""

import pytest

from infodecomp.explorable import Axis, Choice, IterationSlider, Plot, Range, Toggle, figure
from infodecomp.explorable.offline.sampling import (
    ALONE,
    PAIRED,
    RUN,
    ControlGroups,
    sample_grids,
    sample_slider,
)

A = Range(name="a", label="a", default=0.3, low=0, high=1)
B = Range(name="b", label="b", default=0.5, low=0, high=1)
KIND = Choice(name="kind", label="kind", default="one", options={"one": "One", "two": "Two"})
SURE = Toggle(name="sure", label="sure")
STEP = IterationSlider(name="step", label="step", default=7, high=200, resets_on=("kind",))


def grids(*parameters, controls, targets=(), moved=None):
    @figure(parameters=parameters, title="A figure", controls=controls)
    def example(**state):
        return state

    example.draw(lambda data: Plot((), Axis(domain=(0, 1)), Axis(domain=(0, 1))))
    names = {parameter.name for parameter in parameters}
    groups = ControlGroups([example], names if moved is None else moved, [list(target) for target in targets])
    return sample_grids(example, groups)


def axes(found):
    return [{name: len(values) for name, values in grid.axes} for grid in found]


def test_a_single_slider_is_sampled_at_every_step():
    (grid,) = grids(A, controls=("a",))
    assert [state["a"] for state in grid.states()] == pytest.approx(
        [i / 100 for i in range(101)]
    ) and ALONE == 101


def test_a_short_integer_slider_is_sampled_completely():
    week = Range(name="week", label="week", default=89, low=0, high=105, step=1)
    assert axes(grids(week, controls=("week",))) == [{"week": 106}]
    assert axes(grids(week, B, controls=("week", "b")))[0] == {"week": 106}


def test_two_sliders_of_a_panel_share_a_grid_and_those_of_two_panels_do_not():
    assert axes(grids(A, B, controls=("a", "b"))) == [{"a": ALONE}, {"b": ALONE}, {"a": PAIRED, "b": PAIRED}]
    assert not any(set(axis) == {"a", "b"} for axis in axes(grids(A, B, controls=())))


def test_every_choice_is_combined_with_every_slider_position():
    for controls in (("a",), ("a", "kind")):
        found = grids(A, KIND, controls=controls)
        assert {grid.base["kind"]: axis for grid, axis in zip(found, axes(found))} == {
            "one": {"a": ALONE},
            "two": {"a": ALONE},
        }


def test_too_many_choices_are_included_at_the_default_only():
    found = grids(A, KIND, SURE, controls=("a",))
    assert [grid.base["kind"] for grid in found if grid.axes] == ["one", "two"]
    assert any(grid.base["sure"] and not grid.axes for grid in found)


def test_two_choices_are_combined_across_panels():
    many = [
        Choice(name=name, label=name, default="0", options={str(i): str(i) for i in range(4)})
        for name in "klmn"
    ]
    held = [grid.base for grid in grids(*many, controls=("k", "l"))]
    assert any((state["k"], state["m"]) == ("3", "2") for state in held)
    assert max(sum(value != "0" for value in state.values()) for state in held) == 2, (
        "4 × 4 × 4 × 4 are too many"
    )


def test_a_run_is_sampled_over_its_steps_including_both_ends():
    (grid,) = grids(KIND, STEP, controls=("step",))
    ((name, values),) = grid.axes
    assert name == "step" and {0, 7, 200} <= set(values) and RUN <= len(values) <= RUN + 1
    assert grid.base["kind"] == "one", "another run is a long computation"


def test_a_run_that_a_link_leads_to_is_included():
    found = grids(KIND, STEP, controls=("step",), targets=[[("kind", "two")]])
    assert {grid.base["kind"] for grid in found} == {"one", "two"}


def test_a_slider_value_that_a_link_leads_to_is_sampled():
    rough = Range(name="a", label="a", default=0.3, low=0, high=1, step=0.0001)
    (grid,) = grids(rough, controls=("a",), targets=[[("a", ".1234")]])
    assert 0.1234 in dict(grid.axes)["a"] and 0.3 in dict(grid.axes)["a"]


def test_a_link_that_moves_two_panels_leads_to_an_included_state():
    found = grids(A, B, controls=(), targets=[[("a", ".1"), ("b", ".9")]])
    assert any(state == {"a": 0.1, "b": 0.9} for grid in found for state in grid.states())


def test_a_parameter_without_a_control_keeps_its_default():
    assert axes(grids(A, B, controls=("a",), moved={"a"})) == [{"a": ALONE}]


def test_samples_lie_on_slider_steps_and_include_both_ends():
    step = Range(name="a", label="a", default=1, low=1, high=24, step=1)
    assert sample_slider(step, 101, {5}) == tuple(range(1, 25))
    few = sample_slider(step, 5, {2})
    assert few[0] == 1 and few[-1] == 24 and 2 in few and all(float(value).is_integer() for value in few)
