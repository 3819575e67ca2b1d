"""What stands where in the essay: its main line, its folds, and where its words lead."""

import re

from infodecomp.explorable.figures.loader import import_figures
from tests.essays.figures import ESSAYS

SOURCE = (ESSAYS / "grokking.md").read_text()
FIGURES = import_figures(ESSAYS / "grokking.py")
OPEN = re.sub(r"<details.*?</details>", "", SOURCE, flags=re.S)


def mounted(source: str) -> list[str]:
    return [name for name in re.findall(r"<div class='([\w-]+)", source) if name in FIGURES]


def test_every_figure_has_one_place_and_about_fourteen_stand_outside_the_folds():
    assert sorted(mounted(SOURCE)) == sorted(FIGURES)
    assert 12 <= sum(FIGURES[name].has("draw") for name in mounted(OPEN)) <= 14


def test_the_first_figure_asks_for_a_bet_and_a_moment_and_for_nothing_else():
    first = FIGURES[mounted(SOURCE)[0]]
    roles = {parameter.name: parameter.role for parameter in first.parameters}
    assert first.name == "mod-top-accuracy" and first.controls == ("grok_bet", "mod_step")
    assert [name for name in first.controls if roles[name] == "selection"] == ["mod_step"]


def test_every_word_that_can_be_pressed_names_its_picture():
    words = re.findall(r"<animate data-animate='[\w-]+'( data-figure='[\w-]+')?", SOURCE)
    assert len(words) > 30 and all(words)


def test_words_of_the_field_are_explained_outside_the_folds_before_they_are_used():
    for term, explained in (("grok", "it's said to *grok*"), ("frequency", "is the wave's *frequency*")):
        body = OPEN.split("\n---\n", 1)[1]
        first = re.search(rf"(?<!data-figure=')\b{term}\b(?!-)", body)
        assert body.index(explained) <= first.start() < body.index(explained) + len(explained), term
