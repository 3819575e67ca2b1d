"""What the server renders beforehand is what a page requests first."""

import re
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from infodecomp.explorable.site.reading import read_library
from infodecomp.web.services import get_services
from infodecomp.web.warmup import first_move_urls, page_urls
from tests.first_essay import ESSAY
from tests.pages import wait_for_page

SITE = Path(__file__).parents[1] / "sites" / "clock"


def test_every_figure_that_is_quick_moves_each_of_its_controls_once():
    library = read_library(SITE)
    fonts = [f"/fonts/{name}.woff2" for name in ("serif", "serif-italic", "sans")]
    assert list(page_urls(library)) == [*fonts, "/", "/essays/clock"]
    moves = list(first_move_urls(library))
    assert {re.match(r"/figures/([\w-]+)\.json", move)[1] for move in moves} == {"clock-dial"}, (
        "the others take long"
    )
    assert (
        len(moves)
        == len(set(moves))
        == 3 * len(library.figure("clock-dial").parameters[0].warmup_values()) + 1
    )


def requested_states(page) -> list[str]:
    """A list that fills with the addresses of states that a page requests, but those of a sticky figure."""
    requested: list[str] = []

    def note(request) -> None:
        path = re.sub(r"^https?://[^/]+", "", request.url)
        states = [path]
        if path.startswith("/figures.json?"):  # several at once
            asked = parse_qs(urlsplit(path).query)["state"]
            states = ["/figures/{}.json?{}".format(*state.split("?", 1)) for state in asked]
        requested.extend(state for state in states if ".json" in state and "_height" not in state)

    page.on("request", note)
    return requested


# What is in sight is known once the browser has drawn.
DRAWN_FRAMES = (
    "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"
)


def requested_with(requested: list[str], parameter: str) -> set[str]:
    """The requested addresses that give a parameter."""
    return {address for address in requested if f"{parameter}=" in address}


def test_a_page_requests_what_was_warmed_up(app, open_page):
    page = open_page(ESSAY)
    requested = requested_states(page)
    for parameter in ("bits_line", "guess", "p11"):
        control = page.locator(f"input[data-parameter={parameter}]").first
        control.scroll_into_view_if_needed()
        page.evaluate(DRAWN_FRAMES)
        requested.clear()
        control.focus()
        page.keyboard.press("ArrowLeft")
        page.wait_for_url(re.compile(f"{parameter}="))
        wait_for_page(page, partial(requested_with, requested, parameter))
        moves = set(first_move_urls(get_services(app).site.library))
        assert requested_with(requested, parameter) <= moves
        page.keyboard.press("ArrowRight")
        page.wait_for_url(re.compile(rf"^((?!{parameter}=).)*$"))


def test_a_large_phone_finds_its_pictures_made(app, open_page):
    page = open_page("/", viewport={"width": 412, "height": 900})
    requested = requested_states(page)
    page.goto(page.url.rstrip("/") + ESSAY)
    slow = [name for name, figure in get_services(app).site.library.figures.items() if figure.streams]

    def found() -> set[str]:
        return {address for address in requested if not any(name in address for name in slow)}

    wait_for_page(page, lambda: len(found()) >= 2)
    assert found() <= set(first_move_urls(get_services(app).site.library))
