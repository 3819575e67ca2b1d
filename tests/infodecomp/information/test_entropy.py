"""Entropy and mutual information: closed forms, identities, bounds, and dit as oracle."""

import math

import dit
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from infodecomp import InformationError, binary_entropy, conditional_entropy, entropy, mutual_information
from tests.infodecomp.joints import random_joint, tables, to_dit


@pytest.mark.parametrize("n", [1, 2, 3, 8])
def test_a_uniform_distribution_has_log_n_bits(n):
    assert entropy([1 / n] * n).item() == pytest.approx(math.log2(n), abs=1e-14)


def test_zero_probabilities_add_nothing():
    assert entropy([0.5, 0.5, 0.0]).item() == 1
    assert entropy([0.0, 1.0]).item() == 0


@pytest.mark.parametrize("p, bits", [(0, 0), (1, 0), (0.5, 1), (0.25, 2 - 0.75 * math.log2(3))])
def test_binary_entropy_closed_forms(p, bits):
    assert binary_entropy(p).item() == pytest.approx(bits, abs=1e-15)


@pytest.mark.parametrize("p", [1e-6, 1e-9, 1e-15])
def test_binary_entropy_is_accurate_for_rare_events(p):
    """H2(p) = p log2(e/p) - p^2 log2(e)/2 + O(p^3)."""
    assert binary_entropy(p).item() == pytest.approx(
        p * math.log2(math.e / p), rel=1e-2 if p < 1e-12 else 1e-6
    )


@given(st.floats(0, 1))
def test_binary_entropy_is_the_entropy_of_a_coin_and_symmetric(p):
    assert binary_entropy(p).item() == pytest.approx(entropy([p, 1 - p]).item(), abs=1e-14)
    assert binary_entropy(p).item() == pytest.approx(binary_entropy(1 - p).item(), abs=1e-14)


@settings(max_examples=200)
@given(tables(3, 4))
def test_against_dit(joint):
    oracle = to_dit(joint)
    assert entropy(joint, n_variables=2).item() == pytest.approx(dit.multivariate.entropy(oracle), abs=1e-9)
    assert mutual_information(joint).item() == pytest.approx(
        dit.shannon.mutual_information(oracle, [0], [1]), abs=1e-9
    )
    assert conditional_entropy(joint).item() == pytest.approx(
        dit.shannon.conditional_entropy(oracle, [1], [0]), abs=1e-9
    )


@settings(max_examples=200)
@given(tables(3, 4))
def test_identities_and_bounds(joint):
    h_x, h_y, information = entropy(joint.sum(1)), entropy(joint.sum(0)), mutual_information(joint)
    assert (h_y - conditional_entropy(joint)).item() == pytest.approx(information.item(), abs=1e-12)
    assert information.item() == pytest.approx(mutual_information(joint.T).item(), abs=1e-12)
    assert entropy(joint, n_variables=2) <= h_x + h_y + 1e-12
    assert 0 <= information <= torch.minimum(h_x, h_y) + 1e-12


def test_independent_variables_have_no_information_and_a_copy_has_all():
    p = torch.tensor([0.2, 0.3, 0.5], dtype=torch.float64)
    assert mutual_information(torch.outer(p, p)).item() == pytest.approx(0, abs=1e-15)
    assert mutual_information(torch.diag(p)).item() == pytest.approx(entropy(p).item(), abs=1e-15)


def test_a_batch_equals_its_members():
    batch = torch.stack([random_joint(seed, (2, 3)) for seed in range(6)]).reshape(2, 3, 2, 3)
    together = mutual_information(batch)
    assert together.shape == (2, 3)
    for index in range(6):
        assert together.flatten()[index] == mutual_information(batch.reshape(6, 2, 3)[index])


@pytest.mark.parametrize(
    "probabilities, message",
    [
        ([0.5, math.nan], "contains nan"),
        ([0.5, math.inf], "contains inf"),
        ([1.5, -0.5], "-0.5"),
        ([0.5, 0.4], "sum"),
        (0.5, "dimension"),
        ("text", "numbers"),
        ([[0.5], [0.2, 0.3]], "numbers"),
    ],
)
def test_invalid_tables_are_refused(probabilities, message):
    with pytest.raises(InformationError, match=message):
        entropy(probabilities)


def test_a_joint_needs_two_dimensions():
    with pytest.raises(InformationError, match="dimensions"):
        mutual_information([0.5, 0.5])
    with pytest.raises(InformationError, match="sum"):
        conditional_entropy([[0.5, 0.5], [0.5, 0.5]])


@pytest.mark.parametrize("p", [-0.1, 1.1, math.nan])
def test_binary_entropy_refuses_invalid_probabilities(p):
    with pytest.raises(InformationError, match="0 to 1"):
        binary_entropy(p)
