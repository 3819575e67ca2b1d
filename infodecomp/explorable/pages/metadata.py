"""Metadata of pages for search engines, reference managers and link previews."""

from collections.abc import Iterable

from infodecomp.explorable.exports.social_card import CARD_SIZE
from infodecomp.explorable.figures.state import FigureState
from infodecomp.explorable.markup.page import Page
from infodecomp.explorable.markup.reading.documents import Document
from infodecomp.explorable.site.config import SiteConfig


def structured_data(document: Document, page: Page, site: SiteConfig, url: str, image: str) -> dict:
    """Return the essay as a schema.org Article (JSON-LD).

    Parameters
    ----------
    document : Document
    page : Page
    site : SiteConfig
        Its publisher is an organization, also where an essay names it as its author.
    url : str
        The address of the essay in this state.
    image : str
        The address of its picture.
    """
    organization = {"@type": "Organization", "name": site.publisher} if site.publisher else None
    article = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": document.title,
        "description": page.description,
        "author": [
            organization if name == site.publisher else {"@type": "Person", "name": name}
            for name in document.authors.names
        ],
        "publisher": organization,
        "license": {"@type": "CreativeWork", "name": f"{site.licence} licence"} if site.licence else None,
        "datePublished": document.date.isoformat() if document.date else None,
        "url": url,
        "image": image,
        "wordCount": page.words,
        "citation": [reference.text for reference in page.references],
    }
    return {key: value for key, value in article.items() if value}


def citation_tags(document: Document, url: str) -> list[tuple[str, str]]:
    """Return (name, content) of the citation_* tags that reference managers read; url: of this state."""
    tags = [
        ("citation_title", document.title),
        *(("citation_author", name) for name in document.authors.names),
    ]
    if document.date:
        tags.append(("citation_publication_date", document.date.strftime("%Y/%m/%d")))
    return [*tags, ("citation_fulltext_html_url", url)]


def how_to_cite(document: Document, url: str) -> str:
    """Return the essay as a BibTeX entry; an author that is not a person stands in braces."""
    fields = {
        "title": f"{{{document.title}}}",
        "author": " and ".join(f"{{{name}}}" for name in document.authors.names),
        "year": str(document.date.year) if document.date else "",
        "url": url,
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@misc{{{document.slug},\n" + ",\n".join(lines) + "\n}"


def share_image(document: Document, views: dict[str, FigureState], origin: str) -> str:
    """Return the address of the picture for link previews of an essay.

    It is the essay's social card in this state or, in the default state, the picture that the essay names.

    Parameters
    ----------
    document : Document
    views : dict of str to FigureState
        The figures of the page, in order.
    origin : str
        The public address of the site, with a slash at its end.
    """
    view = card_view(views.values())
    own_image = document.front["shareimg"]
    if own_image and not (view and view.query):
        return own_image if "://" in own_image else origin + own_image.lstrip("/")
    query = f"?{view.query}" if view and view.query else ""
    return f"{origin}cards/{document.slug}.png{query}"


def card_view(views: Iterable[FigureState]) -> FigureState | None:
    """Return the figure of a social card: the first in a state of its own, or else the first."""
    drawn = [view for view in views if view.figure.has("draw")]
    return next((view for view in drawn if view.query), drawn[0] if drawn else None)


def card_address(view: FigureState, origin: str) -> str:
    """Return the address of the link-preview picture of a state."""
    width, height = CARD_SIZE
    query = "&".join(filter(None, (view.query, f"_width={width}", f"_height={height}")))
    return f"{origin}figures/{view.figure.name}.png?{query}"
