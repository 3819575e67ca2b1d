"""Spectra, progress measures, ablation and information under noise against closed forms and brute force."""

import itertools
import math

import numpy as np
import pytest
import torch

from infodecomp.errors import InformationError
from infodecomp.modular.ablation import accuracy_with, ordered_accuracy, subset_accuracies
from infodecomp.modular.information import activation_scale, exact_sum_information, noisy_sum_information
from infodecomp.modular.network import ModularNetwork, all_pairs, hidden, logits, loss_of
from infodecomp.modular.progress import (
    excluded_loss,
    group_logits,
    local_learning_coefficient,
    restricted_loss,
    sum_waves,
)
from infodecomp.modular.spectrum import (
    frequency_groups,
    gini_coefficient,
    large_groups,
    power_spectrum,
    strongest_waves,
)

MODULUS = 13


def waves(frequencies=(2, 5), n=5, modulus=MODULUS) -> ModularNetwork:
    """Exact waves: n neurons of each frequency, whose output angle is twice the one going in."""
    number = 2 * math.pi * torch.arange(modulus)[:, None] / modulus
    shift = 2 * math.pi * torch.arange(n) / n + 0.15
    inputs = torch.cat([torch.cos(f * number + shift) for f in frequencies], 1)
    outputs = torch.cat([torch.cos(f * number + 2 * shift) for f in frequencies], 1)
    return ModularNetwork(inputs, outputs.T.contiguous())


@pytest.mark.parametrize("modulus", [12, 13])
def test_power_sums_to_the_variance(modulus):
    weights = torch.randn(modulus, 4, generator=torch.Generator().manual_seed(1)).double()
    assert torch.allclose(power_spectrum(weights).sum(0), weights.var(0, correction=0))


def test_exact_waves_are_found_with_their_phases():
    found = strongest_waves(waves())
    assert found.frequency.tolist() == [2] * 5 + [5] * 5
    assert found.purity.min() > 1 - 1e-6 and not found.is_idle.any()
    twice = torch.exp(1j * (found.out_phase - 2 * found.phase))
    assert torch.allclose(twice.real, torch.ones(10, dtype=torch.float64), atol=1e-5)
    assert frequency_groups(waves()) == {2: [0, 1, 2, 3, 4], 5: [5, 6, 7, 8, 9]}


def test_a_wave_at_the_highest_frequency_of_an_even_modulus_has_its_own_amplitude():
    alternating = torch.tensor([1.0, -1.0] * 6)[:, None]
    waves = strongest_waves(ModularNetwork(alternating, alternating.T))
    assert waves.frequency.item() == 6
    assert waves.amplitude.item() == pytest.approx(1) and waves.out_amplitude.item() == pytest.approx(1)


def test_an_idle_neuron_belongs_to_no_group():
    network = waves()
    network.inputs[:, 3] *= 1e-3
    assert 3 not in frequency_groups(network)[2]


def test_small_groups_are_joined():
    assert large_groups(waves((1, 2, 4), 3), 2) == {1: [0, 1, 2], 0: [3, 4, 5, 6, 7, 8]}
    assert large_groups(waves(), 2) == frequency_groups(waves())


def test_too_many_groups_have_too_many_sets():
    with pytest.raises(InformationError, match="too many sets"):
        subset_accuracies(waves(), {f: [0] for f in range(11)})


def test_exact_information_is_all_of_it_unless_neurons_are_silent():
    network = waves((2,), 5)
    assert exact_sum_information(network, range(5)) == pytest.approx(math.log2(MODULUS))
    network.inputs.fill_(-1)
    assert exact_sum_information(network, range(5)) == pytest.approx(0)


@pytest.mark.parametrize(("values", "gini"), [([1, 1, 1, 1], 0), ([0, 0, 0, 2], 0.75), ([0, 0], 0)])
def test_the_gini_coefficient_at_its_ends(values, gini):
    assert gini_coefficient(torch.tensor(values)) == pytest.approx(gini)


def test_all_waves_over_the_sum_and_the_mean_are_the_mean_over_each_sum():
    scores = torch.randn(
        len(all_pairs(MODULUS).a), MODULUS, generator=torch.Generator().manual_seed(2)
    ).double()
    pairs = all_pairs(MODULUS)
    kept = sum_waves(scores, MODULUS, range(1, MODULUS // 2 + 1))
    weight = pairs.weight.double()[:, None]
    mean = (scores * weight).sum(0) / weight.sum()
    for total in range(MODULUS):
        rows = pairs.total == total
        by_sum = (scores[rows] * weight[rows]).sum(0) / MODULUS
        assert torch.allclose(kept[rows], (by_sum - mean).expand(int(rows.sum()), -1))


def test_waves_over_the_sum_are_a_projection():
    scores = logits(waves()).double()
    once = sum_waves(scores, MODULUS, [2, 5])
    assert torch.allclose(sum_waves(once, MODULUS, [2, 5]), once, atol=1e-9)
    assert sum_waves(once, MODULUS, [1, 3]).abs().max() < 1e-9


@pytest.mark.parametrize("frequencies", [[0], [7], [2, 2]])
def test_frequencies_out_of_bounds_are_refused(frequencies):
    with pytest.raises(InformationError, match="frequencies"):
        sum_waves(logits(waves()), MODULUS, frequencies)


def test_the_losses_of_a_finished_network():
    """Keeping the key waves keeps the answers; removing them is worse than guessing."""
    network, everything = waves(), torch.arange(len(all_pairs(MODULUS).a))
    network = ModularNetwork(network.inputs * 3, network.outputs * 3)
    full = loss_of(logits(network), all_pairs(MODULUS).total).item() / math.log(2)
    assert restricted_loss(network, [2, 5], everything) < full + 0.1
    assert excluded_loss(network, [2, 5], everything) > math.log2(MODULUS)


def test_the_learning_coefficient_of_a_flat_loss_is_zero():
    network = ModularNetwork(torch.full((7, 4), -5.0), torch.zeros(4, 7))
    value = local_learning_coefficient(network, torch.arange(10), 0, 1, 50, 1e-6)
    assert abs(value) < 1e-3


def test_groups_of_neurons_add_up_to_the_logits():
    network = waves()
    parts = group_logits(network, frequency_groups(network))
    assert torch.allclose(sum(parts.values()), logits(network), atol=1e-5)


def test_the_accuracy_of_sets_of_frequencies_by_brute_force():
    network, groups = waves(), frequency_groups(waves())
    for one in subset_accuracies(network, groups):
        kept = torch.zeros(10, dtype=torch.bool)
        kept[[neuron for f in one.frequencies for neuron in groups[f]]] = True
        right = 0
        for a, b in itertools.product(range(MODULUS), repeat=2):
            active = ((network.inputs[a] + network.inputs[b]) * kept).relu()
            right += int((active @ network.outputs).argmax()) == (a + b) % MODULUS
        assert one.accuracy == right / MODULUS**2 == accuracy_with(network, kept)


def test_nothing_kept_is_a_guess_and_a_mask_must_fit():
    network = waves()
    assert accuracy_with(network, torch.zeros(10, dtype=torch.bool)) == 1 / MODULUS
    assert ordered_accuracy(logits(network), MODULUS) == 1
    with pytest.raises(InformationError, match="one flag"):
        accuracy_with(network, torch.ones(3, dtype=torch.bool))


def test_information_of_one_neuron_by_numerical_integration():
    network = waves((1,), 1)
    measured = noisy_sum_information(network, [[0]], [[0]], 0.5, draws=200)
    pairs = all_pairs(MODULUS)
    centres = (hidden(network)[:, 0] / activation_scale(network)).double().numpy()
    weights = pairs.weight.numpy() / MODULUS**2
    z = np.linspace(centres.min() - 4, centres.max() + 4, 4001)
    density = np.exp(-((z[:, None] - centres) ** 2) / (2 * 0.25)) / math.sqrt(2 * math.pi * 0.25) * weights
    by_sum = np.stack([density[:, pairs.total.numpy() == s].sum(1) for s in range(MODULUS)], 1)
    mixture = by_sum.sum(1, keepdims=True)
    truth = (by_sum * np.log2(by_sum * MODULUS / mixture + 1e-300)).sum() * (z[1] - z[0])
    assert measured.bits.item() == pytest.approx(truth, abs=4 * measured.standard_error.item() + 0.005)


def test_information_without_noise_is_all_of_it_and_under_much_noise_nothing():
    network = waves()
    groups = list(frequency_groups(network).values())
    little = noisy_sum_information(network, groups, [[0], [1], [0, 1]], 0.003)
    assert little.bits[2] == pytest.approx(math.log2(MODULUS), abs=0.02)
    much = noisy_sum_information(network, groups, [[0], [1], [0, 1]], 300)
    assert much.bits.abs().max() < 0.02
    some = noisy_sum_information(network, groups, [[0], [1], [0, 1]], 0.3, draws=4)
    assert some.bits[2] >= some.bits[:2].max() - 0.02, "more neurons never know less"


@pytest.mark.parametrize(("noise", "sets"), [(0, [[0]]), (-1, [[0]]), (1, [[]])])
def test_information_refuses_no_noise_and_empty_sets(noise, sets):
    with pytest.raises(InformationError):
        noisy_sum_information(waves(), [[0]], sets, noise)
