"""The essay that tests of the server and the browser open: the first of essays/site.toml."""

import tomllib
from functools import lru_cache
from pathlib import Path

from infodecomp.explorable.markup.reading.documents import read_document
from infodecomp.explorable.site.library import Library
from infodecomp.explorable.site.reading import read_library

ESSAYS = Path(__file__).parent.parent / "essays"
SITE = tomllib.loads((ESSAYS / "site.toml").read_text(encoding="utf-8"))
SLUG = SITE["order"][0]
ESSAY = f"/essays/{SLUG}"
TITLE = read_document(ESSAYS / f"{SLUG}.md").title
DATE = read_document(ESSAYS / f"{SLUG}.md").date


@lru_cache(1)
def published_library() -> Library:
    """The library of the published essays, read once in a process."""
    return read_library(ESSAYS)
