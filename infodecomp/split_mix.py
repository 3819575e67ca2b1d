"""SplitMix64: numbers of 64 bits that are mixed so well that they pass for random ones.

References
----------
Steele, Lea and Flood, Fast splittable pseudorandom number generators, OOPSLA 2014.
"""

import numpy as np

INCREMENT = np.uint64(0x9E3779B97F4A7C15)  # between two numbers that are mixed
FIRST, SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def mix(z: np.ndarray) -> np.ndarray:
    """The finaliser: uint64 of any shape to uint64, one to one."""
    z = (z ^ (z >> np.uint64(30))) * FIRST
    z = (z ^ (z >> np.uint64(27))) * SECOND
    return z ^ (z >> np.uint64(31))
