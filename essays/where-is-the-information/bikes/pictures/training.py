"""A fit of the bikes while it is trained: its frontier, its history, and what its features get."""

import numpy as np

from infodecomp.explorable import Axis, Dot, HConcat, Label, Line, Plot, Range, Rect, Tooltip

from ..bikes import BITS, SILENT, hue, label, ranked
from .decomp import PUBLISHED

GHOSTS = 6  # earlier fronts that are shown
ROW = 17  # pixels of a feature
TRAIN_SEED = Range(name="train_seed", label="seed of the random numbers", default=0, low=0, high=99, step=1)


def earlier_snapshots(n: int) -> list[int]:
    """The snapshots shown beside the last of n, denser at the beginning, where much changes."""
    return sorted({round((n - 1) * (i / GHOSTS) ** 2) for i in range(GHOSTS)} - {n - 1})


def train_picture(data):
    side = HConcat((_history(data), _list(data)), (1, 1), stack_below=float("inf"))
    return HConcat((_plane(data), side), (1.25, 1), gap=26)


def _plane(data) -> Plot:
    front, rmse = data["front"], data["rmse"]
    marks = [
        Line(
            (*PUBLISHED[0][:-1], BITS.high),
            (*PUBLISHED[1][:-1], np.interp(BITS.high, *PUBLISHED)),
            "noise",
            1.6,
            dash="6 4",
        ),
        Label(
            BITS.high,
            float(np.interp(12, *PUBLISHED)),
            "as published",
            "muted",
            "end",
            dy=-8,
            size=12,
            halo=True,
        ),
    ]
    marks += [
        Line(*_inside(one), "noise", 1.3, opacity=0.25 + 0.45 * i / GHOSTS)
        for i, one in enumerate(data["earlier"])
    ]
    marks.append(Line(*_inside(front), "best", 2.6))
    marks += [Dot(x, min(y, 198), "ink", 2.4) for x, y in zip(front["bits"], front["rmse"]) if x <= BITS.high]
    marks.append(
        Line(
            (data["bits"],) * 2,
            (0, rmse if np.isfinite(rmse) else 200),
            "selection",
            1.6,
            dash="" if np.isfinite(rmse) else "2 4",
        )
    )
    if np.isfinite(rmse):
        marks += [
            Dot(data["bits"], rmse, "selection", 7.5, rim="rim"),
            Label(
                data["bits"],
                rmse,
                f"off by {rmse:.0f}",
                "ink",
                "start" if data["bits"] < 11 else "end",
                dx=11 if data["bits"] < 11 else -8,
                dy=-10 if rmse < 175 else 22,
                bold=True,
                halo=True,
            ),
        ]
    marks.append(
        Label(
            BITS.high,
            200,
            f"step {data['step']}, {data['seconds']:.1f} s of work",
            "muted",
            "end",
            dy=-14,
            size=12,
        )
    )
    return Plot(
        tuple(marks),
        Axis("bits in all", (0, BITS.high), ticks=(0, 4, 8, 12, 16)),
        Axis("off by, bikes an hour", (0, 200), ticks=(0, 50, 100, 150, 200), grid=True),
        ratio=1.32,
        heights=(300, 460),
        margins=(34, 12, 46, 40),
        hover=Tooltip("front", "bits", "rmse", "{bits:1} bits: off by {rmse:0} bikes an hour"),
    )


def _inside(front) -> tuple[np.ndarray, np.ndarray]:
    """A frontier clipped to the range of the picture."""
    bits, rmse = np.maximum.accumulate(front["bits"]), np.minimum(front["rmse"], 198)
    inside = bits < BITS.high
    if inside.all():
        return bits, rmse
    return np.append(bits[inside], BITS.high), np.append(rmse[inside], np.interp(BITS.high, bits, rmse))


def _history(data) -> Plot:
    """The error at the budget over the CPU time of the fit."""
    history = data["history"]
    most = max(12.0, float(history["seconds"][-1]))
    marks = [Line(history["seconds"], np.minimum(history["rmse"], 198), "best", 2)]
    if np.isfinite(data["rmse"]):
        marks.append(Dot(data["seconds"], data["rmse"], "selection", 5.5, rim="rim"))
    return Plot(
        tuple(marks),
        Axis("seconds of work", (0, most), ticks=tuple(range(0, int(most) + 1, 5))),
        Axis(f"off by, at {data['bits']:.1f} bits", (0, 200), ticks=(0, 100, 200), grid=True),
        heights=(170, 170),
        margins=(34, 10, 46, 36),
    )


def _list(data) -> Plot:
    """How the fit would spend the budget, so far."""
    marks = [
        Label(0, 0, f"what it buys with {data['bits']:.1f} bits", "ink", dx=-84, dy=-8, size=12, bold=True)
    ]
    if data["other"]:
        marks.append(
            Label(5, 0, f"outlined: seed {TRAIN_SEED.default}", "muted", "end", dx=20, dy=-8, size=12)
        )
    for i, name in enumerate(ranked()):
        bits = data["features"][name]
        before = data["other"].get(name, 0)
        if before >= SILENT:
            marks.append(Rect(0, -i - 0.14, before, -i - 0.86, "", stroke="ink", radius=1.5))
        used = np.isfinite(bits) and bits >= SILENT
        marks.append(Label(0, -i - 0.5, label(name), "ink" if used else "muted", "end", dx=-7, dy=4, size=12))
        if used:
            marks += [
                Rect(0, -i - 0.14, bits, -i - 0.86, hue(name), radius=1.5),
                Label(bits, -i - 0.5, f"{bits:.2f}", "ink", dx=5, dy=4, size=12),
            ]
    return Plot(
        tuple(marks),
        Axis(domain=(0, 5), hidden=True),
        Axis(domain=(-12, 0), hidden=True),
        heights=(12 * ROW + 30,) * 2,
        margins=(24, 26, 6, 84),
    )
