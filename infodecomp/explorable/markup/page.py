"""Renders a document to the HTML of its page: Markdown, raw HTML, formulas, notes, citations and figures."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

import markdown

from infodecomp.explorable.core.diagnostics import Diagnostic, Diagnostics
from infodecomp.explorable.markup.mounts import Mounts, NoMounts
from infodecomp.explorable.markup.parsing.normalize_blocks import normalize_blocks
from infodecomp.explorable.markup.parsing.raw_html import build
from infodecomp.explorable.markup.parsing.sanitize import sanitize
from infodecomp.explorable.markup.parsing.source import Source, tokenize
from infodecomp.explorable.markup.parsing.tree import Element
from infodecomp.explorable.markup.reading.documents import Document
from infodecomp.explorable.markup.transforms.citations import Reference
from infodecomp.explorable.markup.transforms.figure_embedder import FigureEmbedder
from infodecomp.explorable.markup.transforms.headings import (
    check_links,
    keep_ids_unique,
    number_headings,
    table_of_contents,
)
from infodecomp.explorable.markup.transforms.paragraphs import check_pictures, scope_tables, tidy_paragraphs
from infodecomp.explorable.markup.transforms.reference_resolver import ReferenceResolver
from infodecomp.explorable.markup.transforms.smart_punctuation import smart_punctuation

WORDS_PER_MINUTE = 220
SECONDS_PER_FIGURE = 40  # to look at a figure and to move it

_ADDRESS = re.compile(r"\]\(\s*<?([^\s)>]+)|^[ ]{0,3}\[[^\]]+\]:\s*<?([^\s>]+)", re.MULTILINE)
_WORD = re.compile(r"\w[\w'’-]*")


@dataclass(frozen=True)
class Page:
    """A rendered essay.

    Parameters
    ----------
    html, root
        Everything below the title, as HTML and as a tree.
    toc
        The table of contents: level, id and text of each heading.
    references, bibtex
        The references in the order of the page, and their BibTeX entries in one text.
    mounted, values
        The names of the figures on the page, and the values (``figure.value``) shown in its text.
    words, minutes
        The length of the text and the time it takes to read.
    description
        One or two sentences for previews.
    diagnostics
        What the author should fix.
    """

    html: str
    root: Element = field(compare=False, repr=False)
    toc: list[tuple[int, str, str]]
    references: list[Reference]
    bibtex: str
    mounted: list[str]
    values: list[str]
    words: int
    minutes: int
    description: str
    diagnostics: list[Diagnostic] = field(default_factory=list)


def render(document: Document, mounts: Mounts | None = None) -> Page:
    """Render a document. Never raises: what is wrong is reported in the page's diagnostics.

    Parameters
    ----------
    document : Document
        The essay.
    mounts : Mounts, optional
        The figures that it can use; by default none.

    Returns
    -------
    Page
    """
    mounts = NoMounts() if mounts is None else mounts
    diagnostics = Diagnostics(document.name)
    root = _tree(document, diagnostics)
    sanitize(root, diagnostics)
    resolver = ReferenceResolver(root, document.entries, diagnostics)
    tidy_paragraphs(root)
    resolver.resolve()
    words = len(_WORD.findall(root.text()))
    number_headings(root, resolver.reserved_ids(), resolver.headings())
    resolver.place_sections()
    description = _description(document, root)
    embedder = _embed_figures(root, mounts, diagnostics)
    line_of = _lines_of_addresses(document)
    scope_tables(root)
    check_pictures(root, document.path.parent, line_of, diagnostics)
    keep_ids_unique(root, diagnostics)
    check_links(root, line_of, diagnostics)
    smart_punctuation(root)
    references = resolver.citations.references
    return Page(
        html=root.html().strip() + "\n",
        root=root,
        toc=table_of_contents(root),
        references=references,
        bibtex="\n\n".join(reference.bibtex.strip() for reference in references)
        + ("\n" if references else ""),
        mounted=embedder.mounted,
        values=embedder.used_values,
        words=words,
        minutes=_minutes(words, len(set(embedder.mounted))),
        description=description,
        diagnostics=diagnostics.sorted(),
    )


def _embed_figures(root: Element, mounts: Mounts, diagnostics: Diagnostics) -> FigureEmbedder:
    embedder = FigureEmbedder(mounts, diagnostics)
    for element in list(root.walk()):
        embedder.visit(element)
    embedder.finish()
    return embedder


def _minutes(words: int, n_figures: int) -> int:
    """How long an essay takes a reader who tries its figures, in minutes."""
    return max(1, round(words / WORDS_PER_MINUTE + n_figures * SECONDS_PER_FIGURE / 60))


def _tree(document: Document, diagnostics: Diagnostics) -> Element:
    html, source = _converted(document.body, document.body_line)
    for line, start in source.broken:
        diagnostics.warning(line, f"'{start}' begins a tag or a comment that never ends; it is shown as text")
    return build(html, source, diagnostics)


@lru_cache(maxsize=32)
def _converted(body: str, body_line: int) -> tuple[str, Source]:
    """Markdown's output with placeholders, and their tokens. Cached, as it does not depend on the figures."""
    source = tokenize(body, body_line)
    converter = markdown.Markdown(
        extensions=["tables", "sane_lists"],
        extension_configs={"tables": {"use_align_attribute": True}},
        output_format="html",
    )
    converter.preprocessors.deregister("html_block")
    converter.inlinePatterns.deregister("html")
    return converter.convert(normalize_blocks(source)), source


def _description(document: Document, root: Element) -> str:
    """The author's own summary, or the beginning of the text."""
    summary = document.front["socialsummary"] or document.front["description"] or document.front["subtitle"]
    if isinstance(summary, str) and summary.strip():
        return " ".join(summary.split())
    texts = (" ".join(paragraph.text().split()) for paragraph in root.find("p"))
    first = next((text for text in texts if len(text) > 40), "")
    if len(first) <= 200:
        return first
    return first[:200].rsplit(" ", 1)[0].rstrip(" ,;:.–—") + "…"


def _lines_of_addresses(document: Document) -> dict[str, int]:
    """The line of each link and picture that is written in Markdown."""
    lines: dict[str, int] = {}
    for match in _ADDRESS.finditer(document.body):
        line = document.body_line + document.body.count("\n", 0, match.start())
        lines.setdefault(match[1] or match[2], line)
    return lines
