"""A budget of bits is what the network spends, however the information curves between two measurements."""

from pathlib import Path

import numpy as np
import pytest
import torch

from infodecomp import InformationError
from infodecomp.bottleneck.budget import TOLERANCE, sobol_normal, solve_budget, total_information
from infodecomp.bottleneck.model import Bottleneck

MODEL = Bottleneck.load(Path(__file__).parents[3] / "models" / "bikes.safetensors")


@pytest.mark.parametrize("bits", [1, 2, 3, 4.05, 5, 11])
def test_the_network_spends_what_was_asked(bits):
    spent = total_information(MODEL.network, MODEL.t_at(bits), seed=7)  # not the messages solved with
    assert spent == pytest.approx(bits, abs=0.01)


@pytest.mark.parametrize("bits", [0.333, 0.77, 3.05, 4.57, 8.42, 9.95])
def test_a_budget_between_two_solved_ones_is_interpolated_and_spent_too(bits):
    assert total_information(MODEL.network, MODEL.t_at(bits), seed=7) == pytest.approx(bits, abs=0.01)
    assert bits not in dict(MODEL.to_tensors()[1]["solved_budgets"])


def test_a_fresh_solution_equals_the_stored_one():
    tensors, metadata = MODEL.to_tensors()
    fresh = Bottleneck.from_tensors(tensors, metadata | {"solved_budgets": []})
    assert fresh.t_at(3) == pytest.approx(MODEL.t_at(3), abs=1e-4)
    assert 3.0 in dict(fresh.to_tensors()[1]["solved_budgets"])


def test_false_position_finds_a_root_beyond_a_noisy_bracket():
    t = np.linspace(0, 1, 9)
    calls = []

    def information(x):
        calls.append(x)
        return 20 * x**4

    noisy = np.maximum.accumulate(information(t) + np.where(np.arange(9) % 2, 0.9, -0.9))
    for bits in (0.5, 2, 7, 15):
        calls.clear()
        assert information(solve_budget(information, bits, t, noisy)) == pytest.approx(bits, abs=TOLERANCE)
        assert len(calls) < 15
    assert solve_budget(information, 25, t, noisy) == 1 and solve_budget(information, -1, t, noisy) == 0


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
