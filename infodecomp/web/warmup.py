"""Cache warm-up: an idle server renders what readers will ask for first, and pauses while somebody asks."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from flask import Flask

from infodecomp.explorable.figures.parameters import is_active
from infodecomp.explorable.figures.state import NARROW, WIDE
from infodecomp.explorable.graphics.page_fonts import TYPEFACES
from infodecomp.explorable.site.library import Library
from infodecomp.web.middleware import IS_WARMUP
from infodecomp.web.services import get_services

QUIET_SECONDS = 1.0  # without a request, before the next address
PAGE_FIELDS = "svg,texts,voice,description_html,parameters"  # what a page asks for when a slider moves
LARGE_PHONE = 370  # pixels: the picture in a window of 412, common, and neither of the widths in the page
CACHE_SHARE = 0.75  # of the cache that may be filled beforehand


class CacheWarmer(threading.Thread):
    """Requests pages, then first slider moves, while no other requests arrive, until all are cached.

    Parameters
    ----------
    fetch : callable
        Requests a URL.
    last_request : callable
        Returns when somebody else last asked, in monotonic seconds.
    has_room : callable
        Returns whether the cache has room for more.
    urls : iterable of str
    """

    def __init__(
        self,
        fetch: Callable[[str], object],
        last_request: Callable[[], float],
        has_room: Callable[[], bool],
        urls: Iterable[str],
    ):
        super().__init__(name="cache warmer", daemon=True)
        self._fetch, self._last_request, self._has_room, self._urls = fetch, last_request, has_room, urls

    def run(self) -> None:
        """Request everything."""
        for url in self._urls:
            while (rest := self._last_request() + QUIET_SECONDS - time.monotonic()) > 0:
                time.sleep(rest)
            if not self._has_room():
                return
            self._fetch(url)


def cache_warmer(app: Flask, origin: str) -> CacheWarmer:
    """Make the cache warmer of an application.

    Parameters
    ----------
    app : Flask
    origin : str
        The address of the site as readers write it.
    """
    services, client = get_services(app), app.test_client()
    request: dict[str, Any] = {
        "base_url": origin,
        "headers": {"Accept-Encoding": "gzip, deflate, br"},
        "environ_overrides": {IS_WARMUP: True},
    }
    return CacheWarmer(
        lambda url: client.get(url, **request),
        lambda: services.activity.last_request,
        lambda: services.cache.size < services.settings["CACHE_BYTES"] * CACHE_SHARE,
        chain(page_urls(services.site.library), first_move_urls(services.site.library)),
    )


def page_urls(library: Library) -> Iterator[str]:
    """The URLs of the fonts, whose first subsetting takes seconds, of the index, the essays and the pages."""
    for font in TYPEFACES:
        yield f"/fonts/{font}.woff2"
    yield "/"
    for document in library.essays() + library.pages():
        yield f"/essays/{document.slug}"


def first_move_urls(library: Library) -> Iterator[str]:
    """The URLs that a page requests when one control leaves its default, in common widths.

    For a width that is not in the page itself, the default states come first.
    """
    figures = [library.figures[name] for name in library.figure_order()]
    figures = [figure for figure in figures if figure.has("draw") and not figure.streams]
    for width in (WIDE, NARROW, LARGE_PHONE):
        options = urlencode({"_fields": PAGE_FIELDS, "_width": width})
        if width == LARGE_PHONE:
            yield from (f"/figures/{figure.name}.json?{options}" for figure in figures)
        for figure in figures:
            defaults = {parameter.name: parameter.default for parameter in figure.parameters}
            for parameter in figure.parameters:
                if is_active(parameter, defaults):
                    for value in parameter.warmup_values():
                        state = urlencode({parameter.name: parameter.write(value)})
                        yield f"/figures/{figure.name}.json?{state}&{options}"
