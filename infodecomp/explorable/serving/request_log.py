"""Access log and application log: lines of JSON on standard error, written by one thread."""

import logging
import queue
import re
import sys
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

SECRET = re.compile(r"(/decompose/+)[^/]+")  # a reader who knows the name of a table can see it
SECRET_FOLDER = re.compile(r"/[A-Za-z0-9_-]{32}(?=[/'])")  # in which a table is stored
OPTIONS = orjson.OPT_UTC_Z  # a time ends in Z
QUEUE_LINES = 10_000  # lines that wait while standard error is blocked; further ones are dropped and counted


class LogWriter:
    """Writes lines to a stream from one background thread, so that a stalled stream blocks no other thread.

    Parameters
    ----------
    max_lines : int
        How many lines may wait. Further ones are dropped, and a line reports how many.
    """

    def __init__(self, max_lines: int = QUEUE_LINES):
        self.dropped = 0
        self._lines: queue.Queue[bytes] = queue.Queue(max_lines)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def write(self, line: bytes) -> None:
        """Queue a line, which ends in a newline. Never blocks."""
        if self._thread is None:
            self._start()
        try:
            self._lines.put_nowait(line)
        except queue.Full:
            with self._lock:
                self.dropped += 1

    def flush(self, timeout: float = 1.0) -> None:
        """Wait until all queued lines are written, or for some seconds."""
        deadline = time.monotonic() + timeout
        while self._lines.unfinished_tasks and time.monotonic() < deadline:
            time.sleep(0.005)

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:  # not in the constructor: threads do not survive a fork
                self._thread = threading.Thread(target=self._run, name="log writer", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            line = self._lines.get()
            _write_to_stderr(line)
            if self.dropped:
                with self._lock:
                    dropped, self.dropped = self.dropped, 0
                _write_to_stderr(_dropped_line(dropped))
            self._lines.task_done()


def _write_to_stderr(line: bytes) -> None:
    """In one call, so that lines of several processes do not mix."""
    try:
        sys.stderr.buffer.write(line)
        sys.stderr.flush()
    except (AttributeError, ValueError, OSError):  # standard error is closed or is not a file
        pass


def _dropped_line(dropped: int) -> bytes:
    message = f"{dropped} log lines were dropped because standard error was blocked"
    return orjson.dumps(
        {"time": datetime.now(UTC), "level": "warning", "from": __name__, "message": message},
        option=OPTIONS | orjson.OPT_APPEND_NEWLINE,
    )


CACHE_HIT = "infodecomp.cache_hit"  # in the WSGI environment
LOG_WRITER = LogWriter()


def without_secret(path: str) -> str:
    """The path of a request with `{name}` for the name of a reader's table."""
    return SECRET.sub(r"\1{name}", path)


def access_log_line(
    environ: Mapping[str, Any], status: int, seconds: float, size: int, log_address: bool = False
) -> bytes:
    """Format one request as a line of JSON.

    Parameters
    ----------
    environ : mapping
        Of WSGI; CACHE_HIT in it says that the response was cached.
    status : int
    seconds : float
        Until the response, or the stream, had ended.
    size : int
        Bytes of the body.
    log_address : bool
        Whether to log the client's address.
    """
    query = environ.get("QUERY_STRING")
    raw = without_secret(environ["PATH_INFO"]) + (f"?{query}" if query else "")
    path = raw if raw.isascii() else raw.encode("latin-1", "replace").decode("utf-8", "replace")
    line: dict[str, object] = {
        "time": datetime.now(UTC),
        "method": environ["REQUEST_METHOD"][:20],
        "path": path[:1000],
        "status": status,
        "ms": round(1000 * seconds, 2),
        "bytes": size,
    }
    parts = path.partition("?")[0].split("/")
    if len(parts) > 2 and parts[1] in ("figures", "embed"):
        line["figure"] = parts[2].partition(".")[0]
    if environ.get(CACHE_HIT):
        line["kept"] = True
    if log_address and (address := environ.get("REMOTE_ADDR")):
        line["address"] = address
    return orjson.dumps(line, option=OPTIONS | orjson.OPT_APPEND_NEWLINE)


class JsonFormatter(logging.Formatter):
    """Formats log records like the access log; a traceback becomes one of the members."""

    def format(self, record: logging.LogRecord) -> str:
        """Format a record as one line of JSON."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = SECRET_FOLDER.sub("/{name}", self.formatException(record.exc_info))
        return orjson.dumps(line, option=OPTIONS).decode()


class LogWriterHandler(logging.Handler):
    """Sends log records to the log writer."""

    def emit(self, record: logging.LogRecord) -> None:
        """Queue a record; never blocks."""
        LOG_WRITER.write(self.format(record).encode() + b"\n")


def configure_logging() -> None:
    """Send everything that this process logs to standard error, as lines of JSON."""
    handler = LogWriterHandler()
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    logging.getLogger("fontTools").setLevel(logging.WARNING)  # it logs every table of a font
