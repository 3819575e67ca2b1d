"""Distributions of known mutual information on which estimators are compared, and the estimators.

A few tasks are raced against each other in an essay; the many of the public benchmark of Czyz et al. (2023)
fill the table in models/ESTIMATORS.md, which `make bench-estimators` writes.
"""

from collections.abc import Callable
from functools import partial

import numpy as np
from scipy.special import ndtr

from infodecomp.estimators.canonical import gaussian_information_estimate
from infodecomp.estimators.distributions import (
    Task,
    additive_sampler,
    additive_uniform_bits,
    bimodal,
    dense_covariance,
    gaussian_bits,
    gaussian_sampler,
    half_cube,
    mapped_sampler,
    pair_covariance,
    sparse_covariance,
    spiral,
    student_excess_bits,
    student_sampler,
    swiss_roll,
    wiggly,
)
from infodecomp.estimators.estimate import Estimate
from infodecomp.estimators.nearest_neighbours import ksg_information, ranks
from infodecomp.estimators.plug_in import plug_in_information
from infodecomp.estimators.trained_critics import info_nce_information, mine_information

BINS = 8
FEW_NEIGHBOURS, HALVINGS = 3, 2  # of KSG: its authors advise 2 to 4 neighbours, for the least bias
RHO, STRONG_RHO, DENSE_RHO = 0.75, 0.8, 0.5  # of a pair, of each of two pairs, of all pairs


def benchmark_tasks() -> dict[str, Task]:
    """Return the tasks of the essay by name, few dimensions first."""
    line, bits = gaussian_sampler(pair_covariance(RHO)), gaussian_bits(pair_covariance(RHO))
    two, two_bits = _sparse(2)
    tasks = [
        Task("normal", 1, bits, line),
        Task("two-modes", 1, bits, mapped_sampler(line, bimodal)),
        Task("long-tails", 1, bits, mapped_sampler(line, lambda x: x**3)),
        Task("uniform", 1, additive_uniform_bits(0.1), additive_sampler(0.1)),
        Task("student", 1, student_excess_bits(2, 1, 1), student_sampler(2, np.eye(2))),
        Task("two-pairs", 2, two_bits, two),
        Task("spiral", 2, two_bits, mapped_sampler(two, spiral, _same)),
        Task("sparse-25", 25, two_bits, _sparse(25)[0]),
        _dense(50),
    ]
    return {task.name: task for task in tasks}


def public_benchmark_tasks() -> dict[str, Task]:
    """Return 33 tasks after the public benchmark, by name, few dimensions first.

    References
    ----------
    Czyz, Grabowski, Vogt, Beerenwinkel & Marx (2023), Beyond normal: on the evaluation of mutual information
    estimators, table 1.
    """
    line, bits = gaussian_sampler(pair_covariance(RHO)), gaussian_bits(pair_covariance(RHO))
    tasks = [
        Task("normal", 1, bits, line),
        Task("uniform margins", 1, bits, mapped_sampler(line, ndtr)),
        Task("two modes", 1, bits, mapped_sampler(line, bimodal)),
        Task("wiggly", 1, bits, mapped_sampler(line, wiggly)),
        Task("half-cube", 1, bits, mapped_sampler(line, half_cube)),
        Task("swiss roll", 2, bits, mapped_sampler(line, swiss_roll, _same)),
    ]
    for width in (0.1, 0.75):
        name = f"additive noise {width:g}"
        tasks.append(Task(name, 1, additive_uniform_bits(width), additive_sampler(width)))
    for d, dof in ((1, 1), (2, 1), (3, 2), (5, 2)):
        student, excess = student_sampler(dof, np.eye(2 * d)), student_excess_bits(dof, d, d)
        tasks.append(Task(f"Student {d} + {d}, dof {dof}", d, excess, student))
        tasks.append(
            Task(f"asinh Student {d} + {d}, dof {dof}", d, excess, mapped_sampler(student, np.arcsinh))
        )
    for d in (2, 3, 5, 25):
        sampler, known = _sparse(d)
        turned = mapped_sampler(sampler, partial(spiral, speed=1 / d))
        tasks += [
            Task(f"sparse {d} + {d}", d, known, sampler),
            Task(f"uniform margins, sparse {d} + {d}", d, known, mapped_sampler(sampler, ndtr)),
            Task(f"spiral, sparse {d} + {d}", d, known, turned),
        ]
    tasks += [_dense(d, f"dense {d} + {d}") for d in (2, 3, 5, 25, 50)]
    return {task.name: task for task in sorted(tasks, key=lambda task: task.dimensions)}


def _same(x: np.ndarray) -> np.ndarray:
    return x


def _sparse(d: int):
    """A sampler of d and d normals of which two pairs are correlated, and their information."""
    covariance = sparse_covariance(d, STRONG_RHO, 2)
    return gaussian_sampler(covariance), gaussian_bits(covariance)


def _dense(d: int, name: str = "") -> Task:
    covariance = dense_covariance(d, DENSE_RHO)
    return Task(name or f"dense-{d}", d, gaussian_bits(covariance), gaussian_sampler(covariance))


def _binned(x: np.ndarray, y: np.ndarray) -> Estimate:
    """Plug-in with Miller and Madow's correction, in eight equally full bins of the first coordinates."""
    ties = np.random.default_rng(0)
    first, second = (ranks(v[:, :1], ties)[:, 0] * BINS // len(v) for v in (x, y))
    return plug_in_information(first, second, correction="miller-madow")


def _neighbours(rank_normalise: bool, x: np.ndarray, y: np.ndarray) -> Estimate:
    """KSG with its bias, as far as halves of the samples show it."""
    return ksg_information(x, y, FEW_NEIGHBOURS, rank_normalise, HALVINGS)


ESTIMATORS: dict[str, Callable[[np.ndarray, np.ndarray], Estimate]] = {
    "neighbours-ranked": partial(_neighbours, True),
    "neighbours": partial(_neighbours, False),
    "gaussian": gaussian_information_estimate,
    "bins": _binned,
    "mine": mine_information,
    "info-nce": info_nce_information,
}
TRAINED = ("mine", "info-nce")  # the estimators that train a critic
