"""Routes of the feedback form."""

import io
import time
from collections.abc import Iterable
from typing import IO
from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response as BaseResponse
from werkzeug.datastructures import Headers
from werkzeug.exceptions import RequestEntityTooLarge, RequestTimeout

from infodecomp.explorable.core.errors import Forbidden, NotFound
from infodecomp.explorable.serving.limits import ConcurrencyLimit
from infodecomp.explorable.serving.settings import MAX_BODY_READERS
from infodecomp.web.responses import site_origin
from infodecomp.web.services import get_services

blueprint = Blueprint("feedback", __name__)
BODY_READERS = ConcurrencyLimit("request bodies", MAX_BODY_READERS)
CHUNK_BYTES = 256


@blueprint.post("/feedback")
def feedback() -> BaseResponse:
    """Store a reader's message."""
    services = get_services()
    if services.feedback is None:
        raise NotFound("No place for messages is set up here.")
    check_same_origin(request.headers, (request.host_url, site_origin(services)))
    read_body(request.environ, services.settings["BODY_LENGTH"], services.settings["SLOW"], io.BytesIO())
    if not request.form.get("website"):  # a hidden field that only robots fill in
        services.feedback.store(
            request.form.get("message", ""), request.form.get("page", ""), request.remote_addr or ""
        )
    return redirect(url_for("feedback.thanks"), 303)


def check_same_origin(headers: Headers, origins: Iterable[str]) -> None:
    """Refuse a form that a page of another site sends; programs, which send no such headers, may post.

    Parameters
    ----------
    headers : Headers
        Of the request; browsers send Origin and Sec-Fetch-Site with every form.
    origins : iterable of str
        Addresses of this site. Their scheme does not matter: a proxy may hide it.

    Raises
    ------
    Forbidden
    """
    origin = headers.get("Origin")
    hosts = {urlsplit(own).netloc for own in origins}
    is_foreign = origin is not None and urlsplit(origin).netloc not in hosts
    if is_foreign or headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Forbidden(
            "This message comes from a page of another site, so it was not stored. "
            "Write it into the form below an essay."
        )


@blueprint.get("/thanks")
def thanks() -> str:
    """The page after a message."""
    return render_template("thanks.html")


def read_body(
    environ: dict, max_bytes: int, timeout: float, body: IO[bytes], chunk_bytes: int = CHUNK_BYTES
) -> None:
    """Read the body of a request whole, and put it where the form is read from; only a few are read at the
    same time.

    The server reads a body only as far as the application does, and has no timeout for it: a client that
    sends nothing holds its thread until it leaves. So such clients may hold a few threads, which are there
    for this alone.

    Parameters
    ----------
    environ : dict
        The WSGI environment.
    max_bytes : int
    timeout : float
        Seconds until a client that sends slowly is rejected.
    body : file
        Holds the body; empty at first.
    chunk_bytes : int
        After so many bytes the limits are checked.

    Raises
    ------
    RequestEntityTooLarge
        If it is longer than `max_bytes`.
    RequestTimeout
        If it comes too slowly.
    Busy
        If too many bodies are being read.
    """
    length = int(environ.get("CONTENT_LENGTH") or max_bytes + 1)  # of a chunked body it is not known
    if environ.get("CONTENT_LENGTH") and length > max_bytes:
        raise RequestEntityTooLarge
    deadline, size = time.monotonic() + timeout, 0
    with BODY_READERS:
        while chunk := environ["wsgi.input"].read(min(chunk_bytes, length - size)):
            size += body.write(chunk)
            if size > max_bytes:
                raise RequestEntityTooLarge
            if time.monotonic() > deadline:
                raise RequestTimeout(f"The body of this request did not come in within {timeout:g} seconds.")
    body.seek(0)
    environ["wsgi.input"], environ["CONTENT_LENGTH"] = body, str(size)
