"""Logs: one line of JSON for each request and for each thing that goes wrong, on standard error."""

import logging
import sys
import time

import orjson


def stamp(seconds: float) -> str:
    """A time as ISO 8601, in UTC, to the millisecond."""
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))}.{int(seconds * 1000) % 1000:03d}Z"


def request_line(
    method: str, path: str, status: int, seconds: float, size: int | None, kept: bool, address: str = ""
) -> bytes:
    """One request. seconds: until its answer, or its stream, was over. address: of the reader, where it is to be noted."""
    line = {
        "time": stamp(time.time()),
        "method": method[:20],
        "path": path[:1000],
        "status": status,
        "ms": round(1000 * seconds, 2),
        "bytes": size,
    }
    parts = path.partition("?")[0].split("/")
    if len(parts) > 2 and parts[1] in ("figures", "embed"):
        line["figure"] = parts[2].partition(".")[0]
    if kept:
        line["kept"] = True
    if address:
        line["address"] = address
    return orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)


def write(line: bytes) -> None:
    """In one piece, so that the lines of several threads and processes do not mix."""
    try:
        sys.stderr.buffer.write(line)
        sys.stderr.flush()
    except (AttributeError, ValueError, OSError):  # standard error is closed, or is no file: nobody reads it
        pass


class Lines(logging.Formatter):
    """Everything else that is logged, in the same shape; a trace is one of its members."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": stamp(record.created),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return orjson.dumps(line).decode()


def log_in_lines() -> None:
    """From now on, all that this process logs is lines of JSON."""
    handler = logging.StreamHandler()
    handler.setFormatter(Lines())
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells of each table of a font
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a queue is no news: places are for that
