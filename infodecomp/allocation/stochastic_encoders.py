"""The best known stochastic encoders on a board within a budget, by augmented Lagrangian.

Each source has a table p(u|x) with as many symbols as values. The search maximises I(U1,U2;Y) subject to
I(X1;U1) + I(X2;U2) <= R, for many R at once (Nocedal & Wright 2006, alg. 17.4, for an inequality). There are
many maxima, so the result is a lower bound.
"""

from collections.abc import Iterator
from typing import Any

import torch

from infodecomp.allocation.encoder_frontier import (
    StochasticFrontier,
    deterministic_frontier,
    improved_frontier,
    one_hot,
    uniform_rate,
)
from infodecomp.allocation.partitions import (
    BITS_TOLERANCE,
    MAX_BOARD,
    PartitionPairs,
    board_joint,
    checked_board,
    partition_pairs,
)
from infodecomp.information import kernels
from infodecomp.optim import Adam
from infodecomp.validation import as_budgets, as_integer, as_seed

N_ROUNDS, STEPS_PER_ROUND = 8, 40  # multiplier updates, and ascent steps between two of them
LEARNING_RATE = 0.1
INITIAL_MULTIPLIER = 0.3
INITIAL_PENALTY, PENALTY_GROWTH = 4.0, 1.5  # for a bit squared, and from round to round
INITIAL_LOGIT = 4.0  # of a partition's own symbols
MIN_STARTS, MAX_STARTS = 3, 1000  # for each budget
STEPS_PER_UPDATE = 5
N_UPDATES = N_ROUNDS * STEPS_PER_ROUND // STEPS_PER_UPDATE  # frontiers yielded after the first
SEARCH_GAP = 0.02  # bits by which a search from 64 starts may find more; at most .0105 on five boards


def stochastic_frontier(
    board: Any, budgets: Any, seed: int = 0, starts: int = MIN_STARTS
) -> StochasticFrontier:
    """The result of `search_stochastic_encoders`.

    Parameters
    ----------
    board, budgets, seed, starts
        As for `search_stochastic_encoders`.

    Returns
    -------
    StochasticFrontier

    Raises
    ------
    InformationError
        If an argument lies outside its limits.
    """
    *_, last = search_stochastic_encoders(board, budgets, seed, starts)
    return last


def search_stochastic_encoders(
    board: Any, budgets: Any, seed: int = 0, starts: int = MIN_STARTS
) -> Iterator[StochasticFrontier]:
    """Search for the best stochastic encoders and yield frontiers, none below the one before.

    Parameters
    ----------
    board : array_like, shape (n, n)
        P(Y=1|x1,x2), with n from 1 to 7; both sources are uniform and independent.
    budgets : array_like, shape (m,)
        Budgets in bits, at least 0.
    seed : int, default 0
        Seed of the perturbations. The same seed finds the same frontiers.
    starts : int, default 3
        Starts for each budget, at least 3.

    Yields
    ------
    StochasticFrontier
        1 + N_UPDATES of them, beginning with the frontier of the partitions.

    Raises
    ------
    InformationError
        If an argument lies outside its limits.
    """
    starts = as_integer(starts, "starts", MIN_STARTS, MAX_STARTS, f"{MIN_STARTS} or more for each budget")
    return _search(checked_board(board, MAX_BOARD), as_budgets(budgets), as_seed(seed), starts)


@torch.inference_mode(False)
@torch.enable_grad()
def _search(
    board: torch.Tensor, budgets: torch.Tensor, seed: int, starts: int
) -> Iterator[StochasticFrontier]:
    # The decorators restore the caller's gradient mode at each yield.
    board, budgets = board.detach().clone(), budgets.detach().clone()
    joint = board_joint(board)
    frontier = deterministic_frontier(board, budgets)
    yield frontier
    generator = torch.Generator().manual_seed(seed)
    logits = _initial_logits(partition_pairs(board), budgets, len(joint), starts, generator).requires_grad_()
    multiplier = torch.full((starts, len(budgets)), INITIAL_MULTIPLIER, dtype=torch.float64)
    penalty, adam = INITIAL_PENALTY, Adam(logits, LEARNING_RATE)
    n_steps = N_ROUNDS * STEPS_PER_ROUND
    for step in range(1, n_steps + 1):
        excess, information = _excess_and_information(logits, budgets, joint)
        force = (multiplier + penalty * excess).clamp_min(0)
        objective = ((force.square() - multiplier.square()) / (2 * penalty) - information).sum()
        adam.step(*torch.autograd.grad(objective, logits))
        if step % STEPS_PER_ROUND == 0:
            with torch.no_grad():
                excess, _ = _excess_and_information(logits, budgets, joint)
                multiplier = (multiplier + penalty * excess).clamp_min(0)
                frontier = improved_frontier(frontier, logits.softmax(-1), joint)
            penalty *= PENALTY_GROWTH
        if step % STEPS_PER_UPDATE == 0:
            yield frontier._replace(progress=step / n_steps)


def _excess_and_information(
    logits: torch.Tensor, budgets: torch.Tensor, joint: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Bits above the budget, and I(U1,U2;Y); (starts, m) each."""
    # The same as discrete_encoder_information for uniform sources, in half the time.
    encoders = logits.softmax(-1)
    p_1, p_2 = encoders.mean(-2)  # p(u), (starts, m, n)
    p_uv1 = encoders[0].mT @ joint[..., 1] @ encoders[1]  # p(u1, u2, Y=1)
    p_uv = p_1[..., :, None] * p_2[..., None, :]
    cells = kernels.xlog2x(p_uv1) + kernels.xlog2x(p_uv - p_uv1) - kernels.xlog2x(p_uv)
    information = cells.sum((-2, -1)) - kernels.xlog2x(joint.sum((0, 1))).sum()
    return uniform_rate(encoders).sum(0) - budgets, information


def _initial_logits(
    pairs: PartitionPairs, budgets: torch.Tensor, n: int, starts: int, generator: torch.Generator
) -> torch.Tensor:
    """Perturbed logits (2, starts, m, n, n) of the best partitions up to a bit above each budget."""
    layers = []
    perturbed = ((1.0, 1.5 + 0.25 * k) for k in range(starts - 2))
    for slack, noise in ((0.0, 0.5), (0.5, 0.5), *perturbed):
        affordable = pairs.total <= budgets[:, None] + slack + BITS_TOLERANCE
        best = torch.where(affordable, pairs.information, -torch.inf).argmax(1)
        start = torch.stack([INITIAL_LOGIT * one_hot(blocks[best]) for blocks in (pairs.first, pairs.second)])
        draws = torch.randn(2, len(budgets), n, n, generator=generator, dtype=torch.float64)
        layers.append(start + noise * draws)
    return torch.stack(layers, 1)
