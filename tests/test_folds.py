"""Parts that are folded away: a bet that is uncovered opens its answer, and what leads into one opens it."""

import re

import pytest
from playwright.sync_api import expect

from tests.first_essay import ESSAY, SITE

LAST, GROKKING = "/essays/same-computation", "/essays/grokking"
FIGURE_OF_BET = {
    "bet-layer-bits": "network-entropies",
    "bet-shared": "information-ratio",
    "bet-selves": "network-similarity",
    "bet-peaks": "broad-peaks",
    "bet-relation": "peak-and-compression",
    "bet-matches": "fuzzy-xor",
}


def test_the_figure_that_settles_a_bet_is_folded_below_it(client):
    page = client.get(LAST).text
    for bet, figure in FIGURE_OF_BET.items():
        between = page[page.index(f'id="{bet}"') : page.index(f'id="{figure}"')].partition("</figure>")[2]
        fold = r'\s*(</details>\s*)?<details class="answer">\s*<summary>[^<]+</summary>\s*<figure [^>]*'
        assert re.fullmatch(fold, between), figure


@pytest.mark.browser
def test_opening_an_answer_uncovers_its_bet_and_covering_the_bet_closes_it(open_page):
    page = open_page(LAST)
    figure = page.locator("#network-entropies")
    expect(figure).to_be_hidden()
    box = page.locator("#bet-layer-bits .toggle label")
    expect(box).to_be_hidden()
    page.locator("#bet-layer-bits + .answer > summary").click()
    expect(page.locator("#bet-layer-bits .says")).to_contain_text("It's 1.90")
    expect(figure).to_be_visible()
    expect(figure.locator(".picture:not(.pending) svg")).to_be_visible(timeout=15_000)
    expect(page.locator("#broad-peaks")).to_be_hidden()
    box.click()
    expect(figure).to_be_hidden()


@pytest.mark.browser
def test_opening_an_answer_uncovers_the_bet_and_leaves_the_focus_there(open_page):
    page = open_page(GROKKING)
    fold = page.locator("#grok-progress + .answer")
    number = fold.locator("[data-value='grok-progress.sparsity_steps']")
    assert number.text_content() == "770"
    fold.locator("summary").click()
    expect(page.locator("#grok-progress .toggle input")).to_be_checked()
    expect(page.locator("#grok-progress .toggle input")).to_be_focused()
    expect(number).to_have_text("770")
    page.keyboard.press("Space")
    expect(number).to_be_hidden()
    expect(fold.locator("summary")).to_be_focused()


@pytest.mark.browser
@pytest.mark.parametrize("path", [f"{LAST}?show_survivors=1", f"{LAST}#broad-peaks"])
def test_an_address_opens_the_answer_that_it_shows_or_leads_to(open_page, path):
    page = open_page(path)
    expect(page.locator("#broad-peaks")).to_be_visible()
    expect(page.locator("#network-entropies")).to_be_hidden()


@pytest.mark.browser
def test_a_word_elsewhere_opens_the_fold_of_the_picture_that_it_changes(open_page):
    page = open_page(LAST, viewport={"width": 390, "height": 844})
    page.locator(".footnotes a[data-set*='2-8-8-1']").click()
    expect(page.locator("#fuzzy-xor")).to_be_visible()
    expect(page.locator("#network-entropies")).to_be_hidden()


@pytest.mark.browser
def test_a_note_stands_beside_the_text_once_its_fold_is_open(open_page):
    page = open_page(ESSAY, viewport={"width": 1400, "height": 900})
    notes = page.locator(".sidenote")
    expect(notes).not_to_have_count(0)
    answer = page.locator("[data-side='fn-decisions']")
    expect(answer).to_have_count(0)
    page.locator("#storm-guess + .answer > summary").click()
    expect(answer).to_be_visible()


@pytest.mark.parametrize(
    ("path", "former"),
    [
        (GROKKING, "when-does-it-know-the-rest"),
        (GROKKING, "a-task-with-a-known-answer"),
        (GROKKING, "when-does-it-happen"),
        (GROKKING, "does-it-matter-how-its-written"),
        (LAST, "eight-ways-to-say-similar"),
    ],
)
def test_the_anchor_of_a_heading_that_has_another_name_now_still_leads_there(client, path, former):
    assert client.get(path).text.count(f'id="{former}"') == 1


def test_an_answer_has_its_numbers_also_on_paper_and_without_a_script(client):
    numbers = re.findall(r'data-value="grok-(?:ablate|progress)[^>]*>([^<]*)<', client.get(GROKKING).text)
    assert len(numbers) > 6 and "\u2026" not in numbers


def test_no_answer_is_open_before_the_reader_opens_it(client):
    for slug in SITE["order"]:
        assert '<details class="answer" open' not in client.get(f"/essays/{slug}").text
