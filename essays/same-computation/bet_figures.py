"""Six predictions on a line: the reader commits, then uncovers the answer."""

from functools import lru_cache

from infodecomp.explorable import Axis, Dot, DragHandle, Figure, Label, Line, Plot, Range, figure
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
from .fuzzy import default_share
from .information_ratio import mean_ratios
from .peaks import breadth, correlation, survival, survival_at
from .similarity import all_similarities


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
    return float(100 * survival_at(curves, 0.05)[KEEP:].mean())


@lru_cache(maxsize=1)
def pooled_correlation() -> float:
    """The correlation of breadth and bits of layer 3 over all forty networks, at a tolerance of 0.01."""
    wide = breadth(survival("relu-8", "1e-5", 1, "absolute"))
    return correlation(wide, layer_bits("relu-8", "1e-5", 1, -2.0)[2]).r


@figure(
    parameters=(BET_BITS, SHOW_BITS),
    title="Bet: how many bits more?",
    controls=("bet_bits", "show_bits"),
    decimals=2,
)
def bet_layer_bits(bet_bits, show_bits):
    """How many bits more layer 3 keeps for a random table."""
    return {"bet": bet_bits, "shown": show_bits, "answer": gap_in_bits()}


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
    decimals=0,
)
def bet_peaks(bet_survivors, show_survivors):
    """How many of 100 noisy copies of the networks with a random table are still right."""
    return {"bet": bet_survivors, "shown": show_survivors, "answer": survivors()}


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
    decimals=0,
)
def bet_matches(bet_neurons, show_neurons):
    """What share of the live neurons is one of the seven fuzzy functions."""
    return {"bet": bet_neurons, "shown": show_neurons, "answer": 100 * default_share()}


def bet_values(data):
    """The bet and, once it is uncovered, the answer and the distance between them."""
    shown, bet, answer = data["shown"], float(data["bet"]), float(data["answer"])
    return {"bet": bet, "answer": answer if shown else None, "away": abs(bet - answer) if shown else None}


def bet_table(data):
    """The bet and the answer, empty while it is covered."""
    return {"bet": [data["bet"]], "answer": [data["answer"] if data["shown"] else ""]}


def _complete(made: Figure, bet: Range, ends: tuple[str, str]) -> None:
    """Give a bet its picture, values, sentence and table."""
    decimals = made.decimals
    made.draw(lambda data: _line(data, bet, ends, decimals))
    made.describe(lambda data: _sentence(data, bet, decimals))
    made.value_text(lambda data: {bet.name: _sentence(data, bet, decimals)})
    made.values(bet_values)
    made.table(bet_table)


def _is_placed(data, bet: Range) -> bool:
    """Whether the reader has moved the point, or left it there and uncovered the answer."""
    return data["shown"] or data["bet"] != bet.default


def _sentence(data, bet: Range, decimals: int) -> str:
    if not _is_placed(data, bet):
        return (
            f"No bet yet: move the point, or leave it at {data['bet']:.{decimals}f}. The answer is covered."
        )
    given = f"Your bet is {data['bet']:.{decimals}f}"
    if not data["shown"]:
        return f"{given}. The answer is covered."
    away = abs(data["bet"] - data["answer"])
    answer = f"{data['answer']:.{decimals}f}"
    return f"{given}; the answer is {answer}, {away:.{decimals}f} away."


def _line(data, bet: Range, ends: tuple[str, str], decimals: int) -> Plot:
    low, high, value = bet.low, bet.high, float(data["bet"])
    marks = [
        Line((low, high), (0, 0), "noise", 2),
        Label(low, 1, ends[0], "muted", dy=0, size=12),
        Label(high, 1, ends[1], "muted", "end", dy=0, size=12),
    ]
    if data["shown"]:
        answer = float(data["answer"])
        marks += [
            Line((value, answer), (0, 0), "selection", 3, dash="2 3"),
            Dot(answer, 0, "best", 6),
            Label(
                answer,
                0,
                f"answer {answer:.{decimals}f}",
                "ink",
                _anchor((answer - low) / (high - low)),
                dy=-14,
                bold=True,
                halo=True,
            ),
        ]
    marks += [
        DragHandle(
            value,
            0,
            bet.label,
            state={bet.name: (value, bet)},
            moves=bet.name,
            axis="x",
            text=f"{value:.{decimals}f}",
            marks=(Dot(value, 0, "selection", 9, rim="rim"),),
        ),
        Label(
            value,
            0,
            f"your bet {value:.{decimals}f}" if _is_placed(data, bet) else "no bet yet",
            "selection-text",
            _anchor((value - low) / (high - low)),
            dy=24,
            bold=True,
            halo=True,
        ),
    ]
    return Plot(
        tuple(marks),
        Axis(domain=(low, high), hidden=True),
        Axis(domain=(-1, 1), hidden=True),
        heights=(112, 112),
        margins=(18, 20, 18, 20),
    )


def _anchor(share: float) -> str:
    """Which part of a label lies at its point, so that it stays within the picture."""
    return "end" if share > 0.75 else "start" if share < 0.25 else "middle"


_complete(bet_layer_bits, BET_BITS, ("first bit keeps more", "random table keeps more"))
_complete(bet_shared, BET_RATIO, ("two with the table", "two that copy a bit"))
_complete(bet_selves, BET_BEATEN, ("none", "all forty"))
_complete(bet_peaks, BET_SURVIVORS, ("none", "all"))
_complete(bet_relation, BET_CORRELATION, ("broader: fewer bits", "broader: more bits"))
_complete(bet_matches, BET_NEURONS, ("none of them", "all of them"))
