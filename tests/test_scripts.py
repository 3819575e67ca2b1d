"""The parts of the scripts that need no browser, run by node."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NODE = shutil.which("node")


def node(*arguments) -> subprocess.CompletedProcess:
    return subprocess.run([NODE, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60)


def node_reads_modules() -> bool:
    """Whether node recognises ES modules in .js files: 20.19, 22.7 and later do."""
    if NODE is None:
        return False
    major, minor = map(int, re.findall(r"\d+", node("--version").stdout)[:2])
    return (major, minor) >= (22, 7) or (major == 20 and minor >= 19)


@pytest.mark.skipif(not node_reads_modules(), reason="node 20.19 or later is needed to test the scripts")
@pytest.mark.parametrize(
    "path", sorted((ROOT / "tests" / "js").glob("*.test.mjs")), ids=lambda path: path.stem
)
def test_scripts(path):
    done = node("--no-warnings", "--test", str(path))
    assert done.returncode == 0, done.stdout


def test_modules_are_small():
    for path in (ROOT / "static").glob("*.js"):
        assert len(path.read_text().splitlines()) <= 250, path.name


def test_wide_layouts_follow_the_readers_own_text_size():
    for name in ("explorable.css", "notes.js"):
        text = (ROOT / "static" / name).read_text()
        assert re.findall(r"min-width: [\d.]+em\)", text), name
        assert not re.findall(r"\(min-width: [\d.]+px\)", text), name


def test_scripts_replace_nothing_of_the_browser():
    for path in (ROOT / "static").glob("*.js"):
        replaced = re.findall(
            r"(?:window|globalThis)\.(\w+) = |^(fetch|matchMedia) = ", path.read_text(), re.MULTILINE
        )
        assert not replaced, (path.name, replaced)
