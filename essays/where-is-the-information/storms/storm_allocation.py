"""The best split of every budget between the two towns."""

import numpy as np

import infodecomp
from infodecomp.explorable import Area, Axis, Label, Line, Plot, Tooltip, figure

from .storms import BUDGETS, STORMS, nothing_to_learn, table_columns, weather

ALONE = 1e-4  # bits: less than this of a town is none of it
JUMP = 0.08  # bits: between two neighbouring budgets nothing that is smooth moves so far


@figure(parameters=STORMS, title="The best split of every budget", decimals=2)
def storm_allocation(**storms):
    """The allocation on the frontier at every budget: bits of each town, unspent bits, and ties."""
    world = weather(**storms)
    front = {name: column.numpy() for name, column in world.front._asdict().items()}
    tie = infodecomp.tied_with_swapped(world.towns, world.front.bits_a, world.front.bits_b).numpy()
    # Of two equally good allocations A gets the larger one throughout, so that the lines do not flicker.
    bits_a = np.where(tie, np.maximum(front["bits_a"], front["bits_b"]), front["bits_a"])
    bits_b = np.where(tie, np.minimum(front["bits_a"], front["bits_b"]), front["bits_b"])
    return {
        "allocation": {
            "budget": front["budget"],
            "bits_a": bits_a,
            "bits_b": bits_b,
            "unspent": (front["budget"] - front["total"]).clip(0),
            "information": front["information"],
            "tie": tie,
        },
        "jumps": np.flatnonzero(abs(np.diff(bits_a)) > max(JUMP, 3 * world.most / BUDGETS)),
        "most": world.most,
        "nothing": nothing_to_learn(world),
    }


@storm_allocation.draw
def allocation_picture(data):
    table = data["allocation"]
    budget, tie = table["budget"], table["tie"]
    top = max(float(table[name].max()) for name in ("bits_a", "bits_b", "unspent")) or 1.0
    marks = [Area(budget, 0, table["unspent"], "noise", 0.18)] if table["unspent"].max() > 0.01 else []
    for column, role, dash in (("bits_a", "series-1", ""), ("bits_b", "series-2", "7 4")):
        line = table[column].astype(float).copy()
        for jump in data["jumps"]:
            marks.append(
                Line((budget[jump], budget[jump + 1]), (line[jump], line[jump + 1]), role, 1.2, dash="1 4")
            )
        parts = np.split(np.arange(len(budget)), data["jumps"] + 1)
        marks += [Line(budget[part], line[part], role, 2.6, dash) for part in parts if len(part)]
    marks += _labels(data, budget, table)
    marks += _turning_point(data, table, top)
    if tie.any():
        at = int(np.flatnonzero(tie)[tie.sum() // 2])
        marks.append(
            Label(
                budget[at],
                (table["bits_a"][at] + table["bits_b"][at]) / 2,
                "a tie: the towns may change places",
                "muted",
                "middle",
                dy=5,
                size=12,
                halo=True,
            )
        )
    return Plot(
        tuple(marks),
        Axis(
            "bits in all",
            (0, data["most"]),
            ticks=tuple(t for t in (0, 0.5, 1, 1.5, 2) if t <= data["most"] + 1e-9),
        ),
        Axis(
            "bits of each town in the best split",
            (0, top * 1.2),
            ticks=tuple(t for t in (0, 0.5, 1, 1.5, 2) if t <= top * 1.04),
            grid=True,
        ),
        ratio=0.45,
        heights=(240, 300),
        margins=(34, 82, 46, 44),
        hover=Tooltip(
            "allocation",
            "budget",
            "bits_a",
            "of {budget:2} bits: {bits_a:2} from A, {bits_b:2} from B, {unspent:2} unspent",
        ),
    )


def _turning_point(data, table, top):
    """Where the first bit of the second town is bought: what lies left of it comes from one town."""
    alone = _alone(table)
    smaller = np.minimum(table["bits_a"], table["bits_b"])
    if data["nothing"] or table["tie"].any() or not 0.1 < alone < data["most"] - 0.1 or smaller.max() < ALONE:
        return
    town, role = ("A", "series-1-text") if table["bits_a"][2] > table["bits_b"][2] else ("B", "series-2-text")
    yield Line((alone,) * 2, (0, top * 1.2), "muted", 1.2, dash="2 4")
    yield Label(alone, top, f"only {town}", role, "end", dx=-8, dy=-8, bold=True, halo=True)
    if alone < 0.75 * data["most"]:  # else the name of a town is there
        yield Label(alone, top, "from both", "muted", dx=8, dy=-8, bold=True, halo=True)


def _labels(data, budget, table):
    """The names of the towns at the ends of their lines, and of what is not spent."""
    ends = [
        [table["bits_a"][-1], "town A", "series-1-text"],
        [table["bits_b"][-1], "town B", "series-2-text"],
    ]
    near = abs(ends[0][0] - ends[1][0]) < 0.12
    for index, (height, word, role) in enumerate(ends):
        yield Label(
            budget[-1], height, word, role, dx=8, dy=(-4 if index == 0 else 14) if near else 5, bold=True
        )
    if table["unspent"].max() > 0.01:
        yield Label(
            budget[-1],
            table["unspent"][-1],
            "unspent",
            "muted",
            dx=8,
            dy=5 if table["unspent"][-1] < 0.85 else 20,
        )


@storm_allocation.values
def allocation_values(data):
    table = data["allocation"]
    return {
        "alone": _alone(table),
        "jumps": len(data["jumps"]),
        "unspent": float(table["unspent"].max()),
        "ties": int(table["tie"].sum()),
    }


@storm_allocation.describe
def allocation_description(data):
    table = data["allocation"]
    if data["nothing"]:
        return f"{data['nothing']} The best plan is to buy nothing."
    sentence = _first_town(table)
    if len(data["jumps"]):
        sentence += f" At {table['budget'][data['jumps'][0]]:.2f} bits the best split jumps."
    if table["unspent"].max() > 0.01:
        sentence += f" {table['unspent'].max():.2f} bits would buy nothing and stay unspent."
    return sentence


def _alone(table) -> float:
    """The budget above which it pays to buy from both, interpolated between two points of the frontier."""
    smaller = np.minimum(table["bits_a"], table["bits_b"])
    both = np.flatnonzero(smaller > ALONE)
    if not len(both):
        return float((table["budget"] - table["unspent"])[-1])
    first, second = both[0], min(both[0] + 1, len(smaller) - 1)
    rise = smaller[second] - smaller[first]
    if rise <= 0:
        return float(table["budget"][first])
    back = smaller[first] * (table["budget"][second] - table["budget"][first]) / rise
    return float(max(table["budget"][first] - back, table["budget"][max(first - 1, 0)]))


def _first_town(table) -> str:
    both = np.flatnonzero((table["bits_b"] > ALONE) & (table["bits_a"] > ALONE))
    if len(both) and np.allclose(table["bits_a"], table["bits_b"], atol=0.01):
        return "At every budget the best split is half and half."
    last = both[0] - 1 if len(both) else -1  # the last budget that goes to one town
    leads = table["bits_a"] >= table["bits_b"]
    if last > 2 and leads[2] != leads[last] and not table["tie"].any():
        first, second = ("A", "B") if leads[2] else ("B", "A")
        return f"The first bits come from town {first} alone, then all from town {second}."
    town = f"town {'A' if leads[last] else 'B'}"
    if table["tie"][last if last else 1]:
        town = "either town, as they tie"
    if not len(both):
        return f"Every bit that is worth buying comes from {town}."
    if last < 2:
        return "It pays to buy from both towns from the first bit on, though not equally."
    alone = "" if "tie" in town else " alone"
    return f"The first {_alone(table):.2f} bits come from {town}{alone}; after that it pays to buy from both."


@storm_allocation.table
def allocation_table(data):
    return table_columns(data["allocation"])
