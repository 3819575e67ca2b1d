"""The pictures of a decomposed table: its plane, its columns, and which values they distinguish."""

from typing import TYPE_CHECKING

import numpy as np

from infodecomp.explorable import Area, Axis, Dot, Heatmap, Label, Line, Plot, Rect
from infodecomp.explorable.graphics.drawing import render
from infodecomp.explorable.graphics.marks import Mark
from infodecomp.explorable.graphics.plot import DrawOptions
from infodecomp.pictures.shown_fit import level_texts

if TYPE_CHECKING:
    from infodecomp.bottleneck.features import Feature
    from infodecomp.bottleneck.information_plane import InformationPlane

Curve = tuple[np.ndarray, np.ndarray]  # x and y

ROLES = ("series-1", "series-2", "target", "selection", "ink", "muted")
DASHES = ("", "6 4", "2 4", "8 3 2 3")
MAX_LEVELS = 24  # rows of a matrix
FADED = 0.35  # opacity of lines beyond the bits that are enough
DOT_SPACING = 1 / 300  # of the range of bits: points that lie closer are drawn as one


class SVG(str):
    """An SVG document; a notebook shows it as a picture."""

    def _repr_svg_(self) -> str:
        return str(self)


def plane_svg(
    plane: "InformationPlane", error: str, target: str = "", width: float = 680, theme: str | None = "light"
) -> SVG:
    """The picture of a plane as a document of its own."""
    label = f"Bits against error for {target}" if target else "Bits against error"
    return SVG(render(plane_picture(plane, error, target), width, DrawOptions(theme=theme), label).svg)


def plane_picture(plane: "InformationPlane", error: str, target: str = "") -> Plot:
    """Total bits against error, with a band of two standard errors that ends at 0, as no error is below it.

    The line is strong up to the bits that are enough, where a dot marks it, and dashed beyond.
    """
    bits, error_line, spread = drawn_points(plane, plane.error, 2 * plane.error_standard_error)
    top, enough = float((error_line + spread).max()), max(plane.best_bits, 0.0)
    before, after = split(bits, error_line, enough)
    marks: list[Mark | None] = [
        Area(bits, np.maximum(error_line - spread, 0), error_line + spread, "noise", 0.3),
        Line(*before, "best", 2.4),
        Dot(bits[0], error_line[0], "best", 3),
        Dot(enough, before[1][-1], "best", 4.5),
    ]
    if after[0][-1] - enough > 0.02 * bits[-1]:
        marks.insert(2, Line(*after, "muted", 1.4, dash="3 4"))
    is_right = enough > 0.5 * bits[-1]
    marks.append(
        Label(
            enough,
            before[1][-1],
            f"{enough:.1f} bits are enough",
            "ink",
            "end" if is_right else "start",
            dx=-4 if is_right else 4,
            dy=22 if is_right and before[1][-1] > 0.15 * top else -12,  # the curve falls from the left
            halo=True,
            narrow=f"{enough:.1f} bits",
        )
    )
    if plane.overfits and bits[-1] - enough > 0.25 * bits[-1]:  # else there is no room beside the dot
        marks.append(Label(bits[-1], after[1][-1], "overfitting", "muted", "end", dy=-10, size=12, halo=True))
    name = f"{_short(target, 18)}: {error}" if target else error
    return Plot(
        tuple(marks),
        Axis("bits received from all columns", (0, float(bits[-1]))),
        Axis(name, (0, top * 1.08), grid=True),
        heights=(270, 380),
        ratio=0.6,
        margins=(34, 18, 46, 58),
    )


def drawn_points(plane: "InformationPlane", *columns: np.ndarray) -> tuple[np.ndarray, ...]:
    """Bits, without their estimation noise, and columns over them.

    Where the bits hardly change, as near 0, measurements would be drawn as a hook; those that lie closer
    than a pixel or two are averaged.

    Returns
    -------
    tuple of ndarray of shape (n_points, ...)
        The bits, ascending, and each of the columns.
    """
    bits = np.maximum(plane.ascending_bits, 0)
    group = np.round((bits - bits[0]) / max(float(bits[-1] - bits[0]) * DOT_SPACING, 1e-12))
    found = [np.flatnonzero(group == value) for value in np.unique(group)]
    return tuple(np.stack([column[rows].mean(0) for rows in found]) for column in (bits, *columns))


def split(bits: np.ndarray, line: np.ndarray, at: float) -> tuple[Curve, Curve]:
    """A line in two, both of which have the point at some bits."""
    height = float(np.interp(at, bits, line))
    low, high = bits < at, bits > at
    return (
        (np.append(bits[low], at), np.append(line[low], height)),
        (np.insert(bits[high], 0, at), np.insert(line[high], 0, height)),
    )


def feature_picture(plane: "InformationPlane", names: list[str], order: list[int]) -> Plot:
    """Bits of each column against total bits, faded beyond the bits that are enough; the leading columns are
    named at the ends of their lines."""
    leading = [i for i in order if plane.features[:, i].max() >= 0.05][:10]
    top = max(float(plane.features.max()), 0.1) * 1.05
    bits, features = drawn_points(plane, np.maximum(plane.features, 0))
    enough = max(plane.best_bits, 0.0)
    is_beyond = bits[-1] - enough > 0.02 * bits[-1]
    marks: list[Mark | None] = []
    if is_beyond:
        marks += [
            Line([enough, enough], [0, top], "muted", 1, dash="2 3"),
            Label(enough, top, "enough", "muted", "end", dx=-5, dy=10, size=12, halo=True),
        ]
    labels = []
    for rank, i in enumerate(leading):
        role, dash = ROLES[rank % len(ROLES)], DASHES[rank // len(ROLES)]
        before, after = split(bits, features[:, i], enough)
        marks.append(Line(*before, role, 2, dash=dash))
        if is_beyond:
            marks.append(Line(*after, role, 1.4, dash=dash, opacity=FADED))
        labels.append((float(features[-1, i]), rank, i))
    for y, rank, i in _spread(labels, top * 0.062):
        role = ROLES[rank % len(ROLES)]
        marks.append(
            Label(
                bits[-1],
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
        Axis("bits received from all columns", (0, float(bits[-1])), count=4),
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


def matrix_picture(feature: "Feature", matrix: np.ndarray, dates: bool = False) -> Plot:
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
    names = level_texts(feature, "", dates)
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


def _short(text: str, max_length: int) -> str:
    return text if len(text) <= max_length else text[: max_length - 1] + "…"
