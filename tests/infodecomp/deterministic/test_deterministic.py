"""Information in deterministic maps against closed forms, brute force and automatic differentiation."""

import math

import numpy as np
import pytest
import torch

import infodecomp
from infodecomp.deterministic.binning import (
    NORMAL_ENTROPY,
    asymptotic_entropy,
    binned_entropies,
    binned_entropy,
    binned_normal_entropy,
)
from infodecomp.deterministic.feistel import MAX_ROUNDS, bits_of, cnot, feistel_outputs
from infodecomp.deterministic.missing_bits import float_entropy, missing_bits
from infodecomp.deterministic.noise_information import (
    layer_noise,
    map_noise_information,
    noise_information,
    relu_noise_information,
)
from infodecomp.deterministic.scalar_maps import (
    discrete_entropy,
    output_entropy,
    piecewise_linear_map,
    scalar_map,
    stratified_normal,
)
from infodecomp.deterministic.usable_information import (
    fit_linear_probe,
    fit_network_probe,
    linear_log_odds,
    network_log_odds,
    usable_information,
)
from infodecomp.deterministic.volume_change import log_volume, mapped_entropy, plane_map
from infodecomp.errors import InformationError


@pytest.mark.parametrize(("n", "bits"), [(1000, 9.965784), (1797, 10.811375), (4096, 12)])
def test_an_injective_map_of_n_inputs_keeps_log_n(n, bits):
    x = stratified_normal(n)
    for kind in ("linear", "tanh"):
        assert output_entropy(scalar_map(kind).function(x)) == pytest.approx(bits, abs=1e-6)


def test_maps_that_merge_inputs_keep_less():
    x = stratified_normal(1000)
    assert output_entropy(scalar_map("step").function(x)) == pytest.approx(1)
    assert output_entropy(scalar_map("constant").function(x)) == 0
    assert output_entropy(scalar_map("relu").function(x)) == pytest.approx(0.5 + 0.5 * math.log2(1000))
    assert discrete_entropy(scalar_map("step")) == pytest.approx(1)
    assert discrete_entropy(scalar_map("constant")) == 0
    with pytest.raises(InformationError, match="infinite"):
        discrete_entropy(scalar_map("tanh"))


def test_a_piecewise_linear_map_is_finite_only_if_it_is_flat_everywhere():
    assert piecewise_linear_map([-1, 0, 1], [2, 2, 2]).is_discrete
    assert not piecewise_linear_map([-1, 0, 1], [2, 2, 3]).is_discrete
    same = piecewise_linear_map([-9, 9], [-9, 9])
    assert map_noise_information(same, 1.0) == pytest.approx(0.5, abs=1e-6)


@pytest.mark.parametrize(("gain", "bits"), [(1, 0.5), (10, 3.329106)])
def test_noise_information_of_a_line(gain, bits):
    assert map_noise_information(scalar_map("linear", gain), 1.0) == pytest.approx(bits, abs=1e-6)


@pytest.mark.parametrize("noise", [0.1, 0.25, 0.5, 1.0, 2.0, 5.0])
def test_noise_information_of_a_step_is_the_binary_input_channel(noise):
    truth = infodecomp.gaussian_channel_information(noise).item()
    assert map_noise_information(scalar_map("step"), noise) == pytest.approx(truth, abs=1e-9)


@pytest.mark.parametrize("kind", ["linear", "tanh"])
def test_small_noise_sees_the_slope(kind):
    """I = h(X) + E log2 |f'| - h(N), nearly."""
    noise, gain = 0.004, 0.7
    slope = math.log2(gain) if kind == "linear" else mapped_entropy("tanh", gain) / 2 - NORMAL_ENTROPY
    expected = slope - math.log2(noise)
    assert map_noise_information(scalar_map(kind, gain), noise) == pytest.approx(expected, abs=2e-3)


def test_noise_information_does_not_depend_on_the_quadrature():
    """Half of a rectified normal is an atom: a dense sample agrees with the panels."""
    x = stratified_normal(20_000)
    dense = noise_information(np.maximum(x, 0), 0.3)
    assert map_noise_information(scalar_map("relu"), 0.3) == pytest.approx(dense, abs=1e-4)


@pytest.mark.parametrize(("scale", "noise"), [(1, 1), (1, 0.1), (3, 0.02), (0.3, 2), (10, 0.05)])
def test_the_closed_form_of_the_relu_agrees_with_quadrature(scale, noise):
    bits = map_noise_information(scalar_map("relu", scale), noise)
    assert relu_noise_information(scale, noise) == pytest.approx(bits, abs=1e-10)
    with pytest.raises(InformationError, match="above 0"):
        relu_noise_information(scale, 0)


def test_separate_outputs_give_log_n_and_equal_ones_nothing():
    assert noise_information(np.arange(64) * 1e6, 1.0) == pytest.approx(6)
    assert noise_information(np.zeros(64), 1.0) == pytest.approx(0, abs=1e-9)


def test_noise_in_every_layer_restores_data_processing():
    line = scalar_map("linear")
    bits = [map_noise_information(line, layer_noise(1.0, 1.0, depth)) for depth in (1, 2, 3)]
    assert bits == pytest.approx([0.5, 0.5 * math.log2(1.5), 0.5 * math.log2(4 / 3)], abs=1e-9)
    for gain in (0.5, 3.0):
        deep = [map_noise_information(line, layer_noise(0.5, gain, depth)) for depth in range(1, 6)]
        assert all(a > b for a, b in zip(deep, deep[1:]))


@pytest.mark.parametrize(
    ("width", "bits"),
    [(4, 0.3125), (2, 1.2412), (1, 2.1048), (0.5, 3.0620), (0.25, 4.0508), (0.1, 5.3696), (0.01, 8.6910)],
)
def test_binned_entropies_of_a_normal_variable(width, bits):
    assert binned_normal_entropy(width) == pytest.approx(bits, abs=6e-5)


def test_binned_entropy_approaches_its_asymptote():
    assert asymptotic_entropy(1.0) == pytest.approx(2.047096, abs=1e-6)
    assert binned_normal_entropy(1e-3) == pytest.approx(asymptotic_entropy(1e-3), abs=1e-6)


def test_binned_samples_saturate_at_log_n():
    x = np.random.default_rng(0).standard_normal(1000)
    assert binned_entropy(x, 1e-9) == pytest.approx(math.log2(1000))
    assert binned_entropy(x, 100) == 0
    sets = np.stack([x[:900].reshape(-1, 3), 9 * x[100:].reshape(-1, 3)])
    oracle = []
    for cells in np.rint(sets / 0.7):
        counts = np.unique(cells, axis=0, return_counts=True)[1]
        oracle.append(-(counts / 300 * np.log2(counts / 300)).sum())
    assert binned_entropies(sets, 0.7) == pytest.approx(oracle, abs=1e-12)
    cells = np.random.default_rng(0).integers(0, 4, (4096, 2))
    assert binned_entropy(cells, 1.0) == pytest.approx(4, abs=0.01)


@pytest.mark.parametrize(
    ("kind", "n_bits", "bits"),
    [("mean", 9, 9.2787), ("mean", 10, 10.2787), ("relu", 8, 7.066), ("relu", 9, 8.037), ("relu", 10, 9.020)]
    + [("tanh", 8, 0.949), ("tanh", 9, 0.965), ("tanh", 10, 0.968), ("projection", 7, 7), ("identity", 7, 0)],
)
def test_missing_bits(kind, n_bits, bits):
    assert missing_bits(kind, n_bits) == pytest.approx(bits, abs=2e-3)


def test_missing_bits_of_a_network_are_those_of_brute_force():
    n = 5
    x = (np.arange(2**n) + 0.5) * 2.0 ** (1 - n) - 1
    points = np.stack(np.meshgrid(x, x, indexing="ij"), -1).reshape(-1, 2)
    weights = np.random.default_rng(0).standard_normal((2, 2)) / math.sqrt(2)
    z = np.maximum(points @ weights.T, 0)
    cells = np.clip(np.floor((z + 1) * 2 ** (n - 1)), 0, 2**n - 1)
    counts = np.unique(cells, axis=0, return_counts=True)[1] / 4**n
    assert missing_bits("network", n) == pytest.approx(2 * n + (counts * np.log2(counts)).sum(), abs=1e-9)


@pytest.mark.parametrize("mantissa", [1, 3, 10, 23])
def test_a_float_holds_two_bits_more_than_its_mantissa(mantissa):
    assert float_entropy(mantissa) == pytest.approx(mantissa + 2, abs=1e-12)


@pytest.mark.parametrize(("gain", "bits"), [(0.5, 0.7213), (1, 0.9663), (2, -0.0018), (4, -3.3944)])
def test_entropy_of_a_squashed_normal(gain, bits):
    assert mapped_entropy("tanh", gain) / 2 == pytest.approx(bits, abs=6e-5)


def test_entropy_of_linear_and_coupling_maps():
    plain = 2 * NORMAL_ENTROPY
    assert mapped_entropy("stretch", 2) == pytest.approx(plain)
    assert mapped_entropy("scale", 2) == pytest.approx(plain + 2)
    assert mapped_entropy("coupling", 1) == pytest.approx(plain, abs=1e-9)  # an odd log scale averages out


@pytest.mark.parametrize("kind", ["stretch", "scale", "tanh", "coupling"])
def test_log_volumes_are_those_of_the_jacobian(kind):
    mapping = plane_map(kind, 1.3)
    for point in torch.randn(5, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(0)):
        jacobian = torch.autograd.functional.jacobian(mapping, point)
        assert log_volume(kind, 1.3, point.numpy()) == pytest.approx(
            math.log2(abs(torch.linalg.det(jacobian).item())), abs=1e-9
        )


@pytest.mark.parametrize("rounds", range(MAX_ROUNDS + 1))
def test_every_round_is_a_bijection(rounds):
    assert sorted(feistel_outputs(rounds)) == list(range(4096))


def test_bits_are_written_most_significant_first():
    assert bits_of(np.array([5]), 4).tolist() == [[0, 1, 0, 1]]


def test_a_controlled_not_makes_a_parity_linear():
    """The parity of two bits: nothing for a linear probe before, everything after."""
    a, b = (np.repeat(bits, 250) for bits in ([0, 0, 1, 1], [0, 1, 0, 1]))
    target = a ^ b
    usable = []
    for x in (np.stack([a, b], 1), np.stack(cnot(a, b), 1)):
        weights = fit_linear_probe(x * 2.0 - 1, target)
        usable.append(usable_information(linear_log_odds(weights, x * 2.0 - 1), target, 0.5).bits)
    assert usable[0] == pytest.approx(0, abs=1e-6) and usable[1] > 0.95


def test_a_network_uses_what_a_linear_probe_cannot():
    x = np.random.default_rng(1).integers(0, 2, (1000, 4)) * 2.0 - 1
    y = (x[:, 0] * x[:, 1] > 0).astype(float)
    weights = fit_network_probe(x[:700], y[:700], 150, 200)
    held_out = network_log_odds(weights, torch.from_numpy(x[700:]).float())
    assert usable_information(held_out, y[700:], float(y[:700].mean())).bits > 0.9


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: scalar_map("sine"), "choose from"),
        (lambda: scalar_map("tanh", 0), "above 0"),
        (lambda: piecewise_linear_map([0, 0], [1, 2]), "strictly ascending"),
        (lambda: noise_information([0.0], 0), "above 0"),
        (lambda: relu_noise_information(3, 2e-8), "more than 100,000 times .* at least 3e-05"),
        (lambda: noise_information([0.0, 1.0], 1, [0.3, 0.3]), "sum to 0.6"),
        (lambda: binned_normal_entropy(0), "outside its limits"),
        (lambda: binned_entropy([1.0], 0), "above 0"),
        (lambda: missing_bits("relu", 11), "from 1 to 10"),
        (lambda: missing_bits("sine", 3), "choose from"),
        (lambda: plane_map("fold", 1), "choose from"),
        (lambda: feistel_outputs(9), "from 0 to 8"),
        (lambda: usable_information([1.0, 2.0], [1, 0], 1.0), "between 0 and 1"),
    ],
)
def test_invalid_arguments_are_refused(call, says):
    with pytest.raises(InformationError, match=says):
        call()
