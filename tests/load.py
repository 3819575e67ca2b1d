"""Load test: `make load` starts the server on loopback and drags the sliders of 200 readers at once.

Each reader does what the page does: ten events a second, one request in flight, then the latest
state. Readers drag one slider of each of five figures in turn, two seconds each, at the page's own
steps and in a few window widths. Readers and server share the cores, so the server's CPU time is
printed beside theirs. Then the same readers come to a server that had time to warm up, and to two
worker processes. `make load MINUTES=5` goes on for longer and watches the memory.
"""

import asyncio
import json
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.first_essay import ESSAY

ROOT = Path(__file__).parent.parent
FIELDS = "_fields=svg%2Ctexts%2Cvoice%2Cdescription%2Cparameters"  # as the page asks
SLIDERS = (
    ("storm-telegraph", "bits_a"),
    ("telegraph-line", "bits_line"),
    ("storm-guess", "guess"),
    ("bike-distinctions", "bits"),
    ("board-distinctions", "budget_board"),
)
WIDTHS = (640, 640, 640, 620, 370, 350)
READERS, EVERY, EACH = 200, 0.1, 2.0  # readers; seconds between events; seconds on each figure
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
    kept: int = 0
    trained: int = 0
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


async def read(port: int, number: int, bounds: dict, tally: Tally, own: bool, seed: int) -> None:
    """One reader. own: in a world of his own, where nobody has asked before."""
    draw = random.Random(1000 * seed + number)
    await asyncio.sleep(draw.random() * EVERY)
    line, width = Connection(port), draw.choice(WIDTHS)
    turn = draw.randrange(len(SLIDERS))
    for figure, name in SLIDERS[turn:] + SLIDERS[:turn]:
        world = (
            f"&p11={draw.uniform(0.2, 0.99):.12g}"
            if own and figure in ("storm-telegraph", "storm-guess")
            else ""
        )
        await drag(
            line,
            f"/figures/{figure}.json?{{}}{world}&{FIELDS}&_width={width}",
            name,
            bounds[name],
            tally,
            own,
            draw,
        )
    line.close()


async def drag(
    line: Connection, address: str, name: str, slider: dict, tally: Tally, own: bool, draw: random.Random
) -> None:
    steps = round((slider["high"] - slider["low"]) / slider["step"])
    at, pace = (
        draw.randrange(steps + 1),
        draw.choice((-1, 1)) * max(1, round(steps * draw.uniform(0.01, 0.06))),
    )
    start, events, flying, pending = time.perf_counter(), 0, None, []
    while events < EACH / EVERY or flying or pending:
        due = start + events * EVERY
        if events < EACH / EVERY and time.perf_counter() >= due:
            pace = -pace if not 0 <= at + pace <= steps else pace
            at = min(max(at + pace, 0), steps)
            pending.append(due)
            events += 1
        if flying is None and pending:
            value = (
                slider["low"]
                + at * slider["step"]
                + (draw.uniform(0, 0.4) * slider["step"] if own and at < steps else 0)
            )
            flying = asyncio.ensure_future(
                ask(line, address.format(f"{name}={written(value)}"), pending, tally)
            )
            pending = []
        wait = max(0, start + events * EVERY - time.perf_counter()) if events < EACH / EVERY else None
        if flying:
            await asyncio.wait({flying}, timeout=wait)
            flying = None if flying.done() else flying
        else:
            await asyncio.sleep(wait or 0)


def written(value: float) -> str:
    """A number as the page writes it into an address."""
    text = f"{value:.12g}"
    return text[1:] if text.startswith("0.") else text


async def ask(line: Connection, path: str, events: list[float], tally: Tally) -> None:
    begun = time.perf_counter()
    try:
        status, head, _ = await line.get(path)
    except (OSError, EOFError, asyncio.IncompleteReadError) as error:
        line.close()
        return tally.errors.append(repr(error))
    now = time.perf_counter()
    if status != 200:
        return tally.errors.append(str(status))
    tally.kept += b"desc=kept" in head
    tally.answered.append(1000 * (now - begun))
    tally.seen += [1000 * (now - event) for event in events]


async def train(port: int, which: int, tally: Tally, seeds) -> None:
    """Trains again and again, each time with a seed that nobody had."""
    while True:
        status, _, body = await Connection(port).get(TRAININGS[which].format(next(seeds)))
        tally.trained += status == 200 and b"event: done" in body
        await asyncio.sleep(0 if status == 200 else 1)


async def export(port: int, tally: Tally, draw: random.Random) -> None:
    line = Connection(port)
    while True:
        status, _, _ = await line.get(f"/figures/storm-telegraph.png?bits_a={draw.random():.6f}&_width=1000")
        tally.exported += status == 200


async def crowd(
    ports: list[int], bounds: dict, own: bool = False, beside: bool = False, seed: int = 0
) -> Tally:
    """Ten seconds of all readers, optionally beside two trainings and two exports."""
    port = ports[0]
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
    await asyncio.gather(
        *(read(ports[number % len(ports)], number, bounds, tally, own, seed) for number in range(READERS))
    )
    for other in others:
        other.cancel()
    for failed in await asyncio.gather(*others, return_exceptions=True):
        if isinstance(failed, Exception) and not isinstance(failed, asyncio.CancelledError):
            tally.errors.append(repr(failed))
    return tally


@contextmanager
def server(workers: int) -> Iterator[tuple[list[int], list[int]]]:
    """The server as it is documented, with some worker processes: its process, and its port."""
    process = subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | {"PORT": "0", "HOST": "127.0.0.1", "WORKERS": str(workers)},
    )
    try:
        yield [process.pid], [int(re.search(r":(\d+)/", process.stdout.readline())[1])]
    finally:
        process.terminate()
        process.wait(30)


def family(processes: list[int]) -> list[int]:
    """Some processes and all that they have started."""
    found: list[int] = []
    for pid in processes:
        tasks = Path(f"/proc/{pid}/task").iterdir()
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
        found += [pid, *family(children)]
    return found


def usage(processes: list[int]) -> tuple[float, float]:
    """Processor seconds and resident megabytes of some processes and all that they have started."""
    processes = family(processes)
    ticks = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in processes]
    pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in processes)
    seconds = sum(int(fields[11]) + int(fields[12]) for fields in ticks) / os.sysconf("SC_CLK_TCK")
    return seconds, pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def left_alone(processes: list[int], most: float = 400) -> tuple[float, float]:
    """Wait until they have nothing to do any more: seconds, and processor seconds."""
    start, begun = time.perf_counter(), usage(processes)[0]
    before = -1.0
    while (now := usage(processes)[0]) > before + 0.1 and time.perf_counter() < start + most:
        before = now
        time.sleep(4)
    return time.perf_counter() - start, now - begun


def row(name: str, tally: Tally, cpu: float, mine: float, seconds: float, memory: float) -> None:
    def at(values, part):
        return f"{sorted(values)[min(int(len(values) * part), len(values) - 1)]:.0f}" if values else "–"

    print(
        f"| {name} | {len(tally.answered):,} | {100 * tally.kept / max(1, len(tally.answered)):.0f} % "
        f"| {at(tally.answered, 0.5)} | {at(tally.answered, 0.95)} | {at(tally.answered, 1)} "
        f"| {at(tally.seen, 0.95)} | {len(tally.errors)} | {100 * cpu / seconds:.0f} % | "
        f"{100 * mine / seconds:.0f} % | {memory:.0f} |",
        flush=True,
    )
    if tally.errors:
        print(f"  errors: { {one: tally.errors.count(one) for one in set(tally.errors)} }")


def measured(processes: list[int], name: str, run) -> Tally:
    cpu, mine, start = usage(processes)[0], time.process_time(), time.perf_counter()
    tally = asyncio.run(run)
    seconds = time.perf_counter() - start
    row(name, tally, usage(processes)[0] - cpu, time.process_time() - mine, seconds, usage(processes)[1])
    if tally.trained or tally.exported:
        print(
            f"  meanwhile {tally.trained} trainings ended and {tally.exported} pictures were exported",
            flush=True,
        )
    return tally


async def page(port: int) -> str:
    _, _, body = await Connection(port).get(ESSAY + "?load=1")
    import brotli

    return brotli.decompress(body).decode()


def main(minutes: float) -> None:
    with server(int(os.environ.get("WORKERS") or 1)) as (web, ports):
        bounds = json.loads(
            re.search(r'id="parameters"[^>]*>(.*?)</script>', asyncio.run(page(ports[0])), re.S)[1]
        )
        print(
            f"{READERS} readers, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, "
            f"{usage(web)[1]:.0f} MB at the start\n"
        )
        print(
            "| 10 seconds | responses | cached | median ms | p95 | max | p95 from event to picture | errors "
            "| server's CPU | readers' CPU | MB |"
        )
        print("|---|---|---|---|---|---|---|---|---|---|---|")
        measured(web, "a server that has just started", crowd(ports, bounds))
        measured(web, "other readers, the same page", crowd(ports, bounds, seed=1))
        measured(web, "beside two trainings and two exports", crowd(ports, bounds, beside=True, seed=2))
        measured(web, "each in a world of his own", crowd(ports, bounds, own=True, seed=3))
        end, seed = time.perf_counter() + 60 * minutes, 4
        while time.perf_counter() < end:
            measured(
                web,
                f"minute {minutes - (end - time.perf_counter()) / 60:.1f}",
                crowd(ports, bounds, own=seed % 3 == 0, seed=seed),
            )
            seed += 1
    for count, told in ((1, ""), (2, "two workers: ")):
        with server(count) as (web, ports):
            seconds, cpu = left_alone(web)
            measured(web, f"{told}left alone before, for {seconds:.0f} s", crowd(ports, bounds))
            print(f"  which took {cpu:.0f} CPU s", flush=True)
            if count > 1:
                measured(web, f"{told}each in a world of his own", crowd(ports, bounds, own=True, seed=3))


if __name__ == "__main__":
    main(float(os.environ.get("MINUTES") or 0))
