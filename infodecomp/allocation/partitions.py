"""Partitions of the values of two sources, all pairs of them in one batch, and what they tell about a board.

X1 and X2 are uniform on n values each; Y = 1 with probability board[x1, x2]. A partition is the message that says only in which of
its blocks a value lies; there are 15 of four values, and so 225 pairs.
"""

from functools import lru_cache
from typing import NamedTuple

import torch

from infodecomp.errors import InformationError
from infodecomp.information import kernels

BITS_TOLERANCE = 1e-9  # bits: two messages that tell as much


class PartitionPairs(NamedTuple):
    """Columns (m,), in bits: what each partition costs, I(X_i;U_i), what both cost, and what they tell, I(U1,U2;Y).

    first, second: (m, n) the block of each value, numbered in the order of their first values.
    """

    first: torch.Tensor
    second: torch.Tensor
    bits_1: torch.Tensor
    bits_2: torch.Tensor
    total: torch.Tensor
    information: torch.Tensor


@lru_cache(maxsize=8)
def partitions(n: int = 4) -> torch.Tensor:
    """All partitions of n values as restricted growth strings, (bell number of n, n); the coarsest first (Knuth 2011, 7.2.1.5)."""
    if not 1 <= n <= 8:
        raise InformationError(f"n = {n}: partitions are listed for 1 to 8 values")
    grown = [[0]]
    for _ in range(n - 1):
        grown = [row + [block] for row in grown for block in range(max(row) + 2)]
    return torch.tensor(sorted(grown, key=lambda row: (max(row), row)))


def checked_board(board) -> torch.Tensor:
    """p(Y=1 | x1, x2) as float64 (n, n). Raises InformationError for what is no square table of probabilities."""
    try:
        board = torch.as_tensor(board, dtype=torch.float64)
    except (TypeError, ValueError, RuntimeError) as error:
        raise InformationError(f"a board must be a square table of numbers: {error}") from None
    if board.dim() != 2 or board.shape[0] != board.shape[1]:
        raise InformationError(f"a board of shape {tuple(board.shape)}: give a square table, such as 4 by 4")
    if not bool(((board >= 0) & (board <= 1)).all()):
        raise InformationError("a board holds a number that is no probability; give numbers from 0 to 1")
    return board


def board_joint(board) -> torch.Tensor:
    """p(x1, x2, y), (n, n, 2), of a board with both sources uniform and independent."""
    board = checked_board(board)
    return torch.stack([1 - board, board], -1) / board.numel()


def discrete_encoder_information(encoder_1: torch.Tensor, encoder_2: torch.Tensor, joint: torch.Tensor):
    """What encoders p(u|x) of shape (..., n, k) deliver and tell: I(X1;U1), I(X2;U2), I(U1,U2;Y), each (...) in bits."""
    received = torch.einsum("...xu,...zv,xzy->...uvy", encoder_1, encoder_2, joint)
    bits = [
        kernels.mutual_information(joint.sum(gone)[:, None] * encoder).clamp_min(0)
        for gone, encoder in (((1, 2), encoder_1), ((0, 2), encoder_2))
    ]
    return *bits, kernels.mutual_information(received.flatten(-3, -2)).clamp_min(0)


def partition_pairs(board) -> PartitionPairs:
    """All pairs of partitions of a board's rows and columns, exact, in one batch; 225 for four by four. Raises InformationError."""
    joint = board_joint(board)
    blocks = partitions(joint.shape[0])
    m = len(blocks)
    hot = torch.nn.functional.one_hot(blocks, joint.shape[0]).double()  # (m, n, n)
    received = torch.einsum("axu,bzv,xzy->abuvy", hot, hot, joint)
    information = kernels.mutual_information(received.flatten(2, 3)).clamp_min(0).reshape(-1)
    bits = kernels.entropy(hot.mean(1)).clamp_min(0)
    bits_1, bits_2 = bits.repeat_interleave(m), bits.repeat(m)
    return PartitionPairs(
        blocks.repeat_interleave(m, 0), blocks.repeat(m, 1), bits_1, bits_2, bits_1 + bits_2, information
    )


def best_pair(pairs: PartitionPairs, budget: float) -> int:
    """Which pair tells most for at most `budget` bits; of those that tell as much the cheapest, then the coarsest."""
    if not budget >= 0:
        raise InformationError(f"a budget of {budget:.6g} bits: give 0 or more")
    within = pairs.total <= budget + BITS_TOLERANCE
    most = pairs.information[within].max()
    good = within & (pairs.information >= most - BITS_TOLERANCE)
    return int(torch.where(good, pairs.total, torch.inf).argmin())


def sufficient_pair(board) -> tuple[torch.Tensor, torch.Tensor]:
    """The coarsest partitions that still tell all of I(X1,X2;Y): values whose rows (columns) of the board are equal share a block."""
    board = checked_board(board)
    return _labels(board), _labels(board.T)


def _labels(table: torch.Tensor) -> torch.Tensor:
    same = (table[:, None] == table[None]).all(-1)  # (n, n)
    first = same.double().argmax(1)
    order = {value: block for block, value in enumerate(dict.fromkeys(first.tolist()))}
    return torch.tensor([order[value] for value in first.tolist()])
