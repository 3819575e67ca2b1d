"""The registry: each stored file has one owner, a record and scores that hold; a small experiment is trained
and read back.
"""

import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from types import ModuleType

import pytest
import torch

from infodecomp import artifacts
from infodecomp.cli.train import all_experiments
from infodecomp.errors import CheckpointError, InformationError
from infodecomp.experiments.registry import Context, Experiment, Registry
from infodecomp.experiments.storage import Packed
from infodecomp.experiments.training import PARTIAL, train, verify

ROOT = Path(__file__).parents[3]
MODELS = ROOT / "models"
REGISTRY = all_experiments(ROOT / "essays")


def test_each_file_in_models_has_exactly_one_owner():
    owned = sorted(f"{name}{suffix}" for name in REGISTRY for suffix in (".json", ".safetensors"))
    assert owned == sorted(path.name for path in MODELS.iterdir() if path.suffix != ".md" and path.is_file())
    assert sum(path.stat().st_size for path in MODELS.iterdir() if path.is_file()) <= 7_000_000


@pytest.mark.parametrize("name", REGISTRY)
def test_each_record_describes_the_declared_runs_and_its_scores_hold(name):
    experiment, record = REGISTRY[name], artifacts.read_record(MODELS / f"{name}.safetensors")
    configs = {run: json.loads(json.dumps(asdict(config))) for run, config in experiment.runs.items()}
    assert {run: content["config"] for run, content in record["runs"].items()} == configs
    assert record["experiment"] == name and record["versions"]["torch"] and record["cpu_seconds"] > 0
    checks = verify(experiment)
    assert checks and all(check.holds for check in checks)


@pytest.mark.parametrize("name", REGISTRY)
def test_each_experiment_is_used_by_an_essay(name):
    assert REGISTRY.used_by[name]


@dataclass(frozen=True)
class WalkConfig:
    steps: int = 10
    seed: int = 0


class Walk:
    """A random walk that counts its own runs, as an experiment with two seeds."""

    def __init__(self, **options):
        self.started: list[int] = []
        self.experiment = Experiment(
            name="walk",
            summary="A random walk.",
            config=WalkConfig(),
            run=self.run,
            pack=lambda places: Packed({"place": torch.tensor(places[::5])}, {"steps": len(places) - 1}),
            unpack=lambda config, packed: [
                (5 * i, x) for i, x in enumerate(packed.tensors["place"].tolist())
            ],
            score=lambda config, place: {"end": place},
            tolerance={"end": 1e-6},
            cpu_seconds=0.1,
            runs={f"seed-{seed}": WalkConfig(seed=seed) for seed in (0, 1)},
            **options,
        )

    def run(self, context: Context[WalkConfig]) -> Iterator[float]:
        self.started.append(context.config.seed)
        generator, place = torch.Generator().manual_seed(context.config.seed), 0.0
        for _ in range(context.config.steps + 1):
            yield place
            place += torch.randn((), generator=generator).item()


@pytest.fixture
def models(tmp_path, monkeypatch):
    monkeypatch.setattr(artifacts, "artifact_path", lambda name: tmp_path / name)
    return tmp_path


def test_a_figure_gets_the_same_snapshot_stored_or_computed(models):
    computed = Walk().experiment.at(5, seed=1)
    stored = Walk()
    train(stored.experiment, models)
    stored.started.clear()
    assert stored.experiment.at(5, seed=1) == pytest.approx(computed) and not stored.started
    assert stored.experiment.at(7, seed=1) == stored.experiment.at(5, seed=1), "steps between are not stored"
    assert stored.experiment.at(7, seed=2) != 0 and stored.started == [2], "another seed is computed"
    assert stored.experiment.until(9) == [stored.experiment.at(0), stored.experiment.at(5)]
    assert stored.experiment.last() == stored.experiment.at(10)


def test_a_run_that_is_advanced_live_is_used_as_far_as_it_goes(models):
    walk = Walk()
    train(walk.experiment, models)
    walk.started.clear()
    walk.experiment.advance(3)
    assert walk.started == [0] and walk.experiment.live_steps() == 4
    assert len(walk.experiment.until(3)) == 4 and len(walk.experiment.until(10)) == 3


def test_what_is_cached_is_what_costs_nothing(models):
    walk = Walk()
    assert not walk.experiment.is_cached(0)
    walk.experiment.at(2)
    assert (
        walk.experiment.is_cached(2) and not walk.experiment.is_cached(3) and not walk.experiment.is_cached()
    )
    assert len(list(walk.experiment.partial_results())) == 11 and walk.experiment.is_cached()
    assert len(list(walk.experiment.partial_results())) == 1, "a complete run has no partial results"
    train(walk.experiment, models)
    assert walk.experiment.is_cached(10, seed=1) and not walk.experiment.is_cached(10, seed=2)


def test_live_settings_replace_those_of_the_stored_run(models):
    walk = Walk(live={"steps": 2})
    assert len(list(walk.experiment.partial_results(seed=7))) == 3
    train(walk.experiment, models)
    assert walk.experiment.is_stored(seed=1), "found by the settings with which it was stored"


def test_killed_between_runs_only_the_missing_run_is_computed(models):
    walk, fresh = Walk(), Walk()

    def interrupt(run, step, total):
        if (run, step) == ("seed-1", 3):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(walk.experiment, models, report=interrupt)
    assert not (models / "walk.safetensors").exists() and list((models / PARTIAL).iterdir())
    train(walk.experiment, models)
    assert walk.started == [0, 1, 1] and not (models / PARTIAL).exists()
    resumed = (models / "walk.safetensors").read_bytes()
    train(fresh.experiment, models / "fresh")
    assert (models / "fresh" / "walk.safetensors").read_bytes() == resumed


def test_an_interrupted_training_with_other_settings_is_not_mixed_in(models):
    def interrupt(run, step, total):
        if run == "seed-1":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(Walk().experiment, models, report=interrupt)
    with pytest.raises(InformationError, match="other settings: remove it"):
        train(Walk().experiment, models, {"steps": 7})


@pytest.mark.parametrize("damage", [b"", b"{}", b"no JSON"])
def test_a_damaged_record_is_an_error_that_says_how_to_make_the_file_again(models, damage):
    walk = Walk()
    train(walk.experiment, models)
    (models / "walk.json").write_bytes(damage)
    with pytest.raises(CheckpointError, match="infodecomp train walk"):
        walk.experiment.at(5)
    assert walk.experiment.is_stored(), "showing that it is damaged costs nothing"


def test_a_file_that_is_missing_or_damaged_is_found_again_once_it_is_back(models):
    walk = Walk(required=True)
    train(walk.experiment, models)
    end, content = walk.experiment.at(10), (models / "walk.safetensors").read_bytes()
    for damaged in (None, content[:-3] + b"abc"):
        (models / "walk.safetensors").unlink()
        if damaged:
            (models / "walk.safetensors").write_bytes(damaged)
        with pytest.raises(CheckpointError, match="infodecomp train walk"):
            walk.experiment.at(10)
        (models / "walk.safetensors").write_bytes(content)
        os.utime(models / "walk.safetensors", (time.time() + 5,) * 2)
        assert walk.experiment.at(10) == end


def test_a_required_file_that_is_missing_is_an_error_and_an_optional_one_is_computed(models):
    with pytest.raises(CheckpointError, match="is missing. Put it back"):
        Walk(required=True).experiment.at(1)
    assert Walk(required=True).experiment.at(1, seed=9) != 0, "no file is required for another seed"
    assert Walk().experiment.at(1) != 0
    with pytest.raises(CheckpointError, match="too expensive"):
        Walk(live=None).experiment.at(1)


def test_an_unknown_setting_is_refused_with_the_known_ones(models):
    with pytest.raises(InformationError, match="walk has no setting sede: choose from seed, steps"):
        Walk().experiment.at(0, sede=1)


def test_two_experiments_of_one_name_are_refused():
    module = ModuleType("module")
    module.one, module.two = Walk().experiment, Walk().experiment
    registry = Registry()
    with pytest.raises(InformationError, match="Two experiments are called 'walk'"):
        registry.add([module])


ESSAY_MODULE = """
from dataclasses import dataclass
from infodecomp.experiments.registry import Experiment
from infodecomp.experiments.storage import Packed
import torch

@dataclass(frozen=True)
class CountConfig:
    seed: int = 0

COUNT = Experiment(
    name="count", summary="Counts.", config=CountConfig(), run=lambda context: iter(range(5)),
    pack=lambda snapshots: Packed({"n": torch.tensor(snapshots)}),
    unpack=lambda config, packed: list(enumerate(packed.tensors["n"].tolist())),
    score=lambda config, last: {"last": last}, tolerance={}, cpu_seconds=0,
)
"""


@pytest.mark.parametrize("name", ["new.py", "new/experiments.py", "new/figures.py"])
def test_an_essay_declares_an_experiment_in_its_own_folder(tmp_path, name):
    (tmp_path / "new").mkdir()
    (tmp_path / "new.py").write_text("from .figures import *\n" if name == "new/figures.py" else "")
    (tmp_path / name).write_text(ESSAY_MODULE)
    registry = all_experiments(tmp_path)
    assert registry["count"].name == "count" and registry.used_by["count"] == ["new"]


def test_the_example_of_the_documentation_works(models):
    text = (ROOT / "infodecomp" / "experiments" / "README.md").read_text()
    module = ModuleType("coin")
    exec(text.partition("```python\n")[2].partition("```")[0], vars(module))
    registry = Registry()
    registry.add([module], used_by="coins")
    experiment = registry["coin"]
    train(experiment, models)
    assert all(check.holds for check in verify(experiment))
    assert experiment.at(100) == pytest.approx(0.5, abs=0.2) and experiment.at(100, seed=3) > 0
