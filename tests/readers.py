"""Readers for the load test: each keeps one connection and drags the sliders of some figures."""

import asyncio
import random
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

FIELDS = "_fields=svg%2Ctexts%2Cvoice%2Cdescription%2Cparameters"  # as the page asks
SLIDERS = (
    ("storm-telegraph", "bits_a"),
    ("telegraph-line", "bits_line"),
    ("storm-guess", "guess"),
    ("bike-distinctions", "bits"),
    ("board-distinctions", "budget_board"),
)
WIDTHS = (640, 640, 640, 620, 370, 350)
LENGTH = re.compile(rb"content-length: (\d+)", re.I)
UNKNOWN = 2**62  # bytes of a response that ends with its connection
STEP = re.compile(rb'"(?:train_)?step":(\d+)')
EVERY, EACH = 0.1, 2.0  # seconds between events; seconds on each figure
TRAININGS = (
    "/figures/board-information/stream?_play=step&step=0&board_seed={}",
    "/figures/bike-train/stream?_play=train_step&train_step=0&train_seed={}",
)


@dataclass
class Tally:
    """Results of all readers: milliseconds from request to response and from an event to its picture."""

    answered: list = field(default_factory=list)
    seen: list = field(default_factory=list)
    errors: list = field(default_factory=list)
    cached: int = 0
    trained: int = 0
    steps: int = 0  # of all trainings
    exported: int = 0


class Connection(asyncio.Protocol):
    """A connection that is kept, as a browser keeps it; it costs as little as possible beside the server."""

    def __init__(self, port: int):
        self.port = port
        self._transport: asyncio.Transport | None = None

    async def get(self, path: str) -> tuple[int, bytes, bytes]:
        """Status, head and body."""
        loop = asyncio.get_running_loop()
        if self._transport is None:
            self._transport, _ = await loop.create_connection(lambda: self, "127.0.0.1", self.port)
        self._response, self._received, self._size = loop.create_future(), b"", 0
        self._transport.write(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            "Accept-Encoding: gzip, deflate, br\r\n\r\n".encode()
        )
        await self._response
        head, _, body = self._received.partition(b"\r\n\r\n")
        if b"connection: close" in head.lower():
            self.close()
        return int(head[9:12]), head, body

    def data_received(self, data: bytes) -> None:
        """Collect a response until it is as long as its head says."""
        self._received += data
        if not self._size and (end := self._received.find(b"\r\n\r\n") + 4) > 3:
            length = LENGTH.search(self._received, 0, end)
            self._size = end + int(length[1]) if length else UNKNOWN
        if self._size and len(self._received) >= self._size and not self._response.done():
            self._response.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        """End a response of unknown length, or tell that one is incomplete."""
        self._transport = None
        if not self._response.done():
            if self._size == UNKNOWN and error is None:
                self._response.set_result(None)
            else:
                self._response.set_exception(error or EOFError("the connection was closed"))

    def close(self) -> None:
        """Close it; the next request opens another one."""
        if self._transport:
            self._transport.close()
            self._transport = None


async def read(port: int, number: int, bounds: dict, tally: Tally, uncached: bool, seed: int) -> None:
    """One reader, who drags a slider of each figure in turn; if `uncached`, in states that are new."""
    draw = random.Random(1000 * seed + number)
    await asyncio.sleep(draw.random() * EVERY)
    connection, width = Connection(port), draw.choice(WIDTHS)
    turn = draw.randrange(len(SLIDERS))
    for figure, name in SLIDERS[turn:] + SLIDERS[:turn]:
        is_new = uncached and figure in ("storm-telegraph", "storm-guess")
        storms = f"&p11={draw.uniform(0.2, 0.99):.12g}" if is_new else ""
        address = f"/figures/{figure}.json?{{}}{storms}&{FIELDS}&_width={width}"
        texts = positions(bounds[name], uncached, draw)
        await drag(connection, (address.format(f"{name}={text}") for text in texts), tally)
    connection.close()


def positions(slider: dict, uncached: bool, draw: random.Random) -> Iterator[str]:
    """The values that a slider is dragged over, to and fro, as the page writes them into an address."""
    low, step = slider["low"], slider["step"]
    last = round((slider["high"] - low) / step)
    at, pace = draw.randrange(last + 1), draw.choice((-1, 1)) * max(1, round(last * draw.uniform(0.01, 0.06)))
    while True:
        pace = -pace if not 0 <= at + pace <= last else pace
        at = min(max(at + pace, 0), last)
        between = draw.uniform(0, 0.4) if uncached and at < last else 0
        text = f"{low + (at + between) * step:.12g}"
        yield text[1:] if text.startswith("0.") else text


async def drag(connection: Connection, addresses: Iterator[str], tally: Tally) -> None:
    """Two seconds of events; one request is in flight at a time, and then the latest address is next."""
    start, events, total = time.perf_counter(), 0, round(EACH / EVERY)
    while events < total:
        await asyncio.sleep(max(0, start + events * EVERY - time.perf_counter()))
        due = min(total, int((time.perf_counter() - start) / EVERY) + 1)
        latest = [next(addresses) for _ in range(events, due)][-1]
        await request(connection, latest, [start + event * EVERY for event in range(events, due)], tally)
        events = due


async def request(connection: Connection, path: str, events: list[float], tally: Tally) -> None:
    begun = time.perf_counter()
    try:
        status, head, _ = await connection.get(path)
    except (OSError, EOFError, asyncio.IncompleteReadError) as error:
        connection.close()
        return tally.errors.append(repr(error))
    now = time.perf_counter()
    if status != 200:
        return tally.errors.append(str(status))
    tally.cached += b"desc=kept" in head
    tally.answered.append(1000 * (now - begun))
    tally.seen += [1000 * (now - event) for event in events]


async def train(port: int, which: int, tally: Tally, seeds) -> None:
    """Train again and again, each time with a new seed; counts steps, since few end in ten seconds."""
    while True:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
        path, step = TRAININGS[which].format(next(seeds)), 0
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        try:
            async for line in reader:
                if found := STEP.search(line):
                    tally.steps += max(0, int(found[1]) - step)
                    step = int(found[1])
                tally.trained += line.startswith(b"event: done")
        finally:
            writer.close()
        await asyncio.sleep(0 if step else 1)


async def export(port: int, tally: Tally, draw: random.Random) -> None:
    connection = Connection(port)
    while True:
        status, _, _ = await connection.get(
            f"/figures/storm-telegraph.png?bits_a={draw.random():.6f}&_width=1000"
        )
        tally.exported += status == 200


async def crowd(
    port: int, bounds: dict, readers: int, uncached: bool = False, beside: bool = False, seed: int = 0
) -> Tally:
    """Ten seconds of all readers, optionally beside two trainings and two exports."""
    tally, seeds = Tally(), iter(range(1 + 10 * seed, 100))
    others = []
    if beside:
        others = [
            asyncio.ensure_future(work)
            for work in (
                train(port, 0, tally, seeds),
                train(port, 1, tally, seeds),
                export(port, tally, random.Random(seed)),
                export(port, tally, random.Random(-seed - 1)),
            )
        ]
        await asyncio.sleep(1)
    await asyncio.gather(*(read(port, number, bounds, tally, uncached, seed) for number in range(readers)))
    for other in others:
        other.cancel()
    for failed in await asyncio.gather(*others, return_exceptions=True):
        if isinstance(failed, Exception) and not isinstance(failed, asyncio.CancelledError):
            tally.errors.append(repr(failed))
    return tally
