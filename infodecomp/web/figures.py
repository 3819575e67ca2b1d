"""Routes of the figures: the catalogue, their pages, every export format, animations and streams."""

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from logging import Logger
from threading import Event
from urllib.parse import parse_qsl

from flask import Blueprint, Response, current_app, render_template, request

from infodecomp.errors import CheckpointError
from infodecomp.explorable.core.errors import ExplorableError, NotFound, ParameterError
from infodecomp.explorable.exports.films.animation import Animation
from infodecomp.explorable.exports.query_options import AHEAD, HEIGHT, PLAY, WIDTH, split_options
from infodecomp.explorable.exports.request import ExportRequest, file_name, parse_request, render_export
from infodecomp.explorable.figures.credit import NO_CREDIT, Credit
from infodecomp.explorable.figures.state import FigureState
from infodecomp.explorable.pages.catalogue import figure_page, figures_page
from infodecomp.explorable.serving.problem_details import problem_details
from infodecomp.explorable.serving.sse import encode_event, latest_only
from infodecomp.explorable.site.library import Library
from infodecomp.web.errors import BROKEN
from infodecomp.web.essays import send_page
from infodecomp.web.openapi import MAX_STATES
from infodecomp.web.responses import (
    JSON,
    cached_response,
    query_items,
    send_cached,
    send_uncached,
    send_while_made,
    site_origin,
)
from infodecomp.web.services import Services, get_services

blueprint = Blueprint("figures", __name__)
STREAM_FIELDS = ("svg", "texts", "voice", "description_html", "parameters")
UNKNOWN = "is nothing that can be asked for here: give state=NAME?QUERY, once for each figure."


@blueprint.get("/figures")
def catalogue() -> Response:
    """All figures, or those that the words in `q` find."""
    services = get_services()
    query = " ".join(request.args.get("q", "")[:80].split())
    library, origin = services.site.library, site_origin(services)
    return send_page(
        services,
        (library.revision, origin, "figures", query),
        lambda: figures_page(render_template, library, origin, query),
        expensive=True,
    )


@blueprint.get("/figures/<name>")
def page(name: str) -> Response:
    """The page of a figure, with all its formats and parameters."""
    services = get_services()
    library, origin = services.site.library, site_origin(services)
    state = library.figure(name).read(query_items())
    return send_page(
        services,
        (library.revision, origin, "figure", name, *state.state.values()),
        lambda: figure_page(render_template, library, state, origin),
        expensive=state.is_expensive,
    )


@blueprint.get("/figures/<name>.<kind>")
def figure(name: str, kind: str) -> Response:
    """One state of a figure in one format."""
    services = get_services()
    library, origin = services.site.library, site_origin(services)
    return send_figure(services, library, name, kind, lambda view: library.credit(view, origin))


def send_figure(
    services: Services,
    library: Library,
    name: str,
    kind: str,
    credit_of: Callable[[FigureState], Credit] = lambda view: NO_CREDIT,
) -> Response:
    """Send one state of a figure of a library in one format, from the cache if it is there."""
    export = parse_request(library.figure(name), kind, query_items())
    credit = credit_of(export.view) if export.form.has_credit else NO_CREDIT
    if export.form.is_animation:
        return _send_animation(services, library.revision, export, credit)
    pool = (
        services.export_pool if export.form.needs_conversion else services.pool_for(export.view.is_expensive)
    )
    return send_cached(
        services,
        (library.revision, credit, *export.cache_key),
        pool,
        lambda: render_export(export, credit, services.compute_slot(export.view), services.converters),
        _name_on_disk(export),
    )


def _name_on_disk(export: ExportRequest) -> str:
    """The name under which a state is kept; none for one that depends on what this process has trained."""
    is_kept = export.form.kind == "json" and not export.view.figure.streams
    return repr(export.cache_key) if is_kept else ""


def _send_animation(services: Services, revision: int, export: ExportRequest, credit: Credit) -> Response:
    animation = export.form.render(export.view, export.options, credit)
    if not isinstance(animation, Animation):
        raise TypeError(f"the format {export.form.kind} is no animation")

    def prepare() -> tuple[str, str]:
        etag = animation.prepare(services.compute_slot)
        return file_name(export.view, export.form, animation.name), etag

    return send_while_made(
        services,
        (revision, credit, *replace(export, options=export.options | {"_download": False}).cache_key),
        export.form.mimetype,
        prepare,
        lambda converter: animation.encode(converter, services.compute_slot),
        export.options["_download"],
    )


@blueprint.get("/figures.json")
def states() -> Response:
    """The states of several figures as JSON: for each what /figures/NAME.json sends, or the problem with it.

    With `_ahead` they are made only while no one asks for anything else; the others are null.
    """
    services = get_services()
    return send_states(services, services.site.library)


def send_states(services: Services, library: Library) -> Response:
    """Send the states of figures of a library that the query asks for; see `states`."""
    started = time.monotonic()
    options, items = split_options((AHEAD,), query_items())
    for name, value in items:
        if name != "state":
            raise ParameterError(f"{name[:40]} {UNKNOWN}", parameter=name[:40], value=value[:80])
    if not 1 <= len(items) <= MAX_STATES:
        raise ParameterError(
            f"{len(items)} states are asked for: give state=NAME?QUERY 1 to {MAX_STATES} times.",
            parameter="state",
            value=len(items),
            bounds=f"1 to {MAX_STATES} states",
        )
    deadline = started if options["_ahead"] else None
    bodies = b",".join(_state_bodies(services, library, [text for _, text in items], deadline))
    return send_uncached(b'{"states":[' + bodies + b"]}", JSON)


def _state_bodies(
    services: Services, library: Library, addresses: list[str], deadline: float | None
) -> Iterator[bytes]:
    """The JSON of each state; null for those that no one has made before another request came in."""
    for address in addresses:
        try:
            yield _state_body(services, library, address, deadline)
        except ExplorableError as error:
            yield problem_details(error.status, error.title, str(error), error.details)
        except CheckpointError as error:
            yield problem_details(500, "Missing", str(error))
        except Exception:  # the other figures of the page go on working
            current_app.logger.exception("could not compute %s", address)
            yield problem_details(500, "This could not be computed", BROKEN)


def _state_body(services: Services, library: Library, address: str, deadline: float | None) -> bytes:
    name, _, query = address.partition("?")
    export = parse_request(library.figure(name), "json", parse_qsl(query, keep_blank_values=True))
    key = (library.revision, NO_CREDIT, *export.cache_key)
    if deadline is not None and not services.cache.get(key) and not _may_be_made(services, export, deadline):
        return b"null"
    pool = services.pool_for(export.view.is_expensive)
    return cached_response(
        services,
        key,
        pool,
        lambda: render_export(export, NO_CREDIT, services.compute_slot(export.view)),
        _name_on_disk(export),
    )[0].body


def _may_be_made(services: Services, export: ExportRequest, deadline: float) -> bool:
    """Whether a state that no one waits for is cheap, and no one has asked for anything since."""
    is_idle = services.activity.last_request <= deadline and not services.cache.waiting
    return is_idle and not export.view.is_expensive


@blueprint.get("/figures/<name>/stream")
def stream(name: str) -> Response:
    """A long computation as it goes on, as server-sent events."""
    services = get_services()
    figure = services.site.library.figure(name)
    if not figure.streams:
        raise NotFound(f"{name} is computed at once and has no stream; ask for {name}.json.")
    options, state = split_options((WIDTH, HEIGHT, PLAY), query_items())
    view = figure.read(state)
    states, max_rate = view.frames(options["_play"]), view.max_rate(options["_play"])
    services.rate_limiter.count(request.remote_addr or "")
    services.streams.acquire()
    latest = latest_only(states, max_rate=max_rate)
    content = partial(
        FigureState.json, fields=STREAM_FIELDS, width=options["_width"], max_height=options["_height"]
    )
    events = _events(name, latest, content, services.stopping, current_app.logger)
    response = Response(events, mimetype="text/event-stream", headers={"Cache-Control": "no-store"})
    response.call_on_close(services.streams.release)  # also if the client leaves before the first event
    return response


def _events(
    name: str,
    states: Generator[FigureState],
    content: Callable[[FigureState], bytes],
    stopping: Event,
    logger: Logger,
) -> Iterator[bytes]:
    """Encode each state as an event; the event at the end says why there are no more.

    It is `done`, `broken` for a computation that failed, or `stopping` for a server that stops: a client that
    connects again then goes on elsewhere.
    """
    try:
        with closing(states):
            for state in states:
                yield encode_event(content(state))
                if stopping.is_set():
                    yield encode_event(b"{}", "stopping")
                    return
        yield encode_event(b"{}", "done")
    except Exception:
        logger.exception("the stream of %s broke off", name)
        yield encode_event(b"{}", "broken")
