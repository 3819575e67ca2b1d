"""`train bikes` and `verify`: what is made is held to its record, and every way in which it may not hold is told."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from infodecomp.cli import main

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
    assert rmse[4] <= 101 and rmse[8] <= 61 and rmse[10] <= 53 and rmse[15] <= 45
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
    assert result.exit_code == 1 and "cannot be read" in result.output and "infodecomp train bikes" in result.output


def test_a_model_that_is_made_holds_its_own_record(tmp_path):
    result = run("train", "bikes", "--steps", 1, "--seeds", 0, "--seed", 5, "--out", tmp_path / "new")
    assert result.exit_code == 0 and "1 fit of 1 steps" in result.output
    record = json.loads((tmp_path / "new" / "bikes.json").read_text())
    assert record["seed"] == 5 and record["recipe"]["steps"] == 1 and record["planes"] == []
    assert run("verify", tmp_path / "new" / "bikes").exit_code == 0


@pytest.mark.parametrize("words", [("--steps", 0), ("--seed", -1), ("--seeds", -1), ("--steps", "many")])
def test_numbers_that_make_no_sense_are_refused(words):
    result = run("train", "bikes", *words)
    assert result.exit_code == 2 and "Invalid value" in result.output


def test_the_help_names_what_happens_by_default():
    from infodecomp.shipped_bikes import SEEDS

    assert f"without it, {SEEDS}" in " ".join(run("train", "bikes", "--help").output.split())
