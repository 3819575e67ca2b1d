"""What a page tells machines: the structured data of an essay for search engines and reference managers."""

from infodecomp.explorable.figures.figure import FigureState
from infodecomp.explorable.markup.page import Page
from infodecomp.explorable.markup.reading.documents import Document


def structured(document: Document, page: Page, url: str, image: str) -> dict:
    """The essay as a schema.org Article (JSON-LD)."""
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
    """The citation_* tags that reference managers read."""
    tags = [
        ("citation_title", document.title),
        *(("citation_author", name) for name in document.authors.names),
    ]
    if document.date:
        tags.append(("citation_publication_date", document.date.strftime("%Y/%m/%d")))
    return [*tags, ("citation_fulltext_html_url", url)]


def shared_picture(document: Document, views: dict[str, FigureState], origin: str) -> str:
    """The picture that stands for an essay in a state elsewhere: of the first figure that the state concerns.

    In its default state that is the essay's own picture or else its first figure's. views: of the figures on it, in order.
    """
    drawn = [view for view in views.values() if view.figure.has("draw")]
    told = next((view for view in drawn if view.query), None)
    given = document.front["shareimg"]
    if given and told is None:
        return given if "://" in given else origin + given.lstrip("/")
    view = told or next(iter(drawn), None)
    return card(view, origin) if view else ""


def card(view: FigureState, origin: str) -> str:
    """The address of a state's picture in the size that others show beside a link."""
    return f"{origin}figures/{view.figure.name}.png?{'&'.join(filter(None, (view.query, '_width=1200', '_height=628')))}"
