"""The best known frontier of two binary sources when each may have any channel with two output symbols.

I(U_A,U_B;Y) is convex in each channel (Cover & Thomas 2006, thm. 2.7.4), so the best channels spend their
budget, and three numbers are left to search: how the bits are split, and how each channel splits its errors
(see :mod:`infodecomp.channels.binary_asymmetric`). There are several maxima. The search starts from many
points, and what it finds is a lower bound on the frontier.
"""

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import torch

from infodecomp.allocation.bsc_frontier import Frontier, cheapest_equal, information_frontier
from infodecomp.allocation.two_sources import TwoSourceJoint
from infodecomp.channels.binary_asymmetric import MAX_STEPS, binary_asymmetric_noise, channel_matrix
from infodecomp.information import kernels
from infodecomp.validation import as_integer, as_seed

SEARCH_STEPS = 5  # of Newton's method while searching; the channels returned take MAX_STEPS
ROUNDS, NEIGHBOUR_ROUNDS = 32, 20  # from the starts, then from the best of neighbouring budgets
ROUNDS_PER_SNAPSHOT = 8
INITIAL_STEP, NEIGHBOUR_STEP = 0.25, 0.05  # as shares of each coordinate's range
REACHED_TOLERANCE = 1e-5  # bits: a start that ends this close to the best has reached it
MIN_GAIN = 1e-9  # bits: a smaller gain over symmetric channels is rounding, and those are kept
MAX_STARTS = 10_000
SIDES = torch.tensor([[-1.0], [0.0], [1.0]], dtype=torch.float64)


class GeneralFrontier(NamedTuple):
    """The best channels found within each budget; `information` is a lower bound.

    Attributes
    ----------
    budget, bits_a, bits_b, information : torch.Tensor, shape (m,)
        In bits.
    channel_a, channel_b : torch.Tensor, shape (m, 2, 2)
        Channel matrices p(u|x), with a row for each x.
    gap : torch.Tensor, shape (m,)
        Information of the best start minus that of the median start, in bits.
    reached : torch.Tensor, shape (m,)
        Share of the starts that came within 1e-5 bits of the best.
    progress : float
        How much of the search is done, 0 to 1.
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


def general_frontier(joint: Any, budgets: Any, starts: int = 16, seed: int = 0) -> GeneralFrontier:
    """The largest I(U_A,U_B;Y) found over all binary channels that together transmit at most each budget.

    Parameters
    ----------
    joint : array_like, shape (2, 2, 2)
        p(a,b,y).
    budgets : array_like, shape (m,)
        Budgets in bits, at least 0.
    starts : int, default 16
        Random starts for each budget, beside the best binary symmetric channels; at least 0.
    seed : int, default 0
        Seed of the random starts.

    Returns
    -------
    GeneralFrontier
        Never below information_frontier, and never above a budget by more than 1e-9 bits. Bits that add no
        information are left unspent where the symmetric channels leave them.

    Raises
    ------
    InformationError
        If `joint` is not such a distribution or a number lies outside its limits.
    """
    *_, last = search_general_channels(joint, budgets, starts, seed)
    return last


def search_general_channels(
    joint: Any, budgets: Any, starts: int = 16, seed: int = 0
) -> Iterator[GeneralFrontier]:
    """As `general_frontier`, and yield intermediate frontiers, each at least as good as the one before.

    Parameters
    ----------
    joint, budgets, starts, seed
        As for `general_frontier`.

    Yields
    ------
    GeneralFrontier
        None of them below information_frontier.

    Raises
    ------
    InformationError
        If `joint` is not such a distribution or a number lies outside its limits.
    """
    starts, seed = as_integer(starts, "starts", 0, MAX_STARTS), as_seed(seed)
    return _search(_ChannelSearch(joint, information_frontier(joint, budgets)), starts, seed)


def _search(search: "_ChannelSearch", starts: int, seed: int) -> Iterator[GeneralFrontier]:
    generator = torch.Generator().manual_seed(seed)
    random = torch.rand(len(search.spent), starts, 3, generator=generator, dtype=torch.float64)
    points = torch.cat([search.symmetric_points()[:, None], random], 1)
    values = search.values(points)
    steps = torch.full(points.shape[:2], INITIAL_STEP, dtype=torch.float64)
    for round_number in range(ROUNDS):
        if round_number % ROUNDS_PER_SNAPSHOT == 0:
            progress = round_number / (ROUNDS + ROUNDS_PER_SNAPSHOT)
            yield search.frontier(points, values, values, progress)
        points, values, steps = search.improve(points, values, steps)
    near = _neighbours(points, values)
    found, steps = search.values(near), torch.full(near.shape[:2], NEIGHBOUR_STEP, dtype=torch.float64)
    for _ in range(NEIGHBOUR_ROUNDS):
        near, found, steps = search.improve(near, found, steps)
    yield search.frontier(near, found, values, progress=1.0)


def _neighbours(points: torch.Tensor, values: torch.Tensor) -> torch.Tensor:
    """For each budget the best point of its own and of the two neighbouring budgets, (m, 3, 3)."""
    best = points[torch.arange(len(points)), values.argmax(1)]
    return torch.stack([best.roll(1, 0), best, best.roll(-1, 0)], 1)


class _ChannelSearch:
    """Pattern search for the channels of one joint at all budgets at once.

    A point has three coordinates from 0 to 1: the split of the budget, as an angle that is smooth at its
    ends, and the error splits of both channels.
    """

    def __init__(self, joint: Any, symmetric: Frontier):
        self.source, self.symmetric = TwoSourceJoint.of(joint), symmetric
        self.forms = _received_forms(self.source.joint)
        self.spent = symmetric.budget.clamp_max(self.source.entropy_a + self.source.entropy_b)
        self.low = (self.spent - self.source.entropy_b).clamp_min(0)
        self.span = (torch.minimum(self.spent, self.source.entropy_a) - self.low).clamp_min(0)

    def symmetric_points(self) -> torch.Tensor:
        """The points of the best symmetric channels, (m, 3)."""
        share = ((self.symmetric.bits_a - self.low) / self.span.clamp_min(1e-12)).clamp(0, 1)
        angle = share.sqrt().asin() / (math.pi / 2)
        return torch.stack([angle, torch.full_like(angle, 0.5), torch.full_like(angle, 0.5)], -1)

    def rates(self, angle: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """bits_a and bits_b of angles (m, ...)."""
        column = (-1,) + (1,) * (angle.dim() - 1)
        sine = torch.sin(angle * (math.pi / 2))
        bits_a = self.low.reshape(column) + self.span.reshape(column) * sine.square()
        return bits_a, (self.spent.reshape(column) - bits_a).clamp_min(0)

    def values(self, points: torch.Tensor) -> torch.Tensor:
        """I(U_A,U_B;Y) in bits of points (m, k, 3), as exact as the search needs; (m, k)."""
        angle, split_a, split_b = points[..., None].unbind(-2)
        return self._grid(angle, split_a, split_b)[..., 0, 0, 0]

    def improve(
        self, points: torch.Tensor, values: torch.Tensor, steps: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Move each point to the best of 27 a step away, or halve its step where none is better."""
        sides = (points[..., None, :] + steps[..., None, None] * SIDES).clamp(0, 1)  # (m, k, 3 sides, 3)
        best, index = self._grid(*sides.unbind(-1)).flatten(2).max(-1)
        better = best > values + 1e-13
        chosen = torch.stack([index // 9, index // 3 % 3, index % 3], -1)  # a side for each coordinate
        moved = sides.gather(2, chosen[:, :, None, :])[:, :, 0]
        return (
            torch.where(better[..., None], moved, points),
            torch.where(better, best, values),
            torch.where(better, steps, steps / 2),
        )

    def _grid(self, angle: torch.Tensor, split_a: torch.Tensor, split_b: torch.Tensor) -> torch.Tensor:
        """Information of all angles (m, k, i) and error splits (m, k, j), (m, k, l); (m, k, i, j, l)."""
        a, b = (
            _coefficients(self.noise(name, bits, split[..., None, :], SEARCH_STEPS), split[..., None, :])
            for name, bits, split in zip("ab", self.rates(angle[..., None]), (split_a, split_b))
        )
        return self.information(a[:, None, ..., :, None] * b[None, ..., None, :])

    def noise(self, name: str, bits: torch.Tensor, error_split: torch.Tensor, steps: int) -> torch.Tensor:
        """Noise of the channel of source "a" or "b" at these rates."""
        p = self.source.p_a if name == "a" else self.source.p_b
        h = self.source.entropy_a if name == "a" else self.source.entropy_b
        return binary_asymmetric_noise(bits.clamp_max(h), error_split, p, h, steps)

    def information(self, products: torch.Tensor) -> torch.Tensor:
        """I(U_A,U_B;Y) in bits from the products (3, 3, ...) of (1, e0, e1) of both channels; (...)."""
        received = self.forms @ products.reshape(9, -1)  # (12, n): p(u,v,y), then p(u,v)
        terms = kernels.xlog2x(received.clamp_min_(0))
        information = self.source.entropy + terms[:8].sum(0) - terms[8:].sum(0)
        return information.clamp_min(0).reshape(products.shape[2:])

    def frontier(
        self, points: torch.Tensor, values: torch.Tensor, starts: torch.Tensor, progress: float
    ) -> GeneralFrontier:
        """The best of the points, of the symmetric channels and of the smaller budgets."""
        best = points[torch.arange(len(points)), values.argmax(1)]
        symmetric, rates = self.symmetric, self.rates(best[:, 0])
        channels = [
            channel_matrix(self.noise(name, bits, split, MAX_STEPS), split)
            for name, bits, split in zip("ab", rates, best[:, 1:].T)
        ]
        crossover = self.source.crossover_probabilities(symmetric.bits_a, symmetric.bits_b)
        symmetric_channels = [channel_matrix(2 * e, torch.full_like(e, 0.5)) for e in crossover]
        information = self.exact_information(*channels)
        found = (*rates, information, *channels)
        fallback = (symmetric.bits_a, symmetric.bits_b, symmetric.information, *symmetric_channels)
        better = information > symmetric.information + MIN_GAIN
        columns = [torch.where(_as_column(better, new), new, old) for new, old in zip(found, fallback)]
        leader = cheapest_equal(symmetric.budget, columns[2])
        bits_a, bits_b, information, channel_a, channel_b = (column[leader] for column in columns)
        top = starts.amax(1, keepdim=True)
        return GeneralFrontier(
            symmetric.budget,
            bits_a,
            bits_b,
            information,
            channel_a,
            channel_b,
            gap=top[:, 0] - starts.median(1).values,
            reached=(starts > top - REACHED_TOLERANCE).double().mean(1),
            progress=progress,
        )

    def exact_information(self, channel_a: torch.Tensor, channel_b: torch.Tensor) -> torch.Tensor:
        """I(U_A,U_B;Y) in bits of channel matrices (m, 2, 2); (m,)."""
        received = torch.einsum("mau,mbv,aby->muvy", channel_a, channel_b, self.source.joint)
        return kernels.mutual_information(received.flatten(1, 2)).clamp_min(0)


def _coefficients(noise: torch.Tensor, error_split: torch.Tensor) -> torch.Tensor:
    """(1, e0, e1) of a channel, (3, ...)."""
    return torch.stack([torch.ones_like(noise), noise * error_split, noise * (1 - error_split)])


def _as_column(mask: torch.Tensor, like: torch.Tensor) -> torch.Tensor:
    return mask.reshape(-1, *(1,) * (like.dim() - 1))


def _received_forms(joint: torch.Tensor) -> torch.Tensor:
    """p(u,v,y), then p(u,v), as linear forms in the products of (1, e0, e1) of both channels; (12, 9)."""
    channel = torch.tensor(
        [[[1, -1, 0], [0, 1, 0]], [[0, 0, 1], [1, 0, -1]]], dtype=torch.float64
    )  # (x, u, form)
    forms = torch.einsum("aui,bvj,aby->uvyij", channel, channel, joint)
    return torch.cat([forms.reshape(8, 9), forms.sum(2).reshape(4, 9)])
