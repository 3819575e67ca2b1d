"""What readers hold and press: words that bring their figure into view, grips, the button of a run."""

import re

import pytest
from playwright.sync_api import expect

from tests.first_essay import ESSAY
from tests.pages import wait_for_page

pytestmark = pytest.mark.browser
FAR_WORDS = """() => {
    const shown = [...document.querySelectorAll('[data-figure]:has(.picture)')]
    return [...document.querySelectorAll('article a[data-set]:not(.pick)')].map((word, number) => {
        word.dataset.number = number
        const names = [...new URLSearchParams(word.dataset.set).keys()]
        const moves = node => names.every(name => node.dataset.parameters.split(' ').includes(name))
        const moved = shown.filter(moves)
        const top = node => node.getBoundingClientRect().top
        const distance = node => Math.abs(top(node) - top(word))
        return [number, Math.min(...moved.map(distance))]
    }).filter(([, distance]) => distance > 600).map(([number]) => number)
}"""
IN_SIGHT = """names => [...document.querySelectorAll('[data-figure]')].some(node => {
    const box = node.querySelector('.picture')?.getBoundingClientRect()
    return box && names.every(name => node.dataset.parameters.split(' ').includes(name))
        && Math.min(box.bottom, innerHeight) - Math.max(box.top, 0) >= Math.min(160, box.height)
})"""


@pytest.mark.parametrize("key", ["", "Enter"])
def test_a_word_brings_what_it_changes_into_view_and_leads_back(open_page, key):
    page = open_page(ESSAY, viewport={"width": 1280, "height": 450}, reduced_motion="reduce")
    numbers = page.evaluate(FAR_WORDS)
    assert numbers
    for number in numbers[:2] if key else numbers[-2:]:
        word = page.locator(f"[data-number='{number}']")
        word.scroll_into_view_if_needed()
        if key:
            word.press(key)
        else:
            word.click()
        names = [pair.partition("=")[0] for pair in word.get_attribute("data-set").split("&")]
        page.wait_for_function(IN_SIGHT, arg=names)
        back = page.get_by_role("button", name="Back to the text")
        expect(back).to_be_focused()
        page.keyboard.press("Escape" if key else "Enter")
        expect(back).to_be_hidden()
        expect(word).to_be_focused()
        expect(word).to_be_in_viewport()


def test_a_word_beside_its_figure_moves_nothing_else(open_page):
    page = open_page(ESSAY, reduced_motion="reduce")
    page.wait_for_function(
        "() => document.querySelector('.sticky svg').viewBox.baseVal.height <= innerHeight / 2"
    )  # what stays in sight has been fitted to the window
    word = page.get_by_role("link", name="XOR", exact=True).first
    word.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    word.click()
    page.wait_for_url(re.compile("p00"))
    assert page.evaluate("scrollY") == before
    expect(page.get_by_role("button", name="Back to the text")).to_be_hidden()


def test_every_handle_has_a_grip_or_is_a_tile_and_can_be_met_by_a_finger(client, services):
    with_handles = set()
    for name, figure in services.site.library.figures.items():
        if not figure.has("draw"):
            continue
        svg = client.get(f"/figures/{name}.json?_fields=svg&_width=350").json["svg"]
        for handle in re.findall(r'<g class="handle".*?</g>', svg, re.S):
            width, height = map(float, re.search(r'width="([\d.]+)" height="([\d.]+)"', handle).groups())
            assert min(width, height) >= 44, name
            assert ('class="grip"' in handle) == (max(width, height) <= 48), name
            with_handles.add(name)
    assert len(with_handles) > 20


def test_keys_copy_the_link_undo_and_reset(chromium, address):
    context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{address}/embed/storm-guess")
    slider = page.locator('input[data-parameter="guess"]')
    slider.press("ArrowRight")
    page.wait_for_url(re.compile("guess=.51"))
    page.get_by_role("button", name="Copy link").press("Enter")
    link = f"{address}/embed/storm-guess?guess=.51#storm-guess"
    wait_for_page(page, lambda: page.evaluate("navigator.clipboard.readText()") == link)
    page.go_back()
    expect(slider).to_have_value("0.5")
    slider.press("ArrowLeft")
    page.get_by_role("button", name="Reset").press(" ")
    expect(slider).to_have_value("0.5")
    context.close()


def test_keys_go_from_figure_to_figure(open_page):
    page = open_page(ESSAY)
    skips = page.get_by_role("button", name="Next figure")
    names = page.evaluate(
        "[...document.querySelectorAll('[data-figure]:has(.picture)')].map(node => node.id)"
    )
    skips.first.press("Enter")
    for name in names[1:3]:
        expect(page.locator(f"#{name}")).to_be_focused()
        expect(page.locator(f"#{name} .figure-title")).to_be_in_viewport()
        page.keyboard.press("Tab")
        expect(page.locator(f"#{name} .skip")).to_be_in_viewport()
        page.keyboard.press("Enter")


def test_a_handle_has_grips_only_where_it_can_go(client):
    svg = client.get("/figures/five-neuron-accuracy.json?_fields=svg").json["svg"]
    (heads,) = re.findall(r'class="grip"[^>]* d="([^"]*)"', svg)
    assert heads.count("M") == 2  # to the left and to the right


def test_a_picture_that_leaves_the_page_has_no_grips(client):
    assert "grip" not in client.get("/figures/storm-guess.svg?_fonts=0").text


def test_a_figure_shows_once_what_can_be_held(open_page):
    page = open_page(ESSAY)
    guess = page.locator("#storm-guess")
    page.evaluate("""() => {
        window.met = 0 // how often it has shown them
        const figure = document.querySelector('#storm-guess')
        new MutationObserver(() => { window.met += figure.matches('.met') })
            .observe(figure, { attributeFilter: ['class'] })
    }""")
    guess.scroll_into_view_if_needed()
    page.wait_for_function("() => window.met === 1")
    expect(guess).not_to_have_class(re.compile(r"\bmet\b"))
    page.evaluate("scrollTo(0, 0)")
    guess.scroll_into_view_if_needed()
    assert page.evaluate("window.met") == 1


def test_a_run_has_one_filled_button_that_says_how_long_it_takes(open_page):
    page = open_page("/embed/bike-train")
    button = page.locator("button.run")
    expect(button).to_have_text("Train again")
    slider = page.locator('input[data-parameter="train_step"]')
    for share, seconds in ((0, 15), (0.5, 8)):
        slider.fill(f"{float(slider.get_attribute('max')) * share:g}")
        expect(button).to_have_text(f"Train (about {seconds} s)")
    expect(button).to_have_css("background-color", page.evaluate("getComputedStyle(document.body).color"))
