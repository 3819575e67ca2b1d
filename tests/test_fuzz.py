"""A few hundred of the malformed requests of `make fuzz`, sent to the real server."""

import asyncio
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.fuzz import flood, request
from tests.live_server import live_server


def test_malformed_requests_are_answered_and_break_nothing():
    seen, wrong = Counter(), []
    with live_server(INFODECOMP_SLOW=2, INFODECOMP_IDLE=3, INFODECOMP_RATE=10_000) as server:
        with ThreadPoolExecutor(1) as apart:  # the browser of other tests keeps a loop in this thread
            apart.submit(asyncio.run, flood(server.port, range(250), 1, seen, wrong, run_inline=40)).result()
    assert not wrong, wrong[:3]
    assert seen[200] > 5 and seen[400] > 30 and seen[404] > 5 and seen[405] > 5


def test_the_same_seed_sends_the_same_requests_and_all_kinds():
    sent = [request(random.Random(f"0 {number}")) for number in range(3000)]
    assert sent == [request(random.Random(f"0 {number}")) for number in range(3000)]
    assert {how for _, how in sent} == {"at once", "in drops", "half", "leave"}
    assert all(
        any(word in text for text, _ in sent)
        for word in (b"=nan", b"script", b"..%2f", b"BREW", b"Content-Length: -1", b"%F0%9F%8E%88")
    )
