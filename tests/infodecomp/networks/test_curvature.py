"""Gauss-Newton spectra and weight noise against closed forms."""

import math

import pytest
import torch

from infodecomp.errors import InformationError
from infodecomp.networks.architecture import MLP
from infodecomp.networks.gauss_newton import (
    curvature_bits,
    effective_parameters,
    gauss_newton_eigenvalues,
    output_jacobian,
)
from infodecomp.networks.symmetries import scale_neurons
from infodecomp.networks.weight_noise import survival_under_weight_noise

DEEP, LINEAR = MLP((3, 4, 4, 1)), MLP((3, 1))
GENERATOR = torch.Generator().manual_seed(0)
X = torch.randn(12, 3, generator=GENERATOR, dtype=torch.float64)


def test_the_jacobian_of_a_linear_network_is_its_inputs():
    jacobian = output_jacobian(LINEAR, torch.zeros(2, 4), X.float())
    expected = torch.cat((X.float(), torch.ones(12, 1)), 1)
    assert torch.allclose(jacobian, expected.double().expand(2, -1, -1), atol=1e-6)


def test_the_jacobian_of_a_deep_network_is_that_of_finite_differences():
    parameters, step = DEEP.initial([1], dtype=torch.float64), 1e-6
    steps = torch.eye(DEEP.n_parameters, dtype=torch.float64) * step
    up, down = (DEEP.forward(parameters + sign * steps, X)[-1][..., 0] for sign in (1, -1))
    assert torch.allclose(output_jacobian(DEEP, parameters, X)[0], (up - down).T / (2 * step), atol=1e-6)


def test_eigenvalues_are_those_of_the_hessian_where_the_error_is_zero():
    parameters = DEEP.initial([2], dtype=torch.float64)
    targets = DEEP.forward(parameters, X)[-1][0, :, 0]

    def loss(row):
        return (DEEP.forward(row[None], X)[-1][0, :, 0] - targets).square().mean()

    hessian = torch.autograd.functional.hessian(loss, parameters[0])
    expected = torch.linalg.eigvalsh(hessian).flip(0)[:12]
    assert torch.allclose(gauss_newton_eigenvalues(DEEP, parameters, X)[0], expected.clamp_min(0), atol=1e-8)


def test_there_are_never_more_eigenvalues_than_outputs_or_parameters():
    assert gauss_newton_eigenvalues(DEEP, DEEP.initial([3]), X).shape == (1, 12)
    assert gauss_newton_eigenvalues(LINEAR, LINEAR.initial([3]), X).shape == (1, 4)


def test_effective_parameters_and_bits_have_their_closed_forms():
    assert effective_parameters([1.0, 1.0, 0.0], 1.0).item() == 1
    assert curvature_bits([3.0, 0.0], 1.0).item() == 1
    with pytest.raises(InformationError, match="at least 0"):
        effective_parameters([-1.0], 1.0)


def test_survival_of_one_weight_is_a_normal_probability():
    network, x, y = MLP((1, 1)), [[0.0], [1.0]], [0.0, 1.0]
    parameters = torch.tensor([[1.0, 0.0]])  # output = x: right while bias < 1/2 and weight + bias > 1/2
    scales = [0.1, 0.5, 1.0]
    found = survival_under_weight_noise(network, parameters, x, y, scales, n_draws=20_000)[0]
    draws = torch.randn(200_000, 2, generator=torch.Generator().manual_seed(9), dtype=torch.float64)
    for scale, share in zip(scales, found.tolist()):
        weight, bias = (scale * draws).T
        expected = ((bias < 0.5) & (1 + weight + bias > 0.5)).double().mean().item()
        assert share == pytest.approx(expected, abs=4 * math.sqrt(0.25 / 20_000))


def test_no_noise_harms_nothing_and_much_noise_nearly_all():
    parameters = DEEP.initial([1, 2], dtype=torch.float64)
    right = (DEEP.forward(parameters, X)[-1][..., 0] > 0.5).double()
    found = survival_under_weight_noise(DEEP, parameters, X, right, [0.0, 100.0])
    assert found[:, 0].tolist() == [1, 1] and bool((found[:, 1] < 0.3).all())


def test_relative_noise_does_not_see_the_scale_of_neurons():
    before = DEEP.initial([4], dtype=torch.float64)
    after = scale_neurons(DEEP, before, 0, [4.0, 0.25, 1.0, 8.0])
    right = (DEEP.forward(before, X)[-1][..., 0] > 0.1).double()
    survive = [
        survival_under_weight_noise(DEEP, p, X, right, [0.05, 0.2, 0.5], relative=relative)
        for relative in (True, False)
        for p in (before, after)
    ]
    assert torch.equal(survive[0], survive[1])
    assert not torch.equal(survive[2], survive[3])


def test_negative_noise_and_missing_targets_are_refused():
    with pytest.raises(InformationError, match="from 0 on"):
        survival_under_weight_noise(LINEAR, torch.zeros(1, 4), X, torch.zeros(12), [-1.0])
    with pytest.raises(InformationError, match="a target for each sample"):
        survival_under_weight_noise(LINEAR, torch.zeros(1, 4), X, torch.zeros(3), [1.0])
