"""Boards to try: named ones, an empty one and 100 random ones, each a link."""

from functools import cache

import numpy as np

import infodecomp
from infodecomp.explorable import Axis, HConcat, Heatmap, Label, Plot, Rect, StateLink, figure

from .boards import BOARD, PRESETS

RANDOM = 100  # boards of seeds 0 to 99, then again


@cache
def seeds() -> dict[str, int]:
    """The seed of each random board."""
    return {infodecomp.random_board(seed): seed for seed in range(RANDOM)}


@figure(parameters=(BOARD,), title="Boards to try")
def board_presets(board):
    """Named boards, and the next random one."""
    seed = seeds().get(board)
    after = (-1 if seed is None else seed) + 1
    return {"board": board, "presets": PRESETS | {"Empty": "0" * 16}, "seed": seed, "next": after % RANDOM}


@board_presets.draw
def presets_picture(data):
    tiles = [*data["presets"].items(), (f"Random {data['next']}", infodecomp.random_board(data["next"]))]
    picks = [_tile(index, name, board, board == data["board"]) for index, (name, board) in enumerate(tiles)]
    return HConcat(
        tuple(
            Plot(
                tuple(picks[low : low + 4]),
                Axis(domain=(low, low + 4), hidden=True),
                Axis(domain=(0, 1.3), hidden=True),
                ratio=0.3,
                heights=(92, 104),
                margins=(2, 0, 2, 0),
            )
            for low in (0, 4)
        ),
        (1, 1),
        gap=0,
    )


def _tile(left: int, name: str, board: str, now: bool) -> StateLink:
    cells = Heatmap(
        left + 0.2,
        0.47,
        left + 0.8,
        1.15,
        0.08 + 0.92 * np.array(BOARD.probabilities(board)),
        "target",
        gap=1.2,
    )
    frame = Rect(
        left,
        0,
        left + 1,
        1.3,
        "wash" if now else "paper",
        inset=2,
        radius=6,
        stroke="ink" if now else "faint",
    )
    return StateLink(
        f"board={board}",
        name,
        (frame, cells, Label(left + 0.5, 0.12, name, "ink", "middle", size=12, bold=now)),
        now,
    )


@board_presets.values
def presets_values(data):
    return {"seed": data["seed"]}


@board_presets.describe
def presets_description(data):
    name = next((name for name, board in data["presets"].items() if board == data["board"]), None)
    if name is None and data["seed"] is not None:
        name = f"the random board of seed {data['seed']}"
    return f"Now: {'the first board' if name == 'First' else name}." if name else "Now: a board of your own."
