"""Train and verify experiments: writes models/<name>.safetensors with its record, and recomputes the recorded
scores.

Each run is stored as soon as it is complete, so that a training that was killed continues with the runs that
are missing, and a run that stores checkpoints of its own continues within. Runs can be computed side by side,
in processes of this machine or on a dask cluster.
"""

import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch

from infodecomp.artifacts import read_checkpoint, read_record, write_checkpoint, write_record
from infodecomp.errors import CheckpointError, InformationError
from infodecomp.experiments.parallel import compute_in_parallel, compute_run
from infodecomp.experiments.registry import Context, Experiment
from infodecomp.experiments.storage import (
    Packed,
    config_from_json,
    config_to_json,
    join_runs,
    read_runs,
    unpack_run,
)

PARTIAL = "unfinished"  # folder, beside the result, of what an interrupted training continues from


class Check(NamedTuple):
    """One recorded score, the same score recomputed, and whether the two agree within the tolerance."""

    run: str
    score: str
    recorded: float
    recomputed: float
    holds: bool


def train(
    experiment: Experiment,
    folder: Path,
    changes: Mapping[str, Any] | None = None,
    report: Callable[[str, int, int], None] = lambda run, step, total: None,
    workers: int = 1,
    scheduler: str | None = None,
    load: Callable[[], Experiment] | None = None,
) -> dict:
    """Compute all runs of an experiment and write its file and its record into a folder.

    Parameters
    ----------
    experiment
        What to train.
    folder
        Where to write. Existing files are replaced at the end, atomically. What an interrupted training has
        done so far is kept in the subfolder `unfinished`, and a second call continues from there.
    changes
        Fields of the config to replace in every run, for example ``{"seed": 3}``.
    report
        Called as ``report(run, step, total)`` while a run makes progress; total is 0 if unknown. An error
        that it raises interrupts the training. With workers, it is called when a run is complete.
    workers
        Processes that compute runs side by side, each on one thread; the numbers do not depend on how many
        there are.
    scheduler
        Address of a dask scheduler, such as ``tcp://10.0.0.1:8786``, whose workers compute the runs instead.
        They need this package, and no disk in common.
    load
        Returns the experiment in a worker; needed where a worker cannot import the module that declares it.

    Returns
    -------
    dict
        The record: config, scores and CPU seconds of each run, versions, sha256.

    Raises
    ------
    InformationError
        If `unfinished` holds a run with other settings, or the scheduler cannot be used.
    """
    folder = Path(folder)
    experiment.configured(**(changes or {}))  # names of settings are checked before anything is computed
    configs = {name: replace(config, **(changes or {})) for name, config in experiment.runs.items()}
    training = _Training(experiment, folder / PARTIAL, report)
    if workers > 1 or scheduler is not None:
        training.run_in_parallel(configs, load or (lambda: experiment), workers, scheduler)
    packed = {name: training.run(name, config) for name, config in configs.items()}
    record = {
        "experiment": experiment.name,
        "versions": _versions(),
        **experiment.details,
        "cpu_seconds": round(sum(run.cpu_seconds or 0.0 for run in packed.values()), 1),
        "runs": {
            name: {
                "config": config_to_json(configs[name]),
                "cpu_seconds": round(run.cpu_seconds or 0.0, 1),
                "scores": _scores(experiment, configs[name], run),
            }
            for name, run in packed.items()
        },
    }
    write_experiment(experiment, folder, packed, record)
    for name in configs:
        for path in training.folder.glob(f"{training.prefix(name)}.*"):
            path.unlink()
    if training.folder.is_dir() and not any(training.folder.iterdir()):
        training.folder.rmdir()
    return record


def write_experiment(
    experiment: Experiment, folder: Path, packed: Mapping[str, Packed], record: dict
) -> None:
    """Write the file and the record of an experiment, each atomically."""
    file = folder / f"{experiment.name}.safetensors"
    write_checkpoint(file, *join_runs(packed))
    write_record(file, record)


def verify(experiment: Experiment, folder: Path | None = None) -> list[Check]:
    """Compare the sha256 of a stored experiment with its record and recompute every recorded score.

    Parameters
    ----------
    experiment
        What to verify.
    folder
        Where its files lie; models/ if omitted.

    Raises
    ------
    CheckpointError
        If a file is missing, damaged, not the recorded one, or has no scores recorded.
    """
    file = experiment.file if folder is None else Path(folder) / experiment.file.name
    runs, record = read_runs(experiment, file), read_record(file)
    checks = []
    for name, run in record["runs"].items():
        config = config_from_json(experiment.config, run["config"])
        recorded, recomputed = run.get("scores") or {}, _scores(experiment, config, runs[config])
        if recorded.keys() != recomputed.keys():
            raise CheckpointError(
                f"{file.with_suffix('.json')} records the scores {', '.join(recorded) or 'of nothing'} "
                f"and the run has {', '.join(recomputed)}: "
                f"train it again with `infodecomp train {experiment.name}`."
            )
        for score, value in recorded.items():
            tolerance = experiment.tolerance.get(
                score, experiment.tolerance.get(score.partition("/")[0], 0.0)
            )
            holds = abs(recomputed[score] - value) <= tolerance
            checks.append(Check(name, score, value, recomputed[score], holds))
    return checks


@dataclass
class _Training:
    """The runs of one training, each computed or read from what an earlier attempt stored."""

    experiment: Experiment
    folder: Path
    report: Callable[[str, int, int], None]

    def prefix(self, name: str) -> str:
        return ".".join(filter(None, (self.experiment.name, name)))

    def run(self, name: str, config: Any) -> Packed:
        file = self._file(name)
        if file.exists():
            self.report(name, 1, 1)
            return self._read(file, config)
        reports_itself = False

        def report(step: int, total: int) -> None:
            nonlocal reports_itself
            reports_itself = True
            self.report(name, step, total)

        def count(done: int) -> None:
            if not reports_itself:
                self.report(name, done, 0)

        packed = compute_run(self.experiment, Context(config, report, self.folder, self.prefix(name)), count)
        self._write(file, config, packed)
        return packed

    def run_in_parallel(
        self, configs: Mapping[str, Any], load: Callable[[], Experiment], workers: int, scheduler: str | None
    ) -> None:
        """Compute the runs that are missing and store each as soon as it is complete."""
        missing = {name: config for name, config in configs.items() if not self._file(name).exists()}
        for name, packed in compute_in_parallel(load, missing, workers, scheduler):
            self._write(self._file(name), missing[name], packed)
            self.report(name, 1, 1)

    def _file(self, name: str) -> Path:
        return self.folder / f"{self.prefix(name)}.run.safetensors"

    def _write(self, file: Path, config: Any, packed: Packed) -> None:
        metadata = {
            "config": config_to_json(config),
            "cpu_seconds": packed.cpu_seconds,
            "run": packed.metadata,
        }
        write_checkpoint(file, packed.tensors, metadata)

    def _read(self, file: Path, config: Any) -> Packed:
        tensors, metadata = read_checkpoint(file)
        if config_from_json(config, metadata["config"]) != config:
            raise InformationError(
                f"{file} is of a run with other settings: remove it to start again, "
                "or give the same settings."
            )
        return Packed(tensors, metadata["run"], metadata["cpu_seconds"])


def _scores(experiment: Experiment, config: Any, packed: Packed) -> dict[str, float]:
    """The scores of what is stored, not of what was computed: packing may round."""
    _, last = unpack_run(experiment, config, packed)[-1]
    return {name: float(value) for name, value in experiment.score(config, last).items()}


def _versions() -> dict[str, str]:
    return {
        "python": platform.python_version(),
        "infodecomp": version("infodecomp"),
        "torch": torch.__version__.partition("+")[0],
        "numpy": np.__version__,
    }
