"""Information terms of two sources and a target: known values, identities between them, and dit as oracle."""

import dit
import pytest
import torch
from hypothesis import given, settings

from infodecomp import (
    InformationError,
    co_information,
    conditional_mutual_information,
    entropy,
    information_terms,
    mutual_information,
    term_contributions,
)
from tests.infodecomp.joints import NAMED, degenerate_joints, random_joint, tables, to_dit

BITS = 1e-12


def terms_of(joint):
    return {name: term.item() for name, term in information_terms(joint).items()}


@pytest.mark.parametrize(
    "name, expected",
    [
        (
            "default",
            {"H(Y)": 0.95443, "I(A;Y)": 0.16404, "I(B;Y)": 0.09708, "I(A,B;Y)": 0.31913, "H(Y|A,B)": 0.63530},
        ),
        ("xor", {"I(A;Y)": 0, "I(B;Y)": 0, "I(A,B;Y)": 1, "I(A;B)": 0, "I(A;B|Y)": 1, "co-information": -1}),
        ("mirror a", {"I(A;Y)": 1, "I(B;Y)": 0, "I(A;Y|B)": 1, "I(B;Y|A)": 0, "co-information": 0}),
        (
            "and",
            {
                "H(Y)": 0.81128,
                "I(A;Y)": 0.31128,
                "I(A,B;Y)": 0.81128,
                "I(A;Y|B)": 0.5,
                "co-information": -0.18872,
            },
        ),
    ],
)
def test_known_values(name, expected):
    terms = terms_of(NAMED[name])
    assert {term: terms[term] for term in expected} == pytest.approx(expected, abs=5e-6)


def test_equal_sources_are_redundant():
    equal = degenerate_joints()["equal sources"]
    assert co_information(equal).item() == 1
    assert conditional_mutual_information(equal).item() == 0


@settings(max_examples=200)
@given(tables(2, 2, 2))
def test_against_dit(joint):
    oracle, terms = to_dit(joint), terms_of(joint)
    a, b, y = [0], [1], [2]
    assert terms["I(A;Y)"] == pytest.approx(dit.shannon.mutual_information(oracle, a, y), abs=1e-9)
    assert terms["I(A,B;Y)"] == pytest.approx(dit.shannon.mutual_information(oracle, a + b, y), abs=1e-9)
    assert terms["I(A;Y|B)"] == pytest.approx(dit.multivariate.coinformation(oracle, [a, y], b), abs=1e-9)
    assert terms["I(B;Y|A)"] == pytest.approx(dit.multivariate.coinformation(oracle, [b, y], a), abs=1e-9)
    assert terms["I(A;B|Y)"] == pytest.approx(dit.multivariate.coinformation(oracle, [a, b], y), abs=1e-9)
    assert terms["co-information"] == pytest.approx(dit.multivariate.coinformation(oracle), abs=1e-9)


@settings(max_examples=200)
@given(tables(2, 3, 2))
def test_identities_between_the_terms(joint):
    t = terms_of(joint)
    assert t["I(A,B;Y)"] == pytest.approx(t["I(A;Y)"] + t["I(B;Y|A)"], abs=BITS)
    assert t["I(A,B;Y)"] == pytest.approx(t["I(B;Y)"] + t["I(A;Y|B)"], abs=BITS)
    assert t["I(A,B;Y)"] == pytest.approx(t["I(A;Y)"] + t["I(B;Y)"] - t["co-information"], abs=BITS)
    assert t["co-information"] == pytest.approx(t["I(A;B)"] - t["I(A;B|Y)"], abs=BITS)
    assert t["H(Y)"] == pytest.approx(t["I(A,B;Y)"] + t["H(Y|A,B)"], abs=BITS)
    bound = min(t["I(A;Y)"], t["I(B;Y)"], t["I(A;B)"]) + BITS
    assert -min(t["I(A;Y|B)"], t["I(B;Y|A)"], t["I(A;B|Y)"]) - BITS <= t["co-information"] <= bound


@settings(max_examples=50)
@given(tables(2, 2, 3))
def test_terms_agree_with_the_marginal_tables(joint):
    t = terms_of(joint)
    assert t["I(A;Y)"] == pytest.approx(mutual_information(joint.sum(1)).item(), abs=BITS)
    assert t["I(B;Y)"] == pytest.approx(mutual_information(joint.sum(0)).item(), abs=BITS)
    assert t["I(A;B)"] == pytest.approx(mutual_information(joint.sum(2)).item(), abs=BITS)
    assert t["I(A,B;Y)"] == pytest.approx(mutual_information(joint.reshape(4, 3)).item(), abs=BITS)
    assert t["H(A)"] == pytest.approx(entropy(joint.sum((1, 2))).item(), abs=BITS)


@settings(max_examples=50)
@given(tables(2, 2, 2))
def test_contributions_sum_to_their_term_and_are_zero_in_empty_cells(joint):
    terms = information_terms(joint)
    for name, cells in term_contributions(joint).items():
        assert cells.shape == joint.shape
        assert cells.sum().item() == pytest.approx(terms[name].item(), abs=1e-14)
        assert not bool(cells[joint == 0].any())


def test_a_contribution_is_the_probability_times_the_log_ratio():
    joint = NAMED["default"]  # p(1,1,1) = .225, p(a=1) = 1/2, p(y=1) = .375, p(a=1,y=1) = .3
    cell = term_contributions(joint)["I(A;Y)"][1, 1, 1].item()
    assert cell == pytest.approx(0.225 * torch.log2(torch.tensor(0.3 / (0.5 * 0.375))).item(), abs=1e-7)


def test_a_contribution_can_be_negative():
    assert term_contributions(NAMED["default"])["I(A;Y)"].min().item() < -0.01


def test_swapping_the_sources_swaps_their_terms():
    joint = random_joint(3)
    terms, swapped = terms_of(joint), terms_of(joint.transpose(0, 1))
    for name, swapped_name in (
        ("I(A;Y)", "I(B;Y)"),
        ("I(A;Y|B)", "I(B;Y|A)"),
        ("H(A)", "H(B)"),
        ("I(A;B|Y)", "I(A;B|Y)"),
    ):
        assert terms[name] == pytest.approx(swapped[swapped_name], abs=BITS)
    assert terms["co-information"] == pytest.approx(swapped["co-information"], abs=BITS)


@pytest.mark.parametrize("name, joint", degenerate_joints().items())
def test_degenerate_joints_give_numbers(name, joint):
    terms = terms_of(joint)
    assert all(term == term and term >= -1 for term in terms.values())
    if name == "a is constant":
        assert terms["I(A;Y)"] == terms["H(A)"] == terms["I(A;B)"] == 0


def test_a_batch_equals_its_members():
    batch = torch.stack([random_joint(seed) for seed in range(4)]).reshape(2, 2, 2, 2, 2)
    together = information_terms(batch)
    for name, term in information_terms(batch[1, 0]).items():
        assert together[name].shape == (2, 2)
        assert together[name][1, 0].item() == pytest.approx(term.item(), abs=1e-15)


@pytest.mark.parametrize(
    "function", [information_terms, term_contributions, co_information, conditional_mutual_information]
)
def test_invalid_joints_are_refused(function):
    with pytest.raises(InformationError, match="dimensions"):
        function([[0.5, 0.5]])
    with pytest.raises(InformationError, match="sum"):
        function(torch.ones(2, 2, 2))
