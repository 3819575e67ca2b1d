"""The server as it is documented, in a process of its own: connections, limits, logs, signals, workers."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.live_server import CLOCK, COMMAND, ROOT, LiveServer, live_server, wait_until

DIAL = "/figures/clock-dial.json?hour={}"
STREAM = "/figures/clock-hand/stream?slow=.01&step=0&seed={}"


@pytest.fixture(scope="module")
def server():
    with live_server(
        INFODECOMP_ESSAYS=CLOCK, INFODECOMP_SLOW=2, INFODECOMP_IDLE=3, INFODECOMP_STREAMS=1
    ) as server:
        yield server


def request(path: str, *headers: str, method: str = "GET", version: str = "1.1") -> bytes:
    lines = [f"{method} {path} HTTP/{version}", "Host: x", *headers]
    return "\r\n".join([*lines, "", ""]).encode()


def stream_status(server: LiveServer, seed: int = 1) -> bytes:
    with server.connect() as connection:
        connection.sendall(request(STREAM.format(seed)))
        return connection.recv(12)[9:]


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("INFODECOMP_STREAMS", "many", "cannot be: give a whole number from 1 to 64, or leave it out for 2."),
        ("PORT", "x", "give a number from 0 (any free one) to 65535"),
        ("WORKERS", "0", "give a number from 1 to 64"),
        ("HOST", "nosuch.invalid", "Cannot listen on nosuch.invalid"),
    ],
)
def test_a_wrong_setting_ends_the_start_with_a_message(variable, value, words):
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PORT": "0", variable: value}
    done = subprocess.run(
        [sys.executable, "app.py"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1 and "Traceback" not in done.stderr and words in done.stderr


def test_a_port_that_is_taken_is_reported(server):
    environment = os.environ | {"PYTHONPATH": str(ROOT), "HOST": "127.0.0.1", "PORT": str(server.port)}
    done = subprocess.run(
        [sys.executable, "app.py"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1 and f"Cannot listen on 127.0.0.1:{server.port}" in done.stderr


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"GET / HTTP/1.1\r\nbad header\r\n\r\n", 400),
        (b"\x00\x01\x02\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 20_000 + b"\r\n\r\n", 431),
        (b"POST /feedback HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 400),
    ],
)
def test_a_malformed_head_is_rejected_and_the_connection_closed(server, data, status):
    assert server.exchange(data).startswith(f"HTTP/1.1 {status} ".encode())


def test_connections_are_kept_alive_pipelined_and_closed_when_idle(server):
    path = DIAL.format(7)
    assert server.exchange(request(path, "Connection: close")).startswith(b"HTTP/1.1 200")
    both = server.exchange(request(path) + request(path) + request(path, "Connection: close"))
    assert both.count(b"HTTP/1.1 200") == 3
    start = time.monotonic()
    assert server.exchange(request(path)).startswith(b"HTTP/1.1 200")
    assert 2 < time.monotonic() - start < 10, "INFODECOMP_IDLE"
    assert server.exchange(b"GET / HTTP/1.1\r\n") == b"", "an incomplete head"


def test_head_and_conditional_requests_have_no_body(server):
    path = DIAL.format(8)
    head, _, body = server.exchange(request(path, "Connection: close", method="HEAD")).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200") and not body and b"content-length" in head.lower()
    etag = server.get(path)[1]["ETag"]
    answer = server.exchange(request(path, f"If-None-Match: {etag}", "Connection: close"))
    assert answer.startswith(b"HTTP/1.1 304") and answer.endswith(b"\r\n\r\n")


def test_an_abandoned_stream_frees_its_place(server):
    for seed in range(5):
        wait_until(lambda seed=seed: stream_status(server, seed) == b"200")


def test_a_client_that_reads_nothing_of_a_stream_is_disconnected(server):
    wait_until(lambda: stream_status(server) == b"200")
    stalled: list[socket.socket] = []
    wait_until(lambda: _start_stream(server, stalled))
    assert stream_status(server) == b"503"
    wait_until(lambda: stream_status(server) == b"200", 20)
    stalled[-1].close()


def test_a_client_that_reads_a_stream_too_slowly_is_disconnected_and_a_steady_one_is_not():
    """One takes 500 bytes a second, one 5,000: both find their small buffers full all the time."""
    with live_server(INFODECOMP_ESSAYS=CLOCK, INFODECOMP_SLOW=3, INFODECOMP_STREAMS=2) as server:
        slow: list[socket.socket] = []
        steady: list[socket.socket] = []
        assert _start_stream(server, slow) and _start_stream(server, steady)
        deadline = time.monotonic() + 30
        while stream_status(server) != b"200":
            assert time.monotonic() < deadline, "the slow one keeps its place"
            with suppress(ConnectionError):
                slow[0].recv(250)
            steady[0].recv(2500)
            time.sleep(0.5)
        for _ in range(8):
            assert len(steady[0].recv(2500)) > 0
            time.sleep(0.5)
        slow[0].close()
        steady[0].close()


def _start_stream(server: LiveServer, connections: list[socket.socket]) -> bool:
    connections.append(server.connect(receive_buffer=2048))
    connections[-1].sendall(request("/figures/clock-hand/stream?slow=.005&step=0&seed=81&marks=30000"))
    return connections[-1].recv(12)[9:] == b"200"


def test_oversized_bodies_are_rejected_and_silent_ones_hold_up_only_feedback(tmp_path):
    messages = tmp_path / "messages.jsonl"
    with live_server(INFODECOMP_ESSAYS=CLOCK, INFODECOMP_SLOW=1, INFODECOMP_FEEDBACK=messages) as server:
        large = server.exchange(request("/feedback", "Content-Length: 99999999", method="POST"))
        assert large.startswith(b"HTTP/1.1 413") and b"application/problem+json" in large
        silent = [server.connect() for _ in range(300)]  # more than there are threads
        for connection in silent:
            connection.sendall(request("/feedback", "Content-Length: 1000", method="POST"))
        for number in range(10):
            assert server.get(DIAL.format(number), timeout=5)[0] == 200
        assert silent[-1].recv(12)[9:] == b"503"
        for connection in silent:
            connection.close()
        body = b"message=hello"
        head = request(
            "/feedback",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
            "Connection: close",
            method="POST",
        )
        wait_until(lambda: server.exchange(head + body)[9:12] == b"303")
        assert json.loads(messages.read_text())["message"] == "hello"


def test_a_body_that_comes_too_slowly_is_rejected(tmp_path):
    messages = tmp_path / "messages.jsonl"
    with live_server(INFODECOMP_ESSAYS=CLOCK, INFODECOMP_SLOW=1, INFODECOMP_FEEDBACK=messages) as server:
        with server.connect() as slow:
            slow.sendall(request("/feedback", "Content-Length: 60000", method="POST"))
            slow.settimeout(0.05)
            for _ in range(200):
                try:
                    assert slow.recv(12)[9:] == b"408"
                    break
                except TimeoutError:
                    slow.sendall(100 * b"x")
            else:
                pytest.fail("the body was never rejected")


@pytest.mark.parametrize(
    ("proxies", "origin"), [(1, b"https://essays.example/"), (0, b"http://inside:8000/")]
)
def test_a_trusted_proxy_names_the_site_and_an_untrusted_one_does_not(proxies, origin):
    forwarded = ("X-Forwarded-Host: essays.example", "X-Forwarded-Proto: https", "X-Forwarded-For: 192.0.2.7")
    with live_server(INFODECOMP_ESSAYS=CLOCK, INFODECOMP_PROXIES=proxies) as server:
        ask = request("/essays/clock", *forwarded, version="1.0").replace(b"Host: x", b"Host: inside:8000", 1)
        pages = [server.exchange(ask) for _ in range(2)]
        assert b"desc=kept" in pages[1]
        assert all(b'<link rel="canonical" href="' + origin + b"essays/clock" in page for page in pages)


def test_every_request_is_a_line_in_the_access_log(tmp_path):
    with (tmp_path / "log").open("w") as log:
        with live_server(
            stderr=log, INFODECOMP_LOG=1, INFODECOMP_ESSAYS=CLOCK, INFODECOMP_LOG_ADDRESSES=1
        ) as server:
            paths = [DIAL.format(5), DIAL.format(5), DIAL.format(99), "/static/embed.js"]
            for path in (*paths, "/figures/clock-hand/stream?slow=0&step=190"):
                server.get(path)
            server.exchange(request("/embed/clock-dial", "Connection: close", method="HEAD"))
            wait_until(lambda: len((tmp_path / "log").read_text().splitlines()) >= 6)
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert [line["status"] for line in lines] == [200, 200, 400, 200, 200, 200]
    assert [line.get("figure") for line in lines] == ["clock-dial"] * 3 + [None, "clock-hand", "clock-dial"]
    assert [line.get("kept", False) for line in lines] == [False, True, False, False, False, False]
    assert all(line["address"] == "127.0.0.1" and line["ms"] >= 0 and line["bytes"] > 0 for line in lines)
    assert lines[0]["path"] == paths[0] and lines[5]["method"] == "HEAD" and "T" in lines[0]["time"]


def test_few_descriptors_mean_few_connections_and_no_spinning(tmp_path):
    command = ("bash", "-c", f"ulimit -n 230; exec {sys.executable} app.py")
    with (tmp_path / "log").open("w") as log:
        with live_server(
            command=command, stderr=log, INFODECOMP_ESSAYS=CLOCK, INFODECOMP_IDLE=2, INFODECOMP_LOG=0
        ) as server:
            limits, advice = server.process.stdout.readline(), server.process.stdout.readline()
            assert "230 open files; up to 30 connections" in limits and "ulimit -n" in advice
            crowd = [server.connect() for _ in range(50)]  # 20 of them wait in the kernel's queue
            for connection in crowd[:30]:
                connection.sendall(request("/healthz"))
                assert b"ok" in connection.recv(4096)
            before = cpu_seconds(worker_pids(server))
            assert server.get("/healthz")[0] == 200, "as soon as idle connections are closed"
            assert cpu_seconds(worker_pids(server)) - before < 2
            for connection in crowd:
                connection.close()
    assert not (tmp_path / "log").read_text()


def cpu_seconds(pids: set[int]) -> float:
    stats = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids]
    return sum(int(fields[11]) + int(fields[12]) for fields in stats) / os.sysconf("SC_CLK_TCK")


def test_closed_standard_streams_are_opened_on_nothing():
    """Standard error would otherwise be the number of a socket, and a client get what a library prints."""
    command = ("bash", "-c", f"exec {sys.executable} app.py 0<&- 2>&-")
    with live_server(command=command, INFODECOMP_ESSAYS=CLOCK, INFODECOMP_LOG=1) as server:
        for path in (DIAL.format(3), "/essays/clock", "/nowhere", "/figures/clock-dial.png?hour=3"):
            assert server.get(path)[0] in (200, 404)
            assert server.get("/healthz")[0] == 200
        workers = worker_pids(server)
        for pid in (server.process.pid, *workers):
            assert {os.readlink(f"/proc/{pid}/fd/{number}") for number in (0, 2)} == {os.devnull}
        converters = {child for pid in workers for child in child_pids(pid)}
        assert {os.readlink(f"/proc/{pid}/fd/2") for pid in converters} == {os.devnull}


FULL_DISK = "ulimit -f 1"  # no file grows beyond a kilobyte: pipes and connections go on
READ_ONLY = "mount --make-rprivate / && mount -o remount,bind,ro / && mount -t tmpfs none {folder}"


@pytest.mark.parametrize("limit", [FULL_DISK, READ_ONLY])
def test_it_serves_everything_from_a_full_or_read_only_disk(tmp_path, limit):
    """The second is a mount namespace in which one folder can be written, as in deploy/compose.yaml."""
    command = limit.format(folder=tmp_path)
    shell = ["bash", "-c", f"{command} && exec {sys.executable} app.py"]
    if limit == READ_ONLY:
        shell = ["unshare", "--mount", *shell]
        can = subprocess.run(["unshare", "--mount", "bash", "-c", command], capture_output=True)
        if can.returncode:
            pytest.skip("no mount namespace can be made here")
    tables = tmp_path / "tables"
    cache = (tmp_path if limit == FULL_DISK else ROOT) / "cache"  # neither can be written
    environment = {"INFODECOMP_ESSAYS": CLOCK, "INFODECOMP_TABLES": tables, "XDG_CACHE_HOME": cache}
    # Python 3.11 does not notice that a compiled module is cut off by a full disk.
    environment |= {"TMPDIR": tmp_path, "PYTHONDONTWRITEBYTECODE": 1}
    with live_server(command=shell, **environment) as server:
        for path in (
            "/",
            DIAL.format(3),
            "/essays/clock",
            "/fonts/serif.woff2",
            "/figures/clock-dial.png?hour=3",
            "/figures/clock-dial.pdf?hour=3",
            "/figures/clock-hand.gif?slow=0&_frames=5",
            "/essays/clock/figures.zip",
        ):
            assert server.get(path, timeout=60)[0] == 200, path
        if limit == FULL_DISK:
            boundary = "Content-Type: multipart/form-data; boundary=b"
            part = 'Content-Disposition: form-data; name="table"; filename="a.csv"\r\n\r\n' + "1,2\r\n" * 900
            body = f"--b\r\n{part}\r\n--b--\r\n".encode()
            length = f"Content-Length: {len(body)}"
            head = request("/decompose", boundary, length, "Connection: close", method="POST")
            answer = server.exchange(head + body)
            assert answer.startswith(b"HTTP/1.1 507") and b"File too large" in answer
            assert not any(tables.iterdir())


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ("ulimit -n 64", "This process may open only 64 files"),
        ("ulimit -f 0", "No folder for temporary files can be written"),
    ],
)
def test_what_the_machine_lacks_is_said_at_the_start(limit, words):
    shell = ("bash", "-c", f"{limit}; exec {sys.executable} app.py")
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PORT": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(shell, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and "Traceback" not in done.stderr and words in done.stderr


def test_a_stalled_reader_of_standard_error_does_not_freeze_the_server():
    with live_server(
        command=COMMAND, stderr=subprocess.PIPE, INFODECOMP_LOG=1, INFODECOMP_ESSAYS=CLOCK
    ) as server:
        with server.connect() as connection:
            for _ in range(40):  # 40 times 40 lines are several times what a pipe holds
                connection.sendall(40 * request(f"/healthz?{'x' * 400}"))
                received = 0
                while received < 40:
                    received += connection.recv(65536).count(b"ok\n")
        assert server.get("/healthz")[0] == 200
        threading.Thread(target=server.process.stderr.read, daemon=True).start()


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_completes_what_is_in_progress_and_removes_temporary_files(tmp_path, stop):
    with (
        live_server(command=COMMAND, INFODECOMP_ESSAYS=CLOCK, TMPDIR=tmp_path) as server,
        server.connect() as idle,
    ):
        server.get("/figures/clock-dial.png?hour=4")
        assert list(tmp_path.iterdir())
        idle.sendall(request("/healthz"))
        assert b"ok" in idle.recv(4096)
        stream = server.connect()
        stream.sendall(request(STREAM.format(3)))
        assert b"200" in stream.recv(12)
        answers = []
        slow = threading.Thread(
            target=lambda: answers.append(server.get("/figures/clock-hand.json?slow=.05&step=30&seed=5"))
        )
        slow.start()
        time.sleep(0.3)  # the server has to have begun; nothing outside shows it
        server.process.send_signal(stop)
        received = b""
        while part := stream.recv(65536):
            received += part
        assert b"event: stopping" in received and b"event: done" not in received
        slow.join()
        assert answers[0][0] == 200
        assert server.process.wait(15) == 0
        with pytest.raises(OSError):
            server.connect()
    assert not list(tmp_path.iterdir())


def test_sighup_replaces_the_workers_which_read_the_essays_again(tmp_path):
    essays = shutil.copytree(CLOCK, tmp_path / "essays")
    with live_server(command=COMMAND, INFODECOMP_ESSAYS=essays) as server:
        before, page = worker_pids(server), server.get("/essays/clock")[2]
        source = (essays / "clock.md").read_text()
        (essays / "clock.md").write_text(source + "\nA sentence that was added.\n")
        assert server.get("/essays/clock")[2] == page, "nothing is read while it serves"
        server.process.send_signal(signal.SIGHUP)
        statuses = set()

        def is_replaced() -> bool:
            statuses.add(server.get("/essays/clock")[0])
            return bool(worker_pids(server)) and not worker_pids(server) & before

        wait_until(is_replaced, 30)
        assert statuses == {200}, "the old one served until the new one did"
        assert b"A sentence that was added." in server.get("/essays/clock")[2]


def test_several_workers_serve_one_address():
    with live_server(INFODECOMP_ESSAYS=CLOCK, WORKERS=2) as server:
        assert len(worker_pids(server)) == 2
        etags = {server.get(DIAL.format(6))[1]["ETag"] for _ in range(20)}
        assert len(etags) == 1


def worker_pids(server: LiveServer) -> set[int]:
    return child_pids(server.process.pid)


def child_pids(parent: int) -> set[int]:
    pids: set[int] = set()
    for task in Path(f"/proc/{parent}/task").iterdir():
        with suppress(FileNotFoundError):  # a thread that has just ended
            pids |= {int(pid) for pid in (task / "children").read_text().split()}
    return pids
