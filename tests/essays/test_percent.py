"""A percent sign follows its number without a space, in text, templates and code alike."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SPACED = re.compile(r"(?:\d|\}|</data>)[ \u00a0\u202f]%(?=[\s.,;:)\"'<]|$)(?! \d)")


def spaced_percents(text: str) -> list[str]:
    """The lines that have a space before a percent sign; tags of templates don't count."""
    return [line.strip() for line in text.splitlines() if SPACED.search(re.sub(r"\{%.*?%\}", "", line))]


@pytest.mark.parametrize("spaced", ["86 %", "{share:.0f} % of", "</data> %.", "{{ share }} %"])
def test_a_space_before_a_percent_sign_is_found(spaced):
    assert spaced_percents(f"It holds {spaced}") and not spaced_percents(
        f"It holds {spaced.replace(' %', '%')}"
    )


def test_percent_signs_are_written_in_one_way():
    found = [
        f"{path.relative_to(ROOT)}: {line}"
        for folder in ("essays", "templates", "infodecomp")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in {".md", ".py", ".html"}
        for line in spaced_percents(path.read_text())
    ]
    assert not found, "\n".join(found)
