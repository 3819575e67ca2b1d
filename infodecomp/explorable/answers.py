"""Answers: what a state of a figure came to, kept within a bound of bytes, each made once however many ask at a time."""

import hashlib
import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import brotli

from infodecomp.explorable.errors import Busy

ENCODINGS = ("br", "gzip")  # the better one first
LARGE = 60_000  # bytes: below it a hand may be waiting


@dataclass(frozen=True)
class Answer:
    """A finished body, with its strong validator and its compressed form."""

    body: bytes
    mimetype: str
    filename: str = ""  # what it is called where somebody saves it
    attached: bool = False  # whether it is to be saved rather than shown
    tag: str = ""  # its validator, where that is known before the body is

    @cached_property
    def etag(self) -> str:
        return self.tag or hashlib.sha256(self.body).hexdigest()[:20]

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

    Those who ask for a key while it is being made wait for the one maker, at most `followers` of them and at most `patience`
    seconds each; what a maker raises reaches all who waited.
    """

    def __init__(self, limit: int = 64 * 2**20, followers: int = 240, patience: float = 60):
        self.limit, self.followers, self.patience = limit, followers, patience
        self.size = 0
        self.following = 0
        self._kept: OrderedDict[object, Answer] = OrderedDict()
        self._making: dict[object, _Pending] = {}
        self._lock = threading.Lock()

    def get(self, key, make: Callable[[], Answer], apart: bool = False) -> tuple[Answer, bool]:
        """The answer for a key, and whether it was kept from before.

        apart: make it in a thread of its own, so that one who has waited for long enough can go; it is made and kept all the same.
        Raises Busy after a wait of `patience` seconds, and where too many wait already.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key], True
            pending = self._making.get(key)
            mine = pending is None
            if mine:
                pending = self._making[key] = _Pending()
            elif self.following >= self.followers:
                raise Busy(f"{self.followers} readers wait for others' computations already; try again in a moment.")
            else:
                self.following += 1
        if not mine:
            try:
                return pending.wait(self.patience), True
            finally:
                with self._lock:
                    self.following -= 1
        if apart:
            threading.Thread(target=self._make, args=(key, pending, make), daemon=True).start()
        else:
            self._make(key, pending, make)
        return pending.wait(self.patience), False

    def _make(self, key, pending: "_Pending", make: Callable[[], Answer]) -> None:
        try:
            pending.answer = make()
        except BaseException as error:
            pending.error = error
        with self._lock:
            del self._making[key]
            if pending.answer is not None:
                self._keep(key, pending.answer)
        pending.done.set()

    def peek(self, key) -> Answer | None:
        """The answer for a key if it is kept."""
        with self._lock:
            answer = self._kept.get(key)
            if answer is not None:
                self._kept.move_to_end(key)
            return answer

    def keep(self, key, answer: Answer) -> None:
        """Keep an answer that was made elsewhere."""
        with self._lock:
            if key not in self._kept:
                self._keep(key, answer)

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

    def wait(self, patience: float) -> Answer:
        if not self.done.wait(patience):
            raise Busy(f"This takes longer than {patience:g} seconds. It goes on and will be kept: ask again in a moment.", retry_after=5)
        if self.error is not None:
            raise self.error
        return self.answer


def _weight(answer: Answer) -> int:
    return len(answer.body) * 2  # the compressed form is at most as long again
