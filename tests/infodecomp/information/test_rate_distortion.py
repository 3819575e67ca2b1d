"""Rate-distortion curves: closed forms, known values for the bike rentals, and invalid arguments."""

import math

import numpy as np
import pytest
import torch

from infodecomp.data.bikes import load_bikes
from infodecomp.errors import InformationError
from infodecomp.information.entropy import binary_entropy
from infodecomp.information.rate_distortion import rate_distortion


def test_a_fair_coin_follows_its_closed_form():
    # A coin ±1 received through a binary symmetric channel e: predictions ±(1 - 2e), error 1 - (1 - 2e)^2.
    found = rate_distortion([0.5, 0.5], [-1, 1], [0, 0], torch.logspace(-1, 0.25, 9))
    e = (1 - (1 - found.distortion).clamp_min(0).sqrt()) / 2
    assert found.bits.tolist() == pytest.approx((1 - binary_entropy(e)).tolist(), abs=1e-6)


def test_a_low_temperature_spends_the_whole_entropy_and_a_high_one_nothing():
    p, means, variances = [0.2, 0.3, 0.5], [0, 1, 3], [0.1, 0.2, 0.3]
    found = rate_distortion(p, means, variances, [1e-4, 1e4])
    entropy = -sum(x * math.log2(x) for x in p)
    assert found.bits.tolist() == pytest.approx([entropy, 0], abs=1e-6)
    mean = np.dot(p, means)
    assert found.distortion.tolist() == pytest.approx(
        [np.dot(p, variances), np.dot(p, variances) + np.dot(p, (np.array(means) - mean) ** 2)], rel=1e-4
    )


def test_the_hour_alone_over_all_hours():
    hour, count = load_bikes().columns["hour"], load_bikes().count
    p = np.bincount(hour) / len(hour)
    means = [count[hour == h].mean() for h in range(24)]
    variances = [count[hour == h].var() for h in range(24)]
    found = rate_distortion(p, means, variances, torch.logspace(2.5, 5, 200))
    order = found.bits.argsort()
    errors = np.interp([0.5, 1, 2], found.bits[order], found.distortion[order].sqrt())
    assert found.distortion.min() >= np.dot(p, variances) - 1e-6
    assert errors == pytest.approx([155.94, 140.23, 130.19], abs=0.05)


@pytest.mark.parametrize(
    "arguments, message",
    [
        (([0.5, 0.5], [0, 1], [0, 0], [0.0]), "temperature is 0; give numbers above 0"),
        (([0.5, 0.5], [0, 1], [0, 0], [math.nan]), "temperature is nan"),
        (([0.5, 0.4], [0, 1], [0, 0], [1.0]), "sums to 0.9"),
        (([0.5, 0.5], [0, 1, 2], [0, 0], [1.0]), r"means have shape \(3,\)"),
        (([0.5, 0.5], [0, 1], [0, -2], [1.0]), "variance is -2"),
        (([0.5, 0.5], ["a", "b"], [0, 0], [1.0]), "numbers"),
    ],
)
def test_invalid_arguments_are_refused(arguments, message):
    with pytest.raises(InformationError, match=message):
        rate_distortion(*arguments)
