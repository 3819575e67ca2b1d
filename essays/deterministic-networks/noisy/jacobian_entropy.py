"""A map squeezes a grid: the differential entropy moves, the information does not."""

import math

import numpy as np

from infodecomp.deterministic.binning import NORMAL_ENTROPY
from infodecomp.deterministic.volume_change import log_volume, mapped_entropy
from infodecomp.deterministic.volume_change import warp_points as move
from infodecomp.explorable import Axis, Choice, Dots, HConcat, Label, Line, Plot, Range, Rect, figure

from ..meters import Meter, meters

SIDE = 32
GRID_BITS = 2 * math.log2(SIDE)
WARP = Choice(
    name="warp",
    alias="map",
    label="The map",
    default="tanh",
    options={
        "stretch": "wider and flatter",
        "scale": "larger",
        "tanh": "tanh",
        "coupling": "a coupling layer",
    },
)
WARP_SCALE = Range(name="warp_scale", alias="scale", label="strength", default=1, low=0.25, high=4, step=0.05)
CLASSES = 7


@figure(
    parameters=(WARP, WARP_SCALE),
    title="Space is squeezed, nothing is lost",
    controls=("warp", "warp_scale"),
    decimals=2,
    presets={
        "warp-tanh": "warp=tanh&warp_scale=1",
        "warp-tanh-strong": "warp=tanh&warp_scale=4",
        "warp-larger": "warp=scale&warp_scale=2",
        "warp-stretch": "warp=stretch&warp_scale=2",
    },
)
def jacobian_entropy(warp, warp_scale):
    """Differential entropy of a mapped normal variable of the plane, and the information of a grid."""
    entropy = mapped_entropy(warp, warp_scale)
    lines = np.linspace(-2, 2, 9)
    fine = np.linspace(-2, 2, 41)
    centres = np.linspace(-1.95, 1.95, SIDE)
    grid = np.stack(np.meshgrid(centres, centres), -1).reshape(-1, 2)
    return {
        "map": warp,
        "scale": warp_scale,
        "entropy": entropy,
        "entropy_per_axis": entropy / 2,
        "change": entropy - 2 * NORMAL_ENTROPY,
        "information": math.log2(len(np.unique(move(warp, warp_scale, grid).round(12), axis=0))),
        "lines": _grid_lines(warp, warp_scale, lines, fine),
        "points": move(warp, warp_scale, grid),
        "volume": log_volume(warp, warp_scale, grid),
    }


def _grid_lines(kind: str, scale: float, lines: np.ndarray, fine: np.ndarray) -> np.ndarray:
    """The mapped lines of a grid (n, 2), separated by rows that are not finite."""
    parts = []
    for at in lines:
        for swap in (False, True):
            line = np.stack([np.full_like(fine, at), fine], 1)
            parts += [move(kind, scale, line[:, ::-1] if swap else line), np.full((1, 2), np.nan)]
    return np.concatenate(parts)


@jacobian_entropy.draw
def picture(data):
    bars = meters((Meter(f"which of the {SIDE**2:,} inputs it is", data["information"], "series-1"),), 12.0)
    return HConcat(
        (_plane(data), HConcat((bars, _scale(data)), (1, 1), stack_below=math.inf)), (1, 1), gap=30
    )


def _plane(data) -> Plot:
    lines, points, volume = data["lines"], data["points"], data["volume"]
    wide, high = (max(2.15, 1.04 * float(reach)) for reach in np.nanmax(abs(lines), axis=0))
    if data["map"] != "coupling":  # which stretches one direction so far that the other would not be seen
        wide = high = max(wide, high)
    shade = np.clip(np.rint(3 + 1.2 * volume), 0, CLASSES - 1).astype(int)
    return Plot(
        (
            Dots(
                points[:, 0],
                points[:, 1],
                tuple(f"mix-{k}" for k in range(CLASSES)),
                shade,
                radius=2.2,
            ),
            Line(lines[:, 0], lines[:, 1], "ink", 1, opacity=0.55),
            Rect(-2, -2, 2, 2, "paper", opacity=0, stroke="noise", stroke_width=2),
            Label(-2, -2, "before", "muted", dx=5, dy=-6, size=12, halo=True),
            Label(-wide, high, "orange: squeezed", "series-2-text", dy=-9, size=12, bold=True)
            if (shade < CLASSES // 2).any()
            else None,
            Label(wide, high, "blue: stretched", "series-1-text", "end", dy=-9, size=12, bold=True)
            if (shade > CLASSES // 2).any()
            else None,
        ),
        _axis(wide),
        _axis(high),
        ratio=1,
        heights=(240, 290),
        margins=(26, 10, 26, 26),
    )


def _axis(reach: float) -> Axis:
    """An axis that reaches equally far to both sides of zero."""
    tick = next(tick for tick in (32, 16, 8, 4, 2) if tick < reach)
    return Axis(domain=(-reach, reach), ticks=(-tick, 0, tick))


def _scale(data) -> Plot:
    """The differential entropy on an axis that includes negative numbers."""
    low, high = -9.0, 9.0
    before, after = 2 * NORMAL_ENTROPY, data["entropy"]
    at = min(max(after, low), high)
    return Plot(
        (
            Line((low, high), (0, 0), "noise", 1.5),
            Line((before, before), (-0.35, 0.35), "muted", 2),
            Label(before, 0, "before", "muted", "middle", dy=30, size=12),
            Line((before, at), (0, 0), "target", 7, opacity=0.45),
            Line((at, at), (-0.5, 0.5), "target", 4),
            Label(at, 0.5, f"{after:.2f} bits", "target-text", "middle", dy=-8, bold=True)
            if abs(at) < 7
            else Label(
                at,
                0.5,
                f"{after:.2f} bits",
                "target-text",
                "end" if at > 0 else "start",
                dy=-8,
                bold=True,
            ),
            Label(low, 1, "differential entropy", "ink", dy=-12),
        ),
        Axis("bits, which may be negative", (low, high), ticks=(-8, -4, 0, 4, 8)),
        Axis(domain=(-1, 1), hidden=True),
        heights=(150, 150),
        margins=(32, 12, 44, 12),
    )


@jacobian_entropy.values
def values(data):
    names = ("entropy", "information", "change", "entropy_per_axis")
    return {name: data[name] for name in names} | {"doubled": data["entropy"] + 2}  # one bit for each axis


@jacobian_entropy.describe
def describe(data):
    entropy = f"{data['entropy']:.2f}"
    change = (
        f"The map leaves the differential entropy at {entropy} bits"
        if abs(data["change"]) < 0.005
        else f"The map {'raises' if data['change'] > 0 else 'lowers'} the differential entropy by "
        f"{abs(data['change']):.2f} bits, to {entropy}"
    )
    return f"{change}; all {SIDE**2:,} inputs stay different, {data['information']:.0f} bits."


@jacobian_entropy.table
def table(data):
    return {
        "x": data["points"][:, 0],
        "y": data["points"][:, 1],
        "log2_volume": data["volume"],
    }
