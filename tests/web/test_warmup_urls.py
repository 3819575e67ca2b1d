import re
from pathlib import Path

from infodecomp.explorable.site.reading import read_library
from infodecomp.web.services import get_services
from infodecomp.web.warmup import first_move_urls, page_urls
from tests.first_essay import ESSAY

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


def test_a_page_asks_for_what_was_made_ahead(app, open_page):
    page, asked = open_page(ESSAY), []
    page.on(
        "request",
        lambda request: (
            asked.append(re.sub(r"^https?://[^/]+", "", request.url)) if ".json" in request.url else None
        ),
    )
    for parameter in ("bits_line", "guess", "p11"):
        control = page.locator(f"input[data-parameter={parameter}]").first
        control.scroll_into_view_if_needed()
        page.wait_for_timeout(300)
        asked.clear()
        control.focus()
        page.keyboard.press("ArrowLeft")
        page.wait_for_timeout(500)
        moves = set(first_move_urls(get_services(app).site.library))
        there = [address for address in asked if "_height" not in address and parameter in address]
        assert there and set(there) <= moves
        page.keyboard.press("ArrowRight")


def test_a_large_phone_finds_its_pictures_made(app, open_page):
    asked = []
    page = open_page("/", viewport={"width": 412, "height": 900})
    page.on(
        "request",
        lambda request: (
            asked.append(re.sub(r"^https?://[^/]+", "", request.url)) if ".json" in request.url else None
        ),
    )
    page.goto(page.url.rstrip("/") + ESSAY)
    page.wait_for_timeout(1500)
    slow = [name for name, figure in get_services(app).site.library.figures.items() if figure.streams]
    there = [
        address for address in asked if "_height" not in address and not any(name in address for name in slow)
    ]
    assert len(there) > 10 and set(there) <= set(first_move_urls(get_services(app).site.library))
