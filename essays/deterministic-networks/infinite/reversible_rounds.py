"""A Feistel network scrambles twelve bits round by round: all bits stay, and fewer can read them."""

from functools import lru_cache

import numpy as np

from infodecomp.deterministic.feistel import MAX_ROUNDS, N_BITS, bits_of, feistel_outputs
from infodecomp.experiments.deterministic import FEISTEL_PROBES, TARGET_BIT
from infodecomp.explorable import (
    Axis,
    Choice,
    Digits,
    HConcat,
    Label,
    Line,
    Plot,
    Range,
    Raster,
    Rect,
    figure,
)

from ..meters import Meter, meters

SYSTEM = Choice(
    name="system", label="Scramble", default="twelve", options={"twelve": "twelve bits", "two": "two bits"}
)
ROUNDS = Range(name="rounds", label="rounds", default=0, low=0, high=MAX_ROUNDS, step=1, role="selection")
BET = Range(
    name="bet",
    label="your bet: unreadable after",
    default=0,
    low=0,
    high=MAX_ROUNDS,
    step=1,
    format=lambda rounds: "not placed yet" if rounds == 0 else f"{rounds:.0f} round{'s' * (rounds != 1)}",
    role="selection",
    active_when=("system", "twelve"),
)
UNREADABLE = 0.05  # bits: less than this and a probe might as well guess
HALF = N_BITS // 2
SIDE = 2**HALF


@figure(
    parameters=(SYSTEM, ROUNDS, BET),
    title="All there, and nobody can read it",
    controls=("bet", "rounds", "system"),
    decimals=2,
    presets={f"rounds-{k}": f"system=twelve&rounds={k}" for k in (0, 2, 3, 8)}
    | {"cnot-before": "system=two&rounds=0", "cnot-after": "system=two&rounds=1"},
)
def reversible_rounds(system, rounds, bet):
    """One bit of the input in the scrambled output: I, and what two kinds of probes can use."""
    if system == "two":
        after = min(rounds, 1)
        return {
            "system": system,
            "bet": bet,
            "answer": _answer(),
            "rounds": after,
            "shannon": 1.0,
            "linear": float(after),
            "network": 1.0,
            "history": {"rounds": [0, 1], "linear": [0.0, 1.0], "network": [1.0, 1.0]},
        }
    history = _history()
    return {
        "system": system,
        "bet": bet,
        "answer": _answer(),
        "rounds": rounds,
        "shannon": _shannon(rounds),
        "linear": history["linear"][rounds],
        "network": history["network"][rounds],
        "error": history["error"][rounds],
        "history": history,
        "image": _image(rounds),
        "example": bits_of(feistel_outputs(rounds)[[1234]])[0],
    }


def _shannon(rounds: int) -> float:
    """I(output; target) in bits: the target is a function of the output, since no two outputs are equal."""
    outputs = feistel_outputs(rounds)
    return 1.0 if len(set(outputs.tolist())) == 2**N_BITS else float("nan")


@lru_cache(maxsize=1)
def _history() -> dict:
    """V-information of both probes after every round, and the larger standard error, in bits."""
    probes = [FEISTEL_PROBES.at(0, rounds=k) for k in range(MAX_ROUNDS + 1)]
    return {
        "rounds": list(range(MAX_ROUNDS + 1)),
        "linear": [p.linear_information.bits for p in probes],
        "network": [p.network_information.bits for p in probes],
        "error": [
            max(p.linear_information.standard_error, p.network_information.standard_error) for p in probes
        ],
    }


def _answer() -> int:
    """The first number of rounds after which neither probe reads the bit."""
    history = _history()
    return next(k for k in history["rounds"] if max(history["linear"][k], history["network"][k]) < UNREADABLE)


@lru_cache(maxsize=MAX_ROUNDS + 1)
def _image(rounds: int) -> np.ndarray:
    """The target bit of every input at the place of its output: left half across, right half down."""
    outputs = feistel_outputs(rounds)
    image = np.zeros((SIDE, SIDE))
    target = bits_of(np.arange(2**N_BITS))[:, TARGET_BIT]
    image[outputs & (SIDE - 1), outputs >> HALF] = np.where(target, 0.85, -0.5)
    return image


@reversible_rounds.draw
def picture(data):
    rows = (
        Meter("Shannon information", data["shannon"], "ink"),
        Meter("usable by a linear probe", max(data["linear"], 0.0), "series-2"),
        Meter("usable by a small network", max(data["network"], 0.0), "series-1"),
    )
    bars = meters(rows, 1.0)
    left = _outputs(data) if data["system"] == "twelve" else _truth_table(data)
    right = HConcat((bars, _rounds(data)), (1, 1), stack_below=float("inf"))
    return HConcat((left, right), (0.85, 1), gap=32)


def _outputs(data) -> Plot:
    digits = "".join(map(str, data["example"].tolist()))
    return Plot(
        (
            Raster(0, 0, SIDE, SIDE, data["image"], "series-1", "series-2"),
            Label(0, SIDE, "each cell is an output; blue: the bit was 1", "muted", dy=-8, size=12),
            Label(0, 0, "input 1,234 is now", "muted", dy=18, size=12),
            Digits(SIDE * (0.46 + 0.044 * np.arange(N_BITS)), 0, digits, dy=19),
        ),
        Axis(domain=(0, SIDE), hidden=True),
        Axis(domain=(0, SIDE), hidden=True),
        ratio=1.04,
        heights=(260, 320),
        margins=(26, 4, 26, 4),
    )  # fmt: skip


def _truth_table(data) -> Plot:
    """All four states of two bits, before or after the controlled NOT, and their parity."""
    after = data["rounds"] == 1
    marks: list = [
        Label(0.5, 4.35, "a", "ink", "middle", bold=True),
        Label(1.5, 4.35, "differ?" if after else "b", "ink", "middle", bold=True),
        Label(3, 4.35, "wanted: differ?", "target-text", "middle", bold=True),
    ]
    for index, (a, b) in enumerate(((0, 0), (0, 1), (1, 0), (1, 1))):
        y = 3 - index
        second = a ^ b if after else b
        for x, bit, role in ((0, a, "series-1"), (1, second, "series-1"), (2.5, a ^ b, "target")):
            marks += [
                Rect(x, y, x + 1, y + 1, role, opacity=0.08 + 0.6 * bit, inset=4, radius=5),
                Label(x + 0.5, y + 0.5, str(bit), "ink", "middle", dy=6, size=18, bold=True),
            ]
    return Plot(
        tuple(marks),
        Axis(domain=(-0.2, 4), hidden=True),
        Axis(domain=(0, 4.6), hidden=True),
        ratio=1.0,
        heights=(250, 300),
        margins=(12, 4, 8, 4),
    )


def _rounds(data) -> Plot:
    history = data["history"]
    last = history["rounds"][-1]
    at = data["rounds"]
    shown = slice(0, at + 1)  # the rest is what the reader bets on
    bet = data["bet"] if data["system"] == "twelve" else 0
    return Plot(
        (
            Line((at, at), (0, 1), "selection", 1.6, dash="2 3"),
            Line((0, last), (1, 1), "ink", 2),
            Line(history["rounds"][shown], np.maximum(history["network"][shown], 0), "series-1", 2.6),
            Line(history["rounds"][shown], np.maximum(history["linear"][shown], 0), "series-2", 2.6, "5 3"),
            *(_bet(bet) if bet else ()),
        ),
        Axis("rounds", (0, last), ticks=tuple(range(0, last + 1, 2 if last > 2 else 1))),
        Axis("bits", (0, 1.08), ticks=(0, 0.5, 1), grid=True),
        ratio=0.42,
        heights=(140, 160),
        margins=(28, 10, 42, 32),
    )


def _bet(rounds: int) -> tuple[Line, Label]:
    """Where the reader expects that no probe can read the bit any more."""
    return (
        Line((rounds, rounds), (0, 0.6), "selection", 3),
        Label(
            rounds,
            0.6,
            "your bet",
            "selection-text",
            "end" if rounds > MAX_ROUNDS / 2 else "start",
            dx=-7 if rounds > MAX_ROUNDS / 2 else 7,
            dy=9,
            size=12,
            bold=True,
            halo=True,
        ),
    )


@reversible_rounds.values
def values(data):
    names = ("shannon", "linear", "network", "rounds", "answer")
    return {name: data[name] for name in names} | {
        "linear_before": data["history"]["linear"][0],
        "network_before": data["history"]["network"][0],
        "bet_off": abs(data["bet"] - data["answer"]) if data["bet"] else None,
    }


@reversible_rounds.describe
def describe(data):
    linear, network = (max(data[name], 0.0) for name in ("linear", "network"))
    what = "rounds" if data["rounds"] != 1 else "round"
    return (
        f"After {data['rounds']} {what} the bit is all there, {data['shannon']:.2f} bits; a linear probe can "
        f"use {linear:.2f} and a small network {network:.2f}.{_recalled(data)}"
    )


def _recalled(data) -> str:
    """The reader's bet beside the answer, once the reader has turned so far."""
    bet, answer = data["bet"], data["answer"]
    if not bet or data["system"] != "twelve" or data["rounds"] < answer:
        return ""
    return f" You bet on {BET.show(bet)}: {'right' if bet == answer else f'it takes {answer}'}."


@reversible_rounds.table
def table(data):
    """What is drawn: up to the rounds that the reader has turned to, the rest is the bet."""
    shown, history = slice(0, data["rounds"] + 1), data["history"]
    return {name: history[name][shown] for name in ("rounds", "linear", "network")}
