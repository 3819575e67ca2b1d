"""Logistic regression and point sets: scikit-learn as an oracle, symmetry, and what a line can separate."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from infodecomp import InformationError
from infodecomp.data.point_sets import POINT_SETS, point_set
from infodecomp.networks.logistic import logistic_loss, logistic_regression


@pytest.mark.parametrize("kind", POINT_SETS)
@pytest.mark.parametrize("l2", [1e-4, 1e-2, 1])
def test_weights_and_loss_are_those_of_scikit_learn(kind, l2):
    x, y = point_set(kind, 80)
    w = logistic_regression(x, y, l2)
    oracle = LogisticRegression(C=1 / (2 * l2 * len(x)), tol=1e-10, max_iter=1000).fit(x, y)
    assert np.allclose(w, [*oracle.coef_[0], oracle.intercept_[0]], atol=2e-4)
    assert logistic_loss(w, x, y) == pytest.approx(log_loss(y, oracle.predict_proba(x)) / np.log(2), abs=1e-4)


def test_a_line_separates_blobs_and_cannot_separate_circles_or_xor():
    right = {}
    for kind in POINT_SETS:
        x, y = point_set(kind, 300)
        w = logistic_regression(x, y)
        right[kind] = ((x @ w[:2] + w[2] > 0) == y).mean()
    assert right["blobs"] > 0.95 and 0.8 < right["moons"] < 0.95
    assert right["circles"] < 0.65 and right["xor"] < 0.65


def test_knowing_nothing_costs_one_bit():
    x, y = point_set("moons")
    assert logistic_loss([0, 0, 0], x, y) == pytest.approx(1)


@pytest.mark.parametrize("kind", POINT_SETS)
def test_point_sets(kind):
    x, y = point_set(kind, 50, 3)
    assert x.shape == (100, 2) and y.sum() == 50 and np.abs(x).max() < 3.5
    assert np.array_equal(x, point_set(kind, 50, 3)[0]) and not np.array_equal(x, point_set(kind, 50, 4)[0])


def test_bad_arguments_are_refused():
    for call in (
        lambda: point_set("spiral"),
        lambda: point_set("blobs", 0),
        lambda: logistic_regression([[0.0], [1.0]], [1, 1]),
        lambda: logistic_regression([[0.0], [1.0]], [0, 1], 0),
    ):
        with pytest.raises(InformationError):
            call()
