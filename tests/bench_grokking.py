"""The grokking essay: the construction at its largest, and a drag through a run beside the storm plane.

python -m tests.bench_grokking
"""

import itertools
import statistics
import time

import torch
from playwright.sync_api import sync_playwright

from tests.bench import FIELDS, INPUT_TO_PAINT, served
from tests.conftest import CHROMIUM, find_chromium
from tests.first_essay import ESSAY

GROKKING = "/essays/grokking"
MOMENTS = 37  # of a slow run; each is drawn once
STORM = ("p11", "storm-telegraph", 0.2, 0.99)


def construction() -> None:
    """CPU milliseconds of `debug-vis` with 500 numbers: states never asked for, and one asked for again."""
    from infodecomp.web.factory import create_app

    client = create_app({"LOG": 0, "RATE": 10**6}).test_client()

    def cpu(query: str) -> float:
        start = time.process_time()
        assert client.get(f"/figures/debug-vis.json?{query}&{FIELDS}").status_code == 200
        return 1000 * (time.process_time() - start)

    states = [
        f"modulus={modulus}&n_neurons={n}&activation={activation}"
        for modulus, n, activation in itertools.product((500, 499, 498), range(3, 11), ("relu", "square"))
    ]
    cpu("modulus=67")
    first, again = ([cpu(query) for query in states] for _ in range(2))
    for name, taken, aim in (("never asked", first, 60), ("asked before", again, 1)):
        print(f"debug-vis, 500 numbers, {name}: {statistics.median(taken):.2f} ms CPU (at most {aim})")


def drag() -> None:
    """Milliseconds from input to paint: every moment of a run, beside the storm plane in the same browser."""
    with served() as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM)
        page = chromium.new_page(viewport={"width": 1280, "height": 900})

        def median(essay: str, parameter: str, figure: str, low: float, high: float, times: int) -> float:
            page.goto(address + essay)
            page.locator(f"#{figure}").scroll_into_view_if_needed()
            page.wait_for_selector(f"#{figure} .picture:not(.pending) svg")
            return statistics.median(page.evaluate(INPUT_TO_PAINT, [parameter, figure, low, high, times]))

        plane = median(ESSAY, *STORM, MOMENTS)
        print(f"input to paint, storm plane: {plane:.1f} ms")
        for figure in ("mod-top-weights", "mod-top-waves"):
            taken = median(GROKKING, "mod_step", figure, 0, MOMENTS - 1, MOMENTS)
            print(f"input to paint, {figure}: {taken:.1f} ms, {taken / plane:.2f} of the storm plane")
        chromium.close()


def main() -> None:
    torch.set_num_threads(1)
    construction()
    if find_chromium():
        drag()


if __name__ == "__main__":
    main()
