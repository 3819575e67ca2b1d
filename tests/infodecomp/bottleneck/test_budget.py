"""A budget in bits is what the network spends, also between two points of the measured plane."""

from pathlib import Path

import numpy as np
import pytest
import torch

from infodecomp import DistributedBottleneck, InformationError
from infodecomp.bottleneck import budget
from infodecomp.bottleneck.budget import TOLERANCE, sobol_normal, solve_budget, total_information
from infodecomp.bottleneck.model import Bottleneck

MODEL = Bottleneck.load(Path(__file__).parents[3] / "models" / "bikes.safetensors")


def without_solutions() -> Bottleneck:
    """The stored model with an empty cache of solved budgets."""
    tensors, metadata = MODEL.to_tensors()
    return Bottleneck.from_tensors(tensors, metadata | {"solved_budgets": [], "budget_grid": []})


def information(t: float) -> float:
    """The bits spent at t, from other messages than those that budgets are solved with."""
    return float(np.mean([total_information(MODEL.network, t, seed) for seed in range(7, 11)]))


@pytest.mark.parametrize("bits", [1, 2, 3, 4.05, 5, 11])
def test_stored_and_new_budgets_are_spent_to_a_hundredth_of_a_bit(bits):
    assert information(MODEL.t_at(bits)) == pytest.approx(bits, abs=0.01)


@pytest.mark.parametrize("bits", [0.333, 0.77, 3.05, 4.57, 8.42, 9.95])
def test_a_budget_between_two_stored_ones_is_interpolated_and_spent_too(bits):
    assert information(MODEL.t_at(bits)) == pytest.approx(bits, abs=0.01)
    assert bits not in dict(MODEL.to_tensors()[1]["solved_budgets"])


def test_solutions_do_not_depend_on_what_was_asked_before():
    expected = without_solutions().t_at(5.53)
    asked_before = without_solutions()
    asked_before.t_at(5.5), asked_before.t_at(5.56)
    loaded = Bottleneck.from_tensors(*asked_before.to_tensors())
    assert asked_before.t_at(5.53) == loaded.t_at(5.53) == expected


def test_only_between_budgets_of_a_grid_is_t_interpolated_before_and_after_storage(monkeypatch):
    bottleneck = without_solutions()
    bottleneck.t_at(5.53)
    bottleneck.solve_grid([5.5, 5.6])
    monkeypatch.delattr(budget, "total_information")
    for model in (bottleneck, Bottleneck.from_tensors(*bottleneck.to_tensors())):
        ends = model.t_at(5.5), model.t_at(5.6)
        assert model.t_at(5.55) == pytest.approx(np.mean(ends)) and ends[0] < model.t_at(5.53) < ends[1]


@pytest.mark.parametrize("bits", [0.37, 1.03, 7.43, 12.6, 16.4, 21.3])
def test_few_evaluations_solve_a_new_budget(bits, monkeypatch):
    calls = []

    def counted(network, t):
        calls.append(t)
        return total_information(network, t)

    monkeypatch.setattr(budget, "total_information", counted)
    assert information(without_solutions().t_at(bits)) == pytest.approx(bits, abs=0.01)
    assert 0 < len(calls) <= 7


@pytest.fixture(scope="module")
def spent():
    return MODEL.spent()


@pytest.mark.parametrize("bits", [1.03, 7.43, 16.4])
def test_bits_that_are_kept_save_evaluations_and_change_no_solution(bits, spent, monkeypatch):
    calls, before, after = [], without_solutions(), without_solutions()
    after.keep_spent(spent)

    def counted(network, t):
        calls.append(t)
        return total_information(network, t)

    monkeypatch.setattr(budget, "total_information", counted)
    expected, n = before.t_at(bits), len(calls)
    calls.clear()
    assert after.t_at(bits) == expected
    assert 0 < len(calls) <= n - 2


def test_a_budget_is_solved_once_and_stored(tmp_path, monkeypatch):
    bottleneck = without_solutions()
    solved = bottleneck.t_at(5.55)
    bottleneck.save(tmp_path / "model.safetensors")
    monkeypatch.delattr(budget, "total_information")
    loaded = Bottleneck.load(tmp_path / "model.safetensors")
    assert bottleneck.t_at(5.55) == loaded.t_at(5.55) == solved
    assert loaded.t_at(np.float64(5.55)) == solved


def test_a_fit_solves_its_best_budget(monkeypatch):
    X = np.random.default_rng(0).integers(0, 2, (60, 2)).astype(float)
    fit = DistributedBottleneck(steps=20, width=8, draws=8).fit(X, X[:, 0])
    monkeypatch.delattr(budget, "total_information")
    assert fit.predict(X).shape == (60,)


def test_a_new_solution_equals_the_stored_one():
    assert without_solutions().t_at(3) == pytest.approx(MODEL.t_at(3), abs=2e-4)


def test_the_error_of_the_total_information_is_small():
    estimates = [total_information(MODEL.network, 0.7, seed) for seed in range(6)]
    assert np.std(estimates) < 0.003  # 0.006 with the same messages for all levels, and twice as many


def test_false_position_finds_a_root_beyond_a_noisy_bracket():
    t = np.linspace(0, 1, 9)
    calls = []

    def curve(x):
        calls.append(x)
        return 20 * x**4

    noisy = np.maximum.accumulate(curve(t) + np.where(np.arange(9) % 2, 0.9, -0.9))
    for bits in (0.5, 2, 7, 15):
        calls.clear()
        assert curve(solve_budget(curve, bits, t, noisy)) == pytest.approx(bits, abs=TOLERANCE)
        assert len(calls) < 15
    assert solve_budget(curve, 25, t, noisy) == 1 and solve_budget(curve, -1, t, noisy) == 0


def test_sobol_numbers_are_standard_normal():
    numbers = sobol_normal(4096, 2, seed=0)
    assert numbers.dtype == torch.float64
    assert numbers.mean(0).abs().max() < 1e-3 and numbers.std(0) == pytest.approx([1, 1], abs=2e-3)


@pytest.mark.parametrize("bits", ["many", None, np.nan, 99, -1])
def test_an_impossible_budget_is_refused(bits):
    with pytest.raises(InformationError, match="out of reach|not a number"):
        MODEL.t_at(bits)
    with pytest.raises(InformationError, match="out of reach|not a number"):
        MODEL.plane.at(bits)
