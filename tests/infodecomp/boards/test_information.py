"""Information of two Gaussian encoders on a board: against draws, closed forms and finer quadrature."""

import math

import pytest
import torch

import infodecomp
from infodecomp import InformationError, gaussian_encoder_information, gaussian_encoders_information
from infodecomp.channels.gaussian_encoders import log_densities
from infodecomp.channels.gaussian_quadrature import mixture_quadrature

BOARD = [[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]


def random_encoders(seed, n=4):
    """Means of a few units and deviations from 0.01 to 10."""
    generator = torch.Generator().manual_seed(seed)
    mean = 2 * torch.randn(2, n, generator=generator, dtype=torch.float64)
    return mean, 10 ** (3 * torch.rand(2, n, generator=generator, dtype=torch.float64) - 2)


def fine_information(mean, deviation, board):
    """I(U1,U2;Y) on the panels of one encoder, which are finer than those under test."""
    points, weights = mixture_quadrature(mean, deviation)
    log_density = log_densities(points, mean, deviation)
    posterior, mass = log_density.softmax(-1), log_density.exp().mean(-1) * weights
    p_y = (posterior[:, 0] @ torch.tensor(board).double() @ posterior[:, 1].mT).clamp(0, 1)
    conditional = torch.einsum("mi,mij,mj->m", mass[:, 0], infodecomp.binary_entropy(p_y), mass[:, 1])
    return infodecomp.binary_entropy(6 / 16) - conditional


def test_information_agrees_with_a_finer_quadrature():
    mean, deviation = map(torch.stack, zip(*(random_encoders(seed) for seed in range(12))))
    found = gaussian_encoders_information(mean, deviation, BOARD)
    assert torch.allclose(found.information, fine_information(mean, deviation, BOARD), rtol=0, atol=2e-7)
    rates = gaussian_encoder_information(mean, deviation).information
    assert torch.allclose(torch.stack(found[:2], -1), rates, rtol=0, atol=2e-7)


def test_information_agrees_with_draws():
    mean, deviation = torch.tensor([[-1.0, -0.6, 0.4, 1.2], [-1.1, -0.2, 0.3, 1.5]]), torch.full((2, 4), 0.4)
    generator = torch.Generator().manual_seed(0)
    x = torch.randint(4, (2, 200_000), generator=generator)
    u = mean.gather(1, x) + deviation.gather(1, x) * torch.randn(2, 200_000, generator=generator)
    exponent = -((u[..., None] - mean[:, None]) / deviation[:, None]).square() / 2
    posterior = torch.softmax(exponent, -1).double()
    p_y = torch.einsum("mi,ij,mj->m", posterior[0], torch.tensor(BOARD).double(), posterior[1])
    drawn = infodecomp.binary_entropy(6 / 16) - infodecomp.binary_entropy(p_y.clamp(0, 1)).mean()
    found = gaussian_encoders_information(mean, deviation, BOARD).information
    assert found.item() == pytest.approx(drawn.item(), abs=0.004)


def test_separate_components_transmit_everything():
    mean = torch.tensor([[-9.0, -3.0, 3.0, 9.0]] * 2)
    found = gaussian_encoders_information(mean, torch.full((2, 4), 0.1), BOARD)
    assert [value.item() for value in found] == pytest.approx([2, 2, 0.954434], abs=1e-6)


def test_a_batch_larger_than_a_chunk_equals_its_members():
    mean, deviation = (torch.stack(column) for column in zip(*(random_encoders(seed) for seed in range(40))))
    batch = gaussian_encoders_information(mean.view(5, 8, 2, 4), deviation.view(5, 8, 2, 4), BOARD)
    assert batch.information.shape == (5, 8)
    alone = gaussian_encoders_information(mean[37], deviation[37], BOARD)
    assert [column[4, 5].item() for column in batch] == pytest.approx(
        [value.item() for value in alone], abs=1e-12
    )


@pytest.mark.parametrize("deviation", [0.0, -1.0, math.nan, math.inf])
def test_a_deviation_must_be_finite_and_above_zero(deviation):
    mean, deviations = torch.zeros(2, 4), torch.ones(2, 4)
    deviations[1, 2] = deviation
    with pytest.raises(InformationError, match="deviation"):
        gaussian_encoders_information(mean, deviations, BOARD)


@pytest.mark.parametrize("shape", [(4,), (2, 3), (3, 4), ()])
def test_encoders_must_fit_the_board(shape):
    with pytest.raises(InformationError, match="shape"):
        gaussian_encoders_information(torch.zeros(shape), torch.ones(shape), BOARD)
