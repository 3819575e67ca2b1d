"""Four codes on a line, their tracks, which overlap, and the bits that they carry."""

import numpy as np

from infodecomp.explorable import (
    Area,
    Axis,
    Dot,
    DragHandle,
    HConcat,
    Heatmap,
    Label,
    Line,
    Plot,
    Range,
    Rect,
)

from ..clouds import cloud, cloud_marks

MEANS = tuple(
    Range(
        name=f"mean_{i}", label=f"value {i}: middle", default=mean, low=-3, high=3, step=0.05, role="series-1"
    )
    for i, mean in enumerate((-2, -0.8, 0.6, 2), 1)
)
WIDTHS = tuple(
    Range(
        name=f"width_{i}",
        label=f"value {i}: width",
        default=width,
        low=0.05,
        high=1.5,
        step=0.05,
        role="series-1",
    )
    for i, width in enumerate((0.5, 0.6, 0.5, 0.4), 1)
)
ENDS = (-4, 4)
ALL = 2.0  # bits that tell four even values apart
KNOB = 1.1  # how far beyond the end of its bar a width is held, so that two fingers' room stays between
TURN = 1.4  # a mean right of it has the knob of its width on the left


def overlap_picture(data):
    left = HConcat((_clouds(data), _tracks(data)), (1, 1), stack_below=float("inf"))
    return HConcat(
        (left, HConcat((_matrix(data), _bars(data)), (1, 1), stack_below=float("inf"))), (1.25, 1), gap=26
    )


def _clouds(data) -> Plot:
    """The Gaussians over the prior, drawn as high as the square root of their density."""
    mean, height = np.asarray(data["mean"]), np.asarray(data["width"]) ** -0.5
    top = max(1.3, float(height.max()))
    u, prior = cloud(0, 1, ENDS)
    marks = [Area(u, 0, prior, "noise", opacity=0.2), Line(u, prior, "noise", 1.4, dash="4 3")]
    for each, width, high in zip(mean, data["width"], height, strict=True):
        marks += cloud_marks(each, width, high, ENDS, "series-1", 0.2, 1.6)
    marks += [
        Label(at, high, names, "series-1-text", "middle", dy=-5, size=12, bold=True, halo=True)
        for at, high, names in _names(mean, height, top)
    ]
    marks += [
        Label(ENDS[0], top, "four values, four clouds", "ink", dy=-24, size=12, bold=True),
        Label(
            ENDS[1],
            top,
            "dashed grey: the agreed cloud",
            "muted",
            "end",
            dy=-24,
            size=12,
            narrow="grey: the agreed cloud",
        ),
    ]
    return Plot(
        tuple(marks),
        Axis(domain=ENDS, hidden=True),
        Axis(domain=(0, top), hidden=True),
        ratio=0.42,
        heights=(150, 210),
        margins=(40, 14, 0, 14),
    )


def _names(mean, height, top) -> list[tuple[float, float, str]]:
    """The names of the Gaussians; names that would overlap are joined."""
    groups: list[list] = []
    for i in np.argsort(mean, kind="stable").tolist():
        if groups and mean[i] - groups[-1][0][-1] < 0.3 and abs(height[i] - groups[-1][1]) < 0.15 * top:
            groups[-1][0].append(mean[i])
            groups[-1][1] = max(groups[-1][1], height[i])
            groups[-1][2].append(str(i + 1))
        else:
            groups.append([[mean[i]], height[i], [str(i + 1)]])
    return [(float(np.mean(at)), float(high), " ".join(names)) for at, high, names in groups]


def _tracks(data) -> Plot:
    """Below the Gaussians a track for each value, with a handle for its mean and one for its width."""
    marks = [Line([*ENDS, np.nan] * 4, np.repeat([3.5, 2.5, 1.5, 0.5], 3), "faint", 1)]
    for i, (mean, width) in enumerate(zip(data["mean"], data["width"], strict=True)):
        y, side = 3.5 - i, -1 if mean > TURN else 1
        end = mean + side * width
        knob = end + side * KNOB
        marks += [
            Line(
                (max(mean - width, ENDS[0]), min(mean + width, ENDS[1])), (y, y), "series-1", 6, opacity=0.45
            ),
            Line((end, knob), (y, y), "series-1", 1.2, dash="2 3"),
            DragHandle(
                knob,
                y,
                WIDTHS[i].label,
                state={WIDTHS[i].name: (width, WIDTHS[i])},
                moves=WIDTHS[i].name,
                axis="x",
                per_unit=side,
                text=f"width {width:.2f}",
                size=(44, 44),
                marks=(Dot(knob, y, "paper", 6, rim="series-1"),),
            ),
            DragHandle(
                mean,
                y,
                MEANS[i].label,
                state={MEANS[i].name: (mean, MEANS[i])},
                moves=MEANS[i].name,
                axis="x",
                text=f"at {mean:.2f}",
                size=(44, 44),
                marks=(
                    Dot(mean, y, "series-1", 10, rim="paper"),
                    Label(mean, y, str(i + 1), "paper", "middle", dy=4.5, size=12, bold=True),
                ),
            ),
        ]
    return Plot(
        tuple(marks),
        Axis("the line: full dots move a cloud, rings widen it", ENDS, ticks=(-4, -2, 0, 2, 4)),
        Axis(domain=(0, 4), hidden=True),
        heights=(230, 230),
        margins=(4, 14, 44, 14),
    )


def _matrix(data) -> Plot:
    """The distinguishability of every two values, 0 the same and 1 never confused."""
    apart = data["apart"]
    marks = [Heatmap(0, 0, 4, 4, 0.06 + 0.94 * np.asarray(apart), "series-1", 24, gap=3)]
    for r in range(4):
        marks += [
            Label(
                c + 0.5,
                3.5 - r,
                f"{apart[r, c]:.2f}",
                "paper" if apart[r, c] > 0.74 else "ink",
                "middle",
                dy=4,
                size=12,
            )
            for c in range(4)
        ]
        marks += [
            Label(r + 0.5, 0, str(r + 1), "series-1-text", "middle", dy=15, size=12),
            Label(0, 3.5 - r, str(r + 1), "series-1-text", "end", dx=-6, dy=4, size=12),
        ]
    marks.append(Label(0, 4, "told apart: 0 never, 1 always", "ink", dy=-8, size=12, bold=True))
    return Plot(
        tuple(marks),
        Axis(domain=(0, 4), hidden=True),
        Axis(domain=(0, 4), hidden=True),
        ratio=0.78,
        heights=(190, 236),
        margins=(26, 2, 24, 20),
    )


def _bars(data) -> Plot:
    """The information, the bound and the gap between them, on one scale."""
    information, bound = data["information"], data["bound"]
    high = max(2.4, 1.08 * bound)
    marks = [
        Label(
            0, 1.5, f"what gets through: {information:.2f} bits", "ink", dy=-12, size=12, bold=True, halo=True
        ),
        Rect(0, 1.18, information, 1.5, "ink", radius=2),
        Label(
            0, 0.5, f"what the bound charges: {bound:.2f} bits", "ink", dy=-12, size=12, bold=True, halo=True
        ),
        Rect(0, 0.18, bound, 0.5, "noise", opacity=0.5, radius=2),
        Rect(information, 0.18, bound, 0.5, "selection", radius=2, opacity=0.85),
        *(Line((ALL, ALL), (y - 0.06, y + 0.38), "muted", 1.4, dash="3 3") for y in (0.18, 1.18)),
    ]
    if data["gap"] >= 0.005:
        right = information > 0.6 * high
        marks.append(
            Label(
                bound if right else information,
                0.18,
                f"gap {data['gap']:.2f}",
                "selection-text",
                "end" if right else "start",
                dy=14,
                size=12,
                bold=True,
                halo=True,
            )
        )
    return Plot(
        tuple(marks),
        Axis(
            "bits a value; 2 tell all four apart",
            (0, high),
            ticks=(0, 1, 2) if high < 4 else (0, 2, 4, 6, 8, 10)[: 1 + int(min(high, 10) // 2)],
        ),
        Axis(domain=(-0.2, 2), hidden=True),
        heights=(178, 178),
        margins=(6, 6, 44, 20),
    )


def least_apart(data) -> tuple[float, int, int]:
    """The lowest distinguishability of two values, and which two they are, counted from 1."""
    apart = np.asarray(data["apart"])
    rows, columns = np.triu_indices(4, 1)
    at = int(apart[rows, columns].argmin())
    return float(apart[rows[at], columns[at]]), int(rows[at]) + 1, int(columns[at]) + 1
