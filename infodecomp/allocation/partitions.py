"""Deterministic encoders on a board: all pairs of partitions of the values of two sources.

X1 and X2 are uniform on n values each, and Y = 1 with probability board[x1, x2]. A partition is a
deterministic encoder: its message says in which block a value lies. Four values have 15 partitions, and so
225 pairs.
"""

import math
from functools import lru_cache
from typing import Any, NamedTuple

import torch

from infodecomp.errors import InformationError
from infodecomp.information import kernels
from infodecomp.validation import as_float64, as_integer, as_scalar, shown

BITS_TOLERANCE = 1e-9  # two amounts of bits that differ by less are equal
MAX_VALUES = 8  # of partitions(): 4,140 of them
MAX_BOARD = 7  # rows of partition_pairs(): 769,129 pairs in 120 MB
CHUNK_CELLS = 2**19  # cells of joint tables evaluated at a time


class PartitionPairs(NamedTuple):
    """All pairs of partitions of a board, as columns of length m.

    Attributes
    ----------
    first, second : torch.Tensor, shape (m, n)
        The block of each value of X1 and of X2, numbered in the order of their first values.
    bits_1, bits_2 : torch.Tensor, shape (m,)
        Rates I(X1;U1) and I(X2;U2) in bits.
    total : torch.Tensor, shape (m,)
        bits_1 + bits_2.
    information : torch.Tensor, shape (m,)
        I(U1,U2;Y) in bits.
    """

    first: torch.Tensor
    second: torch.Tensor
    bits_1: torch.Tensor
    bits_2: torch.Tensor
    total: torch.Tensor
    information: torch.Tensor


def partitions(n: int = 4) -> torch.Tensor:
    """All partitions of n values as restricted growth strings, the coarsest first.

    Parameters
    ----------
    n : int, default 4
        Number of values, 1 to 8.

    Returns
    -------
    torch.Tensor of int64, shape (bell_number(n), n)
        The block of each value, numbered in the order of their first values.

    Raises
    ------
    InformationError
        If `n` is not a whole number from 1 to 8.

    References
    ----------
    Knuth (2011), The art of computer programming, vol. 4A, sec. 7.2.1.5.
    """
    return _partitions(as_integer(n, "n", 1, MAX_VALUES)).clone()


@lru_cache(maxsize=8)
def _partitions(n: int) -> torch.Tensor:
    strings = [[0]]
    for _ in range(n - 1):
        strings = [string + [block] for string in strings for block in range(max(string) + 2)]
    return torch.tensor(sorted(strings, key=lambda string: (max(string), string)))


def checked_board(board: Any, max_rows: float = math.inf) -> torch.Tensor:
    """P(Y=1|x1,x2) as float64 (n, n); InformationError unless it is a square table of probabilities."""
    board = as_float64(board, "a board")
    if board.dim() != 2 or board.shape[0] != board.shape[1] or not len(board):
        raise InformationError(f"a board of shape {tuple(board.shape)}: give a square table, such as 4 by 4")
    if len(board) > max_rows:
        raise InformationError(
            f"a board of {len(board)} by {len(board)} has too many pairs of partitions; "
            f"give at most {max_rows} by {max_rows}"
        )
    valid = (board >= 0) & (board <= 1)
    if not bool(valid.all()):
        raise InformationError(
            f"a board contains {board[~valid][0].item():.6g}; give probabilities, numbers from 0 to 1"
        )
    return board


def board_joint(board: Any) -> torch.Tensor:
    """Joint distribution p(x1,x2,y) of a board with uniform, independent sources.

    Parameters
    ----------
    board : array_like, shape (n, n)
        P(Y=1|x1,x2).

    Returns
    -------
    torch.Tensor, shape (n, n, 2)
    """
    board = checked_board(board)
    return torch.stack([1 - board, board], -1) / board.numel()


def discrete_encoder_information(
    encoder_1: torch.Tensor, encoder_2: torch.Tensor, joint: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Rates I(X1;U1) and I(X2;U2) and information I(U1,U2;Y) of two discrete encoders, in bits.

    Parameters
    ----------
    encoder_1, encoder_2 : torch.Tensor, shape (..., n, k)
        Tables p(u|x), with a row for each value.
    joint : torch.Tensor, shape (n, n, n_y)
        p(x1,x2,y).

    Returns
    -------
    tuple of torch.Tensor, shape (...)
    """
    received = torch.einsum("...xu,...zv,xzy->...uvy", encoder_1, encoder_2, joint)
    bits_1, bits_2 = (
        kernels.mutual_information(joint.sum(others)[:, None] * encoder).clamp_min(0)
        for others, encoder in (((1, 2), encoder_1), ((0, 2), encoder_2))
    )
    return bits_1, bits_2, kernels.mutual_information(received.flatten(-3, -2)).clamp_min(0)


def partition_pairs(board: Any) -> PartitionPairs:
    """Exact rates and information of all pairs of partitions of a board's rows and columns.

    Parameters
    ----------
    board : array_like, shape (n, n)
        P(Y=1|x1,x2), with n from 1 to 7.

    Returns
    -------
    PartitionPairs
        bell_number(n)^2 pairs: 225 for n = 4, 41,209 for n = 6, 769,129 for n = 7.

    Raises
    ------
    InformationError
        If `board` is not a square table of probabilities or has more than 7 rows.

    Notes
    -----
    The memory needed on top of the result is bounded; both together stay below 300 MB.
    """
    joint = board_joint(checked_board(board, MAX_BOARD))
    n = len(joint)
    blocks = _partitions(n)
    m = len(blocks)
    encoders = torch.nn.functional.one_hot(blocks, n).double()  # (m, n, n)
    per_chunk = max(1, CHUNK_CELLS // (m * n * n * 2))
    information = torch.cat(
        [_pair_information(chunk, encoders, joint) for chunk in encoders.split(per_chunk)]
    ).reshape(-1)
    bits = kernels.entropy(encoders.mean(1)).clamp_min(0)
    bits_1, bits_2 = bits.repeat_interleave(m), bits.repeat(m)
    return PartitionPairs(
        blocks.repeat_interleave(m, 0), blocks.repeat(m, 1), bits_1, bits_2, bits_1 + bits_2, information
    )


def _pair_information(
    encoders_1: torch.Tensor, encoders_2: torch.Tensor, joint: torch.Tensor
) -> torch.Tensor:
    """I(U1,U2;Y) of every first encoder with every second, (m_1, m_2)."""
    half = torch.einsum("axu,xzy->auyz", encoders_1, joint)
    received = torch.einsum(
        "auyz,bzv->abuvy", half, encoders_2
    )  # both at once would need n^2 times the memory
    return kernels.mutual_information(received.flatten(2, 3)).clamp_min(0)


def best_pair(pairs: PartitionPairs, budget: float) -> int:
    """Index of the best pair within a budget; of equal ones the cheapest, then the coarsest.

    Parameters
    ----------
    pairs : PartitionPairs
    budget : float
        Bits that both partitions may cost together, at least 0.

    Returns
    -------
    int

    Raises
    ------
    InformationError
        If `pairs` are not PartitionPairs or the budget is negative or not a number.
    """
    if not isinstance(pairs, PartitionPairs):
        raise InformationError(f"pairs are {shown(pairs)}; give the result of partition_pairs")
    if not (isinstance(budget, float) and budget == math.inf):
        budget = as_scalar(budget, "a budget of bits", 0)
    affordable = pairs.total <= budget + BITS_TOLERANCE
    best = pairs.information[affordable].max()
    candidates = affordable & (pairs.information >= best - BITS_TOLERANCE)
    return int(torch.where(candidates, pairs.total, torch.inf).argmin())


def sufficient_pair(board: Any) -> tuple[torch.Tensor, torch.Tensor]:
    """The coarsest partitions that keep all of I(X1,X2;Y): equal rows, and equal columns, share a block.

    Parameters
    ----------
    board : array_like, shape (n, n)
        P(Y=1|x1,x2).

    Returns
    -------
    tuple of torch.Tensor of int64, shape (n,)
        The block of each row and of each column.

    Raises
    ------
    InformationError
        If `board` is not a square table of probabilities.
    """
    board = checked_board(board)
    return _equal_row_blocks(board), _equal_row_blocks(board.T)


def _equal_row_blocks(table: torch.Tensor) -> torch.Tensor:
    equal = (table[:, None] == table[None]).all(-1)  # (n, n)
    first = equal.double().argmax(1).tolist()
    numbers = {row: block for block, row in enumerate(dict.fromkeys(first))}
    return torch.tensor([numbers[row] for row in first])
