"""Information plane and frontier of two binary symmetric channels: known values, brute force and bounds."""

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
from infodecomp.allocation.bsc_frontier import cheapest_equal
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


def channel(p, bits):
    """The table p(u|x) of the binary symmetric channel that transmits these bits."""
    e = bsc_crossover_probability(bits, p)
    return torch.stack([torch.stack([1 - e, e], -1), torch.stack([e, 1 - e], -1)], -2)


def information_by_tables(joint, bits_a, bits_b):
    """I(U_A,U_B;Y) step by step: the channels, the joint of U_A, U_B and Y, and its mutual information."""
    channel_a, channel_b = channel(joint.sum((1, 2))[1], bits_a), channel(joint.sum((0, 2))[1], bits_b)
    return mutual_information(torch.einsum("nau,nbv,aby->nuvy", channel_a, channel_b, joint).flatten(1, 2))


def entropies(joint):
    return entropy(joint.sum((1, 2))).item(), entropy(joint.sum((0, 2))).item()


def frontier_by_brute_force(joint, budget, n=4000):
    """The best of n allocations that spend a budget, closer together towards the ends."""
    h_a, h_b = entropies(joint)
    spend = min(budget, h_a + h_b)
    low, high = max(0.0, spend - h_b), min(spend, h_a)
    bits_a = low + (high - low) * torch.sin(torch.linspace(0, math.pi / 2, n, dtype=torch.float64)).square()
    return information_by_tables(joint, bits_a.clamp(0, h_a), (spend - bits_a).clamp(0, h_b)).max().item()


def test_known_values_of_the_default_joint():
    joint = NAMED["default"]
    frontier = information_frontier(joint, [0.0, 1.0, 2.0])
    assert frontier.error.tolist() == pytest.approx([0.95443, 0.77299, 0.63530], abs=5e-6)
    assert frontier.information[2].item() == pytest.approx(0.31913, abs=5e-6)
    assert (frontier.bits_a[1].item(), frontier.bits_b[1].item()) == pytest.approx((0.7033, 0.2967), abs=1e-4)


@pytest.mark.parametrize("name, joint", JOINTS.items())
def test_frontier_against_brute_force(name, joint):
    budgets = BUDGETS[1::2]
    found = information_frontier(joint, budgets).information
    best = torch.tensor([frontier_by_brute_force(joint, budget.item()) for budget in budgets])
    assert (best - found).max().item() < 1e-6
    excess = found - best.cummax(0).values
    assert excess.max().item() < 2e-6  # the grid of 4,000 allocations misses that little


@pytest.mark.parametrize("name, joint", JOINTS.items())
def test_a_single_budget_gives_the_same_as_many(name, joint):
    """The search uses other grids for few budgets than for many."""
    many = information_frontier(joint, BUDGETS).information
    alone = torch.cat([information_frontier(joint, budget).information for budget in BUDGETS[2::5]])
    assert torch.allclose(alone, many[2::5], atol=1e-8, rtol=0)


@pytest.mark.parametrize("name, joint", [*JOINTS.items(), *degenerate_joints().items()])
def test_frontier_keeps_its_budgets_and_bounds(name, joint):
    frontier = information_frontier(joint, BUDGETS)
    h_a, h_b = entropies(joint)
    assert all(bool(torch.isfinite(column).all()) for column in frontier)
    assert bool(((frontier.bits_a >= 0) & (frontier.bits_a <= h_a + 1e-12)).all())
    assert bool(((frontier.bits_b >= 0) & (frontier.bits_b <= h_b + 1e-12)).all())
    assert torch.equal(frontier.total, frontier.bits_a + frontier.bits_b)
    assert bool((frontier.total <= frontier.budget + 1e-12).all())
    assert bool((frontier.information <= frontier.total + 1e-9).all())  # F(R) <= R
    assert bool((frontier.information.diff() >= -1e-12).all())
    again = allocation_information(joint, frontier.bits_a, frontier.bits_b)
    assert torch.allclose(again, frontier.information, atol=1e-12, rtol=0)
    total_information = information_terms(joint)["I(A,B;Y)"].item()
    assert information_frontier(joint, [h_a + h_b]).information.item() == pytest.approx(
        total_information, abs=1e-9
    )
    assert torch.allclose(
        frontier.information + frontier.error, entropy(joint.sum((0, 1))), atol=1e-12, rtol=0
    )


def test_of_equally_good_budgets_the_cheapest_leads():
    budgets = torch.tensor([2.0, 0, 1, 0.5], dtype=torch.float64)
    leaders = cheapest_equal(budgets, torch.tensor([0.5, 0, 0.5, 0.2], dtype=torch.float64))
    assert budgets[leaders].tolist() == [1, 0, 1, 0.5]


@pytest.mark.parametrize("name, joint", [*JOINTS.items(), *degenerate_joints().items()])
def test_no_allocation_of_the_plane_is_above_the_frontier(name, joint):
    plane = information_plane(joint, 30)
    frontier = information_frontier(joint, plane.total)
    assert all(bool(torch.isfinite(column).all()) for column in plane)
    # the frontier is itself found by a search that is right to 1e-6 bits, and mostly far better
    assert (plane.information - frontier.information).max().item() < 2e-9


@pytest.mark.parametrize("p", [0.5, 0.3, 0.1, 0.01, 1e-4, 0.999])
def test_rates_to_crossover_probabilities_and_back(p):
    ends = torch.logspace(-14, -1, 200, dtype=torch.float64)
    share = torch.cat([torch.linspace(0, 1, 3001, dtype=torch.float64), ends, 1 - ends])
    source = TwoSourceJoint(from_conditionals(((0.1, 0.2), (0.3, 0.9)), ((0.5 - p / 2,) * 2, (p / 2,) * 2)))
    crossover = torch.stack(
        source.pair.crossover_probabilities(share * source.entropy_a, share * source.entropy_b)
    )
    transmitted = torch.stack([bsc_information(crossover[0], p), bsc_information(crossover[1])])
    assert (
        transmitted - share * torch.stack([source.entropy_a, source.entropy_b])[:, None]
    ).abs().max().item() < 1e-12
    assert crossover[:, 0].tolist() == [0.5, 0.5] and crossover[:, 3000].tolist() == [0, 0]


@settings(max_examples=200)
@given(tables(2, 2, 2), st.floats(0, 1), st.floats(0, 1))
def test_allocation_information_agrees_with_explicit_tables(joint, share_a, share_b):
    h_a, h_b = entropies(joint)
    bits = torch.tensor([share_a * h_a]), torch.tensor([share_b * h_b])
    bits = [b.double().clamp_max(h) for b, h in zip(bits, (h_a, h_b))]
    information = allocation_information(joint, *bits)
    assert information.item() == pytest.approx(information_by_tables(joint, *bits).item(), abs=1e-9)
    # data processing inequality
    assert information.item() <= min(information_terms(joint)["I(A,B;Y)"].item(), sum(bits).item()) + 1e-9


@settings(max_examples=100)
@given(tables(2, 2, 2), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_information_does_not_fall_with_the_rate(joint, share_a, share_1, share_2):
    h_a, h_b = entropies(joint)
    shares = torch.tensor(sorted([share_1, share_2]), dtype=torch.float64)
    information = allocation_information(
        joint, torch.tensor([share_a * h_a] * 2, dtype=torch.float64), shares * h_b
    )
    assert information[0] <= information[1] + 1e-9


@settings(max_examples=50)
@given(tables(2, 2, 2))
def test_full_rates_satisfy_the_chain_rule(joint):
    h_a, h_b = entropies(joint)
    terms = information_terms(joint)
    a, b, both = allocation_information(joint, [h_a, 0.0, h_a], [0.0, h_b, h_b]).tolist()
    assert a == pytest.approx(terms["I(A;Y)"].item(), abs=1e-9)
    assert b == pytest.approx(terms["I(B;Y)"].item(), abs=1e-9)
    assert both == pytest.approx(a + terms["I(B;Y|A)"].item(), abs=1e-9)


@pytest.mark.parametrize("name, joint", JOINTS.items())
def test_swapping_the_sources_transposes_the_plane_and_keeps_the_frontier(name, joint):
    swapped = joint.transpose(0, 1).contiguous()
    plane, transposed = information_plane(joint, 12), information_plane(swapped, 12)
    assert torch.allclose(
        plane.information.reshape(12, 12), transposed.information.reshape(12, 12).T, atol=1e-12, rtol=0
    )
    assert torch.allclose(
        information_frontier(joint, BUDGETS).information,
        information_frontier(swapped, BUDGETS).information,
        atol=1e-6,
        rtol=0,
    )


def test_plane_is_a_grid_from_no_information_to_all():
    plane = information_plane(NAMED["and"], 5)
    assert plane.bits_a.reshape(5, 5)[:, 3].tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert plane.bits_b.reshape(5, 5)[3].tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert plane.information[0].item() == pytest.approx(0, abs=1e-14)
    assert plane.information[-1].item() == pytest.approx(entropy([0.75, 0.25]).item(), abs=1e-14)


def test_useless_bits_stay_unspent():
    budgets = [0.5, 1.0, 1.5, 2.0]
    frontier = information_frontier(NAMED["mirror a"], budgets)
    assert frontier.bits_a.tolist() == pytest.approx([0.5, 1, 1, 1], abs=1e-9)
    assert frontier.bits_b.tolist() == [0, 0, 0, 0]
    assert information_frontier(NAMED["xor"], [3.0]).total.item() == pytest.approx(2)


@pytest.mark.parametrize("name, convex", [("and", True), ("or", True), ("xor", True), ("default", False)])
def test_frontier_of_a_gate_is_convex(name, convex):
    """No Lagrange multiplier traces a convex frontier; that of the default joint is concave."""
    bends = information_frontier(NAMED[name], BUDGETS).information.diff().diff()
    assert bool((bends > 1e-5).all()) if convex else bool((bends < -1e-5).all())


def test_budgets_may_be_in_any_order():
    shuffled = BUDGETS[torch.randperm(len(BUDGETS), generator=torch.Generator().manual_seed(0))]
    frontier, ordered = (
        information_frontier(NAMED["default"], shuffled),
        information_frontier(NAMED["default"], BUDGETS),
    )
    assert torch.equal(frontier.budget, shuffled)
    assert torch.allclose(frontier.information[shuffled.argsort()], ordered.information, atol=1e-12, rtol=0)


@pytest.mark.parametrize("bits_a, bits_b", [(0.8, 0.1), (0.3, 0.6), (0.0, 0.5), (1.0, 1.0)])
def test_nearest_allocation_finds_the_allocation_of_a_point(bits_a, bits_b):
    joint = NAMED["default"]
    information = allocation_information(joint, bits_a, bits_b).item()
    assert nearest_allocation(joint, bits_a + bits_b, information, bits_a) == pytest.approx(
        (bits_a, bits_b), abs=0.01
    )


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: information_frontier(torch.ones(2, 2, 2), [1.0]), "sum"),
        (lambda: information_frontier(torch.full((2, 2, 3), 1 / 12, dtype=torch.float64), [1.0]), "shape"),
        (lambda: information_frontier([[[math.nan] * 2] * 2] * 2, [1.0]), "nan"),
        (lambda: information_frontier(NAMED["and"], [-0.1]), "budget"),
        (lambda: information_frontier(NAMED["and"], [math.inf]), "budget"),
        (lambda: information_plane(NAMED["and"], 1), "from 2 to 5000"),
        (lambda: allocation_information(NAMED["and"], 1.2, 0.5), "source A"),
        (lambda: allocation_information(NAMED["and"], 0.2, -0.5), "source B"),
        (lambda: allocation_information(degenerate_joints()["a is constant"], 0.1, 0.0), "it has 0"),
        (lambda: allocation_information(NAMED["and"], math.nan, 0.5), "source A"),
    ],
)
def test_invalid_arguments_are_refused(call, message):
    with pytest.raises(InformationError, match=message):
        call()


@pytest.mark.parametrize(
    ("target", "bits"), [("a", {(1.0, 0.0)}), ("b", {(0.0, 1.0)}), ("both", {(1.0, 0.0), (0.0, 1.0)})]
)
def test_rate_that_adds_nothing_is_not_spent(target, bits):
    """The target is A, B, or both where they are equal: beyond one bit a larger budget gives nothing."""
    joint = torch.zeros(2, 2, 2, dtype=torch.float64)
    for a in (0, 1):
        for b in (0, 1):
            joint[a, b, b if target == "b" else a] = 0.25 if target != "both" else 0.5 * (a == b)
    frontier = information_frontier(joint, [1.5])
    assert (round(frontier.bits_a.item(), 6), round(frontier.bits_b.item(), 6)) in bits
    assert frontier.information.item() == pytest.approx(1, abs=1e-6)
