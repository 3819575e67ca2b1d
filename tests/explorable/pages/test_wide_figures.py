"""Figures that leave the column: declared in the essay's tag, with a place of known size at each width."""

import re

import pytest

from tests.first_essay import ESSAY


def element(page: str, name: str) -> str:
    """The HTML of a mounted figure."""
    return re.search(rf'<figure class="[^"]*" id="{name}".*?</figure>', page, re.S)[0]


def test_a_wide_figure_holds_the_place_of_its_picture_at_every_width(client):
    html = element(client.get(ESSAY).text, "tabular-decomp")
    assert html.startswith('<figure class="figure row wide tall"')
    places = dict(re.findall(r'<div class="drawn (\w+)"><svg width="(\d+)"', html))
    assert places == {"broad": "960", "middle": "800", "wide": "640", "narrow": "350"}


@pytest.mark.parametrize(("name", "query"), [("storm-telegraph", ""), ("tabular-decomp", "?_pictures=all")])
def test_other_figures_and_pages_with_all_pictures_keep_to_the_column(client, name, query):
    html = element(client.get(ESSAY + query).text, name)
    assert "wide" not in html.partition(">")[0]
    assert re.findall(r'<div class="drawn (\w+)">', html) == ["wide", "narrow"]


@pytest.mark.parametrize(("window", "width"), [(1600, 960), (1300, 800), (1279, 640), (390, 350)])
def test_a_wide_figure_takes_the_room_that_the_window_has_and_moves_nothing(open_page, window, width):
    page = open_page(ESSAY, viewport={"width": window, "height": 800})
    figure = page.locator("#tabular-decomp")
    before = figure.evaluate("node => [node.getBoundingClientRect().width, node.offsetHeight]")
    assert before[0] == pytest.approx(width, abs=1)
    figure.scroll_into_view_if_needed()
    page.wait_for_selector("#tabular-decomp .picture:not(.pending) svg .handle", state="attached")
    after = figure.evaluate("node => [node.getBoundingClientRect().width, node.offsetHeight]")
    assert after == pytest.approx(before, abs=1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
