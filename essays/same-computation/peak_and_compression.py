"""Does a broader peak go with fewer bits, network by network?"""

import numpy as np

from infodecomp.explorable import Axis, Dot, Dots, HConcat, Label, Line, Plot, Rect, figure
from infodecomp.explorable.core.numbers import power_text

from .bets import BET_CORRELATION
from .forty import (
    ALL_BATCHES,
    BRIEF_SOURCE,
    KEEP,
    LAYER,
    LAYER_WORDS,
    NETWORKS,
    ROLES,
    TASK_NAMES,
    TASK_WORDS,
    TOLERANCE,
    layer_bits,
    own,
)
from .peaks import KIND, LOG_LEVELS, Correlation, breadth, correlation, survival

GROUPS = {
    "all": ("all forty", "ink"),
    "simple": ("the first bit", "series-1"),
    "complex": ("a random table", "series-2"),
}


def _preset(tolerance: str, kind: str) -> str:
    """The whole state, but for bets, with layer 3 at a tolerance."""
    return (
        f"compare_layer=3&compare_tolerance={tolerance}&compare_kind={kind}"
        "&compare_architecture=relu-8&compare_cutoff=1e-5&compare_batch=1"
    )


@figure(
    parameters=(*own("compare", LAYER, TOLERANCE, KIND, *NETWORKS), BET_CORRELATION),
    title="Does a broader peak go with fewer bits?",
    controls=("compare_layer", "compare_tolerance", "compare_kind", "compare_batch"),
    decimals=2,
    source=BRIEF_SOURCE,
    collapsed=("compare_batch",),
    former_parameters=("show_correlation",),
    presets={
        "compare-coarse": _preset("-.5", "absolute"),
        "compare-fine": _preset("-3", "absolute"),
        "compare-first": _preset("-2", "absolute"),
        "compare-relative": _preset("-2", "relative"),
    },
)
def peak_and_compression(
    compare_layer,
    compare_tolerance,
    compare_kind,
    compare_architecture,
    compare_cutoff,
    compare_batch,
    bet_correlation,
):
    """Breadth and bits of every network, with their correlations in all and within each task."""
    networks, layer, batch = (compare_architecture, compare_cutoff), int(compare_layer) - 1, compare_batch
    measured = {
        one: (
            breadth(survival(*networks, one, compare_kind)),
            layer_bits(*networks, one, compare_tolerance)[layer],
        )
        for one in ALL_BATCHES
    }
    wide, bits = measured[batch]
    return {
        "layer": layer,
        "tolerance": compare_tolerance,
        "breadth": wide,
        "bits": bits,
        "correlations": _correlations(wide, bits),
        "others": [_correlations(*measured[one]) for one in ALL_BATCHES if one != batch],
        "bet": bet_correlation,
        "bet_is_placed": bet_correlation != BET_CORRELATION.default,
    }


def _correlations(wide: np.ndarray, bits: np.ndarray) -> dict[str, Correlation]:
    """Correlations over all networks of a batch and within each task."""
    groups = {"all": slice(None), "simple": slice(KEEP), "complex": slice(KEEP, None)}
    return {name: correlation(wide[part], bits[part]) for name, part in groups.items()}


@peak_and_compression.draw
def compression_picture(data):
    return HConcat((_scatter(data), _intervals(data)), (1.2, 1), gap=22)


def _scatter(data) -> Plot:
    wide, bits = np.asarray(data["breadth"]), np.asarray(data["bits"])
    low, high = max(0.0, float(bits.min()) - 0.3), min(5.1, float(bits.max()) + 0.3)
    marks = []
    for task, part in zip(TASK_NAMES, (slice(KEEP), slice(KEEP, None)), strict=True):
        marks.append(Dots(wide[part], bits[part], (ROLES[task],), radius=4.2))
        at = float(wide[part].mean())
        marks.append(
            Label(
                at,
                high if task == "simple" else low,
                TASK_WORDS[task],
                f"{ROLES[task]}-text",
                "middle",
                dy=-8,
                size=12,
                bold=True,
                halo=True,
            )
        )
    ticks = (0.01, 0.03, 0.1, 0.3)
    return Plot(
        tuple(marks),
        Axis(
            "noise that half of the copies survive",
            (LOG_LEVELS[0], float(max(LOG_LEVELS[-1] - 0.4, wide.max() + 0.1))),
            ticks=tuple(float(np.log10(tick)) for tick in ticks),
            names={float(np.log10(tick)): f"{tick:g}" for tick in ticks},
        ),
        Axis(f"bits of {LAYER_WORDS[data['layer']]}", (low, high), count=5, grid=True),
        ratio=0.75,
        heights=(280, 330),
        margins=(44, 12, 44, 38),
    )


def _intervals(data) -> Plot:
    """The correlations of this batch with their intervals, and below each those of the other batches."""
    marks = [Line((0, 0), (0, 3), "noise", 1, dash="3 3")]
    for row, (name, (words, role)) in enumerate(GROUPS.items()):
        y, found = 2.3 - row, data["correlations"][name]
        text = "ink" if role == "ink" else f"{role}-text"
        marks += [
            Line((found.low, found.high), (y, y), role, 5, opacity=0.5),
            Line((found.r, found.r), (y - 0.13, y + 0.13), role, 4),
            *(
                mark
                for other, below in zip(data["others"], (0.14, 0.24), strict=True)
                for mark in (
                    Line((other[name].low, other[name].high), (y - below, y - below), role, 2, opacity=0.35),
                    Dot(other[name].r, y - below, role, 2.6),
                )
            ),
            Label(-1, y, words, text, dy=-16, size=12, bold=True),
            Label(1, y, _interval_text(found), text, "end", dy=-16, size=12, halo=True),
        ]
    bet = data["bet"]
    if data["bet_is_placed"]:
        anchor = "start" if bet < -0.8 else "end" if bet > 0.8 else "middle"
        marks += [
            Rect(bet - 0.02, 2.12, bet + 0.02, 2.48, "selection", stroke="rim"),
            Label(bet, 2.02, "your bet", "selection-text", anchor, dy=13, size=12, halo=True),
        ]
    return Plot(
        tuple(marks),
        Axis("correlation, with its 95% interval", (-1.02, 1.02), ticks=(-1, -0.5, 0, 0.5, 1)),
        Axis(domain=(0, 3), hidden=True),
        heights=(250, 330),
        margins=(20, 10, 44, 10),
    )


def _interval_text(found) -> str:
    """A correlation and its interval."""
    return f"{found.r:.2f} ({found.low:.2f}, {found.high:.2f})"


@peak_and_compression.values
def compression_values(data):
    return {
        f"{prefix}_{name}": getattr(found, field)
        for name, found in data["correlations"].items()
        for prefix, field in (("r", "r"), ("low", "low"), ("high", "high"))
    }


@peak_and_compression.describe
def compression_description(data):
    found = data["correlations"]
    if np.ptp(data["bits"]) < 1e-9:
        return (
            f"To a tolerance of {power_text(data['tolerance'])}, {LAYER_WORDS[data['layer']]} has "
            f"{data['bits'][0]:.2f} bits in every network: there is nothing to correlate."
        )
    return (
        f"Breadth and bits of {LAYER_WORDS[data['layer']]}, to {power_text(data['tolerance'])}: correlation "
        f"{found['all'].r:.2f} over all forty, {found['simple'].r:.2f} within the simple and "
        f"{found['complex'].r:.2f} within the complex task."
    )


@peak_and_compression.value_text
def compression_value_text(data):
    words = f"correlation {data['correlations']['all'].r:.2f} over all forty"
    return {"compare_tolerance": f"{power_text(data['tolerance'])}; {words}"}


@peak_and_compression.table
def compression_table(data):
    return {
        "network": np.arange(1, 2 * KEEP + 1),
        "task": np.repeat(TASK_NAMES, KEEP),
        "noise_half_survive": 10 ** np.asarray(data["breadth"]),
        "bits": np.asarray(data["bits"]),
    }
