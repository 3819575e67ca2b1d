"""Forms about a reader's table: the file that comes with one, and the options of another."""

import tempfile
import time
from typing import IO, Any

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge, RequestTimeout

from infodecomp.explorable.core.errors import ParameterError
from infodecomp.web.feedback import BODY_READERS

KINDS = {
    "": "as found",
    "continuous": "numbers",
    "ordinal": "numbers in an order",
    "circular": "numbers that wrap around",
    "categorical": "names",
    "ignore": "leave it out",
}
CHUNK_BYTES = 64 * 1024
MIN_RATE = 100_000  # bytes a second, below which an upload is given up
STEPS, SEED = 1500, 0


def job_options(columns: list[dict[str, Any]]) -> dict[str, Any]:
    """The options of the form, checked: columns go by their positions, never by their names.

    Raises ParameterError for a kind, a target or a period that cannot be.
    """
    form = request.form
    target = _column(form.get("target", ""), columns)
    options: dict[str, Any] = {"target": target, "classes": bool(form.get("classes")), "ignore": []}
    kinds, periods = {}, {}
    for i, column in enumerate(columns):
        kind, name = form.get(f"kind-{i}", ""), column["name"]
        if kind not in KINDS:
            raise ParameterError(f"{kind[:40]!r} is no kind of column.", parameter=f"kind-{i}")
        if name == target or not kind:
            continue
        if kind == "ignore":
            options["ignore"].append(name)
            continue
        kinds[name] = kind
        if kind == "circular":
            periods[name] = _period(form.get(f"period-{i}", ""), name)
    return options | {"kinds": kinds, "periods": periods, "steps": STEPS, "seed": SEED}


def _column(position: str, columns: list[dict[str, Any]]) -> str:
    if not (position.isascii() and position.isdigit() and int(position[:6]) < len(columns)):
        raise ParameterError("Choose the column to predict.", parameter="target")
    return columns[int(position)]["name"]


def _period(text: str, name: str) -> float:
    try:
        period = float(text)
    except ValueError:
        period = 0.0
    if not 0 < period < 1e12:
        raise ParameterError(
            f"{name} wraps around: give its period, a number above 0, such as 24 for hours.",
            parameter="period",
        )
    return period


def received(environ: dict, max_bytes: int, timeout: float) -> IO[bytes]:
    """The body of a request in a temporary file; only a few are received at the same time."""
    if int(environ.get("CONTENT_LENGTH") or 0) > max_bytes:
        raise RequestEntityTooLarge
    body = tempfile.TemporaryFile()
    try:
        size, deadline = 0, time.monotonic() + timeout + max_bytes / MIN_RATE
        with BODY_READERS:
            length = int(environ.get("CONTENT_LENGTH") or max_bytes + 1)  # of a chunked body it is not known
            while chunk := environ["wsgi.input"].read(min(CHUNK_BYTES, length - size)):
                size += len(chunk)
                if size > max_bytes:
                    raise RequestEntityTooLarge
                if time.monotonic() > deadline:
                    raise RequestTimeout("This file came too slowly, and was given up.")
                body.write(chunk)
    except BaseException:
        body.close()
        raise
    return body
