"""Shared by the board figures: parameters, runs, and the drawing of a board."""

from functools import lru_cache

import numpy as np

import infodecomp
from infodecomp.allocation.stochastic_encoders import N_UPDATES
from infodecomp.boards.training import Snapshot
from infodecomp.experiments.boards import BOARD_FRONTIERS, BOARD_RUN, Board, as_config
from infodecomp.experiments.boards import BOARDS as PRESETS
from infodecomp.explorable import (
    Axis,
    CellGrid,
    Choice,
    Heatmap,
    IterationSlider,
    Label,
    Plot,
    Range,
    Rect,
    StateLink,
)

LAST = 1000
SQUARES = [(row, column) for row in range(4) for column in range(4)]
BOARD = CellGrid(name="board", label="board by rows; r to z mean .1 to .9", default=PRESETS["First"])
SEED = Range(name="board_seed", label="seed of the training", default=0, low=0, high=99, step=1)
BRUSH = Choice(
    name="brush",
    label="A press",
    default="turn",
    options={"turn": "turns a square", "more": "adds .1", "less": "takes .1"},
)
STEP = IterationSlider(
    name="step",
    label="step of the training",
    default=LAST,
    high=LAST,
    resets_on=("board", "board_seed"),
    play_label="Train",
    seconds=3,
    max_rate=500,
    role="selection",
)


def snapshot_at(board: str, seed: int, step: int) -> Snapshot:
    """The training of a board at a step."""
    return BOARD_RUN.at(step, board=_config(board), seed=seed)


def stochastic_frontier(board: str, step: int) -> infodecomp.StochasticFrontier:
    """The best stochastic encoders known at a step; the search advances with the training unless stored."""
    return BOARD_FRONTIERS.at(_search_step(step), board=_config(board))


def advance(board: str, seed: int, step: int) -> None:
    """Continue the training of a board to a step, and the search that accompanies it."""
    snapshot_at(board, seed, step)
    stochastic_frontier(board, step)


def is_cached(board: str, seed: int, step: int) -> bool:
    """Whether a state is stored, or has been computed in this process."""
    config = _config(board)
    return BOARD_RUN.is_cached(step, board=config, seed=seed) and BOARD_FRONTIERS.is_cached(
        _search_step(step), board=config
    )


def _search_step(step: int) -> int:
    return step * N_UPDATES // LAST


@lru_cache(maxsize=256)
def _config(board: str) -> Board:
    return as_config(BOARD.probabilities(board))


@lru_cache(maxsize=4096)
def bits_at(board: str, seed: int, step: int) -> tuple[float, float, float]:
    """The cost of each encoder at a step, and the information of both, in bits."""
    snapshot = snapshot_at(board, seed, step)
    return tuple(
        map(
            float,
            infodecomp.gaussian_encoders_information(
                snapshot.mean, snapshot.deviation, BOARD.probabilities(board)
            ),
        )
    )


@lru_cache(maxsize=64)
def pairs(board: str):
    """All pairs of partitions of a board."""
    return infodecomp.partition_pairs(BOARD.probabilities(board))


@lru_cache(maxsize=64)
def staircase(board: str) -> dict:
    """The Pareto frontier of the pairs of partitions: total bits and information, ascending."""
    found = pairs(board)
    total, information = found.total.numpy(), found.information.numpy()
    order = np.lexsort((-information, total))
    front = []
    for at in order:
        if not front or information[at] > information[front[-1]] + 1e-9:
            front.append(at)
    return {"total": np.abs(total[front]), "information": information[front]}


def board_squares(chances, board: str | None = None, brush: str = BRUSH.default) -> list:
    """The squares of a board from (0, 0) to (4, 4), as links if the reader can change them."""
    if board is None:
        return [
            Heatmap(0, 0, 4, 4, 0.06 + 0.94 * np.asarray(chances), "target", 24, gap=3),
            *(_share(row, column, chances[row][column]) for row, column in SQUARES),
        ]
    return [_pressed(board, row, column, chances[row][column], brush) for row, column in SQUARES]


def _share(row: int, column: int, chance: float) -> Label | None:
    """The probability of a square, if it is neither 0 nor 1."""
    if not 0.05 <= chance <= 0.95:
        return None
    return Label(
        column + 0.5,
        3.5 - row,
        f"{chance:.1f}".replace("0.", "."),
        "on-target" if chance > 0.6 else "ink",
        "middle",
        dy=4,
        size=12,
    )


def _pressed(board: str, row: int, column: int, chance: float, brush: str) -> StateLink:
    square = 4 * row + column
    after = (
        BOARD.toggled(board, square)
        if brush == "turn"
        else BOARD.shifted(board, square, 1 if brush == "more" else -1)
    )
    state = "off" if chance == 0 else "on" if chance == 1 else f"a chance of {chance:.1f}"
    does = {"turn": "to turn", "more": "to add .1", "less": "to take .1"}[brush]
    box = Rect(
        column,
        3 - row,
        column + 1,
        4 - row,
        "target",
        opacity=0.06 + 0.94 * chance,
        inset=1.5,
        radius=4,
        stroke="noise",
    )
    share = _share(row, column, chance)
    return StateLink(
        f"board={after}",
        f"row {row + 1}, column {column + 1}: {state}; press {does}",
        (box, share) if share else (box,),
    )


def board_plot(chances, words: str, board: str | None = None, brush: str = BRUSH.default) -> Plot:
    names = [
        Label(i + 0.5, 4, str(i + 1), "series-2-text", "middle", dy=-5, size=12) for i in range(4) if board
    ]
    names += [
        Label(0, 3.5 - i, str(i + 1), "series-1-text", "end", dx=-5, dy=4, size=12) for i in range(4) if board
    ]
    return Plot(
        (
            *board_squares(chances, board, brush),
            *names,
            Label(0, 4, words, "ink", dy=-24, size=12, bold=True),
        ),
        Axis(domain=(0, 4), hidden=True),
        Axis(domain=(0, 4), hidden=True),
        ratio=1.16,
        heights=(150, 230),
        margins=(42, 2, 4, 18),
    )
