"""Load test: `make load` starts the server on loopback and drags the sliders of 200 readers at once.

Each reader does what the page does: ten events a second, one request in flight, then the latest
state. Readers drag one slider of each of five figures in turn, two seconds each, at the page's own
steps and in a few window widths. Readers and server share the cores, so the server's CPU time is
printed beside theirs. Then the same readers come to a server that starts again with the states on disk,
to one that had time to warm up, and to two worker processes. `make load MINUTES=5` goes on for longer and
watches the memory; READERS=20 IDLE=5 in the environment makes a short trial.
"""

import asyncio
import json
import os
import re
import tempfile
import time
from collections import Counter
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path

from tests.first_essay import ESSAY
from tests.live_server import COMMAND, LiveServer, live_server
from tests.readers import Tally, crowd

COLUMNS = (
    "10 seconds",
    "responses",
    "cached",
    "median ms",
    "p95",
    "max",
    "p95 from event to picture",
    "errors",
    "server's CPU",
    "readers' CPU",
    "MB",
)


def family(processes: list[int]) -> list[int]:
    """Some processes and all that they have started."""
    found: list[int] = []
    for pid in processes:
        children: list[int] = []
        for task in Path(f"/proc/{pid}/task").iterdir():
            with suppress(FileNotFoundError):  # a thread that has ended meanwhile
                children += [int(child) for child in (task / "children").read_text().split()]
        found += [pid, *family(children)]
    return found


def usage(processes: list[int]) -> tuple[float, float]:
    """Processor seconds and resident megabytes of some processes and all that they have started."""
    processes = family(processes)
    ticks = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in processes]
    pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in processes)
    seconds = sum(int(fields[11]) + int(fields[12]) for fields in ticks) / os.sysconf("SC_CLK_TCK")
    return seconds, pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def wait_until_idle(processes: list[int], longest: float) -> tuple[float, float]:
    """Wait until some processes have nothing left to do: seconds, and processor seconds."""
    start, begun = time.perf_counter(), usage(processes)[0]
    before = -1.0
    while (now := usage(processes)[0]) > before + 0.1 and time.perf_counter() < start + longest:
        before = now
        time.sleep(4)
    return time.perf_counter() - start, now - begun


def quantile(values: list[float], share: float) -> str:
    """A quantile in whole milliseconds, a dash without values."""
    return f"{sorted(values)[min(int(len(values) * share), len(values) - 1)]:.0f}" if values else "–"


def row(name: str, tally: Tally, cpu: float, own_cpu: float, seconds: float, memory: float) -> None:
    """Print the results of all readers as a row of a Markdown table."""
    cached = 100 * tally.cached / max(1, len(tally.answered))
    cells = (
        name,
        f"{len(tally.answered):,}",
        f"{cached:.0f} %",
        *(quantile(tally.answered, share) for share in (0.5, 0.95, 1)),
        quantile(tally.seen, 0.95),
        len(tally.errors),
        f"{100 * cpu / seconds:.0f} %",
        f"{100 * own_cpu / seconds:.0f} %",
        f"{memory:.0f}",
    )
    print(f"| {' | '.join(map(str, cells))} |", flush=True)
    if tally.errors:
        print(f"  errors: {dict(Counter(tally.errors))}", flush=True)
    if tally.steps or tally.exported:
        trained = f"{tally.steps:,} steps of training, {tally.trained} trainings to their end"
        print(f"  beside {trained}, and {tally.exported} exports", flush=True)


def measure(server: LiveServer, name: str, run: Coroutine[None, None, Tally]) -> None:
    """Let readers come, and print their row."""
    processes = [server.process.pid]
    cpu, own_cpu, start = usage(processes)[0], time.process_time(), time.perf_counter()
    tally = asyncio.run(run)
    seconds = time.perf_counter() - start
    used, memory = usage(processes)
    row(name, tally, used - cpu, time.process_time() - own_cpu, seconds, memory)


def slider_bounds(server: LiveServer) -> dict:
    """The sliders of the first essay by name, as its page declares them."""
    page = server.get(ESSAY + "?load=1", timeout=120)[2].decode()
    return json.loads(re.search(r'id="parameters"[^>]*>(.*?)</script>', page, re.DOTALL)[1])


def load_new_server(readers: int, minutes: float) -> None:
    """Readers of a server that has just started: again, beside long work, in new states, for some minutes."""
    with live_server(command=COMMAND, INFODECOMP_AHEAD=1, WORKERS=os.environ.get("WORKERS") or 1) as server:
        bounds, port = slider_bounds(server), server.port
        memory = usage([server.process.pid])[1]
        load = f"load {os.getloadavg()[0]:.1f}"
        print(f"{readers} readers, {os.cpu_count()} cores, {load}, {memory:.0f} MB at the start\n")
        print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}")
        measure(server, "a server that has just started", crowd(port, bounds, readers))
        measure(server, "other readers, the same page", crowd(port, bounds, readers, seed=1))
        measure(
            server, "beside two trainings and two exports", crowd(port, bounds, readers, beside=True, seed=2)
        )
        measure(server, "each in states of their own", crowd(port, bounds, readers, uncached=True, seed=3))
        start, seed = time.perf_counter(), 4
        while (elapsed := (time.perf_counter() - start) / 60) < minutes:
            readers_in_new_states = crowd(port, bounds, readers, uncached=seed % 3 == 0, seed=seed)
            measure(server, f"minute {elapsed:.1f}", readers_in_new_states)
            seed += 1


def load_warm_servers(readers: int, idle: float) -> None:
    """Readers of a server that had time to warm up, and of two worker processes."""
    for workers, label in ((1, ""), (2, "two workers: ")):
        with live_server(command=COMMAND, INFODECOMP_AHEAD=1, WORKERS=workers) as server:
            bounds, port = slider_bounds(server), server.port
            seconds, cpu = wait_until_idle([server.process.pid], idle)
            measure(server, f"{label}idle before, for {seconds:.0f} s", crowd(port, bounds, readers))
            print(f"  the warm-up took {cpu:.0f} CPU s", flush=True)
            if workers > 1:
                run = crowd(port, bounds, readers, uncached=True, seed=3)
                measure(server, f"{label}each in states of their own", run)


def load_restarted_server(readers: int) -> None:
    """Readers of a server that starts with the states on disk for which other readers have asked before."""
    with tempfile.TemporaryDirectory() as folder:
        disk = {"XDG_CACHE_HOME": folder, "INFODECOMP_DISK_CACHE_BYTES": 2**28}
        for seed, label in enumerate(("nothing on disk yet", "started again, for other readers")):
            with live_server(command=COMMAND, INFODECOMP_AHEAD=1, WORKERS=2, **disk) as server:
                bounds, port = slider_bounds(server), server.port
                measure(server, f"two workers: {label}", crowd(port, bounds, readers, seed=seed))


if __name__ == "__main__":
    count = int(os.environ.get("READERS") or 200)
    load_new_server(count, float(os.environ.get("MINUTES") or 0))
    load_restarted_server(count)
    load_warm_servers(count, float(os.environ.get("IDLE") or 400))
