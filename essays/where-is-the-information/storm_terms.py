"""Every mutual information of the three towns: on the plane, as bars that add up, and cell by cell."""

from functools import lru_cache
from types import SimpleNamespace

import numpy as np

import infodecomp
from infodecomp.explorable import (
    Axis,
    Choice,
    Dot,
    Dots,
    HConcat,
    Highlight,
    Label,
    Line,
    Plot,
    Rect,
    StateLink,
    figure,
)

from .storms import STORMS, weather

NAMES = {
    "i_ab": "I(A,B;Y)",
    "i_a": "I(A;Y)",
    "i_b_given_a": "I(B;Y|A)",
    "i_b": "I(B;Y)",
    "i_a_given_b": "I(A;Y|B)",
    "i_towns": "I(A;B)",
    "i_towns_given_y": "I(A;B|Y)",
    "co_information": "co-information",
}
GLOSS = {
    "i_ab": "both towns about yours",
    "i_a": "A alone",
    "i_b_given_a": "B, once A is known",
    "i_b": "B alone",
    "i_a_given_b": "A, once B is known",
    "i_towns": "one about the other",
    "i_towns_given_y": "once yours is known",
    "co_information": "first less second",
    "redundancy": "either town tells it",
    "unique_a": "only A tells it",
    "unique_b": "only B tells it",
    "synergy": "only both tell it",
}
MEANING = {
    "i_ab": "what both towns tell about yours",
    "i_a": "what A alone tells about yours",
    "i_b": "what B alone tells about yours",
    "i_b_given_a": "what B adds once A is known",
    "i_a_given_b": "what A adds once B is known",
    "i_towns": "what one town tells about the other",
    "i_towns_given_y": "what one town tells about the other, given yours",
}
ATOMS = {
    "redundancy": "redundant",
    "unique_a": "unique to A",
    "unique_b": "unique to B",
    "synergy": "synergy",
}
AFTER = {
    "i_b_given_a": ("i_a",),
    "i_a_given_b": ("i_b",),
    "unique_a": ("redundancy",),
    "unique_b": ("redundancy", "unique_a"),
    "synergy": ("redundancy", "unique_a", "unique_b"),
}  # a bar begins where these end
ROLES = {
    "i_a": "series-1",
    "i_a_given_b": "series-1",
    "unique_a": "series-1",
    "i_b": "series-2",
    "i_b_given_a": "series-2",
    "unique_b": "series-2",
    "i_towns": "noise",
    "i_towns_given_y": "noise",
    "co_information": "noise",
    "redundancy": "noise",
}
MEASURES = {"i_min": "I_min", "broja": "BROJA", "mmi": "MMI"}
ROW = 44  # pixels of one bar and its words
SAME = 5e-4  # bits: less than this apart, the measures agree as far as three decimals show

TERM = Choice(
    name="term",
    label="Look into",
    default="i_ab",
    options={name: f"{NAMES[name]}, {GLOSS[name]}" for name in NAMES}
    | {
        "i_towns": "I(A;B), one town about the other",
        "i_towns_given_y": "I(A;B|Y), the same once yours is known",
        "co_information": "co-information, I(A;B) \u2212 I(A;B|Y)",
    },
)
MEASURE = Choice(
    name="measure",
    label="Redundancy by",
    default="i_min",
    options={
        "i_min": "I_min (Williams & Beer)",
        "broja": "BROJA (Bertschinger et al.)",
        "mmi": "MMI (Barrett)",
    },
)


@lru_cache(maxsize=256)
def terms_of(**storms) -> SimpleNamespace:
    """The terms, their cells and the decompositions of one world, in bits."""
    joint = weather(**storms).joint
    terms, cells = infodecomp.information_terms(joint), infodecomp.term_contributions(joint)
    parts = {measure: infodecomp.partial_information(joint, measure) for measure in MEASURES}
    return SimpleNamespace(
        cells={name: cells[told].numpy() for name, told in NAMES.items()},
        bits={name: terms[told].item() for name, told in NAMES.items()},
        atoms={
            measure: {name: getattr(part, name).item() for name in ATOMS} for measure, part in parts.items()
        },
    )


@figure(
    parameters=(*STORMS, MEASURE, TERM),
    title="Every mutual information of three towns",
    controls=("measure",),
    presets={
        "both": "term=i_ab",
        "a-alone": "term=i_a",
        "b-alone": "term=i_b",
        "b-after-a": "term=i_b_given_a",
        "a-after-b": "term=i_a_given_b",
        "between-towns": "term=i_towns",
        "co-information": "term=co_information",
        "broja": "measure=broja",
        "i-min": "measure=i_min",
        "disagree": "p00=0&p01=.3&p10=0&p11=1&storm_a=.2&storm_b=.8&tie=0&measure=broja",
    },
)
def storm_information_terms(measure, term, **storms):
    """The mutual informations of A, B and Y, the cells of one of them, and redundancy, unique parts and synergy by a measure."""
    world, told = weather(**storms), terms_of(**storms)
    a, b, y = np.indices((2, 2, 2)).reshape(3, -1)
    return {
        "term": term,
        "measure": measure,
        "bits": told.bits | told.atoms[measure],
        "redundancies": {name: atoms["redundancy"] for name, atoms in told.atoms.items()},
        "cells": {
            "a": a,
            "b": b,
            "y": y,
            "probability": world.joint.reshape(-1).numpy(),
            "contribution": told.cells[term].ravel(),
        },
        "plane": {"total": world.plane.total, "information": world.plane.information},
        "front": {"budget": world.front.budget, "information": world.front.information},
        "entropy_a": world.entropy_a,
        "entropy_b": world.entropy_b,
    }


@storm_information_terms.draw
def terms_picture(data):
    left = HConcat((_plane(data), _cells(data)), (1, 1), stack_below=9999)
    return HConcat((left, _bars(data)), (1, 1.06), stack_below=600)


def _plane(data) -> Plot:
    """The terms that are allocations, as points of their plane; the one looked into as a height."""
    bits, most = data["bits"], data["entropy_a"] + data["entropy_b"]
    top = max(bits["i_ab"], bits["i_a"] + bits["i_b"] if data["term"] == "co_information" else 0, 0.02)
    points = {
        "nothing": (0, 0),
        "i_a": (data["entropy_a"], bits["i_a"]),
        "i_b": (data["entropy_b"], bits["i_b"]),
        "i_ab": (most, bits["i_ab"]),
    }
    marks = [
        Dots(data["plane"]["total"], data["plane"]["information"], ("faint",), radius=2),
        Line(data["front"]["budget"], data["front"]["information"], "best", width=2.2),
        *_height(data, points, top),
    ]
    roles = {"i_a": "series-1", "i_b": "series-2"}
    bits_near = abs(bits["i_a"] - bits["i_b"]) < 0.03 * top  # then A's dot shows around B's
    marks += [
        Dot(*at, roles.get(name, "ink"), 6.5 if name == "i_a" and bits_near else 4.5, rim="paper")
        for name, at in points.items()
    ]
    return Plot(
        (*marks, *_names(points, most, top)),
        Axis(
            "bits received in all", (0, most), ticks=tuple(t for t in (0, 0.5, 1, 1.5, 2) if t <= most + 1e-9)
        ),
        Axis("bits learnt about your town", (0, top * 1.12), count=4, grid=True),
        heights=(286, 286),
        margins=(34, 14, 46, 40),
    )


def _names(points, most, top):
    """The points' names; those that would lie on each other are said together."""
    groups = []
    for name, (x, y) in points.items():
        near = next(
            (
                g
                for g in groups
                if abs(g[2] - y) < 0.09 * top
                and abs(g[1] - x)
                <= most * (0.55 if y < 0.12 * top and "nothing" not in g[0] else 0.14) + 1e-9
            ),
            None,
        )
        if near:
            near[0].append(name)
            near[1] = x
        else:
            groups.append([[name], x, y])
    for names, x, y in groups:
        told = [NAMES[name] for name in names if name != "nothing"] or ["nothing"]
        bits = [points[name][1] for name in names]
        right, low = x > 0.62 * most, y < 0.12 * top
        above = "i_ab" in names or low
        roles = {("i_a",): "series-1-text", ("i_b",): "series-2-text"}
        if "nothing" in names:
            yield Label(x, y, " = ".join(told), "muted", dx=22, dy=-5, size=12, halo=True)
            continue
        joined = (" = " if max(bits) - min(bits) < SAME else ", ").join(told)
        yield Label(
            x,
            y,
            joined,
            roles.get(tuple(names), "ink"),
            "end" if right else "start",
            dx=2 if right else 6,
            dy=-9 if above else 17,
            bold=True,
            halo=True,
            size=12,
        )


def _height(data, points, top):
    """The chosen term as a height over the plane, where it has one."""
    bits, term, most = data["bits"], data["term"], points["i_ab"][0]
    if bits["i_ab"] < SAME:
        yield Label(most / 2, top * 0.75, "nothing to learn from them", "muted", "middle", size=12)
        return
    if term in ("i_towns", "i_towns_given_y"):
        yield Label(
            0, top * 1.12, f"{NAMES[term]} is not about your town:", "muted", dx=8, dy=14, size=12, halo=True
        )
        yield Label(0, top * 1.12, "it has no place here", "muted", dx=8, dy=29, size=12, halo=True)
        return
    if term in points:
        x, low, high = points[term][0], 0, bits[term]
    else:
        x, high = most, bits["i_ab"]
        low = {
            "i_b_given_a": bits["i_a"],
            "i_a_given_b": bits["i_b"],
            "co_information": bits["i_a"] + bits["i_b"],
        }[term]
        start = {"i_b_given_a": points["i_a"][0], "i_a_given_b": points["i_b"][0]}.get(term, 0)
        yield Line((start, most), (low, low), "selection", 1.4, dash="2 4")
    yield Line((x, x), (low, high), "selection", 5, opacity=0.9)
    if term == "co_information":
        yield Label(0, low, "I(A;Y) + I(B;Y)", "selection-text", dx=8, dy=-6, size=12, halo=True)


def _cells(data) -> Plot:
    """The eight cells of p(a,b,y) and what each adds to the chosen term."""
    cells, bits = data["cells"], data["bits"][data["term"]]
    strongest = max(float(np.abs(cells["contribution"]).max()), 1e-3)
    marks = []
    for a, b, y, share, part in zip(*cells.values(), strict=True):
        column, heat = 2 * a + b, 0.12 + 0.78 * abs(float(part)) / strongest
        plain = abs(part) < 5e-4
        role = "wash" if plain else "target" if part > 0 else "noise"
        heat = 1 if plain else heat if part > 0 else heat * 0.6
        text = "muted" if plain else "on-target" if part > 0 and heat > 0.62 else "ink"
        marks += [
            Rect(column, y, column + 1, y + 1, role, opacity=heat, inset=1.5, radius=4),
            Label(
                column + 0.5,
                y + 0.5,
                "empty" if share < 1e-12 else _signed(part),
                text,
                "middle",
                dy=5,
                size=12 if share < 1e-12 else 13,
                bold=not plain,
            ),
        ]
    for column in range(4):
        for dy, town, storm in ((-21, "A", column // 2), (-6, "B", column % 2)):
            marks.append(
                Label(
                    column + 0.5,
                    2,
                    f"{town} {'storm' if storm else 'calm'}",
                    {"A": "series-1-text", "B": "series-2-text"}[town],
                    "middle",
                    dy=dy,
                    size=12,
                    bold=bool(storm),
                )
            )
    marks += [
        Label(0, y + 0.5, word, "target-text", "end", dx=-5, dy=dy, size=12, bold=bold)
        for y, word, dy, bold in (
            (1, "storm", -1, True),
            (1, "at yours", 13, False),
            (0, "calm", -1, False),
            (0, "at yours", 13, False),
        )
    ]
    told = f"{NAMES[data['term']]} by cells: {_plain(bits)} bits in all"
    marks.append(Label(0, 2, told, "ink", dx=-56, dy=-46, size=12, bold=True))
    return Plot(
        tuple(marks),
        Axis(domain=(0, 4), hidden=True),
        Axis(domain=(0, 2), hidden=True),
        heights=(216, 216),
        margins=(66, 0, 8, 60),
    )


def _bars(data) -> Plot:
    """All terms as bars that begin where their chain lets them begin."""
    bits = data["bits"]
    ends = [value + sum(bits[before] for before in AFTER.get(name, ())) for name, value in bits.items()]
    low, high = min(0.0, *ends), max(0.02, *ends)
    high += 0.19 * (high - low)  # room for the numbers
    sections = (
        ("about your town", list(NAMES)[:5]),
        ("between the towns", list(NAMES)[5:]),
        (_measures_told(data), list(ATOMS)),
    )
    marks, y = [], 0.0  # pixels, downwards
    for index, (title, names) in enumerate(sections):
        y += 12 if index else 0
        marks += [
            Label(low, -y, title, "muted", dy=12, size=12),
            Line((low, high), (-y - 18, -y - 18), "faint", 1),
        ]
        y += 23
        for name in names:
            if index != 1:  # where the chains end: at what both towns tell
                marks.append(Line((bits["i_ab"],) * 2, (-y - 18, -y - 33), "noise", 1.2, dash="2 3"))
            marks.append(_row(data, name, y, low, high))
            y += ROW
    return Plot(
        tuple(marks),
        Axis(domain=(low, high), hidden=True),
        Axis(domain=(-y, 0), hidden=True),
        heights=(y + 14, y + 14),
        margins=(8, 6, 6, 6),
    )


def _row(data, name, y, low, high):
    bits, chosen = data["bits"], data["term"] == name
    start = sum(bits[before] for before in AFTER.get(name, ()))
    told, role = NAMES.get(name, ATOMS.get(name)), ROLES.get(name, "ink")
    given = name in ("i_a_given_b", "i_b_given_a")
    bar = Rect(start, -y - 21, start + bits[name], -y - 29, role, opacity=0.55 if given else 1, radius=1.5)
    marks = [
        Rect(low, -y, high, -y - ROW, "selection", opacity=0.16 if chosen else 0, inset=-2, radius=5),
        Label(low, -y, told, role + "-text" if role.startswith("series") else "ink", dy=15, bold=True),
        Label(low, -y, GLOSS[name], "muted", dx=112, dy=15, size=12),
        Label(high, -y, _plain(bits[name]), "ink", "end", dy=15, bold=True),
        Line((start, start), (-y - 20, -y - 30), "muted", 1),
        bar,
    ]
    if name == "redundancy":
        marks += [
            Line((other, other), (-y - 18, -y - 32), "ink", 2)
            for other in set(data["redundancies"].values())
            if abs(other - bits[name]) > SAME
        ]
    if name in ATOMS:
        return Highlight(name, tuple(marks[1:]))
    return Highlight(
        name,
        (
            StateLink(
                f"term={name}",
                f"{told}, {GLOSS[name]}: {_plain(bits[name])} bits",
                tuple(marks),
                chosen,
                on_hover=True,
            ),
        ),
    )


def _measures_told(data) -> str:
    least, most = _redundancy_range(data)
    if most - least < SAME:
        return "parts of I(A,B;Y), by any of the measures"
    return f"parts by {MEASURES[data['measure']]}; redundancy {_plain(least)} to {_plain(most)}"


def _redundancy_range(data) -> tuple[float, float]:
    return min(data["redundancies"].values()), max(data["redundancies"].values())


def _plain(bits: float) -> str:
    return f"{round(bits, 3) + 0.0:.3f}".replace("-", "\u2212")


def _signed(bits: float) -> str:
    return ("+" if bits >= 5e-4 else "") + _plain(float(bits))


@storm_information_terms.values
def terms_values(data):
    return data["bits"] | {f"redundancy_{name}": bits for name, bits in data["redundancies"].items()}


@storm_information_terms.describe
def terms_description(data):
    bits, term = data["bits"], data["term"]
    meaning = _shared(bits[term]) if term == "co_information" else MEANING[term]
    least, most = _redundancy_range(data)
    told = f"{NAMES[term]} is {_plain(bits[term])} bits: {meaning}. "
    if most - least < SAME:
        return (
            told
            + f"{_plain(bits['redundancy'])} bits are redundant, {_plain(bits['synergy'])} synergy, by any of the measures."
        )
    return told + (
        f"Redundancy is {_plain(least)} to {_plain(most)}: BROJA asks whether the towns tell the same, "
        "the others how much."
    )


def _shared(bits: float) -> str:
    if abs(bits) < SAME:
        return "together the towns tell as much as one by one"
    return "the towns repeat each other" if bits > 0 else "together the towns tell more than one by one"


@storm_information_terms.value_text
def terms_voice(data):
    return {
        "term": f"{NAMES[data['term']]}, {_plain(data['bits'][data['term']])} bits",
        "measure": f"{MEASURES[data['measure']]}, {_plain(data['bits']['redundancy'])} bits redundant",
    }


@storm_information_terms.table
def terms_table(data):
    names = [*NAMES, *ATOMS]
    return {
        "term": [NAMES.get(name, f"{ATOMS.get(name)} ({MEASURES[data['measure']]})") for name in names],
        "bits": [data["bits"][name] for name in names],
    }
