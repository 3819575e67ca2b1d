"""Functions of bits, and networks trained on them to a loss."""

import pytest
import torch

from infodecomp.errors import InformationError
from infodecomp.networks.architecture import MLP
from infodecomp.networks.bit_functions import bit_strings, random_balanced_function, train_to_loss

NETWORK = MLP((2, 4, 1))
XOR = [0.0, 1.0, 1.0, 0.0]


def test_strings_are_the_binary_numbers_in_order():
    strings = bit_strings(3)
    assert (strings @ torch.tensor([4.0, 2.0, 1.0])).tolist() == list(range(8))


def test_random_functions_are_balanced_and_depend_on_the_seed():
    tables = [random_balanced_function(5, seed) for seed in (0, 0, 1)]
    assert all(table.sum() == 16 for table in tables)
    assert torch.equal(tables[0], tables[1]) and not torch.equal(tables[0], tables[2])


def test_every_kept_network_is_below_the_cutoff_and_a_lower_cutoff_takes_longer():
    found = {
        cutoff: train_to_loss(NETWORK, bit_strings(2), XOR, cutoff, range(12), 4, 2000, 1e-2)
        for cutoff in (1e-3, 1e-6)
    }
    for cutoff, one in found.items():
        outputs = NETWORK.forward(one.parameters, bit_strings(2))[-1][..., 0]
        assert bool(((outputs - torch.tensor(XOR)).square().mean(1) < cutoff).all())
        assert one.seeds == tuple(sorted(one.seeds)) and one.n_failed == one.seeds[-1] + 1 - 4
    again = train_to_loss(NETWORK, bit_strings(2), XOR, 1e-3, found[1e-6].seeds, 4, 2000, 1e-2)
    assert bool((again.steps < found[1e-6].steps).all())


def test_too_few_converged_networks_are_an_error():
    with pytest.raises(InformationError, match="more seeds"):
        train_to_loss(NETWORK, bit_strings(2), XOR, 1e-6, range(3), 3, 2)
