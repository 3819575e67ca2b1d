"""The frontier of general binary channels: known gains, bounds, budgets, and random channels to compare."""

import pytest
import torch

from infodecomp import (
    InformationError,
    binary_asymmetric_channel,
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
    """p(u,v,y) of channels (m, 2, 2)."""
    return torch.einsum("mau,mbv,aby->muvy", channel_a, channel_b, joint)


def rates(joint, channel_a, channel_b):
    """I(A;U_A) and I(B;U_B) of channels (m, 2, 2)."""
    return [
        mutual_information(channel * joint.sum(axes)[:, None])
        for channel, axes in ((channel_a, (1, 2)), (channel_b, (0, 2)))
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
def test_known_gains_over_symmetric_channels(name, gains):
    budgets = [0.5, 1.0, 1.5]
    gain = (
        general_frontier(NAMED[name], budgets).information
        - information_frontier(NAMED[name], budgets).information
    )
    assert gain.tolist() == pytest.approx(gains, abs=1e-4)


@pytest.mark.parametrize("name, joint", JOINTS.items())
def test_the_channels_have_the_stated_bits_and_keep_their_budgets(name, joint):
    frontier, symmetric = general_frontier(joint, BUDGETS), information_frontier(joint, BUDGETS)
    bits_a, bits_b = rates(joint, frontier.channel_a, frontier.channel_b)
    information = information_terms(received(joint, frontier.channel_a, frontier.channel_b))["I(A,B;Y)"]
    assert torch.allclose(information, frontier.information, atol=1e-10, rtol=0)
    assert torch.allclose(bits_a, frontier.bits_a, atol=1e-10, rtol=0)
    assert torch.allclose(bits_b, frontier.bits_b, atol=1e-10, rtol=0)
    assert bool((bits_a + bits_b <= BUDGETS + 1e-9).all())
    assert bool((frontier.information >= symmetric.information - 1e-12).all())
    assert bool((frontier.information <= frontier.bits_a + frontier.bits_b + 1e-9).all())
    assert bool((frontier.information.diff() >= -1e-12).all())
    assert bool(((frontier.gap >= 0) & (frontier.reached > 0) & (frontier.reached <= 1)).all())


@pytest.mark.parametrize("name", ["default", "and", "xor", "sharp", "even"])
def test_no_random_pair_of_channels_is_better(name):
    joint, n = JOINTS[name], 60_000
    generator = torch.Generator().manual_seed(2)
    channels = []
    for _ in "ab":
        e = torch.rand(n, 2, generator=generator, dtype=torch.float64)
        e = e * (torch.rand(n, 2, generator=generator) < 0.8)  # often a symbol that is never corrupted
        channels.append(torch.stack([1 - e[:, 0], e[:, 0], e[:, 1], 1 - e[:, 1]], -1).unflatten(-1, (2, 2)))
    total = sum(rates(joint, *channels))
    information = mutual_information(received(joint, *channels).flatten(1, 2))
    budgets = torch.linspace(0, 2, 81, dtype=torch.float64)
    frontier = general_frontier(joint, budgets, starts=8).information
    above = torch.searchsorted(budgets, total).clamp_max(80)  # the next larger budget of each pair
    assert bool((information <= frontier[above] + 1e-7).all())
    assert (
        frontier[above] - information
    ).min().item() < 0.05  # some come close, so the comparison means something


def one_source_alone(joint, budgets):
    """The most of 301 binary channels of one source, for each budget and either source."""
    split = torch.linspace(0, 1, 301, dtype=torch.float64)
    found = []
    for other in (1, 0):
        pair = joint.sum(other)  # p(x,y)
        p, h = pair.sum(1)[1], mutual_information(torch.diag(pair.sum(1)))
        channel = binary_asymmetric_channel(budgets.clamp_max(h)[:, None], split, p)
        found.append(mutual_information(torch.einsum("mkxu,xy->mkuy", channel, pair)).amax(1))
    return torch.maximum(*found)


def faint(joint, share):
    """A joint with the target of each cell drawn anew, but for a share."""
    return share * joint + (1 - share) * joint.sum(2, keepdim=True) * joint.sum((0, 1))


@pytest.mark.parametrize("seed, share", [(7, 1), (7, 0.02), (3, 0.02)])
def test_two_sources_are_never_worse_than_one_alone(seed, share):
    joint = faint(random_joint(seed, sharpness=0.1), share)
    budgets = torch.linspace(0.1, 1.9, 7, dtype=torch.float64)
    frontier = general_frontier(joint, budgets, starts=4)
    assert bool((frontier.information >= one_source_alone(joint, budgets) - 1e-9).all())


def test_gains_count_by_their_share_in_a_world_of_little_information():
    joint = faint(NAMED["and"], 0.01)
    found, symmetric = general_frontier(joint, [1.5]), information_frontier(joint, [1.5])
    assert symmetric.information[0] < found.information[0] < 1e-4


def test_the_best_channels_of_and_are_z_channels():
    frontier = general_frontier(NAMED["and"], [1.0])
    for channel in (frontier.channel_a[0], frontier.channel_b[0]):
        # a 1 is never corrupted, and a 0 sometimes; either output may stand for it
        assert channel[1].max().item() > 1 - 1e-6 and channel[0].max().item() < 0.9


def test_snapshots_improve_and_the_last_is_the_frontier():
    snapshots = list(search_general_channels(NAMED["and"], BUDGETS))
    assert len(snapshots) > 3
    for before, after in zip(snapshots, snapshots[1:]):
        assert after.progress > before.progress
        assert bool((after.information >= before.information - 1e-6).all())
    assert snapshots[-1].progress == 1
    assert torch.equal(snapshots[-1].information, general_frontier(NAMED["and"], BUDGETS).information)


def test_the_seed_decides_the_result_and_hardly_changes_it():
    joint = random_joint(9, sharpness=0.5)
    first, same, other = (general_frontier(joint, BUDGETS, seed=seed) for seed in (3, 3, 4))
    assert torch.equal(first.information, same.information) and torch.equal(first.channel_a, same.channel_a)
    assert torch.allclose(first.information, other.information, atol=1e-5, rtol=0)


def test_swapping_the_sources_keeps_the_frontier():
    joint = random_joint(12)
    frontier, swapped = general_frontier(joint, BUDGETS), general_frontier(joint.transpose(0, 1), BUDGETS)
    assert torch.allclose(frontier.information, swapped.information, atol=1e-6, rtol=0)


def test_budgets_may_be_in_any_order_and_starts_may_be_zero():
    order = torch.tensor([1.5, 0.5, 1.0], dtype=torch.float64)
    frontier, ordered = (
        general_frontier(NAMED["and"], order),
        general_frontier(NAMED["and"], order.sort().values),
    )
    assert torch.allclose(frontier.information.sort().values, ordered.information, atol=1e-6, rtol=0)
    without_starts = general_frontier(NAMED["and"], order, starts=0)
    assert bool((without_starts.information >= information_frontier(NAMED["and"], order).information).all())


def test_a_larger_budget_takes_the_channels_of_a_smaller_one_that_found_more():
    budget = torch.tensor([2.0, 0.5, 1.0], dtype=torch.float64)
    assert cheapest_equal(budget, torch.tensor([0.3, 0.2, 0.4])).tolist() == [2, 1, 2]


def test_useless_bits_stay_unspent():
    frontier = general_frontier(NAMED["mirror a"], [1.0, 1.5, 2.0])
    assert frontier.bits_a.tolist() == [1, 1, 1] and frontier.bits_b.tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    "joint, budgets, starts, message",
    [
        (torch.ones(2, 2, 2), [1.0], 4, "sum"),
        (torch.ones(2, 2) / 4, [1.0], 4, "dimensions"),
        (NAMED["and"], [-1.0], 4, "budget"),
        (NAMED["and"], [float("nan")], 4, "budget"),
        (NAMED["and"], [1.0], -1, "starts"),
    ],
)
def test_invalid_arguments_are_refused(joint, budgets, starts, message):
    with pytest.raises(InformationError, match=message):
        general_frontier(joint, budgets, starts=starts)
