"""The server as readers, crawlers and rubbish meet it: its limits, and that whatever waits leaves room for those who drag."""

import json
import logging
import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from app import create_app, listen
from infodecomp.explorable.serving.request_log import Lines
from tests.first_essay import ESSAY

ROOT = Path(__file__).parent.parent
CLOCK = Path(__file__).parent / "sites" / "clock"
FIGURE = "/figures/storm-telegraph.json"


@contextmanager
def served(**config):
    """An application with a configuration of its own, and where it listens."""
    app = create_app({"ESSAYS": CLOCK} | config)
    server = app.extensions["server"] = listen(app, "127.0.0.1", 0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield app, int(server.effective_port)
    finally:
        for hands in (server.task_dispatcher, app.queues[-1]):
            hands.shutdown(
                timeout=8
            )  # who wakes a server that is gone writes into whatever has its file number now
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
    done = subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env=os.environ | {"INFODECOMP_STREAMS": "many", "PORT": "0"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert (
        "INFODECOMP_STREAMS = 'many' cannot be: give a whole number from 1 to 64, or leave it out for 2."
        in done.stderr
    )


def test_a_query_that_is_too_long_is_refused_with_its_limit(client):
    reply = client.get(f"{FIGURE}?bits_a={'0' * 5000}")
    assert reply.status_code == 414 and reply.mimetype == "application/problem+json"
    assert reply.json["limit"] == 4096 and "at most 4,096" in reply.json["detail"]
    assert client.get(f"{FIGURE}?bits_a=.{'3' * 4000}").status_code == 200


def test_an_address_may_begin_so_many_long_ones_a_minute():
    app = create_app({"ESSAYS": CLOCK, "RATE": 3})
    client = app.test_client()
    codes = [
        client.get(f"/figures/clock-hand.json?slow=0&step=3&seed={seed}").status_code
        for seed in range(20, 25)
    ]
    assert codes == [200, 200, 200, 429, 429]
    refused = client.get("/figures/clock-hand.png?slow=0&step=3&seed=20")
    assert (
        refused.status_code == 429
        and 0 < int(refused.headers["Retry-After"]) <= 61
        and "3 long" in refused.json["detail"]
    )
    assert client.get("/figures/clock-hand/stream?slow=0&seed=20").status_code == 429
    for free in (
        "/figures/clock-hand.json?slow=0&step=3&seed=21",
        "/figures/clock-hand.svg?slow=0&step=2&seed=21",
        "/figures/clock-dial.json?hour=4",
        "/essays/clock?slow=0&step=1&seed=21",
    ):
        assert client.get(free).status_code == 200, "what is kept or known already costs little"
    assert client.get("/essays/clock?slow=0&seed=25").status_code == 429
    assert (
        client.get(
            "/figures/clock-hand.json?slow=0&step=3&seed=29", environ_base={"REMOTE_ADDR": "192.0.2.9"}
        ).status_code
        == 200
    )


def test_the_address_that_counts_is_the_readers_where_a_proxy_is_trusted_and_only_there():
    for proxies, code in ((1, 200), (0, 429)):
        client = create_app({"ESSAYS": CLOCK, "RATE": 1, "PROXIES": proxies}).test_client()
        for reader, wanted in (("192.0.2.1", 200), ("192.0.2.2", code)):
            reply = client.get(
                f"/figures/clock-hand.json?slow=0&step=3&seed={30 + int(reader[-1])}",
                headers={"X-Forwarded-For": reader},
            )
            assert reply.status_code == wanted


def test_a_proxy_that_is_trusted_is_believed_by_the_server_that_listens_and_any_other_is_not():
    def ask(port: int, path: str, **forwarded) -> bytes:
        told = "".join(f"X-Forwarded-{name}: {value}\r\n" for name, value in forwarded.items())
        return raw(port, f"GET {path} HTTP/1.0\r\nHost: inside:8000\r\n{told}\r\n".encode())

    for proxies, second, site in (
        (1, b"200", b"https://essays.example/"),
        (0, b"429", b"http://inside:8000/"),
    ):
        with served(RATE=1, PROXIES=proxies) as (app, port):
            codes = [
                ask(port, f"/figures/clock-hand.json?slow=0&step=3&seed={seed}", For=f"192.0.2.{seed}")[9:12]
                for seed in (40, 41)
            ]
            assert codes == [b"200", second]
            asked, outside = handed_on(app), {"Host": "essays.example", "Proto": "https", "For": "192.0.2.7"}
            pages = [ask(port, "/essays/clock", **outside) for _ in range(2)]
            assert len(asked) == 1 and b"desc=kept" in pages[1], (
                "the second is answered where requests are read"
            )
            assert all(b'<link rel="canonical" href="' + site + b"essays/clock" in page for page in pages)
            ask(port, "/essays/clock", **outside | {"Host": "elsewhere.example"})
            assert len(asked) == 1 + proxies


def test_a_long_computation_is_told_to_whoever_waits_and_is_there_afterwards():
    app = create_app({"ESSAYS": CLOCK, "DEADLINE": 0.2})
    path = "/figures/clock-hand.json?slow=.02&step=40&seed=51"
    start = time.monotonic()
    reply = app.test_client().get(path)
    assert (
        reply.status_code == 503 and int(reply.headers["Retry-After"]) > 0 and time.monotonic() - start < 0.6
    )
    assert "goes on" in reply.json["detail"]
    until(lambda: app.test_client().get(path).status_code == 200)


def test_whatever_waits_leaves_threads_for_those_who_drag():
    """Streams, long states, exports and those who wait for them are as many as may be, and a slider is answered at once."""
    with served(STREAMS=2, LONG=1, LONG_QUEUE=2, EXPORTS=1, EXPORTS_QUEUE=2, QUEUE=20, DEADLINE=4) as (
        app,
        port,
    ):
        slow = "slow=.05&step=0"
        readers = []
        for seed in (61, 62):
            readers.append(socket.create_connection(("127.0.0.1", port)))
            readers[-1].sendall(
                f"GET /figures/clock-hand/stream?{slow}&seed={seed} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
            )
        for seed in range(70, 80):
            begin(get, port, f"/figures/clock-hand.json?slow=.05&step=60&seed={seed}")
            begin(get, port, "/figures/clock-hand.json?slow=.05&step=60&seed=70")
            begin(get, port, f"/figures/clock-hand.png?slow=.05&step=60&seed={seed}")
        until(lambda: app.long.waiting == 2 and app.streams.free == 0)
        taken = []
        for at in range(20):
            start = time.monotonic()
            status, _, body = get(port, f"/figures/clock-dial.json?hour={at / 2}")
            assert status == 200, body
            taken.append(time.monotonic() - start)
        assert sorted(taken)[10] < 0.2
        assert get(port, "/figures/clock-hand/stream?slow=0&seed=63")[0] == 503
        for reader in readers:
            reader.close()
        until(lambda: app.streams.free == 2)


def test_addresses_of_one_state_are_one_answer_and_one_computation(client):
    app = client.application
    before = len(app.answers._kept)
    tags = {
        client.get(f"{FIGURE}?{query}").headers["ETag"]
        for query in (
            "bits_a=.37&bits_b=.5",
            "bits_b=0.50&bits_a=0.370",
            "bits_a=.37&bits_b=5e-1&_width=640",
            "bits_a=.37&bits_b=.5&p00=.1&_download=0",
        )
    }
    assert len(tags) == 1 and len(app.answers._kept) == before + 1
    essays = {
        client.get(f"{ESSAY}?{query}").headers["ETag"]
        for query in ("bits_a=.37", "fbclid=1&bits_a=0.37", "utm=2&bits_a=.37")
    }
    assert len(essays) == 1 and len(app.answers._kept) == before + 2
    assert (
        client.get(f"{FIGURE}?bits_a=-0&bits_b=0").headers["ETag"]
        == client.get(f"{FIGURE}?bits_a=0&bits_b=.0").headers["ETag"]
    )


def test_what_was_asked_in_the_same_words_before_is_sent_exactly_as_the_first_time(client):
    for path in (
        f"{FIGURE}?bits_a=.38",
        ESSAY + "?bits_a=.38",
        "/embed/storm-telegraph?bits_a=.38",
        "/figures/storm-telegraph.svg?bits_a=.38&_download=1",
    ):
        for headers in (
            {},
            {"Accept-Encoding": "gzip"},
            {"Accept-Encoding": "br;q=0.5, gzip;q=0"},
            {"Accept-Encoding": "*;q=0"},
        ):
            client.application.wsgi_app._keys.clear()
            slow, quick = (client.get(path, headers=headers) for _ in range(2))
            assert slow.data == quick.data and slow.status == quick.status
            both = [
                {name: value for name, value in reply.headers if name != "Server-Timing"}
                for reply in (slow, quick)
            ]
            assert both[0] == both[1] and "kept" in quick.headers["Server-Timing"]
        for tag in (
            quick.headers["ETag"],
            f"W/{quick.headers['ETag']}",
            f'"x", {quick.headers["ETag"]}',
            "*",
        ):
            again = client.get(path, headers={"If-None-Match": tag, "Accept-Encoding": "*;q=0"})
            assert (
                again.status_code == 304 and not again.data and again.headers["ETag"] == quick.headers["ETag"]
            )
        assert client.get(path, headers={"If-None-Match": '"x"'}).status_code == 200


def test_a_host_that_no_address_can_name_is_refused(client):
    for host, status in (
        ("essays.example", 200),
        ("localhost:5000", 200),
        ("[::1]:8000", 200),
        ("127.0.0.1", 200),
        ("x" * 200, 400),
        ("a b", 400),
        ("a..b", 400),
        ("x.y/z", 400),
        ("a" * 60 + ".b" * 120, 400),
    ):
        reply = client.get(ESSAY, headers={"Host": host, "Accept": "text/html"})
        assert reply.status_code == status, host
        assert (
            status == 200 or reply.mimetype == "application/problem+json" and "Host" in reply.json["detail"]
        )


def test_every_answer_is_protected_and_none_sets_a_cookie(client):
    for path in (
        "/",
        ESSAY,
        "/figures/storm-telegraph.svg",
        "/nowhere",
        "/static/explorable.js",
        "/healthz",
        "/version",
    ):
        reply = client.get(path)
        assert (
            "camera=()" in reply.headers["Permissions-Policy"]
            and reply.headers["X-Content-Type-Options"] == "nosniff"
        )
        assert (
            reply.headers["Referrer-Policy"]
            and "default-src 'none'" in reply.headers["Content-Security-Policy"]
        )
        assert "unsafe-inline" not in reply.headers["Content-Security-Policy"].partition("style-src")[0]
        assert "Set-Cookie" not in reply.headers


def test_each_request_is_one_line(capfdbinary):
    with served(LOG_ADDRESSES=1) as (app, port):
        for path in (
            "/figures/clock-dial.json?hour=5",
            "/figures/clock-dial.json?hour=5",
            "/figures/clock-dial.json?hour=99",
            "/static/icon.svg",
            "/figures/clock-hand/stream?slow=0&step=190",
        ):
            get(port, path)
        head = raw(port, b"HEAD /embed/clock-dial HTTP/1.0\r\nHost: x\r\n\r\n")
        assert head.startswith(b"HTTP/1.0 200")
        time.sleep(0.2)
    lines = [
        json.loads(line) for line in capfdbinary.readouterr().err.splitlines() if line.startswith(b'{"time"')
    ]
    lines = [
        line for line in lines if "address" in line
    ]  # another server of this process may still be answering, and notes none
    assert [line["status"] for line in lines] == [200, 200, 400, 200, 200, 200]
    assert [line.get("figure") for line in lines] == ["clock-dial"] * 3 + [None, "clock-hand", "clock-dial"]
    assert [line.get("kept", False) for line in lines] == [False, True, False, False, False, False]
    assert all(line["address"] == "127.0.0.1" and line["ms"] >= 0 and line["bytes"] > 0 for line in lines)
    assert (
        lines[0]["path"] == "/figures/clock-dial.json?hour=5"
        and lines[5]["method"] == "HEAD"
        and "T" in lines[0]["time"]
    )


def test_what_breaks_is_one_line_with_its_trace():
    try:
        raise ValueError("line one\nline two")
    except ValueError:
        record = logging.LogRecord(
            "app", logging.ERROR, "x.py", 1, "could not %s", ("answer",), sys.exc_info()
        )
    line = Lines().format(record)
    assert "\n" not in line
    told = json.loads(line)
    assert (
        told["message"] == "could not answer"
        and told["level"] == "error"
        and "line one\nline two" in told["trace"]
    )


def test_a_server_says_whether_it_is_ready_and_what_it_serves(tmp_path):
    client, over = create_app({"ESSAYS": CLOCK, "QUEUE": 0}).test_client(), threading.Event()
    client.application.computing.do(over.wait)
    assert client.get("/readyz").status_code == 503 and client.get("/healthz").status_code == 200
    over.set()
    until(lambda: client.get("/readyz").status_code == 200)
    assert client.get("/readyz").text == "ready\n"
    first, second = (
        client.get("/version").json,
        create_app({"ESSAYS": CLOCK}).test_client().get("/version").json,
    )
    assert (
        first == second
        and first["torch"].startswith("2.13.0")
        and len(first["code"]) == 64
        and "bikes.safetensors" in first["models"]
    )
    empty = create_app({"ESSAYS": tmp_path}).test_client()
    assert (
        empty.get("/readyz").status_code == 503 and "INFODECOMP_ESSAYS" in empty.get("/readyz").json["detail"]
    )
    assert empty.get("/version").json["essays"] != first["essays"]


def test_what_is_no_request_is_refused_in_the_same_shape():
    with served() as (app, port):
        for text, status in (
            (b"GET / HTTP/1.1\r\nbad header\r\n\r\n", 400),
            (b"\x00\x01\x02\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 20_000 + b"\r\n\r\n", 431),
            (b"POST /feedback HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n", 413),
            (b"POST /feedback HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
        ):
            head, _, body = raw(port, text).partition(b"\r\n\r\n")
            assert head.startswith(f"HTTP/1.{1 if status in (413, 501) else 0} {status} ".encode()), head
            assert b"application/problem+json" in head and json.loads(body)["status"] == status


def test_bodies_that_drip_and_readers_who_take_nothing_are_cut_off_and_hold_nobody_up():
    with served(SLOW=2, STREAMS=1) as (app, port):
        dripping = [socket.create_connection(("127.0.0.1", port)) for _ in range(20)]
        for one in dripping:
            one.sendall(b"POST /feedback HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
        stuck = socket.socket()
        stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stuck.connect(("127.0.0.1", port))
        stuck.sendall(
            b"GET /figures/clock-hand/stream?slow=.01&step=0&seed=81&marks=30000 HTTP/1.1\r\nHost: x\r\n\r\n"
        )
        until(lambda: app.streams.free == 0)
        start = time.monotonic()
        while time.monotonic() < start + 6:
            for one in dripping:
                try:
                    one.sendall(b"x")
                except OSError:
                    pass
            assert get(port, "/healthz")[0] == 200
            time.sleep(0.3)
        for one in dripping:
            one.settimeout(1)
            try:
                assert one.recv(10) == b""
            except ConnectionResetError:
                pass
        until(lambda: app.streams.free == 1, 15)
        stuck.close()


def handed_on(app) -> list:
    """What is handed to threads from now on: who gets it, and its path."""
    asked = []

    def watch(who, hands) -> None:
        hand_on = hands.add_task
        hands.add_task = lambda channel: (asked.append((who, channel.requests[0].path)), hand_on(channel))

    watch("all", app.extensions["server"].task_dispatcher)
    watch("lane", app.queues[-1])
    return asked


def test_what_is_quick_has_a_lane_of_its_own_and_is_computed_there():
    with served() as (app, port):
        asked, crew = handed_on(app), app.computing
        slow = "/figures/clock-hand.json?slow=0&step=2&seed=5"
        paths = {
            "/figures/clock-dial.json": "lane",
            "/figures/clock-dial.svg": "lane",
            "/figures/clock-dial.csv": "lane",
            "/figures/clock-dial.png": "all",
            "/figures/clock-dial.py": "lane",
            slow: "all",
            "/healthz": "all",
            "/essays/clock": "all",
            "/figures/clock-dail.json": "all",
            "/figures/clock-dial": "all",
        }
        for path in paths:
            assert get(port, path)[0] in (200, 404)
        assert asked == [(who, path.partition("?")[0]) for path, who in paths.items()]
        begun = crew._started
        assert get(port, "/figures/clock-dial.json?hour=3.5")[0] == 200 and crew._started == begun, (
            "no other thread had a hand in it"
        )


def test_a_lane_that_is_full_says_so_and_one_that_is_slow_too():
    with served(QUEUE=2, DEADLINE=0.5) as (app, port):
        gate, figure = threading.Event(), app.site.library.figure("clock-dial")
        compute = figure._compute
        figure._compute = lambda **state: (gate.wait(10), compute(**state))[1]
        answers = []
        for hour in (1, 2, 3):
            begin(lambda hour: answers.append(get(port, f"/figures/clock-dial.json?hour={hour}")), hour)
            until(lambda: app.queues[-1].waiting == max(0, hour - 1))
        assert app.queues[-1].full and get(port, "/readyz")[0] == 503 and get(port, "/healthz")[0] == 200
        status, headers, body = get(port, "/figures/clock-dial.json?hour=4")
        assert status == 503 and int(headers["Retry-After"]) > 0 and b"2 requests wait" in body
        time.sleep(0.6)
        gate.set()
        until(lambda: len(answers) == 3)
        assert sorted(status for status, _, _ in answers) == [200, 503, 503]
        assert sum(b"has waited for 0.5 seconds" in body for _, _, body in answers) == 2
        assert get(port, "/readyz")[0] == get(port, "/figures/clock-dial.json?hour=4")[0] == 200


def test_what_is_kept_waits_for_no_thread():
    with served() as (app, port):
        path = "/figures/clock-dial.json?hour=7"
        fresh = raw(port, f"GET {path} HTTP/1.0\r\nHost: x\r\n\r\n".encode())
        asked = handed_on(app)
        kept = raw(port, f"GET {path} HTTP/1.0\r\nHost: x\r\n\r\n".encode())
        assert (
            not asked
            and b"desc=kept" in kept
            and kept.partition(b"\r\n\r\n")[2] == fresh.partition(b"\r\n\r\n")[2]
        )
        tag = re.search(rb'(?i)ETag: ("[^"]+")', kept)[1]
        assert raw(
            port, b"GET %s HTTP/1.0\r\nHost: x\r\nIf-None-Match: %s\r\n\r\n" % (path.encode(), tag)
        ).startswith(b"HTTP/1.0 304")
        assert not asked
        one, last = (
            f"GET {path} HTTP/1.1\r\nHost: x\r\n{more}\r\n" for more in ("", "Connection: close\r\n")
        )
        together = raw(
            port, (one + one + last).encode()
        )  # what is sent along with the first goes the usual way, in its order
        assert asked and together.count(b"HTTP/1.1 200") == 3
        assert raw(port, f"HEAD {path} HTTP/1.0\r\nHost: x\r\n\r\n".encode()).startswith(b"HTTP/1.0 200")
        assert raw(port, f"GET {path} HTTP/1.0\r\nHost: a b\r\n\r\n".encode()).startswith(b"HTTP/1.0 400")
