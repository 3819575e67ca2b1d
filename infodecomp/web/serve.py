"""The server: runs the application in one or more granian worker processes."""

import ctypes
import gc
import importlib
import logging
import os
import signal
import socket
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from infodecomp.explorable.core.errors import ExplorableError
from infodecomp.explorable.graphics.page_fonts import cache_folder
from infodecomp.explorable.serving.disk_cache import DiskCache
from infodecomp.explorable.serving.machine import read_machine
from infodecomp.explorable.serving.settings import SettingError, read_settings, server_threads
from infodecomp.explorable.serving.slow_clients import SlowClientReaper
from infodecomp.resources import resource_folder

MIN_CONNECTIONS = 10
DRAIN_SECONDS = 5  # for responses in progress when the server is stopped
REPLACE_SECONDS = 10  # that an old worker goes on serving while its replacement reads the essays
ADDRESS = "_INFODECOMP_ADDRESS"  # in the environment of the worker processes
BUILD = "_INFODECOMP_BUILD"  # there too: what was served when the server started
DISK_CACHE = "states.sqlite"
COLLECTIONS = (10_000, 20, 20)  # thresholds of the garbage collector: by default it takes 3% of the time
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "root": {"level": "INFO", "handlers": []},
    "formatters": {"json": {"()": "infodecomp.explorable.serving.request_log.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "loggers": {"_granian": {"handlers": ["console"], "level": "ERROR", "propagate": False}},
}


class ServeError(ExplorableError):
    """The server cannot start: a bad address or port, or one that is taken."""

    status = 500
    title = "The server cannot start"


def serve() -> None:
    """Serve on HOST and PORT (127.0.0.1 and 5000) with WORKERS processes (1) until SIGINT or SIGTERM.

    A signal ends it gracefully: it accepts no more connections and completes the responses in progress, for
    up to 5 seconds; streams end with the event `stopping`. SIGHUP replaces the worker processes one by one,
    which reads essays and models again.

    Raises
    ------
    SettingError
        If a setting is wrong.
    ServeError
        If the address is wrong or taken.
    """
    _open_standard_streams()
    host = os.environ.get("HOST") or "127.0.0.1"
    port = _read_number("PORT", 5000, 0, 65535, "0 (any free one)")
    workers = _read_number("WORKERS", 1, 1, 64, "1")
    settings, machine = read_settings(os.environ), read_machine()
    connections = machine.connections(settings["CONNECTIONS"])
    if connections < MIN_CONNECTIONS:
        raise ServeError(
            f"This process may open only {machine.open_files} files; give it 1,000 or more (ulimit -n)."
        )
    with _temporary_folder() as folder, _reserved_address(host, port) as (ip, free_port):
        tempfile.tempdir = folder  # of the workers too: what a killed one leaves behind is removed
        shown = f"[{host}]" if ":" in host else host
        url = f"http://{shown}:{free_port}/"
        os.environ[ADDRESS] = settings["ORIGIN"] or url
        announcement = f"The essays are at {url}  (stop with Ctrl-C)"
        limits = machine.describe(settings["CONNECTIONS"], workers, settings["CACHE_BYTES"])
        announcement = "\n".join([announcement, *limits])
        threading.Thread(target=_announce, args=(ip, free_port, announcement), daemon=True).start()
        for module in ("torch", "infodecomp.web.factory"):
            importlib.import_module(module)  # once, since the workers are forked from here
        os.environ[BUILD] = _served(settings)
        _server(ip, free_port, workers, connections, settings).serve()


def _server(ip: str, port: int, workers: int, connections: int, settings: dict[str, Any]) -> MPServer:
    return MPServer(
        f"{__name__}:worker_application",
        address=ip,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=workers,
        blocking_threads=server_threads(settings),
        backpressure=connections,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=int(1000 * settings["IDLE"]),
            max_buffer_size=settings["HEADER_LENGTH"],
        ),
        websockets=False,
        workers_kill_timeout=DRAIN_SECONDS,
        respawn_failed_workers=True,  # unless they fail one after the other
        respawn_interval=REPLACE_SECONDS,
        log_level=LogLevels.error,
        log_dictconfig=LOGGING,
    )


def worker_application() -> Callable[..., Any]:
    """Make the application in a worker process; granian calls it."""
    from infodecomp.explorable.serving.request_log import configure_logging
    from infodecomp.web.factory import create_app
    from infodecomp.web.services import get_services
    from infodecomp.web.warmup import cache_warmer

    configure_logging()
    configure_process()
    app = create_app()
    _announce_stop(get_services(app).stopping)
    settings = get_services(app).settings
    if settings["DISK_CACHE_BYTES"] and not settings["RELOAD"]:
        get_services(app).cache.store = _disk_cache(settings)
    reaper = SlowClientReaper(settings["SLOW"])
    threading.Thread(target=reaper.run_until, args=(get_services(app).stopping,), daemon=True).start()
    if settings["AHEAD"]:
        cache_warmer(app, os.environ[ADDRESS]).start()
    gc.collect()
    gc.freeze()  # a full collection would otherwise stop all readers for a tenth of a second
    gc.set_threshold(*COLLECTIONS)
    return app


def _served(settings: Mapping[str, Any]) -> str:
    """What is served as text: all that the states of figures are made from, by digests."""
    from infodecomp.web.health import served_build

    return repr(served_build(settings["ESSAYS"] or resource_folder("essays")))


def _disk_cache(settings: Mapping[str, Any]) -> DiskCache | None:
    """The cache on disk; None where there is no place for it.

    Code is from the start of the server and essays are from that of this process, hence both versions.
    """
    file, version = cache_folder() / DISK_CACHE, os.environ[BUILD] + _served(settings)
    try:
        return DiskCache(file, settings["DISK_CACHE_BYTES"], version, resource_folder("models"))
    except (OSError, sqlite3.Error) as error:
        logging.getLogger(__name__).info("no states are kept in %s: %s", file, error)
        return None


def _announce_stop(stopping: threading.Event) -> None:
    """Set an event as soon as a signal comes that stops this process.

    The handlers are granian's. Python writes the number of each signal to a file descriptor as well.
    """
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing)

    def wait() -> None:
        while os.read(reading, 1)[0] not in (signal.SIGTERM, signal.SIGINT):
            pass
        stopping.set()

    threading.Thread(target=wait, name="stop watcher", daemon=True).start()


def configure_process() -> None:
    """Set what is global to a server process: threads of torch and BLAS, switch interval, memory arenas."""
    import torch
    from threadpoolctl import threadpool_limits

    torch.set_num_threads(1)  # more threads cause pauses of a quarter of a second
    threadpool_limits(1, "blas")  # one thread for each core would spin beside the others
    sys.setswitchinterval(5e-4)  # torch releases the interpreter often; drawing would take it back for 5 ms
    try:
        ctypes.CDLL(None).mallopt(-8, 2)  # M_ARENA_MAX: by default many threads hold hundreds of megabytes
    except (AttributeError, OSError):  # not glibc
        pass


def _open_standard_streams() -> None:
    """Open the standard streams that are closed on nothing.

    A socket would otherwise get the number of standard error, and a client what a library writes there.
    The converters that the workers start inherit them.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # the lowest number that is free


def _temporary_folder() -> tempfile.TemporaryDirectory[str]:
    try:
        return tempfile.TemporaryDirectory()
    except OSError as error:
        raise ServeError(
            f"No folder for temporary files can be written ({error.strerror or error}): free some room, or "
            "set TMPDIR to a folder that can."
        ) from error


def _read_number(name: str, default: int, low: int, high: int, lowest: str) -> int:
    text = os.environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
        what = "port" if name == "PORT" else "number of processes"
        example = 8000 if name == "PORT" else 2
        raise ServeError(
            f"{name}={text[:80]} is no {what}: give a number from {lowest} to {high}, "
            f"for example {name}={example}."
        )
    return int(text)


@contextmanager
def _reserved_address(host: str, port: int):
    """The IP address and the port to listen on, reserved until the workers listen.

    Each worker has a listening socket of its own (SO_REUSEPORT). Two servers could share a port by mistake,
    and port 0 would give each worker another one: hence a check and a reservation.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            ip, free_port = probe.getsockname()[:2]
        reservation = socket.socket(family, socket.SOCK_STREAM)
        if hasattr(socket, "SO_REUSEPORT"):
            reservation.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            reservation.bind((ip, free_port))
    except OSError as error:
        raise ServeError(
            f"Cannot listen on {host}:{port}: {error.strerror or error}. "
            "Is it taken? Another one: make serve PORT=8000"
        ) from error
    with reservation:
        yield ip, free_port


def _announce(ip: str, port: int, announcement: str) -> None:
    """Print where the essays are as soon as a worker accepts connections."""
    ip = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(ip, ip)
    while True:
        try:
            socket.create_connection((ip, port), 1).close()
            break
        except OSError:
            time.sleep(0.05)
    print(announcement, flush=True)


def main() -> None:
    """Serve; a mistake in the configuration ends with its message instead of a traceback."""
    try:
        serve()
    except (SettingError, ServeError) as error:
        sys.exit(str(error))
