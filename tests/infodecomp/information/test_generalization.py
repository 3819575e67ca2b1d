"""Bounds on the generalisation gap: worked numbers, a Gaussian mean in closed form, monotone in m."""

import math

import numpy as np
import pytest

from infodecomp import InformationError
from infodecomp.information.generalization import (
    gaussian_mean_information,
    individual_sample_bound,
    input_compression_bound,
    noisy_training_information,
    pac_bayes_bound,
    vera_bound,
    xu_raginsky_bound,
)

NATS = 1 / math.log(2)


def test_worked_numbers():
    assert input_compression_bound(10_000, 10, 0.05) ** 2 == pytest.approx(0.05138, abs=1e-5)
    assert input_compression_bound(10_000, 12, 0.05) ** 2 == pytest.approx(0.20498, abs=1e-4)
    assert xu_raginsky_bound(100, 1) == pytest.approx(0.05887, abs=1e-5)
    assert xu_raginsky_bound(1000, 8) == pytest.approx(0.05265, abs=1e-5)
    assert pac_bayes_bound(10_000, 100 * NATS, 0.05, 0.05) == pytest.approx(0.1206, abs=1e-4)
    assert vera_bound(100, NATS) == pytest.approx(math.log(100) / 10)


@pytest.mark.parametrize("m", [2, 10, 100])
def test_the_mean_of_gaussian_samples(m):
    """A is the mean of m unit normals; the loss (z - a)^2 has a gap of 2/m, and the bound holds."""
    bits = gaussian_mean_information(m)
    assert bits == pytest.approx({2: 0.34657, 10: 0.05268, 100: 0.005025}[m] * NATS, rel=1e-3)
    correlation = 1 / math.sqrt(m)  # of a sample and the mean
    assert bits == pytest.approx(-0.5 * math.log2(1 - correlation**2))
    # (z - a)^2 of a fresh z is (1 + 1/m) chi-squared; by its one-sided moment bound s^2 = (m + 1)^2 / m^2
    bound = individual_sample_bound(m, bits, sub_gaussian=(m + 1) / m * math.sqrt(2))
    assert bound == pytest.approx((m + 1) / m * math.sqrt(2 * math.log(m / (m - 1))))
    generator = np.random.default_rng(0)
    z, fresh = generator.standard_normal((4000, m)), generator.standard_normal((4000, m))
    mean = z.mean(1, keepdims=True)
    gap = ((fresh - mean) ** 2).mean() - ((z - mean) ** 2).mean()
    assert gap == pytest.approx(2 / m, abs=0.08) and gap < bound


def test_all_bounds_shrink_with_more_samples_and_grow_with_information():
    bounds = [
        vera_bound,
        lambda m, bits: input_compression_bound(m, bits, 0.05),
        xu_raginsky_bound,
        lambda m, bits: pac_bayes_bound(m, bits, 0.05, 0.02),
        lambda m, bits: individual_sample_bound(m, bits / m),
    ]
    for bound in bounds:
        over_m = [bound(m, 5.0) for m in (10, 100, 1000, 10**6)]
        assert over_m == sorted(over_m, reverse=True)
        over_bits = [bound(1000, bits) for bits in (0, 1, 4, 9)]
        assert over_bits == sorted(over_bits)


def test_a_sample_at_a_time_is_the_whole_where_samples_are_equally_informative():
    assert individual_sample_bound(50, 3.0 / 50) == pytest.approx(xu_raginsky_bound(50, 3.0))


def test_noisy_training():
    assert noisy_training_information(0, 0.1, 1, 1, 10) == 0
    one = noisy_training_information(1, 0.1, 0.1, 1.0, 10)
    assert one == pytest.approx(5 * math.log2(1 + 0.1))
    assert noisy_training_information(7, 0.1, 0.1, 1.0, 10) == pytest.approx(7 * one)
    # with many parameters a step tells eta^2 L^2 / (2 s^2) nats
    assert noisy_training_information(1, 0.1, 0.2, 1.0, 10**9) == pytest.approx(0.125 * NATS, rel=1e-6)


@pytest.mark.parametrize(
    "call",
    [
        lambda: xu_raginsky_bound(1, 1),
        lambda: xu_raginsky_bound(10, -1),
        lambda: input_compression_bound(10, 1, 0),
        lambda: input_compression_bound(10, 1, 1),
        lambda: pac_bayes_bound(10, 1, 0.1, 2),
        lambda: pac_bayes_bound(10, 1, 0.1, 0, beta=0.5),
        lambda: noisy_training_information(1, 1, 0, 1, 1),
    ],
)
def test_bad_arguments_are_refused(call):
    with pytest.raises(InformationError):
        call()


def test_information_about_few_samples_bounds_the_gap_more_tightly():
    """The same bits in a share q of the samples: the bound of all of them, times sqrt(q)."""
    for share in (0.02, 0.5, 1.0):
        bound = individual_sample_bound(50, 3.0 / (share * 50), share=share)
        assert bound == pytest.approx(xu_raginsky_bound(50, 3.0) * math.sqrt(share))
    with pytest.raises(InformationError, match="share = 1.5"):
        individual_sample_bound(50, 1.0, share=1.5)
