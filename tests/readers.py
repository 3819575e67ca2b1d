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


class Connection:
    """A connection that is kept, as a browser keeps it."""

    def __init__(self, port: int):
        self.port, self._streams = port, None

    async def get(self, path: str) -> tuple[int, bytes, bytes]:
        """Status, head and body."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self.port, limit=2**20)
        reader, writer = self._streams
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            "Accept-Encoding: gzip, deflate, br\r\n\r\n".encode()
        )
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.I)
        body = await (reader.readexactly(int(length[1])) if length else reader.read())
        if not length or b"connection: close" in head.lower():
            self.close()
        return int(head[9:12]), head, body

    def close(self) -> None:
        if self._streams:
            self._streams[1].close()
            self._streams = None


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
    start, events = time.perf_counter(), 0
    in_flight: asyncio.Future | None = None
    pending: list[float] = []
    latest = ""
    while events < EACH / EVERY or in_flight or pending:
        due = start + events * EVERY
        if events < EACH / EVERY and time.perf_counter() >= due:
            latest = next(addresses)
            pending.append(due)
            events += 1
        if in_flight is None and pending:
            in_flight = asyncio.ensure_future(request(connection, latest, pending, tally))
            pending = []
        wait = max(0, start + events * EVERY - time.perf_counter()) if events < EACH / EVERY else None
        if in_flight:
            await asyncio.wait({in_flight}, timeout=wait)
            in_flight = None if in_flight.done() else in_flight
        else:
            await asyncio.sleep(wait or 0)


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
