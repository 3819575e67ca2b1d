"""HTTP responses: content negotiation, conditional requests, caching and security headers."""

from collections.abc import Callable, Generator
from functools import lru_cache
from typing import NamedTuple

from flask import Response, request
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header, parse_etags

from infodecomp.explorable.exports.films.background_stream import BackgroundStream
from infodecomp.explorable.exports.raster import Converter
from infodecomp.explorable.serving.cache import ENCODINGS, CachedResponse, RenderedResponse
from infodecomp.explorable.serving.limits import WorkerPool
from infodecomp.explorable.serving.request_log import CACHE_HIT
from infodecomp.web.services import Services

HTML = "text/html; charset=utf-8"
JSON = "application/json"
CACHE_ENTRY = "infodecomp.cache_entry"  # in the WSGI environment: the cache and the key of what was sent
IMMUTABLE = "public, max-age=31536000, immutable"
CROSS_ORIGIN_PATHS = ("/figures", "/static/", "/fonts/", "/themes/", "/oembed", "/openapi.json")
DISABLED_FEATURES = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "publickey-credentials-get",
    "screen-wake-lock",
    "usb",
    "xr-spatial-tracking",
)
Headers = list[tuple[str, str]]


class HttpResponse(NamedTuple):
    """What is sent for a cached response."""

    status: int
    headers: Headers
    body: bytes


@lru_cache(maxsize=256)
def choose_encoding(accept_encoding: str) -> str | None:
    """Our preferred encoding among those that an Accept-Encoding header allows."""
    accepted = parse_accept_header(accept_encoding, Accept)
    return next((name for name in ENCODINGS if accepted.quality(name) > 0), None)


def http_response(
    cached: CachedResponse, accept_encoding: str = "", if_none_match: str = "", attachment: bool | None = None
) -> HttpResponse:
    """Make the HTTP response for a cached one.

    Parameters
    ----------
    cached : CachedResponse
    accept_encoding, if_none_match : str
        Request headers, empty if missing.
    attachment : bool, optional
        Overrides whether a browser should save it.

    Returns
    -------
    HttpResponse
        Status 304 without a body if the client has it already.
    """
    encoding = choose_encoding(accept_encoding) if cached.is_compressed else None
    etag = f"{cached.etag}-{encoding}" if encoding else cached.etag
    headers = [
        ("ETag", f'"{etag}"'),
        ("Vary", "Accept-Encoding"),
        ("Cache-Control", IMMUTABLE if cached.immutable else "no-cache"),
    ]
    if if_none_match and parse_etags(if_none_match).contains_weak(etag):
        return HttpResponse(304, headers, b"")
    headers.append(("Content-Type", cached.mimetype))
    if encoding:
        headers.append(("Content-Encoding", encoding))
    if cached.filename:
        name = cached.filename.encode("ascii", "replace").decode().replace('"', "_")
        save = cached.attachment if attachment is None else attachment
        headers.append(("Content-Disposition", f'{"attachment" if save else "inline"}; filename="{name}"'))
    body = cached.stored if encoding == "br" else cached.encoded_body(encoding)
    return HttpResponse(200, headers, body)


def security_headers(path: str, mimetype: str) -> Headers:
    """The headers that every response gets: what it may load, who may frame it and who may read it."""
    is_bare_svg = mimetype.startswith("image/svg") and not path.startswith("/static/")
    headers = _security_headers(is_bare_svg, path.startswith("/embed/"))
    if path.startswith(CROSS_ORIGIN_PATHS):  # nothing there is private, and a sandboxed frame has no origin
        return [*headers, ("Access-Control-Allow-Origin", "*")]
    return [*headers]


@lru_cache
def _security_headers(is_bare_svg: bool, framable: bool) -> tuple[tuple[str, str], ...]:
    ancestors = "*" if framable else "'self'"
    policy = (
        "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:; frame-ancestors 'self'"
        if is_bare_svg
        else "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; "
        "font-src 'self'; media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        f"frame-ancestors {ancestors}"
    )
    return (
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "strict-origin-when-cross-origin"),
        ("Permissions-Policy", ", ".join(f"{name}=()" for name in DISABLED_FEATURES)),
    )


def send(cached: CachedResponse, attachment: bool | None = None) -> Response:
    """The Flask response for a cached one, as the current request accepts it."""
    environ = request.environ
    status, headers, body = http_response(
        cached, environ.get("HTTP_ACCEPT_ENCODING", ""), environ.get("HTTP_IF_NONE_MATCH", ""), attachment
    )
    return Response(body, status, headers)


def send_uncached(body: bytes | str, mimetype: str) -> Response:
    """Send a body that is cheap to make again."""
    data = body.encode() if isinstance(body, str) else body
    return send(CachedResponse(RenderedResponse(data, mimetype)))


def send_cached(
    services: Services, key: tuple, pool: WorkerPool, render: Callable[[], RenderedResponse], name: str = ""
) -> Response:
    """Send the cached response for a key; if there is none, render it in a pool; see `cached_response`."""
    cached, hit = cached_response(services, key, pool, render, name)
    request.environ[CACHE_ENTRY], request.environ[CACHE_HIT] = (services.cache, key), hit
    return send(cached)


def cached_response(
    services: Services, key: tuple, pool: WorkerPool, render: Callable[[], RenderedResponse], name: str = ""
) -> tuple[CachedResponse, bool]:
    """Return the cached response for a key, rendered in a pool if there is none; and whether there was one.

    Work in any pool but the fast one counts towards the client's rate limit.

    Parameters
    ----------
    services : Services
    key : tuple
        Starts with the revision of the library.
    pool : WorkerPool
    render : callable
        Returns the response; runs without a request context.
    name : str
        Under which the response is kept on disk; by default it is not.
    """
    expensive = pool is not services.compute_pool
    address = request.remote_addr or ""

    def submit(task):
        if expensive:
            services.rate_limiter.count(address)
        return pool.submit(task)

    return services.cache.get_or_render(key, render, submit, expensive, name)


def send_while_made(
    services: Services,
    key: tuple,
    mimetype: str,
    prepare: Callable[[], tuple[str, str]],
    produce: Callable[[Converter], Generator[bytes]],
    attachment: bool,
) -> Response:
    """Send a long file while it is made, and cache it.

    The place for animations is taken before anything is computed: however many clients ask, including for
    headers alone, only a few compute, and states and pages keep their share.

    Parameters
    ----------
    services : Services
    key : tuple
        Starts with the revision of the library.
    mimetype : str
    prepare : callable
        Returns the file's name and its ETag; an empty one is a digest of the whole file, once that is known.
    produce : callable
        Converter -> the parts of the file.
    attachment : bool
        Whether a browser should save it.
    """
    if cached := services.cache.get(key):
        request.environ[CACHE_HIT] = True
        return send(cached, attachment)
    services.rate_limiter.count(request.remote_addr or "")
    converter = services.converters.acquire_for_animation()
    try:
        name, etag = prepare()
        response = send(CachedResponse(RenderedResponse(b"", mimetype, name, etag=etag)), attachment)
    except BaseException:
        services.converters.release_from_animation(converter)
        raise
    if not etag:
        del response.headers["ETag"]
    if request.method == "HEAD" or response.status_code == 304:
        services.converters.release_from_animation(converter)
        return response

    def cache_body(body: bytes) -> None:
        services.cache.put(key, RenderedResponse(body, mimetype, name, etag=etag))

    response.response = BackgroundStream(
        produce(converter),
        cache_body,
        lambda: services.converters.release_from_animation(converter),
    )
    del response.headers["Content-Length"]
    return response


def query_items() -> list[tuple[str, str]]:
    """The pairs of the query string, in order."""
    return list(request.args.items(multi=True))


def site_origin(services: Services) -> str:
    """The public address of the site, with a slash at its end."""
    return (services.settings["ORIGIN"] or request.url_root).rstrip("/") + "/"
