"""Experiments: everything that is trained or searched in advance, declared once and stored in models/.

An `Experiment` says how a run is computed, how its snapshots become tensors and back, and which scores
describe it. From that one declaration follow `infodecomp train NAME`, `infodecomp verify NAME`, the record in
models/NAME.json and, for figures,

    BOARD_RUN.at(300, board=board, seed=5)

which returns a snapshot without the caller knowing whether it was stored or has just been computed. README.md
in this folder shows a complete experiment.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Generic, TypeVar

from infodecomp import artifacts
from infodecomp.errors import CheckpointError, InformationError
from infodecomp.experiments.runs import MAX_RUNS, Run, Runs
from infodecomp.experiments.storage import Packed, StoredRun, StoredRuns

Config = TypeVar("Config", bound=Hashable)
Snapshot = TypeVar("Snapshot")


def _no_progress(step: int, total: int) -> None:
    """A progress callback that does nothing."""


@dataclass(frozen=True)
class Context(Generic[Config]):
    """What a run is given.

    Attributes
    ----------
    config
        The settings of this run, its seed among them.
    report
        Called as ``report(step, total)`` by a run that yields rarely; it may raise to interrupt the run.
    folder
        Where a long run may write checkpoints; None for a run that is not resumed.
    name
        Prefix for the names of those checkpoints, unique to this run.
    """

    config: Config
    report: Callable[[int, int], None] = _no_progress
    folder: Path | None = None
    name: str = ""

    def checkpoint(self, label: str = "") -> Path | None:
        """The file in which the run may store its state, deleted once the experiment is complete."""
        return (
            self.folder and self.folder / f"{'.'.join(filter(None, (self.name, label)))}.partial.safetensors"
        )


@dataclass(frozen=True)
class Experiment(Generic[Config, Snapshot]):
    """A computation whose results are stored in models/ and shown by figures.

    Parameters
    ----------
    name
        Name of the files: models/<name>.safetensors and models/<name>.json.
    summary
        One sentence for `infodecomp experiments` and models/README.md.
    config
        A frozen, hashable dataclass: the default settings, `seed` among them.
    run
        Context -> iterator of snapshots, the first being that of step 0. The same config gives the same
        snapshots.
    pack
        List of all snapshots of a run -> the tensors and JSON metadata to store.
    unpack
        Config and `Packed` -> the stored snapshots as ``(step, snapshot)``, steps ascending.
    score
        Config and the last stored snapshot -> named scores. `verify` recomputes them from the stored file.
    tolerance
        Largest allowed difference between a recorded and a recomputed score, by score name or by the part of
        the name before "/"; 0 for scores not listed.
    cpu_seconds
        Approximate cost of the complete training.
    runs
        The stored runs by name; a single unnamed run of `config` if omitted.
    live
        Fields of the config that are replaced when a run is computed while a reader waits, for example a
        smaller number of starts. None if the experiment is too expensive for that.
    required
        Whether a missing file is an error. If not, its runs are computed live instead.
    max_live_runs
        Live runs held in memory.
    details
        Further entries of the record, for example where the data come from.
    """

    name: str
    summary: str
    config: Config
    run: Callable[[Context[Config]], Iterator[Snapshot]]
    pack: Callable[[list[Snapshot]], Packed]
    unpack: Callable[[Config, Packed], list[tuple[int, Snapshot]]]
    score: Callable[[Config, Snapshot], Mapping[str, float]]
    tolerance: Mapping[str, float]
    cpu_seconds: float
    runs: Mapping[str, Config] = field(default_factory=dict)
    live: Mapping[str, Any] | None = field(default_factory=dict)
    required: bool = False
    max_live_runs: int = MAX_RUNS
    details: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "runs", dict(self.runs) or {"": self.config})

    @property
    def file(self) -> Path:
        """The stored tensors; the record lies beside them as .json."""
        return artifacts.artifact_path(f"{self.name}.safetensors")

    def configured(self, **changes: Any) -> Config:
        """The default config with some fields replaced.

        Raises InformationError for a field that it does not have.
        """
        if not changes:
            return self.config
        known = {item.name for item in fields(self.config)}  # type: ignore[arg-type]  # always a dataclass
        if unknown := changes.keys() - known:
            raise InformationError(
                f"{self.name} has no setting {', '.join(sorted(unknown))}: "
                f"choose from {', '.join(sorted(known))}."
            )
        return replace(self.config, **changes)  # type: ignore[type-var]  # always a dataclass

    def at(self, step: int, **changes: Any) -> Snapshot:
        """The snapshot of a step: stored, or computed now unless an earlier call has done so.

        Of a stored run that `advance` computes again, the live snapshots are used as far as they go.

        Parameters
        ----------
        step
            From 0. Of a stored run that skips steps, the last stored one up to this step.
        **changes
            Fields of the config that differ from the default.

        Raises
        ------
        CheckpointError
            If the stored file is damaged, or required and missing.
        InformationError
            If nothing is stored for this config and the experiment cannot be computed live.
        """
        return self._run(step, self.configured(**changes)).at(step)

    def until(self, step: int, **changes: Any) -> list[Snapshot]:
        """The snapshots of all steps up to this one, as far as they are stored.

        Parameters and errors are those of `at`.
        """
        return self._run(step, self.configured(**changes)).until(step)

    def partial_results(self, **changes: Any) -> Iterator[Snapshot]:
        """The snapshots of a run while it is computed, to its end; only the last one if it is complete
        already.
        """
        config = self.configured(**changes)
        if (stored := self._stored.run(config)) is not None:
            yield stored.snapshots[-1]
        elif self._live.is_finished(config):
            yield self._live_run(config).at(self._live.last_step(config))
        else:
            yield from self._live_run(config)

    def last(self, **changes: Any) -> Snapshot:
        """The last snapshot of a run. Parameters and errors are those of `at`."""
        *_, last = self.partial_results(**changes)
        return last

    def advance(self, step: int, **changes: Any) -> None:
        """Compute the live run up to a step, even if a stored one exists: for a button that trains in front
        of the reader.
        """
        config = self.configured(**changes)
        if config in self.runs.values():
            self._watched.add(config)
        self._live_run(config).at(step)

    def is_cached(self, step: int | None = None, **changes: Any) -> bool:
        """Whether a step, or the whole run if None, is available without computing it."""
        config = self.configured(**changes)
        if step is None and self._live.is_finished(config):
            return True
        if step is not None and self._live.last_step(config) >= step:
            return True
        return self.is_stored(**changes)

    def is_stored(self, **changes: Any) -> bool:
        """Whether the run is stored.

        True for a damaged file too, which fails at once rather than computing for long.
        """
        try:
            return self._stored.run(self.configured(**changes)) is not None
        except CheckpointError:
            return True

    def live_steps(self, **changes: Any) -> int:
        """Number of steps that have been computed live in this process."""
        return self._live.last_step(self.configured(**changes)) + 1

    @cached_property
    def _stored(self) -> StoredRuns[Config, Snapshot]:
        return StoredRuns(self)

    @cached_property
    def _watched(self) -> set[Config]:
        """Stored runs that a reader has started again, live."""
        return set()

    @cached_property
    def _live(self) -> Runs[Snapshot]:
        def start(config: Config) -> Iterator[Snapshot]:
            return self.run(Context(replace(config, **(self.live or {}))))  # type: ignore[type-var]

        return Runs(start, self.max_live_runs)

    def _run(self, step: int, config: Config) -> Run[Snapshot] | StoredRun[Snapshot]:
        if config in self._watched and self._live.last_step(config) >= step:
            return self._live_run(config)
        stored = self._stored.run(config)
        return self._live_run(config) if stored is None else stored

    def _live_run(self, config: Config) -> Run[Snapshot]:
        if self.live is None:
            raise CheckpointError(
                f"{self.name} stores no run of {config} and is too expensive to compute while a reader "
                f"waits: make it with `infodecomp train {self.name}`."
            )
        return self._live.run(config)
