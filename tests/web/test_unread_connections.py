"""Clients that send requests and read no answers must not hold up anybody else.

There are more such clients than the server has threads: it may keep no thread until an answer is read.
"""

from contextlib import ExitStack

import pytest

from infodecomp.explorable.serving.settings import read_settings, server_threads
from tests.live_server import live_server

LARGE_ANSWERS = '''
from infodecomp.explorable import Range, figure

@figure(parameters=(Range(name="seed", label="seed", default=1, low=0, high=999, step=1),), title="Numbers")
def numbers(seed):
    """About two megabytes of JSON, computed in a moment."""
    return {"numbers": [seed + k / 7 for k in range(0, 100_000 * bool(seed % 100))]}
'''
FEW_THREADS = {f"INFODECOMP_{name}": "1" for name in ("LONG", "EXPORTS", "STREAMS")}
FEW_THREADS |= {"INFODECOMP_QUEUE": "4", "INFODECOMP_EXPORTS_QUEUE": "0"}
CLIENTS = server_threads(read_settings(FEW_THREADS)) + 4


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("numbers")
    (folder / "numbers.py").write_text(LARGE_ANSWERS)
    with live_server(INFODECOMP_ESSAYS=folder, INFODECOMP_SLOW=600, **FEW_THREADS) as server:
        yield server


@pytest.mark.parametrize("what", ["one kept answer", "new states"])
def test_more_unread_answers_than_threads_delay_no_other(server, what):
    """Each client sends two requests at once and reads one byte: the server has begun to answer."""
    with ExitStack() as connections:
        for number in range(CLIENTS):
            seeds = (1 if what == "one kept answer" else 101 + number, 1)
            unread = connections.enter_context(server.connect(receive_buffer=2048))
            unread.sendall(b"".join(request(server.port, seed) for seed in seeds))
            assert unread.recv(1), f"client {number + 1} of {CLIENTS}"
        assert server.get("/healthz", timeout=8)[0] == 200
        assert server.get("/figures/numbers.json?seed=1", timeout=8)[0] == 200, "kept"
        new = {"one kept answer": 200, "new states": 300}[what]
        assert server.get(f"/figures/numbers.json?seed={new}", timeout=8)[0] == 200, "new"


def request(port: int, seed: int) -> bytes:
    return b"GET /figures/numbers.json?seed=%d HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % (seed, port)
