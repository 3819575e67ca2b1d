"""Routes for other sites: figures in frames, their stylesheets, and oEmbed."""

import orjson
from flask import Blueprint, Response, render_template

from infodecomp.explorable.graphics.theme import stylesheet
from infodecomp.explorable.pages.embed import oembed, read_frame
from infodecomp.explorable.pages.essay import embed_page
from infodecomp.explorable.serving.cache import RenderedResponse
from infodecomp.web.essays import send_page
from infodecomp.web.responses import JSON, query_items, send_cached, send_uncached, site_origin
from infodecomp.web.services import get_services

blueprint = Blueprint("embeds", __name__)


@blueprint.get("/embed/<name>")
def embed(name: str) -> Response:
    """A figure alone, for a frame."""
    services = get_services()
    library, origin = services.site.library, site_origin(services)
    frame = read_frame(library.figure(name), query_items())
    return send_page(
        services,
        (library.revision, origin, "embed", *frame.key),
        lambda: embed_page(render_template, library, frame, origin),
        expensive=frame.view.is_expensive,
    )


@blueprint.get("/themes/<any(light, dark):theme>.css")
def themes(theme: str) -> Response:
    """The stylesheet of a fixed theme."""
    return send_uncached(stylesheet(theme), "text/css; charset=utf-8")


@blueprint.get("/oembed")
def describe_embed() -> Response:
    """The oEmbed description of a URL of this site."""
    services = get_services()
    library, items, origin = services.site.library, query_items(), site_origin(services)
    return send_cached(
        services,
        (library.revision, "oembed", origin, *items),
        services.long_pool,
        lambda: RenderedResponse(orjson.dumps(oembed(library, items, origin)), JSON),
    )
