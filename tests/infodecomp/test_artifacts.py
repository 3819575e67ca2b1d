"""Checkpoints and records: killed writers, full disks, damaged and missing files."""

import json
import signal
import subprocess
import sys
import time

import pytest
import torch

from infodecomp import artifacts, resources
from infodecomp.artifacts import artifact_path, read_checkpoint, read_record, write_checkpoint, write_record
from infodecomp.errors import InformationError

TENSORS = {"a": torch.arange(6.0).view(2, 3), "b.c": torch.tensor(7)}
WRITER = """
import sys, torch
from infodecomp.artifacts import write_checkpoint
value = 0
while True:
    value += 1
    write_checkpoint(sys.argv[1], {"all": torch.full((2_000_000,), float(value))}, {"value": value})
"""


def test_artifacts_are_those_of_the_installed_package_whatever_else_is_named_models(tmp_path, monkeypatch):
    (tmp_path / "models").mkdir()  # of another package in the same site-packages
    monkeypatch.setattr(resources, "CHECKOUT", tmp_path)
    assert artifact_path("one.json") == resources.INSTALLED / "models" / "one.json"


def test_tensors_and_metadata_are_read_as_written(tmp_path):
    file = tmp_path / "new" / "one.safetensors"
    write_checkpoint(file, TENSORS | {"view": TENSORS["a"].T}, {"ü": [1, None, 0.5]})
    tensors, metadata = read_checkpoint(file)
    assert metadata == {"ü": [1, None, 0.5]} and tensors["b.c"] == 7
    assert (tensors["a"] == TENSORS["a"]).all() and (tensors["view"] == TENSORS["a"].T).all()
    assert [path.name for path in file.parent.iterdir()] == ["one.safetensors"]


def test_a_killed_writer_leaves_a_complete_file(tmp_path):
    file = tmp_path / "one.safetensors"
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(file)])
    seen = set()
    try:
        deadline = time.monotonic() + 60
        while len(seen) < 4 and time.monotonic() < deadline:  # every version in between is complete too
            if file.exists():
                tensors, metadata = read_checkpoint(file)
                assert (tensors["all"] == metadata["value"]).all()
                seen.add(metadata["value"])
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    tensors, metadata = read_checkpoint(file)
    assert len(seen) >= 4 and metadata["value"] >= max(seen)
    assert len(tensors["all"]) == 2_000_000 and (tensors["all"] == metadata["value"]).all()


def test_a_failed_write_leaves_only_the_old_file(tmp_path, monkeypatch):
    file = tmp_path / "one.safetensors"
    write_checkpoint(file, TENSORS, {"value": 1})

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(artifacts.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_checkpoint(file, TENSORS, {"value": 2})
    assert read_checkpoint(file)[1] == {"value": 1}
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-1],
        lambda content: content[:20],
        lambda content: b"",
        lambda content: b"\xff" * 64,
        lambda content: b"PK" + content,
    ],
)
def test_a_damaged_checkpoint_is_reported(tmp_path, damage):
    file = tmp_path / "one.safetensors"
    write_checkpoint(file, TENSORS, {})
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(InformationError, match="one.safetensors is damaged .* make it again"):
        read_checkpoint(file)


def test_a_missing_checkpoint_is_reported(tmp_path):
    with pytest.raises(InformationError, match="cannot be read: No such file"):
        read_checkpoint(tmp_path / "none.safetensors")


def test_a_record_detects_every_change_of_its_checkpoint(tmp_path):
    file = tmp_path / "one.safetensors"
    write_checkpoint(file, TENSORS, {})
    write_record(file, {"seed": 3})
    assert read_record(file)["seed"] == 3
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    with pytest.raises(InformationError, match="damaged: its sha256 begins .* as recorded"):
        read_record(file)
    record = file.with_suffix(".json")
    record.write_text(record.read_text()[:-9])
    with pytest.raises(InformationError, match="not JSON"):
        read_record(file)
    record.write_text(json.dumps({"seed": 3}))
    with pytest.raises(InformationError, match="not None as recorded"):
        read_record(file)
    record.unlink()
    with pytest.raises(InformationError, match="one.json cannot be read"):
        read_record(file)
