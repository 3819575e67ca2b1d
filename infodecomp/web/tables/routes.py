"""Routes of a reader's own table: bring it, see how its columns are read, decompose it, delete it."""

import importlib.util
import tempfile
from functools import partial
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from werkzeug import Response as BaseResponse
from werkzeug.exceptions import RequestEntityTooLarge

from infodecomp.data.bikes import ATTRIBUTION
from infodecomp.explorable.core.errors import Forbidden, NotFound, ParameterError, TooLarge
from infodecomp.tables.table_folder import TableFile
from infodecomp.web.feedback import check_same_origin, read_body
from infodecomp.web.figures import send_figure, send_states
from infodecomp.web.responses import query_items, site_origin
from infodecomp.web.services import Services, get_services
from infodecomp.web.tables.example import add_example
from infodecomp.web.tables.figures import (
    KINDS_OF_FIGURES,
    growing_plane,
    load_figures,
    own_figure_page,
    results_page,
)
from infodecomp.web.tables.forms import KINDS, chosen_options, job_options
from infodecomp.web.tables.jobs import (
    CUT_OFF,
    AtWork,
    has_ended,
    is_running,
    locked,
    start_job,
)
from infodecomp.web.tables.store import TableStore, not_stored

blueprint = Blueprint("tables", __name__)
DOWNLOADS = ("report.html", "plane.csv", "plane.json", "plane.svg", "model.safetensors", "script.sh")
FILES = ", ".join(f'"{file}"' for file in DOWNLOADS)
CHUNK_BYTES = 64 * 1024
UNPACKED = 5  # times its longest file, a table that was compressed may take
MIN_RATE = 100_000  # bytes a second, below which an upload is given up


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
    """The form that takes a table; a proxy that refuses a large file sends its readers here."""
    is_large = "large" in request.args
    return _upload_page(_too_large(None, get_services().settings["TABLE_BYTES"]) if is_large else None)


def _upload_page(error: str | None) -> str:
    """The form, with what was wrong with the file that came before."""
    settings = get_services().settings
    return render_template(
        "table_upload.html",
        error=error,
        bytes=settings["TABLE_BYTES"],
        too_large=_too_large("{size}", settings["TABLE_BYTES"]),
        megabytes=settings["TABLE_BYTES"] // 10**6,
        rows=settings["TABLE_ROWS"],
        hours=settings["TABLE_HOURS"],
        deleted="deleted" in request.args,
        example=ATTRIBUTION,
        parquet=importlib.util.find_spec("pyarrow") is not None,
    )


@blueprint.post("/decompose")
def upload() -> BaseResponse:
    """Store a table and find out what its columns are."""
    services = get_services()
    _check_form(services)
    services.rate_limiter.count(request.remote_addr or "")
    try:
        name = _receive(services)
    except TooLarge as error:
        if "text/html" not in request.accept_mimetypes.values():
            raise
        return Response(_upload_page(str(error)), error.status)
    except OSError as error:  # in any of the files that hold it, also when they are closed
        raise not_stored(error) from error
    try:
        with locked(_store(services).path(name)) as lock:
            start_job(_store(services), name, "inspect", lock)
    except BaseException:  # the reader does not learn its address
        _store(services).delete(name)
        raise
    return redirect(url_for("tables.page", name=name), 303)


def _receive(services: Services) -> str:
    """Read the form and store its table; returns the table's name."""
    limit, length = services.settings["TABLE_BYTES"], request.content_length
    most = limit + CHUNK_BYTES  # with the rest of the form
    with tempfile.TemporaryFile() as body:
        slowest = services.settings["SLOW"] + most / MIN_RATE
        try:
            read_body(request.environ, most, slowest, body, CHUNK_BYTES)
        except RequestEntityTooLarge:
            raise TooLarge(_too_large(_megabytes(length) if length else None, limit), limit=limit) from None
        request.max_content_length = most
        rows = services.settings["TABLE_ROWS"]
        if request.form.get("example"):
            return add_example(_store(services), rows, limit, UNPACKED * limit)
        given = request.files.get("table")
        if given is None or not given.filename:
            raise ParameterError(
                "No file came with the form: choose the file of your table.", parameter="table"
            )
        if (size := given.stream.seek(0, 2)) > limit:
            raise TooLarge(_too_large(_megabytes(size), limit), limit=limit)
        return _store(services).add(given.stream, given.filename, rows, UNPACKED * limit)


def _too_large(size: str | None, limit: int) -> str:
    """What to do about a file with more bytes than the limit; the size is in MB."""
    begin = f"Your file has {size} MB, and at most" if size else "Your file is too large: at most"
    return (
        f"{begin} {_megabytes(limit, up=False)} MB are read here. Bring a random part of its rows, or fewer "
        "columns, compress it by gzip, or run infodecomp yourself, which reads files of any size."
    )


def _megabytes(n_bytes: int, up: bool = True) -> str:
    """A size in MB: rounded up, and a limit down, so that a size reads as above the limit that it exceeds."""
    unit = 100_000 if n_bytes >= 10**6 else 10 ** max(len(str(n_bytes)) - 2, 0)
    rounded = (-(-n_bytes // unit) if up else n_bytes // unit) * unit / 1e6
    return f"{rounded:,.1f}".removesuffix(".0") if rounded >= 1 else f"{rounded:.2g}"


@blueprint.get("/decompose/<name>")
def page(name: str) -> Response | str:
    """A table: its columns, the progress of its decomposition, or the results in a state of their figures."""
    services = get_services()
    store = _store(services)
    about, columns = store.read(name, TableFile.ABOUT), store.read(name, TableFile.COLUMNS)
    error, results = store.read(name, TableFile.ERROR), store.read(name, TableFile.RESULTS)
    options = store.read(name, TableFile.OPTIONS)
    cut_off = False
    if error is None and results is None and options is not None and not is_running(store.path(name)):
        error, results = (
            store.read(name, TableFile.ERROR),
            store.read(name, TableFile.RESULTS),
        )  # perhaps just now
        cut_off = error is None and results is None
    common = {"name": name, "about": about, "hours": store.hours}
    if error is None and results is not None:
        own = load_figures(services, store, name)
        return own.send_page("results", query_items(), partial(results_page, own, **common))
    if error is None and options is not None and not cut_off:
        figure, size = growing_plane(store, name, options["target"])
        return render_template(
            "table_progress.html",
            **common,
            columns=columns,
            target=options["target"],
            size=size,
            progress=store.read(name, TableFile.PROGRESS),
            figure=figure,
        )
    chosen = options or store.read(name, TableFile.CHOSEN) or {}
    return _columns_page(name, about, columns, chosen, CUT_OFF if cut_off else error and error["sentence"])


def _columns_page(name: str, about: Any, columns: Any, options: dict[str, Any], error: str | None) -> str:
    """The page on which columns are corrected and a target is chosen."""
    values = {"name": name, "about": about, "columns": columns, "options": options, "error": error}
    return render_template("table_columns.html", **values, kinds=KINDS)


@blueprint.get("/decompose/<name>/figures/<figure>")
def figure_page(name: str, figure: str) -> Response:
    """The page of one figure of a table, with a control for each of its parameters."""
    services = get_services()
    own, items = load_figures(services, _store(services), name), query_items()
    own.library.figure(figure)
    return own.send_page(figure, items, partial(own_figure_page, own, figure, name))


@blueprint.get("/decompose/<name>/figures/<figure>.<kind>")
def figure(name: str, figure: str, kind: str) -> Response:
    """One state of a figure of a table in one format."""
    services = get_services()
    own = load_figures(services, _store(services), name)
    if kind not in KINDS_OF_FIGURES:
        raise NotFound(
            f"Figures of a table of your own are {', '.join(KINDS_OF_FIGURES)}, not {kind[:20]!r}."
        )
    return send_figure(own.services, own.library, figure, kind)


@blueprint.get("/decompose/<name>/figures.json")
def states(name: str) -> Response:
    """The states of several figures of a table, as /figures.json sends those of essays."""
    services = get_services()
    own = load_figures(services, _store(services), name)
    return send_states(own.services, own.library)


@blueprint.post("/decompose/<name>")
def decompose(name: str) -> BaseResponse:
    """Start a decomposition, or go back to the columns."""
    services = get_services()
    _check_form(services)
    store, folder = _store(services), _store(services).path(name)
    columns = store.read(name, TableFile.COLUMNS)
    if columns is None:
        raise ParameterError("This table could not be read: bring another one.", parameter="table")
    to_page = redirect(url_for("tables.page", name=name), 303)
    if (folder / TableFile.OPTIONS).exists() and not has_ended(folder) and is_running(folder):
        return to_page
    options: dict[str, Any] = {}
    if request.form.get("action") != "columns":
        try:
            options = job_options(columns["columns"])
        except ParameterError as error:  # the choices stay in the form
            about, chosen = store.read(name, TableFile.ABOUT), chosen_options(columns["columns"])
            return Response(_columns_page(name, about, columns, chosen, str(error)), 400)
        services.rate_limiter.count(request.remote_addr or "")
    try:
        with locked(folder) as lock:  # until then a process may write, or another press start one
            _change(store, name, options, lock)
    except AtWork:
        pass
    except FileNotFoundError:
        store.path(name)  # raises NotFound if it was deleted at this moment
        raise
    return to_page


def _change(store: TableStore, name: str, options: dict[str, Any], lock: int) -> None:
    """Remove the results of a table; start a decomposition, unless there are no options for it."""
    folder, before = store.path(name), store.read(name, TableFile.OPTIONS)
    if (folder / TableFile.OPTIONS).exists():  # the form opens with them again
        (folder / TableFile.OPTIONS).replace(folder / TableFile.CHOSEN)
    parts = (TableFile.ERROR, TableFile.RESULTS, TableFile.PROGRESS, TableFile.GROWTH)
    checkpoints = () if options == before else (TableFile.CHECKPOINT, TableFile.SECOND_CHECKPOINT)
    for file in (*parts, *checkpoints):
        (folder / file).unlink(missing_ok=True)
    if options:
        store.write(name, TableFile.OPTIONS, options)
        try:
            start_job(store, name, "decompose", lock)
        except BaseException:  # without a process, nothing would ever end the wait for its results
            (folder / TableFile.OPTIONS).replace(folder / TableFile.CHOSEN)
            raise


@blueprint.post("/decompose/<name>/delete")
def delete(name: str) -> BaseResponse:
    """Remove a table and everything that was made of it."""
    services = get_services()
    _check_form(services)
    _store(services).delete(name)
    return redirect(url_for("tables.upload_page", deleted=1), 303)


@blueprint.get("/decompose/<name>/progress.json")
def progress(name: str) -> dict[str, Any]:
    """How far a decomposition has come, and whether it has ended; pages ask again and again."""
    store = _store(get_services())
    folder = store.path(name)
    found = store.read(name, TableFile.PROGRESS) or {}
    return found | {"ended": has_ended(folder) or not is_running(folder)}


@blueprint.get(f"/decompose/<name>/<any({FILES}):file>")
def download(name: str, file: str) -> Response:
    """A file of the results, to be saved."""
    store = _store(get_services())
    results = store.read(name, TableFile.RESULTS)
    if results is None:
        raise NotFound("This table has no results yet.")
    if file == "script.sh":
        command = results["about"]["command"]
        return Response(
            f"#!/bin/sh\n{command}\n",
            mimetype="text/x-shellscript",
            headers={"Content-Disposition": "attachment; filename=script.sh"},
        )
    try:
        return send_file(
            store.path(name, file), as_attachment=True, download_name=file, max_age=0, etag=False
        )
    except FileNotFoundError:
        raise NotFound("This file is not here any more.") from None


def _store(services: Services) -> TableStore:
    if services.tables is None:
        raise NotFound("Tables of your own are not decomposed on this server.")
    return services.tables


def _check_form(services: Services) -> None:
    try:
        check_same_origin(request.headers, (request.host_url, site_origin(services)))
    except Forbidden:
        raise Forbidden("This form was sent from a page of another site, so nothing was done.") from None
