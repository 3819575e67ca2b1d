"""The OpenAPI description of all routes, made from the declarations of the figures."""

from collections.abc import Iterable
from typing import Any

from infodecomp.explorable.exports.formats import FORMATS, Format, has_format
from infodecomp.explorable.exports.query_options import AHEAD, DOWNLOAD, HEIGHT, PLAY, WIDTH
from infodecomp.explorable.figures.figure import Figure
from infodecomp.explorable.figures.parameters import Parameter
from infodecomp.explorable.pages.downloads import DOWNLOADS
from infodecomp.explorable.pages.embed import FRAME_OPTIONS
from infodecomp.explorable.pages.pictures import PICTURES
from infodecomp.explorable.serving.problem_details import PROBLEM_MIMETYPE
from infodecomp.explorable.site.library import Library

HTML, TEXT = "text/html", "text/plain"
MAX_STATES = 24  # of one batch
RESPONSES = {
    "200": "The requested state.",
    "304": "The client has it already (If-None-Match).",
    "400": "A parameter is unknown, repeated or out of bounds; the problem names it and its bounds.",
    "404": "There is no such essay, figure or format; the problem names the nearest.",
    "405": "The method is not one of those listed in Allow.",
    "414": "The query is too long; the problem names the limit.",
    "429": "Too many long computations or exports from one address; Retry-After.",
    "500": "Something is broken or missing here; the problem says what.",
    "503": "All places for this work are taken, or it takes too long; Retry-After.",
    "501": "An oEmbed format that this site does not offer.",
}


def describe_api(library: Library, origin: str) -> dict[str, Any]:
    """Describe a site as OpenAPI 3.1.

    Parameters
    ----------
    library : Library
    origin : str
        The address of the site.

    Returns
    -------
    dict
        To be encoded as JSON.
    """
    paths = {
        "/": _get("The essays", [], HTML),
        "/healthz": _get("Whether the process is alive", [], TEXT),
        "/readyz": _get("Whether it should be sent more", [], TEXT, "503"),
        "/version": _get("What exactly is served: sha256 of code, essays and models", [], "application/json"),
        "/openapi.json": _get("This description", [], "application/json"),
        "/figures": _get("All figures", [], HTML, *_BUSY, "429"),
        "/figures.json": _batch(),
        "/oembed": _oembed(),
        "/feed.xml": _get("All essays as an Atom feed", [], "application/atom+xml"),
        "/sitemap.xml": _get("All pages", [], "application/xml"),
    }
    for document in library.essays() + library.pages():
        slug = document.slug
        paths[f"/essays/{slug}"] = _get(
            f"The essay “{document.title}” in a state of its figures",
            [*library.parameters(slug), PICTURES],
            HTML,
            "400",
            "429",
            *_BUSY,
        )
        paths[f"/essays/{slug}/slides"] = _get(
            f"“{document.title}” as slides", library.parameters(slug), HTML, "400", "429", *_BUSY
        )
        for name, download in DOWNLOADS.items():
            paths[f"/essays/{slug}/{name}"] = _get(
                f"“{document.title}”: {download.content}",
                library.parameters(slug),
                download.mimetype,
                "400",
                "429",
                *_BUSY,
            )
        paths[f"/cards/{slug}.png"] = _get(
            f"The picture of “{document.title}” for previews of a link",
            library.parameters(slug),
            "image/png",
            "400",
            "429",
            *_BUSY,
        )
        paths[f"/essays/{slug}.md"] = _get("Its source", [], "text/markdown")
        paths[f"/essays/{slug}.bib"] = _get("Its references", [], "application/x-bibtex")
    for figure in library.figures.values():
        paths |= _figure_paths(figure)
    return {
        "openapi": "3.1.0",
        "servers": [{"url": origin.rstrip("/")}],
        "info": {
            "title": library.config.title,
            "version": "1",
            "description": "Every state of every figure has an address, and every format of it another. "
            "All responses are functions of their address alone.",
        },
        "paths": paths,
        "components": {"schemas": {"Problem": _PROBLEM}},
    }


def _figure_paths(figure: Figure) -> dict:
    """The routes of a figure: its formats, its page, its frame and its stream."""
    name, own = figure.name, list(figure.parameters)
    paths = {
        f"/figures/{name}.{kind}": _form(figure, form)
        for kind, form in FORMATS.items()
        if has_format(figure, kind)
    }
    errors = ("400", "429", *_BUSY)
    paths[f"/figures/{name}"] = _get(f"{figure.title}: a page of its own", own, HTML, *errors)
    paths[f"/embed/{name}"] = _get(f"{figure.title}, for a frame", [*own, *FRAME_OPTIONS], HTML, *errors)
    if figure.streams:
        paths[f"/figures/{name}/stream"] = _get(
            f"{figure.title}, as it is found: server-sent events",
            [*own, WIDTH, HEIGHT, PLAY],
            "text/event-stream",
            "400",
            "429",
            "503",
            cacheable=False,
        )
    return paths


def _form(figure: Figure, form: Format) -> dict:
    return _get(
        f"{figure.title}: {form.description}",
        [*figure.parameters, *form.options, DOWNLOAD],
        form.mimetype.partition(";")[0],
        *(["404"] if form.kind == "qr" else []),  # where the site has no public address
        "400",
        "429",
        *_BUSY,
    )


def _batch() -> dict:
    asked = _get(
        "The states of several figures: for each what /figures/NAME.json sends, a problem, or null",
        [AHEAD],
        "application/json",
        "400",
    )
    asked["get"]["parameters"].append(
        {
            "name": "state",
            "in": "query",
            "required": True,
            "description": "A figure and the query of its state: NAME?QUERY. Once for each state.",
            "schema": {
                "type": "array",
                "items": {"type": "string"},
                "minItems": 1,
                "maxItems": MAX_STATES,
            },
        }
    )
    return asked


def _oembed() -> dict:
    asked = _get(
        "The embed code for an address of this site (oEmbed 1.0)",
        [],
        "application/json",
        "400",
        "429",
        "501",
        *_BUSY,
    )
    kinds = {
        "url": {"type": "string"},
        "format": {"type": "string"},
        "maxwidth": {"type": "integer", "minimum": 200, "maximum": 100_000},
        "maxheight": {"type": "integer", "minimum": 200, "maximum": 100_000},
    }
    asked["get"]["parameters"] = [
        {"name": name, "in": "query", "required": name == "url", "schema": kind}
        for name, kind in kinds.items()
    ]
    asked["get"]["responses"]["404"] = _error_response("404")
    return asked


_BUSY = ("500", "503")
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "parameter": {"type": "string"},
        "bounds": {"type": "string"},
    },
}


def _get(
    summary: str, parameters: Iterable[Parameter], mimetype: str, *errors: str, cacheable: bool = True
) -> dict:
    responses = {
        "200": {
            "description": RESPONSES["200"],
            "content": {
                mimetype: {
                    "schema": {"type": "string"} if mimetype != "application/json" else {"type": "object"}
                }
            },
        }
    }
    if cacheable:
        responses["304"] = {"description": RESPONSES["304"]}
    responses |= {status: _error_response(status) for status in sorted({*errors, "405", "414"})}
    return {
        "get": {
            "summary": summary,
            "parameters": [_parameter(parameter) for parameter in parameters],
            "responses": responses,
        }
    }


def _error_response(status: str) -> dict:
    content = {
        PROBLEM_MIMETYPE: {"schema": {"$ref": "#/components/schemas/Problem"}},
        HTML: {"schema": {"type": "string"}},
    }
    return {"description": RESPONSES[status], "content": content}


def _parameter(parameter: Parameter) -> dict:
    unit = f", {parameter.unit}" if parameter.unit else ""
    return {
        "name": parameter.name,
        "in": "query",
        "required": False,
        "description": f"{parameter.label}{unit}: {parameter.bounds()}",
        "schema": parameter.json_schema(),
    }
