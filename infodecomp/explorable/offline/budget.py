"""How finely the figures of an offline bundle are sampled, so that it stays within seconds and bytes.

A few states of each figure are recorded on trial. While all figures together would take too long or too much
room, the one that takes most is sampled more coarsely.
"""

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from infodecomp.explorable.figures.figure import Figure
from infodecomp.explorable.offline.codec import Tokenizer
from infodecomp.explorable.offline.grid import Grid
from infodecomp.explorable.offline.recorder import count_states, record
from infodecomp.explorable.offline.sample import PARTS, Sample
from infodecomp.explorable.offline.sampling import ControlGroups, sample_grids, slow_parameters

THINNING, COARSEST = 0.75, 8  # factor from one degree of detail to the next, and how many there are
# Of the budget: trials give no more than an estimate, and recordings have taken a quarter longer than that.
SHARES = {"seconds": 0.7, "bytes": 0.9}
TRIALS = 4, 8  # states of the two trials, whose difference says what one more state takes
SPREAD = 8  # grids in which a state is timed: other choices may take longer than those of the trials


@dataclass(frozen=True)
class Budget:
    """What a bundle may take: seconds of processor time to compute, bytes to store."""

    seconds: float
    bytes: float


@dataclass(frozen=True)
class Cost:
    """What a figure takes.

    Attributes
    ----------
    seconds, bytes : float
        Of one more state.
    grid_bytes : float
        Of one more grid.
    run_seconds : float
        Of the first state of another run.
    """

    seconds: float
    bytes: float
    grid_bytes: float
    run_seconds: float

    def of(self, figure: Figure, grids: list[Grid]) -> Budget:
        """Return what some grids of the figure take in all."""
        slow = slow_parameters(figure)
        runs = {tuple(grid.base[name] for name in sorted(slow)) for grid in grids}
        states = sum(math.prod(grid.shape) for grid in grids)
        return Budget(self.seconds * count_states(grids) + self.run_seconds * len(runs), self.bytes * states)


def measure_cost(figure: Figure, grids: list[Grid]) -> Cost:
    """Record some states of a figure on trial.

    Parameters
    ----------
    figure : Figure
    grids : list of Grid
    """
    of_state, of_run = _spread_seconds(figure, grids)
    few, more = (_part(grids, count) for count in TRIALS)
    started = time.process_time()
    size = record(figure, more).size
    seconds = (time.process_time() - started) / count_states(more)
    added = sum(math.prod(grid.shape) for grid in more) - sum(math.prod(grid.shape) for grid in few)
    growth = (size - record(figure, few).size) / added if added else 0
    rest = size / len(more) - growth * sum(math.prod(grid.shape) for grid in more) / len(more)
    return Cost(max(seconds, of_state), growth, max(0.0, rest), of_run if slow_parameters(figure) else 0.0)


def _spread_seconds(figure: Figure, grids: list[Grid]) -> tuple[float, float]:
    """Mean processor time of a state in some of the grids, and how much longer the first one there takes."""
    of_state, more_of_first = [], []
    tokenizer = Tokenizer()
    for grid in grids[:: math.ceil(len(grids) / SPREAD)]:
        states = list(grid.states())
        times = []
        for state in (states[0], states[len(states) // 2]):
            started = time.process_time()
            sample = Sample(figure(**state), tokenizer)
            for part in PARTS:
                sample.part(part)
            times.append(time.process_time() - started)
        of_state.append(min(times))
        more_of_first.append(times[0] - min(times))
    return sum(of_state) / len(of_state), sum(more_of_first) / len(more_of_first)


def _part(grids: list[Grid], count: int) -> list[Grid]:
    """Some states along the longest axis of the largest grid, or some single states."""
    largest = max(grids, key=lambda grid: math.prod(grid.shape))
    if not largest.axes:
        return grids[:count]
    name, values = max(largest.axes, key=lambda axis: len(axis[1]))
    step = max(1, len(values) // count)
    return [Grid(largest.base, ((name, values[::step][:count]),))]


def grids_within(
    figures: Iterable[Figure],
    groups: ControlGroups,
    budget: Budget,
    measure: Callable[[Figure, list[Grid]], Cost] = measure_cost,
) -> dict[Figure, list[Grid]]:
    """Return the grids of some figures, as fine as a budget allows.

    Parameters
    ----------
    figures : iterable of Figure
    groups : ControlGroups
        The groups of all figures of the site.
    budget : Budget
    measure : callable
        (figure, grids) -> Cost.
    """
    started = time.process_time()
    grids = {figure: sample_grids(figure, groups) for figure in figures}
    costs = {figure: measure(figure, found) for figure, found in grids.items()}
    degrees = dict.fromkeys(grids, 0)
    limits = {"seconds": budget.seconds - (time.process_time() - started), "bytes": budget.bytes}

    def shares(kind: str) -> dict[Figure, float]:
        return {figure: getattr(costs[figure].of(figure, grids[figure]), kind) for figure in grids}

    for kind, limit in limits.items():
        while sum((taken := shares(kind)).values()) > SHARES[kind] * limit:
            finer = [figure for figure in grids if degrees[figure] < COARSEST]
            if not finer:
                break
            largest = max(finer, key=taken.__getitem__)
            degrees[largest] += 1
            grids[largest] = sample_grids(largest, groups, THINNING ** degrees[largest])
    return grids
