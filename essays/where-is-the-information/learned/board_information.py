"""Training two messages about a board: what they cost and convey, beside the best exact messages."""

import numpy as np

import infodecomp
from infodecomp.allocation.stochastic_encoders import SEARCH_GAP
from infodecomp.explorable import Axis, Dot, Dots, HConcat, Label, Line, Plot, figure, key_number

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

EVERY = 10  # steps between two points of the path
LEARNT = 300  # the step from which beta rises
NEAR = 0.45  # between two means; closer ones share one label
ROLES = ("series-1", "series-2")


@figure(
    parameters=(STEP, SEED, BRUSH, BOARD),
    title="A board learnt live",
    controls=("step", "board_seed", "brush", "board"),
    presets={f"board-{name.lower().replace('/', '-')}": f"board={board}" for name, board in PRESETS.items()}
    | {"board-first": f"board={PRESETS['First']}&board_seed={SEED.default}&step={STEP.default}"},
    source=(
        "“Best found” is the best that a search has found, not proven best; searches from many more starts "
        f"found at most {SEARCH_GAP:.2f} bits more."
    ),
)
def board_information(step, board_seed, brush, board):
    """The encoders of a training step with their path, all partitions, and the best stochastic encoders."""
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
            board_plot(data["guess"], "what arrives"),
        ),
        (1, 1),
        gap=16,
        stack_below=250,
    )
    clouds = HConcat(tuple(_clouds(data, i) for i in (0, 1)), (1, 1), stack_below=float("inf"))
    side = HConcat((boards, clouds), (1, 1), stack_below=float("inf"))
    return HConcat((side, _plane(data)), (1, 1.15), gap=26)


def _plane(data) -> Plot:
    """The information plane: exact pairs as dots, their best as stairs, the best found, and the training."""
    way, front, soft = data["way"], data["front"], data["soft"]
    steps = np.asarray(way["step"])
    top = max(float(data["pairs"]["information"].max()), 0.05)
    learning, eroding = steps <= LEARNT, steps >= LEARNT
    stairs_x, stairs_y = np.repeat([*front["total"], 4.0], 2)[1:-1], np.repeat(front["information"], 2)
    marks = [
        Dots(data["pairs"]["total"], data["pairs"]["information"], ("faint",), radius=2.2),
        Line(stairs_x, stairs_y, "muted", 1.2),
        Line(soft["budget"], soft["information"], "best", 2.4),
        Line(way["total"][learning], way["information"][learning], "noise", 2.4),
    ]
    if eroding.any():
        marks.append(Line(way["total"][eroding], way["information"][eroding], "target", 3))
    marks += [*_line_names(data, top), *_shortfall(data)]
    return Plot(
        tuple(marks),
        Axis("bits sent about row and column", (0, 4), ticks=(0, 1, 2, 3, 4)),
        Axis("bits learnt about the square", (0, top * 1.12), count=4, grid=True),
        ratio=1.2,
        heights=(320, 410),
        margins=(34, 12, 46, 46),
    )


def _line_names(data, top: float):
    """The names of the lines, on them."""
    way, front, soft = data["way"], data["front"], data["soft"]
    steps = np.asarray(way["step"])
    searched = "" if soft["done"] == 1 else f", {soft['done']:.0%} searched"
    x = 1.25
    best = float(np.interp(x, soft["budget"], soft["information"]))
    yield Label(x, best, f"best found{searched}", "ink", "end", dx=-9, dy=-4, size=12.5, bold=True, halo=True)
    exact = float(front["information"][front["total"] <= 3.4].max())
    yield Label(4, exact, "best exact", "muted", "end", dy=17, size=12.5, halo=True)
    for chosen, word, role in (
        (steps <= LEARNT, "learning", "muted"),
        (steps >= LEARNT, "eroding", "target-text"),
    ):
        total, information = way["total"][chosen], way["information"][chosen]
        if len(total) > 3 and information.max() > 0.15 * top:
            at = int(
                np.abs(information - (0.25 if word == "learning" else 0.72) * information.max()).argmin()
            )
            yield Label(total[at], information[at], word, role, dx=9, dy=6, size=12.5, bold=True, halo=True)


def _shortfall(data) -> list:
    """The encoders of this step, and how far they fall short of the best found at the same cost."""
    numbers = values_of(data)
    x, y, best = numbers["total"], numbers["information"], numbers["best"]
    dot = Dot(x, y, "selection", 7, rim="rim")
    if best - y < 0.01:
        return [dot]
    return [
        Line((x, x), (y, best), "selection", 2, dash="2 3"),
        dot,
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
    """The four Gaussian encoders of one source."""
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
    marks.append(
        Label(
            -4, top, f"message about the {name}: {bits:.2f} bits", f"{role}-text", dy=-8, size=12, bold=True
        )
    )
    return Plot(
        tuple(marks),
        Axis(domain=(-4, 4), hidden=True),
        Axis(domain=(0, top), hidden=True),
        ratio=0.42,
        heights=(104, 116),
        least_plane=30,
        margins=(24, 2, 28, 4),
    )


def _names(mean) -> list[tuple[float, str]]:
    """The labels of the encoders; encoders that overlap share one label."""
    groups: list[list[int]] = []
    for x in np.argsort(mean, kind="stable").tolist():
        if groups and mean[x] - mean[groups[-1][-1]] < NEAR:
            groups[-1].append(x)
        else:
            groups.append([x])
    return [
        (float(np.clip(np.mean(mean[group]), -3.8, 3.8)), ", ".join(str(x + 1) for x in sorted(group)))
        for group in groups
    ]


@board_information.values
def values(data):
    way, total = data["way"], float(data["way"]["total"][-1])
    soft = data["soft"]
    best = max(float(np.interp(total, soft["budget"], soft["information"])), _possible(data))
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
    """The information of the best pair of partitions at the same cost or less."""
    front = data["front"]
    return float(front["information"][front["total"] <= data["way"]["total"][-1] + 1e-9].max())


@board_information.describe
def description(data):
    numbers = values_of(data)
    if len(set(data["board"])) == 1:
        return "Every square is the same, so there is nothing to learn about them: no bit is worth sending."
    if data["step"] == 0:
        return "Nothing has been learnt yet. The dots are all exact messages: where will the training end?"
    learnt = key_number(f"{numbers['information']:.2f} bits", "selection")
    best = key_number(f"{numbers['best']:.2f}")
    return (
        f"After {data['step']:,} steps, {numbers['total']:.2f} bits sent teach you {learnt}. For no more, "
        f"the best exact messages teach {numbers['possible']:.2f}, the best we know {best}."
    )


def values_of(data) -> dict:
    return board_information.part("values", data)


@board_information.value_text
def value_text(data):
    numbers = values_of(data)
    learnt = f"{numbers['total']:.2f} bits sent, {numbers['information']:.2f} learnt"
    return {"step": f"step {data['step']:,}: {learnt}"}


@board_information.table
def table(data):
    return data["way"]
