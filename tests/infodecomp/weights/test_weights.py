"""Information in weights and tempered posteriors against closed forms and quadrature."""

import math

import numpy as np
import pytest
import torch

from infodecomp.deterministic.noise_information import noise_information
from infodecomp.errors import InformationError
from infodecomp.weights.curve_network import N_WEIGHTS, features, fitted_curve, output
from infodecomp.weights.gaussian_posterior import (
    channel_information,
    direction_information,
    displacement_information,
    posterior_covariance,
)
from infodecomp.weights.tempered_posterior import (
    chain_coefficient,
    local_learning_coefficient,
    output_information,
    output_table,
    power_law_coefficient,
    sgld_samples,
    tempered_density,
)


@pytest.mark.parametrize(
    ("ratio", "bits"), [(0, 0), (1, 0.1393), (10, 1.0739), (100, 2.6149), (1000, 4.2630)]
)
def test_information_of_one_direction(ratio, bits):
    assert direction_information([ratio], 1.0)[0] == pytest.approx(bits, abs=6e-5)
    assert direction_information([ratio * 0.5], 2.0, 4.0)[0] == pytest.approx(bits, abs=6e-5)


def test_the_parts_sum_to_the_divergence_of_two_gaussians():
    generator = np.random.default_rng(0)
    factor = generator.standard_normal((4, 4))
    hessian, w, beta, variance = factor @ factor.T, generator.standard_normal(4), 0.3, 1.7
    covariance = posterior_covariance(hessian, beta, variance)
    posterior = torch.distributions.MultivariateNormal(torch.tensor(w), torch.tensor(covariance))
    prior = torch.distributions.MultivariateNormal(
        torch.zeros(4, dtype=torch.float64), variance * torch.eye(4, dtype=torch.float64)
    )
    divergence = torch.distributions.kl_divergence(posterior, prior).item() / math.log(2)
    curvature = np.linalg.eigvalsh(hessian)
    parts = direction_information(curvature, beta, variance).sum() + displacement_information(w, variance)
    assert parts == pytest.approx(divergence, abs=1e-9)


def test_no_other_gaussian_is_cheaper():
    hessian, beta, variance = np.diag([0.0, 0.5, 3.0]), 0.2, 1.0

    def cost(covariance):
        divergence = 0.5 * (np.trace(covariance) / variance - np.linalg.slogdet(covariance)[1])
        return 0.5 * np.trace(hessian @ covariance) + beta * divergence

    best = posterior_covariance(hessian, beta, variance)
    for scale in (0.8, 1.2):
        for axis in range(3):
            other = best.copy()
            other[axis, axis] *= scale
            assert cost(other) > cost(best)


@pytest.mark.parametrize(("noise", "bits"), [(0.1, math.log2(10) + 0.9164), (0.3, 2.658), (1.0, 1.157)])
def test_a_noisy_weight_is_a_channel(noise, bits):
    """z = w x with w ~ N(1, s^2) and x ~ N(0, 1): the noise is proportional to |x|, so x = 0 is left out."""
    x = (np.arange(500) + 0.5) / 500 * 10 - 5
    p = np.exp(-(x**2) / 2)
    deviations = np.maximum(noise * abs(x), 2e-3)
    assert channel_information(x, deviations, p / p.sum(), 6000) == pytest.approx(bits, abs=0.06)


def test_equal_deviations_are_the_noisy_read_out():
    centres = np.random.default_rng(1).standard_normal(50)
    assert channel_information(centres, np.full(50, 0.2), points=4000) == pytest.approx(
        noise_information(centres, 0.2), abs=1e-9
    )


def test_the_curve_is_fitted_and_its_loss_is_quadratic():
    fit = fitted_curve()
    assert fit.loss < 0.003 and np.linalg.eigvalsh(fit.hessian).min() > -1e-12
    step = np.random.default_rng(0).standard_normal(N_WEIGHTS)
    residual = output(fit.weights, fit.x) - fit.y
    gradient = features(fit.x).T @ residual / len(fit.x)
    moved = ((output(fit.weights + step, fit.x) - fit.y) ** 2).mean() / 2
    assert moved == pytest.approx(fit.loss + gradient @ step + step @ fit.hessian @ step / 2, abs=1e-9)


@pytest.mark.parametrize(("powers", "coefficient"), [([2], 0.5), ([4], 0.25), ([2, 2], 1.0), ([2, 4], 0.75)])
def test_learning_coefficients_by_quadrature(powers, coefficient):
    axis = np.linspace(-3, 3, 1201)
    grid = np.meshgrid(*[axis] * len(powers))
    loss = sum(abs(w) ** p for w, p in zip(grid, powers)) / 2
    for strength in (50.0, 300.0):
        density = tempered_density(loss, sum(w**2 for w in grid), strength, 0.0)
        assert local_learning_coefficient(loss, density, strength) == pytest.approx(coefficient, abs=2e-3)
        both = np.stack([density, density[::-1]])
        assert local_learning_coefficient(loss, both, strength) == pytest.approx([coefficient] * 2, abs=2e-3)
    assert power_law_coefficient(powers) == coefficient
    with pytest.raises(InformationError, match="one probability for each loss"):
        local_learning_coefficient(loss, density.ravel()[1:], 1.0)


def test_langevin_chains_find_the_coefficient_of_a_quadratic():
    samples = sgld_samples(lambda w: w, [0.0, 0.0], 100.0, 0.0, chains=128, steps=600, step_size=2e-3)
    coefficient, error = chain_coefficient((samples**2).sum(-1) / 2, 100.0)
    assert coefficient == pytest.approx(1.0, abs=4 * error + 0.06)  # a finite step adds 5 %


def test_a_strong_pull_leaves_one_network():
    axis = np.linspace(-1, 1, 41)
    loss = axis**2
    density = tempered_density(loss, (axis - 0.5) ** 2, 10.0, 1e6)
    assert density.max() > 0.999 and axis[density.argmax()] == pytest.approx(0.5)
    cells = np.stack([np.full(41, 0), np.full(41, 1), np.full(41, 2), np.full(41, 3)])
    flat = np.full(41, 1 / 41)
    densities = np.stack([density, flat], 1)
    assert output_information(output_table(cells, 4), 4, densities) == pytest.approx([2, 2])
    scrambled = np.tile(np.arange(41) % 4, (4, 1))
    assert output_information(output_table(scrambled, 4), 4, densities)[1] == pytest.approx(0, abs=1e-9)


def test_several_pulls_at_once_are_each_alone():
    axis = np.linspace(-1, 1, 41)
    together = tempered_density(axis**2, (axis - 0.5) ** 2, 10.0, [0.0, 3.0])
    alone = [tempered_density(axis**2, (axis - 0.5) ** 2, 10.0, pull) for pull in (0.0, 3.0)]
    assert together == pytest.approx(np.stack(alone))


@pytest.mark.parametrize(
    "call",
    [
        lambda: direction_information([-1.0], 1.0),
        lambda: direction_information([1.0], 0.0),
        lambda: tempered_density([1.0], [1.0, 2.0], 1.0, 0.0),
        lambda: tempered_density([1.0], [1.0], -1.0, 0.0),
        lambda: power_law_coefficient([0.0]),
        lambda: channel_information(np.zeros(2), np.zeros(2)),
    ],
)
def test_invalid_arguments_are_refused(call):
    with pytest.raises(InformationError, match="give|outside"):
        call()
