"""The response cache: an LRU cache of compressed responses, each rendered only once."""

import hashlib
import threading
import zlib
from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from typing import Protocol

import brotli
from cachetools import LRUCache

from infodecomp.explorable.core.errors import Busy

ENCODINGS = ("br", "gzip")  # in order of preference
COMPRESSIBLE = ("text/", "application/", "image/svg")  # prefixes of mimetypes
MIN_COMPRESSED_BYTES = 1000
LARGE_BODY = 100_000  # bytes: below it somebody may be dragging a slider, so compression has to be fast
HEAD = ("mimetype", "filename", "etag", "attachment", "immutable", "is_compressed")
ENTRY_OVERHEAD = 1000  # bytes of memory for the key and the objects of one cache entry


@dataclass(frozen=True)
class RenderedResponse:
    """A finished response body and what its headers are made of.

    Parameters
    ----------
    body : bytes
    mimetype : str
        Value of the Content-Type header.
    filename : str
        File name for saving it, if it has one.
    attachment : bool
        Whether a browser should save it rather than show it.
    etag : str
        Strong validator; by default a digest of the body.
    immutable : bool
        Whether its URL contains its version, so that clients may cache it for good.
    cacheable : bool
        Whether the next request may get the same response; not if a part of it is missing at the moment.
    """

    body: bytes
    mimetype: str
    filename: str = ""
    attachment: bool = False
    etag: str = ""
    immutable: bool = False
    cacheable: bool = True

    def __post_init__(self) -> None:
        if not self.etag:
            object.__setattr__(self, "etag", hashlib.sha256(self.body).hexdigest()[:20])


class CachedResponse:
    """A response as the cache stores it: compressed with Brotli if that pays, other encodings made on demand.

    Parameters
    ----------
    response : RenderedResponse

    Attributes
    ----------
    is_compressed : bool
    stored : bytes
        The body, compressed with Brotli if `is_compressed`.
    """

    def __init__(self, response: RenderedResponse):
        self.mimetype, self.filename, self.etag = response.mimetype, response.filename, response.etag
        self.attachment, self.immutable = response.attachment, response.immutable
        body = response.body
        self.is_compressed = len(body) > MIN_COMPRESSED_BYTES and self.mimetype.startswith(COMPRESSIBLE)
        self.stored = compress(body, "br") if self.is_compressed else body
        self._gzip: bytes | None = None

    @classmethod
    def restore(cls, head: Mapping[str, object], stored: bytes) -> "CachedResponse":
        """Make one from the `head` and the `stored` of another."""
        restored = cls.__new__(cls)
        restored.__dict__.update(head, stored=stored, _gzip=None)
        return restored

    @property
    def head(self) -> dict[str, object]:
        """All but the body."""
        return {name: getattr(self, name) for name in HEAD}

    @property
    def size_in_bytes(self) -> int:
        """Memory that it takes, once it was also sent with gzip."""
        return ENTRY_OVERHEAD + len(self.stored) * (2 if self.is_compressed else 1)

    @property
    def body(self) -> bytes:
        """The body without any encoding."""
        return brotli.decompress(self.stored) if self.is_compressed else self.stored

    def encoded_body(self, encoding: str | None) -> bytes:
        """The body in one of ENCODINGS, or without encoding for None."""
        if encoding is None:
            return self.body
        if encoding == "br":
            return self.stored
        if self._gzip is None:
            self._gzip = compress(self.body, encoding)
        return self._gzip


def compress(body: bytes, encoding: str) -> bytes:
    """Compress a body: fast for small ones, well for pages, which are rendered once and read by many."""
    quality = 2 if len(body) < LARGE_BODY else 6
    if encoding == "br":  # its window covers both pictures of a figure, that of gzip does not
        return brotli.compress(body, quality=quality)
    compressor = zlib.compressobj(1 if len(body) < LARGE_BODY else 6, zlib.DEFLATED, 31)
    return compressor.compress(body) + compressor.flush()


class Store(Protocol):
    """Where responses outlive the process."""

    def get(self, name: str) -> CachedResponse | None: ...

    def put(self, name: str, response: CachedResponse) -> None: ...


Render = Callable[[], RenderedResponse]
Submit = Callable[[Callable[[], CachedResponse]], "Future[CachedResponse]"]


class ResponseCache:
    """An LRU cache of responses, bounded in bytes, that renders each response once. Thread-safe.

    Parameters
    ----------
    max_bytes : int
        Memory for all responses together.
    max_waiters : int
        How many threads may wait for a rendering; for expensive ones half as many.
    wait_timeout : float
        Seconds that a thread waits; the rendering then goes on and its response is cached.

    Attributes
    ----------
    store : Store or None
        Where responses with a name are looked for before they are rendered, and kept afterwards.
    """

    def __init__(self, max_bytes: int = 64 * 2**20, max_waiters: int = 240, wait_timeout: float = 60):
        self.max_waiters, self.wait_timeout = max_waiters, wait_timeout
        self.waiting = self.expensive_waiting = 0
        self.store: Store | None = None
        self._responses: LRUCache[Hashable, CachedResponse] = LRUCache(
            max_bytes, getsizeof=lambda response: response.size_in_bytes
        )
        self._in_flight: dict[Hashable, Future[CachedResponse]] = {}
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        """Bytes that the cached responses take."""
        return int(self._responses.currsize)

    def __len__(self) -> int:
        return len(self._responses)

    def get(self, key: Hashable) -> CachedResponse | None:
        """The cached response for a key."""
        with self._lock:
            return self._responses.get(key)

    def put(self, key: Hashable, response: RenderedResponse) -> CachedResponse:
        """Cache a response, unless it is not cacheable or larger than the whole cache."""
        cached = CachedResponse(response)
        if response.cacheable:
            self._insert(key, cached)
        return cached

    def _insert(self, key: Hashable, cached: CachedResponse) -> None:
        with self._lock:
            if cached.size_in_bytes <= self._responses.maxsize:
                self._responses[key] = cached

    def get_or_render(
        self, key: Hashable, render: Render, submit: Submit, expensive: bool = False, name: str = ""
    ) -> tuple[CachedResponse, bool]:
        """The response for a key; it is rendered if it is not cached. Concurrent calls share one rendering.

        Parameters
        ----------
        key : hashable
        render : callable
            Returns the response; runs in a thread of the pool.
        submit : callable
            Starts a function in a pool and returns its future.
        expensive : bool
            Whether it takes long: threads that wait for such responses leave room for the others.
        name : str
            Under which the response is in the store; by default it is not kept there.

        Returns
        -------
        response : CachedResponse
        hit : bool
            Whether it was cached or being rendered already.

        Raises
        ------
        Busy
            If too many threads wait, or after `wait_timeout` seconds.
        Exception
            Whatever `render` and `submit` raise; it reaches all threads that wait for this key.
        """
        with self._lock:
            cached = self._responses.get(key)
            if cached is not None:
                return cached, True
            self._check_waiters(expensive)
            future = self._in_flight.get(key)
            hit = future is not None
            if future is None:
                future = self._in_flight[key] = submit(lambda: self._render(key, render, name))
            self.waiting += 1
            self.expensive_waiting += expensive
        try:
            return future.result(self.wait_timeout), hit
        except FutureTimeoutError:
            if future.done():  # the rendering itself raised a TimeoutError
                raise
            raise Busy(
                f"This takes longer than {self.wait_timeout:g} seconds. "
                "It goes on and will be kept: ask again in a moment.",
                retry_after=5,
            ) from None
        finally:
            with self._lock:
                self.waiting -= 1
                self.expensive_waiting -= expensive

    def _check_waiters(self, expensive: bool) -> None:
        waiting, limit = self.waiting, self.max_waiters
        if waiting < limit and expensive:
            waiting, limit = self.expensive_waiting, limit // 2
        if waiting >= limit:
            raise Busy(f"{waiting} readers wait for computations already; try again in a moment.")

    def _render(self, key: Hashable, render: Render, name: str) -> CachedResponse:
        store = self.store if name else None
        try:
            if store is not None and (stored := store.get(name)) is not None:
                self._insert(key, stored)
                return stored
            response = render()
            cached = self.put(key, response)
            if store is not None and response.cacheable:
                store.put(name, cached)
            return cached
        finally:
            with self._lock:
                self._in_flight.pop(key, None)
