"""CKA and Procrustes: what they ignore, what they notice, and their values by definition."""

import pytest
import torch

from infodecomp.errors import InformationError
from infodecomp.representations.geometry import linear_cka, procrustes_similarity

GENERATOR = torch.Generator().manual_seed(0)
Z = torch.randn(3, 32, 8, generator=GENERATOR, dtype=torch.float64)
ROTATION = torch.linalg.qr(torch.randn(8, 8, generator=GENERATOR, dtype=torch.float64))[0]
MEASURES = [linear_cka, procrustes_similarity]


@pytest.mark.parametrize("measure", MEASURES)
def test_rotation_shift_and_scale_change_nothing(measure):
    pair = torch.stack((Z[0], 3 * Z[0] @ ROTATION + 5))
    assert torch.allclose(measure(pair), torch.ones(2, 2, dtype=torch.float64))


@pytest.mark.parametrize("measure", MEASURES)
def test_stretching_one_neuron_is_noticed(measure):
    stretched = Z[0] * torch.tensor([8.0] + [1.0] * 7)
    assert measure(torch.stack((Z[0], stretched)))[0, 1] < 0.9


@pytest.mark.parametrize("measure", MEASURES)
def test_similarities_are_symmetric_and_1_for_a_layer_and_itself(measure):
    found = measure(Z)
    assert torch.allclose(found, found.mT) and torch.allclose(found.diagonal(), torch.ones(3).double())
    assert bool((found >= 0).all())


def test_cka_is_its_definition():
    x, y = (z - z.mean(0) for z in Z[:2])
    expected = (x.T @ y).norm() ** 2 / ((x.T @ x).norm() * (y.T @ y).norm())
    assert linear_cka(Z)[0, 1].item() == pytest.approx(expected.item())


def test_procrustes_is_the_best_rotation():
    x, y = (z - z.mean(0) for z in Z[:2])
    u, _, v = torch.linalg.svd(x.T @ y)
    cosine = (x @ u @ v * y).sum() / (x.norm() * y.norm())
    assert procrustes_similarity(Z)[0, 1].item() == pytest.approx(cosine.item())


def test_procrustes_of_single_neurons_is_the_absolute_correlation():
    columns = Z[:2, :, :1]
    correlation = torch.corrcoef(columns[..., 0])[0, 1].abs()
    assert procrustes_similarity(columns)[0, 1].item() == pytest.approx(correlation.item())


@pytest.mark.parametrize("measure", MEASURES)
def test_constant_layers_are_similar_to_each_other_alone(measure):
    layers = torch.stack((torch.ones(32, 8, dtype=torch.float64), torch.zeros(32, 8).double(), Z[0]))
    found = measure(layers)
    assert found[0, 1] == 1 and found[0, 2] == 0
    with pytest.raises(InformationError, match="shape"):
        measure(Z[0])
