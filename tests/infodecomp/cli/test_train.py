"""`experiments`, `train` and `verify`: records that do not hold are reported, and a killed training
continues.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from infodecomp.cli.main import main
from infodecomp.cli.train import all_experiments
from infodecomp.data.bikes import split_bikes
from infodecomp.experiments.bikes import BIKES, unseen_rows
from infodecomp.experiments.catalogue import models_readme
from infodecomp.experiments.registry import package_experiments
from infodecomp.experiments.training import PARTIAL, train
from tests.live_server import wait_until

ROOT = Path(__file__).parents[3]
MODELS = ROOT / "models"
NAMES = sorted(package_experiments())
QUICK = "draws=4", "solve_budgets=false", 'start="random"'
SMALL = tuple(part for setting in QUICK for part in ("--set", setting))  # the quickest bike model


def run(*arguments):
    essays = () if arguments[0] not in ("experiments", "train", "verify") else ("--essays", ROOT / "essays")
    return CliRunner().invoke(main, [str(argument) for argument in (*arguments, *essays)])


@pytest.fixture
def models(tmp_path):
    for path in MODELS.glob("*.*"):
        shutil.copy(path, tmp_path)
    return tmp_path


def test_every_experiment_is_listed_with_its_size_and_its_essay():
    lines = run("experiments").output.splitlines()
    assert [line.split()[0] for line in lines[1:]] == NAMES
    slugs = [path.stem for path in (ROOT / "essays").glob("*.md")]
    assert all("kB" in line and any(slug in line for slug in slugs) for line in lines[1:])


def test_the_readme_of_the_models_is_current(tmp_path):
    assert run("experiments", "--readme", tmp_path / "README.md").exit_code == 0
    text = (tmp_path / "README.md").read_text()
    assert text == (MODELS / "README.md").read_text(), "run `make models-readme`"
    assert text == models_readme(all_experiments(ROOT / "essays"))


def test_the_stored_bike_model_is_as_good_as_promised():
    scores = json.loads((MODELS / "bikes.json").read_text())["runs"][""]["scores"]
    assert scores["rmse/8"] <= 61 and scores["rmse/10"] <= 53 and scores["rmse/15"] <= 45
    model = BIKES.last().bottleneck
    rows, t = unseen_rows(model, split_bikes(0)), [model.t_at(4)]
    errors = [model.measure_plane(*rows, draws=4, t=t, draw=draw).error[0] for draw in range(4)]
    assert errors[0] == pytest.approx(scores["rmse/4"], abs=0.1)
    assert np.mean(errors) <= 101, "one sample of the messages alone is off by 1.1"


def test_an_embellished_score_fails_and_is_named(models):
    record = json.loads((models / "bikes.json").read_text())
    record["runs"][""]["scores"]["rmse/4"] -= 5
    (models / "bikes.json").write_text(json.dumps(record))
    result = run("verify", "bikes", "board-run", "--models", models)
    assert result.exit_code == 1 and result.output.count("FAILS") == 1 and "rmse/4" in result.output
    assert "1 of 2 experiments" in result.output and "board-run: all 3 scores hold" in result.output


@pytest.mark.parametrize("name", NAMES)
def test_a_changed_byte_a_missing_file_and_an_empty_record_are_reported(models, name):
    model, record = models / f"{name}.safetensors", models / f"{name}.json"
    content, recorded = model.read_bytes(), json.loads(record.read_text())
    model.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    result = run("verify", name, "--models", models)
    assert result.exit_code == 1 and "is damaged: its sha256 begins" in result.output
    model.write_bytes(content)
    record.write_text(json.dumps({"sha256": recorded["sha256"]}))
    assert "has no usable record" in run("verify", name, "--models", models).output
    for content in recorded["runs"].values():
        content["scores"] = {}
    record.write_text(json.dumps(recorded))
    assert "records the scores of nothing" in run("verify", name, "--models", models).output
    model.unlink()
    result = run("verify", name, "--models", models)
    assert result.exit_code == 1 and "cannot be read" in result.output
    assert f"infodecomp train {name}" in result.output


def test_a_trained_model_holds_its_own_record(tmp_path):
    settings = ("--steps", 1, "--seed", 5, *SMALL, "--set", "further_fits=0")
    result = run("train", "bikes", *settings, "--out", tmp_path / "new")
    assert result.exit_code == 0, result.output
    config = json.loads((tmp_path / "new" / "bikes.json").read_text())["runs"][""]["config"]
    assert (config["seed"], config["steps"], config["further_fits"], config["draws"]) == (5, 1, 0, 4)
    assert run("verify", "bikes", "--models", tmp_path / "new").exit_code == 0


def interrupt(out: Path, signal_number: int, seed: int, *arguments) -> str:
    """Start a training, and end it by a signal as soon as the fit of a seed has stored its state; returns its
    output.
    """
    command = [sys.executable, "-m", "infodecomp.cli.main", "train", "bikes", "--out", out, *arguments]
    process = subprocess.Popen(
        list(map(str, command)), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    checkpoint = out / PARTIAL / f"bikes.seed-{seed}.partial.safetensors"
    wait_until(lambda: checkpoint.exists() or process.poll() is not None, 180)
    process.send_signal(signal_number)
    output, _ = process.communicate(timeout=60)
    assert process.returncode in (-signal.SIGKILL, 1) and not (out / "bikes.json").exists(), output
    return output


def test_a_killed_training_continues_and_ends_with_the_same_model(tmp_path):
    changes = {"steps": 110, "further_fits": 1, "draws": 4, "solve_budgets": False, "start": "random"}
    settings = ("--steps", 110, *SMALL, "--set", "further_fits=1")
    bikes = replace(BIKES, score=lambda config, model: {"seconds": 0.0})  # scores have tests of their own
    interrupt(tmp_path / "killed", signal.SIGKILL, 1, *settings)
    reported: list[int] = []
    resumed = train(bikes, tmp_path / "killed", changes, lambda run, step, total: reported.append(step))
    train(bikes, tmp_path / "fresh", changes)
    assert min(reported) > 110, "the first fit is not repeated"
    files = [tmp_path / name / "bikes.safetensors" for name in ("killed", "fresh")]
    assert files[0].read_bytes() == files[1].read_bytes()
    assert resumed["cpu_seconds"] > 0
    assert sorted(path.name for path in files[0].parent.glob("*")) == ["bikes.json", "bikes.safetensors"]


def test_ctrl_c_says_how_to_continue_and_another_training_is_not_mixed_in(tmp_path):
    output = interrupt(tmp_path, signal.SIGINT, 0, "--steps", 5000, *SMALL)
    assert "Give the same command again to go on" in output
    result = run("train", "bikes", "--out", tmp_path, "--steps", 50, *SMALL)
    assert result.exit_code == 1
    assert "is of another fit, with other data or settings: remove it" in result.output


@pytest.mark.parametrize("stored, message", [(False, "no run was complete"), (True, "what was learnt is in")])
def test_ctrl_c_ends_runs_side_by_side_at_once_and_says_how_to_continue(
    tmp_path, monkeypatch, stored, message
):
    def interrupted(*_):
        if stored:
            (tmp_path / PARTIAL).mkdir()
            (tmp_path / PARTIAL / "twins.first.run.safetensors").touch()
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(60)

    monkeypatch.setattr("infodecomp.experiments.training.compute_in_parallel", interrupted)
    result = run("train", "twins", "--workers", "2", "--out", tmp_path)
    assert result.exit_code == 1 and f"stopped; {message}" in result.output, result.output
    assert "Give the same command again to go on" in result.output and "Aborted" not in result.output


@pytest.mark.parametrize(
    "arguments", [("--steps", 0), ("--seed", -1), ("--steps", "many"), ("--set", "seed")]
)
def test_invalid_numbers_are_refused(arguments):
    result = run("train", "bikes", *arguments)
    assert result.exit_code == 2 and "Invalid value" in result.output


def test_an_unknown_experiment_or_setting_is_refused_and_the_known_ones_are_named(tmp_path):
    result = run("train", "bicycles", "--out", tmp_path)
    assert result.exit_code == 1 and "choose from any-line, " in result.output
    result = run("train", "board-run", "--steps", 5, "--out", tmp_path)
    assert (
        result.exit_code == 1 and "board-run has no setting steps: choose from board, seed" in result.output
    )
    assert not list(tmp_path.iterdir())
