"""The slides of an essay in a browser: keys, pointers, the address, the speaker window, printing."""

import re

import pytest
from playwright.sync_api import expect

from infodecomp.web.services import get_services
from tests.first_essay import ESSAY, SLUG

DECK = ESSAY + "/slides"


def test_the_slides_are_linked_and_show_every_drawn_figure(client, app):
    assert f'href="{DECK}"' in client.get(ESSAY).text
    page = client.get(DECK).text
    drawn = [
        name
        for name in get_services(app).site.library.essay(SLUG).page.mounted
        if get_services(app).site.library.figures[name].has("draw")
    ]
    shown = re.findall(r'data-figure="([^"]+)"', page)
    assert set(shown) == set(drawn) and page.count('<section class="slide') == len(shown) + 2
    assert client.get("/essays/none/slides").status_code == 404
    assert client.get(DECK + "?bits_a=7").status_code == 400


def test_the_form_submits_each_parameter_once(client):
    names = re.findall(r'form="state" name="(\w+)"', re.sub(r'type="radio"[^>]*>', "", client.get(DECK).text))
    assert names and len(names) == len(set(names))


@pytest.mark.browser
def test_keys_change_slides_and_a_focused_slider_keeps_its_arrow_keys(open_page):
    page = open_page(DECK)
    expect(page.locator("h1")).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")
    page.wait_for_url(re.compile("#/4$"))
    assert page.locator(".slide.now h2").inner_text() == "What is half a bit?"
    slider = page.locator('.slide.now input[data-parameter="bits_line"]')
    slider.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(re.compile(r"bits_line=\.89#/4$"))
    expect(page.locator(".slide.now .says")).to_contain_text("At 0.89 bits")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(re.compile(r"bits_line=\.89#/3$"))
    page.keyboard.press("End")
    assert page.locator(".slide").last.is_visible() and page.locator(".slide:visible").count() == 1


@pytest.mark.browser
def test_an_address_restores_slide_and_state(open_page):
    page = open_page(DECK + "?p11=.5#/7")
    assert page.locator(".count").inner_text().startswith("7 /")
    assert page.locator(".slide.now [data-figure]").get_attribute("data-figure") == "storm-telegraph"
    words = page.locator(".slide.now .says").inner_text()
    assert words != open_page(DECK + "#/7").locator(".slide.now .says").inner_text()


@pytest.mark.browser
def test_the_code_on_a_slide_follows_the_state(open_page, services, monkeypatch):
    monkeypatch.setitem(services.settings, "ORIGIN", "https://talks.example/")
    page = open_page(DECK + "?qr=1&slides=7#/1")
    code = page.locator(".slide.now .code")
    expect(code).to_have_attribute("src", "/figures/storm-telegraph.qr")
    page.locator('.slide.now input[data-parameter="bits_a"]').press("ArrowLeft")
    expect(code).to_have_attribute("src", "/figures/storm-telegraph.qr?bits_a=.19")
    page.wait_for_function("document.querySelector('.now .code').naturalWidth > 100")
    box, slider = code.bounding_box(), page.locator(".slide.now .controls").bounding_box()
    assert box["y"] + box["height"] <= slider["y"], "it covers no control"


@pytest.mark.browser
def test_a_handle_can_be_dragged_on_the_enlarged_picture(open_page):
    page = open_page(DECK + "#/7", viewport={"width": 1920, "height": 1080})
    page.wait_for_load_state("networkidle")  # the picture has been drawn anew for its size
    box = page.locator(".slide.now .handle").first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 30)
    page.mouse.move(x, y - 60)
    page.mouse.up()
    page.wait_for_url(re.compile("bits_a="))
    page.wait_for_load_state("networkidle")
    after = page.locator(".slide.now .handle").first.bounding_box()
    assert after["y"] < box["y"] - 20 and abs(after["x"] - box["x"]) < 12


@pytest.mark.browser
def test_overview_notes_and_a_synchronised_speaker_window(open_page):
    page = open_page(DECK + "#/9")
    page.keyboard.press("o")
    page.locator(".slide").nth(6).click()
    page.wait_for_url(re.compile("#/7$"))
    page.keyboard.press("n")
    expect(page.locator(".slide.now .notes")).to_contain_text("Each dot below is one way to buy")
    with page.context.expect_page() as opened:
        page.keyboard.press("s")
    speaker = opened.value
    expect(speaker.locator(".clock")).to_contain_text("slide 0:0")
    expect(speaker.locator(".slide.now .notes")).to_be_visible()
    following = page.locator(".slide").nth(7)
    expect(speaker.locator(".coming h2")).to_have_text(following.locator("h2").text_content())
    small = speaker.locator(".coming .picture svg").bounding_box()
    assert 100 < small["width"] < 300 and small["height"] > 20, "the next slide's picture"
    assert page.locator(".coming").count() == 0 and not following.is_visible(), "the audience sees none of it"
    speaker.keyboard.press("b")
    expect(page.locator("body")).to_have_class(re.compile("blank"))
    assert "blank" not in speaker.locator("body").get_attribute("class").split()
    page.keyboard.press("ArrowRight")
    expect(page.locator("body")).not_to_have_class(re.compile("blank"))
    expect(page.locator(".count")).to_have_text(re.compile("^7 /"))
    page.locator(".slide.now .words a").first.click()
    speaker.wait_for_url(re.compile("mode=budget"))
    speaker.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile("mode=budget#/8$"))
    for window in (page, speaker):
        window.wait_for_load_state("networkidle")
        expect(window.locator(".count")).to_have_text(re.compile("^8 /"))
    assert "mode=budget" in page.url and "mode=budget" in speaker.url, "neither takes the other back"


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 1920, 390])
def test_long_notes_scroll_vertically_only(open_page, width):
    page = open_page(DECK, viewport={"width": width, "height": 800})
    expect(page.locator(".count")).to_have_text(re.compile("^1 /"))
    page.keyboard.press("n")
    last = page.locator(".slide").count()
    for key, number in (("ArrowLeft", last - 1), ("End", last)):
        page.keyboard.press("End")
        page.keyboard.press(key)
        expect(page.locator(".count")).to_have_text(re.compile(f"^{number} /"))
        notes = page.locator(".slide.now .notes")
        across, seen, down, high = notes.evaluate(
            "node => [node.scrollWidth, node.clientWidth, node.scrollHeight, node.clientHeight]"
        )
        assert across <= seen
        if key == "End" and down > high:
            notes.focus()
            page.keyboard.press("ArrowDown")
            expect(notes).not_to_have_js_property("scrollTop", 0)
            assert page.url.endswith(f"#/{number}"), "the slide stays"


@pytest.mark.browser
def test_a_swipe_changes_the_slide(open_page):
    page = open_page(DECK, viewport={"width": 390, "height": 844}, has_touch=True)
    page.evaluate("""() => {
        const heading = document.querySelector('.slide.now h1')
        const options = { bubbles: true, pointerType: 'touch', clientY: 300 }
        heading.dispatchEvent(new PointerEvent('pointerdown', { ...options, clientX: 300 }))
        heading.dispatchEvent(new PointerEvent('pointerup', { ...options, clientX: 120 }))
    }""")
    page.wait_for_url(re.compile("#/2$"))
    page.wait_for_function("document.querySelector('.slide.now .picture').offsetHeight > 150")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.browser
def test_without_scripts_the_slides_are_stacked(open_page):
    page = open_page(DECK, java_script_enabled=False)
    tops = [page.locator(".slide").nth(i).bounding_box()["y"] for i in range(4)]
    assert tops == sorted(tops) and len(set(tops)) == 4
    assert page.locator(".slide .notes").nth(1).is_visible() and not page.locator(".bar").is_visible()


@pytest.mark.browser
def test_each_slide_is_printed_on_a_page(open_page):
    page = open_page(DECK)
    expect(page.locator(".count")).to_have_text(re.compile("^1 /"))
    paper = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type /Page\b", paper)) == page.locator(".slide").count()
