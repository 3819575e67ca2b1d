"""Limits on load: concurrency limits, bounded thread pools and rate limits for each client."""

import ipaddress
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from infodecomp.explorable.core.errors import Busy, TooMany

Result = TypeVar("Result")


class ConcurrencyLimit:
    """A fair semaphore with a bounded queue and a timeout. Thread-safe; also a context manager.

    Unlike `threading.Semaphore` it gives a free place to the thread that has waited longest: a loop that
    releases and acquires again does not starve the others.

    Parameters
    ----------
    name : str
        What the places are for, in error messages.
    limit : int
        How many threads hold a place at the same time.
    queue : int
        How many more may wait.
    wait_timeout : float
        Seconds that a thread waits.
    """

    def __init__(self, name: str, limit: int, queue: int = 0, wait_timeout: float = 0):
        self.name, self.limit, self.queue, self.wait_timeout = name, limit, queue, wait_timeout
        self.free = limit
        self._waiting: deque[threading.Event] = deque()
        self._lock = threading.Lock()

    @property
    def waiting(self) -> int:
        """How many threads wait."""
        return len(self._waiting)

    def acquire(self) -> None:
        """Take a place; raises Busy if the queue is full or after `wait_timeout` seconds."""
        with self._lock:
            if self.free:
                self.free -= 1
                return
            if len(self._waiting) >= self.queue:
                raise self._busy(f"and {self.queue} wait for one")
            granted = threading.Event()
            self._waiting.append(granted)
        if not granted.wait(self.wait_timeout):
            with self._lock:
                if granted in self._waiting:  # otherwise the place was granted just now
                    self._waiting.remove(granted)
                    raise self._busy(f"and none became free within {self.wait_timeout:g} seconds")

    def release(self) -> None:
        """Give a place back."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self.free += 1

    def _busy(self, reason: str) -> Busy:
        places = "The one place" if self.limit == 1 else f"All {self.limit} places"
        verb = "is" if self.limit == 1 else "are"
        return Busy(f"{places} for {self.name} {verb} taken, {reason}; try again in a moment.")

    def __enter__(self) -> "ConcurrencyLimit":
        self.acquire()
        return self

    def __exit__(self, *error: object) -> None:
        self.release()


class WorkerPool:
    """A thread pool with a bounded queue.

    Renderings run in a few threads shared by all requests: torch keeps memory for every thread that has
    used it.

    Parameters
    ----------
    name : str
        What the threads do, in error messages.
    workers : int
        Number of threads.
    queue : int
        How many tasks may wait for a thread.
    """

    def __init__(self, name: str, workers: int, queue: int):
        self.name, self.workers, self.queue = name, workers, queue
        self._pending = 0
        self._lock = threading.Lock()
        self._executor = ThreadPoolExecutor(workers, thread_name_prefix=name)

    @property
    def busy(self) -> int:
        """How many tasks are running."""
        return min(self._pending, self.workers)

    @property
    def waiting(self) -> int:
        """How many tasks wait for a thread."""
        return max(0, self._pending - self.workers)

    @property
    def full(self) -> bool:
        """Whether the next task would be rejected."""
        return self._pending >= self.workers + self.queue

    def submit(self, task: Callable[[], Result]) -> "Future[Result]":
        """Run a task in a thread of the pool; raises Busy if the queue is full."""
        with self._lock:
            if self.full:
                raise Busy(
                    f"{self.busy} {self.name} are under way and {self.waiting} wait; try again in a moment."
                )
            self._pending += 1
        future = self._executor.submit(task)
        future.add_done_callback(self._task_done)
        return future

    def _task_done(self, future: Future) -> None:
        with self._lock:
            self._pending -= 1


class RateLimiter:
    """A sliding-window rate limit for each client. Thread-safe.

    Parameters
    ----------
    limit : int
        How many events a client may cause within the window.
    window : float
        Seconds.
    message : callable
        Makes the error text from the number of seconds to wait.
    clock : callable
        Returns the time in seconds.
    """

    def __init__(
        self,
        limit: int,
        window: float,
        message: Callable[[int], str],
        clock: Callable[[], float] = time.monotonic,
    ):
        self.limit, self.window = limit, window
        self._message, self._clock = message, clock
        self._events: dict[str, deque[float]] = {}
        self._last_cleanup = clock()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """How many clients are remembered."""
        return len(self._events)

    def count(self, address: str) -> None:
        """Count an event of the client with an address; raises TooMany beyond the limit."""
        with self._lock:
            now = self._clock()
            self._forget_idle_clients(now)
            events = self._events.setdefault(client_key(address), deque())
            while events and events[0] <= now - self.window:
                events.popleft()
            if len(events) >= self.limit:
                wait = max(1, round(events[0] + self.window - now + 0.5))
                raise TooMany(self._message(wait), retry_after=wait)
            events.append(now)

    def _forget_idle_clients(self, now: float) -> None:
        if now > self._last_cleanup + self.window:
            self._events = {
                key: events for key, events in self._events.items() if events[-1] > now - self.window
            }
            self._last_cleanup = now


def client_key(address: str) -> str:
    """Rate-limit key of an address: the /64 prefix for IPv6, the address itself for IPv4."""
    try:
        return str(ipaddress.IPv6Network((address.partition("%")[0], 64), strict=False))
    except ValueError:
        return address
