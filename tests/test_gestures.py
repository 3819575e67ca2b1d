"""Gestures in a real browser: handles under the pointer, undo, reset, and fingers that scroll."""

import re

import pytest
from playwright.sync_api import expect

from tests.first_essay import ESSAY

pytestmark = pytest.mark.browser
FIGURES = re.compile("/figures[./]")  # requests for the state of a figure, or of several
VALUES = (
    "Object.fromEntries([...document.querySelectorAll('input[data-parameter]')]"
    ".filter(input => input.type === 'range' || input.checked)"
    ".map(input => [input.dataset.parameter, input.value]))"
)

PLACES = """() => [...document.querySelectorAll('[data-figure]')].flatMap(figure =>
    ['.picture', '.picture .handle .target', 'input[type=range]'].flatMap(kind => {
        const first = [...figure.querySelectorAll(kind)].find(node => node.checkVisibility())
        if (!first) return []
        const { left, top, width, height } = first.getBoundingClientRect()
        return [[left + width / 2, top + scrollY + height / 2]]
    }))"""  # in the middle of each picture, its first handle and its first slider


SHOWN = "[...document.querySelectorAll('.picture')].filter(node => node.checkVisibility()).length"


def touch(page, *points, session=None, lift=True):
    """A finger that goes from point to point."""
    session = session or page.context.new_cdp_session(page)
    for i, (x, y) in enumerate(points):
        kind = "touchMove" if i else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    if lift:
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def swipe(page, x, y, dx, dy, session=None):
    touch(page, *((x + dx * i / 2, y + dy * i / 2) for i in range(3)), session=session)


def centre(locator) -> tuple[float, float]:
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.fixture
def phone(open_page):
    def opened(path=ESSAY):
        return open_page(path, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)

    return opened


def test_a_swipe_up_over_any_figure_changes_no_parameter(phone, services):
    for document in services.site.library.essays():
        page = phone(f"/essays/{document.slug}?_pictures=all")
        page.wait_for_load_state("load")
        before, search = page.evaluate(VALUES), page.evaluate("location.search")
        places = page.evaluate(PLACES)
        assert len(places) > page.evaluate(SHOWN) > 4, document.slug
        session = page.context.new_cdp_session(page)
        for x, y in places:
            top = page.evaluate("y => (scrollTo({ top: y, behavior: 'instant' }), scrollY)", y - 500)
            swipe(page, x, y - top, 0, -120, session)
        page.wait_for_load_state("networkidle")
        assert page.evaluate(VALUES) == before, document.slug
        assert page.evaluate("location.search") == search


@pytest.mark.parametrize(
    "figure, x, y, query",
    [("storm-telegraph", 0.25, 0.7, "bits_a="), ("bet-peaks", 0.4, 0.75, "bet_survivors=2[3-7]")],
    ids=["in two directions", "a bet that moves up and down"],
)
def test_a_tap_in_a_plane_brings_the_handle_there(phone, figure, x, y, query):
    page = phone(f"/embed/{figure}")
    page.wait_for_load_state("networkidle")
    box = page.locator(f"#{figure} .plane").bounding_box()
    touch(page, (box["x"] + box["width"] * x, box["y"] + box["height"] * y))
    page.wait_for_url(re.compile(query))


def test_a_finger_drags_a_slider_and_a_tile_sideways(phone):
    page = phone()
    slider = page.locator('input[data-parameter="bits_line"]')
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    swipe(page, box["x"] + box["width"] * 0.5, box["y"] + 22, 60, 0)
    page.wait_for_url(re.compile("bits_line="))
    tile = page.locator("#storm-heatmap .handle").first
    tile.scroll_into_view_if_needed()
    swipe(page, *centre(tile), 60, 4)
    page.wait_for_url(re.compile("p00=.[2-9]"))


def test_the_slider_of_a_picture_taller_than_the_window_stays_in_sight(phone):
    page = phone()
    page.evaluate("document.getElementById('bike-distinctions').scrollIntoView()")
    picture = page.locator("#bike-distinctions .picture").bounding_box()
    slider = page.locator("#bike-distinctions input[data-parameter=bits]").bounding_box()
    assert picture["y"] < 300 and picture["y"] + picture["height"] > 844  # its end is not in sight
    assert slider["y"] + slider["height"] <= 844


def test_the_handle_is_under_the_pointer_before_the_server_answers(open_page):
    page = open_page("/embed/storm-guess")
    handle = page.locator(".picture .handle")
    page.wait_for_load_state("networkidle")
    page.route(FIGURES, lambda route: None)  # no answer, ever
    x, y = centre(handle.locator(".target"))
    page.mouse.move(x, y)
    page.mouse.down()
    for dx in (-20, -60, -100):
        page.mouse.move(x + dx, y)
        assert centre(handle.locator(".target"))[0] == pytest.approx(x + dx, abs=4)
    assert page.locator('input[data-parameter="guess"]').input_value() != "0.5"
    page.unroute(FIGURES)


def test_a_free_handle_follows_the_pointer_in_the_plane(open_page):
    page = open_page("/embed/storm-telegraph")
    page.wait_for_load_state("networkidle")
    page.route(FIGURES, lambda route: None)
    target = page.locator(".picture .handle .target")
    x, y = centre(target)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 40, y + 10)
    assert centre(target) == pytest.approx((x - 40, y + 10), abs=2)
    page.unroute(FIGURES)


def test_each_gesture_is_undone_and_repeated_by_one_press(open_page):
    page = open_page(ESSAY)
    slider = page.locator('input[data-parameter="bits_a"]').first
    slider.press("ArrowRight")
    page.wait_for_url(re.compile("bits_a=.21"))
    page.get_by_role("link", name="XOR", exact=True).click()
    page.wait_for_url(re.compile("p00=0"))
    expect(page.locator("#storm-telegraph .says")).to_contain_text("teaches you 0.2")
    page.go_back()
    expect(page.locator('input[data-parameter="p00"]').first).to_have_value("0.1")
    assert "bits_a=.21" in page.url and slider.input_value() == "0.21"
    page.go_back()
    expect(slider).to_have_value("0.2")
    assert "?" not in page.url
    page.go_forward()
    expect(slider).to_have_value("0.21")


def test_a_drag_is_one_entry_of_the_history(open_page):
    page = open_page("/embed/storm-guess")
    page.wait_for_load_state("networkidle")
    entries = page.evaluate("history.length")
    handle = page.locator(".picture .handle")
    x, y = centre(handle.locator(".target"))
    page.mouse.move(x, y)
    page.mouse.down()
    for dx in range(30, 270, 30):
        value = handle.get_attribute("aria-valuenow")
        page.mouse.move(x - dx, y)
        expect(handle).not_to_have_attribute("aria-valuenow", value)
    page.mouse.up()
    page.wait_for_url(re.compile("guess="))
    assert page.evaluate("history.length") == entries + 1


def test_a_figure_and_the_page_are_reset(open_page):
    page = open_page(ESSAY + "?bits_a=.7&bits_line=.3")
    line = page.locator("#telegraph-line")
    reset = line.get_by_role("button", name="Reset")
    reset.click()
    page.wait_for_url(re.compile(r"\?bits_a=.7$"))
    expect(reset).to_be_hidden()
    page.get_by_role("button", name="Reset all figures").press("Enter")
    page.wait_for_url(re.compile("information$"))
    page.go_back()
    page.wait_for_url(re.compile(r"\?bits_a=.7$"))


def test_the_focus_ring_is_for_keys(open_page):
    page = open_page("/embed/storm-telegraph")
    page.wait_for_load_state("networkidle")
    target = page.locator(".picture .handle .target")
    page.keyboard.press("Tab")
    while not page.evaluate("document.activeElement.matches('.handle')"):
        page.keyboard.press("Tab")
    expect(target).not_to_have_css("stroke", "none")
    page.mouse.click(*centre(target))
    expect(target).to_have_css("stroke", "none")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(re.compile("bits_a="))
    assert page.evaluate("document.activeElement.matches('.handle')")
    expect(target).not_to_have_css("stroke", "none")


def test_pressing_the_bike_chart_moves_the_budget(open_page):
    page = open_page("/embed/tabular-decomp")
    page.wait_for_load_state("networkidle")
    box = page.locator(".picture .plane[data-grab]").first.bounding_box()
    for share in (0.75, 0.125):
        page.mouse.click(box["x"] + box["width"] * share, box["y"] + box["height"] * 0.1)
        page.wait_for_url(re.compile(f"bits={16 * share:g}"))
        expect(page.locator(".says")).to_contain_text(f"{16 * share:.1f} bits")
        expect(page.locator(".trouble")).to_be_hidden()


def test_the_icon_is_not_fetched_again_when_the_address_changes(open_page):
    page = open_page(ESSAY)
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    with page.expect_request(FIGURES):
        page.locator('input[data-parameter="bits_a"]').first.press("ArrowRight")
        page.wait_for_url(re.compile("bits_a="))
    expect(page.locator("#storm-telegraph .says")).to_contain_text("0.21 bits")
    assert requests and not [url for url in requests if "/figures" not in url]


def test_a_citation_is_read_in_full(open_page):
    page = open_page(ESSAY, viewport={"width": 1000, "height": 800})
    cite = page.locator("article p .cite a[data-note]").first
    cite.scroll_into_view_if_needed()
    cite.hover()
    note = page.locator(".note")
    expect(note).to_be_visible()
    assert note.evaluate("node => node.scrollWidth <= node.clientWidth")
    assert note.evaluate("node => getComputedStyle(node).whiteSpace") == "normal"


def test_the_contents_lead_nowhere_hidden(open_page):
    page = open_page(ESSAY, viewport={"width": 1100, "height": 800})  # wider: beside the text
    page.locator(".toc summary").click()
    links = page.locator(".toc a:visible").all()
    assert len(links) > 3
    for link in links:
        expect(page.locator(link.get_attribute("href"))).to_be_visible()


def test_nothing_shows_beside_a_figure_that_stays(open_page):
    page = open_page(ESSAY)
    panel = page.locator(".x-sticky, .sticky").first
    box, column = panel.bounding_box(), page.locator("#text").bounding_box()
    assert box["x"] <= column["x"] - 12 and box["x"] + box["width"] >= column["x"] + column["width"] + 12


def test_a_key_after_a_press_in_the_plane_wins(open_page):
    page = open_page("/embed/storm-telegraph")
    page.wait_for_load_state("networkidle")
    held = []
    page.route(FIGURES, lambda route: held.append(route))
    x, y = centre(page.locator(".picture .handle .target"))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 9, y)  # while the first request is under way
    page.mouse.up()
    page.keyboard.press("ArrowLeft")
    while held:
        held.pop().continue_()
    page.unroute(FIGURES)
    page.wait_for_url(re.compile("bits_a=.19"))
    expect(page.locator(".picture .handle")).to_have_attribute("aria-valuenow", "0.19")
