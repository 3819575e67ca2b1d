"""Routes of single documents: feed, sitemap, API description, static files and fonts."""

import mimetypes
from collections.abc import Callable
from pathlib import Path

import orjson
from flask import Blueprint, Response, copy_current_request_context, render_template, request
from werkzeug.utils import safe_join

from infodecomp.explorable.core.errors import NotFound
from infodecomp.explorable.graphics.math_font import math_font
from infodecomp.explorable.graphics.page_fonts import TYPEFACES, page_font
from infodecomp.explorable.markup.reading.documents import Document
from infodecomp.explorable.serving.cache import RenderedResponse
from infodecomp.explorable.serving.scripts import file_version, minified_script
from infodecomp.explorable.site.library import Library
from infodecomp.web.openapi import describe_api
from infodecomp.web.responses import JSON, send_cached, send_uncached, site_origin
from infodecomp.web.services import get_services

blueprint = Blueprint("documents", __name__)
FONT = "font/woff2"


@blueprint.get("/feed.xml")
def feed() -> Response:
    """The essays as an Atom feed."""
    return _send_xml("feed.xml", "application/atom+xml; charset=utf-8", Library.essays)


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """The pages for search engines."""
    return _send_xml(
        "sitemap.xml",
        "application/xml; charset=utf-8",
        lambda library: library.essays() + library.pages(),
    )


def _send_xml(template: str, mimetype: str, documents: Callable[[Library], list[Document]]) -> Response:
    def render(library: Library, origin: str) -> bytes:
        return render_template(template, essays=documents(library), origin=origin).encode()

    return _send_document(template, mimetype, render)


def _send_document(name: str, mimetype: str, render: Callable[[Library, str], bytes]) -> Response:
    """Send a document about the whole site, which is made once for each reading of the essays."""
    services = get_services()
    library, origin = services.site.library, site_origin(services)

    @copy_current_request_context
    def render_response() -> RenderedResponse:
        with services.compute_lock:
            return RenderedResponse(render(library, origin), mimetype)

    return send_cached(services, (library.revision, origin, name), services.compute_pool, render_response)


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """The OpenAPI description of this site."""
    return _send_document(
        "openapi.json", JSON, lambda library, origin: orjson.dumps(describe_api(library, origin))
    )


@blueprint.get("/static/<path:filename>")
def static(filename: str) -> Response:
    """A static file; immutable if its URL contains its current version."""
    services = get_services()
    found = safe_join(str(services.static), filename)
    if found is None or not Path(found).is_file():
        raise NotFound(f"There is no file {filename[:80]!r} here.")
    path = Path(found)
    version = file_version(path)
    immutable = request.args.get("v") == version
    return send_cached(
        services,
        (services.site.library.revision, "static", filename, version, immutable),
        services.compute_pool,
        lambda: _read_static(path, immutable),
    )


@blueprint.get("/fonts/math.woff2")
def font() -> Response:
    """The font of the formulas, reduced to the characters of the essays."""
    return send_uncached(math_font(get_services().site.library.formula_characters), FONT)


@blueprint.get("/fonts/<name>.woff2")
def text_font(name: str) -> Response:
    """A font of the text or of the figures, reduced to the characters of the site."""
    services = get_services()
    library = services.site.library
    if name not in TYPEFACES:
        raise NotFound(f"There is no font {name[:80]!r} here.")
    return send_cached(
        services,
        (library.revision, "font", name),
        services.compute_pool,
        lambda: RenderedResponse(page_font(name, library.page_characters), FONT),
    )


def _read_static(path: Path, immutable: bool) -> RenderedResponse:
    mimetype = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if mimetype.startswith("text/"):
        mimetype += "; charset=utf-8"
    body = minified_script(path).encode() if path.suffix == ".js" else path.read_bytes()
    return RenderedResponse(body, mimetype, immutable=immutable)
