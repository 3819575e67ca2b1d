"""Information and distinguishability of Gaussian encodings, against closed forms and quadrature."""

import math

import numpy as np
import pytest
import torch
from scipy.integrate import quad
from scipy.stats import kstest, norm

from infodecomp.bottleneck.evaluation import distinguishability, feature_information
from infodecomp.bottleneck.features import Column, learn_feature
from infodecomp.bottleneck.messages import divergence, row_noise, sample, sampled_information
from infodecomp.bottleneck.network import Encodings, Layout, hat_functions

FEATURE = learn_feature(Column("x", np.repeat(["a", "b", "c"], (5, 3, 2)), "categorical"))
LAYOUT = Layout([FEATURE])


def encodings(mean, sigma) -> Encodings:
    mean = torch.tensor(mean, dtype=torch.float32).view(1, -1, 1)
    return Encodings(mean, 2 * torch.tensor(sigma, dtype=torch.float32).view(1, -1, 1).log())


def quadrature(mean, sigma, p) -> float:
    def part(u):
        densities = norm.pdf(u, mean, sigma)
        return sum(w * d * math.log2(d / (p @ densities)) for w, d in zip(p, densities) if d > 1e-300)

    return quad(part, -20, 20, limit=400, points=list(mean))[0]


def test_hat_functions_sum_to_one():
    assert torch.allclose(hat_functions(torch.linspace(0, 1, 101), 8).sum(1), torch.ones(101), atol=1e-6)


def test_equal_encodings_carry_no_information():
    same = encodings([0.3] * 3, [0.7] * 3)
    assert feature_information(same, LAYOUT, 200).mean == pytest.approx(0, abs=1e-9)
    assert distinguishability(same.mean[0], same.log_variance[0]) == pytest.approx(0, abs=1e-12)


def test_encodings_far_apart_carry_the_entropy():
    far = encodings([-9.0, 0.0, 9.0], [0.01] * 3)
    estimate = feature_information(far, LAYOUT, 200)
    entropy = -sum(p * math.log2(p) for p in (0.5, 0.3, 0.2))
    assert FEATURE.entropy == pytest.approx(entropy)
    assert estimate.mean.item() == pytest.approx(entropy, abs=4 * estimate.standard_error.item() + 1e-9)
    assert distinguishability(far.mean[0], far.log_variance[0])[0, 1] == pytest.approx(1)


@pytest.mark.parametrize(
    "mean, sigma", [([-1, 0, 1], [1, 1, 1]), ([-1, 0.5, 2], [0.3, 0.8, 0.5]), ([0, 0, 0], [0.2, 1, 3])]
)
def test_information_agrees_with_quadrature_and_stays_below_the_divergence(mean, sigma):
    gaussians, p = encodings(mean, sigma), np.array(FEATURE.p)
    true = quadrature(np.array(mean, float), np.array(sigma, float), p)
    estimate = feature_information(gaussians, LAYOUT, 4000)
    assert 0 < estimate.standard_error.item() < 0.02
    assert estimate.mean.item() == pytest.approx(true, abs=4 * estimate.standard_error.item())
    bound = float(
        divergence(gaussians.mean[0], gaussians.log_variance[0]).double() @ torch.tensor(p)
    ) / math.log(2)
    assert bound >= true
    generator = torch.Generator().manual_seed(1)
    rows = torch.multinomial(torch.tensor(p), 40_000, True, generator=generator).view(40, -1, 1)
    noise = torch.randn(40, 1000, 1, 1, generator=generator)
    parts = Encodings(*(part.expand(40, -1, -1) for part in gaussians))
    u, _, log_variance = sample(parts, rows, noise)
    sampled = sampled_information(parts, LAYOUT, u, noise, log_variance) / math.log(2)
    assert sampled.mean().item() == pytest.approx(true, abs=4 * sampled.std().item() / math.sqrt(40))


def test_distinguishability_agrees_with_quadrature():
    gaussians = encodings([-0.5, 0.4, 2], [0.3, 0.8, 0.5])
    overlap = quad(
        lambda u: math.sqrt(norm.pdf(u, -0.5, 0.3) * norm.pdf(u, 0.4, 0.8)), -12, 12, points=[-0.5, 0.4]
    )[0]
    assert distinguishability(gaussians.mean[0], gaussians.log_variance[0])[0, 1].item() == pytest.approx(
        1 - overlap, abs=1e-6
    )


def test_the_noise_of_a_row_is_normal_and_depends_on_the_row_alone():
    rows = np.stack(np.divmod(np.arange(5000), 50), 1)
    noise = row_noise(rows, 2, seed=3).numpy()
    assert kstest(noise.ravel(), "norm").pvalue > 0.01
    shuffled = np.random.default_rng(0).permutation(5000)
    assert (row_noise(rows[shuffled], 2, seed=3).numpy() == noise[shuffled]).all()
    assert abs(np.corrcoef(noise.ravel(), row_noise(rows, 2, seed=3, draw=1).numpy().ravel())[0, 1]) < 0.05


def test_narrow_encodings_within_wide_ones_do_not_overflow():
    narrow = encodings([0.0, 0.0, 0.0], [math.exp(-5), 1.0, math.exp(2)])
    estimate = feature_information(narrow, LAYOUT, 4000)
    expected = quadrature(np.zeros(3), np.array([math.exp(-5), 1, math.exp(2)]), np.array(FEATURE.p))
    assert estimate.mean.item() == pytest.approx(expected, abs=5 * estimate.standard_error.item())
    many = Encodings(torch.zeros(1, 3, 200), narrow.log_variance.expand(-1, -1, 200))
    assert feature_information(many, LAYOUT, 20).mean.item() == pytest.approx(FEATURE.entropy, abs=1e-6)
