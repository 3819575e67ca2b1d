"""Feedback from readers: one line of JSON a message, in a file that is only ever appended to."""

import os
import threading
import time
from collections import deque
from pathlib import Path

import orjson

from infodecomp.explorable.core.errors import ExplorableError, TooMany

LONGEST = 4000  # characters
EACH, WITHIN = 5, 3600  # messages from one address within so many seconds


class Feedback:
    """Stores messages in a file outside the repository. Safe to share between threads and between processes."""

    def __init__(self, path: str | Path, root: Path):
        self.path = Path(path).resolve()
        if self.path.is_relative_to(root.resolve()):
            raise ExplorableError(
                f"the feedback file {self.path} lies inside the repository; give a path outside {root}"
            )
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._sent: dict[str, deque] = {}
        self._lock = threading.Lock()

    def store(self, message: str, page: str, address: str, now: float | None = None) -> None:
        """Append one message; it is on the disk when this returns.

        Raises ExplorableError for an empty or too long message and TooMany past 5 an hour from one address.
        """
        text = message.replace("\r\n", "\n").strip()  # forms send two characters for the end of a line
        if not text:
            raise ExplorableError("The message is empty: write a sentence or two.")
        if len(text) > LONGEST:
            raise ExplorableError(
                f"The message has {len(text):,} characters; at most {LONGEST:,} fit. Please shorten it."
            )
        now = time.time() if now is None else now
        self._allow(address, now)
        line = orjson.dumps({"time": round(now, 3), "page": page[:200], "message": text}) + b"\n"
        # One write to a file opened for appending is not torn by another process doing the same.
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, line)
            os.fsync(handle)
        finally:
            os.close(handle)

    def _allow(self, address: str, now: float) -> None:
        with self._lock:
            if len(self._sent) > 10_000:
                self._sent = {who: sent for who, sent in self._sent.items() if sent[-1] > now - WITHIN}
            sent = self._sent.setdefault(address, deque())
            while sent and sent[0] <= now - WITHIN:
                sent.popleft()
            if len(sent) >= EACH:
                wait = round((sent[0] + WITHIN - now) / 60) + 1
                raise TooMany(
                    f"{EACH} messages within an hour came from your address; the next one can be sent in "
                    f"{wait} minutes. Keep your text until then.",
                    retry_after=60 * wait,
                )
            sent.append(now)
