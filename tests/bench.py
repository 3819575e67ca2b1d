"""Benchmarks: `make bench` prints medians and 95th percentiles in milliseconds, all from one run."""

import itertools
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch

from infodecomp.explorable import Range
from infodecomp.web.services import get_services
from tests import bench_board, bench_science
from tests.conftest import CHROMIUM, find_chromium
from tests.first_essay import ESSAY

FIELDS = "_fields=svg,texts,voice,description_html,parameters"

INPUT_TO_PAINT = """async ([parameter, figure, low, high, times]) => {
    const input = document.querySelector(`#${figure} input[data-parameter="${parameter}"]`)
        ?? document.querySelector(`input[data-parameter="${parameter}"]`)
    const picture = document.querySelector(`#${figure} .drawn`)
    document.querySelector(`#${figure}`).scrollIntoView({ block: 'center', behavior: 'instant' })
    await new Promise(done => setTimeout(done, 400))
    const taken = []
    for (let i = 0; i < times; i++) {
        input.value = low + (high - low) * ((i * 0.618034) % 1)
        const start = performance.now()
        const painted = new Promise(done => {
            const seen = new MutationObserver(() => {
                seen.disconnect()
                requestAnimationFrame(() => {
                    const { port1, port2 } = new MessageChannel()
                    port2.onmessage = done
                    port1.postMessage(0)
                })
            })
            seen.observe(picture, { childList: true })
        })
        input.dispatchEvent(new Event('input', { bubbles: true }))
        // a position that was shown before may leave the picture as it is
        if (await Promise.race([painted, new Promise(done => setTimeout(done, 4000, 'late'))]) !== 'late') {
            taken.push(performance.now() - start)
        }
        await new Promise(done => setTimeout(done, 60 + 17 * Math.random()))
    }
    return taken
}"""


def sample(work: Callable[[int], object], times: int = 60, warm: int = 5) -> list[float]:
    """Milliseconds of each of `times` calls; each call gets its number, so that it can vary its request."""
    for i in range(warm):
        work(-i - 1)
    taken = []
    for i in range(times):
        start = time.perf_counter()
        work(i)
        taken.append(1000 * (time.perf_counter() - start))
    return taken


def row(name: str, taken: list[float], aim: str = "") -> None:
    ordered = sorted(taken)
    median, p95 = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
    print(f"| {name:<58} | {median:8.2f} | {p95:8.2f} | {aim:<12} |", flush=True)


def server(app) -> None:
    client = app.test_client()
    fresh = itertools.count()
    row(
        "request, new storms (storm-telegraph)",
        sample(
            lambda i: client.get(f"/figures/storm-telegraph.json?p11={0.3 + next(fresh) * 1e-4:.4f}&{FIELDS}")
        ),
        "15",
    )
    row(
        "request, new bits (storm-telegraph)",
        sample(
            lambda i: client.get(
                f"/figures/storm-telegraph.json?bits_a={0.3 + next(fresh) * 1e-4:.4f}&{FIELDS}"
            )
        ),
        "15",
    )
    row(
        "request, asked before",
        sample(lambda i: client.get(f"/figures/storm-telegraph.json?bits_a=.5&{FIELDS}")),
        "1",
    )
    row("the essay, asked before", sample(lambda i: client.get(ESSAY, headers={"Accept-Encoding": "br"})))
    row(
        "the essay, in a new state",
        sample(lambda i: client.get(f"{ESSAY}?bits_a={0.3 + next(fresh) * 1e-4:.4f}"), 20),
    )


def figures(app) -> None:
    """A request for a new state of each figure: its first range moves a little each time."""
    client = app.test_client()
    for figure in get_services(app).site.library.figures.values():
        moving = next((p for p in figure.parameters if isinstance(p, Range) and not p.whole), None)
        if not figure.has("draw") or moving is None:
            continue
        span = moving.high - moving.low
        row(
            f"request, new {moving.name} ({figure.name})",
            sample(
                lambda i, f=figure, p=moving, w=span: client.get(
                    f"/figures/{f.name}.json?{p.name}="
                    f"{p.low + w * (0.3 + 0.004 * (i % 100) + 1e-6 * i):.6f}&{FIELDS}"
                ),
                30,
            ),
            "15",
        )


def exports(app) -> None:
    """Exports of new states; the converter processes are running already."""
    client = app.test_client()
    fresh = itertools.count()

    def asked(address: str):
        return client.get(address.format(0.3 + next(fresh) * 1e-4))

    aims = {"svg": "5", "pdf": "60", "png": "400"}
    for kind, name, moving in itertools.product(
        aims, ("storm-telegraph", "storm-information-terms"), ("p11",)
    ):
        row(
            f"{kind.upper()}, new {moving} ({name})",
            sample(lambda i, k=kind, n=name, m=moving: asked(f"/figures/{n}.{k}?{m}={{:.4f}}"), 30),
            aims[kind],
        )
    row(
        "PNG, 1920 by 1080 (storm-telegraph)",
        sample(lambda i: asked("/figures/storm-telegraph.png?_width=1920&_height=1080&bits_a={:.4f}"), 12),
        aims["png"],
    )
    first = []

    def film(i: int) -> None:
        start = time.perf_counter()
        reply = asked("/figures/storm-telegraph.gif?vary=bits_a&frames=40&p11={:.4f}")
        first.append(1000 * (time.perf_counter() - start))
        assert len(reply.data) > 10_000  # it flows until here

    whole = sample(film, 5, 1)
    row("GIF of 40 frames (storm-telegraph), its first", first[1:])
    row("GIF of 40 frames (storm-telegraph), all of it", whole)


def sizes(app) -> None:
    client = app.test_client()
    print("\n| bytes | raw | brotli | gzip |\n|---|---|---|---|")

    def measured(name: str, address: str) -> list[int]:
        plain, *packed = (
            len(client.get(address, headers={"Accept-Encoding": way}).data)
            for way in ("identity", "br", "gzip")
        )
        print(f"| {name} | {plain:,} | {packed[0]:,} | {packed[1]:,} |")
        return packed

    page = client.get(ESSAY).text
    sent = [measured("the essay", ESSAY)]
    sent += [
        measured(name, f"/static/{name}")
        for name in sorted(os.listdir("static"))
        if re.search(rf'(src|href)="/static/{name}', page)
    ]
    fonts = ("math", "serif", "serif-italic", "sans")
    sent += [measured(f"the font {name}", f"/fonts/{name}.woff2") for name in fonts]
    brotli, gzip = map(sum, zip(*sent, strict=True))
    print(f"| all of them, {len(sent)} requests | | {brotli:,} | {gzip:,} |")
    measured("one picture of storm-telegraph", f"/figures/storm-telegraph.json?{FIELDS}")
    print()


@contextmanager
def served() -> Iterator[str]:
    """The address of a server in a process of its own, as `make serve` runs it."""
    web = subprocess.Popen(
        [sys.executable, "app.py"],
        env=os.environ
        | {
            "PORT": "0",
            "HOST": "127.0.0.1",
            "INFODECOMP_LOG": "0",
            "INFODECOMP_AHEAD": "0",
            "INFODECOMP_DISK_CACHE_BYTES": "0",
        },
        text=True,
        stdout=subprocess.PIPE,
    )
    try:
        yield next(iter(web.stdout)).split()[4].rstrip("/")
    finally:
        web.terminate()
        web.wait(30)  # on a busy machine


def browser() -> None:
    """What a reader sees in a Chromium beside the server."""
    from playwright.sync_api import sync_playwright

    with served() as address, sync_playwright() as playwright:
        _in_chromium(playwright, address)


def copy() -> None:
    """A figure exported into a file, opened from disk with no network."""
    from click.testing import CliRunner
    from playwright.sync_api import sync_playwright

    from infodecomp.cli.export import export

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        start = time.process_time()
        made = CliRunner().invoke(
            export, [ESSAY.rpartition("/")[2], f"{folder}/copy.html", "--only", "storm-guess"]
        )
        if made.exit_code:
            raise SystemExit(made.output)
        seconds = time.process_time() - start
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM)
        page = chromium.new_context(viewport={"width": 1280, "height": 900}, offline=True).new_page()
        page.goto(f"file://{folder}/copy.html")
        for parameter, low, high in (("guess", 0, 1), ("p11", 0.2, 0.99)):
            row(
                f"input to paint, from a file: {parameter} -> storm-guess",
                page.evaluate(INPUT_TO_PAINT, [parameter, "storm-guess", low, high, 60]),
            )
        chromium.close()
        print(
            f"\nThe export of storm-guess: {seconds:.1f} CPU s, "
            f"{os.path.getsize(f'{folder}/copy.html'):,} bytes"
        )


def _in_chromium(playwright, address: str) -> None:
    chromium = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM)
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.goto(address + ESSAY)
    for parameter, figure, low, high, aim in MOVES:
        if (
            page.locator(f'input[data-parameter="{parameter}"]').count()
            and page.locator(f"#{figure}").count()
        ):
            taken = page.evaluate(INPUT_TO_PAINT, [parameter, figure, low, high, 60])
            row(f"input to paint: {parameter} -> {figure}", taken, aim)
            if figure == "storm-telegraph":
                row(
                    f"input to paint, asked before: {parameter} -> {figure}",
                    page.evaluate(INPUT_TO_PAINT, [parameter, figure, low, high, 60]),
                )
    loads = []
    for _ in range(12):
        fresh = chromium.new_context().new_page()
        fresh.goto(address + ESSAY)
        loads.append(fresh.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"))
        fresh.context.close()
    row("the page is ready", loads, "500")
    bench_board.in_browser(chromium, address)
    print(f"\nDOM nodes: {page.evaluate('document.querySelectorAll(`*`).length')}")
    chromium.close()


MOVES = [
    ("p11", "storm-telegraph", 0.2, 0.99, "20 (33)"),
    ("bits_a", "storm-telegraph", 0, 1, "20 (33)"),
    ("bits_line", "telegraph-line", 0.05, 1, "17"),
    ("guess", "storm-guess", 0, 1, ""),
    ("bits", "bike-distinctions", 1, 15, "25 (40)"),
    ("bits", "tabular-decomp", 1, 15, "25 (40)"),
    ("bits", "bike-week", 1, 15, "40 (60)"),
    ("bits", "bike-ask", 1, 15, "25 (40)"),
]


def main() -> None:
    torch.set_num_threads(1)
    from infodecomp.web.factory import create_app

    app = create_app({"LOG": 0, "RATE": 10**6})
    print(
        f"Python {platform.python_version()}, torch {torch.__version__}, {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f}\n"
    )
    print(
        f"| {'milliseconds, n = 60':<58} | {'median':>8} | {'p95':>8} | {'aim':<12} |\n"
        f"|{'-' * 60}|{'-' * 10}|{'-' * 10}|{'-' * 14}|"
    )
    bench_science.alone(get_services(app).site.library)
    server(app)
    figures(app)
    exports(app)
    bench_board.alone(get_services(app).site.library)
    if find_chromium():
        browser()
        copy()
    sizes(app)


if __name__ == "__main__":
    main()
