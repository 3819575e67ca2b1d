"""Two experiments on 4×4 boards: the training of the first board, and the best stochastic encoders found for
six boards.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch

from infodecomp.allocation.encoder_frontier import (
    StochasticFrontier,
    deterministic_frontier,
    encoder_frontier,
)
from infodecomp.allocation.partitions import BITS_TOLERANCE, board_joint, partition_pairs
from infodecomp.allocation.stochastic_encoders import (
    MIN_STARTS,
    N_ROUNDS,
    STEPS_PER_ROUND,
    search_stochastic_encoders,
)
from infodecomp.boards.information import gaussian_encoders_information
from infodecomp.boards.training import (
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
from infodecomp.errors import InformationError
from infodecomp.experiments.registry import Context, Experiment
from infodecomp.experiments.storage import Packed
from infodecomp.validation import as_seed

Board = tuple[tuple[float, ...], ...]  # P(Y=1|x1,x2), row by row

BOARDS = {  # row by row, 1 where Y = 1
    "First": "1100110000100001",
    "Half": "1111111100000000",
    "Checker": "0101101001011010",
    "Diagonal": "1000010000100001",
    "In/Out": "0000011001100000",
    "Quad": "1100110000110011",
}
TRAINING = {  # fixed settings of train_board
    "steps": N_STEPS,
    "learnt": ANNEALING_START,
    "beta": [BETA_START, BETA_END],
    "draws": N_DRAWS,
    "width": HIDDEN_WIDTH,
    "rate": LEARNING_RATE,
}
SEARCH = {"rounds": N_ROUNDS, "inner": STEPS_PER_ROUND}  # fixed settings of search_stochastic_encoders


def rows(text: str) -> list[list[float]]:
    """The board of a text of 16 characters, 0 or 1."""
    return [[float(cell) for cell in text[start : start + 4]] for start in range(0, 16, 4)]


def as_config(board: Sequence[Sequence[float]]) -> Board:
    """A board as part of a config, which must be hashable."""
    return tuple(tuple(float(cell) for cell in row) for row in board)


BOARD = rows(BOARDS["First"])


def random_board(seed: int) -> str:
    """A board of 16 fair coins, row by row."""
    generator = torch.Generator().manual_seed(as_seed(seed))
    return "".join(map(str, torch.randint(2, (16,), generator=generator).tolist()))


def frontier_budgets() -> torch.Tensor:
    """Budgets (m,) of the frontiers, in bits: each eighth of a bit up to 4, and the cost of every pair of
    partitions.
    """
    costs = partition_pairs(BOARD).total.abs()
    budgets = torch.cat([torch.linspace(0, 4, 33, dtype=torch.float64), costs]).sort().values
    return budgets[torch.cat([torch.tensor([True]), budgets.diff() > BITS_TOLERANCE])].abs()


@dataclass(frozen=True)
class BoardTrainingConfig:
    """Settings of a training: the board, and the seed of its initial weights and noise."""

    board: Board = as_config(BOARD)
    seed: int = 0


def _train(context: Context[BoardTrainingConfig]) -> Iterator[Snapshot]:
    return train_board(context.config.board, context.config.seed)


def _pack_training(snapshots: list[Snapshot]) -> Packed:
    """Single precision, in which the board is trained, loses nothing."""
    names = ("mean", "deviation", "guess")
    tensors = {name: torch.stack([getattr(item, name) for item in snapshots]).float() for name in names}
    return Packed(tensors, {"training": TRAINING})


def _unpack_training(config: BoardTrainingConfig, packed: Packed) -> list[tuple[int, Snapshot]]:
    if packed.metadata["training"] != TRAINING:
        raise InformationError(f"it was trained with {packed.metadata['training']}, and not with {TRAINING}.")
    parts = [packed.tensors[name].double() for name in ("mean", "deviation", "guess")]
    return [(step, Snapshot(step, beta_at(step), *tensors)) for step, tensors in enumerate(zip(*parts))]


def _score_training(config: BoardTrainingConfig, last: Snapshot) -> dict[str, float]:
    bits = gaussian_encoders_information(last.mean, last.deviation, config.board)
    return dict(zip(("bits_1", "bits_2", "information"), map(float, bits)))


BOARD_RUN = Experiment(
    name="board-run",
    summary="A distributed bottleneck trained on the first board, every step.",
    config=BoardTrainingConfig(),
    run=_train,
    pack=_pack_training,
    unpack=_unpack_training,
    score=_score_training,
    tolerance={"bits_1": 1e-6, "bits_2": 1e-6, "information": 1e-6},
    cpu_seconds=0.2,
)


@dataclass(frozen=True)
class BoardSearchConfig:
    """Settings of a search: the board, random starts for each budget, and the seed of their perturbations."""

    board: Board = as_config(BOARD)
    starts: int = 12
    seed: int = 0


def _search(context: Context[BoardSearchConfig]) -> Iterator[StochasticFrontier]:
    config = context.config
    return search_stochastic_encoders(config.board, frontier_budgets(), config.seed, config.starts)


def _pack_frontier(snapshots: list[StochasticFrontier]) -> Packed:
    encoders = torch.stack([snapshots[-1].encoder_1, snapshots[-1].encoder_2])
    return Packed({"encoders": encoders}, {"search": SEARCH})


def _unpack_frontier(config: BoardSearchConfig, packed: Packed) -> list[tuple[int, StochasticFrontier]]:
    """Bits are recomputed from the encoders; a frontier that no search can have found is rejected."""
    budgets, joint = frontier_budgets(), board_joint(config.board)
    encoder_1, encoder_2 = packed.tensors["encoders"]
    frontier = encoder_frontier(budgets, encoder_1, encoder_2, joint)
    if bool((frontier.total > budgets + BITS_TOLERANCE).any()):
        raise InformationError("its encoders send more bits than their budget.")
    deterministic = deterministic_frontier(config.board, budgets)
    if bool((frontier.information < deterministic.information - BITS_TOLERANCE).any()):
        raise InformationError("its encoders give less information than deterministic ones.")
    return [(0, frontier)]


def _score_frontier(config: BoardSearchConfig, last: StochasticFrontier) -> dict[str, float]:
    return {"mean_information": float(last.information.mean())}


BOARD_FRONTIERS = Experiment(
    name="board-fronts",
    summary="The best stochastic encoders found for the six named boards, for each of 38 budgets.",
    config=BoardSearchConfig(),
    run=_search,
    pack=_pack_frontier,
    unpack=_unpack_frontier,
    score=_score_frontier,
    tolerance={"mean_information": 1e-9},
    cpu_seconds=5,
    runs={text: BoardSearchConfig(as_config(rows(text))) for text in BOARDS.values()},
    live={"starts": MIN_STARTS},
)
