"""Joints of two binary sources: closed forms and limits."""

import math

import pytest
import torch

from infodecomp import (
    InformationError,
    SourcePair,
    TwoSourceJoint,
    information_frontier,
    mutual_information,
    two_source_joint,
)

GIVEN = [[0.1, 0.2], [0.3, 0.9]]


def test_marginals_and_conditionals_are_those_given():
    joint = two_source_joint(GIVEN, 0.3, 0.8, 0.6)
    assert joint.sum((1, 2))[1].item() == pytest.approx(0.3)
    assert joint.sum((0, 2))[1].item() == pytest.approx(0.8)
    assert (joint[..., 1] / joint.sum(-1)).flatten().tolist() == pytest.approx([0.1, 0.2, 0.3, 0.9])


@pytest.mark.parametrize("correlation, information", [(0, 0), (1, 1), (-1, 1)])
def test_fair_sources_go_from_independent_to_equal_or_opposite(correlation, information):
    sources = two_source_joint(GIVEN, correlation=correlation).sum(2)
    assert mutual_information(sources).item() == pytest.approx(information, abs=1e-12)
    assert sources[0, 1].item() == pytest.approx((1 - correlation) / 4, abs=1e-12)


@pytest.mark.parametrize(
    "arguments, message",
    [
        (([[0.1, 0.2]],), r"\(2, 2\)"),
        (([[0.1, 0.2], [0.3, 1.9]],), "1.9"),
        (("text",), "text"),
        ((GIVEN, -0.1), "p_a"),
        ((GIVEN, 0.5, math.nan), "p_b"),
        ((GIVEN, 0.5, 0.5, 2), "correlation"),
        ((GIVEN, 0.5, 0.5, None), "correlation"),
    ],
)
def test_numbers_outside_their_limits_are_refused(arguments, message):
    with pytest.raises(InformationError, match=message):
        two_source_joint(*arguments)


def test_a_prepared_joint_is_used_again():
    prepared = TwoSourceJoint(two_source_joint(GIVEN))
    assert TwoSourceJoint.of(prepared) is prepared


def test_prepared_sources_serve_every_target():
    pair = SourcePair.correlated(0.3, 0.8, 0.6)
    budgets = torch.linspace(0, 1.5, 7)
    for given in (GIVEN, [[0, 1], [1, 0]]):
        joint = two_source_joint(given, 0.3, 0.8, 0.6)
        alone, shared = (information_frontier(one, budgets) for one in (joint, TwoSourceJoint(joint, pair)))
        assert torch.allclose(torch.stack(shared), torch.stack(alone), rtol=0, atol=1e-12)


def test_what_is_received_has_the_information_of_its_channels():
    joint = TwoSourceJoint(two_source_joint(GIVEN, 0.3, 0.8, 0.6))
    crossover = torch.tensor([0.0, 0.1, 0.5], dtype=torch.float64), torch.tensor([0.2, 0.5, 0.5]).double()
    received = joint.information_received(joint.pair.received(*crossover))
    assert torch.allclose(received, joint.information(*crossover), rtol=0, atol=1e-14)


def test_sources_of_another_joint_are_refused():
    with pytest.raises(InformationError, match=r"differ by 0.2; give the pair"):
        TwoSourceJoint(two_source_joint(GIVEN), SourcePair.correlated(0.1))


@pytest.mark.parametrize(("correlation", "both"), [(-1, 0.5), (-0.5, 0.53), (0, 0.56), (0.5, 0.63), (1, 0.7)])
def test_biased_sources_go_from_as_opposite_as_they_can_be_to_as_alike(correlation, both):
    joint = two_source_joint([[0, 0], [0, 1]], p_a=0.7, p_b=0.8, correlation=correlation)
    assert joint[1, 1, 1].item() == pytest.approx(both, abs=1e-12)
    assert joint.sum().item() == pytest.approx(1, abs=1e-12)
