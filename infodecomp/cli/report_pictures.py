"""The pictures of a `decompose` report."""

import numpy as np

from infodecomp.bottleneck.features import Feature
from infodecomp.bottleneck.information_plane import InformationPlane
from infodecomp.explorable import Area, Axis, Dot, Heatmap, Label, Line, Plot, Rect
from infodecomp.explorable.graphics.marks import Mark

ROLES = ("series-1", "series-2", "target", "selection", "ink", "muted")
DASHES = ("", "6 4", "2 4", "8 3 2 3")
MAX_LEVELS = 24  # rows of a matrix


def plane_picture(plane: InformationPlane, error: str, target: str) -> Plot:
    """Total bits against error, with a band of two standard errors; dots at the start and at the smallest
    error."""
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
    """Bits of each column against total bits; the leading columns are named at the ends of their lines."""
    leading = [i for i in order if plane.features[:, i].max() >= 0.05][:10]
    top = max(float(plane.features.max()), 0.1) * 1.05
    marks: list[Mark | None] = []
    labels = []
    for rank, i in enumerate(leading):
        role, dash = ROLES[rank % len(ROLES)], DASHES[rank // len(ROLES)]
        marks.append(Line(plane.bits, plane.features[:, i], role, 2, dash=dash))
        labels.append((float(plane.features[-1, i]), rank, i))
    for y, rank, i in _spread(labels, top * 0.062):
        role = ROLES[rank % len(ROLES)]
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


def _spread(labels: list[tuple[float, int, int]], gap: float) -> list[tuple[float, int, int]]:
    """Labels in ascending order, moved up until none overlaps the one below."""
    spread: list[tuple[float, int, int]] = []
    for y, rank, i in sorted(labels):
        spread.append((max(y, spread[-1][0] + gap) if spread else y, rank, i))
    return spread


def matrix_picture(feature: Feature, matrix: np.ndarray, dates: bool = False) -> Plot:
    """How well each pair of values of a column is distinguished: dark if never confused, blank if always
    confused.

    Parameters
    ----------
    feature : Feature
    matrix : ndarray of shape (n_levels, n_levels)
        Distinguishability, 0 to 1.
    dates : bool
        Whether the levels are days since 1970.
    """
    names = [
        str(np.datetime64(round(level), "D")) if dates else _level(level) for level in feature.levels
    ] + ["missing"] * feature.missing
    shown = np.unique(np.linspace(0, len(names) - 1, min(len(names), MAX_LEVELS)).round().astype(int))
    n = len(shown)
    marks: list[Mark | None] = [
        Rect(0, 0, n, n, "wash"),
        Heatmap(0, 0, n, n, matrix[np.ix_(shown, shown)], "series-1", tones=24),
    ]
    step = max(1, -(-n // 12))
    for row in range(0, n, step):
        marks.append(
            Label(0, n - row - 0.5, _short(names[shown[row]], 12), "muted", "end", dx=-5, dy=4, size=12)
        )
    ends = (0, n - 1) if n > 1 else (0,)
    marks += [
        Label(
            column + (column > 0),
            0,
            _short(names[shown[column]], 12),
            "muted",
            "end" if column else "start",
            dy=16,
            size=12,
        )
        for column in ends
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


def _short(text: str, max_length: int) -> str:
    return text if len(text) <= max_length else text[: max_length - 1] + "…"
