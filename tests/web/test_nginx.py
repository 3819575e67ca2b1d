"""The proxy of deploy/nginx.conf, run by a real nginx in front of real servers."""

import getpass
import os
import shutil
import signal
import socket
import subprocess
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from infodecomp.explorable.serving.settings import read_settings
from tests.live_server import CLOCK, ROOT, LiveServer, live_server, wait_until
from tests.web.test_serve import worker_pids

NGINX = shutil.which("nginx")
DIAL = "/figures/clock-dial.json?hour={}"
pytestmark = pytest.mark.skipif(
    NGINX is None, reason="there is no nginx here; on Debian and Ubuntu: sudo apt-get install nginx-light"
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def proxy(folder, server_port: int):
    """Run nginx as deploy/nginx.conf says, in front of a server; only addresses and folders are replaced."""
    port, text = free_port(), (ROOT / "deploy" / "nginx.conf").read_text()
    for old, new in (
        ("server essays:8000 max_fails=0;", f"server 127.0.0.1:{server_port} max_fails=0;"),
        ("listen 8080;", f"listen 127.0.0.1:{port};"),
        ("/tmp/essays", str(folder / "cache")),
    ):
        assert old in text, old
        text = text.replace(old, new)
    temporary = "".join(
        f"    {kind}_temp_path {folder / kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    head = f"daemon off;\nuser {getpass.getuser()};\npid {folder / 'pid'};\n"
    text = head + text.replace("http {\n", "http {\n" + temporary, 1)
    (folder / "nginx.conf").write_text(text)
    process = subprocess.Popen(
        [NGINX, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    )
    try:
        wait_until(lambda: _listens(port))
        yield LiveServer(process, port)
    finally:
        process.terminate()
        process.wait(10)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def _listeners(port: int) -> int:
    """How many sockets of this machine listen on a port: one of each worker."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(line[3] == "0A" and int(line[1].partition(":")[2], 16) == port for line in lines)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server with few places, so that it is soon busy."""
    with live_server(
        INFODECOMP_ESSAYS=CLOCK,
        INFODECOMP_PROXIES=1,
        INFODECOMP_LONG=1,
        INFODECOMP_LONG_QUEUE=0,
        INFODECOMP_TABLES=tmp_path_factory.mktemp("tables"),
    ) as server:
        yield server


def test_busy_answers_are_passed_on_and_take_no_server_out_of_rotation(server, tmp_path):
    with proxy(tmp_path, server.port) as front:
        busy: list[int] = []
        long = "/figures/clock-hand.json?slow=.05&step=40&seed={}"

        def ask_for_long(seed: int) -> None:
            status, headers, _ = front.get(long.format(seed))
            busy.append(status)
            assert status == 200 or int(headers["Retry-After"]) > 0

        threads = [threading.Thread(target=ask_for_long, args=(seed,)) for seed in range(60, 72)]
        for thread in threads:
            thread.start()
        quick = [front.get(DIAL.format(number / 10))[0] for number in range(40)]
        for thread in threads:
            thread.join()
        assert quick == [200] * 40, "sliders go on while others are refused"
        assert set(busy) == {200, 503} and busy.count(503) >= 5


def test_spellings_of_accept_encoding_share_entries_and_health_is_never_cached(server, tmp_path):
    with proxy(tmp_path, server.port) as front:
        path = DIAL.format(6.5)
        sent = [
            front.get(path, **{"Accept-Encoding": words})[1]
            for words in ("br", "gzip, deflate, br", "gzip;q=0, br;q=1.0", "gzip", "br;q=0, gzip", "identity")
        ]
        assert [headers["Content-Encoding"] for headers in sent] == ["br"] * 3 + ["gzip"] * 2 + [None]
        hits = [headers["X-Cache"] for headers in sent]
        assert hits == ["MISS", "HIT", "HIT", "MISS", "HIT", "MISS"]
        for path in ("/healthz", "/readyz", "/version"):
            assert front.get(path)[1]["X-Cache"] is None


def test_a_readers_table_reaches_the_server_and_no_page_about_it_is_kept(server, tmp_path):
    with proxy(tmp_path, server.port) as front:
        longest = read_settings({})["TABLE_BYTES"]
        for path in ("/decompose", f"/decompose/{'x' * 32}"):
            for _ in range(2):
                headers = front.get(path)[1]
                assert headers["X-Cache"] is None and headers["Cache-Control"] == "no-store"
        assert not [file for file in (tmp_path / "cache").rglob("*") if file.is_file()]
        request = b"POST /decompose HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
        assert front.exchange(request % longest + bytes(longest)).split()[1] == b"400"  # no form
        refused = front.exchange(request % (longest + 2**21))
        assert refused.split()[1] == b"413" and b"Your file is too large: at most 20 MB are read" in refused


def test_an_edit_shows_at_the_next_request_after_a_second(tmp_path):
    essays = shutil.copytree(CLOCK, tmp_path / "essays")
    with live_server(INFODECOMP_ESSAYS=essays, INFODECOMP_RELOAD=1) as server:
        with proxy(tmp_path, server.port) as front:
            assert front.get("/essays/clock")[0] == 200
            source = (essays / "clock.md").read_text()
            (essays / "clock.md").write_text(source + "\nA sentence that was added.\n")
            wait_until(lambda: b"was added." in server.get("/essays/clock")[2])
            wait_until(lambda: b"was added." in front.get("/essays/clock")[2], 3)


def test_a_worker_that_is_killed_under_load_costs_no_reader_anything(tmp_path):
    with live_server(INFODECOMP_ESSAYS=CLOCK, INFODECOMP_PROXIES=1, WORKERS=2) as server:
        with proxy(tmp_path, server.port) as front:
            statuses: list[int] = []
            wait_until(lambda: _listeners(server.port) == 2)  # the second worker may begin later

            def read(reader: int) -> None:
                for number in range(25):
                    statuses.append(front.get(DIAL.format((reader + 6 * number) / 15))[0])

            readers = [threading.Thread(target=read, args=(reader,)) for reader in range(6)]
            for reader in readers:
                reader.start()
            wait_until(lambda: len(statuses) > 20)
            before = worker_pids(server)
            os.kill(min(before), signal.SIGKILL)
            for reader in readers:
                reader.join()
            assert statuses == [200] * 150
            wait_until(lambda: len(worker_pids(server) - before) == 1, 30)
