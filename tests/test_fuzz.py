"""A few hundred of the requests of `make fuzz`, with the application in this process, so that every failure has its trace."""

import asyncio
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.fuzz import flood, request
from tests.test_serving import ROOT, served


def test_rubbish_gets_an_answer_and_breaks_nothing():
    seen, wrong = Counter(), []
    with served(ESSAYS=ROOT / "essays", SLOW=2, IDLE=3, RATE=10_000) as (_, port):
        with ThreadPoolExecutor(1) as apart:  # the browser of other tests keeps a loop in this thread
            apart.submit(asyncio.run, flood(port, range(250), 1, seen, wrong, run_inline=40)).result()
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
