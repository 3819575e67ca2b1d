"""The documentation: its tutorials run and print what they show, its reference has all public names."""

import contextlib
import io
import re
from pathlib import Path

import pytest

import infodecomp

DOCS = Path(__file__).parent.parent / "docs"
BLOCK = re.compile(r"```(python|text)\n(.*?)```", re.S)
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def run_tutorial(text: str) -> list[tuple[str, str]]:
    """Run the Python blocks of a page one after the other; what they printed beside what the page shows."""
    names: dict[str, object] = {}
    printed, pairs = "", []
    for kind, block in BLOCK.findall(text):
        if kind == "python":
            with contextlib.redirect_stdout(io.StringIO()) as output:
                exec(block, names)
            printed = output.getvalue()
        else:
            pairs.append((printed, block))
    return pairs


def is_same(printed: str, shown: str) -> bool:
    """Whether two texts have the same words, and numbers that differ by a tenth or 10 % at most: the last
    digits of a fit differ between processors."""
    if NUMBER.sub("#", printed) != NUMBER.sub("#", shown):
        return False
    numbers = zip(map(float, NUMBER.findall(printed)), map(float, NUMBER.findall(shown)))
    return all(one == pytest.approx(other, rel=0.1, abs=0.101) for one, other in numbers)


@pytest.mark.parametrize("name", ["bikes", "classes", "twins"])
def test_a_tutorial_prints_what_it_shows(name):
    pairs = run_tutorial((DOCS / "tutorials" / f"{name}.md").read_text())
    assert len(pairs) > 2
    for printed, shown in pairs:
        assert is_same(printed, shown), f"printed:\n{printed}\nshown:\n{shown}"


def test_other_words_and_other_numbers_are_seen():
    assert is_same("hour 0.5", "hour 0.6") and is_same("off by 100", "off by 109")
    assert not is_same("hour 0.5", "hour 0.7") and not is_same("hour 0.5", "day 0.5")
    assert run_tutorial("```python\nprint(1 + 1)\n```\n\n```text\n3\n```") == [("2\n", "3\n")]


def test_every_public_name_is_in_the_reference_once():
    pages = "\n".join(page.read_text() for page in (DOCS / "reference").iterdir())
    listed = re.findall(r"^::: infodecomp\.(\w+)$", pages, re.M)
    assert sorted(listed) == sorted(infodecomp.__all__)


def test_every_page_is_in_the_navigation():
    navigation = (DOCS.parent / "mkdocs.yml").read_text()
    pages = {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")}
    assert pages == set(re.findall(r"[\w/]+\.md", navigation))
