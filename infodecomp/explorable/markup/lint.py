"""Checks one essay: what reading and rendering reported, and what only the whole shows."""

from __future__ import annotations

from infodecomp.explorable.core.diagnostics import Diagnostic, Diagnostics
from infodecomp.explorable.markup.mounts import Mounts
from infodecomp.explorable.markup.page import Page, render
from infodecomp.explorable.markup.reading.documents import Document

MAX_SUMMARY_LENGTH = 300
"""Characters; previews of a link cut longer summaries off."""


def lint_document(
    document: Document, page: Page | None = None, mounts: Mounts | None = None
) -> list[Diagnostic]:
    """Collect the diagnostics of an essay, sorted by line, without duplicates.

    Parameters
    ----------
    document : Document
        The essay.
    page : Page, optional
        The same essay rendered; rendered here if it is left out.
    mounts : Mounts, optional
        The figures, if `page` is left out.

    Returns
    -------
    list of Diagnostic
        First those of the essay's own file, then those of other files.
    """
    page = render(document, mounts) if page is None else page
    diagnostics = Diagnostics(document.name, [*document.diagnostics, *page.diagnostics])
    _check_front(document, diagnostics)
    if not page.words:
        diagnostics.warning(document.body_line, "the essay has no text")
    elsewhere = [diagnostic for diagnostic in diagnostics.found if diagnostic.path != document.name]
    return [
        *(diagnostic for diagnostic in diagnostics.sorted() if diagnostic.path == document.name),
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
    if len(summary) > MAX_SUMMARY_LENGTH:
        message = (
            f"the socialsummary has {len(summary)} characters; previews show at most {MAX_SUMMARY_LENGTH}"
        )
        diagnostics.warning(front.lines.get("socialsummary"), message)
