"""Server-sent events: a long computation runs in its own thread while its latest state is sent.

A slow client gets fewer states; the computation does not wait for it. A client that leaves ends the
computation within one step.
"""

import threading
import time
from collections.abc import Generator, Iterator
from typing import Generic, TypeVar

MIN_INTERVAL = 1 / 15  # seconds between two events

Item = TypeVar("Item")


def latest_only(
    items: Iterator[Item], min_interval: float = MIN_INTERVAL, max_rate: float = 0
) -> Generator[Item]:
    """Yield the first, the last and, in between, the latest of some items whenever the consumer is ready.

    Closing this generator ends the computation; it waits for the step that is running.

    Parameters
    ----------
    items : iterator
        The computation; it runs in a thread of its own.
    min_interval : float
        Seconds between two items, at least.
    max_rate : float
        Items that the computation makes within a second, at most; 0 for no limit.

    Raises
    ------
    Exception
        Whatever `items` raises, after the items before it.
    """
    slot: _LatestSlot[Item] = _LatestSlot()
    worker = threading.Thread(target=_produce, args=(items, slot, max_rate), name="stream", daemon=True)
    worker.start()
    try:
        while slot.take():
            yield slot.taken
            slot.wait_for_end(min_interval)
        if slot.error is not None:
            raise slot.error
    finally:
        slot.stop()
        worker.join()


def encode_event(data: bytes, name: str = "") -> bytes:
    """Encode one server-sent event; `data` is one line."""
    prefix = f"event: {name}\n".encode() if name else b""
    return prefix + b"data: " + data + b"\n\n"


def _produce(items: Iterator[Item], slot: "_LatestSlot[Item]", max_rate: float) -> None:
    start = time.monotonic()
    try:
        for count, item in enumerate(items, 1):
            slot.put(item)
            if max_rate:
                slot.stopped.wait(max(start + count / max_rate - time.monotonic(), 0))
            if slot.stopped.is_set():
                break
    except Exception as error:
        slot.error = error
    finally:
        slot.finish()


class _LatestSlot(Generic[Item]):
    """Holds the latest item until it is taken."""

    taken: Item

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.stopped = threading.Event()
        self._latest: Item | None = None
        self._fresh = self._done = self._started = False
        self._first_taken = threading.Event()
        self._changed = threading.Condition()

    def put(self, item: Item) -> None:
        with self._changed:
            first, self._started = not self._started, True
            self._latest, self._fresh = item, True
            self._changed.notify()
        if first:  # the first item is never skipped
            self._first_taken.wait()

    def take(self) -> bool:
        """Wait for an item and take it; False if there will be none."""
        with self._changed:
            self._changed.wait_for(lambda: self._fresh or self._done)
            if not self._fresh:
                return False
            self.taken, self._fresh = self._latest, False  # type: ignore[assignment]  # fresh: an item is there
        self._first_taken.set()
        return True

    def wait_for_end(self, seconds: float) -> None:
        """Wait until the next item is due or the last one is there."""
        deadline = time.monotonic() + seconds
        with self._changed:
            self._changed.wait_for(lambda: self._done, max(deadline - time.monotonic(), 0))

    def stop(self) -> None:
        self.stopped.set()
        self._first_taken.set()

    def finish(self) -> None:
        with self._changed:
            self._done = True
            self._changed.notify()
