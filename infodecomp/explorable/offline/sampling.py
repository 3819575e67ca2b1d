"""Which states of a figure an offline bundle contains.

A full grid over all parameters is out of reach, and few of its states are ever visited. A bundle contains
what a reader can reach by moving one control at a time, from the default or from a named state (a preset or
a link):

- Parameters that one panel controls form a group; while one group moves, the others stay where they were.
- One slider of a group is sampled finely. Two are each sampled finely, and coarsely together. Of more, each
  is sampled alone, from the default only.
- Every choice of a group is included, with all of this; small choices of other groups multiply everything. Of
  choices of several groups the combinations of each two are included, or all of them where they are few.
- From each named state the groups are sampled again, more coarsely.
- A run that plays is sampled over its steps. What a long computation depends on keeps its value in the named
  states.
"""

import itertools
import math
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from infodecomp.explorable.figures.figure import Figure
from infodecomp.explorable.figures.parameters import Parameter, is_active, parse_query
from infodecomp.explorable.offline.grid import Grid

# Number of samples of a slider: alone, as one of two together, as one of many.
ALONE, PAIRED, ONE_OF_MANY = 101, 21, 15
ALONE_FROM_NAMED, PAIRED_FROM_NAMED = 6, 7  # the same, starting from a named state
ALONE_LARGE, LARGE_STATE = 31, 8000  # alone, where a state takes more than so many compressed bytes
ALONE_INTEGER = 120  # of an integer alone: all weeks of two years, since integers cannot be interpolated
PAIRED_INTEGER = 6
RUN, RUN_FROM_NAMED = 41, 9  # steps of a run that plays
FEWEST = 4  # samples of a slider, however coarse
MAX_REPETITIONS = 3  # combinations of small choices that everything is repeated for
MAX_COMBINATIONS = 64  # combinations of choices that are all included
MAX_OF_TWO = 96  # of more combinations: those that change one or two choices

QueryPairs = list[tuple[str, str]]


@dataclass
class ControlGroups:
    """The parameters of some figures, grouped by the panel that controls them.

    Parameters
    ----------
    figures : iterable of Figure
    movable : set of str
        Names of parameters with a control or a handle.
    targets : list of list of (str, str)
        The query pairs of the states that links and presets lead to.
    """

    figures: Iterable[Figure]
    movable: set[str]
    targets: list[QueryPairs]
    group_of: dict[str, str] = field(init=False, default_factory=dict)
    sliders: dict[str, dict[str, Parameter]] = field(init=False, default_factory=dict)

    def __post_init__(self):
        figures = list(self.figures)
        for figure in figures:
            for name in figure.controls:
                self.group_of.setdefault(name, f"panel {figure.name}")
        for figure in figures:
            for parameter in figure.parameters:
                group = self.group_of.setdefault(parameter.name, f"alone {parameter.name}")
                if parameter.is_numeric:
                    self.sliders.setdefault(group, {})[parameter.name] = parameter

    def has_many_sliders(self, group: str) -> bool:
        """Return whether more than two sliders of a group are active at once."""
        conditions = Counter(parameter.active_when for parameter in self.sliders.get(group, {}).values())
        unconditional = conditions.pop(None, 0)
        return unconditional + max(conditions.values(), default=0) > 2


def slow_parameters(figure: Figure) -> set[str]:
    """Return the names of the parameters whose every change starts a long computation."""
    names = {name for parameter in figure.parameters for name in parameter.dependencies}
    if figure.has("partial_results"):
        names |= {p.name for p in figure.parameters if p.name not in figure.controls}
    return names


def compressed_size(figure: Figure) -> int:
    """Return the compressed bytes of the default state: its picture and its table."""
    view = figure()
    return len(zlib.compress((view.svg() + (view.csv() if view.table else "")).encode()))


def sample_grids(figure: Figure, groups: ControlGroups, detail: float = 1) -> list[Grid]:
    """Return the grids of states that a bundle contains of a figure.

    Parameters
    ----------
    figure : Figure
        A figure that draws something.
    groups : ControlGroups
        The groups of all figures of the site.
    detail : float
        Factor from 0 to 1 applied to the number of samples of each slider, of which at least `FEWEST` remain.
    """
    default = {parameter.name: parameter.default for parameter in figure.parameters}
    named_states, stops = _named_states(figure, groups, default)
    alone = ALONE_LARGE if compressed_size(figure) > LARGE_STATE else ALONE
    members: dict[str, list[Parameter]] = {}
    for parameter in _sampled_parameters(figure, groups):
        members.setdefault(groups.group_of[parameter.name], []).append(parameter)
    repeated = _repeated_groups(members)
    repeated_choices = [p for group in repeated for p in members[group]]
    choices_of_all = [p for parameters in members.values() for p in parameters if not p.is_numeric]
    grids = [Grid(default | choices) for choices in _combinations(choices_of_all, default)]
    for start in [default, *named_states]:
        counts = SampleCounts(start is default, alone, detail)
        for choices in _combinations(repeated_choices, start):
            base = start | choices
            grids.append(Grid(base))
            for group, parameters in members.items():
                if group not in repeated:
                    grids += _group_grids(base, parameters, stops, counts, groups.has_many_sliders(group))
    return _without_duplicates(grids)


def _sampled_parameters(figure: Figure, groups: ControlGroups) -> list[Parameter]:
    """The parameters that vary: those with a control, and choices that a link changes."""
    linked = {name for target in groups.targets for name, _ in target}
    slow = slow_parameters(figure)
    return [
        p
        for p in figure.parameters
        if p.name not in slow
        and (p.is_numeric or p.is_categorical)
        and (p.name in groups.movable or (p.is_categorical and p.name in linked))
    ]


def _named_states(
    figure: Figure, groups: ControlGroups, default: dict[str, Any]
) -> tuple[list[dict[str, Any]], dict[str, set]]:
    """Named states that need grids of their own, and for the others the slider values that they lead to."""
    named: list[dict[str, Any]] = []
    stops: dict[str, set] = {}
    parameters = {parameter.name: parameter for parameter in figure.parameters}
    slow = slow_parameters(figure)
    for target in groups.targets:
        pairs = [pair for pair in target if pair[0] in parameters]
        state, differences = parse_query(figure.parameters, pairs), {}
        moved_groups = {groups.group_of[name] for name, _ in pairs if parameters[name].is_numeric}
        for name, _ in pairs:
            parameter = parameters[name]
            if name in slow or not (parameter.is_numeric or parameter.is_categorical):
                differences[name] = state[name]
            elif parameter.is_numeric:
                is_one_move = len(moved_groups) == 1 and not groups.has_many_sliders(groups.group_of[name])
                if name in groups.movable and is_one_move:
                    stops.setdefault(name, set()).add(state[name])
                else:
                    differences[name] = state[name]
        state = default | differences
        if state != default and state not in named:
            named.append(state)
    return named, stops


def _repeated_groups(members: dict[str, list[Parameter]]) -> list[str]:
    """The groups of so few choices that everything else is repeated for each combination of them."""
    sizes = {
        group: math.prod(len(p.values()) for p in parameters)
        for group, parameters in members.items()
        if not any(p.is_numeric for p in parameters)
    }
    repeated, repetitions = [], 1
    for group, size in sorted(sizes.items(), key=lambda item: item[1]):
        if repetitions * size <= MAX_REPETITIONS:
            repeated.append(group)
            repetitions *= size
    return repeated


@dataclass(frozen=True)
class SampleCounts:
    """How many values of a slider are sampled, from the default or more coarsely from a named state."""

    from_default: bool
    alone: int
    detail: float = 1

    def of_one(self, slider: Parameter, one_of_many: bool) -> int:
        """The number of samples while only this slider moves."""
        return self._scaled(self._of_one(slider, one_of_many))

    def _of_one(self, slider: Parameter, one_of_many: bool) -> int:
        if slider.is_played:
            return RUN if self.from_default else RUN_FROM_NAMED
        if one_of_many:
            return ONE_OF_MANY
        if not self.from_default:
            return ALONE_FROM_NAMED
        return self.alone if slider.is_continuous else ALONE_INTEGER

    def of_pair(self, pair: list[Parameter]) -> list[int]:
        """The number of samples of two sliders that move together."""
        count = PAIRED if self.from_default else PAIRED_FROM_NAMED
        if not all(slider.is_continuous for slider in pair):
            count = min(count, PAIRED_FROM_NAMED)
        return [self._scaled(count if slider.is_continuous else PAIRED_INTEGER) for slider in pair]

    def _scaled(self, count: int) -> int:
        return max(min(count, FEWEST), round(count * self.detail))


def _group_grids(
    base: dict[str, Any], parameters: list[Parameter], stops: dict[str, set], counts: SampleCounts, many: bool
) -> Iterator[Grid]:
    """The grids of one group around a base state."""
    for choices in _combinations([p for p in parameters if not p.is_numeric], base):
        state = base | choices

        sliders = [p for p in parameters if p.is_numeric and is_active(p, state)]
        if not sliders:
            yield Grid(state)
        is_pair = len(sliders) == 2 and not many and not any(p.is_played for p in sliders)
        if counts.from_default or not (many or is_pair):
            for slider in sliders:
                yield Grid(state, (_axis(slider, counts.of_one(slider, many), state, stops),))
        if is_pair:
            pair = zip(sliders, counts.of_pair(sliders))
            yield Grid(state, tuple(_axis(slider, count, state, stops) for slider, count in pair))


def _axis(slider: Parameter, count: int, state: dict[str, Any], stops: dict[str, set]) -> tuple[str, tuple]:
    return slider.name, sample_slider(slider, count, {state[slider.name], *stops.get(slider.name, ())})


def sample_slider(parameter: Parameter, count: int, required: Iterable) -> tuple:
    """Return about `count` values of a slider from end to end, on its steps, and the required values."""
    return tuple(sorted({*parameter.samples(count), *parameter.ends(), *required}))


def _combinations(choices: list[Parameter], base: dict[str, Any]) -> list[dict[str, Any]]:
    """What combinations of some choices change in a state: of all, or of two, or of one, if not too many."""
    others = {p.name: [value for value in p.values() if value != base[p.name]] for p in choices}
    if math.prod(len(values) + 1 for values in others.values()) <= MAX_COMBINATIONS:
        return _changes(others, len(others))
    of_two = _changes(others, 2)
    return of_two if len(of_two) <= MAX_OF_TWO else _changes(others, 1)


def _changes(others: dict[str, list], most: int) -> list[dict[str, Any]]:
    """The ways to change at most so many choices, each to one of some other values."""
    return [
        dict(zip(names, values))
        for count in range(most + 1)
        for names in itertools.combinations(others, count)
        for values in itertools.product(*(others[name] for name in names))
    ]


def _without_duplicates(grids: list[Grid]) -> list[Grid]:
    """Each grid once, without single states that another grid contains."""
    distinct: list[Grid] = []
    for grid in grids:
        is_covered = not grid.axes and any(other.axes and other.contains(grid.base) for other in grids)
        if not is_covered and grid not in distinct:
            distinct.append(grid)
    return distinct
