"""Servers for tests: the real one in a process of its own, and a small one in threads of this process."""

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
from pathlib import Path

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

ROOT = Path(__file__).parent.parent
CLOCK = ROOT / "tests" / "sites" / "clock"


@dataclass(frozen=True)
class LiveServer:
    """A running server process and the port on which it listens."""

    process: subprocess.Popen
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
    stderr=subprocess.DEVNULL,
    command: Sequence[str] = (sys.executable, "app.py"),
    **environment: object,
) -> Iterator[LiveServer]:
    """Run a server in a folder, on a free port; keyword arguments are environment variables."""
    variables = {"HOST": "127.0.0.1", "PORT": "0", "INFODECOMP_AHEAD": "0"} | {
        name: str(value) for name, value in environment.items()
    }
    process = subprocess.Popen(
        command,
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        env=os.environ | {"PYTHONPATH": str(root)} | variables,
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
