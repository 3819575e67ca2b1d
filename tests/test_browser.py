"""The essay in a real browser: hands, keys, addresses, and a browser with no script."""

import re

import pytest
from playwright.sync_api import expect

import infodecomp
from tests.first_essay import ESSAY

pytestmark = pytest.mark.browser
STORMS = infodecomp.two_source_joint([[0.1, 0.2], [0.3, 0.9]])


def worth(bits_a: float, bits_b: float, joint=STORMS) -> str:
    return f"{infodecomp.allocation_information(joint, bits_a, bits_b).item():.3f}"


def settled(page, query: str) -> None:
    """Wait until the address holds the state, which is written when the hand rests."""
    page.wait_for_url(re.compile(re.escape(query)), timeout=5000)
    page.wait_for_timeout(150)


def state(page) -> dict:
    return dict(re.findall(r"(\w+)=([\d.]+)", page.url))


def live(page, name: str) -> str:
    return page.locator(f'[data-value="storm-telegraph.{name}"]').first.inner_text()


def lost(bits_a: float, bits_b: float) -> str:
    best = infodecomp.information_frontier(STORMS, [bits_a + bits_b]).information
    return f"{(best - infodecomp.allocation_information(STORMS, bits_a, bits_b)).item():.3f}"


def handle(page, figure="storm-telegraph", index=0):
    return page.locator(f"#{figure} .handle").nth(index)


def drag(page, locator, dx, dy):
    page.evaluate(
        "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )  # no hand is faster than a frame
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
    settled(page, "bits_b=.5")
    assert page.locator("#storm-telegraph svg").inner_html() != before
    assert live(page, "lost") == lost(0.2, 0.5)
    assert worth(0.2, 0.5) in page.locator("#storm-telegraph .says").inner_text()
    left = infodecomp.entropy(STORMS.sum((0, 1))) - infodecomp.allocation_information(STORMS, 0.2, 0.5)
    assert f"{left.item():.3f} bits left to know" in slider.get_attribute("aria-valuetext")
    assert "0.50 bits from town B" in slider.get_attribute("aria-valuetext")


def test_a_slider_moves_with_the_arrow_keys(open_page):
    page = open_page(ESSAY)
    page.locator('input[data-parameter="bits_a"]').first.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    settled(page, "bits_a=.25")
    assert live(page, "lost") == lost(0.25, 0.8)
    assert worth(0.25, 0.8) in page.locator("#storm-telegraph .says").inner_text()
    expect(page.locator("#announcement")).to_have_text(re.compile("^0.25 bits"))


def test_the_point_follows_the_hand_and_the_keys(open_page):
    page = open_page(ESSAY)
    handle(page).scroll_into_view_if_needed()
    drag(page, handle(page), 0, -38)
    page.wait_for_url(re.compile("bits_a="))
    page.wait_for_timeout(300)
    now = {name: float(value) for name, value in state(page).items()}
    assert now["bits_a"] + now.get("bits_b", 0.8) == pytest.approx(1, abs=0.02)  # straight up: the same cost
    assert float(worth(now["bits_a"], now.get("bits_b", 0.8))) > float(worth(0.2, 0.8)) + 0.02
    handle(page).focus()
    page.keyboard.press("ArrowRight")
    settled(page, f"bits_a={now['bits_a'] + 0.01:.2f}".replace("=0.", "=."))
    page.keyboard.press("PageDown")
    page.wait_for_timeout(400)
    assert float(state(page).get("bits_b", 0.8)) == pytest.approx(now.get("bits_b", 0.8) - 0.1, abs=1e-9)
    assert page.evaluate("document.activeElement.classList.contains('handle')"), (
        "the focus outlives the picture"
    )


def test_a_cell_of_the_joint_is_dragged_up_and_the_other_figures_follow(open_page):
    page = open_page(ESSAY)
    cell = handle(page, "storm-heatmap", 0)
    cell.scroll_into_view_if_needed()
    drag(page, cell, 0, -30)
    page.wait_for_url(re.compile("p00="))
    page.wait_for_timeout(600)
    p00 = float(state(page)["p00"])
    assert 0.2 < p00 < 0.5
    joint = infodecomp.two_source_joint([[p00, 0.2], [0.3, 0.9]])
    assert page.locator('input[data-parameter="p00"]').first.input_value() == f"{p00:g}"
    assert worth(0.2, 0.8, joint) in page.locator("#storm-telegraph .says").inner_text()
    page.keyboard.press("ArrowDown")
    settled(page, f"p00={p00 - 0.01:.2f}".replace("=0.", "=."))


def test_a_word_drives_the_figures_and_an_address_brings_the_state_back(open_page):
    page = open_page(ESSAY)
    page.get_by_role("link", name="XOR", exact=True).click()
    settled(page, "p00=0&p01=1&p10=1&p11=0")
    expect(page.locator("#storm-telegraph .says")).to_contain_text("teaches 0.286")
    says = page.locator("#storm-telegraph .says").inner_text()
    again = open_page(page.url.partition("127.0.0.1")[2].partition("/")[2].join(["/", ""]))
    assert again.locator("#storm-telegraph .says").inner_text() == says
    assert again.locator('input[data-parameter="p00"]').first.input_value() == "0"


def test_hovering_a_dot_tells_its_allocation(open_page):
    page = open_page(ESSAY)
    page.locator("#storm-telegraph").scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    box = page.locator("#storm-telegraph .plane").bounding_box()
    for step in range(3):
        page.mouse.move(box["x"] + box["width"] * 0.25 + step, box["y"] + box["height"] * 0.78)
        page.wait_for_timeout(250)
    words = page.locator(".tip:not([hidden])").inner_text()
    a, b, learnt = (
        float(n)
        for n in re.match(r"([\d.]+) bits from A \+ ([\d.]+) from B: ([\d.]+) learnt", words).groups()
    )
    assert float(worth(a, b)) == pytest.approx(learnt, abs=0.003)
    page.mouse.move(5, 5)
    assert page.locator(".tip:not([hidden])").count() == 0


def test_a_burst_of_changes_ends_in_the_last_state(open_page):
    page = open_page(ESSAY)
    page.locator("#storm-telegraph").scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    counts = page.evaluate("""async () => {
        const input = document.querySelector('input[data-parameter=bits_a]')
        let requests = 0
        const real = window.fetch
        window.fetch = (...given) => { if (given[0].includes('telegraph')) requests++; return real(...given) }
        for (let i = 0; i < 60; i++) {
            input.value = String((20 + i) / 100)
            input.dispatchEvent(new Event('input', { bubbles: true }))
            await new Promise(done => setTimeout(done, 8))
        }
        await new Promise(done => setTimeout(done, 500))
        return requests
    }""")
    assert counts <= 60
    assert live(page, "lost") == lost(0.79, 0.8)
    assert page.locator("#storm-telegraph .handle").get_attribute("aria-valuenow") == "0.79"


def test_without_script_the_figures_are_there_and_the_sliders_are_a_form(open_page):
    page = open_page(ESSAY, java_script_enabled=False)
    assert page.locator("#storm-telegraph svg").first.is_visible()
    page.locator('input[data-parameter="bits_a"]').first.press("ArrowRight")
    page.locator("#storm-transmission-sliders button").click()
    assert "bits_a=0.21" in page.url and "bits_b=0.8" in page.url
    assert "0.21 bits from town A" in page.locator("#storm-telegraph .says").inner_text()


def test_a_server_that_goes_away_is_said_and_waited_for(open_page):
    page = open_page(ESSAY)
    page.route("**/figures/**", lambda route: route.abort())
    page.locator('input[data-parameter="bits_a"]').first.press("ArrowRight")
    page.locator("#storm-telegraph .trouble").wait_for(state="visible")
    assert "does not answer" in page.locator("#storm-telegraph .trouble").inner_text()
    page.unroute("**/figures/**")
    page.locator("#storm-telegraph .trouble").wait_for(state="hidden", timeout=8000)
    assert "0.21 bits from town A" in page.locator("#storm-telegraph .says").inner_text()
    open_page.complaints[:] = [c for c in open_page.complaints if "ERR_FAILED" not in c]


@pytest.mark.parametrize("width", [390, 320])
def test_a_phone_gets_a_picture_drawn_for_it(open_page, width):
    page = open_page(ESSAY, viewport={"width": width, "height": 800})
    for figure in page.locator(".figure:has(.picture)").all():
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
    page.wait_for_timeout(300)
    nodes = page.evaluate("document.querySelectorAll('*').length")
    for i in range(200):
        page.keyboard.press("ArrowRight" if i % 2 else "ArrowLeft")
    page.wait_for_timeout(500)
    assert abs(page.evaluate("document.querySelectorAll('*').length") - nodes) <= 5
    assert nodes <= 3000


def test_presets_are_links_that_work_with_keys_and_without_script(open_page):
    page = open_page(ESSAY)
    page.locator("#storm-presets .pick").nth(3).focus()
    page.keyboard.press("Enter")
    settled(page, "p00=0&p01=0&p10=0&p11=1")
    expect(page.locator("#storm-presets .says")).to_have_text("Now: AND.")
    plain = open_page(ESSAY, java_script_enabled=False)
    plain.locator("#storm-presets .pick").nth(5).dispatch_event("click")
    plain.wait_for_url(re.compile("p00=0&p01=1&p10=1&p11=0"))
    expect(plain.locator("#storm-presets .says")).to_have_text("Now: XOR.")


def test_a_budget_is_moved_from_one_town_to_the_other(open_page):
    page = open_page(ESSAY)
    page.get_by_role("link", name="fix a budget").click()
    trade = page.locator('input[data-parameter="trade"]').first
    expect(trade).to_be_visible()
    expect(page.locator('input[data-parameter="bits_a"]').first).to_be_hidden()
    trade.focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    settled(page, "mode=budget&trade=.3")
    assert worth(0.3, 0.7) in page.locator("#storm-telegraph .says").inner_text()
    page.locator('input[data-parameter="mode"][value="each"]').first.check(force=True)
    settled(page, "bits_a=.3&bits_b=.7")


def test_two_mounts_of_a_choice_move_together(open_page):
    page = open_page(ESSAY)
    page.locator('#storm-telegraph input[value="left"]').check(force=True)
    settled(page, "show=left")
    expect(page.locator('#storm-telegraph-2 input[value="left"]')).to_be_checked()
    expect(page.locator('#storm-telegraph input[value="left"]')).to_be_checked()
