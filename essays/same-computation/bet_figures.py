"""Six predictions, three of them within a picture: the reader commits, then uncovers the answer."""

from functools import lru_cache

import numpy as np

from infodecomp.explorable import Axis, Dot, Figure, Label, Line, Plot, Range, figure
from infodecomp.representations.kernels import information_ratio as ratio_of
from infodecomp.representations.network_similarity import count_beaten

from .bets import (
    BET_BEATEN,
    BET_BITS,
    BET_CORRELATION,
    BET_NEURONS,
    BET_RATIO,
    BET_SURVIVORS,
    SHOW_BEATEN,
    SHOW_BITS,
    SHOW_CORRELATION,
    SHOW_NEURONS,
    SHOW_RATIO,
    SHOW_SURVIVORS,
)
from .forty import KEEP, NOISE, layer_bits, layer_pairs, task_means
from .fuzzy import THRESHOLD, default_share, functions, matches, neurons
from .information_ratio import mean_ratios
from .peaks import LOG_LEVELS, breadth, correlation, survival, survival_at
from .pictures.masked import anchor_at, bet_handle, layer_bet, neurons_bet, survival_bet
from .similarity import all_similarities

SHAKEN = 0.05  # the noise of the bet on peaks
COVER = 0.02  # the noise from which its picture is covered
EXAMPLE = 19  # the network whose neurons are shown


@lru_cache(maxsize=1)
def gap_in_bits() -> float:
    """Bits that layer 3 keeps more for a random table, at a tolerance of 0.01."""
    means = task_means(layer_bits("relu-8", "1e-5", 1, -2.0))
    return float(means["complex"][2] - means["simple"][2])


@lru_cache(maxsize=1)
def gap_in_ratio() -> float:
    """By how much two that copy a bit share more of layer 3 than two with the table, as the figure opens."""
    means = mean_ratios(ratio_of(layer_pairs("relu-8", "1e-5", 1, -2.0, 2)).numpy())
    return means["within_simple"] - means["within_complex"]


@lru_cache(maxsize=1)
def beaten() -> float:
    """Of forty networks, those that Sim finds more like another one than like themselves."""
    return float(count_beaten(all_similarities("sim", "relu-8", "1e-5", 1, -2.0, NOISE.default)))


@lru_cache(maxsize=1)
def survivors() -> float:
    """Of 100 noisy copies of networks with a random table, those still right at a noise of 0.05."""
    curves = survival("relu-8", "1e-5", 1, "absolute")
    return float(100 * survival_at(curves, SHAKEN)[KEEP:].mean())


@lru_cache(maxsize=1)
def pooled_correlation() -> float:
    """The correlation of breadth and bits of layer 3 over all forty networks, at a tolerance of 0.01."""
    wide = breadth(survival("relu-8", "1e-5", 1, "absolute"))
    return correlation(wide, layer_bits("relu-8", "1e-5", 1, -2.0)[2]).r


@figure(
    parameters=(BET_BITS, SHOW_BITS),
    title="Bet: how many bits more?",
    controls=("bet_bits", "show_bits"),
    collapsed=("bet_bits",),
    decimals=2,
)
def bet_layer_bits(bet_bits, show_bits):
    """How many bits more layer 3 keeps for a random table."""
    bits = layer_bits("relu-8", "1e-5", 1, -2.0)[2]
    return {
        "bet": bet_bits,
        "shown": show_bits,
        "answer": gap_in_bits(),
        "simple": bits[:KEEP],
        "complex": bits[KEEP:] if show_bits else None,
    }


@figure(
    parameters=(BET_RATIO, SHOW_RATIO),
    title="Bet: who shares more?",
    controls=("bet_ratio", "show_ratio"),
    decimals=2,
)
def bet_shared(bet_ratio, show_ratio):
    """By how much two that copy a bit share more of layer 3 than two with the same table."""
    return {"bet": bet_ratio, "shown": show_ratio, "answer": gap_in_ratio()}


@figure(
    parameters=(BET_BEATEN, SHOW_BEATEN),
    title="Bet: how many are more like another?",
    controls=("bet_beaten", "show_beaten"),
    decimals=0,
)
def bet_selves(bet_beaten, show_beaten):
    """How many of forty networks are more similar to another one than to themselves."""
    return {"bet": bet_beaten, "shown": show_beaten, "answer": beaten()}


@figure(
    parameters=(BET_SURVIVORS, SHOW_SURVIVORS),
    title="Bet: how many of 100 survive?",
    controls=("bet_survivors", "show_survivors"),
    collapsed=("bet_survivors",),
    decimals=0,
)
def bet_peaks(bet_survivors, show_survivors):
    """How many of 100 noisy copies of the networks with a random table are still right."""
    curves = survival("relu-8", "1e-5", 1, "absolute")
    n_known = len(LOG_LEVELS) if show_survivors else int(np.sum(LOG_LEVELS <= np.log10(COVER) + 1e-9))
    return {
        "bet": bet_survivors,
        "shown": show_survivors,
        "is_covered": not show_survivors,
        "answer": survivors(),
        "noise": SHAKEN,
        "simple": curves[:KEEP],
        "complex": curves[KEEP:, :n_known],
    }


@figure(
    parameters=(BET_CORRELATION, SHOW_CORRELATION),
    title="Bet: how strong is the relation?",
    controls=("bet_correlation", "show_correlation"),
    decimals=2,
)
def bet_relation(bet_correlation, show_correlation):
    """How breadth and bits are correlated over all forty networks."""
    return {"bet": bet_correlation, "shown": show_correlation, "answer": pooled_correlation()}


@figure(
    parameters=(BET_NEURONS, SHOW_NEURONS),
    title="Bet: how many neurons are a fuzzy function?",
    controls=("bet_neurons", "show_neurons"),
    collapsed=("bet_neurons",),
    decimals=0,
)
def bet_matches(bet_neurons, show_neurons):
    """What share of the live neurons is one of the seven fuzzy functions."""
    known, found = neurons("2-4-4-1", 1), matches("2-4-4-1", "minimum", 1)
    return {
        "bet": bet_neurons,
        "shown": show_neurons,
        "is_covered": not show_neurons,
        "answer": 100 * default_share(),
        "size": "2-4-4-1",
        "network": EXAMPLE,
        "threshold": THRESHOLD,
        "functions": functions("minimum"),
        "neurons": known.values[EXAMPLE - 1],
        "layer": known.layer,
        "best": found.r2[EXAMPLE - 1].max(-1) if show_neurons else None,
        "which": found.r2[EXAMPLE - 1].argmax(-1) if show_neurons else None,
        "live": found.live[EXAMPLE - 1] if show_neurons else None,
    }


def bet_values(data):
    """The bet and, once it is uncovered, the answer and the distance between them."""
    shown, bet, answer = data["shown"], float(data["bet"]), float(data["answer"])
    return {"bet": bet, "answer": answer if shown else None, "away": abs(bet - answer) if shown else None}


def bet_table(data):
    """The bet and the answer, empty while it is covered."""
    return {"bet": [data["bet"]], "answer": [data["answer"] if data["shown"] else ""]}


def _complete(made: Figure, bet: Range, picture) -> None:
    """Give a bet its picture, values, sentence and table."""
    decimals = made.decimals
    made.draw(lambda data: picture(data, bet, _own_words(data, bet, decimals)))
    made.describe(lambda data: _sentence(data, bet, decimals))
    made.value_text(lambda data: {bet.name: _sentence(data, bet, decimals)})
    made.values(bet_values)
    made.table(bet_table)


def _own_words(data, bet: Range, decimals: int) -> str:
    """What stands beside the point of the bet."""
    return f"your bet {data['bet']:.{decimals}f}" if _is_placed(data, bet) else "no bet"


def _is_placed(data, bet: Range) -> bool:
    """Whether the reader has moved the point. Who only opens the answer has not bet."""
    return data["bet"] != bet.default


def _sentence(data, bet: Range, decimals: int) -> str:
    if not _is_placed(data, bet):
        start = "No bet yet: move the point." if not data["shown"] else "You placed no bet."
    else:
        start = f"Your bet is {data['bet']:.{decimals}f}."
    if not data["shown"]:
        return f"{start} The answer is covered."
    away = abs(data["bet"] - data["answer"])
    distance = f", {away:.{decimals}f} away" if _is_placed(data, bet) else ""
    return f"{start} It's {data['answer']:.{decimals}f}{distance}."


def _line(*ends: str):
    """A drawing of a bet on a line between two ends."""

    def draw(data, bet: Range, words: str) -> Plot:
        low, high, value = bet.low, bet.high, float(data["bet"])
        marks = [
            Line((low, high), (0, 0), "noise", 2),
            Label(low, 1, ends[0], "muted", dy=0, size=12),
            Label(high, 1, ends[1], "muted", "end", dy=0, size=12),
        ]
        if data["shown"]:
            answer = float(data["answer"])
            share, text = (answer - low) / (high - low), f"answer {answer:.{bet.decimals}f}"
            marks += [
                Line((value, answer), (0, 0), "selection", 3, dash="2 3"),
                Dot(answer, 0, "best", 6),
                Label(answer, 0, text, "ink", anchor_at(share), dy=-14, bold=True, halo=True),
            ]
        share = (value - low) / (high - low)
        marks += [
            bet_handle(bet, value, value, 0, "x", 1, words),
            Label(value, 0, words, "selection-text", anchor_at(share), dy=24, bold=True, halo=True),
        ]
        return Plot(
            tuple(marks),
            Axis(domain=(low, high), hidden=True),
            Axis(domain=(-1, 1), hidden=True),
            heights=(112, 112),
            margins=(18, 20, 18, 20),
            grab=True,
        )

    return draw


def _neurons_and_line(data, bet: Range, words: str):
    return neurons_bet(data, _line("none of them", "all of them")(data, bet, words))


_complete(bet_layer_bits, BET_BITS, layer_bet)
_complete(bet_shared, BET_RATIO, _line("two with the table", "two that copy a bit"))
_complete(bet_selves, BET_BEATEN, _line("none", "all forty"))
_complete(bet_peaks, BET_SURVIVORS, survival_bet)
_complete(bet_relation, BET_CORRELATION, _line("broader: fewer bits", "broader: more bits"))
_complete(bet_matches, BET_NEURONS, _neurons_and_line)
