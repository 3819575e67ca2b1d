"""Binary asymmetric channels: rates for any source and error split, and the symmetric and Z-channels."""

import math

import pytest
import torch

from infodecomp import (
    InformationError,
    binary_asymmetric_channel,
    binary_entropy,
    bsc_crossover_probability,
    mutual_information,
)

MARGINALS = [0.5, 0.3, 0.1, 0.01, 1e-4, 0.999]


def transmitted(channel, p):
    return mutual_information(channel * torch.tensor([1 - p, p], dtype=torch.float64)[:, None])


@pytest.mark.parametrize("p", MARGINALS)
def test_the_channel_transmits_the_bits_asked_for(p):
    share = torch.cat(
        [torch.linspace(0, 1, 101), torch.logspace(-8, -2, 20), 1 - torch.logspace(-8, -2, 20)]
    ).double()
    rare = torch.logspace(-9, -1, 15, dtype=torch.float64)
    error_split = torch.cat([torch.linspace(0, 1, 21, dtype=torch.float64), rare, 1 - rare])
    bits = (share * binary_entropy(p))[:, None].expand(-1, len(error_split))
    channel = binary_asymmetric_channel(bits, error_split, p)
    assert channel.shape == (len(share), len(error_split), 2, 2)
    assert (transmitted(channel, p) - bits).abs().max().item() < 1e-12
    assert bool((channel >= 0).all()) and (channel.sum(-1) - 1).abs().max().item() < 1e-15


@pytest.mark.parametrize("p", MARGINALS)
def test_an_even_error_split_is_the_binary_symmetric_channel(p):
    bits = torch.linspace(0, 1, 50, dtype=torch.float64) * binary_entropy(p)
    channel = binary_asymmetric_channel(bits, 0.5, p)
    assert torch.allclose(channel[:, 0, 1], bsc_crossover_probability(bits, p), atol=1e-9, rtol=0)
    assert torch.allclose(channel[:, 0, 1], channel[:, 1, 0], atol=1e-15, rtol=0)


def test_the_z_channels_never_corrupt_one_symbol():
    assert binary_asymmetric_channel(0.3, 0.0)[0].tolist() == [1, 0]
    assert binary_asymmetric_channel(0.3, 1.0)[1].tolist() == [0, 1]
    # the Z-channel with an error probability of 1/2 transmits H2(1/4) - 1/2 bits of a fair source
    assert binary_asymmetric_channel(binary_entropy(0.25) - 0.5, 0.0)[1, 0].item() == pytest.approx(
        0.5, abs=1e-12
    )


@pytest.mark.parametrize(
    "arguments, message",
    [
        ((1.1, 0.5), "this source has 1"),
        ((math.nan, 0.5), "this source has"),
        ((0.5, 0.5, 0.01), "this source has"),
        ((0.5, -0.1), "error split of -0.1"),
        ((0.5, math.nan), "error split"),
        ((0.5, 0.5, 2.0), "0 to 1"),
    ],
)
def test_invalid_arguments_are_refused(arguments, message):
    with pytest.raises(InformationError, match=message):
        binary_asymmetric_channel(*arguments)
