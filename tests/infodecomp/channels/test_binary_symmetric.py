"""The binary symmetric channel: known values, bounds, and crossover probabilities of given rates."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from infodecomp import (
    InformationError,
    TwoSourceJoint,
    binary_entropy,
    bsc_crossover_probability,
    bsc_information,
    mutual_information,
)

MARGINALS = [0.5, 0.3, 0.1, 0.01, 1e-4, 0.999]


@settings(max_examples=200)
@given(st.floats(0, 1), st.floats(0, 1))
def test_information_agrees_with_the_joint_table(crossover, p):
    joint = torch.tensor(
        [[(1 - p) * (1 - crossover), (1 - p) * crossover], [p * crossover, p * (1 - crossover)]],
        dtype=torch.float64,
    )
    assert bsc_information(crossover, p).item() == pytest.approx(mutual_information(joint).item(), abs=1e-12)


@pytest.mark.parametrize("p", MARGINALS)
def test_noiseless_and_useless_channels(p):
    assert bsc_information(0, p).item() == binary_entropy(p).item()
    assert bsc_information(0.5, p).item() == pytest.approx(0, abs=1e-15)
    assert bsc_crossover_probability(0, p).item() == 0.5
    assert bsc_crossover_probability(binary_entropy(p), p).item() == 0


@pytest.mark.parametrize("p", MARGINALS)
def test_rates_to_crossover_probabilities_and_back(p):
    inner = torch.cat(
        [torch.linspace(0, 1, 401), torch.logspace(-9, -1, 60), 1 - torch.logspace(-9, -1, 60)]
    ).double()
    bits = inner * binary_entropy(p)
    crossover = bsc_crossover_probability(bits, p)
    assert bool(((crossover >= 0) & (crossover <= 0.5)).all())
    assert (bsc_information(crossover, p) - bits).abs().max().item() < 1e-12


@pytest.mark.parametrize("p", MARGINALS)
def test_crossover_probabilities_to_rates_and_back(p):
    crossover = torch.linspace(0.001, 0.45, 200, dtype=torch.float64)
    back = bsc_crossover_probability(bsc_information(crossover, p), p)
    # rounding of I moves e by that over the slope, which is small where the source has few bits
    assert (back - crossover).abs().max().item() < 1e-13 / min(p, 1 - p)


@pytest.mark.parametrize("p", MARGINALS)
def test_information_falls_with_noise_and_is_symmetric(p):
    crossover = torch.linspace(0, 0.5, 300, dtype=torch.float64)
    information = bsc_information(crossover, p)
    assert bool((information.diff() < 1e-15).all()) and information[0] > information[-1]
    assert torch.allclose(information, bsc_information(1 - crossover, p), atol=1e-14, rtol=0)


def test_a_constant_source_has_no_information():
    for p in (0.0, 1.0):
        assert bsc_information([0.0, 0.2, 0.5], p).tolist() == [0, 0, 0]
        assert bool(torch.isfinite(bsc_crossover_probability(0.0, p)))


def test_arguments_broadcast():
    bits, p = torch.tensor([0.01, 0.05])[:, None], torch.tensor([0.5, 0.3, 0.1])
    assert bsc_crossover_probability(bits, p).shape == (2, 3)
    assert bsc_crossover_probability(bits, p)[1, 2] == bsc_crossover_probability(bits[1, 0], p[2])


@pytest.mark.parametrize("bits, p", [(1.01, 0.5), (0.5, 0.1), (-0.01, 0.5), (math.nan, 0.5), (1e-6, 0.0)])
def test_more_bits_than_the_source_has_are_refused(bits, p):
    with pytest.raises(InformationError, match="this source has"):
        bsc_crossover_probability(bits, p)


@pytest.mark.parametrize(
    "crossover, p", [(-0.1, 0.5), (1.1, 0.5), (math.nan, 0.5), (0.1, 2.0), (0.1, math.nan)]
)
def test_invalid_probabilities_are_refused(crossover, p):
    with pytest.raises(InformationError, match="0 to 1"):
        bsc_information(crossover, p)


def test_the_error_names_the_value_that_fails():
    with pytest.raises(InformationError, match="0.48 bits: this source has 0.468996"):
        bsc_crossover_probability([0.0, 0.4, 0.48], 0.1)


@pytest.mark.parametrize("p", [0.5, 0.2, 0.01])
@pytest.mark.parametrize("share", [1e-300, 1e-38, 1e-20, 1e-12, 1e-9, 1e-6])
def test_tiny_rates_have_crossover_probabilities_close_to_a_half(share, p):
    bits = share * binary_entropy(p)
    joint = TwoSourceJoint(torch.tensor([[[(1 - p) / 4] * 2] * 2, [[p / 4] * 2] * 2], dtype=torch.float64))
    refined = joint.pair.crossover_probabilities(bits, bits)[0]
    for crossover in (bsc_crossover_probability(bits, p), refined):
        assert bsc_information(crossover, p).item() == pytest.approx(bits.item(), abs=1e-15)


def test_a_source_is_fair_unless_it_is_said_otherwise():
    bits = 1 + 0.11 * math.log2(0.11) + 0.89 * math.log2(0.89)
    assert bsc_crossover_probability(bits).item() == pytest.approx(0.11, abs=1e-9)
