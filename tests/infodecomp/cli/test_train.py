"""`train bikes` and `verify`: what is made is held to its record, and every way in which it may not hold is told."""

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from infodecomp.cli.main import main
from infodecomp.experiments import bikes as shipped_bikes

MODELS = Path(__file__).parents[3] / "models"


def run(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def shipped(tmp_path):
    for name in ("bikes.safetensors", "bikes.json"):
        shutil.copy(MODELS / name, tmp_path / name)
    return tmp_path / "bikes"


def test_the_shipped_model_holds_what_its_record_says(shipped):
    result = run("verify", shipped)
    assert result.exit_code == 0, result.output
    assert "all 15 scores hold" in result.output and result.output.count("holds") == 15


def test_the_shipped_model_reaches_what_was_asked_of_it():
    scores = json.loads((MODELS / "bikes.json").read_text())
    rmse = dict(zip(scores["scores"]["budget"], scores["scores"]["rmse"]))
    assert rmse[4] <= 102 and rmse[8] <= 61 and rmse[10] <= 53 and rmse[15] <= 45
    assert scores["cpu_seconds"] <= 120


def test_a_score_that_was_embellished_fails_and_says_which(shipped):
    record = json.loads(shipped.with_suffix(".json").read_text())
    record["scores"]["rmse"][3] -= 5
    shipped.with_suffix(".json").write_text(json.dumps(record))
    result = run("verify", shipped)
    assert result.exit_code == 1 and result.output.count("FAILS") == 1
    assert "1 of 15 scores do not hold: train the model again" in result.output


def test_a_changed_byte_a_missing_file_and_a_record_of_nothing_are_told(shipped):
    model, record = shipped.with_suffix(".safetensors"), shipped.with_suffix(".json")
    whole, told = model.read_bytes(), record.read_text()
    model.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert "is damaged: its sha256 begins" in run("verify", shipped).output
    model.write_bytes(whole)
    record.write_text(json.dumps({"sha256": json.loads(told)["sha256"]}))
    assert "records no scores" in run("verify", shipped).output
    model.unlink()
    result = run("verify", shipped)
    assert (
        result.exit_code == 1
        and "cannot be read" in result.output
        and "infodecomp train bikes" in result.output
    )


def test_a_model_that_is_made_holds_its_own_record(tmp_path):
    result = run("train", "bikes", "--steps", 1, "--seeds", 0, "--seed", 5, "--out", tmp_path / "new")
    assert result.exit_code == 0 and "1 fit of 1 steps" in result.output
    record = json.loads((tmp_path / "new" / "bikes.json").read_text())
    assert record["seed"] == 5 and record["recipe"]["steps"] == 1 and record["planes"] == []
    assert run("verify", tmp_path / "new" / "bikes").exit_code == 0


def ended(out: Path, blow: int, seed: int, *words) -> str:
    """Start a training, and end it by a signal as soon as the fit of a seed is stored; gives what it said."""
    process = subprocess.Popen(
        [sys.executable, "-m", "infodecomp.cli.main", "train", "bikes", "--out", str(out), *map(str, words)],
        cwd=MODELS.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    until = time.monotonic() + 180
    while (
        not (out / shipped_bikes.UNFINISHED.format(seed)).exists()
        and process.poll() is None
        and time.monotonic() < until
    ):
        time.sleep(0.01)
    process.send_signal(blow)
    output, _ = process.communicate(timeout=60)
    assert process.returncode in (-signal.SIGKILL, 1) and not (out / "bikes.json").exists(), output
    return output


def test_a_training_that_was_killed_goes_on_and_ends_with_the_same_model(tmp_path, monkeypatch):
    monkeypatch.setattr(shipped_bikes, "DRAWS", 20)  # of the two that are compared
    steps, reached = 110, []
    ended(tmp_path / "ended", signal.SIGKILL, 1, "--steps", steps, "--seeds", 1)
    on, anew = (
        shipped_bikes.train_bikes(tmp_path / name, steps, seeds=1, callback=callback)
        for name, callback in (
            ("ended", lambda fit, training: reached.append((fit, training.step))),
            ("anew", None),
        )
    )
    assert not reached or reached[0] > (1, 100), "nothing that was learnt is learnt again"
    assert (tmp_path / "ended" / "bikes.safetensors").read_bytes() == (
        tmp_path / "anew" / "bikes.safetensors"
    ).read_bytes()
    assert on["cpu_seconds"] > 0 and all(plane["cpu_seconds"] > 0 for plane in on["planes"]), (
        "of the whole fits"
    )
    for record in (on, *on["planes"], anew, *anew["planes"]):
        del record["cpu_seconds"]
    assert on == anew
    assert sorted(path.name for path in (tmp_path / "ended").glob("*")) == ["bikes.json", "bikes.safetensors"]


def test_control_c_says_how_to_go_on_and_another_training_is_not_mixed_in(tmp_path):
    assert "Give the same command again to go on" in ended(tmp_path, signal.SIGINT, 0, "--steps", 5000)
    result = run("train", "bikes", "--out", tmp_path, "--steps", 50)
    assert (
        result.exit_code == 1 and "is of another fit, with other data or settings: remove it" in result.output
    )


@pytest.mark.parametrize("words", [("--steps", 0), ("--seed", -1), ("--seeds", -1), ("--steps", "many")])
def test_numbers_that_make_no_sense_are_refused(words):
    result = run("train", "bikes", *words)
    assert result.exit_code == 2 and "Invalid value" in result.output


def test_the_help_names_what_happens_by_default():
    assert f"without it, {shipped_bikes.SEEDS}" in " ".join(run("train", "bikes", "--help").output.split())
