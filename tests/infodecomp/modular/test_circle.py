"""The circular construction: brute force over all pairs, harmonics, first failures, and the square."""

import math

import pytest
import torch

from infodecomp.errors import InformationError
from infodecomp.modular.circle import (
    alias_error,
    alias_orders,
    circle_accuracy,
    circle_directions,
    circle_error,
    fine_angles,
    first_failure,
    max_error,
    relu_harmonic,
    sum_counts,
)

ACCURACIES = {  # over all ordered pairs
    67: {3: 0.022, 4: 0.030, 5: 1, 6: 0.194, 7: 1, 8: 0.627, 9: 1, 10: 1},
    113: {5: 1, 6: 0.106, 8: 0.327},
    150: {5: 0.566, 7: 1, 9: 1},
    500: {5: 0.140, 7: 0.464, 9: 1},
}
FIRST_FAILURES = {3: 12, 4: 12, 5: 119, 6: 22, 7: 344, 8: 57, 9: None, 10: 119}


def brute_force(n_neurons: int, modulus: int, activation: str) -> float:
    """Accuracy by the definition: logits of every pair, pairs whose points cancel left out."""
    angle = torch.arange(modulus, dtype=torch.float64) * (2 * math.pi / modulus)
    points = torch.stack([angle.cos(), angle.sin()], 1)
    into, out = circle_directions(n_neurons)
    total = points[:, None] + points
    seen = total @ torch.stack([into.cos(), into.sin()])
    active = seen.relu() if activation == "relu" else seen.square()
    answer = (active @ torch.stack([out.cos(), out.sin()], 1) @ points.T).argmax(-1)
    right = answer == (torch.arange(modulus)[:, None] + torch.arange(modulus)) % modulus
    decided = total.norm(dim=-1) > 1e-9
    return float(right[decided].double().mean())


@pytest.mark.parametrize("n_neurons", range(3, 11))
@pytest.mark.parametrize("modulus", [12, 50, 67])
@pytest.mark.parametrize("activation", ["relu", "square"])
def test_accuracy_equals_brute_force_over_all_pairs(n_neurons, modulus, activation):
    if activation == "square" and n_neurons == 4:
        pytest.skip("the output of four squares is always on one line, so rounding decides")
    result = circle_accuracy(n_neurons, modulus, activation)
    assert result.accuracy == pytest.approx(brute_force(n_neurons, modulus, activation), abs=1e-9)


@pytest.mark.parametrize("modulus", ACCURACIES)
def test_accuracies_that_are_known(modulus):
    for n_neurons, accuracy in ACCURACIES[modulus].items():
        assert circle_accuracy(n_neurons, modulus).accuracy == pytest.approx(accuracy, abs=6e-4)


def test_first_failures_that_are_known():
    assert {n: first_failure(n) for n in FIRST_FAILURES} == FIRST_FAILURES
    assert first_failure(5, rotation=0.0) == 119
    for n_neurons, modulus in FIRST_FAILURES.items():
        if modulus:
            assert circle_accuracy(n_neurons, modulus).accuracy < 1
            assert modulus == 12 or circle_accuracy(n_neurons, modulus - 1).accuracy == 1


@pytest.mark.parametrize("n_neurons", [3, 5, 6, 7, 8, 9, 10])
def test_the_square_is_exact(n_neurons):
    assert float(circle_error(fine_angles(), n_neurons, "square").abs().max()) < 1e-12
    assert all(circle_accuracy(n_neurons, modulus, "square").accuracy == 1 for modulus in (12, 67, 113, 500))
    assert first_failure(n_neurons, "square") is None


def test_four_squares_fail():
    assert circle_accuracy(4, 67, "square").accuracy < 0.1


def test_harmonics_of_a_relu_by_quadrature():
    x = torch.linspace(0, 2 * math.pi, 200_001, dtype=torch.float64)
    wave = x.cos().clamp_min(0)
    assert relu_harmonic(0) == pytest.approx(float(torch.trapezoid(wave, x)) / (2 * math.pi), abs=1e-9)
    for order in (1, 2, 3, 4, 6, 8, 12):
        measured = float(torch.trapezoid(wave * (order * x).cos(), x)) / math.pi
        assert relu_harmonic(order) == pytest.approx(measured, abs=1e-9)


def test_aliases_explain_the_largest_error():
    assert (
        alias_orders(5) == [8, 12, 18, 22]
        and alias_orders(6)[:2] == [4, 8]
        and alias_orders(7)[:2] == [12, 16]
    )
    assert alias_orders(10) == alias_orders(5), "ten neurons do what five do"
    assert alias_error(5) == pytest.approx(3 / 63 - 3 / 143)
    for n_neurons in range(5, 11):
        assert max_error(n_neurons) == pytest.approx(alias_error(n_neurons), rel=0.02)
        if first_failure(n_neurons):
            assert first_failure(n_neurons) == pytest.approx(math.pi / alias_error(n_neurons), rel=0.08)


@pytest.mark.parametrize("modulus", [2, 12, 13, 50, 67])
def test_every_ordered_pair_is_counted_once_unless_its_points_cancel(modulus):
    pairs = torch.cartesian_prod(torch.arange(modulus), torch.arange(modulus))
    twice = 2 * (pairs[:, 0] - pairs[:, 1]).abs()
    k = (pairs.sum(1) + modulus * (twice > modulus))[twice != modulus] % (2 * modulus)
    assert torch.equal(sum_counts(modulus), torch.bincount(k, minlength=2 * modulus))
    assert circle_accuracy(5, modulus).undecided == (modulus if modulus % 2 == 0 else 0)


def test_pairs_that_cancel_are_those_half_a_turn_apart():
    assert int(sum_counts(500).sum()) == 500**2 - 500
    assert all(circle_accuracy(5, modulus).accuracy == 1 for modulus in range(12, 119))


@pytest.mark.parametrize("wrong", [(2, 67), (5, 1), (5.5, 67)])
def test_sizes_out_of_bounds_are_refused(wrong):
    with pytest.raises(InformationError):
        circle_accuracy(*wrong)


def test_unknown_activations_and_too_few_neurons_are_refused():
    with pytest.raises(InformationError, match="relu, square"):
        circle_accuracy(5, 67, "tanh")
    with pytest.raises(InformationError):
        alias_error(4)
