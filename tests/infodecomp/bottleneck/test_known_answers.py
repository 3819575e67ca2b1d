"""Tables of which it is known which columns matter: these get bits, and columns of noise next to none."""

import numpy as np
import pytest

from infodecomp import DistributedBottleneck

SEEDS = (0, 1)


def table(seed: int) -> tuple[np.ndarray, np.random.Generator]:
    """Ten columns with two bits each, and the generator that made them."""
    generator = np.random.default_rng(seed)
    return generator.integers(0, 4, (1500, 10)).astype(float), generator


def bits(x, y, seed: int) -> np.ndarray:
    """Bits of each column at best_bits_."""
    fit = DistributedBottleneck(steps=250, width=32, draws=20, random_state=seed)
    return fit.fit(x, y).feature_importances_


@pytest.mark.parametrize("seed", SEEDS)
def test_a_function_of_three_columns(seed):
    """All of the first column counts; of the other two, one bit each."""
    x, _ = table(seed)
    found = bits(x, x[:, 0] + 2 * np.abs(x[:, 1] - 1.5) + 3 * (x[:, 2] > 1.5), seed)
    assert found[0] == pytest.approx(2, abs=0.1) and found[1:3].min() > 0.95
    assert found[3:].max() < 0.05


@pytest.mark.parametrize("seed", SEEDS)
def test_a_class_of_two_rows_in_a_hundred(seed):
    """It occurs in a third of the rows in which both columns are 3. Noise is learnt by heart a little."""
    x, generator = table(seed)
    rare = (x[:, 0] == 3) & (x[:, 1] == 3) & (generator.random(len(x)) < 0.3)
    found = bits(x, np.where(rare, "yes", "no"), seed)
    assert 0.015 < rare.mean() < 0.025
    assert found[:2].min() > 0.5 and found[2:].max() < 0.2 * found[:2].min()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_column_and_its_copy_share_the_bits_of_one(seed):
    """They may both speak, which costs bits twice; columns of noise stay far below them together."""
    x, _ = table(seed)
    found = bits(np.column_stack([x, x[:, 0]]), x[:, 0], seed)
    assert found[[0, -1]].sum() > 1.9 and found[1:-1].max() < 0.1 * found[[0, -1]].sum()


@pytest.mark.parametrize("seed", SEEDS)
def test_an_xor_of_two_among_thirty_columns_of_noise(seed):
    """Neither says anything alone: trees show what the first fit misses, and a second one finds it."""
    x = np.random.default_rng(seed).integers(0, 2, (1500, 32)).astype(float)
    y = np.where(x[:, 4] != x[:, 20], "odd", "even")
    fit = DistributedBottleneck(steps=400, width=64, draws=20, random_state=seed).fit(x, y)
    found = fit.feature_importances_
    assert fit.bottleneck_.config.annealing == 0.3
    assert found[[4, 20]] == pytest.approx(1, abs=0.05)
    assert np.delete(found, [4, 20]).max() < 0.3
