"""The error of a fit over its bits, and the bits of each feature as stacked bands."""

import numpy as np

from infodecomp.explorable import Area, Axis, Dot, DragHandle, HConcat, Label, Line, Plot, Tooltip
from infodecomp.pictures.shares import Share, budget_marks, share_bands, share_edges

from ..bikes import BITS, error_of_means, hue, label

PUBLISHED = (  # Murphy & Bassett (ICLR 2023): bits, and RMSE in bikes an hour
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16.26),
    (181.9, 162.9, 150.5, 145.6, 139.9, 130.5, 115.9, 103.6, 92.0)
    + (86.4, 81.7, 76.9, 73.4, 70.6, 68.5, 66.4, 65.3),
)  # fmt: skip
BOOSTED = (39, 40)  # RMSE of boosted trees on the test hours, with 300 to 1,000 trees
LEFT, RIGHT = 40, 100  # margins in pixels, the same for both plots
STACK = (  # from the bottom up, with the opacity of each band
    ("hour", 0.95),
    ("year", 0.8),
    ("weekday", 0.66),
    ("workingday", 0.54),
    ("month", 0.43),
    ("season", 0.34),
    ("holiday", 0.26),
    ("temperature", 0.92),
    ("apparent_temperature", 0.74),
    ("humidity", 0.58),
    ("weather", 0.44),
    ("wind", 0.32),
)
BASKET, TOP, BOTTOM = 318, 48, 44  # the height and the margins of the lower plot, in pixels


def decomp_picture(data):
    rows = [_error(data), _basket(data)]
    if data["seeds"]:
        thumbnails = tuple(_thumbnail(data, other, i + 2) for i, other in enumerate(data["seeds"]))
        rows.append(HConcat(thumbnails, (1,) * len(thumbnails), gap=14, stack_below=0))
    return HConcat(tuple(rows), (1,) * len(rows), stack_below=float("inf"))


def _error(data) -> Plot:
    """Total bits against the error, between knowing nothing and the best that is known."""
    front, bits, rmse = data["front"], data["bits"], data["rmse"]
    below, nothing = bits >= 8, error_of_means()
    marks = [
        Area(front["bits"], front["rmse"], nothing, "noise", 0.1),
        Area((0, BITS.high), *BOOSTED, "noise", 0.45),
        Label(0, BOOSTED[0], "boosted trees", "muted", dx=5, dy=15, size=12),
        *_floor(nothing, "nothing known"),
        *_floor(error_of_means("hour"), "the exact hour"),
        Line(
            (*PUBLISHED[0][:-1], BITS.high),
            (*PUBLISHED[1][:-1], np.interp(BITS.high, *PUBLISHED)),
            "noise",
            1.8,
            dash="6 4",
        ),
        Label(BITS.high, PUBLISHED[1][-1], "as published", "muted", "end", dx=-4, dy=-8, size=12),
        *(Line(front["bits"], other["rmse"], "noise", 1, opacity=0.6) for other in data["seeds"]),
        Line(front["bits"], front["rmse"], "best", 2.6),
        Line((bits, bits), (0, nothing), "selection", 1.6),
        DragHandle(
            bits,
            rmse,
            "Bits in all",
            state={"bits": (bits, BITS)},
            moves="bits",
            axis="x",
            text=budget_text(data),
            marks=(Dot(bits, rmse, "selection", 8, rim="rim"),),
        ),
        Label(
            bits,
            rmse,
            f"off by {rmse:.0f}",
            "ink",
            dx=8 if below else 12,
            dy=22 if below else -9,
            bold=True,
            halo=True,
            size=14,
        ),
    ]
    return Plot(
        tuple(marks),
        Axis("", (0, BITS.high), ticks=(0, 4, 8, 12, 16)),
        Axis("off by, bikes an hour (RMSE)", (0, 190), ticks=(0, 50, 100, 150), grid=True),
        heights=(232, 232),
        margins=(34, RIGHT, 26, LEFT),
        grab=True,
        hover=Tooltip("front", "bits", "rmse", "{bits:1} bits: off by {rmse:1} bikes an hour"),
    )


def _floor(rmse, words):
    yield Line((0, BITS.high), (rmse, rmse), "muted", 1, dash="1 4")
    yield Label(BITS.high, rmse, words, "muted", "end", dx=-4, dy=-5, size=12)


def _bands(columns: dict) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """The lower and the upper edge of each feature's share of the bits, in percent."""
    return dict(zip((name for name, _ in STACK), share_edges([columns[name] for name, _ in STACK])))


def _basket(data) -> Plot:
    """What each budget is spent on: the share of every feature, stacked."""
    front, chosen, bits = data["front"], data["feature"], data["bits"]
    bands = _bands(front)
    shares = [_share(data, name, opacity) for name, opacity in STACK]
    place = list(bands).index(chosen)
    spent = f"{data['spent'][chosen]:.2f} bits of {label(chosen)}"
    words = "what they are spent on, in percent (fit 1)"
    caption = Label(0, 100, words, "muted", dx=4 - LEFT, dy=13 - TOP, size=12)
    marks = [
        *share_bands(front["bits"], shares, list(bands.values()), place, BASKET - TOP - BOTTOM, RIGHT),
        *budget_marks(front["bits"], bits, bands[chosen], caption, spent, bits < 9),
    ]
    return Plot(
        tuple(marks),
        Axis("bits in all", (0, BITS.high), ticks=(0, 4, 8, 12, 16)),
        Axis("", (0, 100), ticks=(0, 25, 50, 75, 100)),
        heights=(BASKET, BASKET),
        margins=(TOP, RIGHT, BOTTOM, LEFT),
        grab=True,
    )


def _share(data, name, opacity) -> Share:
    text = f"{label(name)}: {data['spent'][name]:.2f} of {data['bits']:.1f} bits"
    return Share(f"feature={name}", label(name), text, hue(name), opacity)


def _thumbnail(data, other, number: int) -> Plot:
    """How a fit with another seed spends the same bits; the fit above is number 1."""
    within = np.isfinite(other["rmse"])
    bits = data["front"]["bits"][within]
    bands = _bands({name: other[name][within] for name, _ in STACK})
    marks = [
        *(Area(bits, *bands[name], hue(name), opacity) for name, opacity in STACK),
        *(Line(bits, edge, "selection", 1.4) for edge in bands[data["feature"]]),
        Line((data["bits"],) * 2, (0, 100), "ink", 1.2),
        Label(
            0,
            100,
            f"another fit: fit {number}",
            "muted",
            dy=-6,
            size=12,
            narrow=f"fit {number}",
        ),
    ]
    return Plot(
        tuple(marks),
        Axis(domain=(0, BITS.high), hidden=True),
        Axis(domain=(0, 100), hidden=True),
        ratio=0.4,
        heights=(86, 104),
        margins=(22, 2, 4, 2),
    )


def budget_text(data) -> str:
    return f"{data['bits']:.1f} bits; off by {data['rmse']:.0f} bikes an hour"
