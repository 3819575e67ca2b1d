"""Fuzzy logic: truth tables at the corners, the exact network, and matches of neurons."""

import itertools

import numpy as np
import pytest
import torch

from infodecomp.errors import InformationError
from infodecomp.representations.fuzzy_logic import (
    AND,
    FUNCTIONS,
    fuzzy_functions,
    fuzzy_xor_network,
    match_neurons,
    match_pairs,
    truth_grid,
)

A, B = truth_grid(33)


@pytest.mark.parametrize("logic", AND)
def test_all_logics_agree_with_boolean_logic_at_the_corners(logic):
    found = fuzzy_functions([0, 0, 1, 1], [0, 1, 0, 1], logic)
    expected = {
        "a": [0, 0, 1, 1],
        "b": [0, 1, 0, 1],
        "a AND b": [0, 0, 0, 1],
        "a OR b": [0, 1, 1, 1],
        "a AND NOT b": [0, 0, 1, 0],
        "b AND NOT a": [0, 1, 0, 0],
        "a XOR b": [0, 1, 1, 0],
    }
    assert dict(zip(FUNCTIONS, found.tolist())) == expected


def test_known_values_of_the_minimum_logic():
    xor = fuzzy_functions([0.5, 0.2], [0.5, 0.9])[-1]
    assert xor.tolist() == pytest.approx([0.5, 0.8])
    a, b = truth_grid(401)
    grid = fuzzy_functions(a, b)[-1]
    assert grid.mean().item() == pytest.approx(0.5, abs=1e-3)
    assert grid.var().item() == pytest.approx(1 / 24, abs=1e-3)


def test_or_is_maximum_probabilistic_sum_and_bounded_sum():
    assert torch.allclose(fuzzy_functions(A, B)[3], torch.maximum(A, B))
    assert torch.allclose(fuzzy_functions(A, B, "product")[3], A + B - A * B)
    assert torch.allclose(fuzzy_functions(A, B, "lukasiewicz")[3], (A + B).clamp_max(1))


def test_three_neurons_compute_xor_exactly():
    network, parameters = fuzzy_xor_network()
    a, b = torch.rand(2, 5000, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    output = network.forward(parameters.double(), torch.stack((a, b), 1))[-1][0, :, 0]
    assert torch.allclose(output, fuzzy_functions(a, b)[-1], atol=1e-12)
    hidden = network.forward(parameters.double(), torch.stack((A, B), 1))[0][0].T
    lukasiewicz = match_neurons(hidden, fuzzy_functions(A, B, "lukasiewicz")).r2
    assert lukasiewicz[1, 5].item() == pytest.approx(1) and lukasiewicz[2, 2].item() == pytest.approx(1)


def test_a_match_is_the_squared_correlation_so_that_not_is_free():
    functions = fuzzy_functions(A, B)
    found = match_neurons(torch.stack((1 - functions[2], 3 * functions[6], torch.zeros_like(A))), functions)
    assert found.r2[0, 2].item() == pytest.approx(1) and found.r2[1, 6].item() == pytest.approx(1)
    assert found.r2[0, 3].item() == pytest.approx(np.corrcoef(functions[2], functions[3])[0, 1] ** 2)
    assert found.live.tolist() == [True, True, False] and found.r2[2].max() == 0


def test_the_match_of_pairs_is_the_best_least_squares_fit():
    generator = torch.Generator().manual_seed(1)
    neurons, functions = torch.randn(5, len(A), generator=generator).double(), fuzzy_functions(A, B)
    best = []
    for function in functions.numpy():
        fits = []
        for i, j in itertools.combinations(range(5), 2):
            design = np.stack((neurons[i], neurons[j], np.ones(len(A))), 1)
            rest = function - design @ np.linalg.lstsq(design, function, rcond=None)[0]
            fits.append(1 - rest.var() / function.var())
        best.append(max(fits))
    assert match_pairs(neurons, functions).tolist() == pytest.approx(best)


def test_two_equal_neurons_explain_no_more_than_one():
    neurons, functions = torch.stack((A, A)), fuzzy_functions(A, B)
    assert match_pairs(neurons, functions).tolist() == pytest.approx(
        match_neurons(A[None], functions).r2[0].tolist()
    )


def test_unknown_logics_and_constant_candidates_are_refused():
    with pytest.raises(InformationError, match="choose from minimum"):
        fuzzy_functions(A, B, "quantum")
    with pytest.raises(InformationError, match="constant"):
        match_neurons(A[None], torch.ones(1, len(A)))
