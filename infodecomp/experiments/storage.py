"""Stored experiments: the runs in models/<name>.safetensors, checked against the record beside them.

The tensors of a run are named "<run>/<tensor>", or just "<tensor>" where the run has no name. The record
holds the sha256 of the file and, for each run, its config and its scores.
"""

import threading
from bisect import bisect_right
from collections.abc import Callable, Hashable, Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from torch import Tensor

from infodecomp.artifacts import read_checkpoint, read_record
from infodecomp.errors import CheckpointError, InformationError

Config = TypeVar("Config", bound=Hashable)
Snapshot = TypeVar("Snapshot")


class Packed(NamedTuple):
    """A run ready to be stored.

    Attributes
    ----------
    tensors
        Tensors by name.
    metadata
        Whatever JSON can express and the tensors cannot.
    cpu_seconds
        What the run measured itself; None to take the time between its start and its end.
    """

    tensors: dict[str, Tensor]
    metadata: dict = {}
    cpu_seconds: float | None = None


class Declaration(Protocol):
    """What reading a file needs to know of an experiment."""

    @property
    def name(self) -> str: ...

    @property
    def config(self) -> Any: ...

    @property
    def runs(self) -> Mapping[str, Any]: ...

    @property
    def required(self) -> bool: ...

    @property
    def unpack(self) -> Callable[[Any, Packed], list[tuple[int, Any]]]: ...

    @property
    def file(self) -> Path: ...


class StoredRun(Generic[Snapshot]):
    """The stored snapshots of one run, which may skip steps.

    Parameters
    ----------
    steps
        Pairs of a step and its snapshot, steps ascending from 0.
    """

    def __init__(self, steps: list[tuple[int, Snapshot]]):
        self.steps = [step for step, _ in steps]
        self.snapshots = [snapshot for _, snapshot in steps]

    def at(self, step: int) -> Snapshot:
        """The last stored snapshot up to a step."""
        return self.snapshots[bisect_right(self.steps, step) - 1]

    def until(self, step: int) -> list[Snapshot]:
        """All stored snapshots up to a step."""
        return self.snapshots[: bisect_right(self.steps, step)]


class StoredRuns(Generic[Config, Snapshot]):
    """The stored runs of an experiment, read when first needed and again when the file has changed."""

    def __init__(self, experiment: Declaration):
        self._experiment = experiment
        self._lock = threading.RLock()
        self._version: object = None
        self._packed: dict[Config, Packed] = {}
        self._runs: dict[Config, StoredRun[Snapshot]] = {}

    def run(self, config: Config) -> StoredRun[Snapshot] | None:
        """The snapshots of a run; None where it is not stored.

        Raises CheckpointError for a damaged or required file.
        """
        experiment = self._experiment
        version = changed_at(experiment.file)
        with self._lock:
            if version != self._version:
                self._version, self._packed, self._runs = None, {}, {}
                if version is not None:
                    self._packed = read_runs(experiment, experiment.file)
                self._version = version
            if version is None and experiment.required and config in experiment.runs.values():
                raise CheckpointError(
                    f"{experiment.file} is missing. Put it back, or make it again: "
                    f"infodecomp train {experiment.name}"
                )
            if config not in self._runs:
                if config not in self._packed:
                    return None
                self._runs[config] = StoredRun(unpack_run(experiment, config, self._packed[config]))
            return self._runs[config]


def changed_at(file: Path) -> tuple[int, ...] | None:
    """A value that changes with a stored file or its record; None where neither is there."""
    stamps: list[int] = []
    for path in (file, file.with_suffix(".json")):
        try:
            status = path.stat()
            stamps += [status.st_mtime_ns, status.st_size, status.st_ino]
        except OSError:
            stamps += [0, 0, 0]
    return tuple(stamps) if any(stamps) else None


def read_runs(experiment: Declaration, file: Path) -> dict[Any, Packed]:
    """The packed runs of a file by their config, once its sha256 agrees with its record.

    Raises CheckpointError.
    """
    try:
        record = read_record(file)
        tensors, metadata = read_checkpoint(file)
        return {
            config_from_json(experiment.config, run["config"]): select_run(tensors, metadata, name)
            for name, run in record["runs"].items()
        }
    except (CheckpointError, KeyError, TypeError, AttributeError) as error:
        reason = error if isinstance(error, CheckpointError) else f"{file} has no usable record ({error!r})."
        raise CheckpointError(f"{reason} To make it: infodecomp train {experiment.name}") from error


def unpack_run(experiment: Declaration, config: Config, packed: Packed) -> list[tuple[int, Any]]:
    """The snapshots of a packed run. Raises CheckpointError for tensors that the experiment rejects."""
    try:
        return experiment.unpack(config, packed)
    except (InformationError, KeyError, TypeError, RuntimeError) as error:
        raise CheckpointError(
            f"{experiment.file.name} cannot be used: {error} To make it again: "
            f"infodecomp train {experiment.name}"
        ) from error


def join_runs(runs: Mapping[str, Packed]) -> tuple[dict[str, Tensor], dict]:
    """Tensors and metadata of one file that holds several runs."""
    tensors = {
        f"{name}/{key}" if name else key: tensor
        for name, run in runs.items()
        for key, tensor in run.tensors.items()
    }
    if set(runs) == {""}:
        return tensors, dict(runs[""].metadata)
    return tensors, {name: run.metadata for name, run in runs.items()}


def select_run(tensors: Mapping[str, Tensor], metadata: dict, name: str) -> Packed:
    """One run of a file that join_runs made."""
    if not name:
        return Packed(dict(tensors), metadata)
    start = f"{name}/"
    return Packed(
        {key.removeprefix(start): tensor for key, tensor in tensors.items() if key.startswith(start)},
        metadata[name],
    )


def config_to_json(config: Any) -> dict:
    """A config dataclass as JSON."""
    return asdict(config)


def config_from_json(default: Any, values: Mapping[str, Any]) -> Any:
    """The config that was recorded; fields that the record lacks take their defaults, lists become tuples."""
    known = {item.name for item in fields(default)}
    if unknown := values.keys() - known:
        raise KeyError(f"unknown settings {', '.join(sorted(unknown))}")
    return type(default)(**{name: _as_tuple(value) for name, value in values.items()})


def _as_tuple(value: Any) -> Any:
    return tuple(map(_as_tuple, value)) if isinstance(value, list) else value
