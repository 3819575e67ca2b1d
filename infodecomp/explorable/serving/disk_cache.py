"""A cache of responses on disk: worker processes share it, and a server that starts again begins with it."""

import fcntl
import hashlib
import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from infodecomp.explorable.serving.cache import CachedResponse

PAGE_BYTES = 4096  # SQLite's default
OPEN_SECONDS = 5  # that opening waits for other processes that open the file
SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = OFF;
PRAGMA journal_size_limit = 4194304;
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS responses
    (id INTEGER PRIMARY KEY, key BLOB UNIQUE, head TEXT, body BLOB, sum BLOB);
PRAGMA user_version = 1;
COMMIT;
"""
IS_FOREIGN = "SELECT user_version <> 1 AND EXISTS (SELECT * FROM sqlite_master) FROM pragma_user_version"
FIND = """
SELECT head, body, sum FROM responses
WHERE key = ? AND typeof(head) = 'text' AND typeof(body) = 'blob'
"""
ADD = "INSERT OR REPLACE INTO responses (key, head, body, sum) VALUES (?, ?, ?, ?)"
FORGET = "DELETE FROM responses WHERE id <= (SELECT min(id) + (max(id) - min(id)) / 10 FROM responses)"


class DiskCache:
    """Responses in an SQLite file that several processes may use at once. Thread-safe.

    It never waits and never fails: what cannot be read is missing, and what cannot be written (a full disk,
    another process writing at this moment) is left out. A checksum finds what a crash has left half written,
    and a file that it has damaged is replaced as soon as that shows.

    Parameters
    ----------
    file : Path
        Made if it is missing, with its folder; replaced if it is no database, or one of something else.
    max_bytes : int
        Its size; the oldest tenth of the responses makes room for new ones.
    version : str
        Digest of all that the responses are made from: those of another version are not found.
    watched : Path
        A folder whose time of change belongs to the version: what is made from a model that replaces another
        one while the server runs is not taken for the old one's.

    Raises
    ------
    OSError, sqlite3.Error
        If the file cannot be used.
    """

    def __init__(self, file: Path, max_bytes: int, version: str, watched: Path):
        self._file, self._max_bytes, self._version, self._watched = file, max_bytes, version, watched
        self._lock = threading.Lock()
        file.parent.mkdir(parents=True, exist_ok=True)
        with self._alone():
            try:
                self._database, self._number = self._open()
            except sqlite3.OperationalError:  # it cannot be written, or another process holds it
                raise
            except sqlite3.DatabaseError:
                self._remove()
                self._database, self._number = self._open()

    def get(self, name: str) -> CachedResponse | None:
        """The response with a name."""
        with suppress(sqlite3.Error, OSError):
            row = self._execute(FIND, self._key(name))
            if row is not None and _sum(*row[:2]) == row[2]:
                return CachedResponse.restore(json.loads(row[0]), row[1])
        return None

    def put(self, name: str, response: CachedResponse) -> None:
        """Store a response under a name."""
        head, body = json.dumps(response.head), response.stored
        with suppress(sqlite3.Error, OSError):
            row = self._key(name), head, body, _sum(head, body)
            try:
                self._execute(ADD, *row)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
                    self._execute(FORGET)
                    self._execute(ADD, *row)

    def _key(self, name: str) -> bytes:
        version = f"{self._version} {self._watched.stat().st_mtime_ns} {name}"
        return hashlib.blake2b(version.encode(), digest_size=16).digest()

    def _execute(self, statement: str, *values: Any) -> tuple | None:
        """The first row that a statement finds. A damaged file is replaced before the error is raised."""
        database = self._database
        try:
            return database.execute(statement, values).fetchone()
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            with self._lock:
                if self._database is database:  # no other thread has replaced it
                    self._replace()
            raise

    def _replace(self) -> None:
        """Open a new file, or the one with which another process has replaced the damaged one."""
        with self._alone():
            if not self._file.exists() or self._file.stat().st_ino == self._number:
                self._remove()
            self._database, self._number = self._open()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Wait until no other process opens or replaces the file, and keep all others from it meanwhile."""
        deadline = time.monotonic() + OPEN_SECONDS
        with open(f"{self._file}.lock", "w") as lock:
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise
                    time.sleep(0.01)
            yield

    def _remove(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self._file}{suffix}").unlink(missing_ok=True)

    def _open(self) -> tuple[sqlite3.Connection, int]:
        """The database and the number of its file, which a file that replaces it does not have."""
        database = sqlite3.connect(self._file, OPEN_SECONDS, isolation_level=None, check_same_thread=False)
        if database.execute(IS_FOREIGN).fetchone()[0]:
            database.close()
            raise sqlite3.DatabaseError(f"{self._file} is a database with other tables")
        database.executescript(SCHEMA)
        database.execute("PRAGMA busy_timeout = 0")
        database.execute(f"PRAGMA max_page_count = {max(8, self._max_bytes // PAGE_BYTES)}")
        return database, self._file.stat().st_ino


def _sum(head: str, body: bytes) -> bytes:
    return hashlib.blake2b(head.encode() + body, digest_size=8).digest()
