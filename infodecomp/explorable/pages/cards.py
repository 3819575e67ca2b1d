"""Thumbnails of figures and cards of essays, for the start page, the catalogue and the end of an essay."""

from dataclasses import dataclass

from infodecomp.explorable.figures.state import FigureState
from infodecomp.explorable.markup.reading.documents import Document
from infodecomp.explorable.site.library import Library

CARD_WIDTH = 640  # pixels; the picture of a card is drawn as for a wide page


@dataclass(frozen=True)
class Thumbnail:
    """The small picture of a figure in its default state.

    Attributes
    ----------
    name, title : str
    width, height : int
        Pixels.
    """

    name: str
    title: str
    width: int
    height: int


@dataclass(frozen=True)
class Card:
    """An essay in a list of essays.

    Attributes
    ----------
    document : Document
    minutes : int
    number : int
        Its place in the order of reading, from 1; 0 for a page beside the essays.
    picture : Thumbnail or None
        Its first figure.
    """

    document: Document
    minutes: int
    number: int
    picture: Thumbnail | None


def thumbnail(view: FigureState, width: int = CARD_WIDTH) -> Thumbnail:
    """Return the thumbnail of a figure that is drawn at a width in pixels."""
    return Thumbnail(view.figure.name, view.figure.title, width, round(view.picture.height(width)))


def essay_cards(library: Library) -> list[Card]:
    """Return the cards of all essays, in the order of reading."""
    return [_card(library, document, number) for number, document in enumerate(library.essays(), 1)]


def page_cards(library: Library) -> list[Card]:
    """Return the cards of the pages beside the essays."""
    return [_card(library, document, 0) for document in library.pages()]


def _card(library: Library, document: Document, number: int) -> Card:
    outline = library.outlines[document.slug]
    return Card(document, outline.minutes, number, first_thumbnail(library, outline.figures))


def next_card(library: Library, slug: str) -> Card | None:
    """Return the card of what to read after an essay or a page.

    That is the next essay; after the last essay the first page, or the first essay where there is no page;
    after a page the next page. None if there is nothing else.
    """
    cards, pages = essay_cards(library), page_cards(library)
    slugs = [card.document.slug for card in (*cards, *pages)]
    after = slugs.index(slug) + 1
    if after < len(slugs):
        return (*cards, *pages)[after]
    return cards[0] if len(cards) > 1 and not pages else None


def first_thumbnail(library: Library, figures: tuple[str, ...], width: int = CARD_WIDTH) -> Thumbnail | None:
    """Return the thumbnail of the first of some figures that can be drawn."""
    for name in figures:
        try:
            return thumbnail(library.figures[name](), width)
        except Exception:  # a broken figure is reported on its own page
            continue
    return None
