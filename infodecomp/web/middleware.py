"""WSGI middleware: serves cached responses for byte-identical URLs and writes the access log."""

import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

from infodecomp.explorable.serving.cache import CachedResponse, ResponseCache
from infodecomp.explorable.serving.problem_details import PROBLEM_MIMETYPE, problem_details
from infodecomp.explorable.serving.request_log import LOG_WRITER, access_log_line
from infodecomp.explorable.site.live import Site
from infodecomp.web.responses import CACHE_ENTRY, CACHE_HIT, Headers, http_response, security_headers
from infodecomp.web.services import Activity

IS_WARMUP = "infodecomp.is_warmup"  # in the WSGI environment: the server asks itself
STATUS_LINES = {200: "200 OK", 304: "304 Not Modified"}
SERVER_TIMING = "answer%s;dur=%.2f"
HIT = ";desc=kept"
SCHEMES = ("http", "https")
OLD_PROTOCOLS = ("HTTP/1.0", "HTTP/1")  # granian writes HTTP/1
INVALID_HOST = "The Host header is no name of a host; send the one that leads here."
INVALID_SCHEME = "The scheme of this address, which X-Forwarded-Proto gives, is neither http nor https."
MAX_URLS = 20_000  # URLs whose cache key is remembered
MAX_URL_LENGTH = 500  # characters
# Labels or an IP address, and a port: any other host would make broken links.
HOST = re.compile(
    r"(?=[^:]{1,253}(?::|$))[\w-]{1,63}(\.[\w-]{1,63})*\.?(:\d{1,5})?|\[[0-9a-fA-F:.]{2,45}\](:\d{1,5})?",
    re.ASCII,
)

Environ = dict[str, Any]
Url = tuple[str, str, str | None, str]  # path, query, host, scheme


class ResponseCacheMiddleware:
    """A WSGI application around another one.

    The application stores under CACHE_ENTRY in the environment which cache entry it has sent. The next
    request with the same URL is answered from the cache without calling the application, which would parse
    it; those of readers' tables, which have caches of their own, never are.

    Parameters
    ----------
    application : WSGI callable
    cache : ResponseCache
        The cache of the application.
    site : Site
        Holds the library; each cache key begins with its revision.
    activity : Activity
        Updated at each request but those of the warm-up.
    log_requests, log_addresses : bool
        Whether requests are logged, and whether with the client's address.
    """

    def __init__(
        self,
        application: Callable[..., Iterable[bytes]],
        cache: ResponseCache,
        site: Site,
        activity: Activity,
        log_requests: bool,
        log_addresses: bool,
    ):
        self._application, self._cache, self._site = application, cache, site
        self._activity, self._log_requests, self._log_addresses = activity, log_requests, log_addresses
        self._known: dict[Url, tuple[tuple, Headers]] = {}  # cache key and security headers
        self._lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Handle a request."""
        started = time.perf_counter()
        if IS_WARMUP not in environ:
            self._activity.last_request = time.monotonic()
        host = environ.get("HTTP_HOST")
        if not host and environ.get("SERVER_PROTOCOL") in OLD_PROTOCOLS:  # they need not name one
            host = environ["HTTP_HOST"] = f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"
        url = environ["PATH_INFO"], environ.get("QUERY_STRING", ""), host, environ["wsgi.url_scheme"]
        if environ["REQUEST_METHOD"] == "GET" and (known := self._known.get(url)) is not None:
            key, security = known
            if key[0] == self._site.library.revision and (cached := self._cache.get(key)) is not None:
                return self._send_cached(environ, start_response, started, cached, security)
        exchange = _Exchange(environ, start_response, started)
        if not is_valid_host(host or ""):
            return self._finish(exchange, [exchange.reject(INVALID_HOST)])
        if environ["wsgi.url_scheme"] not in SCHEMES:
            return self._finish(exchange, [exchange.reject(INVALID_SCHEME)])
        body = self._application(environ, exchange.start)
        if exchange.status in (200, 304) and CACHE_ENTRY in environ and len(url[1]) <= MAX_URL_LENGTH:
            self._remember(url, *environ[CACHE_ENTRY])
        if exchange.is_stream:
            return _Stream(body, lambda size: self._log_exchange(exchange, size))
        return self._finish(exchange, _read_all(body))

    def _send_cached(
        self,
        environ: Environ,
        start_response: Callable[..., Any],
        started: float,
        cached: CachedResponse,
        security: Headers,
    ) -> list[bytes]:
        environ[CACHE_HIT] = True
        status, headers, body = http_response(
            cached, environ.get("HTTP_ACCEPT_ENCODING", ""), environ.get("HTTP_IF_NONE_MATCH", "")
        )
        if status == 200:
            headers.append(("Content-Length", str(len(body))))
        headers += security
        headers.append(("Server-Timing", SERVER_TIMING % (HIT, 1000 * (time.perf_counter() - started))))
        start_response(STATUS_LINES[status], headers)
        self._log(environ, status, started, len(body))
        return [body]

    def _remember(self, url: Url, cache: ResponseCache, key: tuple) -> None:
        cached = self._cache.get(key)
        if cache is not self._cache or cached is None:
            return
        with self._lock:
            self._known[url] = key, security_headers(url[0], cached.mimetype)
            if len(self._known) > MAX_URLS:
                del self._known[next(iter(self._known))]

    def _finish(self, exchange: "_Exchange", body: list[bytes]) -> list[bytes]:
        self._log_exchange(exchange, sum(map(len, body)))
        return body

    def _log_exchange(self, exchange: "_Exchange", size: int) -> None:
        length = exchange.content_length
        self._log(exchange.environ, exchange.status, exchange.started, size if length is None else length)

    def _log(self, environ: Environ, status: int, started: float, size: int) -> None:
        if self._log_requests and IS_WARMUP not in environ:
            seconds = time.perf_counter() - started
            LOG_WRITER.write(access_log_line(environ, status, seconds, size, self._log_addresses))


class _Exchange:
    """A request that the application answers, and the start of its response with the headers completed."""

    def __init__(self, environ: Environ, start_response: Callable[..., Any], started: float):
        self.environ, self._start_response, self.started = environ, start_response, started
        self.status = 0
        self.content_length: int | None = None
        self.is_stream = False

    def start(self, status: str, headers: Headers, exc_info: Any = None) -> Any:
        """The start_response of the application."""
        self.status = int(status[:3])
        given = {name.lower(): value for name, value in headers}
        if "content-length" in given:
            self.content_length = int(given["content-length"])
        self.is_stream = self.content_length is None and self.status == 200
        headers += security_headers(self.environ["PATH_INFO"], given.get("content-type", ""))
        if "cache-control" not in given:  # errors, redirections and health checks
            headers.append(("Cache-Control", "no-store"))
        hit = HIT if self.environ.get(CACHE_HIT) else ""
        headers.append(("Server-Timing", SERVER_TIMING % (hit, 1000 * (time.perf_counter() - self.started))))
        return self._start_response(status, headers, *([exc_info] if exc_info else []))

    def reject(self, detail: str) -> bytes:
        """Start the response to a request with an invalid header; returns its body."""
        body = problem_details(400, "Bad Request", detail)
        headers = [
            ("Content-Type", PROBLEM_MIMETYPE),
            ("Content-Length", str(len(body))),
            ("Vary", "Accept"),
        ]
        self.start("400 Bad Request", headers)
        return body


@lru_cache(maxsize=256)
def is_valid_host(host: str) -> bool:
    """Whether a Host header is a valid name or address, with an optional port."""
    if not HOST.fullmatch(host):
        return False
    if "xn--" in host.lower():
        try:
            host.encode("ascii").decode("idna")
        except UnicodeError:
            return False
    return True


def _read_all(body: Iterable[bytes]) -> list[bytes]:
    """A whole body as a list, which servers buffer: a slow client then holds no thread."""
    try:
        return [b"".join(body)]
    finally:
        if hasattr(body, "close"):
            body.close()


class _Stream:
    """A body whose size is counted and reported once, however it ends."""

    def __init__(self, body: Iterable[bytes], on_end: Callable[[int], None]):
        self._body, self._parts = body, iter(body)
        self._on_end: Callable[[int], None] | None = on_end
        self._size = 0

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        part = next(self._parts)
        self._size += len(part)
        return part

    def close(self) -> None:
        """Close the body, and report the end if that has not happened yet."""
        try:
            if hasattr(self._body, "close"):
                self._body.close()
        finally:
            on_end, self._on_end = self._on_end, None
            if on_end is not None:
                on_end(self._size)
