"""Routes of the essays: the index, pages, slides, sources, references and pictures."""

from collections.abc import Callable, Generator, Hashable
from contextlib import nullcontext

from flask import (
    Blueprint,
    Response,
    copy_current_request_context,
    render_template,
    request,
    send_from_directory,
)

from infodecomp.explorable.exports.query_options import split_options
from infodecomp.explorable.exports.raster import Converter
from infodecomp.explorable.exports.social_card import social_card
from infodecomp.explorable.pages.downloads import DOWNLOADS
from infodecomp.explorable.pages.essay import essay_page, slides_page, without_links
from infodecomp.explorable.pages.index import index_page, lead_figure
from infodecomp.explorable.pages.metadata import card_view
from infodecomp.explorable.pages.pictures import PICTURE_ELEMENTS, PICTURES, EagerPictures
from infodecomp.explorable.pages.slide_options import read_slide_options
from infodecomp.explorable.serving.cache import RenderedResponse
from infodecomp.explorable.site.library import Library
from infodecomp.web.responses import (
    HTML,
    query_items,
    send_cached,
    send_uncached,
    send_while_made,
    site_origin,
)
from infodecomp.web.services import Services, get_services

# A figure that cannot be shown now, such as one whose model is missing, may be shown at the next request.
BROKEN_FIGURE = '<div class="problem"'
TABLE_PAGES = ("/decompose",)  # which are there only where the operator takes tables
BIBTEX = "application/x-bibtex; charset=utf-8"
blueprint = Blueprint("essays", __name__)


@blueprint.get("/")
def index() -> Response:
    """The start page: the essays, with the first figure in the state of the query."""
    services = get_services()
    library, items, origin = services.site.library, query_items(), site_origin(services)
    lead = lead_figure(library)
    view = library.figure(lead).read(items, strict=False) if lead else None
    return send_page(
        services,
        (library.revision, origin, "index", *(view.state.values() if view else ())),
        lambda: index_page(render_template, library, items, origin),
        expensive=view is not None and view.is_expensive,
    )


@blueprint.get("/essays/<slug>")
def essay(slug: str) -> Response:
    """An essay in the state of the query."""
    services = get_services()
    has_feedback = services.feedback is not None
    options, _ = split_options((PICTURES,), query_items())
    limit = None if options["_pictures"] == "all" else PICTURE_ELEMENTS
    return _send_essay(
        services,
        slug,
        lambda library, items, origin: essay_page(
            render_template, library, slug, items, origin, has_feedback, EagerPictures(limit)
        ),
        limit,
    )


@blueprint.get("/essays/<slug>/slides")
def slides(slug: str) -> Response:
    """An essay as slides, in the state of the query: all of them, or those that it names."""
    services = get_services()
    parameters = services.site.library.essay(slug).parameters
    return _send_essay(
        services,
        slug,
        lambda library, items, origin: slides_page(render_template, library, slug, items, origin),
        *read_slide_options(query_items(), parameters),
    )


@blueprint.get("/essays/<slug>.md")
def source(slug: str) -> Response:
    """The Markdown source of an essay."""
    document = get_services().site.library.document(slug)
    return send_uncached(document.text, "text/markdown; charset=utf-8")


@blueprint.get("/essays/<slug>.bib")
def bibtex(slug: str) -> Response:
    """The references of an essay."""
    services = get_services()
    library = services.site.library
    library.document(slug)

    def render() -> RenderedResponse:
        with services.compute_lock:
            return RenderedResponse(library.essay(slug).page.bibtex.encode(), BIBTEX)

    return send_cached(services, (library.revision, "bibtex", slug), services.compute_pool, render)


@blueprint.get("/essays/<slug>/figures.zip")
def figures(slug: str) -> Response:
    """All figures of an essay in the state of the query, in one archive."""
    return _send_download(slug, "figures.zip")


@blueprint.get("/essays/<slug>/slides.pptx")
def presentation(slug: str) -> Response:
    """The slides of an essay in the state of the query, for PowerPoint and its relatives."""
    return _send_download(slug, "slides.pptx")


def _send_download(slug: str, name: str) -> Response:
    services, download = get_services(), DOWNLOADS[name]
    library, items, origin = services.site.library, query_items(), site_origin(services)

    def produce(converter: Converter) -> Generator[bytes]:
        def to_png(svg: str) -> bytes:
            return converter.convert(svg, "png", scale=download.scale, paper=download.paper)

        yield from download.make(library, library.essay(slug, items), origin, to_png, services.compute_slot)

    return send_while_made(
        services,
        (library.revision, origin, name, slug, *library.state(slug, items)),
        download.mimetype,
        lambda: (f"{slug}-{name}", ""),
        produce,
        attachment=True,
    )


@blueprint.get("/cards/<slug>.png")
def card(slug: str) -> Response:
    """The social card of an essay in the state of the query."""
    services = get_services()
    library = services.site.library
    document, outline = library.document(slug), library.outlines[slug]
    views = (library.figure(name).read(query_items(), strict=False) for name in outline.figures)
    view = card_view(views)
    foot = f"{library.config.title} · {outline.minutes} minute{'s' if outline.minutes != 1 else ''}"

    def render() -> RenderedResponse:
        with services.converters.converter() as converter:
            with services.compute_slot(view) if view else nullcontext():
                svg = social_card(document.title, document.front["subtitle"] or "", foot, view)
            return RenderedResponse(converter.convert(svg, "png", scale=1), "image/png", f"{slug}-card.png")

    key = (library.revision, "card", slug, *((view.figure.name, *view.state.values()) if view else ()))
    return send_cached(services, key, services.export_pool, render)


@blueprint.get("/essays/<path:name>.<any(png, jpg, jpeg, gif, svg, webp, avif):kind>")
def picture(name: str, kind: str) -> Response:
    """A picture file from the folder of the essays."""
    return send_from_directory(get_services().essays, f"{name}.{kind}")


def _send_essay(
    services: Services,
    slug: str,
    render: Callable[[Library, list[tuple[str, str]], str], str],
    *form: Hashable,
) -> Response:
    """Send a page of an essay in some form, from the cache if it is there."""
    library, items, origin = services.site.library, query_items(), site_origin(services)
    key = (library.revision, origin, request.endpoint, slug, *form, *library.state(slug, items))
    absent = TABLE_PAGES if services.tables is None else ()
    return send_page(
        services,
        key,
        lambda: without_links(render(library, items, origin), absent),
        expensive=library.is_expensive(slug, items),
    )


def send_page(
    services: Services, key: tuple, render: Callable[[], str], *, expensive: bool = False
) -> Response:
    """Send an HTML page, from the cache if it is there.

    Parameters
    ----------
    services : Services
    key : tuple
        Starts with the revision of the library.
    render : callable
        Returns the HTML; runs in a pool, with a copy of the request context.
    expensive : bool
        Whether rendering it takes a long computation.
    """

    @copy_current_request_context
    def render_response() -> RenderedResponse:
        with nullcontext() if expensive else services.compute_lock:
            html = render()
        return RenderedResponse(html.encode(), HTML, cacheable=BROKEN_FIGURE not in html)

    return send_cached(services, key, services.pool_for(expensive), render_response)
