"""Runs of an experiment, computed one at a time or side by side: in processes of this machine, or by a dask
cluster.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import joblib
import torch
from joblib.externals.loky.process_executor import TerminatedWorkerError

from infodecomp.errors import InformationError, extra_command
from infodecomp.experiments.registry import Context, Experiment
from infodecomp.experiments.storage import Packed

SCHEDULER_SECONDS = 10  # in which a dask scheduler has to answer


def compute_run(
    experiment: Experiment, context: Context, count: Callable[[int], None] = lambda done: None
) -> Packed:
    """Compute one run.

    Parameters
    ----------
    experiment
    context
        With the config of the run.
    count
        Called with the number of snapshots after each of them.

    Returns
    -------
    Packed
        With the CPU seconds that the run took.
    """
    start, snapshots = time.process_time(), []
    for snapshot in experiment.run(context):
        snapshots.append(snapshot)
        count(len(snapshots))
    packed = experiment.pack(snapshots)
    if packed.cpu_seconds is None:
        packed = packed._replace(cpu_seconds=time.process_time() - start)
    return packed


def compute_in_parallel(
    load: Callable[[], Experiment], configs: Mapping[str, Any], workers: int, scheduler: str | None
) -> Iterator[tuple[str, Packed]]:
    """Compute runs side by side, each on one thread, so that the numbers do not depend on the workers.

    Parameters
    ----------
    load
        Returns the experiment in a worker.
    configs
        Config of each run, by name.
    workers
        Number of local processes.
    scheduler
        Address of a dask scheduler, whose workers are used instead.

    Yields
    ------
    name, Packed
        In the order in which the runs are completed.

    Raises
    ------
    InformationError
        If the scheduler cannot be used, or a worker or the connection to it is lost.
    """
    jobs = (joblib.delayed(_compute_in_worker)(load, name, config) for name, config in configs.items())
    with joblib_backend(workers, scheduler):
        yield from joblib.Parallel(return_as="generator_unordered")(jobs)


def _compute_in_worker(load: Callable[[], Experiment], name: str, config: Any) -> tuple[str, Packed]:
    torch.set_num_threads(1)
    return name, compute_run(load(), Context(config))


@contextmanager
def joblib_backend(workers: int, scheduler: str | None) -> Iterator[None]:
    """Let joblib compute in processes of this machine, or on the workers of a dask scheduler.

    Parameters
    ----------
    workers
        Number of local processes.
    scheduler
        Address of a dask scheduler, whose workers are used instead.

    Raises
    ------
    InformationError
        If the scheduler cannot be used, or a worker or the connection to it is lost.
    """
    if scheduler is None:
        with joblib.parallel_config(backend="loky", n_jobs=workers):
            try:
                yield
            except (OSError, TerminatedWorkerError) as error:
                raise _broken_off(error) from error
        return
    with _connect(scheduler), joblib.parallel_config(backend="dask"):
        from distributed import KilledWorker

        try:
            yield
        except (OSError, KilledWorker) as error:
            raise _broken_off(error) from error


def check_scheduler(address: str) -> None:
    """Raise InformationError if no dask scheduler answers at an address, or dask is not installed."""
    _connect(address).close()


def _connect(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise InformationError(
            f"A scheduler needs the package distributed: {extra_command('cluster')}."
        ) from None
    try:
        return Client(address, timeout=SCHEDULER_SECONDS)
    except (OSError, ValueError) as error:
        raise InformationError(f"No dask scheduler answers at {address}: {error}") from None


def _broken_off(error: Exception) -> InformationError:
    reason = str(error).strip().partition("\n")[0].rstrip(".") or type(error).__name__
    return InformationError(
        f"The computation side by side broke off ({reason}): give the same command again to go on."
    )
