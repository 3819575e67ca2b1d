"""Which values of each feature the messages tell apart: twelve matrices at one budget."""

import numpy as np

from infodecomp.data.bikes import MONTHS, WEEKDAYS
from infodecomp.explorable import (
    Axis,
    BitGauge,
    HConcat,
    Heatmap,
    Label,
    Line,
    Plot,
    Rect,
    StateLink,
    Tooltip,
    figure,
    key_number,
)

from .bikes import (
    ATTRIBUTION,
    BITS,
    FEATURE,
    FEATURES,
    SILENT,
    UNITS,
    apart,
    entropies,
    hue,
    label,
    levels_of,
    order,
    ranked,
    shown_levels,
    spent,
)

PARTS = {"hour": ((0, 6, "night"), (7, 9, "commute"), (10, 15, "midday"), (16, 19, "commute"))}  # annotated
SHORT = {"weather": ("clear", "mist", "light", "heavy")}
ROUND = {
    "temperature": (0, 10, 20, 30),
    "apparent_temperature": (0, 20, 40),
    "humidity": (20, 40, 60, 80),
    "wind": (0, 20, 40),
}
CLEAR, TIE = 0.9, 0.001  # what counts as distinguished, and as equally far apart
ALIKE = 0.05  # values that are nearer than this have one tone in the picture
DEGREES = (
    (CLEAR, "are hardly ever confused"),
    (0.6, "are mostly told apart"),
    (0.3, "are often confused"),
    (0, "look much the same"),
)
ACROSS, DOWN, ROW = 3, 4, 106  # of the small ones; a row's height in pixels
LINE = 0.42  # the share of a row that an unused feature needs


@figure(
    parameters=(BITS, FEATURE),
    title="Which values are told apart",
    controls=("bits",),
    decimals=2,
    attribution=ATTRIBUTION,
)
def bike_distinctions(bits, feature):
    """1 minus the Bhattacharyya coefficient of the encodings of every two values, at a budget of bits."""
    matrices = apart(bits)
    size = len(matrices[feature])
    across, down = np.meshgrid(np.arange(size), np.arange(size))
    names = np.array(shown_levels(feature), object)
    return {
        "bits": bits,
        "feature": feature,
        "spent": spent(bits),
        "entropy": entropies(),
        "pairs": {
            "x": across.ravel() + 0.5,
            "y": size - down.ravel() - 0.5,
            "one": names[down.ravel()].tolist(),
            "other": names[across.ravel()].tolist(),
            "apart": matrices[feature].ravel().round(4),
        },
    }


@bike_distinctions.draw
def distinctions_picture(data):
    return HConcat((_large(data), _small(data)), (1.5, 1), gap=22, stack_below=560)


def _large(data) -> Plot:
    """The matrix of the chosen feature with its values named, and a key to its tones."""
    feature = data["feature"]
    size, role = len(levels_of(feature)), hue(feature)
    bits, entropy = data["spent"][feature], data["entropy"][feature]
    marks = [
        Label(0, size, label(feature), "selection-text", dx=-60, dy=-44, size=15, bold=True),
        BitGauge(0, size, bits, role, dx=-60, dy=-26),
        Label(size, size, f"{bits:.2f} of its {entropy:.2f} bits", "ink", "end", dy=-44, bold=True),
        Heatmap(0, 0, size, size, apart(data["bits"])[feature], role, tones=20),
        Rect(0, 0, size, size, "", stroke="noise"),
        *_names(feature, size),
        *_annotations(feature, size),
    ]
    if bits < SILENT:
        marks.append(Label(size / 2, size / 2, "not used", "muted", "middle", dy=5, size=14))
    low, high = -size * 0.19, -size * 0.155
    marks += [
        Heatmap(0, low, size, high, np.linspace(0, 1, 21)[None], role, tones=20),
        Rect(0, low, size, high, "", stroke="noise"),
        Label(0, low, "looks the same", "muted", dy=16, size=12),
        Label(size, low, "never confused", "muted", "end", dy=16, size=12),
    ]
    return Plot(
        tuple(marks),
        Axis(domain=(0, size), hidden=True),
        Axis(domain=(-size * 0.19, size), hidden=True),
        ratio=1.28,
        heights=(370, 392),
        margins=(58, 66 if feature in PARTS else 6, 24, 62),
        hover=Tooltip("pairs", "x", "y", "{one} and {other}: {apart:2}"),
    )


def _annotations(feature, size):
    """Brackets beside the rows that belong together."""
    for first, last, word in PARTS.get(feature, ()):
        top, bottom, x = size - first - 0.15, size - last - 0.85, size * 1.02
        yield Line((x, x * 1.015, x * 1.015, x), (top, top, bottom, bottom), "muted", 1.4)
        yield Label(x * 1.015, (top + bottom) / 2, word, "ink", dx=5, dy=4, size=12.5)


def _names(feature, size):
    """The names of rows and columns: all of them, or round numbers where they lie between the values."""
    places = np.array([place for place, _, _ in axis_labels(feature)])
    ends, thrice = np.tile([-0.012 * size, 0, np.nan], len(places)), np.repeat(places, 3)
    yield Line(ends, size - thrice, "noise", 1)
    yield Line(thrice, ends, "noise", 1)
    for place, word, tilt in axis_labels(feature):
        yield Label(0, size - place, word, "ink", "end", dx=-6, dy=4, size=12)
        if tilt:
            yield Label(place, 0, tilt, "ink", "middle", dy=17, size=12)


def axis_labels(feature):
    """(position, name, name below) of the labels along a side, in cells from the first."""
    levels = levels_of(feature)
    if feature in ROUND:
        return [
            (
                float(np.interp(value, levels, np.arange(len(levels)) + 0.5)),
                f"{value} {UNITS[feature]}",
                str(value),
            )
            for value in ROUND[feature]
        ]
    if feature == "hour":
        return [(hour + 0.5, f"{hour}:00", str(hour)) for hour in range(0, 24, 3)]
    if feature == "month":
        return [(i + 0.5, MONTHS[i][:3], MONTHS[i][0]) for i in range(12)]
    if feature == "weekday":
        return [(i + 0.5, WEEKDAYS[day][:3], WEEKDAYS[day][:3]) for i, day in enumerate(order(feature))]
    if feature == "year":
        return [(i + 0.5, str(int(year)), str(int(year))) for i, year in enumerate(levels)]
    names = SHORT.get(feature, shown_levels(feature))
    return [(i + 0.5, name, name) for i, name in enumerate(names)]


def _small(data) -> Plot:
    """All features, those with most bits first; the unused ones close together where there is room."""
    used = [name for name in ranked() if data["spent"][name] >= SILENT]
    unused = [name for name in ranked() if data["spent"][name] < SILENT]
    tiles = [_tile(data, name, i % ACROSS, -(i // ACROSS)) for i, name in enumerate(used)]
    top = -(-len(used) // ACROSS)
    if top + 0.06 + LINE * -(-len(unused) // ACROSS) > DOWN:  # they take the places that are left
        tiles += [
            _tile(data, name, i % ACROSS, -(i // ACROSS)) for i, name in enumerate(unused, start=len(used))
        ]
    else:
        tiles += [
            _tile(data, name, i % ACROSS, -top - 0.06 - LINE * (i // ACROSS)) for i, name in enumerate(unused)
        ]
    return Plot(
        tuple(tiles),
        Axis(domain=(0, ACROSS), hidden=True),
        Axis(domain=(-DOWN, 0), hidden=True),
        ratio=1.4,
        heights=(DOWN * ROW, DOWN * ROW),
        margins=(4, 0, 4, 0),
    )


def _tile(data, name, column, row) -> StateLink:
    bits, chosen = data["spent"][name], name == data["feature"]
    left, right, top, bottom = column + 0.04, column + 0.6, row - 0.34, row - 0.92
    depth = LINE if bits < SILENT else 1
    marks = [
        Rect(
            column,
            row,
            column + 1,
            row - depth,
            "selection",
            opacity=0.16 if chosen else 0,
            inset=1,
            radius=5,
        ),
        Label(
            column + 0.04,
            row,
            label(name),
            "selection-text" if chosen else "muted" if bits < SILENT else "ink",
            dx=1,
            dy=17,
            size=12.5,
            bold=chosen,
        ),
    ]
    if bits < SILENT:
        marks.append(Label(left, row, "not used", "muted", dx=1, dy=33, size=12))
    else:
        marks += [
            Rect(left, top, right, bottom, "paper"),
            Heatmap(left, top, right, bottom, apart(data["bits"])[name], hue(name)),
            Rect(left, top, right, bottom, "", stroke="noise"),
            BitGauge(left, row, bits, hue(name), side=9, dx=1, dy=27),
        ]
    return StateLink(f"feature={name}", f"{label(name)}: {bits:.2f} bits", tuple(marks), chosen)


@bike_distinctions.values
def distinctions_values(data):
    used = [name for name in FEATURES if data["spent"][name] >= SILENT]
    return {
        "features": len(used),
        "bits": data["spent"][data["feature"]],
        "entropy": data["entropy"][data["feature"]],
    }


@bike_distinctions.describe
def distinctions_description(data):
    feature = data["feature"]
    used = sum(data["spent"][name] >= SILENT for name in FEATURES)
    count = {1: "one of the 12 features", 12: "all 12 features"}.get(used, f"{used} of the 12 features")
    whole = f"Your {key_number(format(data['bits'], '.1f') + ' bits', 'selection')} go into {count}."
    if data["spent"][feature] < SILENT:
        return f"{whole} None go into the {label(feature)}: all its values look the same."
    return f"{whole} {_extremes(data)}"


def _extremes(data) -> str:
    """The values that are distinguished best, and those that look most alike: a block of them, or a pair."""
    matrix, names, of = (
        apart(data["bits"])[data["feature"]],
        shown_levels(data["feature"]),
        label(data["feature"]),
    )
    one, other = np.triu_indices(len(names), 1)
    far = matrix[one, other]
    if len(names) == 2:
        degree = next(words for lower, words in DEGREES if far[0] >= lower)
        return f"Of {of}, {names[0]} and {names[1]} {degree}."
    alike = int(far.argmin())
    least = f"{names[one[alike]]} and {names[other[alike]]}"
    if (far > CLEAR).mean() > CLEAR:
        return f"Of {of}, nearly all values are told apart; {least} look most alike."
    first, last = _longest_run(matrix)
    if last - first + 1 == len(names):
        return f"All values of {of} look much the same."
    if last > first + 1:
        least = f"those from {names[first]} to {names[last]}"
    best = np.flatnonzero(far >= far.max() - TIE)
    best = best[(other - one)[best].argmax()]  # of those that are as far apart, the ends
    return (
        f"Of {of}, {names[one[best]]} and {names[other[best]]} are told apart best; {least} look most alike."
    )


def _longest_run(matrix: np.ndarray) -> tuple[int, int]:
    """The first and the last row of the longest block of neighbours that all have one tone."""
    longest = (0, 0)
    for first in range(len(matrix)):
        last = first
        while last + 1 < len(matrix) and matrix[first : last + 1, last + 1].max() < ALIKE:
            last += 1
        if last - first > longest[1] - longest[0]:
            longest = (first, last)
    return longest


@bike_distinctions.value_text
def distinctions_value_text(data):
    bits = data["spent"][data["feature"]]
    return {"bits": f"{data['bits']:.1f} bits in all, {bits:.2f} of them for {label(data['feature'])}"}


@bike_distinctions.table
def distinctions_table(data):
    names = shown_levels(data["feature"])
    return {label(data["feature"]): names} | dict(zip(names, apart(data["bits"])[data["feature"]]))
