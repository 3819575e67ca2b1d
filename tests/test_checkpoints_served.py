"""With a stored file missing, cut or changed, its figures report it and everything else works."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.damage import KINDS, SUFFIXES
from tests.first_essay import SLUG

ROOT = Path(__file__).parent.parent
DEPEND = {  # files of the first essay, and its figures that need them
    "any-line": {"storm-any-line"},
    "bikes-run": {"bike-train"},
    "board-run": {"board-information"},
    "board-fronts": {"board-information"},
    "bikes": {"bet-hour", "bets-kept", "bike-ask", "bike-distinctions", "bike-fits", "bike-ladder"}
    | {"bike-messages", "bike-week", "tabular-decomp"},
    "bike-intervals": {"bike-week"},
}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What a copy of the project serves after each damage."""
    copy = tmp_path_factory.mktemp("copy")
    shutil.copy(ROOT / "app.py", copy)
    for folder in ("essays", "infodecomp", "models", "static", "templates", "tests"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__", "golden"))
    done = subprocess.run(
        [sys.executable, "-m", "tests.damage"], cwd=copy, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_every_stored_file_is_damaged_once(found):
    files = [file for one in found for file in one["damage"]]
    stored = [path.name for path in (ROOT / "models").glob("*.*") if path.suffix in SUFFIXES]
    assert sorted(files) == sorted(stored)
    assert {kind for one in found for kind in one["damage"].values()} == set(KINDS)


def test_the_pages_and_all_other_figures_still_work(found):
    for one in found:
        assert {status for status, _ in one["essays"].values()} == {200}
        broken = {name for name, (essay, status, *_) in one["figures"].items() if status != 200}
        stems = {file.partition(".")[0] for file in one["damage"]}
        first = {name for name in broken if one["figures"][name][0] == SLUG}
        assert first <= set().union(*(DEPEND.get(stem, set()) for stem in stems)), one["damage"]
        assert len(broken) < len(one["figures"])


def test_a_figure_names_the_missing_file_and_how_to_restore_it(found):
    for one in found:
        stems, named = {file.partition(".")[0] for file in one["damage"]}, set()
        for name, (essay, status, title, detail) in one["figures"].items():
            if status == 200:
                continue
            causes = {stem for stem in stems if stem in detail}
            assert title == "What this shows is missing" and causes, (one["damage"], name)
            assert "again" in detail or "To make it" in detail
            assert not essay or one["essays"][essay][1] > 0, "the page reports it in place of the figure"
            named |= causes
        for file, kind in one["damage"].items():
            stem = file.partition(".")[0]
            assert kind == "missing" or stem not in DEPEND or stem in named, (
                f"{file} is damaged and no figure reports it"
            )
