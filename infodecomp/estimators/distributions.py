"""Pairs of random vectors whose mutual information is known: samplers, closed forms, and invertible maps.

They follow the public benchmark of Czyz et al. (2023): Gaussian, Student and uniform variables, with sparse
and dense dependence in many dimensions, and maps that bend or stretch them and change no information.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, gammaln, ndtr

from infodecomp.errors import InformationError
from infodecomp.units import LN2
from infodecomp.validation import as_integer, as_seed

Sampler = Callable[[np.random.Generator, int], tuple[np.ndarray, np.ndarray]]
Map = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Task:
    """A pair of random vectors.

    Parameters
    ----------
    name : str
    dimensions : int
        Of the larger of the two.
    bits : float
        Their mutual information.
    sampler : callable
        Generator and n -> x (n, d) and y (n, d).
    """

    name: str
    dimensions: int
    bits: float
    sampler: Sampler

    def sample(self, n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """Draw n pairs, x (n, d) and y (n, d)."""
        count = as_integer(n, "n", 2)
        return self.sampler(np.random.default_rng(as_seed(seed)), count)


def gaussian_bits(covariance: np.ndarray) -> float:
    """Mutual information in bits of the two halves of a Gaussian vector with a covariance (2d, 2d)."""
    d = len(covariance) // 2
    blocks = (covariance[:d, :d], covariance[d:, d:], covariance)
    first, second, both = (np.linalg.slogdet(block)[1] for block in blocks)
    return float(first + second - both) / (2 * LN2)


def student_excess_bits(dof: float, d_x: int, d_y: int) -> float:
    """What heavy tails add to the information of a Student vector, in bits, even without correlation.

    References
    ----------
    Arellano-Valle, Contreras-Reyes & Genton (2013), Shannon entropy and mutual information for multivariate
    skew-elliptical distributions.
    """

    def f(nu: float) -> float:
        return float(gammaln(nu / 2) - nu / 2 * digamma(nu / 2))

    return (f(dof) + f(dof + d_x + d_y) - f(dof + d_x) - f(dof + d_y)) / LN2


def additive_uniform_bits(width: float) -> float:
    """Information of X uniform on (0, 1) in X + N, N uniform on (-width, width)."""
    if width <= 0:
        raise InformationError(f"width = {width:.3g}; give a number above 0")
    return (1 / (4 * width) if width > 0.5 else width - math.log(2 * width)) / LN2


def gaussian_sampler(covariance: np.ndarray) -> Sampler:
    """Both halves of a Gaussian vector with a covariance (2d, 2d)."""
    factor, d = np.linalg.cholesky(covariance), len(covariance) // 2

    def sampler(generator: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
        z = generator.standard_normal((n, 2 * d)) @ factor.T
        return z[:, :d], z[:, d:]

    return sampler


def student_sampler(dof: float, covariance: np.ndarray) -> Sampler:
    """Both halves of a Student vector: a Gaussian one over the root of a chi-squared variable / dof."""
    gaussian = gaussian_sampler(covariance)

    def sampler(generator: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
        x, y = gaussian(generator, n)
        scale = np.sqrt(dof / generator.chisquare(dof, n))[:, None]
        return x * scale, y * scale

    return sampler


def additive_sampler(width: float) -> Sampler:
    """X uniform on (0, 1), and X plus noise uniform on (-width, width)."""

    def sampler(generator: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
        x = generator.uniform(0, 1, (n, 1))
        return x, x + generator.uniform(-width, width, (n, 1))

    return sampler


def mapped_sampler(sampler: Sampler, map_x: Map, map_y: Map | None = None) -> Sampler:
    """The samples of another sampler after injective maps, which change no mutual information."""

    def mapped(generator: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
        x, y = sampler(generator, n)
        return map_x(x), (map_y or map_x)(y)

    return mapped


def pair_covariance(rho: float) -> np.ndarray:
    """The covariance of two standard normals with a correlation."""
    return np.array([[1, rho], [rho, 1.0]])


def sparse_covariance(d: int, rho: float, pairs: int) -> np.ndarray:
    """Of 2d standard normals, in which x_k and y_k have a correlation for k below `pairs`."""
    covariance = np.eye(2 * d)
    for k in range(pairs):
        covariance[k, d + k] = covariance[d + k, k] = rho
    return covariance


def dense_covariance(d: int, rho: float) -> np.ndarray:
    """Of 2d standard normals, every two of which have the same correlation."""
    return (1 - rho) * np.eye(2 * d) + rho


def bimodal(x: np.ndarray) -> np.ndarray:
    """A monotone map of a standard normal variable to one of two modes."""
    u = ndtr(x)
    return np.sign(u - 0.5) * (0.4 + abs(u - 0.5) ** 0.5)


def half_cube(x: np.ndarray) -> np.ndarray:
    """sign(x) |x|^1.5, which lengthens the tails."""
    return np.sign(x) * abs(x) ** 1.5


def wiggly(x: np.ndarray) -> np.ndarray:
    """A monotone map with waves: its slope lies between 0.15 and 1.85."""
    return x + 0.4 * np.sin(x) + 0.25 * np.sin(1.7 * x + 1)


def swiss_roll(x: np.ndarray) -> np.ndarray:
    """Roll a line (n, 1) of standard normals up in the plane, (n, 2)."""
    angle = 1.5 * np.pi * (1 + 2 * ndtr(x[:, 0]))
    return np.stack([angle * np.cos(angle), angle * np.sin(angle)], 1) / 21


def spiral(points: np.ndarray, speed: float = 2.0) -> np.ndarray:
    """Turn the first two of d coordinates by an angle of speed |x|^2: volume is preserved."""
    angle = speed * (points**2).sum(1)
    c, s = np.cos(angle), np.sin(angle)
    turned = points.copy()
    turned[:, 0] = c * points[:, 0] - s * points[:, 1]
    turned[:, 1] = s * points[:, 0] + c * points[:, 1]
    return turned
