"""The benchmark distributions, and what the estimators make of them."""

import math

import numpy as np
import pytest

from infodecomp.errors import InformationError
from infodecomp.estimators.benchmark import ESTIMATORS, benchmark_tasks
from infodecomp.estimators.distributions import additive_uniform_bits, student_excess_bits
from infodecomp.units import LN2

TASKS = benchmark_tasks()


def test_known_values():
    assert TASKS["sparse-25"].bits * LN2 == pytest.approx(1.0217, abs=1e-4)
    assert TASKS["dense-50"].bits * LN2 == pytest.approx(1.62, abs=0.01)
    assert additive_uniform_bits(0.5) == pytest.approx(0.5 / LN2)
    assert student_excess_bits(1e6, 1, 1) == pytest.approx(0, abs=1e-5)


def test_heavy_tails_add_what_quadrature_finds():
    """Two uncorrelated Student variables with 2 degrees of freedom, on a grid of their own ranks."""
    dof, u = 2, (np.arange(400) + 0.5) / 400
    t = (2 * u - 1) * np.sqrt(2 / (4 * u * (1 - u)))  # the quantiles
    density = (1 + t**2 / 2) ** -1.5 / (2 * math.sqrt(2))
    both = (1 + (t[:, None] ** 2 + t[None] ** 2) / dof) ** -2 / (2 * math.pi)
    ratio = both / (density[:, None] * density[None])
    information = (ratio * np.log2(ratio)).mean() / ratio.mean()
    assert student_excess_bits(2, 1, 1) == pytest.approx(information, abs=0.01)


def test_ranked_neighbours_are_right_in_few_dimensions():
    """Mean error of at most 0.03 nats over the tasks of one and two dimensions."""
    errors = {
        name: abs(ESTIMATORS["neighbours-ranked"](*task.sample(3000, seed=1)).bits - task.bits) * LN2
        for name, task in TASKS.items()
        if task.dimensions <= 2 and name != "spiral"
    }
    assert np.mean(list(errors.values())) <= 0.03, errors


def test_intervals_of_ranked_neighbours_cover_in_one_dimension():
    covered = [
        low <= task.bits <= high
        for name in ("normal", "two-modes", "long-tails")
        for task in [TASKS[name]]
        for seed in range(12)
        for low, high in [ESTIMATORS["neighbours-ranked"](*task.sample(600, seed)).interval()]
    ]
    assert np.mean(covered) >= 0.85


def test_a_gaussian_estimate_overstates_in_many_dimensions():
    task = TASKS["dense-50"]
    assert ESTIMATORS["gaussian"](*task.sample(1000)).bits > task.bits + 1


def test_monotone_maps_do_not_move_ranked_estimates():
    plain, cubed = (
        ESTIMATORS["neighbours-ranked"](*TASKS[n].sample(500)).bits for n in ("normal", "long-tails")
    )
    assert plain == pytest.approx(cubed, abs=1e-12)


def test_invalid_arguments_are_refused():
    with pytest.raises(InformationError, match="above 0"):
        additive_uniform_bits(0)
    with pytest.raises(InformationError, match="at least 2"):
        TASKS["normal"].sample(1)
