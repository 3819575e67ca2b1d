"""Few bits: exact levels, errors of at most half a step, and what no bits and many bits leave."""

import numpy as np
import pytest

from infodecomp.networks.quantisation import (
    quantise_activations,
    quantise_weights,
    with_quantised_activations,
    with_quantised_weights,
)

from .test_ablation import network


@pytest.mark.parametrize("bits", [2, 3, 5])
def test_activations_have_few_levels_and_err_by_half_a_step(bits):
    a = np.random.default_rng(0).random((400, 3)).astype(np.float32) * [1, 5, 0.1]
    q = quantise_activations(a, bits)
    assert all(len(np.unique(column)) <= 2**bits for column in q.T)
    assert (np.abs(q - a).max(0) <= a.max(0) / (2**bits - 1) / 2 + 1e-6).all()
    assert np.array_equal(quantise_activations(q, bits), q)
    assert not quantise_activations(np.zeros((4, 2)), bits).any()


@pytest.mark.parametrize("bits", [2, 4, 8])
def test_weights_have_symmetric_levels(bits):
    w = np.random.default_rng(0).standard_normal((30, 30))
    q = quantise_weights(w, bits)
    assert len(np.unique(q)) <= 2**bits and np.allclose(np.sort(-np.unique(q)), np.unique(q), atol=q.max())
    assert np.abs(q - w).max() <= np.abs(w).max() / (2**bits - 1) + 1e-6


def test_one_bit_of_an_activation_says_active_or_not():
    a = np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 0.0]])
    assert quantise_activations(a, 1).tolist() == [[0, 2], [3, 2], [3, 0]]


def test_one_bit_keeps_signs_and_none_keeps_nothing():
    w = np.array([[-1.0, 3.0]])
    assert quantise_weights(w, 1).tolist() == [[-2, 2]] and not quantise_weights(w, 0).any()
    assert np.ptp(quantise_activations(np.random.default_rng(0).random((9, 2)), 0), axis=0).max() == 0


def test_many_bits_change_nothing_and_no_bits_leave_one_answer():
    net = network()
    assert with_quantised_activations(net, 12)[0] == pytest.approx(net.accuracy(), abs=0.01)
    assert with_quantised_weights(net, 12) == pytest.approx(net.accuracy(), abs=0.01)
    largest = np.bincount(net.labels).max() / len(net.labels)
    assert with_quantised_activations(net, 0)[0] <= largest and with_quantised_weights(net, 0) <= largest
