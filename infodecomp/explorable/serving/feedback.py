"""Feedback from readers: one line of JSON for each message, appended to a file."""

import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path

import orjson

from infodecomp.explorable.core.errors import ExplorableError, NotStored
from infodecomp.explorable.serving.limits import RateLimiter

MAX_CHARACTERS = 4000
MESSAGES_PER_HOUR = 5  # from one client
MAX_BYTES = 16 * 2**20  # of the file: four thousand messages of full length


class Feedback:
    """Appends messages to a file. Safe to share between threads and between processes.

    Parameters
    ----------
    path : str or Path
        The file; its folder is made if it is missing.
    root : Path
        The repository, in which the file must not lie.
    clock : callable
        Returns the time in seconds since the epoch, which is stored with a message.
    max_bytes : int
        The file does not grow beyond this size.
    monotonic : callable
        Seconds of a clock that is never set, for the rate limit.

    Raises
    ------
    ExplorableError
        If the file lies inside the repository.
    """

    def __init__(
        self,
        path: str | Path,
        root: Path,
        clock: Callable[[], float] = time.time,
        max_bytes: int = MAX_BYTES,
        monotonic: Callable[[], float] = time.monotonic,
    ):
        self.max_bytes = max_bytes
        self.path = Path(path).resolve()
        if self.path.is_relative_to(root.resolve()):
            raise ExplorableError(
                f"the feedback file {self.path} lies inside the repository; give a path outside {root}"
            )
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._rate_limiter = RateLimiter(MESSAGES_PER_HOUR, 3600, _too_many, monotonic)
        self._clock = clock

    def store(self, message: str, page: str, address: str) -> None:
        """Append one message; it is on the disk when this returns.

        Parameters
        ----------
        message : str
        page : str
            The page on which it was written.
        address : str
            The client's address, for the rate limit; it is not stored.

        Raises
        ------
        ExplorableError
            For an empty or too long message.
        TooMany
            After 5 messages within an hour from one client.
        NotStored
            If the file is full or cannot be written; it is then left as it was.
        """
        text = message.replace("\r\n", "\n").strip()  # forms send CRLF
        if not text:
            raise ExplorableError("The message is empty: write a sentence or two.")
        if len(text) > MAX_CHARACTERS:
            raise ExplorableError(
                f"The message has {len(text):,} characters; at most {MAX_CHARACTERS:,} fit. "
                "Please shorten it."
            )
        self._rate_limiter.count(address)
        line = orjson.dumps({"time": round(self._clock(), 3), "page": page[:200], "message": text}) + b"\n"
        try:
            stored = _append(self.path, line, self.max_bytes)
        except OSError as error:
            raise NotStored(
                f"Your message could not be stored ({error.strerror or error}). "
                "Keep your text and try again later."
            ) from error
        if not stored:
            raise NotStored(
                f"There are {self.max_bytes:,} bytes of messages already, which is all that is kept here. "
                "Keep your text and try again later."
            )


def _append(path: Path, line: bytes, max_bytes: int) -> bool:
    """Append a line to a file, whole or not at all; False if the file would become too long."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)  # several processes may share the file
        size = os.fstat(handle).st_size
        if size + len(line) > max_bytes:
            return False
        try:
            written = 0
            while written < len(line):  # a nearly full disk takes a part of it first
                written += os.write(handle, line[written:])
            os.fsync(handle)
        except OSError:
            os.ftruncate(handle, size)
            raise
        return True
    finally:
        os.close(handle)


def _too_many(wait_seconds: int) -> str:
    return (
        f"{MESSAGES_PER_HOUR} messages within an hour came from your address; the next one can be sent in "
        f"{wait_seconds // 60 + 1} minutes. Keep your text until then."
    )
