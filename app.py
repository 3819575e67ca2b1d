"""The server: `python app.py` serves the essays; create_app() makes the application.

A figure's state is its address, so every answer is a pure function of the URL and is kept in memory once it is made.
"""

import ctypes
import gc
import mimetypes
import os
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path

import orjson
import torch
from flask import (
    Flask,
    Response,
    copy_current_request_context,
    current_app,
    g,
    redirect,
    render_template,
    request,
    send_from_directory,
    url_for,
)
from threadpoolctl import threadpool_limits
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.utils import safe_join

from infodecomp.errors import CheckpointError
from infodecomp.explorable.core.errors import Busy, ExplorableError, Missing, NotFound, TooLong
from infodecomp.explorable.exports.background_stream import BackgroundStream
from infodecomp.explorable.exports.formats import is_cheap
from infodecomp.explorable.exports.query_options import HEIGHT, PLAY, WIDTH, split_options
from infodecomp.explorable.exports.raster import ConverterPool
from infodecomp.explorable.exports.request import ExportRequest, file_name, parse_request, render_export
from infodecomp.explorable.figures.parameters import is_active
from infodecomp.explorable.figures.state import FigureState
from infodecomp.explorable.graphics.math_font import math_font
from infodecomp.explorable.graphics.theme import stylesheet
from infodecomp.explorable.pages.catalogue import figure_page, figures_page
from infodecomp.explorable.pages.embed import oembed, read_frame
from infodecomp.explorable.pages.essay import embed_page, essay_page, slides_page
from infodecomp.explorable.serving.build_info import versions
from infodecomp.explorable.serving.cache import RenderedResponse, ResponseCache, run_inline
from infodecomp.explorable.serving.feedback import LONGEST, Feedback
from infodecomp.explorable.serving.http_response import protection, reply
from infodecomp.explorable.serving.limits import ConcurrencyLimit, SlidingWindowLimiter, WorkerPool
from infodecomp.explorable.serving.listening import listen
from infodecomp.explorable.serving.middleware import (
    CACHE_HIT,
    CACHE_KEY,
    IS_WARMUP,
    REJECTED,
    RUN_INLINE,
    ResponseCacheMiddleware,
)
from infodecomp.explorable.serving.openapi import describe
from infodecomp.explorable.serving.problem_details import PROBLEM, problem
from infodecomp.explorable.serving.request_log import log_in_lines
from infodecomp.explorable.serving.scripts import concatenate_modules, script_version
from infodecomp.explorable.serving.settings import SettingError, max_waiters, read_settings
from infodecomp.explorable.serving.sse import latest_only
from infodecomp.explorable.serving.warmup import CacheWarmer
from infodecomp.explorable.serving.warmup_addresses import first_moves, pages
from infodecomp.explorable.site.live import Site

ROOT = Path(__file__).parent
HTML = "text/html; charset=utf-8"


def create_app(config: dict | None = None) -> Flask:
    """The application. config: settings by name; what it leaves out is read from INFODECOMP_<NAME>, see serving/settings.py.

    Raises SettingError for a setting that there is not, or that cannot be what it was set to.
    """
    torch.set_num_threads(
        1
    )  # more threads give spikes of a quarter of a second, and hang a child forked after work
    threadpool_limits(
        1, "blas"
    )  # numpy would wake a thread for each core, to spin beside the readers' browser
    sys.setswitchinterval(
        5e-4
    )  # torch lets go of the interpreter at every operation; who draws beside it would keep it for 5 ms
    app = Flask(__name__, static_folder=None, template_folder=str(ROOT / "templates"))
    settings = read_settings(os.environ, config)
    app.config.update(
        settings, MAX_CONTENT_LENGTH=settings["BODY_LENGTH"], ESSAYS=settings["ESSAYS"] or ROOT / "essays"
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = app.jinja_env.auto_reload = True
    app.site = Site(app.config["ESSAYS"], (ROOT / "static", ROOT / "templates"))
    if settings["RELOAD"]:
        app.site.watch()
    _set_up_work(app, settings)
    app.wsgi_app = app.front = ResponseCacheMiddleware(
        app.wsgi_app,
        app.answers,
        app.site.current_revision,
        lambda path: is_cheap(app.site.library, path),
        settings["LOG"],
        settings["LOG_ADDRESSES"],
    )
    if settings["PROXIES"]:
        app.wsgi_app = ProxyFix(
            app.wsgi_app, x_for=settings["PROXIES"], x_proto=settings["PROXIES"], x_host=settings["PROXIES"]
        )
    app.feedback = Feedback(settings["FEEDBACK"], ROOT) if settings["FEEDBACK"] else None
    app.jinja_env.globals.update(
        static=lambda name: url_for("static", filename=name, v=_version(name)),
        is_active=is_active,
        feedback_limit=LONGEST,
    )
    app.context_processor(lambda: {"site": app.site.library.config})
    _add_pages(app)
    _add_documents(app)
    _add_figures(app)
    _add_errors(app)
    app.before_request(_start)
    app.after_request(_finish)
    return app


def _set_up_work(app: Flask, settings: dict) -> None:
    """Each kind of work has hands of its own, so that none starves another."""
    patience = settings["DEADLINE"]
    app.answers = ResponseCache(settings["CACHE_BYTES"], max_waiters(settings), patience)
    app.computing = WorkerPool("computations", settings["COMPUTING"], settings["QUEUE"])
    app.queues = [app.computing]  # of what is computed in a moment: all that has to have room
    app.long = WorkerPool("long computations", settings["LONG"], settings["LONG_QUEUE"])
    app.exporting = WorkerPool("exports", settings["EXPORTS"], settings["EXPORTS_QUEUE"])
    # Torch lets go of the interpreter at every operation: two computations at once take longer than one after the other, and
    # the second one finds what the first has learnt of the same world.
    app.turn = ConcurrencyLimit(
        "computations", settings["COMPUTING"], settings["EXPORTS"] + settings["COMPUTING"], patience
    )
    app.exports = ConverterPool(settings["EXPORTS"], settings["EXPORTS_QUEUE"], patience)  # animations too
    app.streams = ConcurrencyLimit("streams", settings["STREAMS"])
    app.rates = SlidingWindowLimiter(settings["RATE"])


def _add_pages(app: Flask) -> None:
    @app.get("/")
    def index():
        return render_template("index.html", essays=app.site.library.essays())

    @app.get("/essays/<slug>")
    def essay(slug):
        return _essay(
            app,
            slug,
            lambda items, origin: essay_page(
                render_template, app.site.library, slug, items, origin, app.feedback is not None
            ),
        )

    @app.get("/essays/<slug>/slides")
    def slides(slug):
        return _essay(
            app,
            slug,
            lambda items, origin: slides_page(render_template, app.site.library, slug, items, origin),
        )

    @app.get("/embed/<name>")
    def embed(name):
        frame, origin = read_frame(app.site.library.figure(name), _items()), _origin(app)
        return _page(
            app,
            ("embed", *frame.key),
            frame.view.is_expensive,
            lambda: embed_page(render_template, app.site.library, frame, origin),
        )

    @app.get("/figures")
    def figures():
        origin = _origin(app)
        return _page(app, ("figures",), True, lambda: figures_page(render_template, app.site.library, origin))

    @app.get("/figures/<name>")
    def forms(name):
        view, origin = app.site.library.figure(name).read(_items()), _origin(app)
        return _page(
            app,
            ("forms", name, *view.state.values()),
            view.is_expensive,
            lambda: figure_page(render_template, app.site.library, view, origin),
        )

    @app.get("/oembed")
    def what_is_embedded():
        items, origin = _items(), _origin(app)
        return _kept(
            app,
            ("oembed", origin, *items),
            app.long,
            lambda: RenderedResponse(
                orjson.dumps(oembed(app.site.library, items, origin)), "application/json"
            ),
        )

    @app.get("/themes/<any(light, dark):theme>.css")
    def themes(theme):
        return _send(RenderedResponse(stylesheet(theme).encode(), "text/css; charset=utf-8"))

    @app.post("/feedback")
    def feedback():
        if app.feedback is None:
            raise NotFound("No place for messages is set up here.")
        if not request.form.get("website"):  # people do not see this field; who fills it in is told nothing
            app.feedback.store(
                request.form.get("message", ""), request.form.get("page", ""), request.remote_addr or ""
            )
        return redirect(url_for("thanks"), 303)

    @app.get("/thanks")
    def thanks():
        return render_template("thanks.html")

    @app.get("/healthz")
    def healthz():
        """Whether the process is alive."""
        return Response("ok\n", mimetype="text/plain")

    @app.get("/readyz")
    def readyz():
        """Whether it should be sent more: it has essays, and room for those who wait."""
        if not app.site.library.essays():
            raise Busy(
                f"There is no essay in {app.config['ESSAYS']}; put one there, or set INFODECOMP_ESSAYS."
            )
        for queue in app.queues:
            if queue.full:
                raise Busy(
                    f"{queue.waiting} requests wait for a computation; send others elsewhere for a moment."
                )
        return Response("ready\n", mimetype="text/plain")

    @app.get("/version")
    def version():
        told = versions(
            ROOT,
            Path(app.config["ESSAYS"]),
            ROOT / "models",
            ("infodecomp", "torch", "numpy", "flask", "waitress"),
        )
        return _send(RenderedResponse(orjson.dumps(told), "application/json"))


def _essay(app: Flask, slug: str, page: Callable[[list, str], str]) -> Response:
    """A page of an essay in the state of the query."""
    items, origin, kind = _items(), _origin(app), request.endpoint
    return _page(
        app,
        (kind, slug, *app.site.library.state(slug, items)),
        app.site.library.is_expensive(slug, items),
        lambda: page(items, origin),
    )


def _page(app: Flask, key: tuple, long: bool, page: Callable[[], str]) -> Response:
    """A page, kept."""

    @copy_current_request_context
    def make() -> RenderedResponse:
        with nullcontext() if long else app.turn:
            return RenderedResponse(page().encode(), HTML)

    return _kept(app, (_origin(app), *key), app.long if long else app.computing, make)


def _turn(app: Flask, view: FigureState) -> AbstractContextManager:
    """What is held while a view is computed: what is quick takes turns, what is long has hands of its own."""
    return nullcontext() if view.is_expensive else app.turn


def _kept(app: Flask, key: tuple, crew: WorkerPool, make: Callable[[], RenderedResponse]) -> Response:
    """The answer for a key, made by a crew if it is not kept yet, or here by whoever has hands. What is dear counts for its address."""

    def do(work: Callable[[], None]) -> None:
        if crew is app.computing and RUN_INLINE in request.environ:
            return run_inline(work)
        with nullcontext() if crew is app.computing else app.rates.count(request.remote_addr or ""):
            crew.do(work)

    request.environ[CACHE_KEY] = key = (app.site.current_revision(), *key)
    answer, request.environ[CACHE_HIT] = app.answers.get(key, make, do, crew is not app.computing)
    return _send(answer)


def _items() -> list[tuple[str, str]]:
    return list(request.args.items(multi=True))


def _add_documents(app: Flask) -> None:
    @app.get("/essays/<slug>.md")
    def source(slug):
        return _send(
            RenderedResponse(app.site.library.document(slug).text.encode(), "text/markdown; charset=utf-8")
        )

    @app.get("/essays/<path:name>.<any(png, jpg, jpeg, gif, svg, webp, avif):kind>")
    def picture(name, kind):
        """A picture that an essay shows, from beside it."""
        return send_from_directory(app.config["ESSAYS"], f"{name}.{kind}")

    @app.get("/essays/<slug>.bib")
    def bibtex(slug):
        return _send(
            RenderedResponse(
                app.site.library.essay(slug).page.bibtex.encode(), "application/x-bibtex; charset=utf-8"
            )
        )

    @app.get("/feed.xml")
    def feed():
        return _send(
            RenderedResponse(
                render_template("feed.xml", essays=app.site.library.essays(), origin=_origin(app)).encode(),
                "application/atom+xml; charset=utf-8",
            )
        )

    @app.get("/sitemap.xml")
    def sitemap():
        return _send(
            RenderedResponse(
                render_template(
                    "sitemap.xml", essays=app.site.library.essays(), origin=_origin(app)
                ).encode(),
                "application/xml; charset=utf-8",
            )
        )

    @app.get("/openapi.json")
    def openapi():
        return _send(
            RenderedResponse(orjson.dumps(describe(app.site.library, _origin(app))), "application/json")
        )

    @app.get("/static/<path:filename>")
    def static(filename):
        """A file of the site's own, kept for good where its address names its version."""
        path = safe_join(ROOT / "static", filename)
        if path is None or not Path(path).is_file():
            raise NotFound(f"There is no file {filename[:80]!r} here.")
        version = _version(filename)
        lasting = request.args.get("v") == version
        return _kept(
            app, ("static", filename, version, lasting), app.computing, lambda: _file(Path(path), lasting)
        )

    @app.get("/fonts/math.woff2")
    def font():
        return _send(RenderedResponse(math_font(app.site.library.formula_characters), "font/woff2"))


def _add_figures(app: Flask) -> None:
    @app.get("/figures/<name>.<kind>")
    def figure(name, kind):
        asked = parse_request(app.site.library.figure(name), kind, _items())
        source = app.site.library.credit(name, _origin(app)) if asked.form.has_credit else ""
        if asked.form.is_animation:
            return _animation(app, asked, source)
        crew = (
            app.exporting
            if asked.form.needs_conversion
            else app.long
            if asked.view.is_expensive
            else app.computing
        )
        return _kept(
            app,
            (source, *asked.cache_key),
            crew,
            lambda: render_export(asked, source, _turn(app, asked.view), app.exports),
        )

    @app.get("/figures/<name>/stream")
    def stream(name):
        figure = app.site.library.figure(name)
        if not figure.streams:
            raise NotFound(f"{name} is computed at once and has no stream; ask for {name}.json.")
        show, state = split_options((WIDTH, HEIGHT, PLAY), _items())
        view = figure.read(state)
        frames, max_rate = view.frames(show["_play"]), view.max_rate(show["_play"])
        with app.rates.count(request.remote_addr or ""):
            app.streams.take()
        gone = request.environ.get("waitress.client_disconnected", lambda: False)
        response = Response(
            _events(app, name, latest_only(frames, gone, max_rate=max_rate), show["_width"], show["_height"]),
            mimetype="text/event-stream",
            headers={"Cache-Control": "no-store"},
        )
        response.call_on_close(app.streams.give)  # also for a reader who leaves before the first picture
        return response


def _animation(app: Flask, asked: ExportRequest, source: str) -> Response:
    """An animation, streamed while it is made and then cached."""
    animation = asked.form.render(asked.view, asked.options, source)
    attached = asked.options["_download"]
    key = (
        app.site.current_revision(),
        source,
        *replace(asked, options=asked.options | {"_download": False}).cache_key,
    )
    if answer := app.answers.peek(key):
        request.environ[CACHE_HIT] = True
        return _send(replace(answer, attached=attached))
    with app.rates.count(request.remote_addr or ""):
        answer = RenderedResponse(
            b"",
            asked.form.mimetype,
            file_name(asked.view, asked.form.kind, animation.name),
            attached,
            animation.prepare(partial(_turn, app)),
        )
        response = _send(answer)
        if request.method == "HEAD" or response.status_code == 304:
            return response
        converter = app.exports.acquire_for_animation()
    response.response = BackgroundStream(
        animation.encode(converter, partial(_turn, app)),
        lambda body: app.answers.keep(key, replace(answer, body=body, attached=False)),
        lambda: app.exports.release_from_animation(converter),
    )
    del response.headers["Content-Length"]
    return response


def _events(app: Flask, name: str, views, width: int, most: int):
    """Server-sent events: a picture each, its words and the parameters that it shows."""
    try:
        with closing(views):
            for view in views:
                yield (
                    b"data: "
                    + view.json(("svg", "texts", "voice", "description", "parameters"), width, most)
                    + b"\n\n"
                )
        yield b"event: done\ndata: {}\n\n"
    except Exception:
        app.logger.exception("the stream of %s broke off", name)
        yield b"event: broken\ndata: {}\n\n"


def _origin(app: Flask) -> str:
    """The address of the site as readers see it, with a slash at its end."""
    return (app.config["ORIGIN"] or request.url_root).rstrip("/") + "/"


def _version(name: str) -> str:
    if name.endswith(".js"):
        return script_version(ROOT / "static")
    return format(int((ROOT / "static" / name).stat().st_mtime), "x")


def _file(path: Path, lasting: bool) -> RenderedResponse:
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    body = concatenate_modules(path).encode() if path.suffix == ".js" else path.read_bytes()
    return RenderedResponse(
        body, f"{kind}; charset=utf-8" if kind.startswith("text/") else kind, lasting=lasting
    )


def _send(answer: RenderedResponse) -> Response:
    """An answer as its reader takes it."""
    status, headers, body = reply(
        answer, request.headers.get("Accept-Encoding", ""), request.headers.get("If-None-Match", "")
    )
    return Response(body, status, headers)


def _start() -> None:
    g.started = time.perf_counter()
    if busy := request.environ.get(REJECTED):
        raise Busy(busy)
    most = current_app.config["QUERY_LENGTH"]
    if len(request.query_string) > most:
        raise TooLong(
            f"The query has {len(request.query_string):,} characters; at most {most:,} are read. Leave out what is at its default.",
            limit=most,
        )


def _finish(response: Response) -> Response:
    response.headers.update(protection(request.path, response.mimetype or ""))
    if "started" in g:
        kept = ";desc=kept" if request.environ.get(CACHE_HIT) else ""
        response.headers["Server-Timing"] = f"answer{kept};dur={1000 * (time.perf_counter() - g.started):.2f}"
    return response


def _add_errors(app: Flask) -> None:
    @app.errorhandler(ExplorableError)
    def refused(error):
        response = _problem(error.status, error.title, str(error), error.details)
        if error.retry_after:
            response.headers["Retry-After"] = str(error.retry_after)
        return response

    @app.errorhandler(CheckpointError)
    def missing(error):
        return _problem(Missing.status, Missing.title, str(error), {})

    @app.errorhandler(HTTPException)
    def http(error):
        return _problem(error.code, error.name, error.description, {})

    @app.errorhandler(Exception)
    def broken(error):
        app.logger.exception("could not answer %s", request.full_path)
        return _problem(
            500,
            "This could not be computed",
            "Something here is broken, and it is not you. The server's log says what; the other pages go on working.",
            {},
        )


def _problem(status: int, title: str, detail: str, more: dict) -> Response:
    """One shape for every error: problem+json (RFC 9457) for programs, a readable page for people."""
    if "text/html" in request.accept_mimetypes.values():
        return Response(render_template("error.html", status=status, title=title, detail=detail), status)
    return Response(problem(status, title, detail, more), status, content_type=PROBLEM)


def serve() -> None:
    """Serve on HOST and PORT (127.0.0.1 and 5000) with waitress, one process, until interrupted."""
    host, port = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "5000"
    if not port.isdigit() or not 0 <= int(port) < 65536:
        sys.exit(
            f"PORT={port} is no port: give a number from 0 (any free one) to 65535, for example PORT=8000."
        )
    log_in_lines()
    _keep_memory_together()
    try:
        app = create_app()
        server = listen(app, host, int(port))
    except SettingError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(
            f"Cannot listen on {host}:{port}: {error.strerror or error}. Is it taken? Another one: make serve PORT=8000"
        )
    shown = f"[{host}]" if ":" in host else host
    found = getattr(server, "effective_port", None) or server.effective_listen[0][1]
    address = f"http://{shown}:{found}/"
    print(f"The essays are at {address}  (stop with Ctrl-C)", flush=True)
    if app.config["AHEAD"]:
        cache_warmer(app, app.config["ORIGIN"] or address).start()
    gc.collect()
    gc.freeze()  # what is there now stays: to look through it again and again would stop every reader for a tenth of a second
    try:
        server.run()
    except KeyboardInterrupt:
        pass


def cache_warmer(app: Flask, origin: str) -> CacheWarmer:
    """Who makes beforehand what readers will ask for first, as they will write the site's address."""
    own, room = app.test_client(), app.config["CACHE_BYTES"] * 3 // 4
    as_a_reader = {
        "base_url": origin,
        "headers": {"Accept-Encoding": "gzip, deflate, br"},
        "environ_overrides": {RUN_INLINE: True, IS_WARMUP: True},
    }
    return CacheWarmer(
        lambda address: own.get(address, **as_a_reader),
        lambda: app.front.asked,
        lambda: app.answers.size < room,
        pages(app.site.library),
        first_moves(app.site.library),
    )


def _keep_memory_together() -> None:
    """The C library gives threads pools of memory of their own, which with so many threads hold hundreds of megabytes: two do."""
    try:
        ctypes.CDLL(None).mallopt(-8, 2)  # M_ARENA_MAX
    except (AttributeError, OSError):  # another C library
        pass


if __name__ == "__main__":
    serve()
