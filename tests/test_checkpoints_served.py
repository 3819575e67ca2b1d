"""With a stored file missing, cut or changed, its figures report it and everything else works."""

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


def test_every_stored_file_is_damaged_once(found):
    files = {one["file"] for one in found}
    assert files == {
        path.name for path in (ROOT / "models").glob("*.*") if path.suffix in (".json", ".safetensors")
    }
    assert len(found) == 3 * len(files) and {file.partition(".")[0] for file in files} == set(DEPEND)


def test_the_page_and_all_other_figures_still_work(found):
    for one in found:
        broken = {name for name, (status, *_) in one["figures"].items() if status != 200}
        assert one["essay"] == 200
        assert broken <= DEPEND[one["file"].partition(".")[0]], one["file"]


def test_a_figure_names_the_missing_file_and_how_to_restore_it(found):
    for one in found:
        for name, (status, title, detail) in one["figures"].items():
            if status != 200:
                assert title == "What this shows is missing", (one["file"], name)
                assert one["file"].partition(".")[0] in detail and (
                    "again" in detail or "To make it" in detail
                )
                assert one["problems"] > 0, "the page reports it in place of the figure"
        if one["kind"] != "missing":
            assert any(status != 200 for status, *_ in one["figures"].values()), (
                f"{one['file']} is damaged and no figure reports it"
            )
