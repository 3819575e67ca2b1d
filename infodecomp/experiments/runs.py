"""Shared, lazily advanced runs of step-by-step computations.

A figure that trains is still a pure function of its address: the same parameters give the same run, and
`step` says how far to go. The first request for a step advances the run to it; every later request finds the
snapshot in memory.

    RUNS = Runs(lambda board, seed: train(board, seed))      # an iterator of snapshots; the first is step 0
    RUNS.run(board, seed).at(300)
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from typing import Generic, TypeVar

from infodecomp.errors import InformationError

MAX_RUNS = 16  # runs held in memory

Snapshot = TypeVar("Snapshot")


class Run(Generic[Snapshot]):
    """One run, advanced only as far as requested. Thread-safe: each step is computed once.

    Parameters
    ----------
    snapshots
        Iterator of snapshots; the first is that of step 0.
    """

    def __init__(self, snapshots: Iterator[Snapshot]):
        self._iterator = snapshots
        self._snapshots: list[Snapshot] = []
        self._lock = threading.Lock()
        self._error: Exception | None = None
        self.finished = False  # whether the iterator has ended

    def __len__(self) -> int:
        """Number of steps computed so far, step 0 included."""
        return len(self._snapshots)

    def __iter__(self) -> Iterator[Snapshot]:
        """Every snapshot from step 0 to the end of the run, computed as needed."""
        step = 0
        while self._advance(step):
            yield self._snapshots[step]
            step += 1

    @property
    def failed(self) -> bool:
        """Whether the computation has raised an error."""
        return self._error is not None

    def at(self, step: int) -> Snapshot:
        """The snapshot of one step.

        Parameters
        ----------
        step
            Number of the step, from 0.

        Raises
        ------
        InformationError
            If the run ends before this step. An error of the run itself is raised as it is.
        """
        if not self._advance(step):
            raise InformationError(
                f"The run ends at step {len(self) - 1} and step {step} was asked for: "
                "let it run longer, or declare fewer steps."
            )
        return self._snapshots[step]

    def until(self, step: int) -> list[Snapshot]:
        """The snapshots of steps 0 to `step`, both included. Raises what `at` raises."""
        self.at(step)
        return self._snapshots[: step + 1]

    def _advance(self, step: int) -> bool:
        """Compute up to a step; False if the run ends before it."""
        while len(self._snapshots) <= step:
            with self._lock:  # taken for each step, so that a stream and a slider can both make progress
                if len(self._snapshots) <= step and not self._compute_next():
                    return False
        return True

    def _compute_next(self) -> bool:
        if self._error is not None:
            raise self._error
        try:
            self._snapshots.append(next(self._iterator))
        except StopIteration:
            self.finished = True
            return False
        except Exception as error:
            self._error = error
            raise
        return True


class Runs(Generic[Snapshot]):
    """The most recently used runs, each identified by its parameters. A run that has failed is restarted.

    Parameters
    ----------
    start
        Called with the parameters of a run; returns its iterator of snapshots.
    max_runs
        Runs held in memory; the least recently used one is dropped first.
    """

    def __init__(self, start: Callable[..., Iterator[Snapshot]], max_runs: int = MAX_RUNS):
        self._start, self._max_runs = start, max_runs
        self._runs: OrderedDict[tuple, Run[Snapshot]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._runs)

    def run(self, *parameters: Hashable) -> Run[Snapshot]:
        """The run with these parameters, started if it is not in memory."""
        with self._lock:
            run = self._runs.get(parameters)
            if run is None or run.failed:
                run = self._runs[parameters] = Run(iter(self._start(*parameters)))
            self._runs.move_to_end(parameters)
            while len(self._runs) > self._max_runs:
                self._runs.popitem(last=False)  # threads that hold it can still use it
            return run

    def last_step(self, *parameters: Hashable) -> int:
        """The last step computed of the run with these parameters; -1 if it has not been started."""
        run = self._existing(parameters)
        return -1 if run is None else len(run) - 1

    def is_finished(self, *parameters: Hashable) -> bool:
        """Whether the run with these parameters is in memory and has been computed to its end."""
        run = self._existing(parameters)
        return run is not None and run.finished

    def _existing(self, parameters: tuple) -> Run[Snapshot] | None:
        with self._lock:
            run = self._runs.get(parameters)
        return None if run is None or run.failed else run
