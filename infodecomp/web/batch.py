"""Several states of figures in one response, as a page asks for them when a parameter moves them all."""

import time
from collections.abc import Iterator
from urllib.parse import parse_qsl

from flask import Blueprint, Response, current_app

from infodecomp.errors import CheckpointError
from infodecomp.explorable.core.errors import ExplorableError, ParameterError
from infodecomp.explorable.exports.query_options import AHEAD, split_options
from infodecomp.explorable.exports.request import ExportRequest, parse_request, render_export
from infodecomp.explorable.serving.problem_details import problem_details
from infodecomp.web.errors import BROKEN
from infodecomp.web.openapi import MAX_STATES
from infodecomp.web.responses import JSON, cached_response, query_items, send_uncached
from infodecomp.web.services import Services, get_services

blueprint = Blueprint("batch", __name__)
UNKNOWN = "is nothing that can be asked for here: give state=NAME?QUERY, once for each figure."


@blueprint.get("/figures.json")
def states() -> Response:
    """The states of several figures as JSON: for each what /figures/NAME.json sends, or the problem with it.

    With `_ahead` they are made only while no one asks for anything else; the others are null.
    """
    services, started = get_services(), time.monotonic()
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
    bodies = b",".join(_bodies(services, [text for _, text in items], deadline))
    return send_uncached(b'{"states":[' + bodies + b"]}", JSON)


def _bodies(services: Services, addresses: list[str], deadline: float | None) -> Iterator[bytes]:
    """The JSON of each state; null for those that no one has made before another request came in."""
    for address in addresses:
        try:
            yield _body(services, address, deadline)
        except ExplorableError as error:
            yield problem_details(error.status, error.title, str(error), error.details)
        except CheckpointError as error:
            yield problem_details(500, "Missing", str(error))
        except Exception:  # the other figures of the page go on working
            current_app.logger.exception("could not compute %s", address)
            yield problem_details(500, "This could not be computed", BROKEN)


def _body(services: Services, address: str, deadline: float | None) -> bytes:
    library = services.site.library
    name, _, query = address.partition("?")
    export = parse_request(library.figure(name), "json", parse_qsl(query, keep_blank_values=True))
    key = (library.revision, "", *export.cache_key)
    if deadline is not None and not services.cache.get(key) and not _may_be_made(services, export, deadline):
        return b"null"
    pool = services.pool_for(export.view.is_expensive)
    return cached_response(
        services, key, pool, lambda: render_export(export, "", services.compute_slot(export.view))
    )[0].body


def _may_be_made(services: Services, export: ExportRequest, deadline: float) -> bool:
    """Whether a state that no one waits for is cheap, and no one has asked for anything since."""
    is_idle = services.activity.last_request <= deadline and not services.cache.waiting
    return is_idle and not export.view.is_expensive
