"""Any line at all: the best known use of a budget of bits when each town may have any line with two output symbols.

I(U_A,U_B;Y) is convex in each line (Cover & Thomas 2006, thm. 2.7.4), so the best lines spend their budget, and three
numbers are left to search: how the bits are split, and the way each line leans (infodecomp.channels.binary_asymmetric). There are
several maxima. The search starts in many places, and what it finds is the best found: a lower bound on what there is.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

import torch

from infodecomp.allocation.bsc_frontier import FREE, Frontier, TwoSourceJoint, information_frontier
from infodecomp.channels.binary_asymmetric import STEPS, binary_asymmetric_noise, channel
from infodecomp.errors import InformationError
from infodecomp.information import kernels

NEAR = 5  # steps of Newton's method while searching; what is reported takes all that are needed
ROUNDS, NEIGHBOUR_ROUNDS, SHOWN = (
    32,
    20,
    8,
)  # rounds from the starts, then from the neighbours; rounds to a snapshot
FIRST, CLOSE = 0.25, 0.05  # the first steps of both, as shares of each range
SAME = 1e-5  # bits: a start that ends this near to the best has reached it
SIDES = torch.tensor([[-1.0], [0.0], [1.0]], dtype=torch.float64)
BETTER = 1e-9  # bits: less than this above the flip lines is rounding, and the flip lines are kept


class GeneralFrontier(NamedTuple):
    """The best lines found within each budget, in bits; `information` is a lower bound on what any two lines give.

    Columns (m,); channel_a, channel_b: (m, 2, 2) p(u|x), rows x. gap: the best less the median of the starts. reached: the share
    of the starts that came within 1e-5 bits of the best. progress: how much of the search is behind this, 0 to 1.
    """

    budget: torch.Tensor
    bits_a: torch.Tensor
    bits_b: torch.Tensor
    information: torch.Tensor
    channel_a: torch.Tensor
    channel_b: torch.Tensor
    gap: torch.Tensor
    reached: torch.Tensor
    progress: float


def general_frontier(joint, budgets, starts: int = 16, seed: int = 0) -> GeneralFrontier:
    """The best I(U_A,U_B;Y) found over all lines with two output symbols that together deliver at most each budget.

    joint: (2, 2, 2) p(a,b,y). budgets: (m,) bits, at least 0. starts: random ones for each budget, beside the best flip
    lines; seed: theirs. Never below information_front; the bits never above the budget by more than 1e-9. Bits that
    buy nothing are left unspent where the flip lines leave them. Raises InformationError.
    """
    *_, last = search_general_channels(joint, budgets, starts, seed)
    return last


def search_general_channels(joint, budgets, starts: int = 16, seed: int = 0) -> Iterator[GeneralFrontier]:
    """As general_front, but yields what is known on the way, never worse than before and never below the flip lines."""
    if starts < 0:
        raise InformationError(f"starts = {starts}: the number of random starts is at least 0")
    search = _Search(joint, information_frontier(joint, budgets))
    generator = torch.Generator().manual_seed(seed)
    random = torch.rand(len(search.spend), starts, 3, generator=generator, dtype=torch.float64)
    points = torch.cat([search.flip_points()[:, None], random], 1)
    worths, steps = search.worth(points), torch.full(points.shape[:2], FIRST, dtype=torch.float64)
    for n in range(ROUNDS):
        if n % SHOWN == 0:
            yield search.front(points, worths, worths, progress=n / (ROUNDS + SHOWN))
        points, worths, steps = search.improve(points, worths, steps)
    near = _neighbours(points, worths)
    found, steps = search.worth(near), torch.full(near.shape[:2], CLOSE, dtype=torch.float64)
    for _ in range(NEIGHBOUR_ROUNDS):
        near, found, steps = search.improve(near, found, steps)
    yield search.front(near, found, worths, progress=1.0)


def _neighbours(points: torch.Tensor, values: torch.Tensor) -> torch.Tensor:
    """For each budget the best point of its own and of the budgets beside it, (m, 3, 3)."""
    best = points[torch.arange(len(points)), values.argmax(1)]
    return torch.stack([best.roll(1, 0), best, best.roll(-1, 0)], 1)


class _Search:
    """A checked joint, its budgets, and what a point is worth.

    A point has three coordinates from 0 to 1: the split of the budget, as an angle whose ends are smooth, and two leans.
    """

    def __init__(self, joint, flips: Frontier):
        self.towns, self.flips = TwoSourceJoint(joint), flips
        towns = self.towns
        self.forms = _forms(towns.joint)
        self.spend = flips.budget.clamp_max(towns.entropy_a + towns.entropy_b)
        self.low = (self.spend - towns.entropy_b).clamp_min(0)
        self.range = (torch.minimum(self.spend, towns.entropy_a) - self.low).clamp_min(0)

    def flip_points(self) -> torch.Tensor:
        share = ((self.flips.bits_a - self.low) / self.range.clamp_min(1e-12)).clamp(0, 1)
        angle = share.sqrt().asin() / (math.pi / 2)
        return torch.stack([angle, torch.full_like(angle, 0.5), torch.full_like(angle, 0.5)], -1)

    def bits(self, angle: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """bits_a and bits_b of splits (m, ...)."""
        over = (-1,) + (1,) * (angle.dim() - 1)
        bits_a = self.low.reshape(over) + self.range.reshape(over) * torch.sin(angle * (math.pi / 2)).square()
        return bits_a, (self.spend.reshape(over) - bits_a).clamp_min(0)

    def worth(self, points: torch.Tensor) -> torch.Tensor:
        """I(U_A,U_B;Y) in bits of points (m, k, 3), as nearly as the search needs; (m, k)."""
        angle, lean_a, lean_b = points[..., None].unbind(-2)
        return self._grid(angle, lean_a, lean_b)[..., 0, 0, 0]

    def improve(self, points, values, steps):
        """Look a step to all sides of every point (27 places); go to the best, or halve the step where none is better."""
        reach = (points[..., None, :] + steps[..., None, None] * SIDES).clamp(
            0, 1
        )  # (m, k, 3 sides, 3 coordinates)
        worths = self._grid(*reach.unbind(-1)).flatten(2)
        best, place = worths.max(-1)
        better = best > values + 1e-13
        picked = torch.stack([place // 9, place // 3 % 3, place % 3], -1)  # which of 3 along each coordinate
        moved = reach.gather(2, picked[:, :, None, :])[:, :, 0]
        return (
            torch.where(better[..., None], moved, points),
            torch.where(better, best, values),
            torch.where(better, steps, steps / 2),
        )

    def _grid(self, angle, lean_a, lean_b) -> torch.Tensor:
        """Worth of every split with every lean: (m, k, i), (m, k, j), (m, k, l) give (m, k, i, j, l)."""
        products = []
        for town, bits, lean in zip("ab", self.bits(angle[..., None]), (lean_a, lean_b)):
            noise = self.noise(town, bits, lean[..., None, :], NEAR)
            products.append(
                torch.stack(
                    [torch.ones_like(noise), noise * lean[..., None, :], noise * (1 - lean[..., None, :])]
                )
            )
        a, b = products  # (3, m, k, i, j) and (3, m, k, i, l), of (1, e0, e1)
        return self.information(a[:, None, ..., :, None] * b[None, ..., None, :])

    def noise(self, town: str, bits, lean, steps: int) -> torch.Tensor:
        p, h = (
            (self.towns.p_a, self.towns.entropy_a) if town == "a" else (self.towns.p_b, self.towns.entropy_b)
        )
        return binary_asymmetric_noise(bits.clamp_max(h), lean, p, h, steps)

    def information(self, products: torch.Tensor) -> torch.Tensor:
        """I(U_A,U_B;Y) in bits from the products (3, 3, ...) of (1, e0, e1) of one line and of the other."""
        received = self.forms @ products.reshape(9, -1)  # (12, n): p(u,v,y), then p(u,v)
        terms = kernels.xlog2x(received.clamp_min_(0))
        information = self.towns.entropy + terms[:8].sum(0) - terms[8:].sum(0)
        return information.clamp_min(0).reshape(products.shape[2:])

    def front(self, points, worths, starts, progress: float) -> GeneralFrontier:
        """The best of the points, its lines exact; the flip lines where it is no better; a smaller budget's where it is worse."""
        best = points[torch.arange(len(points)), worths.argmax(1)]
        bits, flipped = self.bits(best[:, 0]), (self.flips.bits_a, self.flips.bits_b)
        lines = [
            channel(self.noise(town, bought, lean, STEPS), lean)
            for town, bought, lean in zip("ab", bits, best[:, 1:].T)
        ]
        flip_lines = [channel(2 * flip, torch.full_like(flip, 0.5)) for flip in self.towns.flips(*flipped)]
        information = self.exact(*lines)
        better = information > self.flips.information + BETTER
        columns = [
            torch.where(better.reshape(-1, *(1,) * (found.dim() - 1)), found, flip)
            for found, flip in zip(
                (*bits, information, *lines), (*flipped, self.flips.information, *flip_lines)
            )
        ]
        columns = _carry_forward(self.flips.budget, columns)
        top = starts.amax(1, keepdim=True)
        gap, reached = (top[:, 0] - starts.median(1).values), (starts > top - SAME).double().mean(1)
        return GeneralFrontier(self.flips.budget, *columns, gap, reached, progress)

    def exact(self, channel_a: torch.Tensor, channel_b: torch.Tensor) -> torch.Tensor:
        """I(U_A,U_B;Y) in bits of lines (m, 2, 2)."""
        received = torch.einsum("mau,mbv,aby->muvy", channel_a, channel_b, self.towns.joint)
        return kernels.mutual_information(received.flatten(1, 2)).clamp_min(0)


def _carry_forward(budget: torch.Tensor, columns: list[torch.Tensor]) -> list[torch.Tensor]:
    """Where a smaller budget's lines are as good, they are kept and the rest is left unspent; columns[2] is the information."""
    order = budget.argsort()
    rank = torch.arange(len(budget), dtype=torch.float64)
    _, leader = (columns[2][order] - FREE * rank).cummax(0)
    leader = order[leader][order.argsort()]
    return [column[leader] for column in columns]


def _forms(joint: torch.Tensor) -> torch.Tensor:
    """p(u,v,y) and p(u,v) as linear forms in the products of (1, e0, e1) of both lines; (12, 9), the 8 of (u,v,y) first."""
    line = torch.tensor(
        [[[1, -1, 0], [0, 1, 0]], [[0, 0, 1], [1, 0, -1]]], dtype=torch.float64
    )  # (x, u, form)
    forms = torch.einsum("aui,bvj,aby->uvyij", line, line, joint)
    return torch.cat([forms.reshape(8, 9), forms.sum(2).reshape(4, 9)])
