"""Neuron measures: known tables, bounds, invariance, and the sample estimator as an oracle."""

import numpy as np
import pytest
from sklearn.metrics import mutual_info_score

from infodecomp import InformationError
from infodecomp.estimators.plug_in import plug_in_information
from infodecomp.networks.neurons import (
    label_counts,
    neuron_measures,
    pair_information,
    quantise,
    table_information,
)


def activations(n=500, neurons=6, seed=0):
    generator = np.random.default_rng(seed)
    labels = generator.integers(0, 4, n)
    values = generator.standard_normal((n, neurons)) + np.linspace(0, 2, neurons) * labels[:, None] - 1
    return np.maximum(values, 0), labels


def test_a_constant_neuron_knows_exactly_nothing():
    counts = np.zeros((1, 2, 10), int)
    counts[0, 0] = [201, 199, 183, 205, 207, 181, 196, 210, 192, 226]
    assert table_information(counts)[0] == table_information(counts, False)[0] == 0


def test_a_neuron_that_splits_the_labels_in_halves_knows_one_bit():
    labels = np.repeat(np.arange(4), 50)
    known = neuron_measures(np.stack([labels >= 2, labels % 2, np.zeros(200)], axis=1).astype(float), labels)
    assert np.allclose(table_information(label_counts(quantise(labels[:, None] >= 2, 2), labels), False), 1)
    assert known.information[2] == known.entropy[2] == known.selectivity[2] == known.active[2] == 0
    assert np.allclose(known.entropy[:2], 1) and np.allclose(known.selectivity[:2], 1)


def test_selectivity_is_the_divergence_of_the_most_telling_bin():
    labels = np.repeat(np.arange(10), 20)
    only_three = (labels == 3).astype(float)[:, None]
    known = neuron_measures(only_three, labels)
    assert known.selectivity[0] == pytest.approx(np.log2(10)) and known.preferred[0] == 3
    assert known.active[0] == pytest.approx(0.1)
    raw = table_information(label_counts(quantise(only_three, 2), labels), correct=False)[0]
    assert raw == pytest.approx(known.entropy[0])  # the bin is a function of the label


@pytest.mark.parametrize("bins, rule", [(2, "uniform"), (8, "uniform"), (5, "equal-frequency")])
def test_information_is_that_of_the_oracles(bins, rule):
    a, labels = activations()
    counts = label_counts(quantise(a, bins, rule), labels)
    found, corrected = table_information(counts, False), table_information(counts)
    for neuron, q in enumerate(quantise(a, bins, rule).T):
        assert found[neuron] == pytest.approx(mutual_info_score(q, labels) / np.log(2), abs=1e-9)
        assert corrected[neuron] == pytest.approx(
            plug_in_information(q, labels, "miller-madow").bits, abs=1e-9
        )


def test_bounds_and_invariance_under_relabelling():
    a, labels = activations()
    known, renamed = neuron_measures(a, labels, 8), neuron_measures(a, (3 * labels + 1) % 4, 8)
    assert np.allclose(known.information, renamed.information) and np.allclose(known.entropy, renamed.entropy)
    assert (known.information <= known.entropy + 1e-9).all() and (known.information < 2).all()
    assert (known.selectivity >= known.information - 1e-9).all()
    assert np.allclose(neuron_measures(3 * a, labels, 8).information, known.information)
    one_bit = neuron_measures(a, labels)
    assert (one_bit.information <= 1).all() and (one_bit.entropy <= 1).all()


def test_the_correction_takes_the_bias_of_independent_neurons_away():
    generator = np.random.default_rng(1)
    counts = [
        label_counts(generator.integers(0, 8, (300, 40)), generator.integers(0, 10, 300)) for _ in range(5)
    ]
    raw = np.mean([table_information(table, False) for table in counts])
    corrected = np.mean([table_information(table) for table in counts])
    assert raw > 0.12 and abs(corrected) < 0.02


def test_equal_frequency_bins_hold_equal_shares():
    generator = np.random.default_rng(2)
    q = quantise(generator.random((1000, 3)), 4, "equal-frequency")
    assert np.allclose([np.bincount(column) / 1000 for column in q.T], 0.25, atol=0.002)
    assert quantise(np.zeros((10, 1)), 4, "equal-frequency").max() == 0


@pytest.mark.parametrize(
    "call",
    [
        lambda: quantise(np.zeros((3, 2)), 1),
        lambda: quantise(np.zeros((3, 2)), 4, "odd"),
        lambda: label_counts(np.zeros((3, 2)), np.zeros(4)),
    ],
)
def test_bad_arguments_are_refused(call):
    with pytest.raises(InformationError):
        call()


def test_pairs_xor_copies_and_halves():
    """XOR: nothing alone, one bit together. Copies: one each and together. Halves: one each, two together."""
    bits = np.array([[i >> 2 & 1, i >> 1 & 1, i & 1] for i in range(8)] * 25, bool)
    xor = pair_information(bits[:, :2], bits[:, 0] ^ bits[:, 1], correct=False)
    assert np.allclose(xor.single, 0) and xor.joint[0, 1] == pytest.approx(1)
    assert xor.interaction[0, 1] == pytest.approx(1)
    copies = pair_information(bits[:, [0, 0]], bits[:, 0], correct=False)
    assert np.allclose(copies.single, 1) and copies.interaction[0, 1] == pytest.approx(-1)
    halves = pair_information(bits[:, :2], 2 * bits[:, 0] + bits[:, 1], correct=False)
    assert halves.joint[0, 1] == pytest.approx(2) and halves.interaction[0, 1] == pytest.approx(0)


def test_pairs_agree_with_the_table_of_both_and_are_bounded():
    a, labels = activations(400, 5)
    found = pair_information(a > 0, labels, correct=False)
    assert np.allclose(found.joint, found.joint.T) and (found.joint >= found.single - 1e-9).all()
    assert np.allclose(found.single, table_information(label_counts(quantise(a, 2), labels), False))
    both = 2 * quantise(a, 2)[:, 1] + quantise(a, 2)[:, 3]
    assert found.joint[1, 3] == pytest.approx(mutual_info_score(both, labels) / np.log(2))
    corrected = pair_information(a > 0, labels).joint[1, 3]
    assert corrected == pytest.approx(plug_in_information(both, labels, "miller-madow").bits)


@pytest.mark.parametrize("counts", [np.full((2, 2), 0.5), np.array([[1, -1], [1, 1]])])
def test_counts_that_are_no_counts_are_refused(counts):
    with pytest.raises(InformationError, match="give whole numbers of at least 0"):
        table_information(counts)
