"""Estimators of mutual information against closed forms, scikit-learn, identities and repeated sampling."""

import math

import numpy as np
import pytest
import torch
from scipy.spatial.distance import cdist

import infodecomp
from infodecomp.errors import InformationError
from infodecomp.estimators import nearest_neighbours
from infodecomp.estimators.benchmark import ESTIMATORS, public_benchmark_tasks
from infodecomp.estimators.canonical import gaussian_information_estimate
from infodecomp.estimators.estimate import Estimate
from infodecomp.estimators.kernel_bounds import kernel_bounds
from infodecomp.estimators.nearest_neighbours import ksg_information, rank_normalised
from infodecomp.estimators.plug_in import contingency, plug_in_information
from infodecomp.estimators.variational import donsker_varadhan, info_nce
from infodecomp.units import LN2


def gaussians(rho: float, n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    x, noise = np.random.default_rng(seed).standard_normal((2, n))
    return x, rho * x + math.sqrt(1 - rho**2) * noise


def gaussian_bits(rho: float) -> float:
    return -0.5 * math.log2(1 - rho**2)


def test_the_plug_in_estimate_is_the_information_of_the_counts():
    generator = np.random.default_rng(1)
    x, y = generator.integers(0, 5, 300), generator.integers(0, 3, 300)
    row, column, counts = contingency(x[:, None].astype(float), y[:, None].astype(float))
    table = np.zeros((5, 3))
    table[row, column] = counts / 300
    assert plug_in_information(x, y).bits == pytest.approx(
        infodecomp.mutual_information(table).item(), abs=1e-12
    )


def test_the_plug_in_estimate_agrees_with_scikit_learn():
    metrics = pytest.importorskip("sklearn.metrics")
    generator = np.random.default_rng(2)
    x = generator.integers(0, 6, 500)
    y = (x + generator.integers(0, 3, 500)) % 6
    assert plug_in_information(x, y).bits * LN2 == pytest.approx(metrics.mutual_info_score(x, y), abs=1e-12)


def test_the_jackknife_is_the_one_that_deletes_each_sample():
    generator = np.random.default_rng(3)
    x, y = generator.integers(0, 3, 40), generator.integers(0, 4, 40)
    deleted = [plug_in_information(np.delete(x, i), np.delete(y, i)).bits for i in range(40)]
    estimate = plug_in_information(x, y, "jackknife")
    assert estimate.bits == pytest.approx(
        40 * plug_in_information(x, y).bits - 39 * np.mean(deleted), abs=1e-9
    )
    assert estimate.standard_error == pytest.approx(math.sqrt(39 * np.var(deleted)), abs=1e-9)


@pytest.mark.parametrize("correction", ["miller-madow", "jackknife"])
def test_corrections_remove_most_of_the_bias(correction):
    """Independent variables of 4 and 5 outcomes: the plug-in bias is 12/(2 n ln 2)."""
    generator = np.random.default_rng(4)
    plain, corrected = [], []
    for _ in range(200):
        x, y = generator.integers(0, 4, 200), generator.integers(0, 5, 200)
        plain.append(plug_in_information(x, y).bits)
        corrected.append(plug_in_information(x, y, correction).bits)
    assert np.mean(plain) == pytest.approx(12 / (2 * 200 * LN2), rel=0.15)
    assert abs(np.mean(corrected)) < 0.15 * np.mean(plain)


def test_rows_of_several_columns_are_outcomes():
    bits = np.random.default_rng(5).integers(0, 2, (400, 2))
    both = plug_in_information(bits, bits[:, 0] ^ bits[:, 1])
    one = plug_in_information(bits[:, 0], bits[:, 0] ^ bits[:, 1])
    assert both.bits > 0.98 and one.bits < 0.02


@pytest.mark.parametrize("rho", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("rank_normalise", [False, True])
def test_nearest_neighbours_find_the_information_of_gaussians(rho, rank_normalise):
    estimate = ksg_information(*gaussians(rho, 3000), rank_normalise=rank_normalise)
    assert estimate.bits == pytest.approx(gaussian_bits(rho), abs=0.05)
    assert estimate.kind == "point" and estimate.n == 3000


def test_nearest_neighbours_agree_with_scikit_learn():
    selection = pytest.importorskip("sklearn.feature_selection")
    x, y = gaussians(0.7, 500)
    oracle = selection.mutual_info_regression(
        (x / x.std())[:, None], y / y.std(), n_neighbors=4, random_state=0
    )
    ours = ksg_information(x / x.std(), y / y.std(), 4, rank_normalise=False)
    # scikit-learn adds noise of 1e-10 and counts within the next smaller distance
    assert ours.bits * LN2 == pytest.approx(oracle[0], abs=0.01)


@pytest.mark.parametrize("copies", [2, 20])  # counted by trees, and by all pairs
def test_the_counts_of_one_and_of_several_dimensions_agree(copies):
    x, y = gaussians(0.6, 700)
    flat = ksg_information(x, y, 5)
    padded = ksg_information(np.stack([x] * copies, 1), y, 5)  # the same distances in the maximum norm
    assert padded.bits == pytest.approx(flat.bits, abs=1e-12)


def test_blocks_of_distances_are_bounded_and_change_nothing(monkeypatch):
    x, y = np.random.default_rng(0).standard_normal((2, 300, 8))
    whole, sizes = ksg_information(x, y, 3), []

    def counted(a, b, metric):
        sizes.append(len(a) * len(b))
        return cdist(a, b, metric)

    monkeypatch.setattr(nearest_neighbours, "cdist", counted)
    for cells, rows in ((2_000, 6), (200, 1)):
        monkeypatch.setattr(nearest_neighbours, "CELLS", cells)
        assert ksg_information(x, y, 3).bits == whole.bits
        assert max(sizes) == rows * 300
        sizes.clear()


def test_intervals_of_the_nearest_neighbour_estimate_cover():
    covered = 0
    for seed in range(60):
        low, high = ksg_information(*gaussians(0.6, 1000, seed)).interval()
        covered += low <= gaussian_bits(0.6) <= high
    assert covered >= 51  # 85 % of nominally 95 %


def test_an_interval_counts_the_bias_that_halves_of_the_samples_show():
    task = public_benchmark_tasks()["asinh Student 2 + 2, dof 1"]  # in few samples, neighbours are far apart
    x, y = task.sample(500, 0)
    plain, halved = (ksg_information(x, y, 3, halvings=splits) for splits in (0, 2))
    assert (plain.bits, plain.standard_error) == (halved.bits, halved.standard_error)
    assert plain.interval()[1] < task.bits < halved.interval()[1]  # too low, and only one of them says so
    assert plain.bias == 0 and halved.bias < -plain.standard_error


def test_the_bias_of_halves_is_that_of_the_law_it_assumes():
    x, y = gaussians(0.6, 600)
    estimate = ksg_information(x, y, 3, halvings=1)
    halves = np.array_split(np.random.default_rng(0).permutation(600), 2)
    z, w = (rank_normalised(v.reshape(-1, 1), np.random.default_rng(0)) for v in (x, y))
    bits = [ksg_information(z[half], w[half], 3, rank_normalise=False).bits for half in halves]
    assert estimate.bias == pytest.approx(
        np.mean(bits) - estimate.bits
    )  # two dimensions: half the samples, twice


def test_rank_normalisation_is_monotone_and_standard():
    x = np.random.default_rng(6).standard_cauchy((1001, 1))
    z = rank_normalised(x, np.random.default_rng(0))
    assert (np.argsort(x[:, 0]) == np.argsort(z[:, 0])).all()
    assert abs(z.mean()) < 1e-12 and z.std() == pytest.approx(1, abs=0.01)


def coins(n: int, sides: int = 2, d: int = 1) -> np.ndarray:
    return np.random.default_rng(sides).integers(0, sides, (n, d)).astype(float)


@pytest.mark.parametrize("d", [1, 2, 9])  # counted by sorting, by trees, and by all pairs
@pytest.mark.parametrize("rank_normalise", [False, True])
def test_nearest_neighbours_find_nothing_in_ties_and_in_the_order_of_rows(d, rank_normalise):
    x, y = coins(800, 2, d), coins(800, 3, d)
    y = y[np.lexsort(y.T)]  # a table that is sorted by its target
    for one, other in ((x, y), (y, x)):
        assert abs(ksg_information(one, other, rank_normalise=rank_normalise).bits) < 0.1


def test_nearest_neighbours_find_nothing_beside_a_constant():
    flat, rising = np.zeros(500), np.arange(500.0)
    for one, other in ((flat, rising), (rising, flat), (flat, flat)):
        assert abs(ksg_information(one, other).bits) < 0.1


@pytest.mark.parametrize("d", [1, 2, 9])
def test_samples_at_the_same_points_have_the_information_of_their_counts(d):
    die = np.repeat(coins(900, 3), d, axis=1)
    found = ksg_information(die, die, rank_normalise=False)
    assert found.bits == pytest.approx(plug_in_information(die, die).bits, abs=0.01)


@pytest.mark.parametrize("neighbours", [1, 3, 10, 30])
@pytest.mark.parametrize("d", [1, 9])
def test_samples_on_a_grid_have_nearly_the_information_of_their_counts(neighbours, d):
    generator = np.random.default_rng(0)
    x = generator.integers(0, 40, 2000)
    y = x + generator.integers(0, 12, 2000)
    exact = plug_in_information(x, y, "miller-madow").bits
    assert exact == pytest.approx(1.9, abs=0.1)
    grid = (np.repeat(v[:, None], d, axis=1).astype(float) for v in (x, y))
    assert ksg_information(*grid, neighbours, rank_normalise=False).bits == pytest.approx(exact, abs=0.2)


def test_samples_on_a_grid_of_tenths_are_tied_as_on_one_of_whole_numbers():
    x, noise = np.random.default_rng(0).standard_normal((2, 400, 8))
    tenths = x.round(1), (x + noise).round(1)
    whole = ((10 * samples).round() for samples in tenths)
    found, expected = (ksg_information(*pair, rank_normalise=False) for pair in (tenths, whole))
    assert found.bits == pytest.approx(expected.bits, abs=1e-12)


def test_bins_find_nothing_in_ties_and_in_the_order_of_rows():
    x, y = coins(800), np.sort(coins(800, 3), axis=0)
    assert abs(ESTIMATORS["bins"](x, y).bits) < 0.1


def test_canonical_correlations_are_right_for_gaussians():
    generator = np.random.default_rng(7)
    x = generator.standard_normal((4000, 3))
    y = 0.8 * x + 0.6 * generator.standard_normal((4000, 3))
    estimate = gaussian_information_estimate(x, y)
    assert estimate.bits == pytest.approx(3 * gaussian_bits(0.8), abs=4 * estimate.standard_error)
    # invertible linear maps change nothing
    mixed = gaussian_information_estimate(x @ generator.standard_normal((3, 3)), y)
    assert mixed.bits == pytest.approx(estimate.bits, abs=1e-9)


@pytest.mark.parametrize("noise", [0.02, 0.3, 1.0, 4.0])
def test_kernel_bounds_enclose_the_information(noise):
    """Two points are the binary-input Gaussian channel, whose information is known."""
    lower, upper = kernel_bounds([-1.0, 1.0], noise)
    truth = infodecomp.gaussian_channel_information(noise).item()
    assert lower.bits - 1e-12 <= truth <= upper.bits + 1e-12
    assert (lower.kind, upper.kind) == ("lower", "upper")


def test_kernel_bounds_meet_where_points_are_far_apart_or_equal():
    far = kernel_bounds(np.arange(16) * 100.0, 1.0)
    assert [bound.bits for bound in far] == pytest.approx([4, 4])
    assert [bound.bits for bound in kernel_bounds(np.zeros((16, 2)), 1.0)] == pytest.approx([0, 0], abs=1e-12)


def test_kernel_bounds_do_not_depend_on_blocks(monkeypatch):
    points = torch.randn(50, 3, generator=torch.Generator().manual_seed(0))
    whole = kernel_bounds(points, 0.5)
    monkeypatch.setattr("infodecomp.estimators.kernel_bounds.BLOCK", 7)
    parts = kernel_bounds(points, 0.5)
    assert [a.bits for a in whole] == pytest.approx([b.bits for b in parts], abs=1e-12)


def test_the_best_critic_reaches_the_information():
    rho, n = 0.8, 200_000
    x, y = gaussians(rho, n)

    def log_ratio(x, y):
        a, b = rho / (1 - rho**2), rho**2 / (2 * (1 - rho**2))
        return a * x * y - b * (x**2 + y**2) - 0.5 * math.log(1 - rho**2)

    bound = donsker_varadhan(log_ratio(x, y), log_ratio(x, np.roll(y, 1)))
    assert bound.bits == pytest.approx(gaussian_bits(rho), abs=4 * bound.standard_error)
    assert bound.kind == "lower" and bound.standard_error < 0.02
    few = slice(0, 1000)
    nce = info_nce(log_ratio(x[few, None], y[None, few]))
    assert nce.bits == pytest.approx(gaussian_bits(rho), abs=0.1) and nce.bits <= math.log2(1000)


def test_bounds_ignore_a_constant_that_is_added_to_the_critic():
    scores = np.random.default_rng(8).standard_normal((30, 30))
    assert info_nce(scores + 5).bits == pytest.approx(info_nce(scores).bits, abs=1e-12)
    joint, product = scores[0], scores[1]
    shifted = donsker_varadhan(joint + 5, product + 5)
    assert shifted.bits == pytest.approx(donsker_varadhan(joint, product).bits, abs=1e-12)


def test_info_nce_never_exceeds_the_logarithm_of_the_batch():
    assert info_nce(100 * np.eye(8)).bits == pytest.approx(3)


def test_an_interval_is_symmetric():
    assert Estimate(1.0, 0.5, "point", 10).interval(2) == (0.0, 2.0)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: ksg_information([1.0, 2.0, 3.0], [1.0, 2.0]), "x has 3 samples and y"),
        (lambda: ksg_information([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], 3), "from 1 to 2"),
        (lambda: plug_in_information([1.0], [1.0]), "at least 2"),
        (lambda: plug_in_information([1, 2], [1, 2], "wish"), "choose from"),
        (lambda: kernel_bounds([1.0, 2.0], 0.0), "above 0"),
        (lambda: donsker_varadhan([1.0], [1.0, 2.0]), "at least 2 of each"),
        (lambda: info_nce([[1.0, 2.0]]), "give \\(n, n\\)"),
        (lambda: ksg_information([1.0, math.nan], [1.0, 2.0]), "finite"),
    ],
)
def test_invalid_samples_are_refused(call, says):
    with pytest.raises(InformationError, match=says):
        call()
