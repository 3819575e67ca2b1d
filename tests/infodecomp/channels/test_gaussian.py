"""The binary-input Gaussian channel: 30-digit integrals, limits of small and large noise, and the inverse."""

import math

import mpmath
import pytest
import torch

from infodecomp import (
    InformationError,
    binary_entropy,
    gaussian_channel_density,
    gaussian_channel_information,
    gaussian_channel_noise,
)


def integral(noise: float, p: float) -> float:
    """H(X) - H(X|U) in 20 digits, by mpmath over both components and around the voltage of even odds."""
    with mpmath.workdps(20):
        s, p = mpmath.mpf(noise), mpmath.mpf(p)
        even = -s * s / 2 * mpmath.log(p / (1 - p))

        def loss(u):
            parts = [p * mpmath.npdf(u, 1, s), (1 - p) * mpmath.npdf(u, -1, s)]
            return -sum(part * mpmath.log(part / sum(parts), 2) for part in parts if part > 0)

        ends = [-1 - 12 * s, 1 + 12 * s]
        breaks = [even + k * s * s for k in (-20, -8, 0, 8, 20)] + [
            x + k * s for x in (-1, 1) for k in (-4, 0, 4)
        ]
        h = -(p * mpmath.log(p, 2) + (1 - p) * mpmath.log(1 - p, 2))
        return float(h - mpmath.quad(loss, sorted(ends + [u for u in breaks if ends[0] < u < ends[1]])))


@pytest.mark.parametrize("noise", [0.1, 0.3, 0.69, 0.71, 1.0, 3.0, 100.0, 1e5])
@pytest.mark.parametrize("p", [0.5, 0.1, 1e-4, 0.999])
def test_information_agrees_with_an_integral_of_twenty_digits(noise, p):
    assert gaussian_channel_information(noise, p).item() == pytest.approx(
        integral(noise, p), rel=1e-10, abs=1e-13
    )


@pytest.mark.parametrize("noise, bits", [(0.5, 0.9128), (1, 0.4859), (2, 0.1607)])
def test_known_values(noise, bits):
    assert gaussian_channel_information(noise).item() == pytest.approx(bits, abs=5e-5)


def test_large_noise_leaves_some_information():
    """An integral that stops at a few volts would lose most of it: 0.076 bits at 3 V of noise."""
    assert gaussian_channel_information(3).item() == pytest.approx(0.0760, abs=5e-5)


@pytest.mark.parametrize("p", [0.5, 0.2, 1e-3])
def test_information_at_large_noise_is_half_the_signal_to_noise_ratio(p):
    noise = torch.logspace(3, 6, 30, dtype=torch.float64)
    expected = 4 * p * (1 - p) / (2 * math.log(2) * noise.square())
    assert torch.allclose(gaussian_channel_information(noise, p), expected, rtol=1e-5, atol=0)


def test_loss_at_small_noise_agrees_with_its_expansion():
    """H(X|U) = s sqrt(pi/2) exp(-1/(2 s^2)) (1 - s^2 (1 + pi^2/8) + O(s^4)) / ln 2 for a fair source."""
    noise = torch.tensor([0.14, 0.16, 0.18], dtype=torch.float64)
    lost = noise * math.sqrt(math.pi / 2) * torch.exp(-1 / (2 * noise.square())) / math.log(2)
    lost = lost * (1 - noise.square() * (1 + math.pi**2 / 8))
    assert torch.allclose(1 - gaussian_channel_information(noise), lost, rtol=0.01, atol=0)


@pytest.mark.parametrize("p", [0.5, 0.3, 1e-4])
def test_limits_of_no_noise_and_infinite_noise(p):
    assert gaussian_channel_information([0.0, 1e-6, 1e-3], p).tolist() == [binary_entropy(p).item()] * 3
    assert gaussian_channel_information(math.inf, p).item() < 1e-100
    assert gaussian_channel_noise(0, p).item() == math.inf
    assert gaussian_channel_noise(binary_entropy(p), p).item() == 0


@pytest.mark.parametrize("p", [0.5, 0.3, 0.01])
def test_information_falls_smoothly_with_noise(p):
    noise = torch.logspace(-6, 6, 3000, dtype=torch.float64)
    information = gaussian_channel_information(noise, p)
    assert bool(torch.isfinite(information).all())
    assert bool((information.diff() <= 1e-15).all())
    near = torch.linspace(0.7 - 1e-7, 0.7 + 1e-7, 21, dtype=torch.float64)
    assert gaussian_channel_information(near, p).diff().diff().abs().max().item() < 1e-14


@pytest.mark.parametrize("p", [0.5, 0.3, 0.1, 0.01, 1e-4, 1e-8, 0.999])
def test_rates_to_noise_and_back(p):
    share = torch.cat(
        [torch.linspace(0, 1, 101), torch.logspace(-12, -1, 30), 1 - torch.logspace(-9, -1, 30)]
    ).double()
    bits = share * binary_entropy(p)
    noise = gaussian_channel_noise(bits, p)
    assert (gaussian_channel_information(noise, p) - bits).abs().max().item() < 1e-14
    assert not bool(noise.isnan().any())


def test_information_is_symmetric_in_p():
    noise = torch.logspace(-1, 2, 20, dtype=torch.float64)
    assert torch.allclose(
        gaussian_channel_information(noise, 0.2), gaussian_channel_information(noise, 0.8), rtol=1e-12, atol=0
    )


@pytest.mark.parametrize("p", [0.0, 1.0])
def test_a_constant_source_has_no_information(p):
    assert gaussian_channel_information([0.0, 0.5, 2.0, 1e6], p).tolist() == [0, 0, 0, 0]
    assert not bool(gaussian_channel_noise(0, p).isnan())


def test_arguments_broadcast():
    assert gaussian_channel_information(torch.ones(4, 1), torch.tensor([0.2, 0.5])).shape == (4, 2)
    assert gaussian_channel_information(1.0).shape == ()
    assert gaussian_channel_density(torch.zeros(5), 1.0).shape == (5, 2)


def test_density_agrees_with_the_information():
    u = torch.linspace(-9, 9, 4001, dtype=torch.float64)
    joint = gaussian_channel_density(u, 0.8, 0.3)
    assert torch.trapezoid(joint, u, dim=0).tolist() == pytest.approx([0.7, 0.3], abs=1e-12)
    assert torch.trapezoid(u * joint[:, 1], u).item() / 0.3 == pytest.approx(1, abs=1e-12)
    posterior = joint[:, 1] / joint.sum(1)
    left = torch.trapezoid(joint.sum(1) * binary_entropy(posterior), u).item()
    assert binary_entropy(0.3).item() - left == pytest.approx(
        gaussian_channel_information(0.8, 0.3).item(), abs=1e-9
    )


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: gaussian_channel_information(-1), "at least 0 V"),
        (lambda: gaussian_channel_information(math.nan), "at least 0 V"),
        (lambda: gaussian_channel_information(1, 1.5), "0 to 1"),
        (lambda: gaussian_channel_noise(1.1), "this source has 1"),
        (lambda: gaussian_channel_noise(-0.1), "this source has 1"),
        (lambda: gaussian_channel_noise(math.nan), "this source has 1"),
        (lambda: gaussian_channel_density(0, 0), "no density"),
        (lambda: gaussian_channel_density(0, math.inf), "no density"),
    ],
)
def test_invalid_arguments_are_refused(call, message):
    with pytest.raises(InformationError, match=message):
        call()
