"""Pictures of three bets: what is known so far, the place of the answer covered, and the point of the bet."""

import numpy as np

from infodecomp.explorable import Axis, Dot, Dots, DragHandle, HConcat, Label, Line, Plot, Range, Rect

from ..broad_peaks import many_lines, noise_axis
from ..forty import ROLES, TASK_WORDS
from ..fuzzy_xor import candidates_plot, neurons_plot
from ..network_entropies import stacked
from ..peaks import LOG_LEVELS

DEEPEST = 24  # of the axis across the stacks of dots
BET_AT = -11


def bet_handle(bet: Range, value: float, x: float, y: float, axis: str, per_unit: float, text: str):
    """The point of a bet, which is dragged along an axis."""
    return DragHandle(
        x,
        y,
        bet.label,
        state={bet.name: (value, bet)},
        moves=bet.name,
        axis=axis,
        per_unit=per_unit,
        text=text,
        marks=(Dot(x, y, "selection", 9, rim="rim"),),
    )


def layer_bet(data, bet: Range, words: str) -> Plot:
    """Layer 3 of the networks that copy a bit; those with a random table only once they are uncovered."""
    simple, value = float(data["simple"].mean()), float(data["bet"])
    x, place = stacked(data["simple"])
    marks = [
        Rect(-0.1, -DEEPEST, 5.1, -0.6, "series-2", opacity=0.07),
        Line((0, 5), (0, 0), "faint", 1),
        Dots(x, place + 1.6, (ROLES["simple"],), radius=3),
        Line((simple, simple), (0, DEEPEST - 3), ROLES["simple"], 1.6, dash="3 3"),
        Label(simple, DEEPEST - 3, f"mean {simple:.2f}", "series-1-text", dx=5, dy=4, bold=True, halo=True),
        Label(0, DEEPEST, f"{TASK_WORDS['simple']}: layer 3", "series-1-text", dy=4, size=12, bold=True),
    ]
    if data["complex"] is None:
        name = f"{TASK_WORDS['complex']}: layer 3, covered"
    else:
        name, mean = f"{TASK_WORDS['complex']}: layer 3", float(data["complex"].mean())
        x, place = stacked(data["complex"])
        marks += [
            Dots(x, -(place + 1.6), (ROLES["complex"],), radius=3),
            Line((mean, mean), (0, 3 - DEEPEST), ROLES["complex"], 1.6, dash="3 3"),
            Label(mean, 3 - DEEPEST, f"mean {mean:.2f}", "series-2-text", dx=5, dy=4, bold=True, halo=True),
        ]
    at = simple + value
    return Plot(
        (
            *marks,
            Label(0, -DEEPEST, name, "series-2-text", dy=-6, size=12, bold=True),
            Line((simple, at), (BET_AT, BET_AT), "selection", 2, dash="2 3"),
            bet_handle(bet, value, at, BET_AT, "x", 1, words),
            Label(at, BET_AT, words, "selection-text", anchor_at(at / 5), dy=24, bold=True, halo=True),
        ),
        Axis("bits that layer 3 keeps, to a tolerance of 0.01", (-0.1, 5.1), ticks=(0, 1, 2, 3, 4, 5)),
        Axis(domain=(-DEEPEST, DEEPEST), hidden=True),
        heights=(250, 250),
        margins=(18, 16, 42, 12),
        grab=True,
    )


def survival_bet(data, bet: Range, words: str) -> Plot:
    """How the networks that copy a bit bear noise; the others up to the noise at which the cover begins."""
    curves, known, value = data["simple"], data["complex"], float(data["bet"])
    levels, at = LOG_LEVELS[: known.shape[1]], float(np.log10(data["noise"]))
    marks = []
    if data["is_covered"]:
        marks.append(Rect(float(levels[-1]), 0, LOG_LEVELS[-1], 1, "series-2", opacity=0.07))
    marks += [
        many_lines(LOG_LEVELS, curves, ROLES["simple"]),
        many_lines(levels, known, ROLES["complex"]),
        Line(LOG_LEVELS, curves.mean(0), ROLES["simple"], 3),
        Line(levels, known.mean(0), ROLES["complex"], 3),
        Line((at, at), (0, 1), "noise", 1.4, dash="3 3"),
        Label(LOG_LEVELS[-1], 1, TASK_WORDS["simple"], "series-1-text", "end", dy=16, bold=True, halo=True),
        Label(
            *(LOG_LEVELS[0], 0.35, TASK_WORDS["complex"], "series-2-text"),
            dx=4,
            bold=True,
            halo=True,
            narrow=TASK_WORDS["complex"].removeprefix("a "),
        ),
    ]
    if not data["is_covered"]:
        answer = float(np.interp(at, LOG_LEVELS, known.mean(0)))
        marks += [
            Line((at, at), (value / 100, answer), "selection", 3, dash="2 3"),
            Dot(at, answer, "best", 6),
        ]
    return Plot(
        (
            *marks,
            bet_handle(bet, value, at, value / 100, "y", 100, words),
            Label(at, value / 100, words, "selection-text", dx=18, dy=4, bold=True, halo=True),
        ),
        noise_axis("noise on each weight"),
        Axis("share of copies still right", (0, 1), count=4, grid=True),
        ratio=0.5,
        heights=(260, 320),
        margins=(16, 14, 44, 44),
        grab=True,
    )


def neurons_bet(data, line: Plot) -> HConcat:
    """The functions, the neurons of one network, named only once they are uncovered, and the line of bets."""
    above = HConcat(
        (candidates_plot(data), neurons_plot(data, is_covered=data["is_covered"])),
        (1, 1),
        stack_below=float("inf"),
    )
    return HConcat((above, line), (1.5, 1), gap=22, stack_below=620)


def anchor_at(share: float) -> str:
    """Which part of a label lies at its point, so that it stays within the picture."""
    return "end" if share > 0.75 else "start" if share < 0.25 else "middle"
