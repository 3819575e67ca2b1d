"""Limits: long queries, rate limits, timeouts, and that slow work leaves room for fast work."""

import socket
import threading

import pytest

from infodecomp.explorable.exports.films.animation import Animation
from infodecomp.web.factory import create_app
from infodecomp.web.services import get_services
from tests.live_server import CLOCK, live_server, threaded_server, wait_until

FIGURE = "/figures/storm-telegraph.json"


def client_of(**settings):
    return create_app({"ESSAYS": CLOCK, "LOG": 0} | settings).test_client()


def test_a_query_that_is_too_long_is_refused_with_its_limit(client):
    reply = client.get(f"{FIGURE}?bits_a={'0' * 5000}")
    assert reply.status_code == 414 and reply.mimetype == "application/problem+json"
    assert reply.json["limit"] == 4096 and "at most 4,096" in reply.json["detail"]
    assert client.get(f"{FIGURE}?bits_a=.{'3' * 4000}").status_code == 200


def test_a_client_may_start_so_many_long_computations_a_minute():
    client = client_of(RATE=3)
    url = "/figures/clock-hand.json?slow=0&step=3&seed={}"
    codes = [client.get(url.format(seed)).status_code for seed in range(20, 25)]
    assert codes == [200, 200, 200, 429, 429]
    refused = client.get("/figures/clock-hand.png?slow=0&step=3&seed=20")
    assert refused.status_code == 429 and 0 < int(refused.headers["Retry-After"]) <= 61
    assert "3 long" in refused.json["detail"]
    assert client.get("/figures/clock-hand/stream?slow=0&seed=20").status_code == 429
    for unlimited in (
        "/figures/clock-hand.json?slow=0&step=3&seed=21",
        "/figures/clock-hand.svg?slow=0&step=2&seed=21",
        "/figures/clock-dial.json?hour=4",
        "/essays/clock?slow=0&step=1&seed=21",
    ):
        assert client.get(unlimited).status_code == 200, "cached or cheap"
    assert client.get("/essays/clock?slow=0&seed=25").status_code == 429
    other = {"REMOTE_ADDR": "192.0.2.9"}
    assert client.get(url.format(29), environ_base=other).status_code == 200


@pytest.mark.parametrize(("proxies", "status"), [(1, 200), (0, 429)])
def test_forwarded_addresses_count_only_if_the_proxy_is_trusted(proxies, status):
    client = client_of(RATE=1, PROXIES=proxies)
    for address, expected in (("192.0.2.1", 200), ("192.0.2.2", status)):
        url = f"/figures/clock-hand.json?slow=0&step=3&seed={30 + int(address[-1])}"
        assert client.get(url, headers={"X-Forwarded-For": address}).status_code == expected


def test_a_long_computation_times_out_for_its_waiter_and_is_cached_afterwards():
    client, url = client_of(DEADLINE=0.2), "/figures/clock-hand.json?slow=.02&step=40&seed=51"
    reply = client.get(url)
    assert reply.status_code == 503 and int(reply.headers["Retry-After"]) > 0
    assert "goes on" in reply.json["detail"]
    wait_until(lambda: client.get(url).status_code == 200)


def test_a_full_queue_rejects_further_states_and_is_reported_as_not_ready():
    app = create_app({"ESSAYS": CLOCK, "LOG": 0, "QUEUE": 0})
    client, release = app.test_client(), threading.Event()
    get_services(app).compute_pool.submit(release.wait)
    assert client.get("/readyz").status_code == 503 and client.get("/healthz").status_code == 200
    rejected = client.get("/figures/clock-dial.json?hour=4")
    assert rejected.status_code == 503 and int(rejected.headers["Retry-After"]) > 0
    release.set()
    wait_until(lambda: client.get("/readyz").status_code == 200)
    assert client.get("/figures/clock-dial.json?hour=4").status_code == 200


def test_slow_work_leaves_threads_for_sliders():
    """As many streams, long states and exports as may run and wait: a slider is still answered at once."""
    limits = {"STREAMS": 2, "LONG": 1, "LONG_QUEUE": 2, "EXPORTS": 1, "EXPORTS_QUEUE": 2, "QUEUE": 20}
    settings = {f"INFODECOMP_{name}": value for name, value in limits.items()}
    with live_server(INFODECOMP_ESSAYS=CLOCK, INFODECOMP_DEADLINE=4, **settings) as server:
        stream = "/figures/clock-hand/stream?slow=.05&step=0&seed={}"
        readers = [server.connect() for _ in range(2)]
        for seed, reader in enumerate(readers):
            reader.sendall(f"GET {stream.format(seed)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert reader.recv(100).startswith(b"HTTP/1.1 200")
        slow = [
            threading.Thread(target=server.get, args=(f"/figures/{path}&seed={seed}",), daemon=True)
            for seed in range(70, 80)
            for path in ("clock-hand.json?slow=.05&step=60", "clock-hand.png?slow=.05&step=60")
        ]
        for thread in slow:
            thread.start()
        for number in range(20):
            assert server.get(f"/figures/clock-dial.json?hour={number / 2}")[0] == 200
        assert any(thread.is_alive() for thread in slow), "the sliders did not wait for them"
        assert server.get(stream.format(9))[0] == 503
        for reader in readers:
            reader.close()
        wait_until(lambda: _stream_starts(server, stream.format(10)))


def _stream_starts(server, path: str) -> bool:
    with server.connect() as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        return connection.recv(20).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_many_animation_requests_do_not_starve_states(method):
    app = create_app({"ESSAYS": CLOCK, "LOG": 0, "RATE": 20, "DEADLINE": 2})
    services = get_services(app)
    with threaded_server(app) as address:
        port = int(address.rpartition(":")[2])

        def ask_for_animation(number: int) -> None:
            with socket.create_connection(("127.0.0.1", port)) as connection:
                url = f"/figures/clock-dial.gif?vary=hour&frames=60&_width={300 + number}"
                connection.sendall(f"{method} {url} HTTP/1.0\r\nHost: x\r\n\r\n".encode())
                while connection.recv(65536):
                    pass

        threads = [threading.Thread(target=ask_for_animation, args=(number,)) for number in range(24)]
        for thread in threads:
            thread.start()
        client = app.test_client()
        statuses, waiting = [], []
        for k in range(100):
            statuses.append(client.get(f"/figures/clock-dial.json?hour={k / 10}").status_code)
            waiting.append(services.compute_lock.waiting)
        assert statuses == [200] * 100
        assert max(waiting) <= 3, "only the few animations that may run compute"
        for thread in threads:
            thread.join()
    refused = app.test_client().get("/figures/clock-dial.gif?vary=hour&frames=2&_width=777")
    assert refused.status_code == 429, "rejected animations count too"
    wait_until(lambda: services.converters.animation_limit.free == services.converters.animation_limit.limit)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_animation_takes_its_place_before_it_computes(monkeypatch, method):
    app = create_app({"ESSAYS": CLOCK, "LOG": 0})
    limit, free, prepare = get_services(app).converters.animation_limit, [], Animation.prepare

    def watched(animation, slot):
        free.append(limit.free)
        return prepare(animation, slot)

    monkeypatch.setattr(Animation, "prepare", watched)
    url = "/figures/clock-dial.gif?vary=hour&frames=2&_width=333"
    with app.test_client().open(url, method=method) as reply:
        assert reply.status_code == 200 and free == [limit.limit - 1]
