"""Circles with numbers and directions on them, for the figures of the circular construction."""

import numpy as np

from infodecomp.explorable import Axis, Dot, Dots, Label, Line, Plot, Range

MODULUS = 67
CIRCLE_A = Range(name="circle_a", label="a", default=30, low=0, high=MODULUS - 1, step=1, role="series-1")
CIRCLE_B = Range(name="circle_b", label="b", default=50, low=0, high=MODULUS - 1, step=1, role="series-2")
REACH = 1.32  # of the plane, in radii of the circle
CLEARANCE = 0.25  # radians: names of numbers this near to something else are left out


def at_angle(angle, radius: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """The points of a circle at some angles, in radians from the top, clockwise as on a clock."""
    return radius * np.sin(angle), radius * np.cos(angle)


def ring(radius: float = 1.0, role: str = "faint", width: float = 1.4) -> Line:
    """A circle."""
    return Line(*at_angle(np.linspace(0, 2 * np.pi, 97), radius), role, width)


def number_marks(modulus: int, every: int = 10, turns: int = 1, clear: tuple[float, ...] = ()) -> list:
    """Numbers around a circle as dots, some with their names; `turns` times round.

    With two turns each number has two places, opposite each other. The names around the angles of `clear`
    are left out, where something else is written, and on a phone so is every second name.
    """
    places = np.arange(turns * modulus)
    angle = places * 2 * np.pi / (turns * modulus)
    named = places % modulus % every == 0
    named &= places % modulus < modulus - every / 2  # the last would stand on 0
    for taken in clear:
        named &= np.cos(angle - taken) < np.cos(CLEARANCE)
    marks: list = [Dots(*at_angle(angle), ("noise",), radius=1.7)]
    for place, where in zip(places[named].tolist(), angle[named].tolist()):
        x, y = at_angle(where, 1.16)
        text = str(place % modulus)
        narrow = None if place % modulus // every % 2 == 0 else ""
        marks.append(Label(float(x), float(y), text, "muted", "middle", dy=4, size=12, narrow=narrow))
    return marks


def arrow(angle: float, length: float, role: str, width: float = 2.6) -> list:
    """An arrow from the centre."""
    x, y = (float(part) for part in at_angle(angle, length))
    head = min(0.1, length / 2)
    sides = [
        tuple(float(part) for part in (x, y) + np.array(at_angle(angle + turn, head)))
        for turn in (np.pi - 0.5, np.pi + 0.5)
    ]
    (left_x, left_y), (right_x, right_y) = sides
    return [Line((0, x, np.nan, left_x, x, right_x), (0, y, np.nan, left_y, y, right_y), role, width)]


def point(angle: float, text: str, role: str, radius: float = 1.0, size: float = 6, at: float = 0.8) -> list:
    """A point with its name, written at a distance from the centre."""
    x, y = at_angle(angle, radius)
    tx, ty = at_angle(angle, at)
    return [
        Dot(float(x), float(y), role, size, rim="paper"),
        Label(float(tx), float(ty), text, f"{role}-text", "middle", dy=5, size=14, bold=True, halo=True),
    ]


def circle_plot(marks: list, title: str, short: str | None = None, reach: float = REACH) -> Plot:
    """A square plane around a circle, with a title above and a shorter one for a phone."""
    heading = Label(-reach, reach, title, "ink", dy=-6, size=13, bold=True, narrow=short)
    axis = Axis(domain=(-reach, reach), hidden=True)
    return Plot(
        (*marks, heading), axis, axis, ratio=1.06, heights=(150, 420), margins=(22, 4, 4, 4), equal=True
    )
