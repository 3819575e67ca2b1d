"""Which states of a figure a copy without a server holds.

A full grid over all parameters is out of reach (six chances, two towns' bits, three choices), and few of its states are ever
asked for. Held is what a reader can get to by moving one thing at a time, from the default or from a named state:

- parameters that one panel controls form a group; while one group moves, the others stay where they were,
- one range: finely; two ranges: each finely, and a coarser grid of both; more of them: each alone, from the default only,
- every choice of a group, and small choices of other groups too, with each of these,
- the named states that words and pictures lead to, and from each of them the other groups again, more coarsely,
- a run that plays: over its steps; what a long computation depends on: in the named states only.
"""

import itertools
import math
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from infodecomp.explorable.figures.figure import Figure
from infodecomp.explorable.figures.parameters import Parameter, is_active, parse_query

FINE, PAIR, STAR = 101, 21, 15  # samples of a range: alone, as one of two, as one of many
FINE_AWAY, PAIR_AWAY = 6, 7  # the same from a named state
FINE_HEAVY, HEAVY = 31, 8000  # samples of a range alone, where a state takes more bytes, compressed
FINE_WHOLE = 120  # samples of a whole number alone, and so all of them where they are weeks: between two of them lies nothing
RUN, RUN_AWAY = 41, 9  # steps of a run
WHOLE = 6  # of a whole number, as one of two: between two messages lies nothing
CROSSED = 3  # combinations of other groups' choices that everything is repeated for
LISTED = 64  # combinations of choices that are all held


@dataclass(frozen=True)
class Grid:
    """States that differ along some axes. base: the full state they start from; axes: (parameter, values) each."""

    base: Mapping
    axes: tuple[tuple[str, tuple], ...] = ()

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(len(values) for _, values in self.axes)

    def states(self) -> Iterator[dict]:
        """The states, the last axis fastest."""
        names = [name for name, _ in self.axes]
        for point in itertools.product(*(values for _, values in self.axes)):
            yield dict(self.base) | dict(zip(names, point))


@dataclass
class Groups:
    """The parameters of some figures by the panel that controls them, and what can be moved at all.

    moved: names of parameters that have a control or a handle. targets: the states that words and pictures lead to, as pairs.
    """

    figures: Iterable[Figure]
    moved: set[str]
    targets: list[list[tuple[str, str]]]
    of: dict[str, str] = field(default_factory=dict)  # parameter -> its group
    ranges: dict[str, dict] = field(default_factory=dict)  # group -> its ranges by name, on all figures

    def __post_init__(self):
        figures = list(self.figures)
        for figure in figures:
            for name in figure.controls:
                self.of.setdefault(name, f"panel {figure.name}")
        for figure in figures:
            for parameter in figure.parameters:
                group = self.of.setdefault(parameter.name, f"alone {parameter.name}")
                if parameter.is_numeric:
                    self.ranges.setdefault(group, {})[parameter.name] = parameter

    def many(self, group: str) -> bool:
        """Whether so many ranges say something at once that only each alone can be held."""
        ruled = Counter(parameter.active_when for parameter in self.ranges.get(group, {}).values())
        return ruled.pop(None, 0) + max(ruled.values(), default=0) > 2


def slow(figure: Figure) -> set[str]:
    """The parameters whose every change begins a long computation: they stay as they are in the named states."""
    played = [name for parameter in figure.parameters for name in parameter.dependencies]
    return {
        *played,
        *(
            p.name
            for p in figure.parameters
            if figure.has("partial_results") and p.name not in figure.controls
        ),
    }


def grids(figure: Figure, groups: Groups) -> list[Grid]:
    """What a copy holds of a figure."""
    default = {parameter.name: parameter.default for parameter in figure.parameters}
    anchors, stops = _named(figure, groups, default)
    still = slow(figure)
    fine = FINE_HEAVY if weight(figure) > HEAVY else FINE
    free = [
        p
        for p in figure.parameters
        if p.name not in still
        and (p.is_numeric or p.is_categorical)
        and (p.name in groups.moved or (not p.is_numeric and any(p.name in dict(t) for t in groups.targets)))
    ]
    members: dict[str, list[Parameter]] = {}
    for parameter in free:
        members.setdefault(groups.of[parameter.name], []).append(parameter)
    crossed = _crossed(members)
    found = []
    for anchor in [default, *anchors]:
        home = anchor is default
        for choices in _combinations([p for group in crossed for p in members[group]]):
            base = anchor | choices
            found.append(Grid(base))
            for group, parameters in members.items():
                if group not in crossed:
                    found += _around(base, parameters, stops, fine if home else 0, groups.many(group))
    return _distinct(found)


def _named(figure: Figure, groups: Groups, default: dict) -> tuple[list[dict], dict[str, set]]:
    """The named states that are places of their own, and the values of single ranges that others lead to."""
    anchors, stops = [], {}
    known = {parameter.name: parameter for parameter in figure.parameters}
    still = slow(figure)
    for pairs in groups.targets:
        pairs = [pair for pair in pairs if pair[0] in known]
        target, away = parse_query(figure.parameters, pairs), {}
        apart = (
            len({groups.of[name] for name, _ in pairs if known[name].is_numeric}) > 1
        )  # no panel moves them together
        for name, _ in pairs:
            if name in still or not (known[name].is_numeric or known[name].is_categorical):
                away[name] = target[name]
            elif known[name].is_numeric:
                if name in groups.moved and not apart and not groups.many(groups.of[name]):
                    stops.setdefault(name, set()).add(target[name])
                else:
                    away[name] = target[name]
        state = default | away
        if state != default and state not in anchors:
            anchors.append(state)
    return anchors, stops


def _crossed(members: dict[str, list[Parameter]]) -> list[str]:
    """Groups of few choices, which everything else is repeated for."""
    small = {
        group: math.prod(len(p.values()) for p in parameters)
        for group, parameters in members.items()
        if not any(p.is_numeric for p in parameters)
    }
    crossed, times = [], 1
    for group, count in sorted(small.items(), key=lambda item: item[1]):
        if times * count <= CROSSED:
            crossed.append(group)
            times *= count
    return crossed


def weight(figure: Figure) -> int:
    """How many bytes a state of it takes, compressed."""
    view = figure()
    return len(zlib.compress((view.svg() + (view.csv() if view.table else "")).encode()))


def _around(base: dict, parameters: list[Parameter], stops: dict, home: int, many: bool) -> Iterator[Grid]:
    """The states that a group leads to from a base. home: samples of a range alone from the default, 0 elsewhere."""
    fine, pair = (home, PAIR) if home else (FINE_AWAY, PAIR_AWAY)
    for choices in _combinations([p for p in parameters if not p.is_numeric]):
        state = base | choices
        ranges = [p for p in parameters if p.is_numeric and is_active(p, state)]
        if not ranges:
            yield Grid(state)
        both = len(ranges) == 2 and not many and not any(p.is_played for p in ranges)
        for one in ranges:
            if home or not (many or both):
                count = STAR if many else FINE_WHOLE if home and one.whole else fine
                if one.is_played:
                    count = RUN if home else RUN_AWAY
                yield Grid(
                    state, ((one.name, sampled(one, count, {state[one.name], *stops.get(one.name, ())})),)
                )
        if both:
            pair = min(pair, PAIR_AWAY) if any(p.whole for p in ranges) else pair
            yield Grid(
                state,
                tuple(
                    (p.name, sampled(p, WHOLE if p.whole else pair, {state[p.name], *stops.get(p.name, ())}))
                    for p in ranges
                ),
            )


def sampled(parameter: Parameter, most: int, also: Iterable) -> tuple:
    """About `most` values of a range, on the steps of its slider, from end to end, and those that must be there."""
    return tuple(sorted({*parameter.samples(most), *parameter.ends(), *also}))


def _combinations(choices: list[Parameter]) -> Iterator[dict]:
    """All combinations of some choices; where they are too many, each choice alone."""
    names = [choice.name for choice in choices]
    if math.prod(len(choice.values()) for choice in choices) <= LISTED:
        yield from (
            dict(zip(names, options))
            for options in itertools.product(*(choice.values() for choice in choices))
        )
        return
    yield {}
    for choice in choices:
        yield from ({choice.name: option} for option in choice.values())


def _distinct(found: list[Grid]) -> list[Grid]:
    """Each grid once, and no single state that a grid beside it holds too."""
    kept = []
    for grid in found:
        inside = not grid.axes and any(_holds(other, grid.base) for other in found if other.axes)
        if not inside and grid not in kept:
            kept.append(grid)
    return kept


def _holds(grid: Grid, state: Mapping) -> bool:
    axes = dict(grid.axes)
    return all(
        value in axes[name] if name in axes else grid.base[name] == value for name, value in state.items()
    )
