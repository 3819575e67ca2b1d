"""Every slide of every essay on both shapes of screen: nothing is cut off or covered, text is legible."""

import re

import pytest
from playwright.sync_api import TimeoutError as TooLate
from playwright.sync_api import expect

from tests.first_essay import SITE

ESSAYS = SITE["order"]
LEGIBLE = 18 / 1080  # the height of the smallest text of a picture, as a share of the screen's

# What is wrong with the slide on screen, in words. Half a pixel is rounding.
FAULTS = """legible => {
    const slide = document.querySelector('.slide.now')
    const { scrollWidth, scrollHeight } = document.documentElement
    const faults = scrollWidth > innerWidth || scrollHeight > innerHeight ? ['the page scrolls'] : []
    const nameOf = node => node.className.baseVal ?? (node.className || node.tagName)
    const isSeen = node => !node.closest('.spoken, .skip, .scrolls')
        && getComputedStyle(node).visibility !== 'hidden'
    const isWithin = (box, outer, slack) => box.left > outer.left - slack && box.right < outer.right + slack
        && box.top > outer.top - slack && box.bottom < outer.bottom + slack
    const screen = new DOMRect(0, 0, innerWidth, innerHeight)

    for (const node of slide.querySelectorAll('.face *')) {
        const box = node.getBoundingClientRect()
        if (!box.width || !box.height || !isSeen(node)) continue
        if (!isWithin(box, screen, 1.5)) faults.push(`${nameOf(node)} leaves the screen`)
        const { overflowX, overflowY } = getComputedStyle(node)
        const [across, down] = [node.scrollWidth - node.clientWidth, node.scrollHeight - node.clientHeight]
        const isCut = overflowX !== 'visible' && across > 1 || overflowY !== 'visible' && down > 1
        if (isCut && !node.closest('svg') && node.clientHeight > 2) faults.push(`${nameOf(node)} is cut off`)
    }

    const blocks = [...slide.querySelectorAll('h2, figcaption, .picture, .controls, .words, .source')]
    const boxes = blocks.map(block => block.getBoundingClientRect())
    boxes.forEach((a, i) => boxes.slice(0, i).forEach((b, j) => {
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left)
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
        if (across > 2 && down > 2) faults.push(`${nameOf(blocks[i])} covers ${nameOf(blocks[j])}`)
    }))

    const picture = slide.querySelector('.picture svg')
    if (!picture) return faults
    const frame = picture.getBoundingClientRect()
    for (const text of picture.querySelectorAll('text')) {
        const box = text.getBoundingClientRect()
        if (!box.width || !isSeen(text)) continue
        if (parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a < legible * innerHeight - .05)
            faults.push(`"${text.textContent}" is too small`)
        if (!isWithin(box, frame, innerHeight / 180)) faults.push(`"${text.textContent}" leaves the picture`)
    }
    const width = slide.querySelector('.figure').clientWidth
    if (width < .9 * innerWidth) faults.push('the figure does not use the width')
    return faults
}"""


def faults(page) -> list[str]:
    """What is wrong with the slide on screen once its picture has been drawn for its place."""
    try:
        page.wait_for_function(f"legible => !({FAULTS})(legible).length", arg=LEGIBLE, timeout=4000)
    except TooLate:
        return page.evaluate(FAULTS, LEGIBLE)
    return []


def open_deck(open_page, slug, width, height):
    page = open_page(f"/essays/{slug}/slides", viewport={"width": width, "height": height})
    expect(page.locator(".count")).to_have_text(re.compile("^1 /"))
    return page


@pytest.mark.browser
@pytest.mark.parametrize("size", [(1280, 720), (1280, 960), (3840, 2160)], ids=str)
@pytest.mark.parametrize("slug", ESSAYS)
def test_nothing_is_cut_off_and_text_is_legible(open_page, slug, size):
    page = open_deck(open_page, slug, *size)
    found = {}
    for number in range(1, page.locator(".slide").count() + 1):
        expect(page.locator(".count")).to_have_text(re.compile(f"^{number} /"))
        if wrong := faults(page):
            found[number] = wrong[:4]
        page.keyboard.press("PageDown")
    assert not found


@pytest.mark.browser
def test_what_is_wrong_with_a_slide_is_noticed(open_page):
    page = open_deck(open_page, ESSAYS[0], 1280, 720)
    page.keyboard.press("PageDown")
    assert faults(page) == []
    for style, fault in (
        (".now h2 { margin-left: 110vw }", "leaves the screen"),
        (".now .says { height: 8px; min-height: 0; overflow: hidden }", "is cut off"),
        (".now .controls { margin-top: -9rem !important }", "covers"),
        (".now .picture text { font-size: 7px }", "is too small"),
        (".now .picture text { transform: translateX(-300px) }", "leaves the picture"),
        (".now .figure { width: 40vw }", "does not use the width"),
    ):
        page.evaluate(
            """style => {
                const sheet = new CSSStyleSheet()
                sheet.replaceSync(style)
                document.adoptedStyleSheets = [sheet]
            }""",
            style,
        )
        assert any(fault in one for one in page.evaluate(FAULTS, LEGIBLE)), style
