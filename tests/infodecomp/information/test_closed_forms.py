"""Closed forms of mutual information against tables and known values."""

import math

import numpy as np
import pytest

import infodecomp
from infodecomp.errors import InformationError
from infodecomp.information.closed_forms import (
    gaussian_pair_information,
    markov_chain_information,
    regression_correlation,
)


def test_gaussian_pairs():
    assert gaussian_pair_information(0.6) == pytest.approx(0.3219, abs=5e-5)
    assert gaussian_pair_information(0) == 0 and gaussian_pair_information(-1) == math.inf


@pytest.mark.parametrize(("flip", "lag", "bits"), [(0.1, 5, 0.0789), (0.1, 1, 0.5310), (0.3, 5, 7.6e-5)])
def test_symbols_of_a_markov_chain(flip, lag, bits):
    step = np.array([[1 - flip, flip], [flip, 1 - flip]])
    table = np.linalg.matrix_power(step, lag) / 2
    information = markov_chain_information(flip, lag)
    assert information == pytest.approx(infodecomp.mutual_information(table).item(), abs=1e-12)
    assert information == pytest.approx(bits, abs=5e-5)


def test_data_pin_down_the_outputs_of_a_regression():
    first, second = (1.0, 0.5), (1.0, -0.5)
    assert regression_correlation(first, second, np.empty((0, 2))) == pytest.approx(0.6)
    # the first coordinate of w is known: only the second, of opposite sign, is left
    assert regression_correlation(first, second, [[1000.0, 0.0]]) == pytest.approx(-1, abs=1e-4)
    assert abs(regression_correlation(first, second, [[1.0, 0.0]])) < 0.6


def test_invalid_arguments_are_refused():
    for call in (
        lambda: gaussian_pair_information(1.1),
        lambda: markov_chain_information(0.1, 0),
        lambda: markov_chain_information(1.1, 1),
        lambda: regression_correlation((1.0, 0.0), (1.0,), np.empty((0, 2))),
        lambda: regression_correlation((0.0, 0.0), (1.0, 0.0), np.empty((0, 2))),
    ):
        with pytest.raises(InformationError):
            call()
