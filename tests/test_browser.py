"""The essay in a real browser: mouse, keys, addresses, and a browser without scripts."""

import re

import pytest
from playwright.sync_api import expect

import infodecomp
from tests.first_essay import ESSAY
from tests.pages import state_of, wait_for_fit, wait_for_frames, wait_for_page, wait_for_query

pytestmark = pytest.mark.browser
STORMS = infodecomp.two_source_joint([[0.1, 0.2], [0.3, 0.9]])


def information(bits_a: float, bits_b: float, joint=STORMS) -> str:
    return f"{infodecomp.allocation_information(joint, bits_a, bits_b).item():.3f}"


def lost_in_text(page):
    """The number in the text that says how many bits the present allocation wastes."""
    return page.locator('[data-value="storm-telegraph.lost"]').first


def sentence(page, figure="storm-telegraph"):
    """The sentence below a figure."""
    return page.locator(f"#{figure} .says")


def lost(bits_a: float, bits_b: float) -> str:
    best = infodecomp.information_frontier(STORMS, [bits_a + bits_b]).information
    return f"{(best - infodecomp.allocation_information(STORMS, bits_a, bits_b)).item():.3f}"


def handle(page, figure="storm-telegraph", index=0):
    return page.locator(f"#{figure} .handle").nth(index)


def drag(page, locator, dx, dy):
    wait_for_frames(page)  # no mouse is faster than a frame
    box = locator.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx / 2, y + dy / 2)
    page.mouse.move(x + dx, y + dy)
    page.mouse.up()


def test_a_slider_dragged_with_the_mouse_moves_picture_numbers_and_address(open_page):
    page = open_page(ESSAY)
    before = page.locator("#storm-telegraph svg").inner_html()
    slider = page.locator('input[data-parameter="bits_b"]').first
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    page.mouse.move(box["x"] + 11 + 0.8 * (box["width"] - 22), box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=8)
    page.mouse.up()
    wait_for_query(page, "bits_b=.5")
    expect(lost_in_text(page)).to_have_text(lost(0.2, 0.5))
    expect(sentence(page)).to_contain_text(information(0.2, 0.5))
    assert page.locator("#storm-telegraph svg").inner_html() != before
    left = infodecomp.entropy(STORMS.sum((0, 1))) - infodecomp.allocation_information(STORMS, 0.2, 0.5)
    assert f"{left.item():.3f} bits left to know" in slider.get_attribute("aria-valuetext")
    assert "0.50 bits from town B" in slider.get_attribute("aria-valuetext")


def test_a_slider_moves_with_the_arrow_keys(open_page):
    page = open_page(ESSAY)
    page.locator('input[data-parameter="bits_a"]').first.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    wait_for_query(page, "bits_a=.25")
    expect(lost_in_text(page)).to_have_text(lost(0.25, 0.8))
    expect(sentence(page)).to_contain_text(information(0.25, 0.8))
    expect(page.locator("#announcement")).to_have_text(re.compile("^0.25 bits"))


def shows_the_state_of_its_address(page) -> bool:
    """Whether the sentence and the handle of the plane belong to the state in the address."""
    state = {"bits_a": "0.2", "bits_b": "0.8"} | state_of(page)
    bits_a, bits_b = float(state["bits_a"]), float(state["bits_b"])
    shown = float(handle(page).get_attribute("aria-valuenow"))
    return information(bits_a, bits_b) in sentence(page).inner_text() and abs(shown - bits_a) < 1e-6


def test_the_point_follows_the_mouse_and_the_keys(open_page):
    page = open_page(ESSAY)
    wait_for_fit(page, "storm-telegraph")
    drag(page, handle(page), 0, -38)
    wait_for_page(page, lambda: "bits_a" in state_of(page) and shows_the_state_of_its_address(page))
    now = {name: float(value) for name, value in state_of(page).items()}
    assert now["bits_a"] + now.get("bits_b", 0.8) == pytest.approx(1, abs=0.02)  # straight up: the same cost
    assert float(information(now["bits_a"], now.get("bits_b", 0.8))) > float(information(0.2, 0.8)) + 0.02
    handle(page).focus()
    page.keyboard.press("ArrowRight")
    wait_for_query(page, f"bits_a={now['bits_a'] + 0.01:.2f}".replace("=0.", "=."))
    page.keyboard.press("PageDown")
    lower = now.get("bits_b", 0.8) - 0.1
    wait_for_page(page, lambda: float(state_of(page).get("bits_b", 0.8)) == pytest.approx(lower, abs=1e-9))
    wait_for_page(page, lambda: shows_the_state_of_its_address(page))
    assert page.evaluate("document.activeElement.classList.contains('handle')"), (
        "the focus outlives the picture"
    )


def test_a_cell_of_the_joint_is_dragged_up_and_the_other_figures_follow(open_page):
    page = open_page(ESSAY)
    cell = handle(page, "storm-heatmap", 0)
    wait_for_fit(page, "storm-heatmap")
    drag(page, cell, 0, -30)
    page.wait_for_url(re.compile("p00="))
    p00 = float(state_of(page)["p00"])
    assert 0.2 < p00 < 0.5
    joint = infodecomp.two_source_joint([[p00, 0.2], [0.3, 0.9]])
    expect(page.locator('input[data-parameter="p00"]').first).to_have_value(f"{p00:g}")
    expect(sentence(page)).to_contain_text(information(0.2, 0.8, joint))
    page.keyboard.press("ArrowDown")
    wait_for_query(page, f"p00={p00 - 0.01:.2f}".replace("=0.", "=."))


def test_a_word_drives_the_figures_and_an_address_brings_the_state_back(open_page):
    page = open_page(ESSAY)
    page.get_by_role("link", name="XOR", exact=True).click()
    wait_for_query(page, "p00=0&p01=1&p10=1&p11=0")
    expect(page.locator("#storm-telegraph .says")).to_contain_text("teaches you 0.286")
    says = page.locator("#storm-telegraph .says").inner_text()
    again = open_page(page.url.partition("127.0.0.1")[2].partition("/")[2].join(["/", ""]))
    assert again.locator("#storm-telegraph .says").inner_text() == says
    assert again.locator('input[data-parameter="p00"]').first.input_value() == "0"


def test_hovering_over_a_dot_shows_its_allocation(open_page):
    page = open_page(ESSAY)
    wait_for_fit(page, "storm-telegraph")
    box = page.locator("#storm-telegraph .plane").bounding_box()
    tip, pixels = page.locator(".tip:not([hidden])"), iter(range(1000))

    def is_shown_after_a_small_move() -> bool:
        x = box["x"] + box["width"] * 0.25 + next(pixels) % 3
        page.mouse.move(x, box["y"] + box["height"] * 0.78)
        return tip.count() == 1

    wait_for_page(page, is_shown_after_a_small_move)
    words = tip.inner_text()
    a, b, learnt = (
        float(n)
        for n in re.match(r"([\d.]+) bits from A \+ ([\d.]+) from B: ([\d.]+) learnt", words).groups()
    )
    assert float(information(a, b)) == pytest.approx(learnt, abs=0.003)
    page.mouse.move(5, 5)
    expect(tip).to_have_count(0)


def test_a_burst_of_changes_ends_in_the_last_state(open_page):
    page = open_page(ESSAY)
    wait_for_fit(page, "storm-telegraph")
    requests = page.evaluate("""async () => {
        const input = document.querySelector('input[data-parameter=bits_a]')
        let requests = 0
        const real = window.fetch
        window.fetch = (...given) => { if (given[0].includes('telegraph')) requests++; return real(...given) }
        for (let i = 0; i < 60; i++) {
            input.value = String((20 + i) / 100)
            input.dispatchEvent(new Event('input', { bubbles: true }))
            await new Promise(requestAnimationFrame)
        }
        return requests
    }""")
    assert requests <= 60
    expect(page.locator("#storm-telegraph .handle")).to_have_attribute("aria-valuenow", "0.79")
    expect(lost_in_text(page)).to_have_text(lost(0.79, 0.8))


def test_without_script_the_figures_are_there_and_the_sliders_are_a_form(open_page):
    page = open_page(ESSAY, java_script_enabled=False)
    assert page.locator("#storm-telegraph svg").first.is_visible()
    page.locator('input[data-parameter="bits_a"]').first.press("ArrowRight")
    page.locator("#storm-transmission-sliders button").click()
    assert "bits_a=0.21" in page.url and "bits_b=0.8" in page.url
    assert "0.21 bits from town A" in page.locator("#storm-telegraph .says").inner_text()


def test_a_server_that_goes_away_is_said_and_waited_for(open_page):
    page = open_page(ESSAY)
    page.route(re.compile("/figures[./]"), lambda route: route.abort())
    page.locator('input[data-parameter="bits_a"]').first.press("ArrowRight")
    page.locator("#storm-telegraph .trouble").wait_for(state="visible")
    assert "does not answer" in page.locator("#storm-telegraph .trouble").inner_text()
    page.unroute(re.compile("/figures[./]"))
    page.locator("#storm-telegraph .trouble").wait_for(state="hidden", timeout=8000)
    assert "0.21 bits from town A" in page.locator("#storm-telegraph .says").inner_text()
    open_page.complaints[:] = [c for c in open_page.complaints if "ERR_FAILED" not in c]


@pytest.mark.parametrize("width", [390, 320])
def test_a_phone_gets_a_picture_drawn_for_it(open_page, width):
    page = open_page(ESSAY, viewport={"width": width, "height": 800})
    page.evaluate("document.querySelectorAll('article > details').forEach(fold => fold.open = true)")
    figures = page.locator(".figure:has(.picture)").all()
    assert len(figures) > 3
    for figure in figures:
        figure.scroll_into_view_if_needed()
        fitted = f".picture:not(.pending) svg[viewBox^='0 0 {width - 40} ']"
        expect(figure.locator(fitted)).to_have_count(1)
        smallest = figure.evaluate("""figure => Math.min(...[...figure.querySelectorAll('.picture text')].map(
            text => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a))""")
        assert smallest >= 10.9, figure.get_attribute("id")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_two_hundred_moves_leave_nothing_behind(open_page):
    page = open_page(ESSAY)
    slider = page.locator('input[data-parameter="bits_a"]').first
    slider.focus()
    wait_for_fit(page, "storm-telegraph")
    nodes = page.evaluate("document.querySelectorAll('*').length")
    for i in range(201):
        page.keyboard.press("ArrowLeft" if i % 2 else "ArrowRight")
    wait_for_query(page, "bits_a=.21")
    expect(page.locator("#storm-telegraph .handle")).to_have_attribute("aria-valuenow", "0.21")
    assert abs(page.evaluate("document.querySelectorAll('*').length") - nodes) <= 5
    assert nodes <= 3000


def test_presets_are_links_that_work_with_keys_and_without_script(open_page):
    page = open_page(ESSAY)
    page.locator("#storm-presets").scroll_into_view_if_needed()  # its picture is fetched as it comes near
    page.locator("#storm-presets .pick").nth(3).focus()
    page.keyboard.press("Enter")
    wait_for_query(page, "p00=0&p01=0&p10=0&p11=1")
    expect(page.locator("#storm-presets .says")).to_contain_text("Now: AND.")
    plain = open_page(ESSAY + "?_pictures=all", java_script_enabled=False)
    plain.locator("#storm-presets .pick").nth(5).dispatch_event("click")
    plain.wait_for_url(re.compile("p00=0&p01=1&p10=1&p11=0"))
    expect(plain.locator("#storm-presets .says")).to_contain_text("Now: XOR.")


def test_a_budget_is_moved_from_one_town_to_the_other(open_page):
    page = open_page(ESSAY)
    page.get_by_role("link", name="fix a budget").click()
    trade = page.locator('input[data-parameter="trade"]').first
    expect(trade).to_be_visible()
    expect(page.locator('input[data-parameter="bits_a"]').first).to_be_hidden()
    trade.focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    wait_for_query(page, "mode=budget&trade=.3")
    expect(sentence(page)).to_contain_text(information(0.3, 0.7))
    page.locator('input[data-parameter="mode"][value="each"]').first.check(force=True)
    wait_for_query(page, "bits_a=.3&bits_b=.7")


def test_two_mounts_of_a_choice_move_together(open_page):
    page = open_page(ESSAY)
    page.locator('#storm-telegraph input[value="left"]').check(force=True)
    wait_for_query(page, "show=left")
    expect(page.locator('#storm-telegraph-2 input[value="left"]')).to_be_checked()
    expect(page.locator('#storm-telegraph input[value="left"]')).to_be_checked()


def test_a_picture_that_stays_the_same_is_not_put_in_place_again(open_page):
    page = open_page(ESSAY + "?_pictures=all")
    slider, tiles = page.locator("#storm-probability-sliders-p11"), page.locator("#storm-presets")
    slider.press("ArrowLeft")
    expect(tiles.locator(".says")).to_contain_text("weather of your own")
    page.evaluate("document.querySelector('#storm-presets .drawn > svg').dataset.seen = ''")
    plane = page.locator("#storm-telegraph-2 .drawn > svg")
    before = plane.get_attribute("aria-label")
    slider.press("ArrowLeft")
    expect(plane).not_to_have_attribute("aria-label", before)
    expect(tiles.locator("svg[data-seen]")).to_have_count(1)
    page.get_by_role("link", name="XOR", exact=True).click()
    expect(tiles.locator("svg[data-seen]")).to_have_count(0)
