"""Sweeping: connections that hold on to a server and give it nothing to do are closed, before they are so many that others wait.

A connection here is one of waitress's: `request` is the one that is coming in, if any; `total_outbufs_len` the bytes that its
reader has yet to take; `last_activity` when bytes went over it last; `handle_close()` ends it. (Its `will_close` would wait until
the reader takes something, which is what does not happen.)
"""

from collections.abc import Iterable
from weakref import WeakKeyDictionary


class SlowClientReaper:
    """Closes what takes more than `slow` seconds to send a request, and who takes nothing of an answer for as long."""

    def __init__(self, slow: float):
        self.slow = slow
        self._seen: WeakKeyDictionary = WeakKeyDictionary()  # connection -> what it is at, and since when

    def sweep(self, connections: Iterable, now: float) -> int:
        """Close those that are too slow; returns how many. It sees a beginning only when it is called: do so often."""
        closed = 0
        for connection in list(connections):
            stuck = connection.total_outbufs_len > 0
            at = (
                ("coming", id(connection.request))
                if connection.request is not None
                else ("going", connection.last_activity)
                if stuck
                else None
            )
            if at is None:
                self._seen.pop(connection, None)
                continue
            before, since = self._seen.get(connection, (None, now))
            if before != at:
                self._seen[connection] = at, now
            elif since < now - self.slow:
                connection.handle_close()
                closed += 1
        return closed
