"""CPU time of new states of the figures of an essay: `make bench-states ESSAY=which-neurons-matter`.

For each figure, one row for the state that it opens in, as the first request of a fresh process that has
served another figure; one for its choices, each value asked for once; and one for each slider, over fifteen
positions that are in no cache, while the choices of the figure change at random. A request is what a page
sends when a slider moves, and the time is that of all threads of the process.

`make bench-states ESSAY=which-neurons-matter ARGS=--browser` opens the page in Chromium instead and drags the
first slider of each figure: milliseconds from the input to the paint of the new picture.
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator

import torch
from flask.testing import FlaskClient

from infodecomp.explorable import CellGrid
from infodecomp.explorable.figures.figure import Figure
from infodecomp.explorable.figures.parameters import Parameter, write_query
from infodecomp.web.services import get_services
from infodecomp.web.warmup import PAGE_FIELDS
from tests.bench import INPUT_TO_PAINT, served
from tests.conftest import CHROMIUM, find_chromium

DEFAULT = "deterministic-networks"
WARM_UP = "storm-telegraph"  # of another essay: loads what all figures need
POSITIONS, TIMES = 15, 5
MOVES, WARM_MOVES = 40, 3  # of a slider in a browser
GOLDEN = 0.6180339887  # its multiples modulo 1 are spread evenly
AIM = 15  # CPU milliseconds
PAINT_AIM = 40  # milliseconds from input to paint


def ask(client: FlaskClient, figure: Figure, state: dict) -> float:
    """CPU milliseconds of the request for a state."""
    query = write_query(figure.parameters, state)
    start = time.process_time()
    reply = client.get(f"/figures/{figure.name}.json?_fields={PAGE_FIELDS}&_width=640&{query}")
    taken = 1000 * (time.process_time() - start)
    assert reply.status_code == 200, (figure.name, query, reply.text)
    return taken


def opening(figure: Figure) -> dict:
    """The state that a figure opens in."""
    return {parameter.name: parameter.default for parameter in figure.parameters}


def shown(figure: Figure, parameter: Parameter, state: dict) -> dict:
    """The state with the choice under which a parameter has a control."""
    while parameter.active_when:
        name, value = parameter.active_when
        state = state | {name: value}
        parameter = next(p for p in figure.parameters if p.name == name)
    return state


def choices(figure: Figure) -> Iterator[dict]:
    """States that differ from the opening one in one choice."""
    for parameter in (p for p in figure.parameters if p.is_categorical):
        for value in parameter.values():
            if value != parameter.default:
                yield shown(figure, parameter, opening(figure)) | {parameter.name: value}


def positions(figure: Figure, slider: Parameter) -> Iterator[dict]:
    """States in which a slider is at positions that no one asked for, under choices drawn at random."""
    generator = random.Random(slider.name)
    categorical = [p for p in figure.parameters if p.is_categorical]
    count = POSITIONS if slider.is_continuous else min(POSITIONS, slider.n_steps)
    for i in range(count):
        state = opening(figure) | {p.name: generator.choice(p.values()) for p in categorical}
        at = slider.low + (slider.high - slider.low) * ((i + 1) * GOLDEN % 1)
        yield shown(figure, slider, state) | {
            slider.name: round(at, 7) if slider.is_continuous else round(at)
        }


def presses(figure: Figure, grid: CellGrid) -> Iterator[dict]:
    """States after a press on one cell of a grid."""
    for i in range(POSITIONS):
        yield opening(figure) | {grid.name: grid.toggled(grid.default or "", i)}


def in_a_fresh_process(work: Callable[[], float]) -> float:
    """What work returns in a process that is forked for it."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        status = 1
        try:
            os.write(write, f"{work():.3f}".encode())
            status = 0
        finally:
            os._exit(status)
    os.close(write)
    with os.fdopen(read) as answer:
        text = answer.read()
    os.waitpid(child, 0)
    return float(text)


def heading(what: str, aim: float) -> None:
    """Print the heading of a table."""
    print(f"| {'figure':<26} | {what:<34} |   n |  median |     p95 | {aim:<4} |")
    print(f"|{'-' * 28}|{'-' * 36}|{'-' * 5}|{'-' * 9}|{'-' * 9}|{'-' * 6}|")


def row(figure: str, what: str, taken: list[float], aim: float = AIM) -> None:
    """Print one row."""
    ordered = sorted(taken)
    median, p95 = statistics.median(ordered), ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)]
    over = "over" if median > aim else ""
    print(
        f"| {figure:<26} | {what:<34} | {len(ordered):3} | {median:7.1f} | {p95:7.1f} | {over:<4} |",
        flush=True,
    )


def measure(slug: str, only: list[str]) -> None:
    """Print all rows of an essay."""
    from infodecomp.web.factory import create_app

    app = create_app({"LOG": 0, "RATE": 10**6, "AHEAD": 0})
    client, library = app.test_client(), get_services(app).site.library
    outline = library.outlines[slug].figures
    figures = [library.figure(name) for name in outline if not only or name in only]
    heading("CPU milliseconds of", AIM)

    def first(figure: Figure) -> float:
        ask(client, library.figure(WARM_UP), opening(library.figure(WARM_UP)))
        return ask(client, figure, opening(figure))

    for figure in figures:  # before any request: the threads of a process do not survive a fork
        taken = [in_a_fresh_process(lambda f=figure: first(f)) for _ in range(TIMES)]  # type: ignore[misc]
        row(figure.name, "the first state of a process", taken)
    for figure in figures:
        ask(client, figure, opening(figure))
        taken = [ask(client, figure, state) for state in choices(figure)]
        if taken:
            row(figure.name, "choices", taken)
        for parameter in figure.parameters:
            if parameter.is_numeric:
                states = positions(figure, parameter)
            elif isinstance(parameter, CellGrid):
                states = presses(figure, parameter)
            else:
                continue
            row(figure.name, parameter.name, [ask(client, figure, state) for state in states])


def measure_in_browser(slug: str, only: list[str]) -> None:
    """Print the milliseconds from input to paint of the first slider of each figure of an essay."""
    from playwright.sync_api import sync_playwright

    from infodecomp.web.factory import create_app

    library = get_services(create_app({"LOG": 0})).site.library
    figures = [library.figure(name) for name in library.outlines[slug].figures if not only or name in only]
    heading("ms from input to paint", PAINT_AIM)
    with served() as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM)
        page = chromium.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"{address}/essays/{slug}")
        for figure in figures:
            sliders = page.locator(f"#{figure.name} input[type=range][data-parameter]")
            shown = [slider for slider in sliders.all() if slider.is_visible()]
            if not shown:
                continue
            name = shown[0].get_attribute("data-parameter")
            slider = next(p for p in figure.parameters if p.name == name)
            move = [slider.name, figure.name, slider.low, slider.high, WARM_MOVES]
            page.evaluate(INPUT_TO_PAINT, move)
            row(figure.name, slider.name, page.evaluate(INPUT_TO_PAINT, [*move[:-1], MOVES]), PAINT_AIM)
        chromium.close()


if __name__ == "__main__":
    torch.set_num_threads(1)
    words = [word for word in sys.argv[1:] if word != "--browser"]
    work = measure_in_browser if "--browser" in sys.argv else measure
    work(words[0] if words else DEFAULT, words[1:])
