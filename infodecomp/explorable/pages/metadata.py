"""Metadata of pages for search engines, reference managers and link previews."""

from infodecomp.explorable.figures.state import FigureState
from infodecomp.explorable.markup.page import Page
from infodecomp.explorable.markup.reading.documents import Document


def structured_data(document: Document, page: Page, url: str, image: str) -> dict:
    """Return the essay as a schema.org Article (JSON-LD). image: the address of its picture."""
    article = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": document.title,
        "description": page.description,
        "author": [{"@type": "Person", "name": name} for name in document.authors.names],
        "datePublished": document.date.isoformat() if document.date else None,
        "url": url,
        "image": image,
        "wordCount": page.words,
        "citation": [reference.text for reference in page.references],
    }
    return {key: value for key, value in article.items() if value}


def citation_tags(document: Document, url: str) -> list[tuple[str, str]]:
    """Return (name, content) of the citation_* tags that reference managers read."""
    tags = [
        ("citation_title", document.title),
        *(("citation_author", name) for name in document.authors.names),
    ]
    if document.date:
        tags.append(("citation_publication_date", document.date.strftime("%Y/%m/%d")))
    return [*tags, ("citation_fulltext_html_url", url)]


def share_image(document: Document, views: dict[str, FigureState], origin: str) -> str:
    """Return the address of the picture for link previews of an essay; "" if it has none.

    It shows the first figure that differs from its default state, or else the essay's own picture, or else
    its first figure.

    Parameters
    ----------
    document : Document
    views : dict of str to FigureState
        The figures of the page, in order.
    origin : str
        The public address of the site, with a slash at its end.
    """
    drawn = [view for view in views.values() if view.figure.has("draw")]
    changed = next((view for view in drawn if view.query), None)
    own_image = document.front["shareimg"]
    if own_image and changed is None:
        return own_image if "://" in own_image else origin + own_image.lstrip("/")
    view = changed or next(iter(drawn), None)
    return card_address(view, origin) if view else ""


CARD_SIZE = (1200, 628)  # pixels: what most sites show beside a link


def card_address(view: FigureState, origin: str) -> str:
    """Return the address of the link-preview picture of a state."""
    width, height = CARD_SIZE
    query = "&".join(filter(None, (view.query, f"_width={width}", f"_height={height}")))
    return f"{origin}figures/{view.figure.name}.png?{query}"
