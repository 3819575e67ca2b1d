"""The pictures of a report, made of the engine's marks."""

import numpy as np

from infodecomp.bottleneck.features import Feature
from infodecomp.bottleneck.information_plane import InformationPlane
from infodecomp.explorable import Area, Axis, Dot, Heatmap, Label, Line, Plot, Rect

ROLES = ("series-1", "series-2", "target", "selection", "ink", "muted")
DASHES = ("", "6 4", "2 4", "8 3 2 3")
MOST_LEVELS = 24  # of a matrix


def plane_picture(plane: InformationPlane, error: str, target: str) -> Plot:
    """Bits in all against error, with two standard errors of it; dots where it begins and where it is least."""
    spread = 2 * plane.error_standard_error
    top, best = float((plane.error + spread).max()), int(plane.error.argmin())
    marks = (
        Area(plane.bits, plane.error - spread, plane.error + spread, "noise", 0.3),
        Line(plane.bits, plane.error, "best", 2.4),
        Dot(plane.bits[0], plane.error[0], "best", 3),
        Dot(plane.bits[best], plane.error[best], "best", 3),
    )
    return Plot(
        marks,
        Axis("bits received from all columns", (0, float(plane.bits.max()))),
        Axis(f"{_short(target, 18)}: {error}", (0, top * 1.04), grid=True),
        heights=(270, 380),
        ratio=0.6,
        margins=(34, 18, 46, 58),
    )


def feature_picture(plane: InformationPlane, names: list[str], order: list[int]) -> Plot:
    """The bits of the columns against bits in all, the leading ones named at their ends."""
    led = [i for i in order if plane.features[:, i].max() >= 0.05][:10]
    top = max(float(plane.features.max()), 0.1) * 1.05
    marks, taken = [], []
    for place, i in enumerate(led):
        role, dash = ROLES[place % len(ROLES)], DASHES[place // len(ROLES)]
        marks.append(Line(plane.bits, plane.features[:, i], role, 2, dash=dash))
        taken.append([float(plane.features[-1, i]), place, i])
    for y, place, i in _apart(taken, top * 0.062):
        role = ROLES[place % len(ROLES)]
        marks.append(
            Label(
                plane.bits.max(),
                y,
                _short(names[i], 15),
                role + "-text" if role in ROLES[:4] else role,
                dx=8,
                dy=4,
                size=12,
            )
        )
    return Plot(
        tuple(marks),
        Axis("bits received from all columns", (0, float(plane.bits.max())), count=4),
        Axis("bits received from a column", (0, top), grid=True),
        heights=(300, 400),
        ratio=0.62,
        margins=(34, 112, 46, 40),
    )


def _apart(labels: list[list], least: float) -> list[list]:
    """Heights of labels moved upwards until none touches the one below."""
    labels = sorted(labels)
    for below, above in zip(labels, labels[1:]):
        above[0] = max(above[0], below[0] + least)
    return labels


def matrix_picture(feature: Feature, matrix: np.ndarray, dates: bool = False) -> Plot:
    """How far each two values of a column are told apart: dark where never confused, blank where never told apart. dates: the levels are
    days since 1970."""
    names = [
        str(np.datetime64(round(level), "D")) if dates else _level(level) for level in feature.levels
    ] + ["missing"] * feature.missing
    shown = np.unique(np.linspace(0, len(names) - 1, min(len(names), MOST_LEVELS)).round().astype(int))
    n = len(shown)
    marks = [
        Rect(0, 0, n, n, "wash"),
        Heatmap(0, 0, n, n, matrix[np.ix_(shown, shown)], "series-1", tones=24),
    ]
    every = max(1, -(-n // 12))
    for place in range(0, n, every):
        marks.append(
            Label(0, n - place - 0.5, _short(names[shown[place]], 12), "muted", "end", dx=-5, dy=4, size=12)
        )
    ends = (0, n - 1) if n > 1 else (0,)
    marks += [
        Label(
            place + (place > 0),
            0,
            _short(names[shown[place]], 12),
            "muted",
            "end" if place else "start",
            dy=16,
            size=12,
        )
        for place in ends
    ]
    return Plot(
        tuple(marks),
        Axis(domain=(0, n), hidden=True),
        Axis(domain=(0, n), hidden=True),
        ratio=0.76,
        heights=(200, 260),
        margins=(6, 8, 26, 100),
    )


def _level(level) -> str:
    return (
        f"{level:.4g}".replace("-", "−")
        if isinstance(level, (int, float, np.number)) and not isinstance(level, bool)
        else str(level)
    )


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
