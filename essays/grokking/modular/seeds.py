"""Six runs that differ only in the seed: when each one came to know the sum, and by which frequencies."""

from functools import lru_cache

import numpy as np

from infodecomp.errors import CheckpointError
from infodecomp.experiments.grokking.modular import SLOW, SLOW_SEEDS
from infodecomp.explorable import Axis, Dot, HConcat, Label, Line, Plot, Rect, StateLink, figure
from infodecomp.explorable.core.errors import Missing
from infodecomp.modular.spectrum import frequency_groups

from .runs import KNOWN, LEARNED, SEED, first_step, slow_run

MAX_LABELS = 8  # frequencies; a network that has learned by heart uses nearly all
LOWER = -0.31  # of the last row, so that names below its dots stay above the axis


@lru_cache(maxsize=1)
def seed_summaries() -> list[dict]:
    """The curve, the two moments and the frequencies of each slow run."""
    try:
        runs = [slow_run(seed) for seed in SLOW_SEEDS]
    except CheckpointError as error:
        raise Missing(str(error)) from error
    return [
        {
            "steps": np.array([one.step for one in run]),
            "test_accuracy": np.array([one.test_accuracy for one in run]),
            "memorised": first_step(run, "accuracy", LEARNED),
            "known": first_step(run, "test_accuracy", KNOWN),
            "last": run[-1].test_accuracy,
            "frequencies": [(f, len(neurons)) for f, neurons in frequency_groups(run[-1].network).items()],
        }
        for run in runs
    ]


@figure(
    parameters=(SEED,),
    title="Six seeds, six sets of frequencies",
    source="Press a run to take it into the figures above.",
)
def mod_bot_seeds(mod_seed):
    """What six runs have in common and what they do not."""
    return {"seed": mod_seed, "runs": seed_summaries()}


@mod_bot_seeds.draw
def seed_picture(data):
    rows = tuple(_row(seed, run, seed == data["seed"]) for seed, run in enumerate(data["runs"]))
    return HConcat(rows, (1,) * len(rows), stack_below=float("inf"))


def _row(seed: int, run: dict, chosen: bool) -> HConcat:
    last = seed == SLOW_SEEDS[-1]
    height = 90 if last else 43
    bottom = 44 if last else 8
    back = Rect(0, 0, SLOW.steps, 1, "selection" if chosen else "wash", opacity=0.25 if chosen else 1)
    curve = Line(run["steps"], run["test_accuracy"], "series-2", 2.2)
    words = "never" if run["known"] is None else f"step {run['known']:,}"
    link = StateLink(
        f"mod_run=slow&mod_seed={seed}",
        f"seed {seed}: knows the sum at {words}",
        (
            back,
            curve,
            Label(0, 1, f"seed {seed}", "ink", dx=6, dy=15, size=12, bold=True, halo=True),
        ),
        chosen,
    )
    accuracy = Plot(
        (link,),
        Axis("steps", (0, SLOW.steps), ticks=(0, 2500, 5000, 7500)) if last else _hidden(SLOW.steps),
        Axis(domain=(LOWER if last else 0, 1), hidden=True),
        heights=(height, height),
        margins=(4, 8, bottom, 8),
        least_plane=30,
    )
    return HConcat((accuracy, _frequencies(run, last, height, bottom)), (1, 1), gap=12, stack_below=0)


def _hidden(high: float) -> Axis:
    return Axis(domain=(0, high), hidden=True)


def _frequencies(run, last, height, bottom) -> Plot:
    """A dot for each frequency, its area the number of neurons."""
    highest = SLOW.modulus // 2 + 1
    marks = [Line((0, highest), (0.5, 0.5), "faint", 1)]
    few = len(run["frequencies"]) <= MAX_LABELS
    for index, (frequency, count) in enumerate(run["frequencies"]):
        marks += [
            Dot(frequency, 0.5, "series-1", 2.3 * count**0.5, opacity=0.8),
            few
            and Label(
                frequency,
                0.5,
                str(frequency),
                "ink",
                "middle",
                dy=-9 if index % 2 else 20,
                size=12,
                halo=True,
            ),
        ]
    return Plot(
        tuple(mark or None for mark in marks),
        Axis("frequency", (0, highest), ticks=(1, 11, 22, 33)) if last else _hidden(highest),
        Axis(domain=(LOWER if last else 0, 1), hidden=True),
        heights=(height, height),
        margins=(4, 10, bottom, 8),
        least_plane=30,
    )


@mod_bot_seeds.values
def seed_values(data):
    known = [run["known"] for run in data["runs"] if run["known"] is not None]
    counts = [len(run["frequencies"]) for run in data["runs"] if run["known"] is not None]
    return {
        "chosen_known": data["runs"][data["seed"]]["known"],
        "n_known": len(known),
        "n_runs": len(data["runs"]),
        "first_known": min(known),
        "last_known": max(known),
        "fewest": min(counts),
        "most": max(counts),
    }


@mod_bot_seeds.describe
def seed_description(data):
    run = data["runs"][data["seed"]]
    frequencies = ", ".join(str(frequency) for frequency, _ in run["frequencies"])
    when = "never knows the sum" if run["known"] is None else f"knows the sum from step {run['known']:,}"
    learnt = "" if run["memorised"] is None else f" knows its pairs by heart from step {run['memorised']:,},"
    return f"The slow run of seed {data['seed']}{learnt} {when}, and ends with the frequencies {frequencies}."


@mod_bot_seeds.value_text
def seed_value_text(data):
    return {"mod_seed": seed_description(data)}


@mod_bot_seeds.table
def seed_table(data):
    runs = data["runs"]
    return {
        "seed": list(range(len(runs))),
        "memorised_at": [run["memorised"] or "" for run in runs],
        "known_at": [run["known"] or "" for run in runs],
        "last_test_accuracy": [run["last"] for run in runs],
        "frequencies": [" ".join(f"{f} ({count})" for f, count in run["frequencies"]) for run in runs],
    }


__all__ = ["mod_bot_seeds", "seed_summaries"]
