"""The limit of a code: closed forms at both ends and for a fair coin, and the known values of the hour alone."""

import math

import numpy as np
import pytest
import torch

from infodecomp.data.bikes import load_bikes
from infodecomp.errors import InformationError
from infodecomp.information.entropy import binary_entropy
from infodecomp.information.rate_distortion import rate_distortion


def test_a_fair_coin_follows_its_closed_form():
    # A guess for the coin sent over a flip line e: guesses ±(1 − 2e), error 1 − (1 − 2e)².
    found = rate_distortion([0.5, 0.5], [-1, 1], [0, 0], torch.logspace(-1, 0.25, 9))
    e = (1 - (1 - found.mean_square).clamp_min(0).sqrt()) / 2
    assert found.bits.tolist() == pytest.approx((1 - binary_entropy(e)).tolist(), abs=1e-6)


def test_cheap_bits_tell_all_of_the_variable_and_dear_ones_nothing():
    p, means, within = [0.2, 0.3, 0.5], [0, 1, 3], [0.1, 0.2, 0.3]
    found = rate_distortion(p, means, within, [1e-4, 1e4])
    entropy = -sum(x * math.log2(x) for x in p)
    assert found.bits.tolist() == pytest.approx([entropy, 0], abs=1e-6)
    mean = np.dot(p, means)
    assert found.mean_square.tolist() == pytest.approx(
        [np.dot(p, within), np.dot(p, within) + np.dot(p, (np.array(means) - mean) ** 2)], rel=1e-4
    )


def test_the_hour_alone_over_all_hours():
    hour, count = load_bikes().columns["hour"], load_bikes().count
    p = np.bincount(hour) / len(hour)
    means = [count[hour == h].mean() for h in range(24)]
    within = [count[hour == h].var() for h in range(24)]
    found = rate_distortion(p, means, within, torch.logspace(2.5, 5, 200))
    order = found.bits.argsort()
    at = np.interp([0.5, 1, 2], found.bits[order], found.mean_square[order].sqrt())
    assert found.mean_square.min() >= np.dot(p, within) - 1e-6
    assert at == pytest.approx([155.94, 140.23, 130.19], abs=0.05)


def test_a_slope_that_is_no_price_is_refused():
    with pytest.raises(InformationError, match="no price"):
        rate_distortion([0.5, 0.5], [0, 1], [0, 0], [0.0])
