"""Moves that change the weights and nothing else."""

import math

import pytest
import torch

from infodecomp.errors import InformationError
from infodecomp.networks.architecture import MLP
from infodecomp.networks.symmetries import (
    balance_neurons,
    closest_alignment,
    permute_neurons,
    scale_neurons,
)

X = torch.randn(50, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
RELU, TANH = MLP((3, 3, 3, 1), "relu"), MLP((3, 3, 3, 1), "tanh")
MOVES = {
    "relu-permute": (RELU, lambda p: permute_neurons(RELU, p, 0, (2, 0, 1))),
    "relu-permute-2": (RELU, lambda p: permute_neurons(RELU, p, 1, (1, 0, 2))),
    "relu-scale": (RELU, lambda p: scale_neurons(RELU, p, 0, [2.0, 0.1, 7.0])),
    "relu-balance": (RELU, lambda p: balance_neurons(RELU, p)),
    "tanh-permute": (TANH, lambda p: permute_neurons(TANH, p, 1, (2, 1, 0))),
    "tanh-flip": (TANH, lambda p: scale_neurons(TANH, p, 0, [-1.0, 1.0, -1.0])),
}


def weights(network, *seeds):
    return network.initial(seeds, dtype=torch.float64)


@pytest.mark.parametrize("move", MOVES)
def test_moves_change_the_weights_but_not_the_outputs(move):
    network, apply = MOVES[move]
    before = weights(network, 1, 2)
    after = apply(before)
    assert not torch.allclose(before, after)
    assert torch.allclose(network.forward(before, X)[-1], network.forward(after, X)[-1], atol=1e-12)


def test_balanced_networks_do_not_depend_on_the_scale_of_neurons():
    before = weights(RELU, 3)
    after = scale_neurons(RELU, scale_neurons(RELU, before, 1, [3.0, 0.2, 1.0]), 0, [5.0, 1.0, 0.5])
    assert torch.allclose(balance_neurons(RELU, before), balance_neurons(RELU, after))
    weight, bias = RELU.layers(balance_neurons(RELU, before))[0]
    assert torch.allclose(torch.cat((weight, bias), 1).norm(dim=1), torch.ones(1, 3).double())


@pytest.mark.parametrize("network", [RELU, TANH], ids=["relu", "tanh"])
def test_a_moved_network_can_be_brought_back_and_a_stranger_cannot(network):
    original, stranger = weights(network, 4), weights(network, 5)
    factors = [2.0, 0.5, 1.0] if network is RELU else [-1.0, 1.0, -1.0]
    moved = scale_neurons(network, permute_neurons(network, original, 0, (1, 2, 0)), 1, factors)
    twin, other = closest_alignment(network, moved, original), closest_alignment(network, stranger, original)
    assert twin.distance == pytest.approx(0, abs=1e-12)
    assert twin.start > 0.05
    assert 0.05 < other.distance <= other.start
    flips = 1 if network is RELU else 2**3
    assert twin.n_moves == (math.factorial(3) * flips) ** 2


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: permute_neurons(RELU, weights(RELU, 0), 0, (0, 0, 1)), "once"),
        (lambda: permute_neurons(RELU, weights(RELU, 0), 2, (0,)), "hidden"),
        (lambda: scale_neurons(RELU, weights(RELU, 0), 0, [1.0, -1.0, 1.0]), "positive"),
        (lambda: scale_neurons(TANH, weights(TANH, 0), 0, [2.0, 1.0, 1.0]), "1 or -1"),
        (lambda: scale_neurons(RELU, weights(RELU, 0), 0, [1.0]), "shape"),
        (lambda: scale_neurons(MLP((1, 1, 1), "sigmoid"), torch.zeros(1, 4), 0, [1.0]), "cannot be scaled"),
        (lambda: closest_alignment(MLP((2, 10, 1)), torch.zeros(1, 41), torch.zeros(1, 41)), "alignments"),
    ],
)
def test_moves_that_would_change_the_outputs_are_refused(call, message):
    with pytest.raises(InformationError, match=message):
        call()
