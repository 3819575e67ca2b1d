"""Whether new rows confirm a column's bits: the error after its messages are swapped between rows."""

import json

import numpy as np
import pytest

from infodecomp import DistributedBottleneck, InformationError

X = np.random.default_rng(0).integers(0, 4, (1000, 4)).astype(float)
QUICK = {"steps": 250, "width": 32, "draws": 8}


@pytest.fixture(scope="module")
def fit():
    return DistributedBottleneck(**QUICK).fit(X, X[:, 1])


def test_a_column_that_says_all_costs_as_much_as_a_guess_from_another_row(fit):
    """E (y − y')² of two rows is twice the variance."""
    found = fit.permutation_importances(X, X[:, 1])
    held_out = X[fit.held_out_, 1]
    error = fit.information_plane_.at(fit.best_bits_).error
    assert found.bits == fit.best_bits_ and found.used.tolist() == [False, True, False, False]
    assert found.rise[1] == pytest.approx(np.sqrt(2) * held_out.std() - error, abs=4 * found.spread[1])
    assert np.abs(np.delete(found.rise, 1)).max() < 0.02 * found.rise[1]
    assert json.loads(json.dumps(found.as_dict()))["used"] == found.used.tolist()


def test_bits_that_are_learnt_by_heart_are_not_confirmed():
    """Nine columns of noise send far more than 0.02 bits at the largest budget."""
    noise = np.random.default_rng(1).random((400, 10))
    y = noise[:, 0] + np.random.default_rng(2).normal(size=400)
    fit = DistributedBottleneck(**QUICK | {"steps": 120}).fit(noise, y)
    largest = fit.bits_range_[1]
    sent = fit.information_plane_.at(largest).features
    found = fit.permutation_importances(noise, y, bits=largest)
    assert sent[1:].min() > 0.02 and found.used[1:].sum() <= 1


def test_the_rise_of_a_class_is_in_bits(fit):
    y = np.where(X[:, 0] > 1, "high", "low")
    weights = np.where(np.arange(len(X)) % 5, 1.0, 0.0)
    classified = DistributedBottleneck(**QUICK).fit(X, y, weights)
    found = classified.permutation_importances(X, y, weights)
    assert found.used.tolist() == [True, False, False, False] and found.rise[0] > 0.9
    with pytest.raises(InformationError, match="give the sample_weight of the fit"):
        classified.permutation_importances(X, y)
    with pytest.raises(InformationError, match="out of reach"):
        fit.permutation_importances(X, X[:, 1], bits=99)
