"""Other methods on the rows of a fit, shuffled columns, and which budget is enough."""

import math

import numpy as np
import pytest

from infodecomp import DistributedBottleneck, InformationError
from infodecomp.bottleneck.information_plane import InformationPlane

GENERATOR = np.random.default_rng(0)
X = GENERATOR.integers(0, 4, (1200, 3)).astype(float)  # uniform: each column has 2 bits
HALF = X[:, 0] > 1.5
NOISY = X[:, 0] + GENERATOR.normal(size=1200)
QUICK = {"steps": 150, "width": 16, "draws": 20}


def test_a_class_that_one_column_fixes_is_known_from_it_alone():
    """Y is a bit of the first column: H(Y) = 1, I(X_0;Y) = 1, and 0 of the others."""
    fit = DistributedBottleneck(**QUICK).fit(X, HALF)
    measured = fit.yardsticks(X, HALF)
    assert measured.nothing == pytest.approx(1, abs=0.02)
    assert measured.trees < 0.02 and measured.alone[0] < 0.02 and (measured.alone[1:] > 0.95).all()
    assert measured.information[0] == pytest.approx(1, abs=0.01)
    errors = measured.information_standard_error[1:]
    assert (np.abs(measured.information[1:]) < 4 * np.maximum(errors, 1e-3)).all()


def test_errors_of_a_number_are_those_on_the_held_out_rows():
    """Y = X_0 + N(0, 1): without columns a prediction is off by the deviation, with X_0 by about 1."""
    fit = DistributedBottleneck(random_state=3, **QUICK).fit(X, NOISY)
    measured = fit.yardsticks(X, NOISY)
    fitted, held_out = ~fit.held_out_, fit.held_out_
    deviation = math.sqrt(((NOISY[held_out] - NOISY[fitted].mean()) ** 2).mean())
    assert measured.nothing == pytest.approx(deviation, rel=1e-6)
    means = np.array([NOISY[fitted][X[fitted, 0] == level].mean() for level in range(4)])
    best = math.sqrt(((NOISY[held_out] - means[X[held_out, 0].astype(int)]) ** 2).mean())
    assert measured.alone[0] == pytest.approx(best, rel=0.01)
    assert best * 0.99 < measured.trees < deviation
    assert measured.tree_bits <= fit.best_bits_ and best * 0.99 < measured.tree < deviation
    weighted = fit.yardsticks(X, NOISY, np.ones(len(NOISY)))
    assert weighted.nothing == pytest.approx(measured.nothing)
    with pytest.raises(InformationError, match="give the 1,200 rows of the fit"):
        fit.yardsticks(X[:9], NOISY[:9])


def test_a_class_of_one_row_does_not_keep_the_trees_of_a_large_table_from_growing():
    """With over 10,000 rows they stop early, by rows that have a part of each class."""
    names = np.where(GENERATOR.random(14_000) < 0.3, "a", "b").astype(object)
    names[7] = "rare"
    x = GENERATOR.integers(0, 4, (14_000, 2)).astype(float)
    fit = DistributedBottleneck(steps=2, width=4, draws=4, start="random", validation_fraction=0.1).fit(
        x, names
    )
    assert not fit.held_out_[7] and fit.yardsticks(x, names).trees < 1


def test_shuffled_copies_show_what_a_column_of_noise_gets():
    fit = DistributedBottleneck(**QUICK).fit(X, NOISY)
    controls = fit.controls(X, NOISY)
    assert controls.bits == pytest.approx(fit.best_bits_, abs=0.3)
    assert controls.columns[0] > 0.5 and controls.shuffled.max() < 0.1 > controls.columns[1:].max()
    assert controls.columns.sum() + controls.shuffled.sum() == pytest.approx(controls.bits, abs=0.05)
    assert controls.as_dict()["shuffled"] == controls.shuffled.tolist()


def test_enough_is_judged_by_differences_on_the_same_rows():
    """Errors of rows that are all a little worse differ for certain, however much the rows differ."""
    fit = DistributedBottleneck(**QUICK).fit(X, NOISY)
    plane = fit.information_plane_
    smallest = plane.error.argmin()
    assert plane.excess_standard_error[smallest] == 0
    assert (plane.excess_standard_error <= 2.1 * plane.error_standard_error.max()).all()
    assert plane.excess_standard_error[smallest - 1] < plane.error_standard_error[smallest] / 2
    bits, error = np.array([0.0, 1, 2, 3]), np.array([9.0, 2, 1.5, 1])
    rest = (bits * 0, error, bits * 0 + 0.6, bits[:, None], bits[:, None] * 0)
    assert InformationPlane(bits, bits, *rest).best_bits == 2
    assert InformationPlane(bits, bits, *rest, np.array([5, 0.2, 0.2, 0])).best_bits == 3
    assert InformationPlane(bits, bits, *rest, np.array([5, 1.1, 0.2, 0])).best_bits == 1
    assert InformationPlane(bits, bits, *rest).best_bits_interval == (1, 3)
    assert InformationPlane(bits, bits, *rest, np.array([3, 0.2, 0.2, 0])).best_bits_interval == (3, 3)
    assert InformationPlane(bits, bits, *rest, np.array([3, 0.2, 0.3, 0])).best_bits_interval == (2, 3)
    exact = InformationPlane(bits, bits, bits * 0, np.array([1, 0.0009, 0.0001, 0]), *rest[2:], bits * 0)
    assert exact.best_bits == 1 and exact._replace(error=exact.error * [1, 2, 1, 1]).best_bits == 2
    low, high = fit.best_bits_interval_
    assert low <= fit.best_bits_ <= plane.ascending_bits[smallest] <= high
