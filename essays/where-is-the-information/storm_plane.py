"""The information plane of two sources: every allocation, the Pareto frontier, and the reader's choice."""

from bisect import bisect_right
from functools import lru_cache

import numpy as np

import infodecomp
from infodecomp.explorable import (
    Axis,
    Choice,
    Dot,
    Dots,
    DragHandle,
    Label,
    Line,
    Plot,
    Tooltip,
    figure,
    key_number,
)

from .storms import (
    BITS_A,
    BITS_B,
    NEGLIGIBLE,
    PURCHASE,
    STORMS,
    nothing_to_learn,
    settle_purchase,
    taught,
    weather,
    world_of,
)

MIXES = tuple(f"mix-{i}" for i in range(7))  # colours from only town B to only town A
TICKS = (0, 0.5, 1, 1.5, 2)  # bits
SPREAD = 620  # dots in the plane
FAIR = "storm_a=.5&storm_b=.5&tie=0"
SHOW = Choice(
    name="show",
    label="Show",
    default="gained",
    options={"gained": "what you learn", "left": "what is left to know"},
)


@figure(
    parameters=(*STORMS, *PURCHASE, SHOW),
    title="Every way to share bits between two towns",
    controls=("show",),
    presets={
        "budget": "mode=budget",
        "storms": f"p00=.1&p01=.2&p10=.3&p11=.9&{FAIR}",
        "mirror-a": f"p00=0&p01=0&p10=1&p11=1&{FAIR}",
        "twins": "p00=0&p01=.5&p10=.5&p11=1&storm_a=.5&storm_b=.5&tie=1",
        "and": f"p00=0&p01=0&p10=0&p11=1&{FAIR}",
        "xor": f"p00=0&p01=1&p10=1&p11=0&{FAIR}",
        "measures-part": "p00=0&p01=.5&p10=.2&p11=1&storm_a=.3&storm_b=.8&tie=.6",
    },
)
def storm_telegraph(bits_a, bits_b, mode, budget, trade, show, **storms):
    """Every allocation, the Pareto frontier, and the reader's choice."""
    world = weather(**storms)
    bits_a, bits_b = (
        min(bits_a, world.entropy_a),
        min(bits_b, world.entropy_b),
    )  # what a town does not have buys nothing
    information = infodecomp.allocation_information(world.towns, bits_a, bits_b).item()
    best = infodecomp.information_frontier(world.towns, [bits_a + bits_b])
    return {
        "plane": world.plane._asdict(),
        "front": world.front._asdict(),
        "dots": spread_allocations(**storms),
        "show": show,
        "most": world.most,
        "entropy": world.entropy,
        "available": world.information,
        "nothing": nothing_to_learn(world),
        "selection": {
            "bits_a": bits_a,
            "bits_b": bits_b,
            "total": bits_a + bits_b,
            "information": information,
            "error": world.entropy - information,
        },
        "best": {name: column.item() for name, column in best._asdict().items()},
    }


@lru_cache(maxsize=64)
def spread_allocations(**storms) -> dict:
    """Allocations that are spread evenly but on no grid, which would show as stripes.

    They are points of the R2 sequence (Roberts 2018), whose steps are powers of the plastic number.
    """
    world, steps = weather(**storms), np.arange(1, SPREAD + 1)
    bits_a = world.entropy_a * ((0.5 + steps * 0.7548776662466927) % 1)
    bits_b = world.entropy_b * ((0.5 + steps * 0.5698402909980532) % 1)
    information = taught(world, bits_a, bits_b)
    return {
        "bits_a": bits_a,
        "bits_b": bits_b,
        "total": bits_a + bits_b,
        "information": information,
        "error": world.entropy - information,
        "either": abs(information - taught(world, bits_b, bits_a)) < 1e-9,
    }


storm_telegraph.derive(settle_purchase)


@storm_telegraph.draw
def plane_picture(data):
    column = "information" if data["show"] == "gained" else "error"
    plane, front, choice, best = data["plane"], data["front"], data["selection"], data["best"]
    total, y = np.asarray(plane["total"]), np.asarray(plane[column])
    top = max(data["available"], 0.02) if column == "information" else max(data["entropy"], 0.02)
    low = 0.0 if column == "information" else max(0.0, data["entropy"] - data["available"] * 1.12)
    n = round(len(total) ** 0.5)
    only_a, only_b = slice(None, None, n), slice(0, n)
    gained = column == "information"
    marks = [
        _cloud(data, column, (low, top)),
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
        _beside(choice["total"], data["most"], choice[column], gained),
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


def _beside(total, most, y, gained) -> Label:
    """The label beside the reader's point, on the side where no line ends."""
    left = 0.15 * most < total <= 0.51 * most or total > 0.9 * most
    return Label(
        total,
        y,
        "you",
        "selection-text",
        "end" if left else "start",
        dx=-13 if left else 13,
        dy=5 if gained else 18,
        bold=True,
        halo=True,
    )


def _cloud(data, column, span) -> Dots:
    """The dots, each in the colour of the share of its bits that comes from A; none behind a label.

    Where swapping the bits of A and B teaches the same, a dot has the middle colour.
    """
    dots = data["dots"]
    total, y = dots["total"], dots[column]
    share = np.divide(dots["bits_a"], total, out=np.full_like(total, 0.5), where=total > 0)
    classes = np.clip((np.where(dots["either"], 0.5, share) * 7).astype(int), 0, 6)
    free = np.ones(len(total), bool)
    wide, high = 0.15 * data["most"], 0.045 * (span[1] - span[0])
    for x, height, _, _, dy in _ends(data, column):
        middle = height - dy / 300 * (span[1] - span[0])
        free &= (total < x - 0.01) | (total > x + wide) | (abs(y - middle) > high)
    return Dots(total[free], y[free], MIXES, classes[free], radius=2)


def _edge_labels(data, column):
    """Labels at the ends of the lines, in place of a legend."""
    front = data["front"]
    gained = column == "information"
    half = int(np.searchsorted(np.asarray(front["budget"]), data["most"] * 0.72))
    yield Label(
        front["budget"][half],
        front[column][half],
        "nothing to learn" if data["nothing"] else "the best possible",
        "ink",
        "end",
        dx=-8,
        dy=-8 if gained else 20,
        bold=True,
        halo=True,
    )
    if data["nothing"]:
        return
    for x, height, word, role, dy in _ends(data, column):
        yield Label(x, height, word, role, dx=9, dy=dy + 4, bold=True, halo=True)


def _ends(data, column):
    """The ends of the two lines with their labels, and how far below its end the middle of each label is."""
    plane = data["plane"]
    n = round(len(plane["total"]) ** 0.5)
    total, y = np.asarray(plane["total"]), np.asarray(plane[column])
    ends = [
        (float(total[at]), float(y[at]), word, role)
        for at, word, role in ((-n, "A alone", "series-1-text"), (n - 1, "B alone", "series-2-text"))
    ]
    if abs(ends[0][1] - ends[1][1]) < 0.03 * data["available"]:
        ends = [(*ends[0][:2], "either alone", "muted")]
    gained = column == "information"
    for x, height, word, role in ends:
        low = gained and height > 0.08 * data["available"]  # below its end, unless the axis is there
        yield x, height, word, role, 10 if low else (-11 if gained else -4)


def _spoken(data) -> str:
    choice = data["selection"]
    return (
        f"{choice['bits_a']:.2f} bits from town A and {choice['bits_b']:.2f} from town B; "
        f"{choice['error']:.3f} bits left to know"
    )


@storm_telegraph.invert_point
def grab_allocation(state, x, y):
    world = world_of(state)
    information = y if state["show"] == "gained" else world.entropy - y
    bits_a, bits_b = infodecomp.nearest_allocation(world.towns, x, information, state["bits_a"])
    return {"mode": "each", "bits_a": BITS_A.snap(bits_a), "bits_b": BITS_B.snap(bits_b)}


@storm_telegraph.values
def plane_values(data):
    choice, best = data["selection"], data["best"]
    return {
        "entropy": data["entropy"],
        "available": data["available"],
        "total": choice["total"],
        "information": choice["information"],
        "error": choice["error"],
        "best_information": best["information"],
        "best_error": best["error"],
        "best_bits_a": best["bits_a"],
        "best_bits_b": best["bits_b"],
        "lost": max(best["information"] - choice["information"], 0.0),
    }


@storm_telegraph.describe
def plane_description(data):
    choice, best = data["selection"], data["best"]
    bits_a = key_number(f"{choice['bits_a']:.2f} bits", "series-1")
    bits_b = key_number(f"{choice['bits_b']:.2f}", "series-2")
    learnt = key_number(f"{choice['information']:.3f} bits", "selection")
    sentence = f"{bits_a} from town A and {bits_b} from town B teach you {learnt} about your weather."
    if data["nothing"]:
        return f"{sentence} {data['nothing']}"
    if choice["total"] < NEGLIGIBLE:
        return f"You haven't bought anything yet, so you learn {learnt}. Drag the point to the right."
    if best["information"] - choice["information"] < NEGLIGIBLE:
        return f"{sentence} No other split teaches you more."
    return (
        f"{sentence} The best split, {best['bits_a']:.2f} and {best['bits_b']:.2f}, teaches you "
        f"{key_number(format(best['information'], '.3f'))}."
    )


@storm_telegraph.value_text
def plane_value_text(data):
    choice = data["selection"]
    left = f"{choice['error']:.3f} bits left to know"
    return {
        "bits_a": f"{choice['bits_a']:.2f} bits from town A; {left}",
        "bits_b": f"{choice['bits_b']:.2f} bits from town B; {left}",
        "budget": f"{choice['total']:.2f} bits in all; {left}",
        "trade": f"{choice['bits_a']:.2f} of {choice['total']:.2f} bits from town A; {left}",
    }


@storm_telegraph.table
def plane_table(data):
    return data["front"]
