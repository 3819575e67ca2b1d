"""Processes with closed forms: what the past says about the future, and one series about another."""

from functools import lru_cache

import numpy as np

from infodecomp.explorable import Axis, Bars, Choice, HConcat, Label, Line, Plot, Range, Raster, figure
from infodecomp.processes.examples import coupled_process, even_process, golden_mean_process
from infodecomp.processes.hidden_markov import draw_words
from infodecomp.processes.information import (
    conditional_entropies,
    excess_entropy,
    statistical_complexity,
    transfer_entropy,
    unifilar_entropy_rate,
)

from ..meters import Meter, meters

LENGTHS = 12
SHOWN = 48
PROCESS = Choice(
    name="process",
    label="Process",
    default="golden-mean",
    options={
        "golden-mean": "no two 0s in a row",
        "even": "1s come in pairs",
        "coupled": "y copies x",
    },
)
FLIP = Range(
    name="flip", label="copying errors", default=0.1, low=0, high=0.5, active_when=("process", "coupled")
)
X, Y = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])


@figure(
    parameters=(PROCESS, FLIP),
    title="What the past knows of the future",
    controls=("process", "flip"),
    presets={
        "past-golden": "process=golden-mean",
        "past-even": "process=even",
        "past-coupled": "process=coupled&flip=.1",
        "past-noisy": "process=coupled&flip=.25",
    },
)
def past_and_future(process, flip):
    """Entropy of the next symbol after ever longer pasts, excess entropy, and transfer entropies."""
    return _measured(process, flip if process == "coupled" else 0.0)


@lru_cache(maxsize=128)
def _measured(process: str, flip: float) -> dict:
    transitions = {
        "golden-mean": golden_mean_process,
        "even": even_process,
        "coupled": lambda: coupled_process(flip),
    }[process]()
    coupled = process == "coupled"
    entropies = conditional_entropies(transitions, LENGTHS)
    rate = unifilar_entropy_rate(transitions)
    return {
        "process": process,
        "flip": flip,
        "rate": rate,
        "excess": excess_entropy(transitions),
        "complexity": statistical_complexity(transitions),
        "forward": transfer_entropy(transitions, X, Y) if coupled else 0.0,
        "backward": transfer_entropy(transitions, Y, X) if coupled else 0.0,
        "entropies": {"length": np.arange(1, len(entropies) + 1), "bits": entropies},
        "word": draw_words(transitions, 1, SHOWN, seed=7)[0],
    }


@past_and_future.draw
def picture(data):
    return HConcat((_series(data), HConcat((_next_symbol(data), _bars(data)), (1, 1), gap=30)), (1, 1),
                   stack_below=float("inf"))  # fmt: skip


def _series(data) -> Plot:
    """A piece of the process as squares, one row for each series."""
    word = data["word"]
    rows = (("x", word // 2), ("y", word % 2)) if data["process"] == "coupled" else (("", word),)
    marks: list = []
    for index, (name, symbols) in enumerate(rows):
        y = len(rows) - 1 - index
        role = "series-1" if name != "y" else "series-2"
        marks += [
            Raster(0, y + 0.2, SHOWN, y + 0.8, np.where(symbols == 1, 0.85, 0.1)[None], role),
            Label(0, y + 0.5, name, f"{role}-text", "end", dx=-6, dy=4, bold=True) if name else None,
        ]
    return Plot(
        tuple(marks),
        Axis(domain=(0, SHOWN), hidden=True),
        Axis(domain=(0, len(rows)), hidden=True),
        heights=(74, 74) if len(rows) > 1 else (72, 72),
        margins=(6, 4, 6, 22),
    )


def _next_symbol(data) -> Plot:
    lengths, bits = data["entropies"]["length"], data["entropies"]["bits"]
    top = max(float(bits.max()) * 1.25, 0.2)
    rate = data["rate"]
    above = np.maximum(bits - rate, 0)
    left = lengths - 1
    return Plot(
        (
            Bars(left, left + 1, bits, "target", 0.75, 1),
            Bars(left, left + 1, np.full(len(left), rate), "noise", 1, 1),
            Line((0, LENGTHS), (rate, rate), "ink", 1.4, dash="5 3"),
            Label(LENGTHS, top, "green: what a longer past", "target-text", "end", dy=8, size=12, bold=True),
            Label(LENGTHS, top, "still explains", "target-text", "end", dy=23, size=12, bold=True),
            Label(LENGTHS, top, f"grey: no past explains {rate:.3f}", "ink", "end", dy=38, size=12),
        )
        if above.max() > 1e-9
        else (
            Bars(left, left + 1, bits, "noise", 1, 1),
            Label(LENGTHS, top, "the past explains nothing", "muted", "end", dy=8, size=12),
        ),
        Axis("symbol, after all before it", (0, LENGTHS), ticks=(0.5, 3.5, 7.5, 11.5),
             names={0.5: "1st", 3.5: "4th", 7.5: "8th", 11.5: "12th"}),
        Axis("bits of surprise", (0, top), count=4, grid=True),
        ratio=0.75,
        heights=(210, 250),
        margins=(34, 10, 44, 32),
    )  # fmt: skip


def _bars(data) -> Plot:
    rows = [
        Meter("past about future", data["excess"], "target"),
        Meter("memory it takes to predict", data["complexity"], "ink"),
    ]
    if data["process"] == "coupled":
        rows += [
            Meter("past of x with y, given past of y", data["forward"], "series-1"),
            Meter("past of y with x, given past of x", data["backward"], "series-2"),
        ]
    return meters(rows, 1.0)


@past_and_future.values
def values(data):
    return {
        "excess_entropy": data["excess"],
        "transfer_forward": data["forward"],
        "transfer_backward": data["backward"],
        "entropy_rate": data["rate"],
        "complexity": data["complexity"],
    }


@past_and_future.describe
def describe(data):
    text = (
        f"The past has {data['excess']:.3f} bits about the future; each next symbol still brings "
        f"{data['rate']:.3f}."
    )
    if data["process"] != "coupled":
        return text
    return f"{text} x has {data['forward']:.3f} bits about the next y, and y {data['backward']:.3f} about x."


@past_and_future.table
def table(data):
    return data["entropies"]
