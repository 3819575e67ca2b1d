"""The deck in an essay: which slides, under which headings, with which controls, words and notes."""

import pytest

from infodecomp.explorable import Plot, Range, figure
from infodecomp.explorable.markup.page import render
from infodecomp.explorable.markup.reading.documents import parse_document
from infodecomp.explorable.pages.slides import make_deck
from infodecomp.explorable.site.mounts import FigureMounts

HEAT = Range(name="heat", label="heat", default=0.5, low=0, high=1)
RAIN = Range(name="rain", label="rain", default=0.5, low=0, high=1)


@figure(parameters=(HEAT, RAIN), title="What grows", presets={"hot": "heat=1", "wet": "rain=1"})
def meadow(heat, rain):
    return {"heat": heat, "rain": rain}


@meadow.draw
def meadow_picture(data):
    return Plot(())


@meadow.values
def meadow_values(data):
    return {"heat": data["heat"]}


@figure(parameters=(RAIN,), title="What falls", controls=("rain",))
def cloud(rain):
    return {}


@cloud.draw
def cloud_picture(data):
    return Plot(())


@figure(parameters=(HEAT,), title="Heat", controls=("heat",))
def stove(heat):
    return {}


FIGURES = {one.name: one for one in (meadow, cloud, stove)}
ESSAY = """---
title: Weather
---

Words before all.

# First

Before the meadow.<a class='footstart' key='k'></a>

<div class='meadow row'></div>

Make it <animate data-animate='hot'>hot</animate>, now <data value='meadow.heat'></data>. See [above](#first).

## Nothing to see

Only words.

# Second

<div class='sticky-container'>
<div class='meadow row sticky'></div>

Beside it.

<div class='cloud row'></div>
<div class='stove row'></div>

Under the cloud it is <animate data-animate='wet'>wet</animate>.

</div>

<a class='footend' key='k'></a> A note.
"""


@pytest.fixture(scope="module")
def deck():
    return make_deck(render(parse_document(ESSAY), FigureMounts(FIGURES)).root, FIGURES)


def test_each_figure_that_draws_has_a_slide_under_its_heading(deck):
    assert [(slide.figure, slide.heading) for slide in deck.slides] == [
        ("meadow", "First"),
        ("meadow", "Second"),
        ("cloud", "Second"),
    ]
    assert "Words before all." in deck.opening


def test_the_controls_of_a_section_move_all_its_figures(deck):
    assert [slide.controls for slide in deck.slides] == [(), ("heat", "rain"), ("rain",)]


def test_all_prose_is_somebodys_notes_and_once(deck):
    notes = [slide.notes for slide in deck.slides]
    for words, at in (
        ("Before the meadow.", 0),
        ("Make it", 0),
        ("Only words.", 0),
        ("Beside it.", 1),
        ("Under the cloud", 2),
    ):
        assert [words in note for note in notes] == [i == at for i in range(3)], words
    assert "Nothing to see</h3>" in notes[0]


def test_notes_hold_live_numbers_but_no_marks_ids_or_links_within_the_page(deck):
    notes = "".join(slide.notes for slide in deck.slides)
    assert 'data-value="meadow.heat"' in notes and "A note." not in notes
    assert "footnote-ref" not in notes and " id=" not in notes and 'href="#' not in notes


def test_words_lead_the_figures_that_they_concern(deck):
    assert [slide.words for slide in deck.slides] == [
        (("hot", "heat=1"),),
        (("wet", "rain=1"),),
        (("wet", "rain=1"),),
    ]


def test_an_essay_without_figures_is_a_title_and_its_words():
    deck = make_deck(
        render(parse_document("---\ntitle: T\n---\n\nWords.\n\n# Head & tail\n\nMore.\n")).root, {}
    )
    assert not deck.slides and "Words." in deck.opening and "Head &amp; tail</h3>" in deck.opening


def test_a_figure_before_any_heading_is_headed_by_its_own_title():
    deck = make_deck(
        render(
            parse_document("---\ntitle: T\n---\n\n<div class='cloud'></div>\n"), FigureMounts(FIGURES)
        ).root,
        FIGURES,
    )
    assert [slide.heading for slide in deck.slides] == ["What falls"]
