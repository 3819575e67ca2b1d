"""The plane of all allocations: bits received against bits learnt."""

from bisect import bisect_right

import numpy as np

from infodecomp.explorable import Axis, Dot, Dots, DragHandle, Label, Line, Plot, Tooltip

from ..storms import BITS_A, BITS_B

MIXES = tuple(f"mix-{i}" for i in range(7))  # colours from only town B to only town A
TICKS = (0, 0.5, 1, 1.5, 2)  # bits
SPREAD = 620  # dots in the plane
SHORTEST = 220  # pixels from the lower to the upper end of the vertical axis, on a phone
LINE = 15  # pixels from one line of text to the next
NOTHING_TO_LEARN = Label(0, 0, "nothing to learn", "ink", dx=-4, dy=-24, bold=True, halo=True)
POINT = 17  # pixels from the middle of the reader's point to that of a label that it does not cover


def plane_picture(data):
    column = "information" if data["show"] == "gained" else "error"
    plane, front, choice, best = data["plane"], data["front"], data["selection"], data["best"]
    total, y = np.asarray(plane["total"]), np.asarray(plane[column])
    low, top = _span(data, column)
    n = round(len(total) ** 0.5)
    only_a, only_b = slice(None, None, n), slice(0, n)
    gained = column == "information"
    marks = [
        _cloud(data, column),
        Line(total[only_a], y[only_a], "series-1", width=2),
        Line(total[only_b], y[only_b], "series-2", width=2, dash="6 4"),
        Line(front["budget"], front[column], "best", width=2.4),
        *_edge_labels(data, column),
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
        _beside(data, column),
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


def _beside(data, column) -> Label:
    """The label beside the reader's point, on the side where no line ends, clear of their names."""
    total, y, most = data["selection"]["total"], data["selection"][column], data["most"]
    gained = column == "information"
    left = 0.15 * most < total <= 0.51 * most or total > 0.9 * most
    dy = 5 if gained else 18
    for x, height, _, _, below in () if left or data["nothing"] else _ends(data, column):
        above = (y - height) * _pixels(data, column) + below + 4 - dy
        if x < total < x + 0.35 * most and abs(above) < LINE:
            dy -= LINE - above if above >= 0 else -LINE - above
    return Label(
        total,
        y,
        "you",
        "selection-text",
        "end" if left else "start",
        dx=-13 if left else 13,
        dy=dy,
        bold=True,
        halo=True,
    )


def _cloud(data, column) -> Dots:
    """The dots, each in the colour of the share of its bits that comes from A; none behind a label.

    Where swapping the bits of A and B teaches the same, a dot has the middle colour.
    """
    dots = data["dots"]
    low, top = _span(data, column)
    total, y = dots["total"], dots[column]
    share = np.divide(dots["bits_a"], total, out=np.full_like(total, 0.5), where=total > 0)
    classes = np.clip((np.where(dots["either"], 0.5, share) * 7).astype(int), 0, 6)
    free = np.ones(len(total), bool)
    wide, high = 0.15 * data["most"], 0.045 * (top - low)
    for x, height, _, _, dy in _ends(data, column):
        middle = height - dy / 300 * (top - low)
        free &= (total < x - 0.01) | (total > x + wide) | (abs(y - middle) > high)
    return Dots(total[free], y[free], MIXES, classes[free], radius=2)


def _edge_labels(data, column):
    """Labels at the ends of the lines, in place of a legend."""
    if data["nothing"]:
        yield NOTHING_TO_LEARN
        return
    front = data["front"]
    gained = column == "information"
    half = int(np.searchsorted(np.asarray(front["budget"]), data["most"] * 0.72))
    yield Label(
        front["budget"][half],
        front[column][half],
        "the best possible",
        "ink",
        "end",
        dx=-8,
        dy=-8 if gained else 20,
        bold=True,
        halo=True,
    )
    for x, height, word, role, dy in _ends(data, column):
        left = x > 0.8 * data["most"]
        yield Label(
            x,
            height,
            word,
            role,
            "end" if left else "start",
            dx=-9 if left else 9,
            dy=dy + 4 + (18 if gained else -18) * left,
            bold=True,
            halo=True,
        )


def _ends(data, column):
    """The ends of the two lines with their labels, and how far below its end the middle of each label is."""
    plane = data["plane"]
    n = round(len(plane["total"]) ** 0.5)
    total, y = np.asarray(plane["total"]), np.asarray(plane[column])
    ends = [
        (float(total[at]), float(y[at]), word, role)
        for at, word, role in ((-n, "A alone", "series-1-text"), (n - 1, "B alone", "series-2-text"))
    ]
    if min(x for x, *_ in ends) < 0.03 * data["most"]:
        return  # the weather of one town never changes: all that can be learnt comes from the other
    if abs(ends[0][1] - ends[1][1]) < 0.03 * data["available"]:
        ends = [(*ends[0][:2], "either alone", "muted")]
    gained = column == "information"
    low = [gained and height > 0.08 * data["available"] for _, height, _, _ in ends]
    # below its end, unless the axis is there
    below = [10.0 if is_low else (-11.0 if gained else -4.0) for is_low in low]
    if len(ends) > 1 and abs(ends[0][0] - ends[1][0]) < 0.2 * data["most"]:
        upper, lower = (0, 1) if ends[0][1] > ends[1][1] else (1, 0)
        apart = (ends[upper][1] - ends[lower][1]) * _pixels(data, column) + below[lower] - below[upper]
        if apart < LINE:
            moved, by = (lower, LINE - apart) if low[lower] else (upper, apart - LINE)
            below[moved] += by
    for at, (x, height, word, role) in enumerate(ends):
        others = [(end[1] - height) * _pixels(data, column) - dy for end, dy in zip(ends, below, strict=True)]
        yield (
            x,
            height,
            word,
            role,
            _clear_of_point(data, column, x, height, below[at], others[:at] + others[at + 1 :]),
        )


def _clear_of_point(data, column, x, height, dy, others) -> float:
    """How far below the end of its line a label stands that the reader's point must not cover.

    It moves by as little as it can without meeting the best possible or another label, whose heights
    above this end are in `others`.
    """
    choice, front = data["selection"], data["front"]
    pixels = _pixels(data, column)
    if not x - 0.03 * data["most"] < choice["total"] < x + 0.23 * data["most"]:
        return dy
    point = (choice[column] - height) * pixels
    if abs(point + dy) >= POINT:
        return dy
    best = (np.interp(x, front["budget"], front[column]) - height) * pixels

    def is_free(below: float) -> bool:
        beyond = best + below if column == "information" else -best - below
        return beyond > 0.5 * LINE and all(abs(other + below) >= LINE for other in others)

    return min((POINT - point, -POINT - point), key=lambda below: (not is_free(below), abs(below - dy)))


def _spoken(data) -> str:
    choice = data["selection"]
    return (
        f"{choice['bits_a']:.2f} bits from town A and {choice['bits_b']:.2f} from town B; "
        f"{choice['error']:.3f} bits left to know"
    )
