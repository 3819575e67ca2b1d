"""Gaussian encoders: integrals of 20 digits, closed forms, bounds, and refusals."""

import math

import mpmath
import numpy as np
import pytest
import torch

from infodecomp import (
    InformationError,
    distinguishability,
    gaussian_channel_information,
    gaussian_divergence,
    gaussian_encoder_information,
)


def integral(means, deviations) -> float:
    """I(X;U) in bits of equally likely values, by mpmath on panels around every component."""
    with mpmath.workdps(20):
        pairs = [(mpmath.mpf(m), mpmath.mpf(s)) for m, s in zip(means, deviations)]

        def integrand(u):
            densities = [mpmath.npdf(u, m, s) for m, s in pairs]
            mixture = sum(densities) / len(pairs)
            return sum(d * mpmath.log(d / mixture, 2) for d in densities if d > 0) / len(pairs)

        ends = sorted({m + k * s for m, s in pairs for k in range(-12, 13)})
        return float(mpmath.quad(integrand, ends))


@pytest.mark.parametrize(
    ("mean", "deviation"),
    [
        ([0.0, 0.0], [0.05, 1.5]),
        ([0.0, 0.3], [0.01, 10.0]),
        ([-1.5, -0.5, 0.5, 1.5], [0.2, 0.2, 0.2, 0.2]),
        ([-1.0, 0.0, 0.02, 2.0], [0.01, 3.0, 0.1, 10.0]),
        ([0.0, 0.04], [0.01, 0.01]),
    ],
)
def test_information_agrees_with_an_integral_of_twenty_digits(mean, deviation):
    found = gaussian_encoder_information(mean, deviation).information.item()
    assert found == pytest.approx(integral(mean, deviation), abs=1e-9)


def test_a_narrow_component_inside_a_wide_one_is_integrated_in_full():
    found = gaussian_encoder_information([0.0, 0.0], [0.05, 1.5]).information.item()
    assert found == pytest.approx(0.8186, abs=5e-5)


@pytest.mark.parametrize(("deviation", "information"), [(0.5, 0.9128), (1, 0.4859), (2, 0.1607)])
def test_two_equal_widths_are_a_binary_input_gaussian_channel(deviation, information):
    found = gaussian_encoder_information([-1, 1], deviation).information.item()
    assert found == pytest.approx(gaussian_channel_information(deviation).item(), abs=1e-12)
    assert found == pytest.approx(information, abs=6e-5)


def test_probabilities_weight_the_values():
    found = gaussian_encoder_information([-1, 1], 0.7, [0.1, 0.9]).information.item()
    assert found == pytest.approx(gaussian_channel_information(0.7, 0.9).item(), abs=1e-12)
    assert gaussian_encoder_information([-1, 1], 0.7, [0.0, 1.0]).information.item() == 0


def test_the_divergence_is_a_mean_in_bits_and_never_below_the_information():
    assert gaussian_divergence(1.0, 1.0).item() == pytest.approx(0.5 / math.log(2))
    means = torch.tensor([-1.5, -0.5, 0.5, 1.5])
    found = gaussian_encoder_information(means, 0.5)
    assert found.divergence.item() == pytest.approx(gaussian_divergence(means, 0.5).mean().item())
    generator = torch.Generator().manual_seed(1)
    many = gaussian_encoder_information(
        3 * torch.randn(50, 4, generator=generator), torch.rand(50, 4, generator=generator) + 0.05
    )
    assert bool((many.gap >= -1e-9).all()) and bool((many.information <= 2 + 1e-9).all())
    assert gaussian_encoder_information([0.0] * 4, 1.0).information.item() == pytest.approx(0, abs=1e-9)
    separate = gaussian_encoder_information([-9.0, -3, 3, 9], 0.1)
    assert separate.information.item() == pytest.approx(2, abs=1e-9)


def test_a_batch_equals_its_members():
    generator = torch.Generator().manual_seed(3)
    mean, deviation = (
        torch.randn(2, 3, 4, generator=generator),
        torch.rand(2, 3, 4, generator=generator) + 0.01,
    )
    batch = gaussian_encoder_information(mean, deviation).information
    assert batch.shape == (2, 3)
    alone = gaussian_encoder_information(mean[1, 2], deviation[1, 2]).information
    assert batch[1, 2].item() == pytest.approx(alone.item(), abs=1e-14)


def test_distinguishability_is_one_minus_the_overlap():
    u = np.linspace(-30, 30, 60_001)
    mean, deviation = np.array([-1.0, 0.5, 0.5]), np.array([0.7, 1.3, 1.3])
    density = np.exp(-(((u - mean[:, None]) / deviation[:, None]) ** 2) / 2)
    density /= deviation[:, None] * math.sqrt(2 * math.pi)
    overlap = np.sqrt(density[:, None] * density).sum(-1) * (u[1] - u[0])
    assert np.allclose(distinguishability(mean, deviation).numpy(), 1 - overlap, atol=1e-6)


@pytest.mark.parametrize("deviation", [0, -1, math.inf, math.nan])
@pytest.mark.parametrize("function", [gaussian_encoder_information, gaussian_divergence, distinguishability])
def test_a_deviation_must_be_finite_and_above_zero(function, deviation):
    with pytest.raises(InformationError, match="width"):
        function([0.0, 1.0], deviation)


def test_information_has_a_gradient():
    mean = torch.tensor([-1.0, 1.0], dtype=torch.float64, requires_grad=True)
    gaussian_encoder_information(mean, 1.0).information.backward()
    assert mean.grad[1].item() == pytest.approx(-mean.grad[0].item()) and mean.grad[1] > 0.1


def test_a_call_in_inference_mode_leaves_gradients_possible():
    with torch.inference_mode():
        gaussian_encoder_information([0.0, 1.0, 2.0], 1.0)
    mean = torch.tensor([0.0, 1.0, 2.0], dtype=torch.float64, requires_grad=True)
    gaussian_encoder_information(mean, 1.0).information.backward()
    assert bool(torch.isfinite(mean.grad).all())
