"""The server as readers, crawlers and rubbish meet it: its limits, and that whatever waits leaves room for those who drag."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from app import create_app, listen

ROOT = Path(__file__).parent.parent
CLOCK = Path(__file__).parent / "sites" / "clock"
FIGURE = "/figures/storm-telegraph.json"


@contextmanager
def served(**config):
    """An application with a configuration of its own, and where it listens."""
    app = create_app({"ESSAYS": CLOCK} | config)
    server = listen(app, "127.0.0.1", 0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield app, int(server.effective_port)
    finally:
        server.task_dispatcher.shutdown(timeout=0)
        server.close()
        thread.join(2)


def get(port: int, path: str, timeout: float = 10):
    """Status, headers and body."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=timeout) as reply:
            return reply.status, reply.headers, reply.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.headers, refused.read()


def raw(port: int, text: bytes, timeout: float = 10) -> bytes:
    """All that comes back for some bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout) as there:
        there.sendall(text)
        got = b""
        while part := there.recv(65536):
            got += part
        return got


def begin(work, *given) -> threading.Thread:
    thread = threading.Thread(target=work, args=given, daemon=True)
    thread.start()
    return thread


def until(what, seconds: float = 5) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.01)


def test_a_wrong_setting_ends_the_start_with_its_limits():
    done = subprocess.run([sys.executable, "app.py"], cwd=ROOT, env=os.environ | {"INFODECOMP_STREAMS": "many", "PORT": "0"},
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "INFODECOMP_STREAMS = 'many' cannot be: give a whole number from 1 to 64, or leave it out for 2." in done.stderr


def test_a_query_that_is_too_long_is_refused_with_its_limit(client):
    reply = client.get(f"{FIGURE}?bits_a={'0' * 5000}")
    assert reply.status_code == 414 and reply.mimetype == "application/problem+json"
    assert reply.json["limit"] == 4096 and "at most 4,096" in reply.json["detail"]
    assert client.get(f"{FIGURE}?bits_a=.{'3' * 4000}").status_code == 200


def test_an_address_may_begin_so_many_long_ones_a_minute():
    app = create_app({"ESSAYS": CLOCK, "RATE": 3})
    client = app.test_client()
    codes = [client.get(f"/figures/clock-hand.json?slow=0&step=3&seed={seed}").status_code for seed in range(20, 25)]
    assert codes == [200, 200, 200, 429, 429]
    refused = client.get("/figures/clock-hand.png?slow=0&step=3&seed=20")
    assert refused.status_code == 429 and 0 < int(refused.headers["Retry-After"]) <= 61 and "3 long" in refused.json["detail"]
    assert client.get("/figures/clock-hand/stream?slow=0&seed=20").status_code == 429
    for free in ("/figures/clock-hand.json?slow=0&step=3&seed=21", "/figures/clock-hand.svg?slow=0&step=2&seed=21", "/figures/clock-dial.json?hour=4",
                 "/essays/clock?slow=0&step=1&seed=21"):
        assert client.get(free).status_code == 200, "what is kept or known already costs little"
    assert client.get("/essays/clock?slow=0&seed=25").status_code == 429
    assert client.get("/figures/clock-hand.json?slow=0&step=3&seed=29", environ_base={"REMOTE_ADDR": "192.0.2.9"}).status_code == 200


def test_the_address_that_counts_is_the_readers_where_a_proxy_is_trusted_and_only_there():
    for proxies, code in ((1, 200), (0, 429)):
        client = create_app({"ESSAYS": CLOCK, "RATE": 1, "PROXIES": proxies}).test_client()
        for reader, wanted in (("192.0.2.1", 200), ("192.0.2.2", code)):
            reply = client.get(f"/figures/clock-hand.json?slow=0&step=3&seed={30 + int(reader[-1])}", headers={"X-Forwarded-For": reader})
            assert reply.status_code == wanted


def test_a_long_computation_is_told_to_whoever_waits_and_is_there_afterwards():
    app = create_app({"ESSAYS": CLOCK, "DEADLINE": 0.2})
    path = "/figures/clock-hand.json?slow=.02&step=40&seed=51"
    start = time.monotonic()
    reply = app.test_client().get(path)
    assert reply.status_code == 503 and int(reply.headers["Retry-After"]) > 0 and time.monotonic() - start < 0.6
    assert "goes on" in reply.json["detail"]
    until(lambda: app.test_client().get(path).status_code == 200)


def test_whatever_waits_leaves_threads_for_those_who_drag():
    """Streams, long states, exports and those who wait for them are as many as may be, and a slider is answered at once."""
    with served(STREAMS=2, LONG=1, LONG_QUEUE=2, EXPORTS=1, EXPORTS_QUEUE=2, QUEUE=4, DEADLINE=4) as (app, port):
        slow = "slow=.05&step=0"
        readers = []
        for seed in (61, 62):
            readers.append(socket.create_connection(("127.0.0.1", port)))
            readers[-1].sendall(f"GET /figures/clock-hand/stream?{slow}&seed={seed} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        for seed in range(70, 80):
            begin(get, port, f"/figures/clock-hand.json?slow=.05&step=60&seed={seed}")
            begin(get, port, "/figures/clock-hand.json?slow=.05&step=60&seed=70")
            begin(get, port, f"/figures/clock-hand.png?slow=.05&step=60&seed={seed}")
        until(lambda: app.long.waiting == 2 and app.streams.free == 0)
        taken = []
        for at in range(20):
            start = time.monotonic()
            assert get(port, f"/figures/clock-dial.json?hour={at / 2}")[0] == 200
            taken.append(time.monotonic() - start)
        assert sorted(taken)[10] < 0.2
        assert get(port, "/figures/clock-hand/stream?slow=0&seed=63")[0] == 503
        for reader in readers:
            reader.close()
        until(lambda: app.streams.free == 2)


def test_what_is_no_request_is_refused_in_the_same_shape():
    with served() as (app, port):
        for text, status in ((b"GET / HTTP/1.1\r\nbad header\r\n\r\n", 400), (b"\x00\x01\x02\r\n\r\n", 400),
                             (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 20_000 + b"\r\n\r\n", 431),
                             (b"POST /feedback HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n", 413),
                             (b"POST /feedback HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 501)):
            head, _, body = raw(port, text).partition(b"\r\n\r\n")
            assert head.startswith(f"HTTP/1.{1 if status in (413, 501) else 0} {status} ".encode()), head
            assert b"application/problem+json" in head and json.loads(body)["status"] == status


def test_bodies_that_drip_and_readers_who_take_nothing_are_cut_off_and_hold_nobody_up():
    with served(SLOW=0.5, STREAMS=1) as (app, port):
        dripping = [socket.create_connection(("127.0.0.1", port)) for _ in range(40)]
        for one in dripping:
            one.sendall(b"POST /feedback HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
        stuck = socket.socket()
        stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stuck.connect(("127.0.0.1", port))
        stuck.sendall(b"GET /figures/clock-hand/stream?slow=.01&step=0&seed=81&marks=50000 HTTP/1.1\r\nHost: x\r\n\r\n")
        until(lambda: app.streams.free == 0)
        start = time.monotonic()
        while time.monotonic() < start + 2.5:
            for one in dripping:
                try:
                    one.sendall(b"x")
                except OSError:
                    pass
            assert get(port, "/healthz", timeout=1)[0] == 200
            time.sleep(0.1)
        for one in dripping:
            one.settimeout(1)
            try:
                assert one.recv(10) == b""
            except ConnectionResetError:
                pass
        until(lambda: app.streams.free == 1)
        stuck.close()
