"""Crossover probabilities of binary symmetric channels by linear interpolation, for searches."""

import math
from functools import lru_cache

import torch

from infodecomp.channels.binary_symmetric import refine_crossover_probability, solve_crossover_probability
from infodecomp.information import kernels

N_INTERVALS = 4096
TABLE_LENGTH = (
    N_INTERVALS + 2
)  # the last entry is repeated, so that the end of the table can be interpolated too
COARSE = 16  # every sixteenth entry is solved for; the others start from those


@lru_cache(maxsize=64)
def crossover_table(p: float) -> torch.Tensor:
    """Square roots of crossover probabilities at shares sin^2(pi x / 2) of H2(p), x from 0 to 1."""
    # Both the root and the sine make the curve smooth at its ends.
    source = torch.tensor(p, dtype=torch.float64)
    h = kernels.binary_entropy(source)
    angles = torch.linspace(0, math.pi / 2, N_INTERVALS + 1, dtype=torch.float64)
    bits = torch.sin(angles).square_() * h
    coarse = solve_crossover_probability(bits[::COARSE], source, h).sqrt_()
    initial = torch.nn.functional.interpolate(
        coarse[None, None], N_INTERVALS + 1, mode="linear", align_corners=True
    )[0, 0].square_()
    exact = refine_crossover_probability(initial, bits, source, h)
    return torch.cat([exact, exact[-1:]]).sqrt_()


def interpolate_crossover(
    tables: torch.Tensor, share: torch.Tensor, offsets: torch.Tensor | int = 0
) -> torch.Tensor:
    """Crossover probabilities at shares of H2(p), to 1e-7 bits; offsets: where a row's table begins."""
    x = share.clamp(0, 1).sqrt_().asin_().mul_(N_INTERVALS * 2 / math.pi)
    index = (x.long() + offsets).reshape(-1)
    low = tables.index_select(0, index).view_as(x)
    high = tables.index_select(0, index + 1).view_as(x)
    return torch.lerp(low, high, x.frac_()).square_()


@lru_cache(maxsize=64)
def evenly_spaced_crossover_probabilities(p: float, n: int) -> torch.Tensor:
    """Exact crossover probabilities at n equally spaced rates from 0 to H2(p)."""
    share, source = torch.linspace(0, 1, n, dtype=torch.float64), torch.tensor(p, dtype=torch.float64)
    h = kernels.binary_entropy(source)
    return refine_crossover_probability(
        interpolate_crossover(crossover_table(p), share), share * h, source, h
    )
