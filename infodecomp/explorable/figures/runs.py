"""Runs: computations that go step by step, each kept as far as it has gone, so that any step can be asked for.

A figure that trains is still a pure function of its address: the same parameters, the same run; `step` says how far. Whoever
asks for a step that nobody has reached takes the run on to there, and all others find it.

    RUNS = Runs(lambda board, seed: train(board, seed))      # an iterator of snapshots, the first of step 0
    RUNS.of(board, seed).at(300)
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator

from infodecomp.explorable.core.errors import DeclarationError

MOST = 16  # runs that are kept


class Run:
    """One run, taken on only as far as it is asked for. Safe to share: each step is made once, whoever asks."""

    def __init__(self, snapshots: Iterator):
        self._going = snapshots
        self._kept: list = []
        self._lock = threading.Lock()
        self._broke: Exception | None = None

    def __len__(self) -> int:
        """How many steps are known, step 0 among them."""
        return len(self._kept)

    def at(self, step: int):
        """The snapshot of a step. Raises what the run raises, and DeclarationError for a step after its end."""
        while len(self._kept) <= step:
            with self._lock:  # for one step at a time, so that a stream and a slider can both go on
                if len(self._kept) <= step:
                    self._kept.append(self._next(step))
        return self._kept[step]

    def until(self, step: int) -> list:
        """The snapshots of all steps from 0 to this one."""
        self.at(step)
        return self._kept[: step + 1]

    @property
    def broken(self) -> bool:
        return self._broke is not None

    def _next(self, wanted: int):
        if self._broke is not None:
            raise self._broke
        try:
            return next(self._going)
        except StopIteration:
            raise DeclarationError(
                f"a run ends at step {len(self._kept) - 1}, and step {wanted} was asked for; "
                "let it go on, or declare fewer steps"
            ) from None
        except Exception as error:
            self._broke = error
            raise


class Runs:
    """The runs asked for most recently, at most `most` of them, each named by its parameters. One that broke is begun anew."""

    def __init__(self, begin: Callable[..., Iterator], most: int = MOST):
        self._begin, self._most = begin, most
        self._runs: OrderedDict[tuple, Run] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._runs)

    def reached(self, *parameters: Hashable) -> int:
        """The last step that the run with these parameters is known to; -1 where it has not been begun."""
        with self._lock:
            run = self._runs.get(parameters)
        return -1 if run is None or run.broken else len(run) - 1

    def of(self, *parameters: Hashable) -> Run:
        """The run with these parameters, begun if it is not there."""
        with self._lock:
            run = self._runs.get(parameters)
            if run is None or run.broken:
                run = self._runs[parameters] = Run(iter(self._begin(*parameters)))
            self._runs.move_to_end(parameters)
            while len(self._runs) > self._most:
                self._runs.popitem(last=False)  # who still reads it keeps it
            return run
