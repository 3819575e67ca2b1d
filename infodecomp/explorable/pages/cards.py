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
        Its place in the order of reading, from 1.
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
    cards = []
    for number, document in enumerate(library.essays(), 1):
        outline = library.outlines[document.slug]
        picture = first_thumbnail(library, outline.figures)
        cards.append(Card(document, outline.minutes, number, picture))
    return cards


def next_card(library: Library, slug: str) -> Card | None:
    """Return the card of the next essay, of the first one after the last, or None if there is no other."""
    cards = essay_cards(library)
    position = next(n for n, card in enumerate(cards) if card.document.slug == slug)
    return cards[(position + 1) % len(cards)] if len(cards) > 1 else None


def first_thumbnail(library: Library, figures: tuple[str, ...], width: int = CARD_WIDTH) -> Thumbnail | None:
    """Return the thumbnail of the first of some figures that can be drawn."""
    for name in figures:
        try:
            return thumbnail(library.figures[name](), width)
        except Exception:  # a broken figure is reported on its own page
            continue
    return None
