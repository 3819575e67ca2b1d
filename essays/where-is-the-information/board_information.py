"""A board that is learnt live: what two trained messages cost and tell, beside what exact messages could."""

import numpy as np

import infodecomp
from infodecomp.allocation.stochastic_encoders import SEARCH_GAP
from infodecomp.explorable import Axis, Dot, Dots, HConcat, Heatmap, Label, Line, Plot, figure

from .boards import (
    BOARD,
    BRUSH,
    PRESETS,
    SEED,
    STEP,
    advance,
    bits_at,
    board_plot,
    is_cached,
    pairs,
    snapshot_at,
    staircase,
    stochastic_frontier,
)
from .clouds import cloud_marks

EVERY = 10  # steps between two points of the way
LEARNT = 300  # the step from which the price rises
NEAR = 0.45  # between two clouds; nearer ones have no room for two numbers
ROLES = ("series-1", "series-2")


@figure(
    parameters=(STEP, SEED, BRUSH, BOARD),
    title="A board learnt live",
    controls=("step", "board_seed", "brush", "board"),
    presets={f"board-{name.lower().replace('/', '-')}": f"board={board}" for name, board in PRESETS.items()}
    | {"board-first": f"board={PRESETS['First']}&board_seed={SEED.default}&step={STEP.default}"},
    source=(
        "The best messages are the best that a search has found, not proven best; "
        f"searches from many more starts told at most {SEARCH_GAP:.2f} bits more."
    ),
)
def board_information(step, board_seed, brush, board):
    """The trained code of a step with its way there, in true bits, all pairs of partitions, and the best
    vague messages found.
    """
    snapshot, found, front, soft = (
        snapshot_at(board, board_seed, step),
        pairs(board),
        staircase(board),
        stochastic_frontier(board, step),
    )
    steps = sorted({*range(0, step + 1, EVERY), step})
    bits_1, bits_2, information = np.transpose([bits_at(board, board_seed, at) for at in steps])
    codes = infodecomp.gaussian_encoder_information(snapshot.mean, snapshot.deviation)
    return {
        "board": board,
        "brush": brush,
        "step": step,
        "beta": snapshot.beta,
        "way": {
            "step": steps,
            "bits_1": bits_1,
            "bits_2": bits_2,
            "total": bits_1 + bits_2,
            "information": information,
        },
        "pairs": {"total": found.total.numpy(), "information": found.information.numpy()},
        "front": front,
        "soft": {
            "budget": soft.budget.numpy(),
            "information": soft.information.numpy(),
            "done": soft.progress,
        },
        "mean": snapshot.mean.numpy(),
        "deviation": snapshot.deviation.numpy(),
        "guess": snapshot.guess.numpy(),
        "apart": infodecomp.distinguishability(snapshot.mean, snapshot.deviation).numpy(),
        "bound": codes.divergence.numpy(),
    }


@board_information.is_cached
def step_is_cached(state):
    return is_cached(state["board"], state["board_seed"], state["step"])


@board_information.advance
def advance_training(state):
    advance(state["board"], state["board_seed"], state["step"])


@board_information.draw
def picture(data):
    chances = BOARD.probabilities(data["board"])
    boards = HConcat(
        (
            board_plot(chances, "your board", data["board"], data["brush"]),
            board_plot(data["guess"], "as it is told"),
        ),
        (1, 1),
        gap=16,
        stack_below=250,
    )
    codes = HConcat(tuple(_clouds(data, i) for i in (0, 1)), (1, 1), gap=16, stack_below=250)
    matrices = HConcat(tuple(_matrix(data, i) for i in (0, 1)), (1, 1), gap=16, stack_below=250)
    side = HConcat((boards, codes, matrices), (1, 1, 1), stack_below=float("inf"))
    return HConcat((_plane(data), side), (1.15, 1), gap=26)


def _plane(data) -> Plot:
    """The information plane: exact pairs as dots and stairs, the best found as a line, the way of the code,
    and how far it falls short.
    """
    way, front, soft = data["way"], data["front"], data["soft"]
    steps = np.asarray(way["step"])
    top = max(float(data["pairs"]["information"].max()), 0.05)
    learning, eroding = steps <= LEARNT, steps >= LEARNT
    stairs_x, stairs_y = np.repeat([*front["total"], 4.0], 2)[1:-1], np.repeat(front["information"], 2)
    marks = [
        Dots(data["pairs"]["total"], data["pairs"]["information"], ("noise",), radius=2.4),
        Line(stairs_x, stairs_y, "muted", 1.2),
        Line(soft["budget"], soft["information"], "best", 2.4),
        Line(way["total"][learning], way["information"][learning], "noise", 2.4),
    ]
    if eroding.any():
        marks.append(Line(way["total"][eroding], way["information"][eroding], "target", 3))
    marks += _shortfall(data)
    searched = "" if soft["done"] == 1 else f", {soft['done']:.0%} searched"
    key = (
        (0, 0, "\u2014 best found" + searched, "ink"),
        (0, 1, "stairs: best exact", "muted"),
        (2, 1, "dots: all exact", "muted"),
        (0, 2, "grey: learning", "muted"),
        (2, 2, "green: eroding", "target-text"),
    )  # below, since dots may lie anywhere
    marks += [
        Label(x, 0, words, role, dy=58 + 16 * row, size=12, bold=role == "ink") for x, row, words, role in key
    ]
    return Plot(
        tuple(marks),
        Axis("bits sent about row and column", (0, 4), ticks=(0, 1, 2, 3, 4)),
        Axis("bits learnt about the square", (0, top * 1.12), count=4, grid=True),
        ratio=1.33,
        heights=(330, 470),
        margins=(34, 12, 96, 46),
    )


def _shortfall(data) -> list:
    """The code of this step, and what the best messages found tell beyond it for as many bits."""
    told = values_of(data)
    x, y, best = told["total"], told["information"], told["best"]
    dot = Dot(x, y, "selection", 7, rim="rim")
    if best - y < 0.01:
        return [dot]
    return [
        Line((x, x), (y, best), "selection", 2, dash="2 3"),
        dot,  # above the best there is room for words
        Label(
            max(x, 0.9),
            best,
            f"{best - y:.2f} short",
            "selection-text",
            "end",
            dx=-4,
            dy=-9,
            size=12,
            bold=True,
            halo=True,
        ),
    ]


def _clouds(data, i: int) -> Plot:
    """The four clouds of one source on its line, each as high as it is dense."""
    mean, deviation = data["mean"][i], data["deviation"][i]
    height, marks, role = np.maximum(deviation, 0.02) ** -0.5, [], ROLES[i]
    for x in range(4):
        marks += cloud_marks(mean[x], deviation[x], height[x], (-4, 4), role, 0.16, 1.2)
    top = float(height.max())
    marks += [
        Label(at, 0, names, f"{role}-text", "middle", dy=13 + 11 * (level % 2), size=12)
        for level, (at, names) in enumerate(_names(mean))
    ]
    name = ("row", "column")[i]
    bits = data["way"][f"bits_{i + 1}"][-1]
    marks.append(Label(-4, top, f"{name}: {bits:.2f} bits", f"{role}-text", dy=-8, size=12, bold=True))
    return Plot(
        tuple(marks),
        Axis(domain=(-4, 4), hidden=True),
        Axis(domain=(0, top), hidden=True),
        ratio=0.5,
        heights=(100, 120),
        margins=(24, 2, 28, 4),
    )


def _names(mean) -> list[tuple[float, str]]:
    """Where the numbers of the clouds stand; those of clouds that lie on each other are said together."""
    groups: list[list[int]] = []
    for x in np.argsort(mean, kind="stable").tolist():
        if groups and mean[x] - mean[groups[-1][-1]] < NEAR:
            groups[-1].append(x)
        else:
            groups.append([x])
    return [
        (float(np.clip(np.mean(mean[group]), -3.8, 3.8)), " ".join(str(x + 1) for x in group))
        for group in groups
    ]


def _matrix(data, i: int) -> Plot:
    """How far each two values of a source can be told apart."""
    apart = data["apart"][i]
    marks = [Heatmap(0, 0, 4, 4, 0.05 + 0.95 * np.asarray(apart), ROLES[i], 24, gap=2)]
    marks += [Label(c + 0.5, 0, str(c + 1), "muted", "middle", dy=14, size=12) for c in range(4)]
    marks += [Label(0, 3.5 - r, str(r + 1), "muted", "end", dx=-5, dy=4, size=12) for r in range(4)]
    marks.append(Label(0, 4, f"{('rows', 'columns')[i]} told apart", "ink", dy=-7, size=12))
    return Plot(
        tuple(marks),
        Axis(domain=(0, 4), hidden=True),
        Axis(domain=(0, 4), hidden=True),
        ratio=0.75,
        heights=(110, 150),
        margins=(22, 2, 20, 18),
    )


@board_information.values
def values(data):
    way, total = data["way"], float(data["way"]["total"][-1])
    best = max(float(np.interp(total, data["soft"]["budget"], data["soft"]["information"])), _possible(data))
    return {
        "total": total,
        "information": float(way["information"][-1]),
        "bits_1": float(way["bits_1"][-1]),
        "bits_2": float(way["bits_2"][-1]),
        "bound": float(data["bound"].sum()),
        "possible": _possible(data),
        "best": best,
        "short": best - float(way["information"][-1]),
    }


def _possible(data) -> float:
    """What the best pair of partitions tells for at most the same bits."""
    front = data["front"]
    return float(front["information"][front["total"] <= data["way"]["total"][-1] + 1e-9].max())


@board_information.describe
def description(data):
    told = values_of(data)
    if data["step"] == 0:
        return "Nothing is learnt yet. The dots are all exact pairs of messages: where will the training end?"
    return (
        f"After {data['step']} steps the codes send {told['total']:.2f} bits "
        f"and tell {told['information']:.2f}; "
        f"for no more, exact messages tell {told['possible']:.2f}, "
        f"and the best found {told['best']:.2f}."
    )


def values_of(data) -> dict:
    return board_information.part("values", data)


@board_information.value_text
def voice(data):
    told = values_of(data)
    return {"step": f"step {data['step']}: {told['total']:.2f} bits sent, {told['information']:.2f} learnt"}


@board_information.table
def table(data):
    return data["way"]
