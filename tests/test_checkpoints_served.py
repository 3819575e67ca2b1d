"""Each stored file missing, cut or changed: its figures say so in their places, and all else goes on."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DEPEND = {
    "any-line": {"storm-any-line"},
    "bikes-run": {"bike-train"},
    "board-run": {"board-information"},
    "board-fronts": {"board-information"},
    "bikes": {"bike-ask", "bike-distinctions", "bike-week", "tabular-decomp"},
}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What a copy of the project serves after each damage."""
    copy = tmp_path_factory.mktemp("copy")
    shutil.copy(ROOT / "app.py", copy)
    for folder in ("essays", "infodecomp", "models", "static", "templates", "tests"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__", "golden"))
    done = subprocess.run(
        [sys.executable, "-m", "tests.damage"], cwd=copy, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_every_stored_file_is_tried(found):
    files = {one["file"] for one in found}
    assert files == {
        path.name for path in (ROOT / "models").glob("*.*") if path.suffix in (".json", ".safetensors")
    }
    assert len(found) == 3 * len(files) and {file.partition(".")[0] for file in files} == set(DEPEND)


def test_the_page_and_every_other_figure_go_on(found):
    for one in found:
        broken = {name for name, (status, *_) in one["figures"].items() if status != 200}
        assert one["essay"] == 200
        assert broken <= DEPEND[one["file"].partition(".")[0]], one["file"]


def test_the_figure_says_which_file_it_misses_and_how_it_is_made_again(found):
    for one in found:
        for name, (status, title, detail) in one["figures"].items():
            if status != 200:
                assert title == "What this shows is missing", (one["file"], name)
                assert one["file"].partition(".")[0] in detail and (
                    "again" in detail or "To make it" in detail
                )
                assert one["problems"] > 0, "in its place on the page too"
        if one["kind"] != "missing":
            assert any(status != 200 for status, *_ in one["figures"].values()), (
                f"{one['file']} is damaged and nobody noticed"
            )
