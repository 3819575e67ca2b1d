"""Everything that an author should mend in one essay: what reading it, rendering it and looking at it as a whole found."""

from __future__ import annotations

from infodecomp.explorable.core.diagnostics import Diagnostic, Diagnostics
from infodecomp.explorable.markup.page import Page, render
from infodecomp.explorable.markup.reading.documents import Document
from infodecomp.explorable.markup.transforms.figure_embedder import Mounts

LONGEST_SUMMARY = 300
"""More than this, and a preview of the page cuts the summary off."""


def lint_document(
    document: Document, page: Page | None = None, mounts: Mounts | None = None
) -> list[Diagnostic]:
    """All problems of an essay by line, each once; ``page`` is rendered here if it is not given."""
    page = render(document, mounts) if page is None else page
    diagnostics = Diagnostics(document.name, [*document.diagnostics, *page.diagnostics])
    _check_front(document, diagnostics)
    if not page.words:
        diagnostics.warning(document.body_line, "the essay has no text")
    elsewhere = [diagnostic for diagnostic in diagnostics.found if diagnostic.path != document.name]
    return [
        *(diagnostic for diagnostic in diagnostics.in_order() if diagnostic.path == document.name),
        *dict.fromkeys(elsewhere),
    ]


def _check_front(document: Document, diagnostics: Diagnostics) -> None:
    front = document.front
    for name in ("authors", "date", "socialsummary"):
        if not front[name]:
            diagnostics.warning(front.lines.get(name, 1), f"the front matter has no {name}")
    if front["authors"] and not document.authors:
        diagnostics.warning(front.lines.get("authors"), "no author's name can be read in 'authors'")
    if front["date"] and document.date is None:
        diagnostics.warning(
            front.lines.get("date"), f"'{front['date']}' is not an ISO date; write it as 2026-11-21"
        )
    summary = front["socialsummary"]
    if len(summary) > LONGEST_SUMMARY:
        message = f"the socialsummary has {len(summary)} characters; previews show at most {LONGEST_SUMMARY}"
        diagnostics.warning(front.lines.get("socialsummary"), message)
