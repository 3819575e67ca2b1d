"""What a page tells machines: the structured data of an essay for search engines and reference managers."""

from infodecomp.explorable.markup.documents import Document
from infodecomp.explorable.markup.page import Page


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
    tags = [("citation_title", document.title), *(("citation_author", name) for name in document.authors.names)]
    if document.date:
        tags.append(("citation_publication_date", document.date.strftime("%Y/%m/%d")))
    return [*tags, ("citation_fulltext_html_url", url)]


def shared_picture(document: Document, page: Page, site, origin: str) -> str:
    """The picture that stands for the essay elsewhere: its own, or else the first figure that draws one."""
    given = document.front["shareimg"]
    if given:
        return given if "://" in given else origin + given.lstrip("/")
    first = next((name for name in page.mounted if site.figures[name].has("draw")), None)
    return f"{origin}figures/{first}.png" if first else ""
