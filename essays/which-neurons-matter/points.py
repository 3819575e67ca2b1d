"""Two classes of points, as the first two figures choose and draw them."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from infodecomp.data.point_sets import MAX_WRITTEN, point_set, read_points, write_points
from infodecomp.errors import InformationError
from infodecomp.explorable import Axis, Choice, Dots, Label, Plot, Rect, StateLink
from infodecomp.explorable.figures.parameters import Parameter
from infodecomp.explorable.graphics.marks.raster import Raster

KINDS = {"blobs": "blobs", "moons": "moons", "circles": "circles", "xor": "XOR", "own": "your own"}
LIMIT = 3.0  # of both coordinates
N_EACH = 60
NEAR = 0.15  # a new point is not put where one of its class is as near
ERASED = 0.3  # the radius that is erased
SHADES = 40
FILLED, RING = "series-1", "series-2"


@dataclass(frozen=True, kw_only=True)
class Sketch(Parameter[str]):
    """Points of two classes that the reader has put down, as the text of `write_points`."""

    kind: ClassVar[str] = "points"

    def bounds(self) -> str:
        return f"r or f and two letters or digits for each of at most {MAX_WRITTEN} points, of both classes"

    def check(self, value: object) -> str:
        try:
            _, classes = read_points(str(value))
        except InformationError:
            raise self.refuse(value, "is no list of points") from None
        if len(set(classes.tolist())) < 2:
            raise self.refuse(value, "has points of one class only")
        return str(value)


def _first_sketch() -> str:
    """Two clouds that a curve, but no line, separates."""
    x, y = point_set("moons", 18, seed=3)
    return write_points(np.clip(x, -2.9, 2.9), y)


SKETCH = Sketch(name="sketch", label="your own points", default=_first_sketch())
TWO_POINTS = write_points(np.array([[-1.0, 0.0], [1.0, 0.0]]), np.arange(2))  # to begin with
PEN = Choice(
    name="pen",
    label="press the plane to put down",
    default="filled",
    options={"filled": "filled dots", "rings": "rings", "erase": "nothing: erase"},
    active_when=("cloud", "own"),
)


def points(kind: str, sketch: str) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates (n, 2) and classes (n,) of a named point set, or of the reader's own drawing."""
    return read_points(sketch) if kind == "own" else point_set(kind, N_EACH)


def drawn_at(sketch: str, pen: str, x: float, y: float) -> str:
    """The drawing after a press at a point: one point more, or those near it erased.

    A press where a point of this class lies already, a press on a full drawing, and one that would erase the
    last point of a class leave it as it is.
    """
    at, classes = read_points(sketch)
    distance = np.hypot(*(at - (x, y)).T)
    if pen == "erase":
        left = distance > ERASED
        return write_points(at[left], classes[left]) if len(set(classes[left].tolist())) == 2 else sketch
    which = int(pen == "filled")
    if len(at) >= MAX_WRITTEN or (distance[classes == which] < NEAR).any():
        return sketch
    return write_points(np.vstack((at, (x, y))), np.append(classes, which))


def grid() -> np.ndarray:
    """The middles of the cells of a shaded plane, (SHADES * SHADES, 2), row 0 at the top."""
    middle = ((np.arange(SHADES) + 0.5) / SHADES * 2 - 1) * LIMIT
    return np.stack(np.meshgrid(middle, middle[::-1]), -1).reshape(-1, 2)


def shade(probability: np.ndarray, reach: float = LIMIT) -> Raster:
    """A square plane from -reach to reach, shaded by the probability of class 1 on a grid like `grid`."""
    values = (2 * probability.reshape(SHADES, SHADES) - 1) * 0.45
    return Raster(-reach, -reach, reach, reach, values, FILLED, RING, smooth=True)


def class_dots(x: np.ndarray, y: np.ndarray, radius: float = 3.4) -> tuple[Dots, ...]:
    """Class 1 as filled dots and class 0 as rings."""
    ring, filled = x[y == 0], x[y == 1]
    return (
        Dots(ring[:, 0], ring[:, 1], (RING,), radius=radius),
        Dots(ring[:, 0], ring[:, 1], ("paper",), radius=radius - 1.5),
        Dots(filled[:, 0], filled[:, 1], ("paper",), radius=radius + 0.8),
        Dots(filled[:, 0], filled[:, 1], (FILLED,), radius=radius),
    )


def pen_buttons(sketch: str, pen: str, x: float, y: float) -> list[StateLink]:
    """What works without a pointer: put a point where the pen is, or begin again."""
    verb = {"filled": "put a filled dot", "rings": "put a ring", "erase": "erase"}[pen]
    return [
        _button(-LIMIT + 0.1, f"{verb} here", f"sketch={drawn_at(sketch, pen, x, y)}", 2.3),
        _button(LIMIT - 1.6, "begin again", f"sketch={TWO_POINTS}", 1.5),
    ]


def _button(left: float, words: str, query: str, width: float) -> StateLink:
    bottom = -LIMIT + 0.1
    box = Rect(left, bottom, left + width, bottom + 0.55, "paper", radius=5, stroke="noise")
    name = Label(left + width / 2, bottom + 0.27, words, "ink", "middle", dy=4.5, size=12.5)
    return StateLink(query, words, (box, name), screen_only=True)


def plane(
    marks, height: tuple[float, float] = (260, 400), top: float = 26, bottom: float = 8, ratio: float = 1
) -> Plot:
    """A square plane of both coordinates, without axes."""
    return Plot(
        tuple(marks),
        Axis(domain=(-LIMIT, LIMIT), hidden=True),
        Axis(domain=(-LIMIT, LIMIT), hidden=True),
        ratio=ratio,
        heights=height,
        margins=(top, 6, bottom, 6),
    )
