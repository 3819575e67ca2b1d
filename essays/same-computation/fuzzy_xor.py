"""The neurons of networks that have learnt fuzzy XOR, beside the functions that they might be."""

import numpy as np

from infodecomp.experiments.same_computation.fuzzy_xor import KEEP, SIDE
from infodecomp.explorable import (
    Area,
    Axis,
    Choice,
    Dots,
    HConcat,
    Highlight,
    Label,
    Line,
    Plot,
    Range,
    Raster,
    Rect,
    Toggle,
    figure,
)
from infodecomp.representations.fuzzy_logic import FUNCTIONS

from .bets import BET_NEURONS
from .forty import BATCH, own
from .fuzzy import THRESHOLD, batches_of, functions, matched_share, matches, neurons, ranked

SIZE = Choice(
    name="size",
    label="Networks",
    default="2-4-4-1",
    options={"2-4-4-1": "4 and 4 neurons", "2-8-8-1": "8 and 8", "hand": "written by hand"},
)
NETWORK = Range(name="network", label="network", default=19, low=1, high=KEEP, step=1, role="selection")
THRESHOLD_R2 = Range(
    name="threshold",
    label="match from an R² of",
    default=THRESHOLD,
    low=0.5,
    high=1,
    step=0.01,
    role="selection",
)
LOGIC = Choice(
    name="logic",
    label="AND is",
    default="minimum",
    options={"minimum": "the minimum", "product": "the product", "lukasiewicz": "Łukasiewicz's"},
)
PAIRS = Toggle(name="pairs", label="Two neurons together")
ROW = 8  # pictures in a row
SHOWN = 2  # every so many points of the grid are drawn


@figure(
    parameters=(THRESHOLD_R2, SIZE, NETWORK, LOGIC, PAIRS, *own("fuzzy", BATCH), BET_NEURONS),
    title="Which fuzzy function is this neuron?",
    controls=("network", "threshold", "logic", "size", "pairs", "fuzzy_batch"),
    collapsed=("fuzzy_batch",),
    decimals=2,
    source=(
        "Three batches of forty networks of each size, the first seeds whose mean squared error fell below "
        "0.0001: in the first batch 99 others with 4 and 4 neurons got stuck, and four with 8 and 8. "
        "Thin lines are the other batches."
    ),
    presets={
        "fuzzy-minimum": "logic=minimum&size=2-4-4-1&threshold=.9&pairs=0&fuzzy_batch=1",
        "fuzzy-lukasiewicz": "logic=lukasiewicz&size=2-4-4-1&threshold=.9&pairs=0&fuzzy_batch=1",
        "fuzzy-lukasiewicz-strict": "logic=lukasiewicz&size=2-4-4-1&threshold=.95&pairs=0&fuzzy_batch=1",
        "fuzzy-product": "logic=product&size=2-4-4-1&threshold=.9&pairs=0&fuzzy_batch=1",
        "fuzzy-product-strict": "logic=product&size=2-4-4-1&threshold=.95&pairs=0&fuzzy_batch=1",
        "fuzzy-hand": "size=hand&logic=lukasiewicz&threshold=.9&pairs=0&fuzzy_batch=1",
        "fuzzy-wide": "logic=minimum&size=2-8-8-1&threshold=.9&pairs=0&fuzzy_batch=1",
        "fuzzy-pairs": "logic=minimum&size=2-4-4-1&threshold=.9&pairs=1&fuzzy_batch=1",
    },
)
def fuzzy_xor(threshold, size, network, logic, pairs, fuzzy_batch, bet_neurons):
    """The neurons of one network with their best matches, the matches of all forty, and of other batches."""
    batch = min(fuzzy_batch, batches_of(size)[-1])
    known = neurons(size, batch)
    batches = {one: matches(size, logic, one) for one in batches_of(size)}
    found = batches[batch]
    index = min(network, len(known.values)) - 1
    return {
        "threshold": threshold,
        "size": size,
        "network": index + 1,
        "logic": logic,
        "functions": functions(logic),
        "neurons": known.values[index],
        "layer": known.layer,
        "best": found.r2[index].max(-1),
        "which": found.r2[index].argmax(-1),
        "live": found.live[index],
        "everyone": ranked(found),
        "others": [ranked(one) for other, one in batches.items() if other != batch],
        "share": matched_share(found, threshold),
        "shares": [matched_share(one, threshold).share for one in batches.values()],
        "found": found,
        "pairs": found.pairs if pairs else None,
        "bet": bet_neurons / 100,
    }


@fuzzy_xor.draw
def fuzzy_picture(data):
    lower = _pairs(data) if data["pairs"] is not None else _ranked(data)
    return HConcat(
        (HConcat((candidates_plot(data), neurons_plot(data)), (1, 1), stack_below=float("inf")), lower),
        (1.7, 1),
        gap=22,
        stack_below=620,
    )


def picture_of(values: np.ndarray) -> np.ndarray:
    """Values on the grid as shades from 0 to 1, a to the right and b upwards."""
    square = values.reshape(SIDE, SIDE)[::SHOWN, ::SHOWN]
    low, high = square.min(), square.max()
    shades = (square - low) / (high - low) if high - low > 1e-4 else np.zeros_like(square)
    return 0.06 + 0.94 * shades.T[::-1]


def _map(x0: float, y0: float, values, role: str, height: float = 0.88, chosen: bool = False) -> list:
    """A heat map in a frame."""
    return [
        Raster(x0 + 0.06, y0, x0 + 0.94, y0 + height, picture_of(values), role, smooth=True),
        Rect(
            x0 + 0.06,
            y0,
            x0 + 0.94,
            y0 + height,
            "",
            stroke="ink" if chosen else "faint",
            stroke_width=2 if chosen else 1,
        ),
    ]


def candidates_plot(data) -> Plot:
    """The seven functions in the chosen logic."""
    marks = [Label(0.06, 1, "what a neuron might be", "ink", dy=-8, size=12, bold=True)]
    for index, (name, values) in enumerate(zip(FUNCTIONS, data["functions"], strict=True)):
        marks += _map(index, 0, values, "series-1")
        words = short(name)
        place = (index + 0.5, 0, words, "series-1-text", "middle")
        marks.append(Label(*place, dy=15, size=12, narrow=words.replace(",", "")))
    return Plot(
        tuple(marks),
        Axis(domain=(0, len(FUNCTIONS)), hidden=True),
        Axis(domain=(0, 1), hidden=True),
        ratio=0.25,
        heights=(92, 140),
        margins=(24, 0, 22, 0),
    )


def short(name: str) -> str:
    """A function in few letters."""
    return name.replace(" AND NOT ", ", NOT ").lower()


def neurons_plot(data, is_covered: bool = False) -> Plot:
    """The neurons of one network, one row for each layer, with their best matches unless they are covered."""
    layers = np.asarray(data["layer"])
    columns = max(4, int(max(np.sum(layers == layer) for layer in set(layers.tolist()))))
    n_rows = int(layers.max()) + 1
    name = "the network written by hand" if data["size"] == "hand" else f"network {data['network']} of {KEEP}"
    marks = [Label(0.06, n_rows, f"neurons of {name}", "ink", dy=-8, size=12, bold=True)]
    marks += [
        Label(0.06, n_rows - layer - 0.22, f"layer {layer + 1}", "muted", dy=-4, size=12)
        for layer in range(n_rows)
    ]
    for index, layer in enumerate(layers.tolist()):
        x = int(np.sum(layers[:index] == layer))
        y = n_rows - 1 - layer + 0.2
        if is_covered:
            marks += _map(x, y, data["neurons"][index], "target", 0.58, False)
            continue
        live, best = bool(data["live"][index]), float(data["best"][index])
        matched = live and best >= data["threshold"]
        marks += _map(x, y, data["neurons"][index], "target", 0.58, matched)
        words = f"{short(FUNCTIONS[data['which'][index]])} {best:.2f}".replace(" 0.", " .")
        brief = words if columns <= 4 else f"{best:.2f}"
        marks.append(
            Label(
                x + 0.5,
                y,
                words if live else "dead",
                "ink" if matched else "muted",
                "middle",
                dy=13,
                size=12,
                bold=matched,
                narrow=brief if live else "dead",
            )
        )
    return Plot(
        tuple(marks),
        Axis(domain=(0, columns), hidden=True),
        Axis(domain=(0, n_rows), hidden=True),
        ratio=0.52 if columns <= 4 else 0.36,
        heights=(220, 280),
        margins=(26, 0, 10, 0),
    )


def _ranked(data) -> Plot:
    """The best match of every live neuron of all networks, in order, and the threshold."""
    values, share, threshold = np.asarray(data["everyone"]), data["share"], data["threshold"]
    x = (np.arange(len(values)) + 0.5) / len(values)
    words, spread = "", []
    if data["size"] != "hand":
        words = f": {share.share:.0%} ± {share.error:.0%}"
        low, high = min(data["shares"]), max(data["shares"])
        spread = [
            Label(
                1,
                0.36,
                f"{low:.0%} to {high:.0%} in three batches",
                "muted",
                "end",
                dy=34,
                size=12,
                halo=True,
            )
        ]
    heading = Label(1, 0.36, f"{share.matched} of {share.live}", "target-text", "end", size=17, bold=True)
    matched = values >= threshold
    marks = [
        *(Line(np.linspace(0, 1, len(other)), other, "noise", 1.2, opacity=0.7) for other in data["others"]),
        Area(x[matched], 0, values[matched], "target", 0.12),
        Dots(x, values, ("noise", "target"), matched.astype(int), radius=1.7 if len(values) > 50 else 5),
        Line((0, 1), (threshold, threshold), "selection", 2),
        Label(0, threshold, "threshold", "selection-text", dx=3, dy=-6, size=12, halo=True),
        Highlight("matched live", (heading,)),
        Label(1, 0.36, f"live neurons match{words}", "ink", "end", dy=18, size=12, halo=True),
        *spread,
    ]
    return Plot(
        tuple(marks),
        Axis(
            "live neurons, the worst match first",
            (0, 1),
            ticks=(0, 0.5, 1),
            names={0: "0%", 0.5: "50%", 1: "all"},
        ),
        Axis("R² of the best match", (0, 1.04), ticks=(0, 0.25, 0.5, 0.75, 1), grid=True),
        ratio=1.0,
        heights=(260, 380),
        margins=(30, 8, 44, 36),
    )


def _pairs(data) -> Plot:
    """How well the best two neurons of a layer explain each function, for every network."""
    values = np.asarray(data["pairs"])
    marks = []
    for index, name in enumerate(FUNCTIONS):
        y = len(FUNCTIONS) - index - 0.6
        marks += [
            Line((0, 1), (y, y), "faint", 1),
            Dots(values[:, index], np.full(len(values), y), ("target",), radius=2.6),
            Label(
                0,
                y,
                f"{short(name)}: {np.mean(values[:, index] >= data['threshold']):.0%} of networks",
                "series-1-text",
                dy=-7,
                size=12,
                halo=True,
            ),
        ]
    marks.append(Line((data["threshold"],) * 2, (0, len(FUNCTIONS)), "selection", 2))
    return Plot(
        tuple(marks),
        Axis("R² of the best two neurons of a layer", (0, 1.02), ticks=(0, 0.25, 0.5, 0.75, 1)),
        Axis(domain=(0, len(FUNCTIONS)), hidden=True),
        ratio=1.0,
        heights=(260, 380),
        margins=(10, 10, 44, 10),
    )


@fuzzy_xor.values
def fuzzy_values(data):
    share, pairs = data["share"], data["found"].pairs[:, FUNCTIONS.index("a XOR b")]
    return {
        "xor_pairs": 100 * float(np.mean(pairs >= data["threshold"])),
        "matched": share.matched,
        "live": share.live,
        "share": 100 * share.share,
        "error": 100 * share.error,
        "share_low": 100 * min(data["shares"]),
        "share_high": 100 * max(data["shares"]),
        "median": float(np.median(data["everyone"])),
    }


@fuzzy_xor.describe
def fuzzy_description(data):
    if data["pairs"] is not None:
        share = f"{fuzzy_values(data)['xor_pairs']:.0f}% of the networks"
        return (
            f"In {share} two neurons of one layer add up to XOR itself, with an R² of at least "
            f"{data['threshold']:.2f}."
        )
    share = data["share"]
    logic = LOGIC.show(data["logic"])
    low, high = min(data["shares"]), max(data["shares"])
    spread = "" if data["size"] == "hand" else f"; {low:.0%} to {high:.0%} in three batches"
    return (
        f"{share.matched} of {share.live} live neurons match a fuzzy function with an R² of at least "
        f"{data['threshold']:.2f}, where AND is {logic}{spread}."
    )


@fuzzy_xor.value_text
def fuzzy_value_text(data):
    share = data["share"]
    return {"threshold": f"R² from {data['threshold']:.2f}: {share.matched} of {share.live} neurons match"}


@fuzzy_xor.table
def fuzzy_table(data):
    return {
        "neuron": np.arange(1, len(data["layer"]) + 1),
        "layer": np.asarray(data["layer"]) + 1,
        "best_match": [
            FUNCTIONS[which] if live else "" for which, live in zip(data["which"], data["live"], strict=True)
        ],
        "r2": np.asarray(data["best"]),
    }
