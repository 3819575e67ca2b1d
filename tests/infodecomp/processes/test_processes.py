"""Finite-state processes against closed forms and identities."""

import itertools

import numpy as np
import pytest
import torch

import infodecomp
from infodecomp.errors import InformationError
from infodecomp.processes.belief_network import initial_network, probe_beliefs
from infodecomp.processes.examples import coupled_process, even_process, golden_mean_process, mess3_process
from infodecomp.processes.hidden_markov import (
    beliefs,
    draw_words,
    stationary_distribution,
    word_probabilities,
)
from infodecomp.processes.information import (
    block_entropy,
    conditional_entropies,
    excess_entropy,
    statistical_complexity,
    transfer_entropy,
    unifilar_entropy_rate,
)

X, Y = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])


def test_the_golden_mean_process():
    process = golden_mean_process()
    assert unifilar_entropy_rate(process) == pytest.approx(2 / 3)
    assert statistical_complexity(process) == pytest.approx(0.9183, abs=5e-5)
    assert excess_entropy(process, 1) == pytest.approx(
        0.2516, abs=5e-5
    )  # a Markov chain: one symbol is enough
    assert excess_entropy(process, 6) == pytest.approx(0.2516, abs=5e-5)


def test_the_even_process_remembers_without_end():
    process = even_process()
    assert unifilar_entropy_rate(process) == pytest.approx(2 / 3)
    assert statistical_complexity(process) == pytest.approx(0.9183, abs=5e-5)
    values = [excess_entropy(process, n) for n in range(1, 20)]
    assert all(a < b for a, b in zip(values, values[1:])) and values[-1] < 0.9183
    assert excess_entropy(process) == pytest.approx(statistical_complexity(process), abs=1e-6)


@pytest.mark.parametrize("process", [golden_mean_process(0.3), even_process(0.6), mess3_process()])
def test_conditional_entropies_are_those_of_all_words(process):
    words = [block_entropy(process, n + 1) - block_entropy(process, n) for n in range(6)]
    assert conditional_entropies(process, 6) == pytest.approx(words, abs=1e-9)


def test_forbidden_words_have_no_probability():
    assert word_probabilities(golden_mean_process(), 2)[0, 0] == 0
    assert word_probabilities(even_process(), 3)[0, 1, 0] == 0


@pytest.mark.parametrize(
    "process", [golden_mean_process(0.3), even_process(0.6), coupled_process(0.2), mess3_process()]
)
def test_words_are_consistent(process):
    for length in (1, 2, 3):
        p = word_probabilities(process, length)
        assert p.sum() == pytest.approx(1)
        assert p.sum(0) == pytest.approx(p.sum(-1))  # stationary
    rates = [block_entropy(process, n + 1) - block_entropy(process, n) for n in range(4)]
    assert all(a >= b - 1e-12 for a, b in zip(rates, rates[1:]))


@pytest.mark.parametrize(("flip", "bits"), [(0.0, 1.0), (0.1, 0.5310), (0.25, 0.1887), (0.5, 0.0)])
def test_transfer_entropy_of_coupled_chains(flip, bits):
    process = coupled_process(flip)
    assert transfer_entropy(process, X, Y) == pytest.approx(bits, abs=5e-5)
    assert transfer_entropy(process, Y, X) == pytest.approx(0, abs=1e-12)


def test_transfer_entropy_is_the_conditional_mutual_information_of_the_table():
    process = np.random.default_rng(0).dirichlet(np.ones(8), 2).reshape(2, 4, 2).transpose(1, 0, 2)
    flat = np.zeros((4, 2, 4))  # past of x, y now, past of y
    p = word_probabilities(process, 3)
    for word in itertools.product(range(4), repeat=3):
        xs, ys = X[list(word)], Y[list(word)]
        flat[2 * xs[0] + xs[1], ys[2], 2 * ys[0] + ys[1]] += p[word]
    oracle = infodecomp.conditional_mutual_information(flat).item()
    assert transfer_entropy(process, X, Y, history=2) == pytest.approx(oracle, abs=1e-12)


def test_mess3_is_the_published_process():
    process = mess3_process()
    expected = [[0.765, 0.00375, 0.00375], [0.0425, 0.0675, 0.00375], [0.0425, 0.00375, 0.0675]]
    assert process[0] == pytest.approx(np.array(expected))
    assert stationary_distribution(process) == pytest.approx(np.full(3, 1 / 3))


def test_the_loss_of_the_ideal_observer_falls_with_the_prefix():
    rates = [
        block_entropy(mess3_process(), n + 1) - block_entropy(mess3_process(), n) for n in (0, 1, 2, 4, 8)
    ]
    assert rates == pytest.approx([1.585, 1.239, 1.171, 1.147, 1.146], abs=6e-3)


def test_beliefs_are_posteriors():
    process = mess3_process()
    words = np.array(list(itertools.product(range(3), repeat=3)))
    posterior = beliefs(process, words)[:, -1]
    weights = stationary_distribution(process) @ np.stack(
        [process[a] @ process[b] @ process[c] for a, b, c in words]
    )
    assert posterior == pytest.approx(weights / weights.sum(1, keepdims=True))


def test_drawn_words_have_their_probabilities():
    words = draw_words(even_process(), 20_000, 2, seed=1)
    frequency = np.bincount(2 * words[:, 0] + words[:, 1], minlength=4) / len(words)
    assert frequency == pytest.approx(word_probabilities(even_process(), 2).ravel(), abs=0.015)


def test_an_untrained_network_already_holds_much_of_the_belief():
    torch.manual_seed(0)
    probed = probe_beliefs(initial_network(0))
    assert 0.9 < probed.r_squared < 0.99
    assert probed.true.shape == probed.probed.shape and probed.true.sum(1) == pytest.approx(1)


@pytest.mark.parametrize(
    "call",
    [
        lambda: block_entropy(np.ones((2, 2, 2)), 2),
        lambda: block_entropy(np.ones((2, 2)), 2),
        lambda: block_entropy(mess3_process(), 12),
        lambda: unifilar_entropy_rate(mess3_process()),
        lambda: excess_entropy(even_process(), 0),
    ],
)
def test_invalid_arguments_are_refused(call):
    with pytest.raises(InformationError, match="give"):
        call()
