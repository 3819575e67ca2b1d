"""Distributions whose mutual information is known, on which estimators can be compared.

They follow the public benchmark of Czyz et al. (2023): Gaussian, Student, uniform and bimodal marginals,
invertible maps that hide a Gaussian, and sparse and dense dependence in many dimensions.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, gammaln, ndtr

from infodecomp.errors import InformationError
from infodecomp.estimators.canonical import gaussian_information_estimate
from infodecomp.estimators.estimate import LN2, Estimate
from infodecomp.estimators.nearest_neighbours import ksg_information
from infodecomp.estimators.plug_in import plug_in_information
from infodecomp.validation import as_integer, as_seed

Sampler = Callable[[np.random.Generator, int], tuple[np.ndarray, np.ndarray]]
BINS = 8


@dataclass(frozen=True)
class Task:
    """A pair of random vectors.

    Parameters
    ----------
    name : str
    dimensions : int
        Of each of the two.
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


def _gaussian(covariance: np.ndarray) -> Sampler:
    factor, d = np.linalg.cholesky(covariance), len(covariance) // 2

    def sampler(generator: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
        z = generator.standard_normal((n, 2 * d)) @ factor.T
        return z[:, :d], z[:, d:]

    return sampler


def _student(dof: float, covariance: np.ndarray) -> Sampler:
    gaussian = _gaussian(covariance)

    def sampler(generator: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
        x, y = gaussian(generator, n)
        scale = np.sqrt(dof / generator.chisquare(dof, n))[:, None]
        return x * scale, y * scale

    return sampler


def _mapped(sampler: Sampler, map_x: Callable, map_y: Callable) -> Sampler:
    def mapped(generator: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
        x, y = sampler(generator, n)
        return map_x(x), map_y(y)

    return mapped


def _additive(width: float) -> Sampler:
    def sampler(generator: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
        x = generator.uniform(0, 1, (n, 1))
        return x, x + generator.uniform(-width, width, (n, 1))

    return sampler


def _pair(rho: float) -> np.ndarray:
    return np.array([[1, rho], [rho, 1.0]])


def _sparse(d: int, rho: float, pairs: int) -> np.ndarray:
    covariance = np.eye(2 * d)
    for k in range(pairs):
        covariance[k, d + k] = covariance[d + k, k] = rho
    return covariance


def _dense(d: int, rho: float) -> np.ndarray:
    return (1 - rho) * np.eye(2 * d) + rho


def _bimodal(x: np.ndarray) -> np.ndarray:
    """A monotone map of a standard normal variable to one of two modes."""
    u = ndtr(x)
    return np.sign(u - 0.5) * (0.4 + abs(u - 0.5) ** 0.5)


def _spiral(points: np.ndarray) -> np.ndarray:
    """Turn each point of the plane by an angle that grows with its distance: area is preserved."""
    angle = 2 * (points**2).sum(1)
    c, s = np.cos(angle), np.sin(angle)
    return np.stack([c * points[:, 0] - s * points[:, 1], s * points[:, 0] + c * points[:, 1]], 1)


def benchmark_tasks() -> dict[str, Task]:
    """Return the tasks by name, few dimensions first."""
    line = _gaussian(_pair(0.75))
    spiral = _mapped(_gaussian(_sparse(2, 0.8, 2)), _spiral, lambda y: y)
    tasks = [
        Task("normal", 1, gaussian_bits(_pair(0.75)), line),
        Task("two-modes", 1, gaussian_bits(_pair(0.75)), _mapped(line, _bimodal, _bimodal)),
        Task("long-tails", 1, gaussian_bits(_pair(0.75)), _mapped(line, lambda x: x**3, lambda y: y**3)),
        Task("uniform", 1, additive_uniform_bits(0.1), _additive(0.1)),
        Task(
            "student",
            1,
            student_excess_bits(2, 1, 1),
            _student(2, np.eye(2)),
        ),
        Task("two-pairs", 2, gaussian_bits(_sparse(2, 0.8, 2)), _gaussian(_sparse(2, 0.8, 2))),
        Task("spiral", 2, gaussian_bits(_sparse(2, 0.8, 2)), spiral),
        Task("sparse-25", 25, gaussian_bits(_sparse(25, 0.8, 2)), _gaussian(_sparse(25, 0.8, 2))),
        Task("dense-50", 50, gaussian_bits(_dense(50, 0.5)), _gaussian(_dense(50, 0.5))),
    ]
    return {task.name: task for task in tasks}


def _binned(x: np.ndarray, y: np.ndarray) -> Estimate:
    """Plug-in with Miller and Madow's correction, in eight equally full bins of the first coordinates."""
    first, second = (v[:, 0].argsort(kind="stable").argsort(kind="stable") * BINS // len(v) for v in (x, y))
    return plug_in_information(first, second, correction="miller-madow")


ESTIMATORS: dict[str, Callable[[np.ndarray, np.ndarray], Estimate]] = {
    "neighbours-ranked": lambda x, y: ksg_information(x, y, 5),
    "neighbours": lambda x, y: ksg_information(x, y, 5, rank_normalise=False),
    "gaussian": gaussian_information_estimate,
    "bins": _binned,
}
