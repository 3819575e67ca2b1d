"""Clients that send requests and read no answers must not hold up anybody else."""

import pytest

from tests.live_server import live_server

LARGE_ANSWERS = '''
from infodecomp.explorable import Range, figure

@figure(parameters=(Range(name="seed", label="seed", default=1, low=0, high=999, step=1),), title="Numbers")
def numbers(seed):
    """About four megabytes of JSON, computed in a moment."""
    return {"numbers": [seed + k / 7 for k in range(0, 200_000 * bool(seed % 100))]}
'''


@pytest.fixture
def site(tmp_path):
    (tmp_path / "numbers.py").write_text(LARGE_ANSWERS)
    return tmp_path


def pipelined(port: int, *seeds: int) -> bytes:
    return b"".join(
        b"GET /figures/numbers.json?seed=%d HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % (seed, port)
        for seed in seeds
    )


def test_unread_pipelined_requests_for_a_cached_answer_do_not_freeze_the_server(site):
    with live_server(INFODECOMP_ESSAYS=site) as server:
        server.get("/figures/numbers.json?seed=1")
        with server.connect(receive_buffer=2048) as unread:
            unread.sendall(pipelined(server.port, 1, 1))
            unread.recv(1)  # the server has begun to answer
            for _ in range(20):
                assert server.get("/healthz", timeout=5)[0] == 200


@pytest.mark.parametrize("connections", [1, 5])
def test_unread_pipelined_states_do_not_delay_other_states(site, connections):
    with live_server(INFODECOMP_ESSAYS=site, INFODECOMP_SLOW=600) as server:
        unread = [server.connect(receive_buffer=2048) for _ in range(connections)]
        for number, connection in enumerate(unread):
            connection.sendall(pipelined(server.port, *range(10 * number + 1, 10 * number + 7)))
        for connection in unread:
            connection.recv(1)
        for hundred in range(1, 10):
            assert server.get(f"/figures/numbers.json?seed={hundred}00", timeout=8)[0] == 200
        for connection in unread:
            connection.close()
