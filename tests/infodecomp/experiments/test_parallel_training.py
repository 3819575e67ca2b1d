"""Runs computed side by side: the same files for any number of workers; a complete run is not repeated."""

from dataclasses import dataclass
from functools import partial

import pytest
import torch

from infodecomp.artifacts import read_record
from infodecomp.errors import InformationError
from infodecomp.experiments import parallel
from infodecomp.experiments.registry import Experiment
from infodecomp.experiments.storage import Packed
from infodecomp.experiments.training import PARTIAL, train


@dataclass(frozen=True)
class WalkConfig:
    steps: int = 50
    seed: int = 0


def walk(context):
    generator, place = torch.Generator().manual_seed(context.config.seed), torch.zeros(3)
    for step in range(context.config.steps + 1):
        yield place
        context.report(step, context.config.steps)
        place = place + torch.randn(3, generator=generator)


def walks(n_runs: int = 4) -> Experiment:
    """A random walk with several seeds."""
    return Experiment(
        name="walk",
        summary="A random walk.",
        config=WalkConfig(),
        run=walk,
        pack=lambda places: Packed({"place": torch.stack(places)}, cpu_seconds=0.0),
        unpack=lambda config, packed: list(enumerate(packed.tensors["place"])),
        score=lambda config, place: {"end": float(place.sum())},
        tolerance={"end": 1e-6},
        cpu_seconds=0.1,
        runs={f"seed-{seed}": WalkConfig(seed=seed) for seed in range(n_runs)},
    )


def content(folder):
    return (folder / "walk.safetensors").read_bytes(), (folder / "walk.json").read_text()


def test_workers_write_the_same_files_and_continue_what_was_interrupted(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    train(walks(), one)
    complete = []

    def stop_after_two(run, step, total):
        complete.append(run)
        if len(complete) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(walks(), two, report=stop_after_two, workers=2, load=walks)
    stored = sorted(path.name for path in (two / PARTIAL).iterdir())
    assert len(stored) == 2 and not (two / "walk.safetensors").exists()
    stamps = {path.name: path.stat().st_mtime_ns for path in (two / PARTIAL).iterdir()}
    again = []

    def watch(run, step, total):
        again.append(run)
        assert all(
            path.stat().st_mtime_ns == stamps[path.name]
            for path in (two / PARTIAL).iterdir()
            if path.name in stamps
        )

    train(walks(), two, report=watch, workers=2, load=walks)
    assert content(one) == content(two) and set(again) == set(walks().runs)
    assert not (two / PARTIAL).exists()


def test_a_dask_scheduler_computes_the_same(tmp_path):
    distributed = pytest.importorskip("distributed")
    one, cluster = tmp_path / "one", tmp_path / "cluster"
    train(walks(2), one)
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None
    ) as local:
        train(walks(2), cluster, scheduler=local.scheduler_address, load=partial(walks, 2))
    assert read_record(one / "walk.safetensors")["runs"] == read_record(cluster / "walk.safetensors")["runs"]
    assert content(one)[0] == content(cluster)[0]


def test_a_scheduler_that_cannot_be_used_is_an_error_that_says_why(tmp_path, monkeypatch):
    monkeypatch.setattr(parallel, "SCHEDULER_SECONDS", 1)
    with pytest.raises(InformationError, match="distributed|No dask scheduler"):
        train(walks(1), tmp_path, scheduler="tcp://127.0.0.1:1")
