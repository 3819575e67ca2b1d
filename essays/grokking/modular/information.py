"""Bits about the sum that each frequency keeps under noise, alone and together."""

from functools import lru_cache

import numpy as np

from infodecomp.errors import CheckpointError
from infodecomp.experiments.grokking.modular_measures import MAX_GROUPS, MOD_INFORMATION, NOISES
from infodecomp.explorable import Axis, Dot, HConcat, Label, Line, Plot, Range, Rect, figure
from infodecomp.explorable.core.errors import Missing
from infodecomp.modular.information import exact_sum_information
from infodecomp.modular.spectrum import large_groups

from .runs import MEASURED_SEED, MODULUS, slow_run

NOISE = Range(
    name="grok_noise",
    label="noise on every activation",
    default=7,
    low=0,
    high=len(NOISES) - 1,
    step=1,
    format=lambda index: f"{NOISES[int(index)]:.2g} of their usual size",
    role="selection",
)
ALL_BITS = float(np.log2(MODULUS.default))
MAX_ROWS = 6  # pairs that are drawn


@figure(
    parameters=(MEASURED_SEED, NOISE),
    title="Where the bits about the sum are",
    controls=("grok_noise", "grok_seed"),
    source=(
        "Exact over all pairs, averaged over sampled noise; standard errors below 0.05 bits. “Either” is the "
        "smaller of the two, as in the measure that makes redundancy largest."
    ),
    presets={
        "noise-little": "grok_noise=0",
        "noise-some": "grok_noise=7",
        "noise-much": "grok_noise=9",
    },
    decimals=2,
)
def grok_information(grok_seed, grok_noise):
    """Bits about the sum of each set of frequencies at every noise."""
    try:
        measured = MOD_INFORMATION.at(0, seed=int(grok_seed))
    except CheckpointError as error:
        raise Missing(str(error)) from error
    bits = measured.bits.double().clamp(0, ALL_BITS).numpy()
    return {
        "seed": int(grok_seed),
        "noise": NOISES[grok_noise],
        "index": grok_noise,
        "frequencies": measured.frequencies,
        "sets": measured.sets,
        "bits": bits,
        "standard_error": measured.standard_error.numpy(),
        "pairs": _pairs(measured.sets, bits[grok_noise]),
        "exact": exact_bits(int(grok_seed)),
    }


@lru_cache(maxsize=8)
def exact_bits(seed: int) -> list[float]:
    """The bits of each group alone without any noise."""
    network = slow_run(seed)[-1].network
    return [exact_sum_information(network, neurons) for neurons in large_groups(network, MAX_GROUPS).values()]


def name_of(frequency: int) -> str:
    """What a group is called in the picture."""
    return str(frequency) if frequency else "the rest"


def _pairs(sets, bits) -> list[dict]:
    """How the bits of each two groups divide: in either, in one only, in both together only."""
    known = dict(zip(sets, bits.tolist()))
    pairs = []
    for chosen in sets:
        if len(chosen) == 2:
            first, second, both = known[chosen[:1]], known[chosen[1:]], known[chosen]
            both = max(both, first, second)
            pairs.append(
                {
                    "groups": chosen,
                    "either": min(first, second),
                    "one": abs(first - second),
                    "together": both - max(first, second),
                }
            )
    return sorted(pairs, key=lambda one: -sum(one[part] for part in ("either", "one", "together")))


@grok_information.draw
def information_picture(data):
    return HConcat((_curves(data), _bars(data)), (1, 1), gap=26)


def _curves(data) -> Plot:
    x = np.log10(NOISES)
    singles = [i for i, chosen in enumerate(data["sets"]) if len(chosen) == 1]
    now = float(x[data["index"]])
    marks: list = [Line((now, now), (0, ALL_BITS), "selection", 1.6)]
    for i in singles:
        marks.append(Line(x, data["bits"][:, i], "series-1", 1.8))
    everything = data["bits"][:, -1]
    marks += [
        Line(x, everything, "best", 2.8),
        Label(x[-4], float(everything[-4]), "all", "ink", dx=8, dy=-4, bold=True, halo=True, size=13),
    ]
    marks += [Dot(now, float(data["bits"][data["index"], i]), "series-1", 4) for i in singles]
    marks.append(Dot(now, float(everything[data["index"]]), "best", 4.5))
    marks += _curve_names(data, x, singles)
    ticks = tuple(float(np.log10(value)) for value in (0.03, 0.1, 0.3, 1, 3))
    names = dict(zip(ticks, ("0.03", "0.1", "0.3", "1", "3")))
    return Plot(
        tuple(marks),
        Axis("noise, of the usual activation", (float(x[0]), float(x[-1])), ticks, names),
        Axis("bits about the sum", (0, 6.3), ticks=(0, 2, 4, 6), grid=True),
        ratio=0.95,
        heights=(280, 330),
        margins=(34, 12, 46, 34),
    )


def _curve_names(data, x, singles):
    """The frequencies on their lines, where these lie farthest apart; lines that still meet share a label."""
    bits = data["bits"][:, [*singles, -1]]
    gaps = np.minimum(np.diff(np.sort(bits, axis=1), axis=1), ROOM).sum(1)
    gaps[abs(x - x[data["index"]]) < 0.2] = -1  # the reader's noise is marked there
    at = int(gaps[1:-3].argmax()) + 1
    labels: list[tuple[float, list[str]]] = []
    for column in np.argsort(bits[at, :-1]).tolist():
        height, name = float(bits[at, column]), name_of(data["frequencies"][data["sets"][singles[column]][0]])
        if labels and height - labels[-1][0] < ROOM:
            labels[-1][1].append(name)
        else:
            labels.append((height, [name]))
    for height, words in labels:
        yield Label(
            x[at],
            height,
            ", ".join(words),
            "series-1-text",
            "middle",
            dy=4,
            size=12.5,
            bold=True,
            halo=True,
        )


ROOM = 0.6  # bits between two labels
PARTS = (
    ("either", "noise", "either"),
    ("one", "series-1", "one alone"),
    ("together", "target", "only together"),
)


def _bars(data) -> Plot:
    pairs = data["pairs"][:MAX_ROWS]
    marks: list = []
    for row, pair in enumerate(pairs):
        y, x = len(pairs) - row - 0.5, 0.0
        names = " and ".join(name_of(data["frequencies"][group]) for group in pair["groups"])
        marks.append(Label(0, y, names, "ink", dy=-12, size=12, bold=True))
        for part, role, _ in PARTS:
            if pair[part] > 0.005:
                marks.append(Rect(x, y - 0.32, x + pair[part], y + 0.1, role))
                if pair[part] > 0.75:
                    text_role = "on-target" if role != "series-1" else "paper"
                    marks.append(
                        Label(
                            x + pair[part] / 2,
                            y - 0.11,
                            f"{pair[part]:.1f}",
                            text_role,
                            "middle",
                            dy=4,
                            size=12,
                        )
                    )
            x += pair[part]
    marks += _legend(len(pairs))
    return Plot(
        tuple(marks),
        Axis("bits about the sum", (0, 6.3), ticks=(0, 2, 4, 6)),
        Axis(domain=(0, len(pairs)), hidden=True),
        heights=(max(54 * len(pairs) + 80, 170),) * 2,
        margins=(34, 10, 46, 8),
    )


def _legend(top: float):
    """What the colours mean, above the first bar."""
    for x, (_, role, words) in zip((0, 1.45, 3.55), PARTS):
        yield Rect(x, top + 0.08, x + 0.18, top + 0.26, role)
        yield Label(x + 0.28, top + 0.08, words, "ink", dy=-1, size=12)


@grok_information.values
def information_values(data):
    now = data["bits"][data["index"]]
    singles = [bits for chosen, bits in zip(data["sets"], now.tolist()) if len(chosen) == 1]
    best = data["pairs"][0]
    return {
        "noise": data["noise"],
        "all": float(now[-1]),
        "best_alone": max(singles),
        "worst_alone": min(singles),
        "sum_alone": sum(singles),
        "either": best["either"],
        "together": best["together"],
        "all_bits": ALL_BITS,
        "exact_least": min(data["exact"]),
    }


@grok_information.describe
def information_description(data):
    values = information_values(data)
    alone = f"{values['worst_alone']:.1f} to {values['best_alone']:.1f} bits"
    return (
        f"The slow run of seed {data['seed']}: with noise of {values['noise']:.2g}, single frequencies "
        f"keep {alone} about the sum, and all together {values['all']:.1f} of {ALL_BITS:.2f}."
    )


@grok_information.table
def information_table(data):
    columns: dict = {"noise": list(NOISES)}
    for i, chosen in enumerate(data["sets"]):
        name = " and ".join(name_of(data["frequencies"][group]) for group in chosen)
        columns[f"bits_{name}"] = data["bits"][:, i]
    return columns
