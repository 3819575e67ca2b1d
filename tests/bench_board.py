"""Benchmarks of the board: training and search alone, one picture, and a press of Train in a browser.

`python -m tests.bench_board` prints these alone; `make bench` prints them among the others, in CPU time where
wall time would depend on other work.
"""

import time
from collections.abc import Callable

import torch

import infodecomp
from infodecomp.experiments.boards import frontier_budgets, rows
from tests import bench
from tests.conftest import CHROMIUM, find_chromium
from tests.first_essay import ESSAY

BOARDS = ("0110111001100001", "1011001101100010", "0001110110010111")  # that nothing is stored of
PLAY = """async () => {
    const picture = document.querySelector('#board-information .drawn')
    const slider = document.querySelector('#board-information input[data-parameter=step]')
    const button = document.querySelector('#board-information [data-plays=step]')
    document.querySelector('#board-information').scrollIntoView({ block: 'center', behavior: 'instant' })
    await new Promise(done => setTimeout(done, 500))
    const drawn = []
    new MutationObserver(() => drawn.push(performance.now())).observe(picture, { childList: true })
    const start = performance.now()
    button.click()
    while (+slider.value < 1000) await new Promise(done => setTimeout(done, 5))
    const end = drawn.at(-1)
    const gaps = drawn.slice(1).map((at, i) => at - drawn[i])
    return { seconds: (end - start) / 1000, pictures: drawn.length, longest: Math.max(...gaps) }
}"""


def spent(work: Callable[[], object]) -> float:
    """CPU seconds."""
    start = time.process_time()
    work()
    return time.process_time() - start


def alone(library) -> None:
    """The parts, in CPU time."""
    figure = library.figure("board-information")
    figure().svg()
    bench.row(
        "CPU s: training of 1,000 steps",
        [spent(lambda b=b: list(infodecomp.train_board(rows(b)))) for b in BOARDS],
        "3",
    )
    bench.row(
        "CPU s: search of the best messages",
        [spent(lambda b=b: infodecomp.stochastic_frontier(rows(b), frontier_budgets())) for b in BOARDS],
        "",
    )
    bench.row(
        "CPU ms: one picture, data and all",
        [1000 * spent(lambda s=s: figure(step=s).json(("svg", "texts"), 640)) for s in range(11, 1000, 40)],
        "",
    )


def in_browser(chromium, address: str) -> None:
    """Training of boards that are not stored, from the press on the button to the last picture."""
    runs = []
    for board in BOARDS:
        page = chromium.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"{address}{ESSAY}?board={board}&step=0")
        runs.append(page.evaluate(PLAY))
        page.close()
    bench.row("s: 1,000 steps on the page", [run["seconds"] for run in runs], "3")
    bench.row(
        "pictures a second on the page", [run["pictures"] / run["seconds"] for run in runs], "10 or more"
    )
    bench.row("ms: longest wait for a picture", [run["longest"] for run in runs], "100")


def main() -> None:
    from playwright.sync_api import sync_playwright

    from infodecomp.web.factory import create_app

    torch.set_num_threads(1)
    print(
        f"| {'a board':<58} | {'median':>8} | {'largest':>8} | {'aim':<12} |\n"
        f"|{'-' * 60}|{'-' * 10}|{'-' * 10}|{'-' * 14}|"
    )
    alone(create_app().site.library)
    with bench.served() as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM)
        in_browser(chromium, address)
        chromium.close()


if __name__ == "__main__":
    main()
