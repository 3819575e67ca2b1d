"""Encoders of many columns: the same numbers as one dense matrix, at a cost that is linear in the levels."""

import numpy as np
import pytest
import torch

from infodecomp.bottleneck.evaluation import feature_information, information_bound
from infodecomp.bottleneck.features import Column, learn_feature
from infodecomp.bottleneck.messages import sample, sampled_information
from infodecomp.bottleneck.network import Bases, Encodings, Layout, Network

GENERATOR = np.random.default_rng(0)


def number(i: int, n_values: int, kind: str = "continuous", missing: bool = False):
    values = GENERATOR.integers(0, n_values, 400).astype(float)
    values[:n_values] = np.arange(n_values)
    if missing:
        values[-3:] = np.nan
    return learn_feature(Column(f"x{i}", values, kind))


MIXED = [
    number(0, 7),
    number(1, 2),
    number(2, 7, "categorical"),
    number(3, 12, "circular"),
    number(4, 6, missing=True),
    number(5, 7),
]
LAYOUT = Layout(MIXED)


def test_the_rows_of_all_columns_equal_the_product_with_one_dense_basis():
    bases = Bases(MIXED, LAYOUT)
    dense = torch.block_diag(*(torch.as_tensor(feature.basis(), dtype=torch.float32) for feature in MIXED))
    weights = torch.randn(bases.size, 5, generator=torch.Generator().manual_seed(0))
    assert dense.shape == (len(LAYOUT.p), bases.size)
    assert torch.allclose(bases(weights), dense @ weights, atol=1e-5)


def test_the_bases_of_many_columns_take_memory_in_proportion_to_their_number():
    def stored(n: int) -> int:
        network = Network([MIXED[0]] * n, 2, 1, 8, 3, 0)
        return sum(tensor.numel() for tensor in [*network.buffers(), *network.parameters()])

    assert stored(400) - stored(200) == 200 * (stored(2) - stored(1))


def random_messages(n_t: int = 3, n_rows: int = 50):
    generator = torch.Generator().manual_seed(1)
    draw = lambda *shape: torch.randn(*shape, generator=generator, dtype=torch.float64)
    mean, log_variance = draw(n_t, len(LAYOUT.p), 2), 0.5 * draw(n_t, len(LAYOUT.p), 2)
    levels = torch.stack(
        [torch.randint(size, (n_t, n_rows), generator=generator) for size in LAYOUT.sizes], -1
    )
    return mean, log_variance, levels + LAYOUT.start, draw(n_t, n_rows, len(MIXED), 2)


def by_definition(encodings: Encodings, u: torch.Tensor, noise: torch.Tensor, own: torch.Tensor):
    """log p(u|x) - log sum p(x') p(u|x'), averaged over rows, as it is written."""
    columns = []
    for i, part in enumerate(LAYOUT.slices()):
        mean, log_variance = (of[:, None, part] for of in encodings)
        distance = (u[:, :, i, None] - mean).square() * (-log_variance).exp() + log_variance
        mixture = ((-0.5 * distance.sum(-1)).exp() @ LAYOUT.p[part]).log()
        columns.append((-0.5 * (noise[:, :, i].square() + own[:, :, i]).sum(-1) - mixture).mean(1))
    return torch.stack(columns, 1)


def test_information_and_its_gradients_equal_the_definition():
    mean, log_variance, rows, noise = random_messages()
    weights = torch.randn(3, len(MIXED), dtype=torch.float64, generator=torch.Generator().manual_seed(2))
    results = []
    for information in (
        lambda encodings, u, own: sampled_information(encodings, LAYOUT, u, noise, own),
        lambda encodings, u, own: by_definition(encodings, u, noise, own),
    ):
        leaves = [mean.clone().requires_grad_(), log_variance.clone().requires_grad_()]
        encodings = Encodings(*leaves)
        u, _, own = sample(encodings, rows, noise)
        found = information(encodings, u, own)
        results.append([found, *torch.autograd.grad((found * weights).sum(), leaves)])
    for found, expected in zip(*results):
        assert torch.allclose(found, expected, atol=1e-9)


def test_the_bound_on_the_information_is_above_it_and_close_for_little():
    mean, log_variance, *_ = random_messages()
    for scale in (1.0, 0.02):
        encodings = Encodings(scale * mean, scale * log_variance)
        found = feature_information(encodings, LAYOUT, 400)
        bound = torch.stack(
            [
                information_bound(*(of[:, part] for of in encodings), LAYOUT.p[part])
                for part in LAYOUT.slices()
            ],
            1,
        ).numpy() / np.log(2)
        assert (found.mean < bound + 4 * found.standard_error).all()
        if scale < 1:
            assert found.mean == pytest.approx(bound, abs=4 * found.standard_error.max())


def test_silent_columns_need_no_messages():
    silent = Encodings(torch.full((1, len(LAYOUT.p), 2), 0.3), torch.full((1, len(LAYOUT.p), 2), -0.7))
    found = feature_information(silent, LAYOUT, 20)
    assert found.mean == pytest.approx(0, abs=1e-9) and (found.standard_error == 0).all()
