"""Allocations that fill the information plane of two sources evenly."""

from functools import lru_cache

import numpy as np

from .pictures.plane import SPREAD
from .storms import TOWNS, received, storm_bits, weather


@lru_cache(maxsize=64)
def spread_allocations(**storms) -> dict:
    """Allocations that are spread evenly but on no grid, which would show as stripes."""
    world = weather(**storms)
    spread = _spread(*(storms[parameter.name] for parameter in TOWNS))
    information = world.towns.information_received(spread["received"]).numpy()
    swapped = world.towns.information_received(spread["swapped"]).numpy()
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
def _spread(storm_a: float, storm_b: float, tie: float) -> dict:
    """The rates of the spread allocations and what the wires deliver at them: the towns alone decide.

    They are points of the R2 sequence (Roberts 2018), whose steps are powers of the plastic number.
    """
    steps = np.arange(1, SPREAD + 1)
    bits_a = storm_bits(storm_a) * ((0.5 + steps * 0.7548776662466927) % 1)
    bits_b = storm_bits(storm_b) * ((0.5 + steps * 0.5698402909980532) % 1)
    return {
        "bits_a": bits_a,
        "bits_b": bits_b,
        "received": received(bits_a, bits_b, storm_a, storm_b, tie),
        "swapped": received(bits_b, bits_a, storm_a, storm_b, tie),
    }
