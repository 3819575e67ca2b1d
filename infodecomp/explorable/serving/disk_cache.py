"""A cache of responses on disk: worker processes share it, and a server that starts again begins with it."""

import hashlib
import json
import sqlite3
from contextlib import suppress
from pathlib import Path

from infodecomp.explorable.serving.cache import CachedResponse

PAGE_BYTES = 4096  # SQLite's default
OPEN_SECONDS = 5  # that opening waits for other processes that open the file
SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = OFF;
PRAGMA journal_size_limit = 4194304;
CREATE TABLE IF NOT EXISTS responses
    (id INTEGER PRIMARY KEY, key BLOB UNIQUE, head TEXT, body BLOB, sum BLOB);
"""
FIND = "SELECT head, body, sum FROM responses WHERE key = ?"
ADD = "INSERT OR REPLACE INTO responses (key, head, body, sum) VALUES (?, ?, ?, ?)"
FORGET = "DELETE FROM responses WHERE id <= (SELECT min(id) + (max(id) - min(id)) / 10 FROM responses)"


class DiskCache:
    """Responses in an SQLite file that several processes may use at once. Thread-safe.

    It never waits and never fails: what cannot be read is missing, and what cannot be written (a full disk,
    another process writing at this moment) is left out. A checksum finds what a crash has left half written.

    Parameters
    ----------
    file : Path
        Made if it is missing, with its folder; replaced if it is no database.
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
        self._version, self._watched = version, watched
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._database = _open(file, max_bytes)
        except sqlite3.OperationalError:  # it cannot be written, or another process holds it
            raise
        except sqlite3.DatabaseError:
            for suffix in ("", "-wal", "-shm"):
                Path(f"{file}{suffix}").unlink(missing_ok=True)
            self._database = _open(file, max_bytes)

    def get(self, name: str) -> CachedResponse | None:
        """The response with a name."""
        with suppress(sqlite3.Error, OSError):
            row = self._database.execute(FIND, (self._key(name),)).fetchone()
            if row is not None and _sum(*row[:2]) == row[2]:
                return CachedResponse.restore(json.loads(row[0]), row[1])
        return None

    def put(self, name: str, response: CachedResponse) -> None:
        """Store a response under a name."""
        head, body = json.dumps(response.head), response.stored
        with suppress(sqlite3.Error, OSError):
            row = self._key(name), head, body, _sum(head, body)
            try:
                self._database.execute(ADD, row)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
                    self._database.execute(FORGET)
                    self._database.execute(ADD, row)

    def _key(self, name: str) -> bytes:
        version = f"{self._version} {self._watched.stat().st_mtime_ns} {name}"
        return hashlib.blake2b(version.encode(), digest_size=16).digest()


def _open(file: Path, max_bytes: int) -> sqlite3.Connection:
    database = sqlite3.connect(file, OPEN_SECONDS, isolation_level=None, check_same_thread=False)
    database.executescript(SCHEMA)
    database.execute("PRAGMA busy_timeout = 0")
    database.execute(f"PRAGMA max_page_count = {max(8, max_bytes // PAGE_BYTES)}")
    return database


def _sum(head: str, body: bytes) -> bytes:
    return hashlib.blake2b(head.encode() + body, digest_size=8).digest()
