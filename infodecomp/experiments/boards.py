"""What was trained and searched beforehand of the boards that readers meet first, so that a page can show it at once.

The run of the first board is stored with every snapshot. Of the best soft encoders only the tables are: their bits are computed anew
when they are read, and a front that overspends or falls below the partitions is not used. `python -m infodecomp.experiments.boards` makes both.
"""

from collections.abc import Iterator
from pathlib import Path

import torch

from infodecomp.allocation.partitions import BITS_TOLERANCE, board_joint, partition_pairs
from infodecomp.allocation.stochastic_encoders import (
    N_ROUNDS,
    STEPS_PER_ROUND,
    StochasticFrontier,
    deterministic_frontier,
    encoder_frontier,
    stochastic_frontier,
)
from infodecomp.artifacts import artifact_path, read_checkpoint, read_record, write_checkpoint, write_record
from infodecomp.bottleneck.board import (
    ANNEALING_START,
    BETA_END,
    BETA_START,
    HIDDEN_WIDTH,
    LEARNING_RATE,
    N_DRAWS,
    N_STEPS,
    Snapshot,
    beta_at,
    train_board,
)
from infodecomp.bottleneck.board_information import gaussian_encoders_information
from infodecomp.errors import InformationError

FILE, FRONTS = artifact_path("board-run.safetensors"), artifact_path("board-fronts.safetensors")
BOARDS = {  # row by row, 1 where Y = 1
    "First": "1100110000100001",
    "Half": "1111111100000000",
    "Checker": "0101101001011010",
    "Diagonal": "1000010000100001",
    "In/Out": "0000011001100000",
    "Quad": "1100110000110011",
}
RECIPE = {
    "steps": N_STEPS,
    "learnt": ANNEALING_START,
    "beta": [BETA_START, BETA_END],
    "draws": N_DRAWS,
    "width": HIDDEN_WIDTH,
    "rate": LEARNING_RATE,
}
SEARCH = {"rounds": N_ROUNDS, "inner": STEPS_PER_ROUND, "starts": 12, "seed": 0}


def rows(text: str) -> list[list[float]]:
    """The board of a text of 16 characters, 0 or 1."""
    return [[float(square) for square in text[start : start + 4]] for start in range(0, 16, 4)]


BOARD = rows(BOARDS["First"])


def frontier_budgets() -> torch.Tensor:
    """The budgets (m,) of the fronts: each eighth of a bit to 4, and what any two partitions of four values cost."""
    costs = partition_pairs(BOARD).total.abs()
    budgets = torch.cat([torch.linspace(0, 4, 33, dtype=torch.float64), costs]).sort().values
    return budgets[torch.cat([torch.tensor([True]), budgets.diff() > BITS_TOLERANCE])].abs()


def random_board(seed: int) -> str:
    """A board of 16 fair coins, row by row."""
    return "".join(map(str, torch.randint(2, (16,), generator=torch.Generator().manual_seed(seed)).tolist()))


def store_run(file: Path = FILE, seed: int = 0) -> None:
    """Train the first board and write every snapshot, in single precision as it was trained."""
    run = list(train_board(BOARD, seed))
    tensors = {
        name: torch.stack([getattr(snapshot, name) for snapshot in run]).float()
        for name in ("mean", "deviation", "guess")
    }
    write_checkpoint(file, tensors, {"board": BOARD, "seed": seed, "recipe": RECIPE})
    scores = dict(
        zip(
            ("bits_1", "bits_2", "information"),
            map(float, gaussian_encoders_information(run[-1].mean, run[-1].deviation, BOARD)),
        )
    )
    write_record(
        file, {"recipe": RECIPE, "seed": seed, "torch": torch.__version__.partition("+")[0], "scores": scores}
    )


def store_frontiers(file: Path = FRONTS) -> None:
    """Search the soft front of every board in BOARDS, from more starts than a reader would wait for, and write the encoders."""
    tensors, scores = {}, {}
    for text in BOARDS.values():
        front = stochastic_frontier(rows(text), frontier_budgets(), SEARCH["seed"], SEARCH["starts"])
        tensors[text] = torch.stack([front.encoder_1, front.encoder_2])
        scores[text] = {"mean_information": float(front.information.mean())}
    write_checkpoint(file, tensors, {"search": SEARCH})
    write_record(file, {"search": SEARCH, "torch": torch.__version__.partition("+")[0], "scores": scores})


def board_run(board, seed: int = 0, file: Path = FILE) -> Iterator[Snapshot]:
    """The run of a board: the stored one where it is this board, seed and recipe, otherwise trained as it is asked for."""
    if seed == 0 and [list(map(float, row)) for row in board] == BOARD and file.exists():
        read_record(file)
        tensors, meaning = read_checkpoint(file)
        if meaning["recipe"] == RECIPE:
            parts = [tensors[name].double() for name in ("mean", "deviation", "guess")]
            return (Snapshot(step, beta_at(step), *row) for step, row in enumerate(zip(*parts)))
    return train_board(board, seed)


def stored_stochastic_frontier(board, file: Path = FRONTS) -> StochasticFrontier | None:
    """The stored soft front of a board over front_budgets(); None where none is stored.

    Raises InformationError for a damaged file, and for encoders that overspend or tell less than the partitions.
    """
    wanted = [list(map(float, row)) for row in board]
    text = next((text for text in BOARDS.values() if rows(text) == wanted), None)
    if text is None or not file.exists():
        return None
    read_record(file)
    tensors, _ = read_checkpoint(file)
    if text not in tensors:
        return None
    budgets, joint = frontier_budgets(), board_joint(board)
    front = encoder_frontier(budgets, *tensors[text], joint)
    if bool((front.total > budgets + BITS_TOLERANCE).any()):
        raise InformationError(
            f"{file.name}, {text}: encoders send more bits than their budget; search them again"
        )
    if bool((front.information < deterministic_frontier(board, budgets).information - BITS_TOLERANCE).any()):
        raise InformationError(
            f"{file.name}, {text}: encoders tell less than exact messages; search them again"
        )
    return front


if __name__ == "__main__":
    torch.set_num_threads(1)
    store_run()
    store_frontiers()
