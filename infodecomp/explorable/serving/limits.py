"""Places: how many do one kind of work at once, how many wait for it and how long; and how often one address may ask for it."""

import ipaddress
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from infodecomp.explorable.core.errors import Busy, TooMany


class ConcurrencyLimit:
    """At most `most` at once, at most `queue` waiting in the order of their coming, each for at most `patience` seconds.

    A context manager that is held by whoever has a place; taking one raises Busy. Safe to share between threads.
    """

    def __init__(self, what: str, most: int, queue: int = 0, wait_timeout: float = 0):
        self.what, self.most, self.queue, self.wait_timeout = what, most, queue, wait_timeout
        self.free = most
        self._waiting: deque[threading.Event] = deque()
        self._lock = threading.Lock()

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def take(self) -> None:
        """Take a place, to be given back. Raises Busy where too many wait already, or this one has waited too long."""
        with self._lock:
            if self.free:
                self.free -= 1
                return
            if len(self._waiting) >= self.queue:
                raise self._busy(f"and {self.queue} wait for one")
            turn = threading.Event()
            self._waiting.append(turn)
        if not turn.wait(self.wait_timeout):
            with self._lock:
                if turn in self._waiting:  # otherwise it was called in this very moment
                    self._waiting.remove(turn)
                    raise self._busy(f"and none became free within {self.wait_timeout:g} seconds")

    def give(self) -> None:
        """Give a place back: to who has waited longest, if anybody does."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self.free += 1

    def _busy(self, why: str) -> Busy:
        number = "The one place" if self.most == 1 else f"All {self.most} places"
        return Busy(
            f"{number} for {self.what} {'is' if self.most == 1 else 'are'} taken, {why}; try again in a moment."
        )

    def __enter__(self) -> "ConcurrencyLimit":
        self.take()
        return self

    def __exit__(self, *error) -> None:
        self.give()


class WorkerPool:
    """A few threads that do one kind of work in the order in which it is brought. Those who brought it wait elsewhere, or leave.

    What computes keeps to few threads, because each one that torch has worked in costs memory for good. queue: how much work may
    wait for a hand that is free.
    """

    def __init__(self, what: str, workers: int, queue: int):
        self.what, self.workers, self.queue = what, workers, queue
        self.busy = 0
        self._work: deque[Callable[[], None]] = deque()
        self._changed = threading.Condition()
        self._started = 0

    @property
    def waiting(self) -> int:
        return len(self._work)

    @property
    def full(self) -> bool:
        return self.busy + self.waiting >= self.workers + self.queue

    def do(self, work: Callable[[], None]) -> None:
        """Have work done, which must not raise. Raises Busy where too much waits already."""
        with self._changed:
            if self.full:
                raise Busy(
                    f"{self.busy} {self.what} are under way and {self.waiting} wait; try again in a moment."
                )
            self._work.append(work)
            if self._started < self.workers:
                self._started += 1
                threading.Thread(target=self._serve, name=f"{self.what} {self._started}", daemon=True).start()
            self._changed.notify()

    def _serve(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._work)
                work = self._work.popleft()
                self.busy += 1
            try:
                work()
            finally:
                del work  # and all that it holds
                with self._changed:
                    self.busy -= 1


class SlidingWindowLimiter:
    """How often each address may begin what is dear: `most` times within 60 seconds. Safe to share between threads."""

    WITHIN = 60.0  # seconds; whoever has begun nothing for so long is forgotten

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic):
        self.most, self._clock = most, clock
        self._begun: dict[str, deque[float]] = {}
        self._swept = clock()
        self._lock = threading.Lock()

    @contextmanager
    def count(self, address: str) -> Iterator[None]:
        """Count what begins in this block, unless it turns out that there was no place for it. Raises TooMany."""
        now = self._clock()
        with self._lock:
            begun = self._of(network(address), now)
            if len(begun) >= self.most:
                wait = max(1, round(begun[0] + self.WITHIN - now + 0.5))
                raise TooMany(
                    f"{self.most} long computations and exports within a minute were begun from your address, and there "
                    f"may be no more; try again in {wait} seconds.",
                    retry_after=wait,
                )
            begun.append(now)
        try:
            yield
        except Busy:
            with self._lock:
                if now in begun:
                    begun.remove(now)
            raise

    def _of(self, address: str, now: float) -> deque[float]:
        if now > self._swept + self.WITHIN:
            self._begun = {
                who: times for who, times in self._begun.items() if times and times[-1] > now - self.WITHIN
            }
            self._swept = now
        begun = self._begun.setdefault(address, deque())
        while begun and begun[0] <= now - self.WITHIN:
            begun.popleft()
        return begun


def network(address: str) -> str:
    """Whom an address belongs to: of IPv6 its first half, as one household has all of the second; anything else is itself."""
    try:
        return str(ipaddress.IPv6Network((address.partition("%")[0], 64), strict=False))
    except ValueError:
        return address
