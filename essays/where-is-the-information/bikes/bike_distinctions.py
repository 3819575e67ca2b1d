"""Which values of each feature the messages tell apart: twelve matrices at one budget."""

import numpy as np

from infodecomp.data.bikes import MONTHS, WEEKDAYS
from infodecomp.explorable import Axis, BitGauge, HConcat, Label, Line, Plot, Tooltip, figure, key_number
from infodecomp.pictures.matrices import SideLabel, Tile, extremes_text, large_matrix, small_matrices

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
DOWN = 4  # rows of small matrices


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
    title = (
        Label(0, size, label(feature), "selection-text", dx=-60, dy=-44, size=15, bold=True),
        BitGauge(0, size, bits, role, dx=-60, dy=-26),
        Label(size, size, f"{bits:.2f} of its {entropy:.2f} bits", "ink", "end", dy=-44, bold=True),
    )
    notes = list(_annotations(feature, size))
    if bits < SILENT:
        notes.append(Label(size / 2, size / 2, "not used", "muted", "middle", dy=5, size=14))
    names = [SideLabel(*labels) for labels in axis_labels(feature)]
    return Plot(
        tuple(large_matrix(apart(data["bits"])[feature], role, title, names, notes)),
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
    tiles = [_tile(data, name) for name in ranked()]
    used = [tile for tile in tiles if tile.matrix is not None]
    return small_matrices(used, [tile for tile in tiles if tile.matrix is None], DOWN)


def _tile(data, name) -> Tile:
    bits = data["spent"][name]
    matrix = apart(data["bits"])[name] if bits >= SILENT else None
    text = f"{label(name)}: {bits:.2f} bits"
    return Tile(f"feature={name}", label(name), text, bits, matrix, hue(name), name == data["feature"])


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
    names = shown_levels(feature)
    return f"{whole} {extremes_text(apart(data['bits'])[feature], names, label(feature))}"


@bike_distinctions.value_text
def distinctions_value_text(data):
    bits = data["spent"][data["feature"]]
    return {"bits": f"{data['bits']:.1f} bits in all, {bits:.2f} of them for {label(data['feature'])}"}


@bike_distinctions.table
def distinctions_table(data):
    names = shown_levels(data["feature"])
    return {label(data["feature"]): names} | dict(zip(names, apart(data["bits"])[data["feature"]]))
