"""A bar of the parts of the information, two ladders of terms, and what other measures say."""

from infodecomp.explorable import Axis, Choice, Highlight, Label, Line, Plot, Rect, StateLink
from infodecomp.explorable.core.numbers import minus_signs

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
    "i_ab": "both towns about your town",
    "i_a": "A alone",
    "i_b_given_a": "B, once you know A",
    "i_b": "B alone",
    "i_a_given_b": "A, once you know B",
    "i_towns": "one town about the other",
    "i_towns_given_y": "the same, once you know your weather",
    "co_information": "the first minus the second",
}
ATOMS = {
    "redundancy": "redundant",
    "unique_a": "unique to A",
    "unique_b": "unique to B",
    "synergy": "synergy",
}
PARTS = {  # the words and the colour of each part of I(A,B;Y)
    "redundancy": ("from either", "noise"),
    "unique_a": ("only from A", "series-1"),
    "unique_b": ("only from B", "series-2"),
    "synergy": ("only together", "target"),
}
LADDERS = (  # the first and the second step of each
    ("Ask A first, then B", ("i_a", "A alone", "series-1"), ("i_b_given_a", "then B adds", "series-2")),
    ("Ask B first, then A", ("i_b", "B alone", "series-2"), ("i_a_given_b", "then A adds", "series-1")),
)
BETWEEN = {
    "i_towns": "by itself",
    "i_towns_given_y": "given your weather",
    "co_information": "the difference",
}
MEASURES = {"i_min": "I_min", "broja": "BROJA", "mmi": "MMI"}
EMPTY = 0.02  # bits: the scale of the bars where there is nothing to learn
SAME = 5e-4  # bits: less than this apart, the measures agree as far as three decimals show
TERM = Choice(
    name="term",
    label="Look into",
    default="i_ab",
    options={name: f"{NAMES[name]}, {GLOSS[name]}" for name in NAMES},
)


def terms_picture(data):
    """Bars to one scale, from nothing to I(A,B;Y). Vertical units are pixels, downwards from 0."""
    high = max(data["bits"]["i_ab"], EMPTY)
    marks = [
        *_parts_bar(data, high),
        *_measures(data, high, 112),
        *_ladder(data, high, LADDERS[0], 220),
        *_ladder(data, high, LADDERS[1], 294),
        *_between_towns(data, high, 372),
    ]
    return Plot(
        tuple(marks),
        Axis(domain=(0, high), hidden=True),
        Axis(domain=(-452, 0), hidden=True),
        heights=(460, 460),
        margins=(4, 8, 4, 8),
    )


def _parts_bar(data, high):
    """I(A,B;Y) as one bar of four parts, with a column of words for each."""
    bits = data["bits"]
    heading = (
        Label(0, 0, "Both towns together teach you", "ink", dy=15, bold=True),
        Label(high, 0, f"{plain(bits['i_ab'])} bits", "ink", "end", dy=15, bold=True),
    )
    yield _link(data, "i_ab", heading, (0, high), 0, 22)
    yield from _stacked(data["atoms"][data["measure"]], 26, 54)
    for index, (name, (words, role)) in enumerate(PARTS.items()):
        x = high * index / 4
        marks = (
            Rect(x, -61, x + 0.17 * high, -65, role, radius=2),
            Label(x, -62, plain(bits[name]), "ink", dy=18, bold=True),
            Label(x, -62, words, "muted", dy=34, size=12.5),
        )
        yield Highlight(name, marks)


def _stacked(atoms, top, bottom):
    """The four parts one after the other, as a bar from `top` to `bottom`."""
    start = 0.0
    if sum(atoms.values()) < SAME:
        yield Line((0, EMPTY), (-(top + bottom) / 2,) * 2, "noise", 1, dash="1 4")
    for name, (_, role) in PARTS.items():
        if atoms[name] > 1e-9:
            yield Rect(start, -top, start + atoms[name], -bottom, role)
        start += atoms[name]


def _measures(data, high, top):
    """The same bar by each definition of redundancy, one below the other, so that their borders compare."""
    lowest, highest = redundancy_range(data)
    agree = highest - lowest < SAME
    words = "Three definitions of these parts agree" if agree else "Three definitions draw other borders"
    yield Label(0, -top, words, "ink", dy=14, bold=True)
    for row, (measure, name) in enumerate(MEASURES.items()):
        y, chosen = top + 20 + 28 * row, measure == data["measure"]
        either = f"{plain(data['atoms'][measure]['redundancy'])} from either"
        marks = (
            Label(0, -y, name, "ink" if chosen else "muted", dy=12, size=12.5, bold=chosen),
            Label(high, -y, either, "ink" if chosen else "muted", "end", dy=12, size=12.5, bold=chosen),
            *_stacked(data["atoms"][measure], y + 16, y + (24 if chosen else 22)),
        )
        yield StateLink(f"measure={measure}", f"Divide by {name}", marks, chosen)


def _ladder(data, high, ladder, top):
    """Two steps that end where both towns are known; the order decides how long each step is."""
    title, (first, first_words, first_role), (second, second_words, second_role) = ladder
    bits = data["bits"]
    yield Label(0, -top, title, "ink", dy=14, bold=True)
    steps = (
        (first, 0.0, first_role, first_words, "start"),
        (second, bits[first], second_role, second_words, "end"),
    )
    for name, start, role, words, anchor in steps:
        x = 0 if anchor == "start" else high
        marks = (
            Rect(start, -top - 22, start + bits[name], -top - 40, role),
            Label(
                x,
                -top - 40,
                f"{words} {plain(bits[name])} \u00b7 {NAMES[name]}",
                f"{role}-text",
                anchor,
                dy=15,
                size=12.5,
                narrow=f"{words} {plain(bits[name])}",
            ),
        )
        yield _link(data, name, marks, (start, start + bits[name]), top + 19, top + 43)
    yield Line((high if bits["i_ab"] >= EMPTY else bits["i_ab"],) * 2, (-top - 18, -top - 44), "ink", 1.2)


def _between_towns(data, high, top):
    """How much the towns say about each other, before and after your weather is known."""
    yield Label(0, -top, "What A tells about B", "ink", dy=14, bold=True)
    for index, (name, words) in enumerate(BETWEEN.items()):
        x = high * index / 3
        marks = (
            Label(x, -top - 18, plain(data["bits"][name]), "ink", dy=15, size=12.5, bold=True),
            Label(
                x, -top - 18, words, "muted", dy=31, size=12.5, narrow=words.replace("your weather", "yours")
            ),
            Label(x, -top - 18, NAMES[name], "muted", dy=47, size=12.5),
        )
        yield _link(data, name, marks, (x, high * (index + 1) / 3), top + 18, top + 70)


def _link(data, name, marks, across, top, bottom):
    """Marks that choose a term when they are pressed, on a ground that shows the chosen one."""
    chosen = data["term"] == name
    ground = Rect(
        across[0], -top, across[1], -bottom, "selection", opacity=0.2 if chosen else 0, inset=-3, radius=5
    )
    label = f"{NAMES[name]}, {GLOSS[name]}: {plain(data['bits'][name])} bits"
    return Highlight(name, (StateLink(f"term={name}", label, (ground, *marks), chosen),))


def redundancy_range(data) -> tuple[float, float]:
    return min(data["redundancies"].values()), max(data["redundancies"].values())


def plain(bits: float) -> str:
    return minus_signs(f"{round(bits, 3) + 0.0:.3f}")
