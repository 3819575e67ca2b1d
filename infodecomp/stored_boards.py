"""The run of the first board, trained beforehand, so that a page can show it at once. `python -m infodecomp.stored_boards` trains it."""

from collections.abc import Iterator
from pathlib import Path

import torch

from infodecomp.board_bottleneck import CHEAP, DEAR, DRAWS, LEARNT, RATE, STEPS, WIDTH, Snapshot, code_information, price, train_board
from infodecomp.checkpoints import read_checkpoint, read_record, stored, write_checkpoint, write_record

FILE = stored("board-run.safetensors")
BOARD = [[1.0, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
RECIPE = {"steps": STEPS, "learnt": LEARNT, "beta": [CHEAP, DEAR], "draws": DRAWS, "width": WIDTH, "rate": RATE}


def store_run(file: Path = FILE, seed: int = 0) -> None:
    """Train the first board and write every snapshot, in single precision as it was trained."""
    run = list(train_board(BOARD, seed))
    tensors = {name: torch.stack([getattr(snapshot, name) for snapshot in run]).float() for name in ("mean", "deviation", "guess")}
    write_checkpoint(file, tensors, {"board": BOARD, "seed": seed, "recipe": RECIPE})
    scores = dict(zip(("bits_1", "bits_2", "information"), map(float, code_information(run[-1].mean, run[-1].deviation, BOARD))))
    write_record(file, {"recipe": RECIPE, "seed": seed, "torch": torch.__version__.partition("+")[0], "scores": scores})


def board_run(board, seed: int = 0, file: Path = FILE) -> Iterator[Snapshot]:
    """The run of a board: the stored one where it is this board, seed and recipe, otherwise trained as it is asked for."""
    if seed == 0 and [list(map(float, row)) for row in board] == BOARD and file.exists():
        read_record(file)
        tensors, meaning = read_checkpoint(file)
        if meaning["recipe"] == RECIPE:
            parts = [tensors[name].double() for name in ("mean", "deviation", "guess")]
            return (Snapshot(step, price(step), *row) for step, row in enumerate(zip(*parts)))
    return train_board(board, seed)


if __name__ == "__main__":
    torch.set_num_threads(1)
    store_run()
