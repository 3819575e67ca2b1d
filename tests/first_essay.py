"""The essay that tests of the server and the browser open: the first of essays/site.toml."""

import tomllib
from functools import lru_cache
from pathlib import Path

from flask import Flask

from infodecomp.explorable.markup.reading.documents import read_document
from infodecomp.explorable.site.library import Library
from infodecomp.web.factory import create_app
from infodecomp.web.services import get_services

ESSAYS = Path(__file__).parent.parent / "essays"
SITE = tomllib.loads((ESSAYS / "site.toml").read_text(encoding="utf-8"))
SLUG = SITE["order"][0]
ESSAY = f"/essays/{SLUG}"
TITLE = read_document(ESSAYS / f"{SLUG}.md").title
DATE = read_document(ESSAYS / f"{SLUG}.md").date


@lru_cache(1)
def published_app() -> Flask:
    """The application with the published essays, made once in a process."""
    return create_app({"RATE": 100_000})


def published_library() -> Library:
    """The library of that application."""
    return get_services(published_app()).site.library
