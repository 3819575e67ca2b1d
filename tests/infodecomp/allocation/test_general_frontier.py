"""Any line at all: the best known gains, never below the flip lines, never beyond the budget, not beaten by chance."""

import pytest
import torch

from infodecomp import (
    InformationError,
    general_frontier,
    information_frontier,
    information_terms,
    mutual_information,
    search_general_channels,
)
from infodecomp.allocation.bsc_frontier import cheapest_equal
from tests.infodecomp.joints import NAMED, degenerate_joints, random_independent, random_joint

BUDGETS = torch.linspace(0, 2, 17, dtype=torch.float64)
JOINTS = {
    **NAMED,
    **degenerate_joints(),
    "independent": random_independent(1),
    "unequal": random_joint(1, sharpness=0.5),
    "sharp": random_joint(6, sharpness=0.5),
    "even": random_joint(4),
}


def received(joint, channel_a, channel_b):
    """p(u,v,y) of lines (m, 2, 2)."""
    return torch.einsum("mau,mbv,aby->muvy", channel_a, channel_b, joint)


def bought(joint, channel_a, channel_b):
    return [
        mutual_information(line * joint.sum(axes)[:, None])
        for line, axes in ((channel_a, (1, 2)), (channel_b, (0, 2)))
    ]


@pytest.mark.parametrize(
    "name, gains",
    [
        ("default", (0.0006, 0.0003, 0.0006)),
        ("and", (0.0277, 0.0322, 0.0196)),
        ("or", (0.0277, 0.0322, 0.0196)),
        ("xor", (0, 0, 0)),
    ],
)
def test_best_known_gains_over_flip_lines(name, gains):
    budgets = [0.5, 1.0, 1.5]
    gain = (
        general_frontier(NAMED[name], budgets).information
        - information_frontier(NAMED[name], budgets).information
    )
    assert gain.tolist() == pytest.approx(gains, abs=1e-4)


@pytest.mark.parametrize("name, joint", JOINTS.items())
def test_what_is_reported_is_what_the_lines_do(name, joint):
    front, flips = general_frontier(joint, BUDGETS), information_frontier(joint, BUDGETS)
    bits_a, bits_b = bought(joint, front.channel_a, front.channel_b)
    worth = information_terms(received(joint, front.channel_a, front.channel_b))["I(A,B;Y)"]
    assert torch.allclose(worth, front.information, atol=1e-10, rtol=0)
    assert torch.allclose(bits_a, front.bits_a, atol=1e-10, rtol=0)
    assert torch.allclose(bits_b, front.bits_b, atol=1e-10, rtol=0)
    assert bool((bits_a + bits_b <= BUDGETS + 1e-9).all())
    assert bool((front.information >= flips.information - 1e-12).all())
    assert bool((front.information <= front.bits_a + front.bits_b + 1e-9).all())
    assert bool((front.information.diff() >= -1e-12).all())
    assert bool(((front.gap >= 0) & (front.reached > 0) & (front.reached <= 1)).all())


@pytest.mark.parametrize("name", ["default", "and", "xor", "sharp", "even"])
def test_no_pair_of_random_lines_does_better(name):
    joint, n = JOINTS[name], 60_000
    generator = torch.Generator().manual_seed(2)
    lines = []
    for _ in "ab":
        e = torch.rand(n, 2, generator=generator, dtype=torch.float64)
        e = e * (torch.rand(n, 2, generator=generator) < 0.8)  # often a symbol that is spared
        lines.append(torch.stack([1 - e[:, 0], e[:, 0], e[:, 1], 1 - e[:, 1]], -1).unflatten(-1, (2, 2)))
    total = sum(bought(joint, *lines))
    worth = mutual_information(received(joint, *lines).flatten(1, 2))
    budgets = torch.linspace(0, 2, 81, dtype=torch.float64)
    front = general_frontier(joint, budgets, starts=8).information
    above = torch.searchsorted(budgets, total).clamp_max(80)  # the next budget that pays for each pair
    assert bool((worth <= front[above] + 1e-7).all())
    assert (front[above] - worth).min().item() < 0.05  # some come near, so that the comparison says something


def test_the_best_line_for_and_spares_the_storm():
    front = general_frontier(NAMED["and"], [1.0])
    for line in (front.channel_a[0], front.channel_b[0]):
        # either symbol may stand for the storm; its row is certain and the other is not
        assert line[1].max().item() > 1 - 1e-6 and line[0].max().item() < 0.9


def test_snapshots_only_get_better_and_the_last_is_the_front():
    snapshots = list(search_general_channels(NAMED["and"], BUDGETS))
    assert len(snapshots) > 3
    for before, after in zip(snapshots, snapshots[1:]):
        assert after.progress > before.progress
        assert bool((after.information >= before.information - 1e-6).all())
    assert snapshots[-1].progress == 1
    assert torch.equal(snapshots[-1].information, general_frontier(NAMED["and"], BUDGETS).information)


def test_the_seed_decides_and_hardly_matters():
    joint = random_joint(9, sharpness=0.5)
    one, same, other = (general_frontier(joint, BUDGETS, seed=seed) for seed in (3, 3, 4))
    assert torch.equal(one.information, same.information) and torch.equal(one.channel_a, same.channel_a)
    assert torch.allclose(one.information, other.information, atol=1e-5, rtol=0)


def test_swapping_the_towns_swaps_their_lines():
    joint = random_joint(12)
    here, there = general_frontier(joint, BUDGETS), general_frontier(joint.transpose(0, 1), BUDGETS)
    assert torch.allclose(here.information, there.information, atol=1e-6, rtol=0)


def test_budgets_in_any_order_and_no_random_starts():
    order = torch.tensor([1.5, 0.5, 1.0], dtype=torch.float64)
    front, ordered = (
        general_frontier(NAMED["and"], order),
        general_frontier(NAMED["and"], order.sort().values),
    )
    assert torch.allclose(front.information.sort().values, ordered.information, atol=1e-6, rtol=0)
    alone = general_frontier(NAMED["and"], order, starts=0)
    assert bool((alone.information >= information_frontier(NAMED["and"], order).information).all())


def test_a_larger_budget_takes_the_channels_of_a_smaller_one_that_found_more():
    budget = torch.tensor([2.0, 0.5, 1.0], dtype=torch.float64)
    assert cheapest_equal(budget, torch.tensor([0.3, 0.2, 0.4])).tolist() == [2, 1, 2]


def test_bits_that_buy_nothing_stay_unspent():
    front = general_frontier(NAMED["mirror a"], [1.0, 1.5, 2.0])
    assert front.bits_a.tolist() == [1, 1, 1] and front.bits_b.tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    "joint, budgets, starts, says",
    [
        (torch.ones(2, 2, 2), [1.0], 4, "sum"),
        (torch.ones(2, 2) / 4, [1.0], 4, "dimensions"),
        (NAMED["and"], [-1.0], 4, "budget"),
        (NAMED["and"], [float("nan")], 4, "budget"),
        (NAMED["and"], [1.0], -1, "starts"),
    ],
)
def test_what_cannot_be_is_refused(joint, budgets, starts, says):
    with pytest.raises(InformationError, match=says):
        general_frontier(joint, budgets, starts=starts)
