"""The best known frontier of two binary sources when each may have any channel with two output symbols.

I(U_A,U_B;Y) is convex in each channel (Cover & Thomas 2006, thm. 2.7.4), so the best channels spend their
budget, and three numbers are left to search: how the bits are split, and how each channel splits its errors
(see :mod:`infodecomp.channels.binary_asymmetric`). There are several maxima. The search starts from many
points, and what it finds is a lower bound on the frontier. Two of the points give all bits to one source: at
the ends of the split the best channels are found by a scan, so that two sources never do worse than one.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import torch

from infodecomp.allocation.bsc_frontier import cheapest_equal, information_frontier
from infodecomp.allocation.channel_search import ChannelSearch
from infodecomp.channels.binary_asymmetric import MAX_STEPS, channel_matrix
from infodecomp.validation import as_integer, as_seed

ROUNDS, NEIGHBOUR_ROUNDS = 32, 20  # from the starts, then from the best of neighbouring budgets
ROUNDS_PER_SNAPSHOT = 8
INITIAL_STEP, NEIGHBOUR_STEP = 0.25, 0.05  # as shares of each coordinate's range
REACHED_TOLERANCE = 1e-4  # share of the best by which a start that has reached it may fall short
MIN_GAIN = 5e-10  # share of the information: less over symmetric channels is rounding, and those are kept
LEAST_BITS = 1e-3  # bits of which that share is taken at least
MAX_STARTS = 10_000


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
        Share of the starts that came within a ten-thousandth of the best information.
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
        Random starts for each budget, beside the best binary symmetric channels and the better of those
        that give all bits to one source; at least 0.
    seed : int, default 0
        Seed of the random starts.

    Returns
    -------
    GeneralFrontier
        Never below information_frontier, nor below the best binary channel of one source alone by more than
        1e-9 bits, and never above a budget by more than 1e-9 bits. Bits that add no
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
    return _search(ChannelSearch(joint, information_frontier(joint, budgets)), starts, seed)


def _search(search: ChannelSearch, starts: int, seed: int) -> Iterator[GeneralFrontier]:
    generator = torch.Generator().manual_seed(seed)
    random = torch.rand(len(search.spent), starts, 3, generator=generator, dtype=torch.float64)
    points = torch.cat([search.symmetric_points()[:, None], random], 1)
    values, alone = search.values(points), search.one_source_points()
    value_alone, end = search.values(alone).max(1, keepdim=True)
    better_alone = alone[torch.arange(len(alone)), end[:, 0]][:, None]
    steps = torch.full(points.shape[:2], INITIAL_STEP, dtype=torch.float64)
    for round_number in range(ROUNDS):
        if round_number % ROUNDS_PER_SNAPSHOT == 0:
            progress = round_number / (ROUNDS + ROUNDS_PER_SNAPSHOT)
            yield _frontier(search, points, values, alone, torch.cat([values, value_alone], 1), progress)
        points, values, steps = search.improve(points, values, steps)
    near = torch.cat([_neighbours(points, values), better_alone], 1)
    found, steps = search.values(near), torch.full(near.shape[:2], NEIGHBOUR_STEP, dtype=torch.float64)
    for _ in range(NEIGHBOUR_ROUNDS):
        near, found, steps = search.improve(near, found, steps)
    yield _frontier(search, near, found, alone, torch.cat([values, found[:, -1:]], 1), progress=1.0)


def _neighbours(points: torch.Tensor, values: torch.Tensor) -> torch.Tensor:
    """For each budget the best point of its own and of the two neighbouring budgets, (m, 3, 3)."""
    best = points[torch.arange(len(points)), values.argmax(1)]
    return torch.stack([best.roll(1, 0), best, best.roll(-1, 0)], 1)


def _frontier(
    search: ChannelSearch,
    points: torch.Tensor,
    values: torch.Tensor,
    alone: torch.Tensor,
    starts: torch.Tensor,
    progress: float,
) -> GeneralFrontier:
    """The best of the points, of one source alone, of the symmetric channels and of the smaller budgets."""
    rows, symmetric = torch.arange(len(points)), search.symmetric
    candidates = torch.cat([points[rows, values.argmax(1)][:, None], alone], 1)  # (m, 3, 3)
    rates = search.rates(candidates[..., 0])
    channels = [
        channel_matrix(search.noise(name, bits, split, MAX_STEPS), split)
        for name, bits, split in zip("ab", rates, candidates[..., 1:].unbind(-1))
    ]
    information = search.exact_information(*(channel.flatten(0, 1) for channel in channels))
    information, best = information.unflatten(0, candidates.shape[:2]).max(1)
    found = (*(bits[rows, best] for bits in rates), information, *(one[rows, best] for one in channels))
    crossover = search.source.pair.crossover_probabilities(symmetric.bits_a, symmetric.bits_b)
    symmetric_channels = [channel_matrix(2 * e, torch.full_like(e, 0.5)) for e in crossover]
    fallback = (symmetric.bits_a, symmetric.bits_b, symmetric.information, *symmetric_channels)
    better = information > symmetric.information + MIN_GAIN * information.clamp_min(LEAST_BITS)
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


def _as_column(mask: torch.Tensor, like: torch.Tensor) -> torch.Tensor:
    return mask.reshape(-1, *(1,) * (like.dim() - 1))
