"""Frontiers of stochastic encoders on a board: the best encoders for each of many budgets.

Each source has a table p(u|x) with as many symbols as values. A frontier begins with the best partitions and
takes whatever is better, once it keeps its budget.
"""

from typing import Any, NamedTuple

import torch

from infodecomp.allocation.partitions import (
    BITS_TOLERANCE,
    board_joint,
    discrete_encoder_information,
    partition_pairs,
)
from infodecomp.information import kernels

TIE_PENALTY = 1e-10  # bits of information for a bit of rate, so that the cheaper of two equal pairs wins
BISECTION_STEPS = 40


class StochasticFrontier(NamedTuple):
    """The best encoders found within each budget; `information` is a lower bound.

    Attributes
    ----------
    budget, bits_1, bits_2, total, information : torch.Tensor, shape (m,)
        In bits; total never exceeds budget.
    encoder_1, encoder_2 : torch.Tensor, shape (m, n, n)
        Tables p(u|x), with a row for each x.
    progress : float
        How much of the search is done, 0 to 1.
    """

    budget: torch.Tensor
    bits_1: torch.Tensor
    bits_2: torch.Tensor
    total: torch.Tensor
    information: torch.Tensor
    encoder_1: torch.Tensor
    encoder_2: torch.Tensor
    progress: float


COLUMNS = ("bits_1", "bits_2", "total", "information", "encoder_1", "encoder_2")  # all that a search changes


def uniform_rate(encoders: torch.Tensor) -> torch.Tensor:
    """I(X;U) in bits for uniform X and encoders (..., n, n); (...)."""
    return kernels.xlog2x(encoders).sum(-1).mean(-1) - kernels.xlog2x(encoders.mean(-2)).sum(-1)


def one_hot(blocks: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.one_hot(blocks, blocks.shape[-1]).double()


def deterministic_frontier(board: Any, budgets: torch.Tensor) -> StochasticFrontier:
    """The best pair of partitions within each budget (m,), and the cheapest of equally good ones."""
    pairs = partition_pairs(board)
    value = torch.where(
        pairs.total <= budgets[:, None] + BITS_TOLERANCE,
        pairs.information - TIE_PENALTY * pairs.total,
        -torch.inf,
    )
    encoder_1, encoder_2 = (one_hot(blocks[value.argmax(1)]) for blocks in (pairs.first, pairs.second))
    return encoder_frontier(budgets, encoder_1, encoder_2, board_joint(board), 0.0)


def encoder_frontier(
    budgets: torch.Tensor,
    encoder_1: torch.Tensor,
    encoder_2: torch.Tensor,
    joint: torch.Tensor,
    progress: float = 1.0,
) -> StochasticFrontier:
    """The frontier of given encoders (m, n, n) for budgets (m,) on a joint (n, n, 2)."""
    bits_1, bits_2, information = discrete_encoder_information(encoder_1, encoder_2, joint)
    return StochasticFrontier(
        budgets, bits_1, bits_2, bits_1 + bits_2, information, encoder_1, encoder_2, progress
    )


def improved_frontier(
    frontier: StochasticFrontier, encoders: torch.Tensor, joint: torch.Tensor
) -> StochasticFrontier:
    """The frontier with whatever is better in encoders (2, starts, m, n, n), once these keep the budgets."""
    budgets = frontier.budget
    for encoder_1, encoder_2 in zip(*encoders):
        found = encoder_frontier(budgets, *_within_budget(encoder_1, encoder_2, budgets), joint)
        better = (found.information > frontier.information + BITS_TOLERANCE) & (
            found.total <= budgets + BITS_TOLERANCE
        )
        frontier = _choose(better, found, frontier)
    order = budgets.argsort()  # the encoders of a smaller budget also fit a larger one
    leader = order[_running_argmax(frontier.information[order])][order.argsort()]
    columns: dict[str, Any] = {name: getattr(frontier, name)[leader] for name in COLUMNS}
    return frontier._replace(**columns)


def _choose(
    mask: torch.Tensor, found: StochasticFrontier, frontier: StochasticFrontier
) -> StochasticFrontier:
    """The rows (m,) of `found` where the mask holds, and of `frontier` elsewhere."""
    columns: dict[str, Any] = {}
    for name in COLUMNS:
        new, old = getattr(found, name), getattr(frontier, name)
        columns[name] = torch.where(mask.reshape(-1, *(1,) * (new.dim() - 1)), new, old)
    return frontier._replace(**columns)


def _running_argmax(values: torch.Tensor) -> torch.Tensor:
    """For each position the first index of the maximum so far, ignoring smaller gains than BITS_TOLERANCE."""
    index, indices = 0, []
    for i, value in enumerate(values):
        if value > values[index] + BITS_TOLERANCE:
            index = i
        indices.append(index)
    return torch.tensor(indices)


def _within_budget(
    encoder_1: torch.Tensor, encoder_2: torch.Tensor, budgets: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """The encoders with just enough noise to keep their budgets: mixed with useless ones, by bisection."""
    # The rate is convex in the encoder and falls to 0 along the mixture, so it falls all the way.
    encoders = (encoder_1, encoder_2)
    useless = [torch.ones_like(encoder).mul(encoder.mean(-2, keepdim=True)) for encoder in encoders]

    def mixed(share: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        first, second = (
            torch.lerp(start, end, share[:, None, None]) for start, end in zip(useless, encoders)
        )
        return first, second

    low, high = torch.zeros_like(budgets), torch.ones_like(budgets)
    for step in range(BISECTION_STEPS):
        middle = (low + high) / 2 if step else high
        fits = sum(uniform_rate(encoder) for encoder in mixed(middle)) <= budgets
        low, high = torch.where(fits, middle, low), torch.where(fits, high, middle)
    return mixed(low)
