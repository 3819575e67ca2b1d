"""The plane and the front of two flip lines: science's test values, brute force, and the rules that no line can break."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from infodecomp import (
    InformationError,
    TwoSourceJoint,
    allocation_information,
    bsc_crossover_probability,
    bsc_information,
    entropy,
    information_frontier,
    information_plane,
    information_terms,
    mutual_information,
    nearest_allocation,
)
from tests.infodecomp.joints import (
    NAMED,
    degenerate_joints,
    from_conditionals,
    random_independent,
    random_joint,
    tables,
)

BUDGETS = torch.linspace(0, 2, 41, dtype=torch.float64)
JOINTS = {
    **NAMED,
    **{f"independent {seed}": random_independent(seed) for seed in range(5)},
    **{f"correlated {seed}": random_joint(seed) for seed in range(8)},
    **{f"sharp {seed}": random_joint(seed, sharpness=0.3) for seed in range(8)},
}


def line(p, bits):
    """The table p(u|x) of the flip line that delivers these bits."""
    e = bsc_crossover_probability(bits, p)
    return torch.stack([torch.stack([1 - e, e], -1), torch.stack([e, 1 - e], -1)], -2)


def worth_by_tables(joint, bits_a, bits_b):
    """I(U_A,U_B;Y), step by step: lines, the joint of what arrives, and its mutual information."""
    line_a, line_b = line(joint.sum((1, 2))[1], bits_a), line(joint.sum((0, 2))[1], bits_b)
    return mutual_information(torch.einsum("nau,nbv,aby->nuvy", line_a, line_b, joint).flatten(1, 2))


def entropies(joint):
    return entropy(joint.sum((1, 2))).item(), entropy(joint.sum((0, 2))).item()


def front_by_force(joint, budget, n=4000):
    """The best of n allocations that spend a budget; finer towards the ends."""
    h_a, h_b = entropies(joint)
    spend = min(budget, h_a + h_b)
    low, high = max(0.0, spend - h_b), min(spend, h_a)
    bits_a = low + (high - low) * torch.sin(torch.linspace(0, math.pi / 2, n, dtype=torch.float64)).square()
    return worth_by_tables(joint, bits_a.clamp(0, h_a), (spend - bits_a).clamp(0, h_b)).max().item()


def test_known_values_of_the_default_storm():
    joint = NAMED["default"]
    front = information_frontier(joint, [0.0, 1.0, 2.0])
    assert front.error.tolist() == pytest.approx([0.95443, 0.77299, 0.63530], abs=5e-6)
    assert front.information[2].item() == pytest.approx(0.31913, abs=5e-6)
    assert (front.bits_a[1].item(), front.bits_b[1].item()) == pytest.approx((0.7033, 0.2967), abs=1e-4)


@pytest.mark.parametrize("name, joint", JOINTS.items())
def test_front_against_brute_force(name, joint):
    budgets = BUDGETS[1::2]
    found = information_frontier(joint, budgets).information
    best = torch.tensor([front_by_force(joint, budget.item()) for budget in budgets])
    assert (best - found).max().item() < 1e-6
    assert (
        found - best.cummax(0).values
    ).max().item() < 2e-6  # nor more than there is: 4,000 allocations miss that little


@pytest.mark.parametrize("name, joint", JOINTS.items())
def test_a_budget_alone_gets_what_it_gets_among_many(name, joint):
    """The search takes other strides for few budgets than for many."""
    many = information_frontier(joint, BUDGETS).information
    alone = torch.cat([information_frontier(joint, budget).information for budget in BUDGETS[2::5]])
    assert torch.allclose(alone, many[2::5], atol=1e-8, rtol=0)


@pytest.mark.parametrize("name, joint", [*JOINTS.items(), *degenerate_joints().items()])
def test_front_pays_for_what_it_gives(name, joint):
    front = information_frontier(joint, BUDGETS)
    h_a, h_b = entropies(joint)
    assert all(bool(torch.isfinite(column).all()) for column in front)
    assert bool(((front.bits_a >= 0) & (front.bits_a <= h_a + 1e-12)).all())
    assert bool(((front.bits_b >= 0) & (front.bits_b <= h_b + 1e-12)).all())
    assert torch.equal(front.total, front.bits_a + front.bits_b)
    assert bool((front.total <= front.budget + 1e-12).all())
    assert bool((front.information <= front.total + 1e-9).all())  # F(R) <= R
    assert bool((front.information.diff() >= -1e-12).all())
    again = allocation_information(joint, front.bits_a, front.bits_b)
    assert torch.allclose(again, front.information, atol=1e-12, rtol=0)
    all_there_is = information_terms(joint)["I(A,B;Y)"].item()
    assert information_frontier(joint, [h_a + h_b]).information.item() == pytest.approx(
        all_there_is, abs=1e-9
    )
    assert torch.allclose(front.information + front.error, entropy(joint.sum((0, 1))), atol=1e-12, rtol=0)


@pytest.mark.parametrize("name, joint", [*JOINTS.items(), *degenerate_joints().items()])
def test_plane_lies_under_the_front(name, joint):
    plane = information_plane(joint, 30)
    front = information_frontier(joint, plane.total)
    assert all(bool(torch.isfinite(column).all()) for column in plane)
    # the front is itself found by search, to 1e-6 bits and mostly far better
    assert (plane.information - front.information).max().item() < 2e-9


@pytest.mark.parametrize("p", [0.5, 0.3, 0.1, 0.01, 1e-4, 0.999])
def test_towns_turn_bits_into_flips_and_back(p):
    ends = torch.logspace(-14, -1, 200, dtype=torch.float64)
    share = torch.cat([torch.linspace(0, 1, 3001, dtype=torch.float64), ends, 1 - ends])
    towns = TwoSourceJoint(from_conditionals(((0.1, 0.2), (0.3, 0.9)), ((0.5 - p / 2,) * 2, (p / 2,) * 2)))
    flips = torch.stack(towns.crossover_probabilities(share * towns.entropy_a, share * towns.entropy_b))
    delivered = torch.stack([bsc_information(flips[0], p), bsc_information(flips[1])])
    assert (
        delivered - share * torch.stack([towns.entropy_a, towns.entropy_b])[:, None]
    ).abs().max().item() < 1e-12
    assert flips[:, 0].tolist() == [0.5, 0.5] and flips[:, 3000].tolist() == [0, 0]


@settings(max_examples=200)
@given(tables(2, 2, 2), st.floats(0, 1), st.floats(0, 1))
def test_an_allocation_is_its_tables(joint, share_a, share_b):
    h_a, h_b = entropies(joint)
    bits = torch.tensor([share_a * h_a]), torch.tensor([share_b * h_b])
    bits = [b.double().clamp_max(h) for b, h in zip(bits, (h_a, h_b))]
    worth = allocation_information(joint, *bits)
    assert worth.item() == pytest.approx(worth_by_tables(joint, *bits).item(), abs=1e-9)
    # data processing: no more than both towns know, and no more than was bought
    assert worth.item() <= min(information_terms(joint)["I(A,B;Y)"].item(), sum(bits).item()) + 1e-9


@settings(max_examples=100)
@given(tables(2, 2, 2), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_more_bits_never_hurt(joint, share_a, less, more):
    h_a, h_b = entropies(joint)
    shares = torch.tensor([min(less, more), max(less, more)], dtype=torch.float64)
    worth = allocation_information(
        joint, torch.tensor([share_a * h_a] * 2, dtype=torch.float64), shares * h_b
    )
    assert worth[0] <= worth[1] + 1e-9


@settings(max_examples=50)
@given(tables(2, 2, 2))
def test_all_bits_of_the_towns_keep_the_chain_rule(joint):
    h_a, h_b = entropies(joint)
    terms = information_terms(joint)
    a, b, both = allocation_information(joint, [h_a, 0.0, h_a], [0.0, h_b, h_b]).tolist()
    assert a == pytest.approx(terms["I(A;Y)"].item(), abs=1e-9)
    assert b == pytest.approx(terms["I(B;Y)"].item(), abs=1e-9)
    assert both == pytest.approx(a + terms["I(B;Y|A)"].item(), abs=1e-9)


@pytest.mark.parametrize("name, joint", JOINTS.items())
def test_swapping_the_towns_swaps_the_plane_and_keeps_the_front(name, joint):
    swapped = joint.transpose(0, 1).contiguous()
    here, there = information_plane(joint, 12), information_plane(swapped, 12)
    assert torch.allclose(
        here.information.reshape(12, 12), there.information.reshape(12, 12).T, atol=1e-12, rtol=0
    )
    assert torch.allclose(
        information_frontier(joint, BUDGETS).information,
        information_frontier(swapped, BUDGETS).information,
        atol=1e-6,
        rtol=0,
    )


def test_plane_is_a_grid_whose_corner_is_nothing_and_whose_end_is_everything():
    plane = information_plane(NAMED["and"], 5)
    assert (
        plane.bits_a.tolist()
        == [
            0,
            0,
            0,
            0,
            0,
            0.25,
            0.25,
            0.25,
            0.25,
            0.25,
            0.5,
            0.5,
            0.5,
            0.5,
            0.5,
            0.75,
            0.75,
            0.75,
            0.75,
            0.75,
        ]
        + [1] * 5
    )
    assert plane.bits_b.reshape(5, 5)[3].tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert plane.information[0].item() == pytest.approx(0, abs=1e-14)
    assert plane.information[-1].item() == pytest.approx(entropy([0.75, 0.25]).item(), abs=1e-14)


def test_bits_that_buy_nothing_stay_unspent():
    budgets = [0.5, 1.0, 1.5, 2.0]
    front = information_frontier(NAMED["mirror a"], budgets)
    assert front.bits_a.tolist() == pytest.approx([0.5, 1, 1, 1], abs=1e-9)
    assert front.bits_b.tolist() == [0, 0, 0, 0]
    assert information_frontier(NAMED["xor"], [3.0]).total.item() == pytest.approx(2)


@pytest.mark.parametrize("name, curves_up", [("and", True), ("or", True), ("xor", True), ("default", False)])
def test_front_of_a_gate_curves_up_everywhere(name, curves_up):
    """Each bit buys more than the one before, so that no price of a bit traces this front; not so for the default storm."""
    bends = information_frontier(NAMED[name], BUDGETS).information.diff().diff()
    assert bool((bends > 1e-5).all()) if curves_up else bool((bends < -1e-5).all())


def test_budgets_may_come_in_any_order():
    shuffled = BUDGETS[torch.randperm(len(BUDGETS), generator=torch.Generator().manual_seed(0))]
    front, straight = (
        information_frontier(NAMED["default"], shuffled),
        information_frontier(NAMED["default"], BUDGETS),
    )
    assert torch.equal(front.budget, shuffled)
    assert torch.allclose(front.information[shuffled.argsort()], straight.information, atol=1e-12, rtol=0)


@pytest.mark.parametrize("bits_a, bits_b", [(0.8, 0.1), (0.3, 0.6), (0.0, 0.5), (1.0, 1.0)])
def test_a_hand_that_points_at_an_allocation_gets_it(bits_a, bits_b):
    joint = NAMED["default"]
    worth = allocation_information(joint, bits_a, bits_b).item()
    assert nearest_allocation(joint, bits_a + bits_b, worth, bits_a) == pytest.approx(
        (bits_a, bits_b), abs=0.01
    )


@pytest.mark.parametrize(
    "call, says",
    [
        (lambda: information_frontier(torch.ones(2, 2, 2), [1.0]), "sum"),
        (lambda: information_frontier(torch.full((2, 2, 3), 1 / 12, dtype=torch.float64), [1.0]), "shape"),
        (lambda: information_frontier([[[math.nan] * 2] * 2] * 2, [1.0]), "finite"),
        (lambda: information_frontier(NAMED["and"], [-0.1]), "budget"),
        (lambda: information_frontier(NAMED["and"], [math.inf]), "budget"),
        (lambda: information_plane(NAMED["and"], 1), "at least 2"),
        (lambda: allocation_information(NAMED["and"], 1.2, 0.5), "source A"),
        (lambda: allocation_information(NAMED["and"], 0.2, -0.5), "source B"),
        (lambda: allocation_information(degenerate_joints()["a is constant"], 0.1, 0.0), "it has 0"),
        (lambda: allocation_information(NAMED["and"], math.nan, 0.5), "source A"),
    ],
)
def test_what_cannot_be_is_refused(call, says):
    with pytest.raises(InformationError, match=says):
        call()
