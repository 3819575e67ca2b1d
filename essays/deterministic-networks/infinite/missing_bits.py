"""Inputs of N bits each: how many bits are needed to restore them from the output."""

import math
from functools import lru_cache

import numpy as np

from infodecomp.deterministic.missing_bits import MAPS, MAX_BITS, float_entropy
from infodecomp.deterministic.missing_bits import missing_bits as missing_from
from infodecomp.explorable import (
    Axis,
    BitGauge,
    Choice,
    Dot,
    Dots,
    HConcat,
    Label,
    Line,
    Plot,
    Range,
    Rect,
    figure,
)

NAMES = {
    "identity": "identity",
    "projection": "first number",
    "mean": "mean",
    "relu": "ReLU",
    "tanh": "tanh",
    "network": "two ReLU units",
}
COUNTS = np.arange(2, MAX_BITS + 1)
MISSING_MAP = Choice(
    name="missing_map", alias="map", label="The function of two numbers", default="relu", options=NAMES
)
N_BITS = Range(
    name="n_bits", label="bits of each number", default=6, low=2, high=MAX_BITS, step=1, role="selection"
)
NAMES_AT = {  # heights of the names at the right, at the ends of the lines but a line of text apart
    "network": 11.7,
    "mean": 10.5,
    "projection": 9.3,
    "relu": 8.1,
    "tanh": 1.4,
    "identity": 0.1,
}
SHOWN_BITS = 5  # the square that is drawn has 2^5 values in each direction


@figure(
    parameters=(MISSING_MAP, N_BITS),
    title="The bits that are missing",
    controls=("missing_map", "n_bits"),
    decimals=2,
    presets={f"missing-{name}": f"missing_map={name}" for name in MAPS} | {"missing-ten": "n_bits=10"},
)
def missing_bits(missing_map, n_bits):
    """H(input | output) of a map of two N-bit numbers, for every N, and its growth."""
    lines = {name: _line(name) for name in MAPS}
    chosen = lines[missing_map]
    return {
        "map": missing_map,
        "n_bits": n_bits,
        "missing": float(chosen[n_bits - COUNTS[0]]),
        "slope": float(chosen[-1] - chosen[-2]),
        "float_bits": float_entropy(n_bits),
        "lines": {"n_bits": COUNTS, **lines},
        "points": _points(missing_map),
    }


@lru_cache(maxsize=8)
def _line(name: str) -> np.ndarray:
    return np.array([missing_from(name, int(n)) for n in COUNTS])


@lru_cache(maxsize=8)
def _points(name: str) -> dict:
    """Where a grid of 32 x 32 inputs goes."""
    x = (np.arange(2**SHOWN_BITS) + 0.5) * 2.0 ** (1 - SHOWN_BITS) - 1
    a, b = (v.ravel() for v in np.meshgrid(x, x))
    z = {
        "identity": lambda: (a, b),
        "projection": lambda: (a, np.zeros_like(a)),
        "mean": lambda: ((a + b) / 2, np.zeros_like(a)),
        "relu": lambda: (np.maximum(a, 0), np.maximum(b, 0)),
        "tanh": lambda: (np.tanh(a), np.tanh(b)),
        "network": lambda: tuple(
            np.clip(np.maximum(row[0] * a + row[1] * b, 0), -1, 1)
            for row in np.random.default_rng(0).standard_normal((2, 2)) / np.sqrt(2)
        ),
    }[name]()
    return {"a": z[0], "b": z[1]}


@missing_bits.draw
def picture(data):
    left = HConcat((_gauge(data), _square(data)), (1, 1), stack_below=math.inf)
    return HConcat((left, _growth(data)), (0.8, 1.1), gap=30)


def _gauge(data) -> Plot:
    """All bits of both numbers as squares: filled as far as the output gives them back."""
    n, missing = data["n_bits"], data["missing"]
    kept = 2 * n - missing
    rows = [
        BitGauge(0, 1.5 - row, min(max(kept - row * n, 0), n), "series-1", n, 13, dx=1) for row in range(2)
    ]
    return Plot(
        (
            Label(0, 2, f"{kept:.2f} of {2 * n} bits come back,", "series-1-text", dy=-8, bold=True),
            Label(0, 0, f"{missing:.2f} are missing", "series-2-text", dy=14, bold=True),
            *rows,
        ),
        Axis(domain=(0, 1), hidden=True),
        Axis(domain=(0, 2), hidden=True),
        heights=(78, 78),
        margins=(20, 8, 22, 8),
        least_plane=36,
    )


def _square(data) -> Plot:
    points = data["points"]
    return Plot(
        (
            Rect(-1.03, -1.03, 1.03, 1.03, "paper", opacity=0, stroke="noise"),
            Dots(points["a"], points["b"], ("series-1",), radius=1.7),
            Label(-1, 1.03, "where a grid of inputs lands", "muted", dy=-7, size=12),
        ),
        Axis("first number", (-1.06, 1.06), ticks=(-1, 0, 1)),
        Axis(domain=(-1.06, 1.06), ticks=(-1, 0, 1)),
        heights=(232, 232),
        margins=(24, 22, 40, 30),
        equal=True,
    )


def _growth(data) -> Plot:
    lines, at, missing = data["lines"], data["n_bits"], data["missing"]
    marks: list = [
        Line(COUNTS, lines[name], "noise", 1.3, opacity=0.7) for name in MAPS if name != data["map"]
    ]
    left = at > 6
    for name, height in NAMES_AT.items():
        chosen = name == data["map"]
        role = "series-2-text" if chosen else "muted"
        marks.append(Label(COUNTS[-1], height, NAMES[name], role, dx=8, dy=4, size=12.5, bold=chosen))
    marks += [
        Line(COUNTS, lines[data["map"]], "series-2", 2.8),
        Dot(at, missing, "series-2", 6.5, rim="paper"),
        Label(
            at,
            missing,
            f"{missing:.2f} bits missing",
            "series-2-text",
            "end" if left else "start",
            dx=-10 if left else 8,
            dy=-12 if missing < 1.5 or left else 20,
            bold=True,
            halo=True,
        ),
    ]
    return Plot(
        tuple(marks),
        Axis("bits of each of the two numbers", (2, COUNTS[-1]), ticks=(2, 4, 6, 8, 10)),
        Axis("bits of the input missing from the output", (0, 12), ticks=(0, 4, 8, 12), grid=True),
        ratio=0.8,
        heights=(290, 312),
        margins=(32, 100, 44, 26),
    )


@missing_bits.values
def values(data):
    return {
        "missing": data["missing"],
        "slope": data["slope"],
        "n_bits": data["n_bits"],
        "float_bits": data["float_bits"],
    }


@missing_bits.describe
def describe(data):
    return (
        f"{NAMES[data['map']]}: of two numbers of {data['n_bits']} bits each, {data['missing']:.2f} bits are "
        f"missing from the output, and {data['slope']:.2f} more for each further bit."
    )


@missing_bits.table
def table(data):
    return data["lines"]
