"""The information plane of two sources: every allocation, the Pareto frontier, and the reader's choice."""

import infodecomp
from infodecomp.explorable import Choice, figure, key_number

from .pictures.plane import plane_picture
from .storm_spread import spread_allocations, worst_allocations
from .storms import (
    BITS_A,
    BITS_B,
    NEGLIGIBLE,
    PURCHASE,
    STORMS,
    learnt,
    nothing_to_learn,
    settle_purchase,
    storm_bits,
    table_columns,
    weather,
    world_of,
)

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
    # what a town does not have buys nothing
    bits_a, bits_b = min(bits_a, storm_bits(storms["storm_a"])), min(bits_b, storm_bits(storms["storm_b"]))
    information = learnt(bits_a, bits_b, **storms)
    best = infodecomp.information_frontier(world.towns, [bits_a + bits_b])
    return {
        "plane": world.plane._asdict(),
        "front": world.front._asdict(),
        "dots": spread_allocations(**storms),
        "worst": worst_allocations(**storms),
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


storm_telegraph.derive(settle_purchase)


storm_telegraph.draw(plane_picture)


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
    return table_columns(data["front"])
