"""How numbers look to readers: no space before a percent sign, a minus sign and not a hyphen."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SPACED = re.compile(r"(?:\d|\}|</data>)(?:[ \u00a0\u202f]|\\u00a0|\\u202f)%(?=[\s.,;:)\"'<]|$)(?! \d)")


def spaced_percents(text: str) -> list[str]:
    """The lines that have a space before a percent sign; tags of templates don't count."""
    return [line.strip() for line in text.splitlines() if SPACED.search(re.sub(r"\{%.*?%\}", "", line))]


def shown_hyphens(svg: str) -> list[str]:
    """The texts and spoken values of a picture that have a hyphen for a minus sign."""
    shown = re.findall(r'>([^<]+)<|aria-(?:valuetext|label)="([^"]*)"', svg)
    texts = [text or spoken for text, spoken in shown]
    return [text for text in texts if re.search(r"(?<![\w.)])-\.?\d", text)]


@pytest.mark.parametrize(
    "spaced", ["86 %", "{share:.0f} % of", "</data> %.", "{{ share }} %", "{p:.0f}\\u202f%"]
)
def test_a_space_before_a_percent_sign_is_found(spaced):
    assert spaced_percents(f"It holds {spaced}")
    assert not spaced_percents(f"It holds {re.sub(r' %|.u202f%', '%', spaced)}")


def test_percent_signs_are_written_in_one_way():
    found = [
        f"{path.relative_to(ROOT)}: {line}"
        for folder in ("essays", "templates", "infodecomp", "tests/golden")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in {".md", ".py", ".html", ".svg"}
        for line in spaced_percents(path.read_text())
    ]
    assert not found, "\n".join(found)


def test_pictures_show_minus_signs():
    assert shown_hyphens('<text x="-3">-2</text><g aria-valuenow="-1" aria-valuetext="at -.5">') == [
        "-2",
        "at -.5",
    ]
    assert not shown_hyphens('<text x="-3">\u22122 of 2011-01, ReLU-8</text>')
    found = [
        f"{path.name}: {text}"
        for path in sorted((ROOT / "tests/golden").glob("*.svg"))
        for text in shown_hyphens(path.read_text())
    ]
    assert not found, "\n".join(found)
