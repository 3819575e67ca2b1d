"""Front: what meets every request first. It answers by itself what has been asked in the same words before, and notes each one.

An answer that is kept costs the application far less than finding out what its address means; in a lecture hall almost all are.
"""

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from http import HTTPStatus

from infodecomp.explorable.serving.cache import RenderedResponse, ResponseCache
from infodecomp.explorable.serving.http_response import protection, reply
from infodecomp.explorable.serving.problem_details import PROBLEM, problem
from infodecomp.explorable.serving.request_log import request_line, write

CACHE_KEY, CACHE_HIT = (
    "infodecomp.key",
    "infodecomp.kept",
)  # what the application says of a request in its environment
PREFETCHED = "infodecomp.held"  # the answer that who read the request has found to be kept
RUN_INLINE = "infodecomp.hands"  # whether the thread that serves a request is there to compute it itself
IS_WARMUP = "infodecomp.own"  # whether the server asks itself
REJECTED = "infodecomp.busy"  # why a request is refused unread
KNOWN = 20_000  # addresses that are remembered
LONGEST = 500  # characters of an address that is remembered
# A name of labels, or an address, and a port: with any other host no address of the site can be written.
HOST = re.compile(
    r"(?=[^:]{1,253}(?::|$))[\w-]{1,63}(\.[\w-]{1,63})*\.?(:\d{1,5})?|\[[0-9a-fA-F:.]{2,45}\](:\d{1,5})?",
    re.ASCII,
)


class ResponseCacheMiddleware:
    """A WSGI application before another one.

    answers: what that one keeps. generation: of the site; an answer's key begins with it. quick: whether what lies at a path is
    computed in a moment. log, addresses: whether each request is noted, and its reader's address with it.
    """

    def __init__(
        self,
        application: Callable,
        answers: ResponseCache,
        revision: Callable[[], int],
        quick: Callable[[str], bool],
        log: bool,
        addresses: bool,
    ):
        self.application, self.answers, self.revision, self.quick = application, answers, revision, quick
        self.log, self.addresses = log, addresses
        self.asked = 0.0  # when somebody last asked, in monotonic seconds
        self._keys: OrderedDict[tuple, tuple] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        begun = time.perf_counter()
        if IS_WARMUP not in environ:
            self.asked = time.monotonic()
        if not HOST.fullmatch(environ.get("HTTP_HOST") or "localhost"):
            return self._refuse(environ, start_response, begun)
        address = (
            environ["PATH_INFO"],
            environ.get("QUERY_STRING", ""),
            environ.get("HTTP_HOST"),
            environ["wsgi.url_scheme"],
        )
        answer = environ.get(PREFETCHED) or (
            self.kept(address) if environ["REQUEST_METHOD"] == "GET" else None
        )
        if answer is not None:
            return self._send(answer, environ, start_response, begun)
        seen = {}

        def start(status, headers, *trouble):
            seen["status"], seen["size"] = int(status[:3]), dict(headers).get("Content-Length")
            return start_response(status, headers, *trouble)

        body = self.application(environ, start)
        if seen.get("status") in (200, 304) and CACHE_KEY in environ and len(address[1]) <= LONGEST:
            self._remember(address, environ[CACHE_KEY])
        if seen.get("size") is None:  # a stream: it is over when it is over
            return _Noted(body, lambda size: self._note(environ, seen["status"], size, begun))
        self._note(environ, seen["status"], int(seen["size"]), begun)
        return body

    def kept(self, address: tuple) -> RenderedResponse | None:
        """The answer to a GET of (path, query, host, scheme), where it has been asked in the same words before and is still kept."""
        key = self._keys.get(address)
        return self.answers.peek(key) if key is not None and key[0] == self.revision() else None

    def _remember(self, address: tuple, key: tuple) -> None:
        with self._lock:
            self._keys[address] = key
            if len(self._keys) > KNOWN:
                self._keys.popitem(last=False)

    def _send(
        self, answer: RenderedResponse, environ: dict, start_response: Callable, begun: float
    ) -> list[bytes]:
        status, headers, body = reply(
            answer, environ.get("HTTP_ACCEPT_ENCODING", ""), environ.get("HTTP_IF_NONE_MATCH", "")
        )
        headers += protection(environ["PATH_INFO"], answer.mimetype)
        if status == 200:
            headers.append(("Content-Length", str(len(body))))
        headers.append(("Server-Timing", f"answer;desc=kept;dur={1000 * (time.perf_counter() - begun):.2f}"))
        start_response(f"{status} {HTTPStatus(status).phrase}", headers)
        environ[CACHE_HIT] = True
        self._note(environ, status, len(body), begun)
        return [body]

    def _refuse(self, environ: dict, start_response: Callable, begun: float) -> list[bytes]:
        body = problem(
            400, "Bad Request", "The Host header is no name of a host; send the one that leads here."
        )
        start_response(
            "400 Bad Request",
            [
                ("Content-Type", PROBLEM),
                ("Content-Length", str(len(body))),
                *protection(environ["PATH_INFO"], PROBLEM),
            ],
        )
        self._note(environ, 400, len(body), begun)
        return [body]

    def _note(self, environ: dict, status: int, size: int, begun: float) -> None:
        if self.log and IS_WARMUP not in environ:
            query = environ.get("QUERY_STRING")
            path = environ["PATH_INFO"] + (f"?{query}" if query else "")
            write(
                request_line(
                    environ["REQUEST_METHOD"],
                    path.encode("latin-1", "replace").decode("utf-8", "replace"),
                    status,
                    time.perf_counter() - begun,
                    size,
                    environ.get(CACHE_HIT, False),
                    environ.get("REMOTE_ADDR", "") if self.addresses else "",
                )
            )


class _Noted:
    """The parts of a body, counted; what is to be done at its end is done once, however it ends."""

    def __init__(self, body: Iterable[bytes], over: Callable[[int], None]):
        self._body, self._parts, self._over, self._size = body, iter(body), over, 0

    def __iter__(self):
        return self

    def __next__(self) -> bytes:
        part = next(self._parts)
        self._size += len(part)
        return part

    def close(self) -> None:
        try:
            if hasattr(self._body, "close"):
                self._body.close()
        finally:
            over, self._over = self._over, lambda size: None
            over(self._size)
