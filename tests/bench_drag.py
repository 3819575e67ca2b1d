"""Drags in a browser near the server and far from it: pictures a second, and the lag of the handle.

    make bench-drag LATENCY=80

Far means behind a proxy on loopback that holds everything back for half of the latency in each direction.
The values of a drag are all different, so no picture is shown twice.
"""

import asyncio
import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from playwright.sync_api import sync_playwright

from tests.conftest import CHROMIUM, find_chromium
from tests.first_essay import ESSAY
from tests.live_server import live_server

EVENTS, INTERVAL = 60, 16  # the events of a drag, and the milliseconds between them
SLIDERS = {
    "storm slider": ("#storm-probability-sliders-p11", "#storm-telegraph-2"),
    "telegraph line": ("#telegraph-line-bits_line", "#telegraph-line"),
    "bikes": ("#bike-distinctions-bits", "#bike-distinctions"),
}
# Moves a slider upwards and counts the pictures that its figure shows.
DRAG = """async ([slider, figure, events, interval]) => {
    const input = document.querySelector(slider), picture = document.querySelector(`${figure} .drawn`)
    const pictures = []
    const watch = new MutationObserver(() => pictures.push(performance.now()))
    watch.observe(picture, { childList: true })
    const { min, max, step } = input
    const start = +min + (max - min) * .2
    const first = performance.now()
    let last = first
    for (let i = 0; i < events; i++) {
        input.value = start + i * Math.max(+step, (max - min) * .6 / events)
        input.dispatchEvent(new Event('input', { bubbles: true }))
        last = performance.now()
        await new Promise(done => setTimeout(done, interval - (performance.now() - first) % interval))
    }
    for (let quiet = 0; quiet < 10; quiet++) {
        const before = pictures.length
        await new Promise(done => setTimeout(done, 100))
        if (pictures.length > before) quiet = 0
    }
    watch.disconnect()
    const during = pictures.filter(time => time <= last)
    return {
        'pictures a second': during.length / (last - first) * 1000,
        'last picture, ms after the last event': pictures.at(-1) - last,
    }
}"""
# How many frames pass until the handle is where the pointer is.
HANDLE = """() => new Promise(done => {
    const target = () => document.querySelector('.picture .handle .target').getBoundingClientRect()
    let moved = 0, frames = 0, before = target().x
    document.addEventListener('pointermove', () => {
        if (moved++) return
        const frame = () => { frames++; target().x === before ? requestAnimationFrame(frame) : done(frames) }
        requestAnimationFrame(frame)
    })
})"""


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: float) -> None:
    """Pass on what comes in, each piece some seconds later."""
    loop = asyncio.get_running_loop()
    with suppress(ConnectionError):
        while data := await reader.read(65536):
            loop.call_later(delay, writer.write, data)
    loop.call_later(delay, writer.close)


@contextmanager
def far_away(port: int, latency: float) -> Iterator[int]:
    """The port of a proxy in front of a port; `latency` is in seconds, for both directions together."""
    loop = asyncio.new_event_loop()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(_pipe(reader, there[1], latency / 2), _pipe(there[0], writer, latency / 2))

    server = loop.run_until_complete(asyncio.start_server(connect, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)


def measure(port: int) -> dict[str, dict[str, float]]:
    """Drag each slider, and the handle of the bits guessed, in a page from a port."""
    found = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"http://127.0.0.1:{port}{ESSAY}")
        for name, (slider, figure) in SLIDERS.items():
            page.locator(figure).scroll_into_view_if_needed()
            page.wait_for_selector(f"{figure} .picture:not(.pending) .drawn svg")
            page.wait_for_load_state("networkidle")
            found[name] = page.evaluate(DRAG, [slider, figure, EVENTS, INTERVAL])
        page.goto(f"http://127.0.0.1:{port}/embed/storm-guess")
        page.wait_for_load_state("networkidle")  # one of the two pictures is left
        box = page.locator(".picture .handle .target").bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.evaluate(f"window.handle = ({HANDLE})(); null")
        page.mouse.move(x + 40, y)
        found["handle"] = {"frames behind the pointer": page.evaluate("window.handle")}
        browser.close()
    return found


def main() -> None:
    latency = float(sys.argv[1]) if len(sys.argv) > 1 else 0
    with live_server() as server, far_away(server.port, latency / 1000) as port:
        found = measure(port if latency else server.port)
    for name, numbers in found.items():
        print(name, json.dumps({key: round(value, 1) for key, value in numbers.items()}))


if __name__ == "__main__":
    main()
