"""A few hundred of the malformed requests of `make fuzz`, sent to the real server."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor

from tests.fuzz import SETTINGS, Findings, addresses, flood, plan
from tests.live_server import live_server


def test_malformed_requests_are_answered_and_break_nothing():
    findings = Findings()
    with live_server(**SETTINGS | {"INFODECOMP_SLOW": 2, "INFODECOMP_IDLE": 3}) as server:
        with ThreadPoolExecutor(1) as apart:  # the browser of other tests keeps a loop in this thread
            paths = addresses(json.loads(server.get("/openapi.json")[2]))
            apart.submit(asyncio.run, flood(server.port, 0, 400, 1, findings, paths, 40)).result()
    assert not findings.wrong, findings.wrong[:3]
    statuses = findings.statuses
    assert statuses[200] > 5 and statuses[400] > 30 and statuses[404] > 5 and statuses[405] > 5
    assert findings.slowest_health_check > 0


def test_the_same_seed_sends_the_same_requests_in_all_modes():
    paths = ["/essays/clock", "/version"]
    connections = list(plan(0, 3000, 0, paths))
    assert connections == list(plan(0, 3000, 0, paths))
    assert {mode for mode, _ in connections} == {
        *("once", "in drops", "half", "leave", "kept alive", "pipelined", "unread")
    }
    requests = [request for _, sent in connections for request in sent]
    assert len(requests) == 3000
    for words in (
        *(b"=nan", b"script", b"..%2f", b"BREW", b"Content-Length: -1", b"%F0%9F%8E%88", b" HTTP/0.9"),
        *(b"Host: forged-", b"X-Forwarded-Proto: javascript", b"Transfer-Encoding: chunked", b"%2f"),
    ):
        assert any(words in request for request in requests)


def test_findings_report_what_must_not_happen():
    findings = Findings()
    for received in (
        b"HTTP/1.1 500 Internal Server Error\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>",
        b"HTTP/1.1 200 OK\r\n\r\nTraceback (most recent call last)",
    ):
        findings.add(b"GET / HTTP/1.1\r\n\r\n", received)
    findings.add(b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n")
    assert len(findings.wrong) == 4 and findings.statuses == {500: 1, 200: 3, 400: 1}
    page = b"HTTP/1.1 200 OK\r\n\r\nhttp://forged-abc.example/"
    findings.add(b"GET / HTTP/1.1\r\nHost: Forged-ABC.example\r\n\r\n", page)
    assert len(findings.wrong) == 4, "it asked for it"
    findings.add(b"GET / HTTP/1.1\r\nHost: forged-xyz.example\r\n\r\n", page)
    assert len(findings.wrong) == 5
