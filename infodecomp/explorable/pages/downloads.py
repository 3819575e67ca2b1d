"""An essay to take along: all of its figures in one archive, and its slides as a PowerPoint file."""

import re
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from html import unescape

from infodecomp.explorable.exports.documents.archive import archive, archived_figure
from infodecomp.explorable.exports.documents.powerpoint import (
    PICTURE,
    SCALE,
    FigureSlide,
    TextSlide,
    presentation,
)
from infodecomp.explorable.exports.formats import PPTX
from infodecomp.explorable.exports.standalone import boxed_svg
from infodecomp.explorable.figures.credit import is_public
from infodecomp.explorable.figures.state import FigureState
from infodecomp.explorable.graphics.text_paths import outline_text
from infodecomp.explorable.graphics.theme import LIGHT
from infodecomp.explorable.pages.slides import ClosingSlide, Slide, make_slides
from infodecomp.explorable.site.library import EssayState, Library
from infodecomp.explorable.site.mounts import report_broken_figure

ToPng = Callable[[str], bytes]
ComputeSlot = Callable[[FigureState], AbstractContextManager]


def figures_archive(
    library: Library, essay: EssayState, origin: str, to_png: ToPng, slot: ComputeSlot
) -> Generator[bytes]:
    """Yield the figures of an essay, each as SVG, PNG, text and table, in one ZIP file.

    Parameters
    ----------
    library : Library
    essay : EssayState
    origin : str
        The public address of the site, with a slash at its end.
    to_png : callable
        SVG -> PNG.
    slot : callable
        State -> context manager that is held while it is computed.
    """

    def figures() -> Iterator:
        for view in essay.views.values():
            if view.figure.has("draw") and _is_computed(view, slot):
                yield archived_figure(view, library.credit(view, origin), to_png)

    return archive(figures())


def essay_presentation(
    library: Library, essay: EssayState, origin: str, to_png: ToPng, slot: ComputeSlot
) -> Generator[bytes]:
    """Yield the slides of an essay for PowerPoint, in one piece; parameters as for `figures_archive`."""
    deck = make_slides(essay.page.root, {name: library.figures[name] for name in essay.page.mounted})

    def drawn(slide: Slide) -> FigureSlide | None:
        view = essay.views[slide.figure]
        if not _is_computed(view, slot):
            return None
        svg = boxed_svg(view, *PICTURE).svg
        return FigureSlide(
            view,
            library.credit(view, origin),
            outline_text(svg),
            to_png(svg),
            slide.heading,
            plain_notes(slide.notes),
        )

    slides = [shown for slide in deck.slides if (shown := drawn(slide))]
    front = essay.document.front
    address = f"{origin}essays/{essay.slug}" if is_public(origin) else ""
    closing = _closing_slide(deck.closing, address) if deck.closing else None
    yield presentation(slides, essay.document.title, front["subtitle"] or "", closing)


def _closing_slide(closing: ClosingSlide, address: str) -> TextSlide:
    points = [" ".join(filter(None, point)) for point in closing.points]
    return TextSlide(
        closing.heading, "\n\n".join(filter(None, (*points, address))), plain_notes(closing.notes)
    )


def _is_computed(view: FigureState, slot: ComputeSlot) -> bool:
    """Compute a state; a broken figure is reported and leaves the others."""
    try:
        with slot(view):
            view.picture, view.description, view.table  # noqa: B018 - each is computed on first use
    except Exception as error:
        report_broken_figure(view.name, error)
        return False
    return True


def plain_notes(html: str) -> str:
    """Return speaker notes as plain text, with an empty line between two paragraphs."""
    marked = re.sub(r"</(?:p|h\d|li|tr|table|blockquote)>", "\n\n", html)
    text = unescape(re.sub(r"<[^>]+>", "", marked))
    paragraphs = (" ".join(part.split()) for part in re.split(r"\n\s*\n", text))
    return "\n\n".join(part for part in paragraphs if part)


@dataclass(frozen=True)
class Download:
    """A file with all figures of an essay.

    Attributes
    ----------
    content : str
        What is in it, for the API.
    mimetype : str
    make : callable
        Yields the file; see `figures_archive`.
    scale : int
        Pixels of its PNG for each unit of the SVG.
    paper : str
        The colour behind its pictures, where they have no background.
    """

    content: str
    mimetype: str
    make: Callable[[Library, EssayState, str, ToPng, ComputeSlot], Generator[bytes]]
    scale: int = 1
    paper: str = ""


DOWNLOADS = {
    "figures.zip": Download(
        "all of its figures as pictures, texts and tables", "application/zip", figures_archive
    ),
    "slides.pptx": Download("its slides for PowerPoint", PPTX, essay_presentation, SCALE, LIGHT["paper"]),
}
"""By file name, under the address of the essay."""
