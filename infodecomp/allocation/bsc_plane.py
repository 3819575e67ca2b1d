"""The information plane of two binary sources over binary symmetric channels.

Sources A and B are sent over a binary symmetric channel each, and U_A and U_B are received. An *allocation*
is the pair of rates (I(A;U_A), I(B;U_B)); its information is I(U_A,U_B;Y).
"""

from functools import lru_cache
from typing import Any, NamedTuple

import torch

from infodecomp.allocation.crossover_table import evenly_spaced_crossover_probabilities
from infodecomp.allocation.source_pair import BITS_TOLERANCE, ReceivedPair, SourcePair
from infodecomp.allocation.two_sources import TwoSourceJoint
from infodecomp.errors import InformationError
from infodecomp.validation import as_float64, as_integer, as_scalar, broadcast

TIE_TOLERANCE = 1e-9  # bits
MAX_RATES = 5000  # of each source: 25 million allocations
MAX_CACHED_RATES = 100  # of a plane whose channels are kept: half a megabyte
MIN_SWAP = 1e-3  # bits by which the rates of a swapped allocation must differ


class Allocations(NamedTuple):
    """Allocations of rates to two sources, as columns of equal length, in bits.

    Attributes
    ----------
    bits_a, bits_b : torch.Tensor, shape (m,)
        Rates I(A;U_A) and I(B;U_B).
    total : torch.Tensor, shape (m,)
        bits_a + bits_b.
    information : torch.Tensor, shape (m,)
        I(U_A,U_B;Y).
    error : torch.Tensor, shape (m,)
        H(Y) - I(U_A,U_B;Y).
    """

    bits_a: torch.Tensor
    bits_b: torch.Tensor
    total: torch.Tensor
    information: torch.Tensor
    error: torch.Tensor


def allocation_information(joint: Any, bits_a: Any, bits_b: Any) -> torch.Tensor:
    """Information I(U_A,U_B;Y) of an allocation, through two binary symmetric channels.

    Parameters
    ----------
    joint : array_like, shape (2, 2, 2), or TwoSourceJoint
        p(a,b,y).
    bits_a, bits_b : array_like, shape (...)
        Rates in bits, from 0 to H(A) and to H(B), which broadcast.

    Returns
    -------
    torch.Tensor, shape (...)
        Information in bits.

    Raises
    ------
    InformationError
        If `joint` is not such a distribution or a source has fewer bits than asked for.
    """
    source = TwoSourceJoint.of(joint)
    bits_a, bits_b = checked_rates(source, bits_a, bits_b)
    return source.information(*source.pair.crossover_probabilities(bits_a, bits_b))


def checked_rates(source: TwoSourceJoint, bits_a: Any, bits_b: Any) -> tuple[torch.Tensor, torch.Tensor]:
    """The rates as broadcast float64 tensors; raises InformationError for one beyond its source's entropy."""
    bits_a, bits_b = broadcast(bits_a=as_float64(bits_a, "bits_a"), bits_b=as_float64(bits_b, "bits_b"))
    for name, bits, limit in (("A", bits_a, source.entropy_a), ("B", bits_b, source.entropy_b)):
        if not bits.numel():
            continue
        least, most = (bound.item() for bound in bits.aminmax())  # both NaN if one of the rates is
        if not (least >= 0 and most <= limit.item() + BITS_TOLERANCE):
            invalid = ~((bits >= 0) & (bits <= limit + BITS_TOLERANCE))
            raise InformationError(
                f"{bits[invalid][0].item():.6g} bits of source {name}: it has {limit.item():.6g}; "
                "give 0 to that"
            )
    return bits_a.contiguous(), bits_b.contiguous()


def information_plane(joint: Any, n: int = 50) -> Allocations:
    """Information of all allocations on an n by n grid of equally spaced rates.

    Parameters
    ----------
    joint : array_like, shape (2, 2, 2), or TwoSourceJoint
        p(a,b,y).
    n : int, default 50
        Number of rates from 0 to H(A), and from 0 to H(B), 2 to 5000.

    Returns
    -------
    Allocations
        Columns of length n*n, with bits_b varying fastest.

    Raises
    ------
    InformationError
        If `joint` is not such a distribution or `n` is not a whole number from 2 to 5000.
    """
    n = as_integer(n, "n", 2, MAX_RATES)
    source = TwoSourceJoint.of(joint)
    share = torch.linspace(0, 1, n, dtype=torch.float64)
    bits_a, bits_b = share * source.entropy_a, share * source.entropy_b
    grid = _received_grid if n <= MAX_CACHED_RATES else _received_grid.__wrapped__
    information = source.information_received(grid(source.pair, n))
    return allocations_of(source, bits_a.repeat_interleave(n), bits_b.repeat(n), information)


@lru_cache(maxsize=16)
def _received_grid(pair: SourcePair, n: int) -> ReceivedPair:
    """What the channels of the plane deliver: it is the same for any target."""
    crossover = (evenly_spaced_crossover_probabilities(p.item(), n) for p in (pair.p_a, pair.p_b))
    return pair.received(*torch.meshgrid(*crossover, indexing="ij"))


def tied_with_swapped(joint: Any, bits_a: Any, bits_b: Any) -> torch.Tensor:
    """Whether swapping the two rates gives another allocation with the same information, to 1e-9 bits.

    Parameters
    ----------
    joint : array_like, shape (2, 2, 2), or TwoSourceJoint
        p(a,b,y).
    bits_a, bits_b : array_like, shape (...)
        Rates in bits, from 0 to H(A) and to H(B), which broadcast.

    Returns
    -------
    torch.Tensor of bool, shape (...)

    Raises
    ------
    InformationError
        If `joint` is not such a distribution or a source has fewer bits than asked for.
    """
    source = TwoSourceJoint.of(joint)
    bits_a, bits_b = checked_rates(source, bits_a, bits_b)
    possible = (
        (bits_b <= source.entropy_a + BITS_TOLERANCE)
        & (bits_a <= source.entropy_b + BITS_TOLERANCE)
        & ((bits_a - bits_b).abs() > MIN_SWAP)
    )
    swapped = source.pair.crossover_probabilities(
        torch.minimum(bits_b, source.entropy_a), torch.minimum(bits_a, source.entropy_b)
    )
    difference = source.information(*swapped) - source.information(
        *source.pair.crossover_probabilities(bits_a, bits_b)
    )
    return possible & (difference.abs() < TIE_TOLERANCE)


def nearest_allocation(
    joint: Any, total: float, information: float, bits_a: float = 0.0
) -> tuple[float, float]:
    """The allocation of `total` bits with the nearest information; of two, that nearer to `bits_a`.

    Parameters
    ----------
    joint : array_like, shape (2, 2, 2), or TwoSourceJoint
        p(a,b,y).
    total, information : float
        A point of the information plane, in bits. A total outside the plane is clipped to it.
    bits_a : float, default 0
        The preferred rate of A.

    Returns
    -------
    tuple of float
        bits_a and bits_b.

    Raises
    ------
    InformationError
        If `joint` is not such a distribution or a number is not finite.
    """
    source = TwoSourceJoint.of(joint)
    total, information = as_scalar(total, "total"), as_scalar(information, "information")
    bits_a = as_scalar(bits_a, "bits_a")
    total = min(max(total, 0.0), (source.entropy_a + source.entropy_b).item())
    low, high = max(0.0, total - source.entropy_b.item()), min(total, source.entropy_a.item())
    candidates = torch.linspace(low, high, 401, dtype=torch.float64)
    found = source.information(
        *source.pair.approximate_crossover_probabilities(candidates, (total - candidates).clamp_min(0))
    )
    distance = (found - information).abs() + 1e-3 * (candidates - bits_a).abs()
    best = candidates[distance.argmin()].item()
    return best, total - best


def allocations_of(
    source: TwoSourceJoint, bits_a: torch.Tensor, bits_b: torch.Tensor, information: torch.Tensor
) -> Allocations:
    """Columns of Allocations from rates and their information."""
    error = (source.entropy - information).clamp_min(0)
    return Allocations(bits_a, bits_b, bits_a + bits_b, information, error)
