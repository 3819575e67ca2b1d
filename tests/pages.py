"""Waiting for a page by condition: a picture drawn for its place, an address, an animation frame."""

import re
from collections.abc import Callable

from tests.live_server import wait_until

FITS = """name => {
    const picture = document.querySelector(`#${name} .picture`)
    const svg = picture.querySelector('svg')
    return svg && Math.abs(svg.viewBox.baseVal.width - picture.clientWidth) < 12
}"""


def wait_for_fit(page, figure: str) -> None:
    """Scroll to a figure and wait until its picture is drawn for the width that it has."""
    page.locator(f"#{figure}").scroll_into_view_if_needed()
    page.wait_for_function(FITS, arg=figure)


def wait_for_query(page, query: str) -> None:
    """Wait until the address holds a state, which is written when the reader rests."""
    page.wait_for_url(re.compile(re.escape(query)), timeout=8000)


def wait_for_frames(page, count: int = 2) -> None:
    """Wait until the page has been painted some times."""
    for _ in range(count):
        page.evaluate("new Promise(done => requestAnimationFrame(done))")


def wait_for_page(page, condition: Callable[[], object], seconds: float = 8) -> None:
    """Poll a condition about a page; the page goes on meanwhile, and its events reach the test."""

    def holds() -> object:
        wait_for_frames(page, 1)
        return condition()

    wait_until(holds, seconds)


def state_of(page) -> dict[str, str]:
    """The parameters in the address of a page."""
    return dict(re.findall(r"(\w+)=([\d.]+)", page.url))


def wait_until_still(page) -> None:
    """Wait until no request is open and nothing is animated."""
    page.wait_for_load_state("networkidle")
    page.evaluate("""async () => {
        const moving = () => document.getAnimations().some(
            ({ playState, timeline }) => playState === 'running' && timeline instanceof DocumentTimeline)
        for (let frame = 0; frame < 300 && moving(); frame++) await new Promise(requestAnimationFrame)
    }""")
