"""How finely a bundle samples its figures, and what it leaves out, so that it stays within its bounds."""

import time

import pytest

from infodecomp.explorable import Axis, Choice, Line, Plot, Range, figure
from infodecomp.explorable.offline.budget import Budget, Cost, grids_within, measure_cost
from infodecomp.explorable.offline.interpolation import InterpolationError
from infodecomp.explorable.offline.recorder import Recording, count_states, fit_into, record
from infodecomp.explorable.offline.sampling import FEWEST, ControlGroups, sample_grids


def wave(name):
    parameter = Range(name=name, label=name, default=0.3, low=0, high=1)

    def compute(**state):
        return state

    compute.__name__ = name
    found = figure(parameters=(parameter,), title=name, controls=(name,))(compute)
    found.draw(lambda data: Plot((Line((0, 1), (0, data[name])),), Axis(domain=(0, 1)), Axis(domain=(0, 1))))
    return found


@pytest.fixture(scope="module")
def pair():
    return [wave("cheap"), wave("costly")]


@pytest.fixture(scope="module")
def groups(pair):
    return ControlGroups(pair, {"cheap", "costly"}, [])


def test_the_figure_that_takes_most_is_thinned_until_all_fit(pair, groups):
    costs = {"cheap": Cost(0.001, 10, 0, 0), "costly": Cost(0.1, 10, 0, 0)}

    def measure(drawn, grids):
        return costs[drawn.name]

    rich = grids_within(pair, groups, Budget(100, 10**6), measure)
    assert rich == {drawn: sample_grids(drawn, groups) for drawn in pair}
    cheap, costly = pair
    poor = grids_within(pair, groups, Budget(12, 10**6), measure)
    assert poor[cheap] == rich[cheap] and count_states(poor[costly]) < count_states(rich[costly])
    assert sum(costs[drawn.name].of(drawn, grids).seconds for drawn, grids in poor.items()) <= 12
    small = grids_within(pair, groups, Budget(100, 1000), measure)
    assert sum(costs[drawn.name].of(drawn, grids).bytes for drawn, grids in small.items()) <= 1000
    (grid,) = grids_within([costly], groups, Budget(0, 0), measure)[costly]
    assert len(grid.axes[0][1]) >= FEWEST and grid.contains({"costly": 0.3})


def test_the_cost_of_a_figure_foretells_about_the_size_of_its_recording(pair, groups):
    grids = sample_grids(pair[0], groups)
    cost = measure_cost(pair[0], grids)
    assert cost.seconds > 0 and cost.run_seconds == 0
    share = cost.of(pair[0], grids).bytes / record(pair[0], grids).size
    assert 1 / 3 < share < 3, "the order of magnitude, from eight of a hundred states"


def test_choices_that_take_longer_than_the_default_are_noticed():
    """A state of one of the choices takes a hundredth of a second; the trial moves the slider of another."""

    @figure(
        parameters=(
            Range(name="level", label="level", default=0.3, low=0, high=1),
            Choice(name="way", label="way", default="fast", options={"fast": "fast", "slow": "slow"}),
        ),
        title="two ways",
        controls=("level", "way"),
    )
    def two_ways(level, way):
        started = time.process_time()
        while way == "slow" and time.process_time() - started < 0.01:
            pass
        return {"level": level}

    two_ways.draw(lambda data: Plot((Line((0, 1), (0, data["level"])),), Axis(), Axis()))
    grids = sample_grids(two_ways, ControlGroups([two_ways], {"level", "way"}, []))
    assert sorted({grid.base["way"] for grid in grids}) == ["fast", "slow"]
    assert measure_cost(two_ways, grids).seconds > 0.004


def test_narrow_pictures_and_then_tables_are_left_out_of_the_largest(pair):
    def recording(*sizes):
        return Recording(pair[0], 9, [bytes(size) for size in sizes], InterpolationError())

    large, small = recording(9000, 5000, 2000), recording(900, 800, 700)
    fit_into([large, small], 20_000)
    assert (large.degree, small.degree) == (0, 0) and "wide screens" not in large.summary()
    fit_into([large, small], 8000)
    assert (large.degree, small.degree) == (1, 0) and "table" not in large.summary()
    assert "on a phone that one is shown, smaller" in large.summary()
    fit_into([large, small], 4000)
    assert (large.degree, small.degree) == (2, 0) and "table of some" in large.summary()
    fit_into([large, small], 1)
    assert (large.degree, small.degree) == (2, 2), "nothing more can be left out"
