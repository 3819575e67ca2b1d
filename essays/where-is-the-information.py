"""The figures of "Where is the information in data?"."""

import numpy as np

import infodecomp
from infodecomp.explorable import Axis, Bits, Box, Choice, Dot, Dots, Handle, Hover, Label, Line, Plot, figure

from .storms import BITS_A, BITS_B, STORMS, percent, town, weather

SHOW = Choice(name="show", label="Show", default="gained",
              options={"gained": "what you learn", "left": "what is left to know"})
WEATHER = ("calm", "storm")


# --- the joint distribution of the three towns ---------------------------------------------------------------------

@figure(parameters=STORMS, title="How your weather follows theirs")
def storm_heatmap(**storms):
    """The joint p(a,b,y) of the three towns, as eight cells."""
    world = weather(**storms)
    cells = [(a, b, y) for a in (0, 1) for b in (0, 1) for y in (0, 1)]
    return {
        "cells": {
            "a": [a for a, _, _ in cells],
            "b": [b for _, b, _ in cells],
            "y": [y for _, _, y in cells],
            "probability": world.joint.reshape(-1).numpy(),
        },
        "storms": storms,
        "entropy": world.entropy,
        "information": world.information,
    }


@storm_heatmap.draw
def heatmap_picture(data):
    marks = []
    pairs = [(a, b) for a in (0, 1) for b in (0, 1)]
    p = np.reshape(data["cells"]["probability"], (2, 2, 2))
    for column, (a, b) in enumerate(pairs):
        parameter = STORMS[column]
        given = data["storms"][parameter.name]
        for y in (1, 0):
            share = float(p[a, b, y])
            low = 1 if y else 0
            heat = 0.08 + 0.88 * share / max(float(p.max()), 0.25)
            cell = (
                Box(column, low, column + 1, low + 1, "yours", opacity=heat, inset=2, radius=4),
                Label(column + 0.5, low + 0.5, f"{share:.3f}", "on-yours" if heat > 0.62 else "ink", "middle", dy=6, size=18,
                      bold=True),
            )
            marks.append(Handle(
                column + 0.5, low + 0.5, f"{WEATHER[y]} at yours, {parameter.label}",
                state={parameter.name: (given, parameter)}, moves=parameter.name, axis="y", per_unit=0.6 if y else -0.6,
                text=f"{given:.2f} chance of a storm at yours", marks=cell, size=(70, 62)))
        marks.append(Label(column + 0.5, 2, f"A {WEATHER[a]}", "town-a-text", "middle", dy=-24, bold=bool(a)))
        marks.append(Label(column + 0.5, 2, f"B {WEATHER[b]}", "town-b-text", "middle", dy=-8, bold=bool(b)))
        marks.append(Label(column + 0.5, 0, f"storm in {percent(given)}", "yours-text", "middle", dy=20))
    for low, word in ((1, "storm"), (0, "calm")):
        marks.append(Label(0, low + 0.5, word, "yours-text", "end", dx=-10, dy=5, bold=True))
    marks.append(Label(0, 1, "yours", "yours-text", "end", dx=-10, dy=5))
    return Plot(tuple(marks), Axis(domain=(0, 4), hidden=True), Axis(domain=(0, 2), hidden=True), ratio=0.34,
                heights=(210, 240), margins=(42, 8, 30, 56))


@storm_heatmap.values
def heatmap_values(data):
    return {"entropy": data["entropy"], "information": data["information"]}


@storm_heatmap.describe
def heatmap_description(data):
    p00, p01, p10, p11 = (percent(data["storms"][parameter.name]) for parameter in STORMS)
    return f"A storm at yours: {p00} when both are calm, {p01} when only B storms, {p10} when only A does, {p11} when both do."


@storm_heatmap.table
def heatmap_table(data):
    return data["cells"]


@figure(parameters=STORMS, title="The chance of a storm at yours", controls=[p.name for p in STORMS])
def storm_probability_sliders(**storms):
    """The four chances of a storm at yours, each a slider."""
    return {"storms": storms}


# --- the wires -----------------------------------------------------------------------------------------------------

@figure(parameters=(BITS_A, BITS_B), title="Two wires to your town", controls=("bits_a", "bits_b"))
def storm_transmission_sliders(bits_a, bits_b):
    """How often each line turns a digit over, for the bits that it delivers."""
    return {"bits_a": bits_a, "bits_b": bits_b, "flip_a": infodecomp.flip_probability(bits_a).item(),
            "flip_b": infodecomp.flip_probability(bits_b).item()}


@storm_transmission_sliders.draw
def wires_picture(data):
    marks = [
        Line((8, 47), (60, 60), "town-a", width=1.6, dash="" if data["bits_a"] else "2 5"),
        Line((92, 53), (60, 60), "town-b", width=1.6, dash="" if data["bits_b"] else "2 5"),
        town(8, 34, "town-a", scale=1.1), town(92, 34, "town-b", scale=1.1), town(50, 34, "yours", scale=1.3),
        Label(8, 34, "town A", "town-a-text", "middle", dy=20, bold=True),
        Label(92, 34, "town B", "town-b-text", "middle", dy=20, bold=True),
        Label(50, 34, "your town", "yours-text", "middle", dy=20, bold=True),
    ]
    for x, bits, flip, role in ((26, data["bits_a"], data["flip_a"], "town-a"), (74, data["bits_b"], data["flip_b"], "town-b")):
        marks += [
            Bits(x, 60, bits, role, side=18, dx=-9, dy=-24),
            Label(x, 60, f"{bits:.2f} bits", f"{role}-text", "middle", dy=20, bold=True),
            Label(x, 60, f"{percent(flip)} garbled" if bits else "no line", "muted", "middle", dy=37, size=12),
        ]
    return Plot(tuple(marks), Axis(domain=(0, 100), hidden=True), Axis(domain=(0, 100), hidden=True), ratio=0.24,
                heights=(150, 160), margins=(4, 10, 4, 10))


@storm_transmission_sliders.values
def wires_values(data):
    return {name: data[name] for name in ("flip_a", "flip_b")}


@storm_transmission_sliders.describe
def wires_description(data):
    return (f"The line from A turns over {percent(data['flip_a'])} of its digits, the line from B {percent(data['flip_b'])}.")


@storm_transmission_sliders.table
def wires_table(data):
    return {"town": ["A", "B"], "bits": [data["bits_a"], data["bits_b"]], "flip_probability": [data["flip_a"], data["flip_b"]]}


# --- the information plane -----------------------------------------------------------------------------------------

@figure(parameters=(*STORMS, BITS_A, BITS_B, SHOW), title="Every way to share bits between two towns", controls=("show",), steps={
    "half-a-bit": "bits_a=.5&bits_b=0", "one-bit-best": "bits_a=.7&bits_b=.3", "all-a": "bits_a=1&bits_b=0",
    "all-b": "bits_a=0&bits_b=1", "even": "bits_a=.5&bits_b=.5", "storms": "p00=.1&p01=.2&p10=.3&p11=.9",
    "mirror-a": "p00=0&p01=0&p10=1&p11=1", "and": "p00=0&p01=0&p10=0&p11=1", "xor": "p00=0&p01=1&p10=1&p11=0",
})
def storm_telegraph(bits_a, bits_b, show, **storms):
    """The information plane of the storms: every allocation, the front, and the reader's own."""
    world = weather(**storms)
    information = infodecomp.allocation_information(world.joint, bits_a, bits_b).item()
    best = infodecomp.information_front(world.joint, [bits_a + bits_b])
    return {
        "plane": world.plane._asdict(),
        "front": world.front._asdict(),
        "show": show,
        "most": world.most,
        "entropy": world.entropy,
        "available": world.information,
        "choice": {"bits_a": bits_a, "bits_b": bits_b, "total": bits_a + bits_b, "information": information,
                   "error": world.entropy - information},
        "best": {name: column.item() for name, column in best._asdict().items()},
    }


@storm_telegraph.draw
def plane_picture(data):
    column = "information" if data["show"] == "gained" else "error"
    plane, front, choice, best = (data[name] for name in ("plane", "front", "choice", "best"))
    bits_a, bits_b, total = (np.asarray(plane[name]) for name in ("bits_a", "bits_b", "total"))
    share = np.divide(bits_a, total, out=np.full_like(total, 0.5), where=total > 0)
    y = np.asarray(plane[column])
    top = max(data["available"], 0.02) if column == "information" else max(data["entropy"], 0.02)
    low = 0.0 if column == "information" else max(0.0, data["entropy"] - data["available"] * 1.12)
    n = round(len(total) ** 0.5)
    only_a, only_b = slice(None, None, n), slice(0, n)
    gained = column == "information"
    marks = [
        Dots(total, y, tuple(f"mix-{i}" for i in range(7)), np.clip((share * 7).astype(int), 0, 6), radius=2),
        Line(total[only_a], y[only_a], "town-a", width=2),
        Line(total[only_b], y[only_b], "town-b", width=2, dash="6 4"),
        Line(front["budget"], front[column], "best", width=2.4),
        *_edge_labels(data, column, total, y, only_a, only_b),
        Line((choice["total"],) * 2, (choice[column], best[column]), "choice", width=2, dash="2 3"),
        Handle(choice["total"], choice[column], "Your own allocation, bits from town A and from town B",
               state={"bits_a": (choice["bits_a"], BITS_A), "bits_b": (choice["bits_b"], BITS_B)}, keys=("bits_a", "bits_b"),
               text=_spoken(data),
               marks=(Dot(choice["total"], choice[column], "choice", radius=7.5, rim="rim"),)),
        _beside(choice["total"], data["most"], choice[column]),
    ]
    return Plot(
        tuple(marks),
        Axis("bits received in all", (0, data["most"]), ticks=(0, 0.5, 1, 1.5, 2)),
        Axis("bits learnt about your town" if gained else "bits left to know about your town", (low, top * 1.06), grid=True),
        ratio=0.62, heights=(300, 420), margins=(34, 16, 46, 44), grab=True,
        hover=Hover("plane", "total", column,
                    "{bits_a:2} bits from A + {bits_b:2} from B: {" + column + ":3} " + ("learnt" if gained else "left")))


def _beside(total, most, y) -> Label:
    """The word beside the reader's point: on the side where no line ends."""
    left = 0.15 * most < total <= 0.51 * most
    return Label(total, y, "yours", "choice-text", "end" if left else "start", dx=-13 if left else 13, dy=5, bold=True, halo=True)


def _edge_labels(data, column, total, y, only_a, only_b):
    """Words at the ends of the lines, in place of a legend."""
    front = data["front"]
    gained = column == "information"
    half = int(np.searchsorted(np.asarray(front["budget"]), data["most"] * 0.72))
    up = 1 if gained else -1
    yield Label(front["budget"][half], front[column][half], "the best possible", "ink", "end", dx=-8, dy=-8 * up + (0 if gained else 6),
                bold=True, halo=True)
    yield Label(total[only_b][-1], y[only_b][-1], "B alone", "town-b-text", dx=7, dy=9 if gained else 0, bold=True, halo=True)
    yield Label(total[only_a][-1], y[only_a][-1], "A alone", "town-a-text", dx=7, dy=9 if gained else 0, bold=True, halo=True)


def _spoken(data) -> str:
    choice = data["choice"]
    return (f"{choice['bits_a']:.2f} bits from town A and {choice['bits_b']:.2f} from town B; "
            f"{choice['error']:.3f} bits left to know")


@storm_telegraph.grab
def grab_allocation(state, x, y):
    world = weather(**{p.name: state[p.name] for p in STORMS})
    information = y if state["show"] == "gained" else world.entropy - y
    bits_a, bits_b = infodecomp.nearest_allocation(world.joint, x, information, state["bits_a"])
    return {"bits_a": BITS_A.snap(bits_a), "bits_b": BITS_B.snap(bits_b)}


@storm_telegraph.values
def plane_values(data):
    choice, best = data["choice"], data["best"]
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
    choice, best = data["choice"], data["best"]
    lost = best["information"] - choice["information"]
    verdict = ("No other split of them teaches more." if lost < 5e-4 else
               f"The best split, {best['bits_a']:.2f} and {best['bits_b']:.2f}, teaches {best['information']:.3f}.")
    return (f"{choice['bits_a']:.2f} bits from town A and {choice['bits_b']:.2f} from town B teach you "
            f"{choice['information']:.3f} bits about your own. {verdict}")


@storm_telegraph.voice
def plane_voice(data):
    choice = data["choice"]
    left = f"{choice['error']:.3f} bits left to know"
    return {"bits_a": f"{choice['bits_a']:.2f} bits from town A; {left}",
            "bits_b": f"{choice['bits_b']:.2f} bits from town B; {left}"}


@storm_telegraph.table
def plane_table(data):
    return data["front"]
