"""Routes of a reader's own table: bring it, see how its columns are read, decompose it, delete it."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from typing import IO, Any

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from werkzeug import Response as BaseResponse
from werkzeug.exceptions import RequestEntityTooLarge, RequestTimeout

from infodecomp.explorable.core.errors import Forbidden, NotFound, ParameterError
from infodecomp.explorable.serving.limits import ConcurrencyLimit
from infodecomp.explorable.serving.sse import encode_event
from infodecomp.web.feedback import BODY_READERS, check_same_origin
from infodecomp.web.responses import site_origin
from infodecomp.web.services import Services, get_services
from infodecomp.web.tables.store import TableStore

blueprint = Blueprint("tables", __name__)
KINDS = {
    "": "as found",
    "continuous": "numbers",
    "ordinal": "numbers in an order",
    "circular": "numbers that wrap around",
    "categorical": "names",
    "ignore": "leave it out",
}
DOWNLOADS = ("report.html", "plane.csv", "plane.json", "plane.svg", "model.safetensors", "script.sh")
FILES = ", ".join(f'"{file}"' for file in DOWNLOADS)
CHUNK_BYTES = 64 * 1024
MIN_RATE = 100_000  # bytes a second, below which an upload is given up
WALL_SECONDS = {"inspect": 90, "decompose": 3600}
POLL_SECONDS = 0.5
STEPS, SEED = 1500, 0
BROKE_OFF = "This took longer, or more memory, than there is for a table here. Bring fewer rows or columns."
JOBS = ConcurrencyLimit("tables", 2)


@blueprint.before_request
def check_enabled() -> None:
    """Refuse everything where the operator allows no tables."""
    if get_services().tables is None:
        raise NotFound("Tables of your own are not decomposed on this server.")


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """No cache keeps a table, and no search engine lists it."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get("/decompose")
def upload_page() -> str:
    """The form that takes a table."""
    settings = get_services().settings
    return render_template(
        "table_upload.html",
        megabytes=settings["TABLE_BYTES"] // 10**6,
        rows=settings["TABLE_ROWS"],
        hours=settings["TABLE_HOURS"],
    )


@blueprint.post("/decompose")
def upload() -> BaseResponse:
    """Store a table and find out what its columns are."""
    services = get_services()
    _check_form(services)
    services.rate_limiter.count(request.remote_addr or "")
    limit = services.settings["TABLE_BYTES"]
    with _received(request.environ, limit + 64 * 1024, services.settings["SLOW"]) as body:
        request.environ["wsgi.input"], request.environ["CONTENT_LENGTH"] = body, str(body.seek(0, 2))
        body.seek(0)
        request.max_content_length = limit + 64 * 1024
        given = request.files.get("table")
        if given is None or not given.filename:
            raise ParameterError("No file came with the form: choose a CSV file.", parameter="table")
        if given.stream.seek(0, 2) > limit:
            raise RequestEntityTooLarge
        name = _store(services).add(given.stream, given.filename, services.settings["TABLE_ROWS"])
    _run(services, name, "inspect")
    return redirect(url_for("tables.page", name=name), 303)


@blueprint.get("/decompose/<name>")
def page(name: str) -> str:
    """A table: its columns, the progress of its decomposition, or the results."""
    store = _store(get_services())
    about, columns = store.read(name, "about.json"), store.read(name, "columns.json")
    error, results = store.read(name, "error.json"), store.read(name, "page.json")
    options = store.read(name, "options.json")
    common = {"name": name, "about": about, "hours": store.hours}
    if error is None and results is not None:
        return render_template("table_results.html", **common, results=results, downloads=DOWNLOADS)
    if error is None and options is not None:
        return render_template("table_progress.html", **common, progress=store.read(name, "progress.json"))
    return render_template(
        "table_columns.html",
        **common,
        columns=columns,
        kinds=KINDS,
        options=options or {},
        error=error and error["sentence"],
    )


@blueprint.post("/decompose/<name>")
def decompose(name: str) -> BaseResponse:
    """Start a decomposition, or go back to the columns."""
    services = get_services()
    _check_form(services)
    store, folder = _store(services), _store(services).path(name)
    columns = store.read(name, "columns.json")
    if columns is None:
        raise ParameterError("This table could not be read: bring another one.", parameter="table")
    is_running = store.read(name, "options.json") and not (folder / "page.json").exists()
    if is_running and not (folder / "error.json").exists():
        return redirect(url_for("tables.page", name=name), 303)
    for file in ("error.json", "page.json", "progress.json", "options.json"):
        (folder / file).unlink(missing_ok=True)
    if request.form.get("action") != "columns":
        services.rate_limiter.count(request.remote_addr or "")
        store.write(name, "options.json", _options(columns["columns"]))
        _run(services, name, "decompose")
    return redirect(url_for("tables.page", name=name), 303)


@blueprint.post("/decompose/<name>/delete")
def delete(name: str) -> BaseResponse:
    """Remove a table and everything that was made of it."""
    services = get_services()
    _check_form(services)
    _store(services).delete(name)
    return redirect(url_for("tables.upload_page"), 303)


@blueprint.get("/decompose/<name>/events")
def events(name: str) -> Response:
    """The progress of a decomposition, as server-sent events."""
    services = get_services()
    _store(services).path(name)
    services.streams.acquire()
    response = Response(_events(_store(services), name), mimetype="text/event-stream")
    response.call_on_close(services.streams.release)
    return response


@blueprint.get(f"/decompose/<name>/<any({FILES}):file>")
def download(name: str, file: str) -> Response:
    """A file of the results, to be saved."""
    store = _store(get_services())
    results = store.read(name, "page.json")
    if results is None:
        raise NotFound("This table has no results yet.")
    if file == "script.sh":
        command = results["about"]["command"]
        return Response(
            f"#!/bin/sh\n{command}\n",
            mimetype="text/x-shellscript",
            headers={"Content-Disposition": "attachment; filename=script.sh"},
        )
    return send_file(store.path(name, file), as_attachment=True, download_name=file, max_age=0, etag=False)


def _events(store: TableStore, name: str) -> Iterator[bytes]:
    deadline = time.monotonic() + WALL_SECONDS["decompose"]
    last = b""
    while time.monotonic() < deadline:
        try:
            folder = store.path(name)
            content = (
                (folder / "progress.json").read_bytes() if (folder / "progress.json").exists() else b"{}"
            )
        except (NotFound, OSError):
            break
        if (folder / "page.json").exists() or (folder / "error.json").exists():
            break
        yield encode_event(content) if content != last else b": still computing\n\n"
        last = content
        time.sleep(POLL_SECONDS)
    yield encode_event(b"{}", "done")


def _store(services: Services) -> TableStore:
    if services.tables is None:
        raise NotFound("Tables of your own are not decomposed on this server.")
    return services.tables


def _check_form(services: Services) -> None:
    try:
        check_same_origin(request.headers, (request.host_url, site_origin(services)))
    except Forbidden:
        raise Forbidden("This form was sent from a page of another site, so nothing was done.") from None


def _options(columns: list[dict[str, Any]]) -> dict[str, Any]:
    """The options of the form, checked: columns go by their positions, never by their names."""
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


def _received(environ: dict, max_bytes: int, timeout: float) -> IO[bytes]:
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


def _run(services: Services, name: str, action: str) -> None:
    """Start a process for a table; an inspection is waited for."""
    JOBS.acquire()
    try:
        folder = _store(services).path(name)
        environment = {
            key: os.environ[key] for key in ("PATH", "PYTHONPATH", "VIRTUAL_ENV", "LANG") if key in os.environ
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "infodecomp.cli.table_job", str(folder), action],
            cwd=folder,
            env=environment | {"OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except BaseException:
        JOBS.release()
        raise
    watcher = threading.Thread(target=_watch, args=(process, _store(services), name, action), daemon=True)
    watcher.start()
    if action == "inspect":
        watcher.join()


def _watch(process: subprocess.Popen, store: TableStore, name: str, action: str) -> None:
    """Wait for a process; end it when it takes too long, and say so where it has not said anything."""
    try:
        deadline = time.monotonic() + WALL_SECONDS[action]
        while process.poll() is None:
            if time.monotonic() > deadline or not (store.folder / name).is_dir():  # too slow, or deleted
                process.kill()
                process.wait()
            time.sleep(0.05)
        folder = store.folder / name
        result = {"inspect": "columns.json", "decompose": "page.json"}[action]
        if folder.is_dir() and not (folder / result).exists() and not (folder / "error.json").exists():
            store.write(name, "error.json", {"sentence": BROKE_OFF})
    finally:
        JOBS.release()
