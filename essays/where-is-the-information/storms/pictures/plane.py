"""The plane of all allocations: bits received against bits learnt."""

from bisect import bisect_right

import numpy as np

from infodecomp.explorable import Area, Axis, Dot, Dots, DragHandle, Label, Line, Plot, Tooltip

from ..storms import BITS_A, BITS_B

MIXES = tuple(f"mix-{i}" for i in range(7))  # colours from only town B to only town A
TICKS = (0, 0.5, 1, 1.5, 2)  # bits
SPREAD = 620  # dots in the plane
SHORTEST = 220  # pixels from the lower to the upper end of the vertical axis, on a phone
LINE = 15  # pixels from one line of text to the next
NOTHING_TO_LEARN = Label(0, 0, "nothing to learn", "ink", dx=-4, dy=-24, bold=True, halo=True)
NARROWEST = 270  # pixels of the horizontal axis, on a phone
LETTER = 7  # pixels of a letter of a label
POINT = 10  # pixels around the middle of the reader's point that no label covers
BESIDE = (("start", 13, 5), ("end", -13, 5), ("start", 11, 20), ("end", -11, 20), ("start", 11, -12))


def plane_picture(data):
    column = "information" if data["show"] == "gained" else "error"
    plane, front, choice, best = data["plane"], data["front"], data["selection"], data["best"]
    total, y = np.asarray(plane["total"]), np.asarray(plane[column])
    low, top = _span(data, column)
    n = round(len(total) ** 0.5)
    only_a, only_b = slice(None, None, n), slice(0, n)
    gained = column == "information"
    marks = [
        Area(front["budget"], data["worst"][column], front[column], "noise", 0.13),
        _cloud(data, column),
        Line(total[only_a], y[only_a], "series-1", width=2),
        Line(total[only_b], y[only_b], "series-2", width=2, dash="6 4"),
        Line(front["budget"], front[column], "best", width=2.4),
        Line((choice["total"],) * 2, (choice[column], best[column]), "selection", width=2, dash="2 3"),
        DragHandle(
            choice["total"],
            choice[column],
            "Your own allocation, bits from town A and from town B",
            state={"bits_a": (choice["bits_a"], BITS_A), "bits_b": (choice["bits_b"], BITS_B)},
            keys=("bits_a", "bits_b"),
            text=_spoken(data),
            marks=(Dot(choice["total"], choice[column], "selection", radius=7.5, rim="rim"),),
        ),
        *_labels(data, column),
    ]
    return Plot(
        tuple(marks),
        Axis(
            "bits received in all",
            (0, data["most"]),
            ticks=TICKS[: bisect_right(TICKS, data["most"] + 1e-9)],
        ),
        Axis(
            "bits learnt about your town" if gained else "bits left to know about your town",
            (low, top * 1.06),
            grid=True,
        ),
        ratio=0.62,
        heights=(300, 420),
        margins=(34, 16, 46, 44),
        grab=True,
        hover=Tooltip(
            "dots",
            "total",
            column,
            "{bits_a:2} bits from A + {bits_b:2} from B: {"
            + column
            + ":3} "
            + ("learnt" if gained else "left"),
        ),
    )


def _span(data, column) -> tuple[float, float]:
    """The lower and the upper end of what the dots cover."""
    if column == "information":
        return 0.0, max(data["available"], 0.02)
    return max(0.0, data["entropy"] - data["available"] * 1.12), max(data["entropy"], 0.02)


def _pixels(data, column) -> float:
    """The pixels of one bit of the vertical axis, on a phone."""
    low, top = _span(data, column)
    return SHORTEST / (top * 1.06 - low)


def _cloud(data, column) -> Dots:
    """The dots, each in the colour of the share of its bits that comes from A.

    Where swapping the bits of A and B teaches the same, a dot has the middle colour.
    """
    dots = data["dots"]
    total = dots["total"]
    share = np.divide(dots["bits_a"], total, out=np.full_like(total, 0.5), where=total > 0)
    classes = np.clip((np.where(dots["either"], 0.5, share) * 7).astype(int), 0, 6)
    return Dots(total, dots[column], MIXES, classes, radius=1.5)


def _labels(data, column):
    """The names of the lines and of the reader's point, each where it covers no other; no legend."""
    gained, most, choice = column == "information", data["most"], data["selection"]
    you = (choice["total"], choice[column], "you", "selection-text")
    if data["nothing"]:
        yield NOTHING_TO_LEARN
        yield _label(*you, BESIDE[0])
        return
    taken = [(*_position(data, column, *you[:2]), POINT, POINT)]
    front = data["front"]
    at = int(np.searchsorted(np.asarray(front["budget"]), (0.985 if gained else 0.7) * most))
    best = (front["budget"][at].item(), front[column][at].item(), "the best possible", "ink")
    outside = ("end", -4, -8 if gained else 20)
    for name, places in (
        (best, [outside]),
        *((end, _places(data, column, *end[:2])) for end in _ends(data, column)),
        (you, BESIDE),
    ):
        boxes = [_box(data, column, *name[:3], *place) for place in places]
        free = [at for at, box in enumerate(boxes) if not any(_meet(box, other) for other in taken)]
        at = free[0] if free else 0
        taken.append(boxes[at])
        yield _label(*name, places[at])


def _label(x, y, word, role, place) -> Label:
    anchor, dx, dy = place
    return Label(x, y, word, role, anchor, dx=dx, dy=dy, bold=True, halo=True)


def _places(data, column, x, height) -> list[tuple]:
    """Where the name of a line may stand at its end: outside all dots, if the end is near their border."""
    gained, front = column == "information", data["front"]
    low = data["entropy"] * (not gained)
    outside, inside = (-8, 18) if gained else (18, -8)
    places = [("start", 9, inside), ("end", -9, inside), ("start", 9, outside), ("start", 16, 5)]
    if abs(height - low) * _pixels(data, column) < 2 * LINE:  # the axis is there
        places = [("start", 9, outside), ("end", -9, outside)]
    if height == np.interp(x, front["budget"], front[column]):
        places = [("end", -7, outside), ("end", -13, 2.2 * outside), *places]
    return places


def _ends(data, column):
    """The ends of the lines of one town alone, with their names; on the front where they are close to it."""
    plane, front = data["plane"], data["front"]
    n = round(len(plane["total"]) ** 0.5)
    total, y = np.asarray(plane["total"]), np.asarray(plane[column])
    best = np.interp(total, front["budget"], front[column])
    y = np.where(abs(best - y) * _pixels(data, column) < 2 * LINE, best, y)
    ends = [
        (float(total[at]), float(y[at]), word, role)
        for at, word, role in ((-n, "A alone", "series-1-text"), (n - 1, "B alone", "series-2-text"))
    ]
    if min(x for x, *_ in ends) < 0.03 * data["most"]:
        return []  # the weather of one town never changes: all that can be learnt comes from the other
    if abs(ends[0][1] - ends[1][1]) < 0.03 * data["available"]:
        return [(*ends[0][:2], "either alone", "muted")]
    return ends


def _position(data, column, x, y) -> tuple[float, float]:
    """Where a point is on a phone, in pixels to the right and down."""
    return x * NARROWEST / data["most"], -y * _pixels(data, column)


def _box(data, column, x, y, word, anchor, dx, dy) -> tuple[float, float, float, float]:
    """The middle of a label on a phone, and half of its width and height."""
    left, base = _position(data, column, x, y)
    half = 0.5 * LETTER * len(word)
    return left + dx + (half if anchor == "start" else -half), base + dy - 5, half, 0.5 * LINE


def _meet(box, other) -> bool:
    return abs(box[0] - other[0]) < box[2] + other[2] and abs(box[1] - other[1]) < box[3] + other[3]


def _spoken(data) -> str:
    choice = data["selection"]
    return (
        f"{choice['bits_a']:.2f} bits from town A and {choice['bits_b']:.2f} from town B; "
        f"{choice['error']:.3f} bits left to know"
    )
