"""Allocations that fill the information plane of two sources evenly."""

from functools import lru_cache

import numpy as np

import infodecomp

from .pictures.plane import SPREAD
from .storms import storm_bits, weather


@lru_cache(maxsize=64)
def spread_allocations(**storms) -> dict:
    """Allocations that are spread evenly but on no grid, which would show as stripes."""
    world = weather(**storms)
    spread = _spread(storms["storm_a"], storms["storm_b"])
    information = world.towns.information(*spread["channels"]).numpy()
    swapped = world.towns.information(*spread["swapped"]).numpy()
    return {
        "bits_a": spread["bits_a"],
        "bits_b": spread["bits_b"],
        "total": spread["bits_a"] + spread["bits_b"],
        "information": information,
        "error": world.entropy - information,
        "either": abs(information - swapped) < 1e-9,
    }


@lru_cache(maxsize=64)
def worst_allocations(**storms) -> dict:
    """The least that each budget of the frontier can teach, and the most that it then leaves to know."""
    world = weather(**storms)
    total, information = np.asarray(world.plane.total), np.asarray(world.plane.information)
    rows = round(len(total) ** 0.5)  # one for each number of bits from A
    budget = np.asarray(world.front.budget)
    least = np.min(
        [
            np.interp(budget, x, y, left=np.inf, right=np.inf)
            for x, y in zip(total.reshape(rows, -1), information.reshape(rows, -1), strict=True)
        ],
        axis=0,
    )
    least = np.minimum(
        least, np.asarray(world.front.information)
    )  # one town has all the bits: no row to cross
    return {"information": least, "error": world.entropy - least}


@lru_cache(maxsize=64)
def _spread(storm_a: float, storm_b: float) -> dict:
    """The rates of the spread allocations and the channels that deliver them: the towns alone decide.

    They are points of the R2 sequence (Roberts 2018), whose steps are powers of the plastic number.
    """
    entropies, steps = (storm_bits(storm_a), storm_bits(storm_b)), np.arange(1, SPREAD + 1)
    bits_a = entropies[0] * ((0.5 + steps * 0.7548776662466927) % 1)
    bits_b = entropies[1] * ((0.5 + steps * 0.5698402909980532) % 1)

    def channels(for_a, for_b):
        pairs = ((for_a, storm_a, entropies[0]), (for_b, storm_b, entropies[1]))
        return [infodecomp.bsc_crossover_probability(np.minimum(bits, most), p) for bits, p, most in pairs]

    return {
        "bits_a": bits_a,
        "bits_b": bits_b,
        "channels": channels(bits_a, bits_b),
        "swapped": channels(bits_b, bits_a),
    }
