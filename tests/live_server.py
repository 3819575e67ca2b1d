"""Servers for tests: the real one in a process of its own, and a small one in threads of this process."""

import multiprocessing
import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TextIO

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.server_process import run_server

ROOT = Path(__file__).parent.parent
CLOCK = ROOT / "tests" / "sites" / "clock"
COMMAND = (sys.executable, "app.py")
FORK_SERVER = multiprocessing.get_context("forkserver")
FORK_SERVER.set_forkserver_preload(["tests.server_process"])


class ForkedServer:
    """A server process as `subprocess.Popen` has it, without the seconds that importing torch takes."""

    def __init__(self, stderr: TextIO | int, environment: dict[str, str]):
        reading, writing = FORK_SERVER.Pipe(duplex=False)
        errors = Connection(
            os.open(os.devnull, os.O_WRONLY) if isinstance(stderr, int) else os.dup(stderr.fileno())
        )
        with writing, errors:
            self._process = FORK_SERVER.Process(target=run_server, args=(environment, writing, errors))
            self._process.start()
        self.pid = self._process.pid
        with reading:
            self.stdout = os.fdopen(os.dup(reading.fileno()))

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()

    def wait(self, timeout: float | None = None) -> int | None:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("app.py", timeout or 0)
        return self._process.exitcode


@dataclass(frozen=True)
class LiveServer:
    """A running server process and the port on which it listens."""

    process: subprocess.Popen | ForkedServer
    port: int

    def get(self, path: str, timeout: float = 20, **headers: str) -> tuple[int, Message, bytes]:
        """Status, headers and body of a GET request."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as response:
                return response.status, response.headers, response.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()

    def connect(self, receive_buffer: int | None = None) -> socket.socket:
        """An open connection; with a small receive buffer, unread responses soon back up in the server."""
        connection = socket.socket()
        if receive_buffer is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        connection.settimeout(20)
        connection.connect(("127.0.0.1", self.port))
        return connection

    def exchange(self, request: bytes) -> bytes:
        """Everything that the server sends for some bytes, until it closes the connection."""
        with self.connect() as connection:
            connection.sendall(request)
            received = b""
            while part := connection.recv(65536):
                received += part
            return received


@contextmanager
def live_server(
    root: Path = ROOT,
    stderr: TextIO | int = subprocess.DEVNULL,
    command: Sequence[str] | None = None,
    **environment: object,
) -> Iterator[LiveServer]:
    """Run a server on a free port; keyword arguments are environment variables.

    With a command (`COMMAND` is that of `make serve`) it is run in the folder; without, the server is forked
    from a process that has imported all modules.
    """
    variables = os.environ | {"HOST": "127.0.0.1", "PORT": "0"}
    variables |= {"INFODECOMP_AHEAD": "0", "INFODECOMP_DISK_CACHE_BYTES": "0"}
    variables |= {name: str(value) for name, value in environment.items()}
    process: subprocess.Popen | ForkedServer
    if command is None:
        process = ForkedServer(stderr, variables)
    else:
        variables["PYTHONPATH"] = str(root)
        process = subprocess.Popen(
            command, cwd=root, stdout=subprocess.PIPE, stderr=stderr, text=True, env=variables
        )
    try:
        address = re.search(r":(\d+)/", process.stdout.readline())
        assert address, "the server did not start"
        yield LiveServer(process, int(address[1]))
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def wait_until(condition: Callable[[], object], seconds: float = 10) -> None:
    """Poll until a condition holds; fail after some seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true in time"
        time.sleep(0.02)


class _QuietHandler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"  # connections are kept, as the real server keeps them

    def log(self, *arguments: object) -> None:
        pass


@contextmanager
def threaded_server(app: Flask) -> Iterator[str]:
    """Serve an application from threads of this process, for tests that look inside it."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_QuietHandler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()
