"""The slides of an essay: their headings, controls, links and notes."""

import re

import pytest

from infodecomp.explorable import Choice, IterationSlider, Plot, Range, Toggle, figure
from infodecomp.explorable.figures.parameters import FreeText
from infodecomp.explorable.markup.page import render
from infodecomp.explorable.markup.reading.documents import parse_document
from infodecomp.explorable.pages.slide_links import StateLink, button_texts
from infodecomp.explorable.pages.slides import make_slides
from infodecomp.explorable.site.mounts import FigureMounts
from tests import first_essay

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


FIGURES = {figure.name: figure for figure in (meadow, cloud, stove)}
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
    return make_slides(render(parse_document(ESSAY), FigureMounts(FIGURES)).root, FIGURES)


def test_each_drawn_figure_has_a_slide_under_the_heading_of_its_section(deck):
    assert [(slide.figure, slide.heading) for slide in deck.slides] == [
        ("meadow", "First"),
        ("meadow", "Second"),
        ("cloud", "Second"),
    ]
    assert "Words before all." in deck.opening


def test_the_controls_of_a_section_apply_to_all_its_figures(deck):
    assert [slide.controls for slide in deck.slides] == [(), ("heat", "rain"), ("rain",)]


def test_each_paragraph_is_in_the_notes_of_one_slide(deck):
    notes = [slide.notes for slide in deck.slides]
    for text, position in (
        ("Before the meadow.", 0),
        ("Make it", 0),
        ("Only words.", 0),
        ("Beside it.", 1),
        ("Under the cloud", 2),
    ):
        assert [text in note for note in notes] == [i == position for i in range(3)], text
    assert "Nothing to see</h3>" in notes[0]


def test_notes_keep_live_numbers_but_no_reference_marks_ids_or_internal_links(deck):
    notes = "".join(slide.notes for slide in deck.slides)
    assert 'data-value="meadow.heat"' in notes and "A note." not in notes
    assert "footnote-ref" not in notes and " id=" not in notes and 'href="#' not in notes


def test_links_belong_to_the_figures_whose_parameters_they_set(deck):
    assert [slide.links for slide in deck.slides] == [
        (("heat: 1", "heat=1"),),
        (("rain: 1", "rain=1"),),
        (("rain: 1", "rain=1"),),
    ]


def test_a_button_says_what_it_sets():
    points = Choice(name="points", label="points", default="moons", options={"moons": "moons", "xor": "XOR"})
    layer = Choice(name="layer", label="neurons: all", default="3", options={"2": "two", "3": "three"})
    step = IterationSlider(name="step", label="step", default=0, high=100)
    shown = Toggle(name="shown", label="Show them")
    width = Range(name="width", label="width", default=0.5, low=0, high=9, unit="bits")
    board = FreeText(name="board", label="board", allowed="letters", default="")
    parameters = (points, layer, step, shown, width, board, HEAT, RAIN)

    def texts(*queries):
        return [text for text, _ in button_texts([StateLink("own", q) for q in queries], parameters)]

    assert texts("points=xor&layer=2&step=100", "points=moons&layer=3&step=100") == [
        "points: XOR · neurons: all two",
        "points: moons · neurons: all three",
    ]
    assert texts("step=100", "width=1.50", "shown=1") == ["step: 100", "width: 1.5 bits", "Show them"]
    assert texts("board=abc", "width=2&heat=0&rain=0&layer=2") == ["own"], "one button for each text"
    assert texts("else=1", "points=moons") == ["points: moons"]


def closing_of(text):
    essay = ESSAY.partition("<a class='footend'")[0] + text
    essay = essay.replace("<a class='footstart' key='k'></a>", "")
    return make_slides(render(parse_document(essay), FigureMounts(FIGURES)).root, FIGURES)


def test_the_last_slide_has_the_points_of_the_section_after_the_last_movable_figure():
    deck = closing_of(
        "# The end\n\n**Rain matters.** It is wet. More.\n\nA **small** word.\n\n# How\n\nBy hand.\n"
    )
    assert deck.closing.heading == "The end" and deck.closing.points == (("Rain matters.", "It is wet."),)
    assert "By hand." in deck.closing.notes and "By hand." not in deck.slides[-1].notes
    deck = closing_of("# The end\n\nFirst.\n\nIt was wet. It took 1.5 days. And so:\n")
    assert deck.closing.points == (("", "It was wet. It took 1.5 days."),)


def test_a_deck_whose_last_section_has_a_movable_figure_has_no_closing_slide(deck):
    assert deck.closing is None


def test_the_last_two_slides_of_an_essay_have_different_headings(client, services):
    for document in services.site.library.essays():
        page = client.get(f"/essays/{document.slug}/slides").text
        headings = re.findall(r"<h2[^>]*>(.*?)</h2>", page, re.DOTALL)
        assert headings[-1] != headings[-2], document.slug


def test_an_essay_without_figures_has_only_a_title_slide():
    deck = make_slides(
        render(parse_document("---\ntitle: T\n---\n\nWords.\n\n# Head & tail\n\nMore.\n")).root, {}
    )
    assert not deck.slides and "Words." in deck.opening and "Head &amp; tail</h3>" in deck.opening


def test_a_figure_before_any_heading_has_its_own_title_as_heading():
    deck = make_slides(
        render(
            parse_document("---\ntitle: T\n---\n\n<div class='cloud'></div>\n"), FigureMounts(FIGURES)
        ).root,
        FIGURES,
    )
    assert [slide.heading for slide in deck.slides] == ["What falls"]


def test_an_address_chooses_slides_their_order_and_the_title(client):
    def page(query):
        return client.get(f"{first_essay.ESSAY}/slides?{query}")

    headings = re.findall(r"<h2>(.*?)</h2>", page("").text)
    chosen = page("slides=3-4,1,2&title=My <own> title&bits_a=.4")
    assert re.findall(r"<h2>(.*?)</h2>", chosen.text) == [headings[i] for i in (1, 2, 0)]
    assert "<h1>My &lt;own&gt; title</h1>" in chosen.text
    labels = re.findall(r'aria-label="(Slide [^"]*)"', chosen.text)
    assert labels == [f"Slide {number} of 4" for number in (1, 2, 3, 4)]
    assert chosen.text.index("<h1>") > chosen.text.index("Slide 3 of 4"), "the title slide comes third"
    assert 'name="_slides" value="3-4,1,2"' in chosen.text, "a form without scripts keeps the choice"
    assert "<h1>" not in page("_slides=2").text


@pytest.mark.parametrize(
    "query, words",
    [
        ("slides=99", "from 1 to"),
        ("slides=3-2", "no slide or range"),
        ("slides=a", "no slide or range"),
        ("slides=2,1-3", "names slide 2 twice"),
        ("title=", "0 characters"),
        (f"title={'x' * 121}", "121 characters"),
        ("qr=yes", "neither on nor off"),
    ],
)
def test_a_bad_choice_of_slides_is_refused(client, query, words):
    reply = client.get(f"{first_essay.ESSAY}/slides?{query}", headers={"Accept": "application/json"})
    assert reply.status_code == 400 and words in reply.text


def test_slides_carry_the_code_of_their_state_where_it_can_be_reached(client):
    def page(query, **options):
        return client.get(f"{first_essay.ESSAY}/slides?{query}", **options)

    public = {"base_url": "https://talks.example"}
    plain, coded = (page(f"slides=1,2,7&bits_a=.4{more}", **public).text for more in ("", "&qr=1"))
    assert plain.count('class="code"') == 0 and coded.count('class="code"') == 2, "the title slide has none"
    assert 'src="/figures/storm-telegraph.qr?bits_a=.4"' in coded and 'name="_qr" value="1"' in coded
    refused = page("qr=1", headers={"Accept": "application/json"})
    assert refused.status_code == 404 and "INFODECOMP_ORIGIN" in refused.json["detail"]
