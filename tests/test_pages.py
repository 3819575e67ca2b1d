"""Pages in a browser: notes, tables, print, contrast, phones, no script, and axe."""

import re

import pytest
from playwright.sync_api import expect

from infodecomp.explorable.serving.cache import compress
from tests.axe import assert_no_violation
from tests.first_essay import ESSAY, SITE
from tests.pages import wait_until_still

pytestmark = pytest.mark.browser
PAGES = ["/", ESSAY, "/embed/storm-telegraph", "/essays/nowhere"]
SCRIPT_BYTES = 15_700  # as they are sent, compressed; a tenth more than in November 2026


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_no_violation_in_light_dark_and_narrow_pages(open_page, path):
    page = open_page(path, bypass_csp=True, color_scheme="light")
    assert_no_violation(page)
    open_page.complaints[:] = [c for c in open_page.complaints if "404" not in c or path != "/essays/nowhere"]


def narrow(open_page, **more):
    return open_page(ESSAY, viewport={"width": 1000, "height": 800}, **more)


def test_a_note_opens_on_hover_and_stays_while_the_pointer_is_in_it(open_page):
    page = narrow(open_page)
    page.clock.install()
    reference = page.locator(".footnote-ref").first
    reference.scroll_into_view_if_needed()
    reference.hover()
    note = page.locator(".note")
    expect(note).to_be_visible()
    expect(note).to_contain_text("entropy")
    note.hover()
    page.clock.run_for(500)
    expect(note).to_be_visible()
    page.mouse.move(5, 5)
    expect(note).to_be_hidden()


def test_a_note_opens_on_focus_and_escape_closes_it(open_page):
    page = narrow(open_page)
    page.locator(".footnote-ref").first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(page.locator(".note")).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.note') !== null"), "Tab moves into the note"
    expect(page.locator(".note")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".note")).to_be_hidden()
    assert page.evaluate("document.activeElement.matches('.footnote-ref')"), (
        "the focus returns to the reference"
    )


def test_a_tap_opens_one_note_at_a_time(open_page):
    page = open_page(ESSAY, viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page.locator(".footnote-ref").first.tap()
    expect(page.locator(".note")).to_contain_text("entropy")
    box = page.locator(".note").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    page.locator(".footnote-ref").nth(1).tap()
    expect(page.locator(".note")).to_contain_text("binary symmetric")
    assert page.locator(".note:popover-open").count() == 1
    page.touchscreen.tap(200, 5)
    expect(page.locator(".note")).to_be_hidden()


def test_a_citation_in_a_note_replaces_the_note(open_page):
    page = narrow(open_page)
    page.locator(".footnote-ref").first.hover()
    page.locator(".note .cite a").click()
    expect(page.locator(".note")).to_contain_text("Shannon")


def test_a_wide_window_shows_sidenotes(open_page):
    page = open_page(ESSAY, viewport={"width": 1280, "height": 800})
    page.evaluate("document.querySelectorAll('article > details').forEach(fold => fold.open = true)")
    asides = page.locator(".sidenote")
    expect(asides).to_have_count(page.locator(".footnotes li").count())
    wait_until_still(page)  # new pictures for this width move the text below them
    for i in range(asides.count()):
        page.wait_for_function(
            """i => Math.abs(document.querySelectorAll('.sidenote')[i].getBoundingClientRect().y
            - document.querySelectorAll('article p .footnote-ref')[i].getBoundingClientRect().y) < 30""",
            arg=i,
        )
        beside = asides.nth(i).bounding_box()
        assert beside["x"] + beside["width"] <= 1280
    expect(page.locator(".footnotes")).to_be_hidden()
    page.set_viewport_size({"width": 900, "height": 800})
    expect(asides).to_have_count(0)
    expect(page.locator(".footnotes")).to_be_visible()


def test_without_scripts_notes_are_links_to_the_end(open_page):
    page = open_page(ESSAY, java_script_enabled=False)
    page.locator(".footnote-ref").first.click()
    assert page.url.endswith("#fn-entropy")
    expect(page.locator("#fn-entropy")).to_be_in_viewport()


def test_printing_shows_footnotes_and_hides_controls(open_page):
    page = open_page(ESSAY + "?bits_a=.9")
    wait_until_still(page)
    page.emulate_media(media="print")
    expect(page.locator(".footnotes")).to_be_visible()
    assert page.locator(".sidenote:visible, input[type=range]:visible, .note:visible").count() == 0
    expect(page.locator("#storm-telegraph .says")).to_contain_text("0.90 bits from town A")
    assert page.pdf(format="A4")[:4] == b"%PDF"


def test_a_zoom_of_200_percent_needs_no_horizontal_scrolling(open_page):
    page = open_page(ESSAY, viewport={"width": 640, "height": 400}, device_scale_factor=2)
    wait_until_still(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    expect(page.locator("#storm-telegraph svg")).to_be_visible()


def test_the_table_of_numbers_follows_the_sliders(open_page):
    page = open_page(ESSAY)
    figure = page.locator("#storm-transmission-sliders")
    figure.locator(".numbers summary").click()
    row = figure.locator("tr").nth(1)
    expect(row).to_contain_text("0.2")
    page.locator('input[data-parameter="bits_a"]').first.press("ArrowRight")
    expect(row).to_contain_text("0.21")
    href = figure.locator("[data-follows=csv]").get_attribute("href")
    assert href == "/figures/storm-transmission-sliders.csv?bits_a=.21"
    assert (
        page.request.get(page.url.split("/essays")[0] + href)
        .text()
        .startswith("town,bits,flip_probability\nA,0.21,")
    )


def test_links_and_values_highlight_their_controls_and_figures(open_page):
    page = open_page(ESSAY)
    page.get_by_role("link", name="buy half a bit").focus()
    expect(page.locator(".control.lit")).not_to_have_count(0)
    page.locator("h1").click()
    page.get_by_role("link", name="buy half a bit").blur()
    expect(page.locator(".control.lit")).to_have_count(0)
    page.locator('[data-value="storm-telegraph.lost"]').first.hover()
    expect(page.locator("#storm-telegraph .lit, #storm-telegraph.lit")).not_to_have_count(0)


def test_reduced_motion_skips_the_animation(open_page):
    page = open_page(ESSAY, reduced_motion="reduce")
    steps = page.evaluate("""async () => {
        const seen = new Set()
        const input = document.querySelector('input[data-parameter=bits_line]')
        input.value = 1
        input.dispatchEvent(new Event('input', { bubbles: true }))
        document.querySelector('[data-set="bits_line=.5"]').click()
        do {
            await new Promise(requestAnimationFrame)
            seen.add(input.value)
        } while (input.value !== '0.5')
        return [...seen]
    }""")
    assert set(steps) <= {"1", "0.5"}


def test_controls_are_large_enough_for_touch(open_page):
    page = open_page(ESSAY, viewport={"width": 390, "height": 800})
    wait_until_still(page)
    targets = page.locator("input[type=range]:visible, .choice label:visible, .handle .target").all()
    assert len(targets) > 10
    for target in targets:
        assert target.bounding_box()["height"] >= 43.5


def test_a_page_needs_few_requests_and_bytes(open_page, address):
    page = open_page("/healthz")
    sent = []
    page.on(
        "requestfinished", lambda request: sent.append((request.url, request.sizes()["responseBodySize"]))
    )
    page.goto(address + ESSAY)
    page.wait_for_load_state("networkidle")
    open_page.complaints.clear()  # /healthz has no icon
    # a visible figure is drawn again for the width of this window, after the page has loaded
    needed = [url for url, _ in sent if "/figures/" not in url]
    assert len(needed) <= 8, needed  # the page, its style, two scripts, four fonts
    assert sum(size for _, size in sent) <= 190_000


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_the_first_screen_of_every_essay_shows_the_first_figure_and_a_control(open_page, width, height):
    """Its picture begins on the screen, and an input or a handle of it is whole."""
    page = open_page(ESSAY, viewport={"width": width, "height": height})
    for slug in SITE["order"]:
        page.goto(page.url.partition("/essays/")[0] + f"/essays/{slug}")
        first = page.locator(".figure").first
        controls = first.locator(".control label, [role=slider]").all()
        boxes = [box for one in controls if (box := one.bounding_box())]
        assert min(box["y"] + box["height"] for box in boxes) <= height, slug
        assert first.locator(".picture svg:visible").first.bounding_box()["y"] < height - 60, slug


def test_a_wide_window_has_the_parts_of_the_essay_beside_the_text(open_page):
    page = open_page(ESSAY, viewport={"width": 1280, "height": 800})
    rail, column = page.locator(".rail"), page.locator("#text").bounding_box()
    box = rail.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= column["x"]
    links = rail.locator("a:visible").all()
    assert len(links) > 3
    for link in links:
        assert page.locator(link.get_attribute("href")).is_visible(), "each leads to something in sight"


def test_a_printed_page_shows_states_and_no_controls(open_page):
    page = open_page(ESSAY)
    page.emulate_media(media="print")
    figure = page.locator("#parking-lot")
    for text in ("Table", "Share", "Copy link", "short or long"):
        expect(figure.get_by_text(text, exact=True).first).to_be_hidden()
    assert [label.inner_text() for label in figure.locator(".options label:visible").all()] == ["hidden"] * 4
    expect(page.locator("#storm-guess .says")).to_be_visible()
    assert page.locator("#bike-train .controls button").count()
    assert not page.locator(".controls button:visible").count()


def test_an_opened_table_leaves_the_tools_where_they_are(open_page):
    page = open_page(ESSAY)
    summary = page.locator("#storm-telegraph .numbers summary")
    summary.scroll_into_view_if_needed()
    before = summary.bounding_box()
    summary.click()
    expect(page.locator("#storm-telegraph .numbers table")).to_be_visible()
    assert summary.bounding_box() == before


def test_scripts_are_small_and_know_no_figure(client):
    page = client.get(ESSAY).text
    modules = re.findall(r'src="(/static/[^"]+\.js)', page)
    texts = [client.get(module).text for module in modules]
    sent = [len(compress(text.encode(), "br")) for text in texts]
    assert modules and sum(sent) <= SCRIPT_BYTES, sent
    for text in texts:
        assert not re.search(r"storm|bits_|telegraph|bike", text.replace("one bit", ""))


def test_a_formula_that_becomes_too_wide_can_be_scrolled_with_the_keys(open_page):
    page = open_page(ESSAY)
    formula = page.locator(".math-block").first
    formula.scroll_into_view_if_needed()
    formula.evaluate("node => { node.style.maxWidth = 'none' }")
    expect(formula).not_to_have_attribute("tabindex", "0")
    formula.evaluate("node => { node.style.maxWidth = '40px' }")
    expect(formula).to_have_attribute("tabindex", "0")
    formula.focus()
    expect(formula).to_be_focused()
