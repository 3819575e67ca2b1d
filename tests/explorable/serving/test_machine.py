"""Limits of the machine: what is said of them, and what follows."""

from infodecomp.explorable.serving import machine
from infodecomp.explorable.serving.machine import Machine, read_machine

GB = 2**30


def test_a_machine_with_room_says_its_limits_in_one_line():
    roomy = Machine(open_files=100_000, memory=64 * GB, cores=8)
    assert roomy.connections(2000) == 2000
    (line,) = roomy.describe(2000, workers=2, cache_bytes=GB)
    for words in ("8 processors", "64.0 GB of memory", "100,000 open files", "up to 2,000 connections"):
        assert words in line


def test_what_does_not_fit_is_said_with_the_remedy():
    narrow = Machine(open_files=1024, memory=GB, cores=1)
    assert narrow.connections(2000) == 824
    _, files, memory = narrow.describe(2000, workers=2, cache_bytes=GB)
    assert "2,200" in files and "ulimit -n" in files
    assert "2 processes" in memory and "INFODECOMP_CACHE_BYTES" in memory


def test_the_limits_are_those_of_this_process(monkeypatch, tmp_path):
    here = read_machine()
    assert here.cores >= 1 and here.open_files is None or here.open_files > 100
    monkeypatch.setattr(machine, "_HAS_AFFINITY", False)  # as on macOS
    monkeypatch.setattr(machine.os, "cpu_count", lambda: 6)
    assert read_machine().cores == 6
    monkeypatch.setattr(machine, "CGROUP_LIMIT", tmp_path / "limit")
    (tmp_path / "limit").write_text(f"{3 * GB}\n")
    assert read_machine().memory == 3 * GB
    (tmp_path / "limit").write_text("max\n")
    assert read_machine().memory != 3 * GB
