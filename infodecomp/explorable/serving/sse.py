"""Streams: a long computation goes on in a thread of its own while its newest state is drawn and sent.

A reader who is slow gets fewer pictures; the computation is not held up. A reader who leaves ends it within a step.
"""

import threading
import time
from collections.abc import Callable, Iterator

PAUSE = 1 / 15  # seconds between two pictures, at least


def latest_only(
    views: Iterator,
    gone: Callable[[], bool] = lambda: False,
    pause: float = PAUSE,
    max_rate: float = 0,
) -> Iterator:
    """The first, the last and between them the newest of `views` whenever the one who asks is ready for another.

    gone: whether the reader has left; asked at every step. What `views` raises is raised here, after what came before it.
    Closing this generator ends the computation: it waits for the step under way.
    max_rate: at most so many of `views` are taken in a second; 0 for no limit.
    """
    box = _Box()
    worker = threading.Thread(target=_work, args=(views, box, gone, max_rate), daemon=True)
    worker.start()
    try:
        while box.take():
            yield box.taken
            box.rest(pause)
        if box.error is not None:
            raise box.error
    finally:
        box.stop()
        worker.join()


def _work(views: Iterator, box: "_Box", gone: Callable[[], bool], max_rate: float) -> None:
    start = time.monotonic()
    try:
        for count, view in enumerate(views, 1):
            box.put(view)
            if max_rate:
                box.stopped.wait(max(start + count / max_rate - time.monotonic(), 0))
            if box.stopped.is_set() or gone():
                break
    except Exception as error:
        box.error = error
    finally:
        box.finish()


class _Box:
    """Holds the newest view until it is taken."""

    def __init__(self):
        self.taken = self.error = None
        self.stopped = threading.Event()
        self._newest = None
        self._fresh = self._done = False
        self._first = threading.Event()
        self._changed = threading.Condition()

    def put(self, view) -> None:
        with self._changed:
            first, self._newest, self._fresh = self._newest is None, view, True
            self._changed.notify()
        if first:  # nobody skips where a computation begins
            self._first.wait()

    def take(self) -> bool:
        """Take the newest view, waiting for it; False when there will be none."""
        with self._changed:
            self._changed.wait_for(lambda: self._fresh or self._done)
            if not self._fresh:
                return False
            self.taken, self._fresh = self._newest, False
        self._first.set()
        return True

    def rest(self, pause: float) -> None:
        """Until the next picture is due or the last one is there."""
        until = time.monotonic() + pause
        with self._changed:
            self._changed.wait_for(lambda: self._done, max(until - time.monotonic(), 0))

    def stop(self) -> None:
        self.stopped.set()
        self._first.set()

    def finish(self) -> None:
        with self._changed:
            self._done = True
            self._changed.notify()
