"""Ratios of information between the layers of forty networks, and the classes of two of them."""

from functools import lru_cache

import numpy as np

from infodecomp.explorable import (
    Axis,
    Dots,
    DragHandle,
    HConcat,
    Label,
    Line,
    Plot,
    Range,
    Raster,
    Rect,
    figure,
)
from infodecomp.explorable.core.numbers import power_text
from infodecomp.representations.kernels import chance_information_ratio
from infodecomp.representations.kernels import information_ratio as ratio_of
from infodecomp.representations.tolerance_classes import class_labels, same_class

from .forty import (
    ALL_BATCHES,
    BRIEF_SOURCE,
    KEEP,
    LAYER,
    LAYER_WORDS,
    N_NETWORKS,
    NETWORKS,
    TASK_NAMES,
    TASK_WORDS,
    TOLERANCE,
    classes,
    forty,
    layer_pairs,
    own,
)

A = Range(name="a", label="network across", default=21, low=1, high=N_NETWORKS, step=1, role="selection")
B = Range(name="b", label="network down", default=27, low=1, high=N_NETWORKS, step=1, role="selection")
GROUPS = {
    "within_simple": ("two first bits", "series-1"),
    "within_complex": ("two tables", "series-2"),
    "across": ("one of each", "noise"),
}
SPACE = 0.9  # between two classes, in inputs


@figure(
    parameters=(LAYER, *own("ratio", TOLERANCE, *NETWORKS), A, B),
    title="Do two networks tell the same inputs apart?",
    controls=("layer", "ratio_tolerance"),
    source=BRIEF_SOURCE,
    presets={
        "ratio-tables": "layer=3&ratio_tolerance=-2&a=21&b=27",
        "ratio-strangers": "layer=3&ratio_tolerance=-2&a=3&b=27",
        "ratio-output": "layer=4&ratio_tolerance=-2&a=3&b=27",
        "ratio-fine": "layer=4&ratio_tolerance=-5&a=3&b=27",
        "ratio-same": "layer=3&ratio_tolerance=-2&a=3&b=8",
    },
)
def information_ratio(layer, ratio_tolerance, ratio_architecture, ratio_cutoff, ratio_batch, a, b):
    """The ratio of information to joint entropy for all pairs, and the classes of one pair."""
    index, tolerance, batch = int(layer) - 1, ratio_tolerance, ratio_batch
    networks = ratio_architecture, ratio_cutoff
    pairs = layer_pairs(*networks, batch, tolerance, index)
    ratio = ratio_of(pairs)
    merge = forty(*networks, batch).merge[index]
    labels = class_labels(same_class(merge[[a - 1, b - 1]], 10**tolerance))
    first, second = a - 1, b - 1
    return {
        "layer": index,
        "tolerance": tolerance,
        "a": a,
        "b": b,
        "ratio": ratio.numpy(),
        "means": mean_ratios(ratio.numpy()),
        "others": [
            mean_ratios(ratio_of(layer_pairs(*networks, one, tolerance, index)).numpy())
            for one in ALL_BATCHES
            if one != batch
        ],
        "chance": chance_means(*networks, batch, tolerance, index),
        "information": max(pairs.mutual[first, second].item(), 0.0),
        "h_joint": pairs.joint[first, second].item(),
        "labels": labels.numpy(),
    }


@lru_cache(maxsize=128)
def chance_means(
    architecture: str, cutoff: str, batch: int, tolerance: float, layer: int
) -> dict[str, float]:
    """The mean ratios if the same classes were dealt to the inputs at random."""
    kernels = classes(architecture, cutoff, batch, tolerance)[layer]
    return mean_ratios(chance_information_ratio(kernels).numpy())


@information_ratio.invert_point
def cell_at(state, x, y):
    """The pair of networks at a point of the matrix."""
    column, row = (int(np.clip(np.ceil(at), 1, N_NETWORKS)) for at in (x, N_NETWORKS - y))
    return {"a": column, "b": row}


@information_ratio.draw
def ratio_picture(data):
    above = HConcat((_matrix(data), _classes(data)), (1, 1.05), gap=20)
    return HConcat((above, _means(data)), (2.05, 0.7), gap=26, stack_below=740)


def _means(data) -> Plot:
    """The mean ratios of this batch beside those by chance as lines, and those of other batches as dots."""
    key = "dashes: by chance, dots: others"
    marks: list = [Label(0, len(GROUPS), key, "muted", dy=-5, size=12)]
    for row, (name, (words, role)) in enumerate(GROUPS.items()):
        y, text = len(GROUPS) - row - 0.75, f"{role}-text"
        mean, chance = data["means"][name], data["chance"][name]
        text = "muted" if role == "noise" else text
        marks += [
            Line((0, 1), (y, y), "faint", 1),
            Line((chance, chance), (y - 0.3, y + 0.14), "ink", 2, dash="2 2"),
            Line((mean, mean), (y - 0.2, y + 0.1), role, 4),
            Dots(
                np.array([one[name] for one in data["others"]]),
                np.full(len(data["others"]), y),
                (role,),
                radius=3,
            ),
            Label(0, y, words, text, dy=-9, size=12),
            Label(
                1, y, f"{mean:.2f}, by chance {chance:.2f}", text, "end", dy=-9, size=12, bold=True, halo=True
            ),
        ]
    return Plot(
        tuple(marks),
        Axis("mean ratio", (0, 1), count=5),
        Axis(domain=(0, len(GROUPS)), hidden=True),
        heights=(168, 178),
        margins=(22, 12, 44, 8),
    )


def _matrix(data) -> Plot:
    n, x, y = N_NETWORKS, data["a"] - 0.5, N_NETWORKS - data["b"] + 0.5
    handle = DragHandle(
        x,
        y,
        "The pair of networks",
        state={"a": (data["a"], A), "b": (data["b"], B)},
        keys=("a", "b"),
        text=f"networks {data['a']} and {data['b']}",
        marks=(Rect(x - 0.8, y - 0.8, x + 0.8, y + 0.8, "", stroke="selection", stroke_width=3),),
    )
    names = [
        Label(at, n, words, role, "middle", dy=-7, size=12, bold=True)
        for at, words, role in (
            (KEEP / 2, TASK_WORDS["simple"], "series-1-text"),
            (KEEP * 1.5, TASK_WORDS["complex"], "series-2-text"),
        )
    ]
    return Plot(
        (
            Raster(0, 0, n, n, data["ratio"], "target"),
            Line((0, n), (KEEP, KEEP), "paper", 2),
            Line((KEEP, KEEP), (0, n), "paper", 2),
            Rect(0, 0, n, n, "", stroke="noise"),
            *names,
            Label(0, 0, "green: the same classes, blank: nothing in common", "muted", dy=18, size=12),
            handle,
        ),
        Axis(domain=(0, n), hidden=True),
        Axis(domain=(0, n), hidden=True),
        ratio=1.12,
        heights=(260, 360),
        margins=(26, 4, 26, 4),
        grab=True,
    )


def _positions(labels: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, list[tuple[float, float]]]:
    """Heights of the 32 inputs in a column, class by class, and the ends of each class."""
    classes_in_order = sorted(set(labels.tolist()), key=lambda one: np.mean(other[labels == one]))
    height, at, ends = np.zeros(len(labels)), 0.0, []
    for one in classes_in_order:
        members = np.flatnonzero(labels == one)
        members = members[np.lexsort((members, other[members]))]
        height[members] = at + np.arange(len(members)) + 0.5
        ends.append((at, at + len(members)))
        at += len(members) + SPACE
    return height / at, [(low / at, high / at) for low, high in ends]


def _classes(data) -> Plot:
    """The 32 inputs in both layers, each joined to itself; boxes are classes."""
    left, right = data["labels"]
    heights = [_positions(left, np.arange(32.0)), _positions(right, _positions(left, np.arange(32.0))[0])]
    marks = []
    for bit, role in ((0, "series-1"), (1, "series-2")):
        chosen = np.arange(32) // 16 == bit
        ends = np.stack(
            (1 - heights[0][0][chosen], 1 - heights[1][0][chosen], np.full(chosen.sum(), np.nan)), 1
        )
        marks.append(Line(np.tile((0, 1, np.nan), chosen.sum()), ends.ravel(), role, 1.3, opacity=0.75))
    for x, dx, (_, boxes) in zip((0, 1), (-0.05, 0.05), heights, strict=True):
        marks += [Rect(x, 1 - low, x + dx, 1 - high, "noise", opacity=0.7, radius=1.5) for low, high in boxes]
    for x, name, labels, anchor in ((0, data["a"], left, "start"), (1, data["b"], right, "end")):
        n = len(set(labels.tolist()))
        words = f"network {name}: {n} class{'es' * (n > 1)}"
        marks.append(
            Label(
                x,
                1,
                words,
                "ink",
                anchor,
                dy=-8,
                size=12,
                bold=True,
                narrow=f"no. {name}: {n} class{'es' * (n > 1)}",
            )
        )
    return Plot(
        (
            *marks,
            Label(
                0.5, 0, "blue: inputs that begin with 0, orange: with 1", "muted", "middle", dy=18, size=12
            ),
        ),
        Axis(domain=(-0.06, 1.06), hidden=True),
        Axis(domain=(0, 1), hidden=True),
        ratio=1.06,
        heights=(260, 360),
        margins=(26, 4, 26, 4),
    )


def mean_ratios(ratio: np.ndarray) -> dict[str, float]:
    """Means over pairs of different networks, within each task and across."""
    other = ~np.eye(KEEP, dtype=bool)
    return {
        "within_simple": float(ratio[:KEEP, :KEEP][other].mean()),
        "within_complex": float(ratio[KEEP:, KEEP:][other].mean()),
        "across": float(ratio[:KEEP, KEEP:].mean()),
    }


@information_ratio.values
def ratio_values(data):
    return {
        "ratio": float(data["ratio"][data["a"] - 1, data["b"] - 1]),
        "i": data["information"],
        "h_joint": data["h_joint"],
        **{f"chance_{name}": chance for name, chance in data["chance"].items()},
    } | data["means"]


@information_ratio.describe
def ratio_description(data):
    ratio = data["ratio"][data["a"] - 1, data["b"] - 1]
    tasks = [TASK_WORDS[TASK_NAMES[(one - 1) // KEEP]] for one in (data["a"], data["b"])]
    kind = f"both learnt {tasks[0]}" if tasks[0] == tasks[1] else f"{tasks[0]} and {tasks[1]}"
    return (
        f"In {LAYER_WORDS[data['layer']]}, to {power_text(data['tolerance'])}, networks {data['a']} and "
        f"{data['b']} ({kind}) share {data['information']:.2f} of {data['h_joint']:.2f} bits: "
        f"a ratio of {ratio:.2f}."
    )


@information_ratio.value_text
def ratio_value_text(data):
    ratio = ratio_values(data)["ratio"]
    return {"ratio_tolerance": f"{power_text(data['tolerance'])}; ratio of the pair {ratio:.2f}"}


@information_ratio.table
def ratio_table(data):
    row, column = np.indices((N_NETWORKS, N_NETWORKS))
    return {"a": column.ravel() + 1, "b": row.ravel() + 1, "ratio": np.asarray(data["ratio"]).ravel()}
