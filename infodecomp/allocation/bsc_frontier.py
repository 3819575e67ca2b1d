"""The exact frontier of two binary sources over binary symmetric channels.

F(R) = max I(U_A,U_B;Y) over all allocations (see :mod:`infodecomp.allocation.bsc_plane`) with
I(A;U_A) + I(B;U_B) <= R.
"""

import math
from functools import lru_cache
from typing import Any, NamedTuple

import torch

from infodecomp.allocation.bsc_plane import allocations_of
from infodecomp.allocation.two_sources import BITS_TOLERANCE, TwoSourceJoint
from infodecomp.validation import as_budgets

# Allocations tried along each budget: over all of it, then in rounds of zoom around the best. For few budgets
# the rounds are fewer and larger, since there a round costs its calls; both end equally close.
ROUNDS_MANY_BUDGETS = (48, 9, 9, 9, 9)
ROUNDS_FEW_BUDGETS = (384, 65)
FEW_BUDGETS = 16


class Frontier(NamedTuple):
    """The best allocation within each budget, as columns of equal length, in bits.

    Attributes
    ----------
    budget : torch.Tensor, shape (m,)
    bits_a, bits_b, total, information, error : torch.Tensor, shape (m,)
        As in Allocations; total < budget where more bits add no information.
    """

    budget: torch.Tensor
    bits_a: torch.Tensor
    bits_b: torch.Tensor
    total: torch.Tensor
    information: torch.Tensor
    error: torch.Tensor


def information_frontier(joint: Any, budgets: Any) -> Frontier:
    """The exact frontier F(R) = max I(U_A,U_B;Y) over bits_a + bits_b <= R, and its allocations.

    Parameters
    ----------
    joint : array_like, shape (2, 2, 2), or TwoSourceJoint
        p(a,b,y).
    budgets : array_like, shape (m,)
        Budgets R in bits, at least 0.

    Returns
    -------
    Frontier
        Columns of length m. The information is at most 1e-6 bits below F and never above it. Of equally good
        allocations the cheapest is given.

    Raises
    ------
    InformationError
        If `joint` is not such a distribution or a budget is missing, negative or not finite.

    Notes
    -----
    F need not be concave (for AND, OR and XOR it is concave nowhere), so minimising I(U_A,U_B;Y) - beta R
    does not trace it, and there can be several maxima along a budget. Hence a grid of at least 48 allocations
    for every budget, then rounds of zoom around the best.
    """
    source, budgets = TwoSourceJoint.of(joint), as_budgets(budgets)
    spent = budgets.clamp_max(source.entropy_a + source.entropy_b)
    bits_a, bits_b, information = _drop_useless_rate(source, *_best_split(source, spent))
    leader = cheapest_equal(budgets, information)
    return Frontier(budgets, *allocations_of(source, bits_a[leader], bits_b[leader], information[leader]))


@lru_cache(maxsize=8)
def _offsets(n_points: int) -> torch.Tensor:
    return torch.linspace(-1, 1, n_points, dtype=torch.float64)


def _best_split(source: TwoSourceJoint, spent: torch.Tensor) -> list[torch.Tensor]:
    """Information, rates and crossover probabilities of the best split of each total, (m,) each."""
    # A split is an angle whose sin^2 is how far bits_a goes from its minimum to its maximum, smooth at both
    # ends.
    spent = spent[:, None]
    low = (spent - source.entropy_b).clamp_min(0)
    span = torch.minimum(spent, source.entropy_a) - low
    angle, reach = torch.full((1, 1), math.pi / 4, dtype=torch.float64), math.pi / 4
    rounds = ROUNDS_FEW_BUDGETS if len(spent) <= FEW_BUDGETS else ROUNDS_MANY_BUDGETS
    for round_number, n_points in enumerate(rounds, 1):
        angles = (angle + reach * _offsets(n_points)).clamp_(0, math.pi / 2)
        bits_a = low + span * angles.sin().square_()  # (m, n_points)
        bits_b = (spent - bits_a).clamp_min_(0)
        last = round_number == len(rounds)
        solve = source.crossover_probabilities if last else source.approximate_crossover_probabilities
        crossover = solve(bits_a, bits_b)
        information = source.information(*crossover)
        best = information.argmax(1, keepdim=True)
        angle, reach = angles.expand_as(bits_a).gather(1, best), reach * 2 / (n_points - 1)
    return [column.gather(1, best).squeeze(1) for column in (information, bits_a, bits_b, *crossover)]


def _drop_useless_rate(
    source: TwoSourceJoint,
    information: torch.Tensor,
    bits_a: torch.Tensor,
    bits_b: torch.Tensor,
    crossover_a: torch.Tensor,
    crossover_b: torch.Tensor,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Set a source's rate to 0 where the other alone gives as much; bits_a, bits_b, information."""
    zero, useless = torch.zeros_like(bits_a), torch.full_like(bits_a, 0.5)
    only_a, only_b = source.information(
        torch.stack([crossover_a, useless]), torch.stack([useless, crossover_b])
    )
    a_suffices, b_suffices = only_a >= information - BITS_TOLERANCE, only_b >= information - BITS_TOLERANCE
    drop_a = b_suffices & ~(a_suffices & (bits_a <= bits_b))  # where either would do, keep the cheaper one
    drop_b = a_suffices & ~drop_a
    return (
        torch.where(drop_a, zero, bits_a),
        torch.where(drop_b, zero, bits_b),
        torch.where(drop_a, only_b, torch.where(drop_b, only_a, information)),
    )


def cheapest_equal(budgets: torch.Tensor, information: torch.Tensor) -> torch.Tensor:
    """For each budget the index of the smallest budget with at least its information, (m,)."""
    order = budgets.argsort()
    _, leader = (information[order] - BITS_TOLERANCE * torch.arange(len(information))).cummax(0)
    return order[leader][order.argsort()]
