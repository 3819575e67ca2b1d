"""Soft encoders on a board: the best known vague messages within a budget, by augmented Lagrangian from the partitions.

Each source has a table p(u|x) of as many symbols as values. Sought is the most I(U1,U2;Y) with I(X1;U1) + I(X2;U2) <= R, for many R
at once (Nocedal & Wright 2006, alg. 17.4, an inequality). There are many maxima: what is found is a lower bound on what there is.
"""

from collections.abc import Iterator
from typing import NamedTuple

import torch

from infodecomp.allocation.partitions import (
    BITS_TOLERANCE,
    PartitionPairs,
    board_joint,
    discrete_encoder_information,
    partition_pairs,
)
from infodecomp.errors import InformationError
from infodecomp.information import kernels
from infodecomp.optim import Adam

N_ROUNDS, STEPS_PER_ROUND, RATE = (
    8,
    40,
    0.1,
)  # multiplier updates, ascent steps between two of them, and the size of a step
STIFF, STIFFER = 4.0, 1.5  # the penalty for a bit squared, and its growth from round to round
SHARP = 4.0  # logits of a partition's own symbols at a start
STARTS = 3  # for each budget: the partitions within it, within half a bit more, and shaken ones
BEAT = 5  # ascent steps between two looks at the search
N_UPDATES = N_ROUNDS * STEPS_PER_ROUND // BEAT  # looks after the first
SEARCH_GAP = (
    0.02  # bits: by how much less than a search from 64 starts it may find; .0105 at most on five boards
)


class StochasticFrontier(NamedTuple):
    """The best encoders found within each budget, columns (m,) in bits; `information` is a lower bound on what any two tell.

    encoder_1, encoder_2: (m, n, n) p(u|x), rows x. total never exceeds budget. progress: how much of the search is behind this, 0 to 1.
    """

    budget: torch.Tensor
    bits_1: torch.Tensor
    bits_2: torch.Tensor
    total: torch.Tensor
    information: torch.Tensor
    encoder_1: torch.Tensor
    encoder_2: torch.Tensor
    progress: float


def stochastic_frontier(board, budgets, seed: int = 0, starts: int = STARTS) -> StochasticFrontier:
    """The last of search_soft_encoders."""
    *_, last = search_stochastic_encoders(board, budgets, seed, starts)
    return last


def search_stochastic_encoders(
    board, budgets, seed: int = 0, starts: int = STARTS
) -> Iterator[StochasticFrontier]:
    """Better and better fronts, 1 + N_UPDATES of them; the first is that of the partitions, and none is below it or below the one before.

    board: (n, n) P(Y=1|x1,x2). budgets: (m,) bits, at least 0. seed: of the perturbations. starts: for each budget,
    at least STARTS. The same seed finds the same. InformationError.
    """
    joint, pairs = board_joint(board), partition_pairs(board)
    budgets = torch.as_tensor(budgets, dtype=torch.float64).reshape(-1)
    if not len(budgets) or not bool((torch.isfinite(budgets) & (budgets >= 0)).all()):
        raise InformationError(
            "a budget is missing, negative or not finite; give one or more of 0 bits or more"
        )
    if starts < STARTS:
        raise InformationError(f"{starts} starts: a search begins with {STARTS} or more for each budget")
    front = deterministic_frontier(board, budgets)
    yield front
    generator = torch.Generator().manual_seed(seed)
    logits = _starts(pairs, budgets, len(joint), starts, generator).requires_grad_()  # (2, starts, m, n, n)
    multiplier, stiff = torch.full((starts, len(budgets)), 0.3, dtype=torch.float64), STIFF
    adam = Adam(logits, RATE)
    for step in range(1, N_ROUNDS * STEPS_PER_ROUND + 1):
        over, information = _over(logits, budgets, joint)
        push = (multiplier + stiff * over).clamp_min(0)
        adam.step(
            *torch.autograd.grad(
                ((push.square() - multiplier.square()) / (2 * stiff) - information).sum(), logits
            )
        )
        if step % STEPS_PER_ROUND == 0:
            with torch.no_grad():
                multiplier = (multiplier + stiff * _over(logits, budgets, joint)[0]).clamp_min(0)
                front = _better(front, logits.softmax(-1), joint)
            stiff *= STIFFER
        if step % BEAT == 0:
            yield front._replace(progress=step / (N_ROUNDS * STEPS_PER_ROUND))


def _over(logits, budgets, joint):
    """Bits above the budget, and bits told; both (starts, m). As discrete_encoder_information has them, in half the time."""
    encoders = logits.softmax(-1)
    one, other = encoders.mean(-2)  # p(u), (starts, m, n)
    dark = encoders[0].mT @ joint[..., 1] @ encoders[1]  # p(u1, u2, Y=1)
    both = one[..., :, None] * other[..., None, :]
    told = (kernels.xlog2x(dark) + kernels.xlog2x(both - dark) - kernels.xlog2x(both)).sum(
        (-2, -1)
    ) - kernels.xlog2x(joint.sum((0, 1))).sum()
    return _bits(encoders).sum(0) - budgets, told


def _bits(encoders: torch.Tensor) -> torch.Tensor:
    """I(X;U) of uniform X, (...) in bits. encoders: (..., n, n) p(u|x)."""
    return kernels.xlog2x(encoders).sum(-1).mean(-1) - kernels.xlog2x(encoders.mean(-2)).sum(-1)


def _hot(blocks: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.one_hot(blocks, blocks.shape[-1]).double()


def deterministic_frontier(board, budgets: torch.Tensor) -> StochasticFrontier:
    """The best pair of partitions within each budget (m,), of those that tell as much the cheapest."""
    pairs = partition_pairs(board)
    worth = torch.where(
        pairs.total <= budgets[:, None] + BITS_TOLERANCE, pairs.information - 1e-10 * pairs.total, -torch.inf
    )
    encoders = [_hot(blocks[worth.argmax(1)]) for blocks in (pairs.first, pairs.second)]
    return encoder_frontier(budgets, *encoders, board_joint(board), 0.0)


def encoder_frontier(budgets, encoder_1, encoder_2, joint, progress: float = 1.0) -> StochasticFrontier:
    """What encoders (m, n, n) found for budgets (m,) cost and tell on a joint (n, n, 2)."""
    bits_1, bits_2, information = discrete_encoder_information(encoder_1, encoder_2, joint)
    return StochasticFrontier(
        budgets, bits_1, bits_2, bits_1 + bits_2, information, encoder_1, encoder_2, progress
    )


def _starts(pairs: PartitionPairs, budgets, n: int, starts: int, generator) -> torch.Tensor:
    """Logits (2, starts, m, n, n): the best partitions within half a bit of each budget, and those above it, all shaken."""
    layers = []
    for slack, shake in ((0.0, 0.5), (0.5, 0.5), *((1.0, 1.5 + 0.25 * more) for more in range(starts - 2))):
        worth = torch.where(
            pairs.total <= budgets[:, None] + slack + BITS_TOLERANCE, pairs.information, -torch.inf
        )
        best = worth.argmax(1)
        start = torch.stack([SHARP * _hot(blocks[best]) for blocks in (pairs.first, pairs.second)])
        layers.append(
            start + shake * torch.randn(2, len(budgets), n, n, generator=generator, dtype=torch.float64)
        )
    return torch.stack(layers, 1)


def _better(front: StochasticFrontier, encoders: torch.Tensor, joint) -> StochasticFrontier:
    """The front with whatever is better in these encoders (2, starts, m, n, n), once each of them keeps every budget."""
    budgets = front.budget
    for one, other in zip(*encoders):
        found = encoder_frontier(budgets, *_within(one, other, budgets), joint, front.progress)
        better = (found.information > front.information + BITS_TOLERANCE) & (
            found.total <= budgets + BITS_TOLERANCE
        )
        front = StochasticFrontier(
            budgets,
            *(
                torch.where(better.reshape(-1, *(1,) * (new.dim() - 1)), new, old)
                for new, old in zip(found[1:7], front[1:7])
            ),
            front.progress,
        )
    order = budgets.argsort()  # a smaller budget's encoders do for a larger one
    leader = _leaders(front.information[order])
    place = order[leader][order.argsort()]
    return StochasticFrontier(budgets, *(column[place] for column in front[1:7]), front.progress)


def _leaders(information: torch.Tensor) -> torch.Tensor:
    """For each the first place of the most so far."""
    most, place = information[0], 0
    places = []
    for at, value in enumerate(information):
        if value > most + BITS_TOLERANCE:
            most, place = value, at
        places.append(place)
    return torch.tensor(places)


def _within(one, other, budgets):
    """The encoders with just so much noise that they keep their budgets: mixed with one that says nothing, by bisection.

    Bits are convex in a line and fall to 0 as the mixture does, so they fall all the way, and bisection finds where they fit.
    """
    silent = [torch.ones_like(encoder).mul(encoder.mean(-2, keepdim=True)) for encoder in (one, other)]

    def mixed(share):
        return [
            torch.lerp(quiet, encoder, share[:, None, None]) for quiet, encoder in zip(silent, (one, other))
        ]

    low, high = torch.zeros_like(budgets), torch.ones_like(budgets)
    for step in range(40):
        middle = (low + high) / 2 if step else high
        fits = sum(map(_bits, mixed(middle))) <= budgets
        low, high = torch.where(fits, middle, low), torch.where(fits, high, middle)
    return mixed(low)
