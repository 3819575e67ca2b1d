"""The board on its page: live training, random boards, and finished states without script."""

import re

import pytest
from playwright.sync_api import expect

from infodecomp.experiments.boards import BOARDS, random_board
from tests.pages import wait_for_frames, wait_for_page

pytestmark = pytest.mark.browser


def says(page, figure="board-information"):
    return page.locator(f"#{figure} .says")


def step(page) -> int:
    return int(page.locator("#board-information input[data-parameter=step]").input_value())


def train(page):
    return page.locator("#board-information [data-plays=step]")


def test_a_random_board_is_learnt_and_searched_from_a_press_and_a_second_press_begins_afresh(open_page):
    page = open_page("/embed/board-information?board=" + random_board(7) + "&step=0&controls=full")
    page.set_default_timeout(25_000)
    expect(page.locator("#board-information svg")).to_contain_text("0% searched")
    train(page).click()
    expect(train(page)).to_have_text("Stop")
    expect(says(page)).to_contain_text("After 1,000 steps", timeout=25_000)
    expect(train(page)).to_have_text(re.compile("^Train"))
    expect(page.locator("#board-information svg")).not_to_contain_text("searched")
    finished = says(page).inner_text()
    train(page).click()
    wait_for_page(page, lambda: step(page) < 900)  # from the first step again
    expect(says(page)).to_have_text(finished, timeout=25_000)
    assert step(page) == 1000, "and the same end"


def test_every_step_is_reached_before_while_and_after_it_trains(open_page):
    page = open_page("/embed/board-information?board=" + random_board(8) + "&step=0&controls=full")
    page.set_default_timeout(25_000)
    slider = page.locator("#board-information input[data-parameter=step]")
    slider.fill("40")
    expect(says(page)).to_contain_text("After 40 steps")
    train(page).click()
    expect(train(page)).to_have_text("Stop")
    slider.fill("333")
    expect(says(page)).to_contain_text("After 333 steps")
    expect(train(page)).to_have_text(re.compile("^Train"))
    slider.fill("1000")
    expect(says(page)).to_contain_text("After 1,000 steps")
    slider.fill("1")
    expect(says(page)).to_contain_text("After 1 steps")


def test_without_script_every_preset_leads_to_its_finished_state(open_page, client):
    page = open_page("/embed/board-presets", java_script_enabled=False)
    for name, board in BOARDS.items():
        page.locator(".drawn.wide").get_by_role("link", name=name, exact=True).click()
        expect(page.locator(".drawn.wide .pick[aria-current]")).to_have_attribute("aria-label", name)
        query = re.search(r"\?(.*)", page.url)[1]
        assert f"board={board}" in query
        done = client.get(f"/embed/board-information?{query}").text
        assert (
            "After 1,000 steps" in done and "searched" not in re.search("<svg.*?</svg>", done, re.DOTALL)[0]
        )


def test_clouds_are_set_by_numbers_without_script_and_with_it(open_page):
    page = open_page("/embed/code-overlap", java_script_enabled=False)
    page.locator(".folded summary").click()
    page.get_by_role("spinbutton", name="value 1: middle").fill("-0.8")
    page.get_by_role("spinbutton", name="value 1: width").fill("0.6")
    page.get_by_role("button", name="Show it").click()
    expect(says(page, "code-overlap")).to_contain_text("1 and 2 are confused most")
    assert "mean_1=-0.8" in page.url and "width_1=0.6" in page.url
    page = open_page("/embed/code-overlap")
    before = says(page, "code-overlap").inner_text()
    page.locator(".folded summary").click()
    page.get_by_role("spinbutton", name="value 4: width").fill("1.2")
    expect(says(page, "code-overlap")).not_to_have_text(before)
    expect(page).to_have_url(re.compile("width_4=1.2"))


def test_chances_are_pressed_by_tenths(open_page):
    page = open_page("/embed/board-information?step=0&controls=full")
    page.set_default_timeout(15_000)
    page.get_by_text("takes .1").click()
    corner = page.locator("#board-information").get_by_role(
        "link", name=re.compile("^row 1, column 1: on; press to take .1")
    )
    corner.click()
    square = page.locator("#board-information").get_by_role(
        "link", name=re.compile("^row 1, column 1: a chance of 0.9")
    )
    square.press("Enter")
    expect(
        page.locator("#board-information").get_by_role(
            "link", name=re.compile("^row 1, column 1: a chance of 0.8")
        )
    ).to_be_visible()
    expect(page).to_have_url(re.compile("board=y100110000100001"))


def test_arrows_go_from_square_to_square_and_a_press_keeps_the_place(open_page):
    page = open_page("/embed/board-information?step=0&controls=full")
    page.set_default_timeout(15_000)
    squares = page.locator("#board-information")

    def square(place: str):
        return squares.get_by_role("link", name=re.compile(f"^{place}"))

    square("row 1, column 1").focus()
    for key, place in (
        ("ArrowRight", "row 1, column 2"),
        ("ArrowDown", "row 2, column 2"),
        ("ArrowDown", "row 3, column 2"),
        ("ArrowLeft", "row 3, column 1"),
        ("ArrowLeft", "row 3, column 1"),
        ("ArrowUp", "row 2, column 1"),
    ):
        page.keyboard.press(key)
        expect(square(place)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    wait_for_frames(page)
    expect(square("row 2, column 1: on")).to_be_focused()
    page.keyboard.press("Enter")
    expect(square("row 2, column 1: a chance of 0.5")).to_be_focused()
