"""Idling: a server that nobody asks anything makes what will be asked first, and stops as soon as somebody asks."""

import threading
import time
from collections.abc import Callable, Iterable

QUIET = 1.0  # seconds without a request


class CacheWarmer(threading.Thread):
    """Asks for addresses as a reader would: for `pages` at once, for `moves` while nobody else asks. It ends when all is made.

    ask: has an address answered. asked: when somebody else last asked, in monotonic seconds. room: whether there is room for more.
    """

    def __init__(
        self,
        ask: Callable[[str], object],
        asked: Callable[[], float],
        room: Callable[[], bool],
        pages: Iterable[str],
        moves: Iterable[str],
    ):
        super().__init__(name="idler", daemon=True)
        self.ask, self.asked, self.room, self.pages, self.moves = ask, asked, room, pages, moves

    def run(self) -> None:
        for address in self.pages:
            self.ask(address)
        for address in self.moves:
            while (rest := self.asked() + QUIET - time.monotonic()) > 0:
                time.sleep(rest)
            if not self.room():
                return
            self.ask(address)
