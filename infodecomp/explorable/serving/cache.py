"""Answers: what a state of a figure came to, kept within a bound of bytes, each made once however many ask at a time."""

import hashlib
import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import brotli

from infodecomp.explorable.core.errors import Busy
from infodecomp.explorable.core.lazy import lazy_property

ENCODINGS = ("br", "gzip")  # the better one first
TEXTS = ("text/", "application/", "image/svg")  # mimetypes that become shorter
AROUND = 1000  # bytes: what an answer that is kept takes beside its body, its key and its addresses
LARGE = 60_000  # bytes: below it a hand may be waiting


@dataclass(frozen=True)
class RenderedResponse:
    """A finished body, with its strong validator and its compressed form."""

    body: bytes
    mimetype: str
    filename: str = ""  # what it is called where somebody saves it
    attached: bool = False  # whether it is to be saved rather than shown
    tag: str = ""  # its validator, where that is known before the body is
    lasting: bool = False  # whether its address names its version, so that a reader may keep it for good

    @lazy_property
    def etag(self) -> str:
        return self.tag or hashlib.sha256(self.body).hexdigest()[:20]

    @property
    def worth_packing(self) -> bool:
        return len(self.body) > 1000 and self.mimetype.startswith(TEXTS)

    @property
    def weight(self) -> int:
        """Bytes of memory."""
        return AROUND + len(self.body)

    @lazy_property
    def _packed(self) -> dict[str, bytes]:
        return {}

    def packed(self, encoding: str) -> bytes:
        """The body in one of ENCODINGS, made once."""
        if encoding not in self._packed:
            self._packed[encoding] = pack(self.body, encoding)
        return self._packed[encoding]


class CompressedResponse:
    """An answer as it is kept: as almost all readers take it, and unpacked for those who cannot take that."""

    worth_packing = True

    def __init__(self, answer: RenderedResponse):
        self.mimetype, self.filename, self.attached, self.etag = (
            answer.mimetype,
            answer.filename,
            answer.attached,
            answer.etag,
        )
        self.lasting = answer.lasting
        self._packed = {ENCODINGS[0]: answer.packed(ENCODINGS[0])}

    @property
    def body(self) -> bytes:
        return brotli.decompress(self._packed[ENCODINGS[0]])

    @property
    def weight(self) -> int:
        """Bytes of memory, once both kinds of readers have asked."""
        return AROUND + 2 * len(self._packed[ENCODINGS[0]])

    packed = RenderedResponse.packed


def pack(body: bytes, encoding: str) -> bytes:
    """Compressed: quickly for a picture that a hand waits for, well for a page that is made once and read by many."""
    if encoding == "br":  # the two pictures of each figure lie further apart than gzip can see
        return brotli.compress(body, quality=2 if len(body) < LARGE else 6)
    packer = zlib.compressobj(1 if len(body) < LARGE else 6, zlib.DEFLATED, 31)
    return packer.compress(body) + packer.flush()


def run_inline(work: Callable[[], None]) -> None:
    work()


class ResponseCache:
    """The most recently used answers, compressed, at most `limit` bytes of them. Safe to share between threads.

    Each is made once however many ask for it at a time. At most `askers` wait for answers, half of them for dear ones, at most
    `patience` seconds each; what a maker raises reaches all who waited for it.
    """

    def __init__(self, limit: int = 64 * 2**20, max_waiters: int = 240, wait_timeout: float = 60):
        self.limit, self.max_waiters, self.wait_timeout = limit, max_waiters, wait_timeout
        self.size = 0
        self.waiting, self._expensive_waiting = 0, 0
        self._kept: OrderedDict[object, RenderedResponse | CompressedResponse] = OrderedDict()
        self._making: dict[object, _Pending] = {}
        self._lock = threading.Lock()

    def get(
        self,
        key,
        make: Callable[[], RenderedResponse],
        do: Callable[[Callable[[], None]], None] = run_inline,
        expensive: bool = False,
    ) -> tuple[RenderedResponse | CompressedResponse, bool]:
        """The answer for a key, and whether it was kept from before or is being made for another.

        do: has a piece of work done, now or later; whoever has waited for long enough goes, and it is done and kept all the same.
        dear: it takes long, so that those who wait for such must leave room for others.
        Raises Busy after a wait of `patience` seconds and where too many wait already, and what `do` raises.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key], True
            if (
                self.waiting >= self.max_waiters
                or expensive
                and self._expensive_waiting >= self.max_waiters // 2
            ):
                raise Busy(
                    f"{self._expensive_waiting if expensive else self.waiting} readers wait for computations already; try again in a moment."
                )
            pending = self._making.get(key)
            mine = pending is None
            if mine:
                pending = self._making[key] = _Pending()
            self.waiting += 1
            self._expensive_waiting += expensive
        try:
            if mine:
                self._begin(key, pending, make, do)
            return pending.wait(self.wait_timeout), not mine
        finally:
            with self._lock:
                self.waiting -= 1
                self._expensive_waiting -= expensive

    def _begin(self, key, pending: "_Pending", make: Callable[[], RenderedResponse], do: Callable) -> None:
        def work() -> None:
            try:
                self._finish(key, pending, make())
            except BaseException as error:
                self._finish(key, pending, None, error)

        try:
            do(work)
        except BaseException as error:  # there was no place for it
            self._finish(key, pending, None, error)

    def _finish(
        self, key, pending: "_Pending", answer: RenderedResponse | None, error: BaseException | None = None
    ) -> None:
        kept = answer and _to_keep(answer)
        with self._lock:
            self._making.pop(key, None)
            if kept is not None:
                self._keep(key, kept)
        pending.answer, pending.error = answer, error
        pending.done.set()

    def peek(self, key) -> RenderedResponse | CompressedResponse | None:
        """The answer for a key if it is kept."""
        with self._lock:
            answer = self._kept.get(key)
            if answer is not None:
                self._kept.move_to_end(key)
            return answer

    def keep(self, key, answer: RenderedResponse) -> None:
        """Keep an answer that was made elsewhere."""
        kept = _to_keep(answer)
        with self._lock:
            if key not in self._kept:
                self._keep(key, kept)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self.size = 0

    def _keep(self, key, answer: RenderedResponse | CompressedResponse) -> None:
        self._kept[key] = answer
        self.size += answer.weight
        while self.size > self.limit and self._kept:
            _, dropped = self._kept.popitem(last=False)
            self.size -= dropped.weight


class _Pending:
    def __init__(self):
        self.done = threading.Event()
        self.answer: RenderedResponse | None = None
        self.error: BaseException | None = None

    def wait(self, wait_timeout: float) -> RenderedResponse:
        if not self.done.wait(wait_timeout):
            raise Busy(
                f"This takes longer than {wait_timeout:g} seconds. It goes on and will be kept: ask again in a moment.",
                retry_after=5,
            )
        if self.error is not None:
            raise self.error
        return self.answer


def _to_keep(answer: RenderedResponse) -> RenderedResponse | CompressedResponse:
    return CompressedResponse(answer) if answer.worth_packing else answer
