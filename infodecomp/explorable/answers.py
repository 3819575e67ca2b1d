"""Answers: what a state of a figure came to, kept within a bound of bytes, each made once however many ask at a time."""

import hashlib
import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import brotli

ENCODINGS = ("br", "gzip")  # the better one first
LARGE = 60_000  # bytes: below it a hand may be waiting

@dataclass(frozen=True)
class Answer:
    """A finished body, with its strong validator and its compressed form."""

    body: bytes
    mimetype: str
    filename: str = ""  # what it is called where somebody saves it
    attached: bool = False  # whether it is to be saved rather than shown

    @cached_property
    def etag(self) -> str:
        return hashlib.sha256(self.body).hexdigest()[:20]

    @cached_property
    def _packed(self) -> dict[str, bytes]:
        return {}

    def packed(self, encoding: str) -> bytes:
        """The body in one of ENCODINGS, made once."""
        if encoding not in self._packed:
            self._packed[encoding] = pack(self.body, encoding)
        return self._packed[encoding]


def pack(body: bytes, encoding: str) -> bytes:
    """Compressed: quickly for a picture that a hand waits for, well for a page that is made once and read by many."""
    if encoding == "br":  # the two pictures of each figure lie further apart than gzip can see
        return brotli.compress(body, quality=2 if len(body) < LARGE else 6)
    packer = zlib.compressobj(1 if len(body) < LARGE else 6, zlib.DEFLATED, 31)
    return packer.compress(body) + packer.flush()


class Answers:
    """The most recently used answers, at most `limit` bytes of them. Safe to share between threads.

    Those who ask for a key while it is being made wait for the one maker; what a maker raises reaches all who waited.
    """

    def __init__(self, limit: int = 64 * 2**20):
        self.limit = limit
        self.size = 0
        self._kept: OrderedDict[object, Answer] = OrderedDict()
        self._making: dict[object, _Pending] = {}
        self._lock = threading.Lock()

    def get(self, key, make: Callable[[], Answer]) -> tuple[Answer, bool]:
        """The answer for a key, and whether it was kept from before."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key], True
            pending = self._making.get(key)
            mine = pending is None
            if mine:
                pending = self._making[key] = _Pending()
        if not mine:
            return pending.wait(), True
        try:
            pending.answer = make()
        except BaseException as error:
            pending.error = error
            raise
        finally:
            with self._lock:
                del self._making[key]
                if pending.answer is not None:
                    self._keep(key, pending.answer)
            pending.done.set()
        return pending.answer, False

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self.size = 0

    def _keep(self, key, answer: Answer) -> None:
        self._kept[key] = answer
        self.size += _weight(answer)
        while self.size > self.limit and self._kept:
            _, dropped = self._kept.popitem(last=False)
            self.size -= _weight(dropped)


class _Pending:
    def __init__(self):
        self.done = threading.Event()
        self.answer: Answer | None = None
        self.error: BaseException | None = None

    def wait(self) -> Answer:
        self.done.wait()
        if self.error is not None:
            raise self.error
        return self.answer


def _weight(answer: Answer) -> int:
    return len(answer.body) * 2  # the compressed form is at most as long again
