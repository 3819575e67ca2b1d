"""The social card of an essay: everything stays inside it, however long title and question are."""

import re
import xml.etree.ElementTree as ET

import pytest

from infodecomp.explorable import Axis, Line, Plot, figure
from infodecomp.explorable.exports.social_card import BOTTOM, CARD_SIZE, PANEL, TEXT_WIDTH, social_card
from infodecomp.explorable.graphics.slide_layout import NARROWEST
from infodecomp.explorable.graphics.text_metrics import text_width

QUESTIONS = {"none": "", "short": "Which bit first?", "long": "What is a bit worth, and to whom? " * 20}


@figure(title="A rising line")
def rising():
    return {}


@rising.draw
def picture(data):
    return Plot((Line((0, 1), (0, 1), "ink"),), Axis("bits", (0, 1)), Axis("worth", (0, 1)))


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("title", ["Bits", "Where does it all go in the end?", "Incomprehensibilities " * 9])
def test_title_and_question_fit_beside_the_picture(title, question):
    svg = social_card(title, QUESTIONS[question], "A site · 3 minutes", rising())
    ET.fromstring(svg)
    assert f'width="{CARD_SIZE[0]}" height="{CARD_SIZE[1]}"' in svg
    lines = re.findall(r'<text x="60" y="([\d.]+)" font-size="(\d+)" font-weight="(\d+)"[^>]*>([^<]*)', svg)
    for y, size, weight, words in lines:
        assert float(y) < BOTTOM + 40 and text_width(words, float(size), int(weight)) <= TEXT_WIDTH < PANEL[0]
    assert lines[0][3].startswith(title.split()[0])


def test_a_card_needs_no_figure():
    assert "Bits" in social_card("Bits", "", "A site", None)


def test_a_low_picture_is_drawn_no_narrower_than_on_the_smallest_page(low_figure):
    svg = social_card("Bits", "", "A site", low_figure())
    scale = float(re.search(r"scale\(([\d.]+)\)", svg)[1])
    assert (PANEL[2] - 48) / scale >= NARROWEST


@pytest.fixture
def low_figure():
    low = figure(title="A low picture")(lambda: {})
    low.draw(lambda data: Plot((Line((0, 1), (0, 1), "ink"),), Axis("bits"), Axis(), ratio=0.1))
    return low
