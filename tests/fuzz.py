"""Fuzz test: `make fuzz` sends 10,000 malformed requests to a real server on loopback.

Half of them are wrong in their parameters (`tests.malformed`), half in their bytes (`tests.raw_requests`):
hosts, targets, line endings, versions, bodies in chunks and forged forwarding headers, for every address of
the API. Most connections carry one request; some are kept alive for several, some send several at once, and
some of those never read the responses.

The test fails on status 500, a stack trace, a script or cookie that comes back, a forged host in the response
to another request, a request without an end, a health check that waits, or memory that grows. The same SEED
gives the same requests; FUZZ=500 sends fewer.
"""

import asyncio
import json
import logging
import os
import random
import re
import socket
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.first_essay import ESSAY
from tests.live_server import COMMAND, live_server
from tests.load import usage
from tests.malformed import request
from tests.raw_requests import FORGED, raw_request

TIMEOUT = 40  # seconds within which every response, or the end of its connection, has to come
HEALTH_TIMEOUT = 15  # seconds for a health check while all the others send
KEPT_ALIVE = 6  # requests on a connection that is kept alive or pipelined
MODES = ("once",) * 24 + ("in drops", "half", "leave") + ("kept alive",) * 4 + ("pipelined", "unread") * 2
SETTINGS = {
    "INFODECOMP_SLOW": 3,
    "INFODECOMP_IDLE": 10,
    "INFODECOMP_LOG": 0,
    "INFODECOMP_RATE": 100_000,
    "INFODECOMP_PROXIES": 1,  # so that forged forwarding headers are read
    "INFODECOMP_CACHE_BYTES": 2**24,  # full soon, so that memory that grows is a leak
}
GROWTH = 1.1  # of the memory from the middle to the end, at most
SKIPPED = (".png", ".pdf", ".gif", ".mp4", ".webm", ".zip", ".pptx", "/stream")  # each takes seconds
CONNECTION_LOST = (ConnectionError, asyncio.IncompleteReadError)


@dataclass
class Findings:
    """Statuses of the responses (0: closed without one), what is wrong, the slowest health check."""

    statuses: Counter = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    slowest_health_check: float = 0.0

    def add(self, sent: bytes, received: bytes) -> None:
        """Judge what was received for one request, or for some that were sent together."""
        statuses = [int(status) for status in re.findall(rb"^HTTP/1\.\d (\d{3}) ", received, re.MULTILINE)]
        self.statuses.update(statuses or [0])
        reflected = b"<script>alert" in received and b"text/html" in received
        traceback = b"Traceback (most recent" in received or b"/site-packages/" in received
        if 500 in statuses or traceback or reflected:
            self.wrong.append(f"{statuses}: {sent[:300]!r} -> {received[-300:]!r}")
        for host in set(re.findall(rb"%s\w+" % FORGED.encode(), received)):
            if host.lower() not in sent.lower():
                self.wrong.append(f"{host!r} in the response to {sent[:300]!r}")
        if b"\r\nset-cookie:" in received.partition(b"\r\n\r\n")[0].lower():
            self.wrong.append(f"a cookie: {sent[:300]!r}")


def addresses(described: dict) -> list[str]:
    """The addresses that an OpenAPI document describes, and some that it does not."""
    hidden = ["/static/explorable.css", "/themes/dark.css", "/fonts/math.woff2", "/thanks", "/essays/x.png"]
    return sorted(path for path in described["paths"] if not path.endswith(SKIPPED)) + hidden


def plan(first: int, last: int, seed: int, paths: list[str]) -> Iterator[tuple[str, list[bytes]]]:
    """The connections that send requests first..last-1: how each is used, and its requests."""
    number = first
    while number < last:
        draw = random.Random(f"{seed} {number}")
        mode = draw.choice(MODES)
        count = min(KEPT_ALIVE if mode in ("kept alive", "pipelined", "unread") else 1, last - number)
        if mode == "unread":  # large responses that are cached
            requests = [b"GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" % ESSAY.encode()] * count
        else:
            closes = [index == count - 1 for index in range(count)]
            is_raw = draw.random() < 0.5 and mode != "kept alive"  # it is not known where a raw one ends
            requests = [raw_request(draw, paths, end) if is_raw else request(draw, end) for end in closes]
        yield mode, requests
        number += count


async def read_response(reader: asyncio.StreamReader) -> bytes:
    """One response with its body, up to a length that it states or to the end of the connection."""
    head = await reader.readuntil(b"\r\n\r\n")
    if head[9:12] in (b"304", b"204"):
        return head
    length = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
    return head + (await reader.readexactly(int(length[1])) if length else await reader.read())


async def read_all(reader: asyncio.StreamReader) -> bytes:
    """What is sent until the connection is closed; of a stream of events only the beginning."""
    received = b""
    while (part := await reader.read(65_536)) and b"text/event-stream" not in received[:2000]:
        received += part
    return received


async def exchange(mode: str, requests: list[bytes], reader, writer, findings: Findings) -> None:
    """Send the requests of one connection and judge what comes back."""
    if mode == "kept alive":
        for sent in requests:
            writer.write(sent)
            await writer.drain()
            findings.add(sent, await (read_all(reader) if is_last(sent) else read_response(reader)))
        return
    sent = b"".join(requests)
    if mode == "in drops":
        for start in range(0, min(len(sent), 60), 3):
            writer.write(sent[start : start + 3])
            await asyncio.sleep(0.01)
        writer.write(sent[60:])
    else:
        writer.write(sent[: len(sent) // 2 + 1] if mode in ("half", "leave") else sent)
    await writer.drain()
    if mode == "unread":
        await reader.readexactly(1)  # the server has begun to respond
        await asyncio.sleep(0.3)
    elif mode != "leave":
        findings.add(sent, await read_all(reader))


def is_last(sent: bytes) -> bool:
    """Whether the server closes the connection after this request, or cannot know where it ends."""
    return b"\r\nConnection: close\r\n" in sent or not sent.startswith((b"GET ", b"POST ", b"PUT "))


async def converse(port: int, mode: str, requests: list[bytes], findings: Findings) -> None:
    """One connection, from its opening to its end."""
    connection = socket.socket()
    connection.setblocking(False)
    if mode == "unread":
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    await asyncio.get_running_loop().sock_connect(connection, ("127.0.0.1", port))
    reader, writer = await asyncio.open_connection(sock=connection)
    try:
        await asyncio.wait_for(exchange(mode, requests, reader, writer, findings), TIMEOUT)
    except CONNECTION_LOST:
        findings.statuses[0] += 1  # the server closed the connection in the middle of a request
    except TimeoutError:
        findings.wrong.append(f"{mode}: no response within {TIMEOUT} s: {requests[0][:200]!r}")
    finally:
        writer.close()


async def check_health(port: int, findings: Findings) -> None:
    """Ask /healthz again and again, and note the slowest response."""
    while True:
        start = time.monotonic()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        try:
            received = await asyncio.wait_for(reader.read(), HEALTH_TIMEOUT)
        except TimeoutError:
            return findings.wrong.append(f"no health check within {HEALTH_TIMEOUT} s")
        finally:
            writer.close()
        findings.add(b"a health check", received)
        findings.slowest_health_check = max(findings.slowest_health_check, time.monotonic() - start)
        await asyncio.sleep(0.1)


async def flood(
    port: int,
    first: int,
    last: int,
    seed: int,
    findings: Findings,
    paths: list[str],
    concurrency: int = 50,
) -> None:
    """Send requests first..last-1 over some connections at a time, beside health checks."""
    places = asyncio.Semaphore(concurrency)

    async def one(mode: str, requests: list[bytes]) -> None:
        async with places:
            await converse(port, mode, requests, findings)

    health = asyncio.ensure_future(check_health(port, findings))
    await asyncio.gather(*(one(mode, requests) for mode, requests in plan(first, last, seed, paths)))
    health.cancel()
    await asyncio.gather(health, return_exceptions=True)


def main(number: int, seed: int) -> None:
    """Send some requests in two halves; exits with status 1 if anything is wrong."""
    logging.getLogger("asyncio").setLevel(logging.ERROR)  # it warns of connections that the server has closed
    findings, start = Findings(), time.monotonic()
    with live_server(command=COMMAND, **SETTINGS) as server:
        process = server.process
        paths = addresses(json.loads(server.get("/openapi.json")[2]))
        asyncio.run(flood(server.port, 0, number // 2, seed, findings, paths))
        middle = usage([process.pid])[1]
        asyncio.run(flood(server.port, number // 2, number, seed, findings, paths))
        end, alive = usage([process.pid])[1], process.poll() is None
        for path in (
            "/",
            ESSAY,
            "/feed.xml",
            "/sitemap.xml",
            "/oembed?url=http://127.0.0.1/figures/storm-guess",
        ):
            findings.add(f"afterwards {path}".encode(), server.get(path)[2])
    if end > middle * GROWTH:
        findings.wrong.append(f"memory grew from {middle:.0f} to {end:.0f} MB")
    print(
        f"{number:,} requests in {time.monotonic() - start:.0f} s; "
        f"statuses {dict(sorted(findings.statuses.items()))} (0: closed without a response); "
        f"slowest health check {findings.slowest_health_check:.2f} s; "
        f"{middle:.0f} MB half way, {end:.0f} MB at the end; alive: {alive}"
    )
    for finding in findings.wrong[:20]:
        print("WRONG", finding)
    sys.exit(bool(findings.wrong) or not alive)


if __name__ == "__main__":
    main(int(os.environ.get("FUZZ") or 10_000), int(os.environ.get("SEED") or 0))
