"""Leaning lines: bits bought are bits delivered, whatever the source and the lean; flip lines and Z-channels among them."""

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


def delivered(line, p):
    return mutual_information(line * torch.tensor([1 - p, p], dtype=torch.float64)[:, None])


@pytest.mark.parametrize("p", MARGINALS)
def test_bits_bought_are_bits_delivered(p):
    share = torch.cat(
        [torch.linspace(0, 1, 101), torch.logspace(-8, -2, 20), 1 - torch.logspace(-8, -2, 20)]
    ).double()
    rare = torch.logspace(-9, -1, 15, dtype=torch.float64)
    lean = torch.cat([torch.linspace(0, 1, 21, dtype=torch.float64), rare, 1 - rare])
    bits = (share * binary_entropy(p))[:, None].expand(-1, len(lean))
    line = binary_asymmetric_channel(bits, lean, p)
    assert line.shape == (len(share), len(lean), 2, 2)
    assert (delivered(line, p) - bits).abs().max().item() < 1e-12
    assert bool((line >= 0).all()) and (line.sum(-1) - 1).abs().max().item() < 1e-15


@pytest.mark.parametrize("p", MARGINALS)
def test_in_the_middle_it_is_a_flip_line(p):
    bits = torch.linspace(0, 1, 50, dtype=torch.float64) * binary_entropy(p)
    line = binary_asymmetric_channel(bits, 0.5, p)
    assert torch.allclose(line[:, 0, 1], bsc_crossover_probability(bits, p), atol=1e-9, rtol=0)
    assert torch.allclose(line[:, 0, 1], line[:, 1, 0], atol=1e-15, rtol=0)


def test_at_the_ends_one_symbol_is_never_corrupted():
    assert binary_asymmetric_channel(0.3, 0.0)[0].tolist() == [1, 0]
    assert binary_asymmetric_channel(0.3, 1.0)[1].tolist() == [0, 1]
    # the Z-channel that turns every other 1 over, with fair digits: H2(1/4) - 1/2
    assert binary_asymmetric_channel(binary_entropy(0.25) - 0.5, 0.0)[1, 0].item() == pytest.approx(
        0.5, abs=1e-12
    )


@pytest.mark.parametrize(
    "arguments, says",
    [
        ((1.1, 0.5), "this source has 1"),
        ((math.nan, 0.5), "this source has"),
        ((0.5, 0.5, 0.01), "this source has"),
        ((0.5, -0.1), "error split of -0.1"),
        ((0.5, math.nan), "error split"),
        ((0.5, 0.5, 2.0), "0 to 1"),
    ],
)
def test_what_cannot_be_is_refused(arguments, says):
    with pytest.raises(InformationError, match=says):
        binary_asymmetric_channel(*arguments)
