"""Boards: partitions, Gaussian codes and the trained bottleneck, against closed forms and what must hold."""

import math
import time

import pytest
import torch

import infodecomp
from infodecomp.allocation.partitions import (
    best_pair,
    board_joint,
    discrete_encoder_information,
    partition_pairs,
    partitions,
    sufficient_pair,
)
from infodecomp.bottleneck import board as bottleneck
from infodecomp.bottleneck.board import N_STEPS, beta_at, gaussian_encoders_information, train_board
from infodecomp.channels.gaussian_encoders import (
    distinguishability,
    gaussian_divergence,
    gaussian_encoder_information,
)

BOARD = [[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
HALF = [[1] * 4, [1] * 4, [0] * 4, [0] * 4]
CHECKER = [[(i + j) % 2 for j in range(4)] for i in range(4)]
CONSTANT = [[0.3] * 4] * 4


def test_there_are_as_many_partitions_as_bell_counted():
    assert [len(partitions(n)) for n in range(1, 7)] == [1, 2, 5, 15, 52, 203]
    assert len({tuple(row) for row in partitions(4).tolist()}) == 15
    assert partitions(4)[0].tolist() == [0, 0, 0, 0] and partitions(4)[-1].tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("budget", "information"), [(0, 0), (1, 0.04879), (2, 0.70443), (3, 0.95443), (4, 0.95443)]
)
def test_known_best_pairs(budget, information):
    pairs = partition_pairs(BOARD)
    assert pairs.information[best_pair(pairs, budget)].item() == pytest.approx(information, abs=1e-5)


@pytest.mark.parametrize(("board", "bits"), [(HALF, (1, 0)), (CHECKER, (1, 1)), (CONSTANT, (0, 0))])
def test_what_a_board_needs(board, bits):
    pairs = partition_pairs(board)
    best = best_pair(pairs, 4)
    assert (pairs.bits_1[best].item(), pairs.bits_2[best].item()) == pytest.approx(bits, abs=1e-12)
    assert pairs.information[best].item() == pytest.approx(0 if board is CONSTANT else 1, abs=1e-9)
    assert pairs.first[best].tolist() == sufficient_pair(board)[0].tolist()
    assert pairs.second[best].tolist() == sufficient_pair(board)[1].tolist()


def test_pairs_agree_with_the_tables_they_stand_for_and_with_the_bounds():
    board = torch.rand(4, 4, generator=torch.Generator().manual_seed(3), dtype=torch.float64)
    pairs, joint = partition_pairs(board), board_joint(board)
    hot_1, hot_2 = (torch.nn.functional.one_hot(blocks, 4).double() for blocks in (pairs.first, pairs.second))
    bits_1, bits_2, information = discrete_encoder_information(hot_1, hot_2, joint)
    for found, wanted in ((pairs.bits_1, bits_1), (pairs.bits_2, bits_2), (pairs.information, information)):
        assert torch.allclose(found, wanted, atol=1e-12)
    assert bool((pairs.information <= infodecomp.mutual_information(joint.flatten(0, 1)) + 1e-12).all())
    assert len(pairs.total) == 225


def test_constant_board_gives_zero_everywhere():
    assert partition_pairs(CONSTANT).information.abs().max().item() < 1e-12
    *_, last = train_board(CONSTANT)
    assert gaussian_encoders_information(last.mean, last.deviation, CONSTANT)[2].item() < 1e-9


@pytest.mark.parametrize("bad", [[[0, 1]], [[0, 2], [1, 0]], [[0, math.nan], [1, 0]], "board", 3])
def test_what_is_no_board_is_refused(bad):
    with pytest.raises(infodecomp.InformationError):
        partition_pairs(bad)


@pytest.mark.parametrize(("deviation", "information"), [(0.5, 0.9128), (1, 0.4859), (2, 0.1607)])
def test_two_clouds_are_a_voltage_line(deviation, information):
    found = gaussian_encoder_information([-1, 1], deviation)
    assert found.information.item() == pytest.approx(
        infodecomp.gaussian_channel_information(deviation).item(), abs=1e-6
    )
    assert found.information.item() == pytest.approx(information, abs=6e-5)


def test_the_divergence_is_a_mean_in_bits_and_never_below_the_truth():
    assert gaussian_divergence(1.0, 1.0).item() == pytest.approx(0.5 / math.log(2))
    means = torch.tensor([-1.5, -0.5, 0.5, 1.5])
    found = gaussian_encoder_information(means, 0.5)
    assert found.divergence.item() == pytest.approx(gaussian_divergence(means, 0.5).mean().item()), (
        "a mean over values, no sum"
    )
    generator = torch.Generator().manual_seed(1)
    many = gaussian_encoder_information(
        3 * torch.randn(50, 4, generator=generator), torch.rand(50, 4, generator=generator) + 0.05
    )
    assert bool((many.gap >= -1e-9).all()) and bool((many.information <= 2 + 1e-9).all())
    assert gaussian_encoder_information([0.0] * 4, 1.0).information.item() == pytest.approx(0, abs=1e-9)
    assert gaussian_encoder_information([-9.0, -3, 3, 9], 0.1).information.item() == pytest.approx(
        2, abs=1e-9
    )


def test_distinguishability_is_one_less_the_overlap():
    u = torch.linspace(-30, 30, 60_001, dtype=torch.float64)
    mean, deviation = torch.tensor([-1.0, 0.5, 0.5]), torch.tensor([0.7, 1.3, 1.3])
    density = torch.exp(-((u - mean[:, None]) / deviation[:, None]).square() / 2) / (
        deviation[:, None] * math.sqrt(2 * math.pi)
    )
    overlap = (density[:, None] * density[None]).sqrt().sum(-1) * (u[1] - u[0])
    assert torch.allclose(distinguishability(mean, deviation), 1 - overlap, atol=1e-6)


@pytest.mark.parametrize("deviation", [0, -1, math.inf, math.nan])
def test_a_cloud_has_a_width(deviation):
    with pytest.raises(infodecomp.InformationError, match="width"):
        gaussian_encoder_information([0.0, 1.0], deviation)


def test_a_run_is_the_same_for_the_same_seed_and_another_for_another():
    def first(seed):
        run = train_board(BOARD, seed)
        return [next(run) for _ in range(40)][-1]

    one, same, other = first(1), first(1), first(2)
    assert (
        torch.equal(one.mean, same.mean)
        and torch.equal(one.guess, same.guess)
        and not torch.equal(one.mean, other.mean)
    )


def test_a_thousand_steps_learn_and_erode_in_time_and_never_beat_what_is_possible():
    start = time.process_time()
    run = list(train_board(BOARD))
    assert len(run) == N_STEPS + 1 and run[-1].step == N_STEPS and time.process_time() - start < 1.5
    mean, deviation = (torch.stack([getattr(s, name) for s in run[::25]]) for name in ("mean", "deviation"))
    bits_1, bits_2, information = gaussian_encoders_information(mean, deviation, BOARD)
    assert information.max().item() > 0.94 and information[-1].item() < 0.85, "learnt, then eroded"
    assert bool((information <= torch.minimum(bits_1 + bits_2, torch.tensor(0.954435)) + 1e-3).all())
    assert (run[400].guess - torch.tensor(BOARD)).abs().max().item() < 0.1
    assert beta_at(0) == beta_at(300) == pytest.approx(1e-3) and beta_at(N_STEPS) == pytest.approx(0.4)


def test_quadrature_of_what_both_messages_tell_agrees_with_draws():
    mean, deviation = torch.tensor([[-1.0, -0.6, 0.4, 1.2], [-1.1, -0.2, 0.3, 1.5]]), torch.full((2, 4), 0.4)
    generator = torch.Generator().manual_seed(0)
    x = torch.randint(4, (2, 200_000), generator=generator)
    u = mean.gather(1, x) + deviation.gather(1, x) * torch.randn(2, 200_000, generator=generator)
    told = torch.softmax(-((u[..., None] - mean[:, None]) / deviation[:, None]).square() / 2, -1).double()
    chance = torch.einsum("mi,ij,mj->m", told[0], torch.tensor(BOARD).double(), told[1])
    drawn = infodecomp.binary_entropy(6 / 16) - infodecomp.binary_entropy(chance.clamp(0, 1)).mean()
    assert gaussian_encoders_information(mean, deviation, BOARD)[2].item() == pytest.approx(
        drawn.item(), abs=0.004
    )


def test_the_gradient_by_hand_is_that_of_the_objective():
    n, beta, generator = 4, 0.2, torch.Generator().manual_seed(2)
    flat, y = bottleneck._begin(n, generator), torch.rand(3 * n * n, 1, generator=generator)
    noise, cells = torch.randn(3, 2 * n * n, generator=generator), bottleneck._cells(n)
    slope = torch.zeros_like(flat)
    bottleneck._descend(bottleneck._views(flat, n), bottleneck._views(slope, n), cells, y, noise, beta)

    by_torch = flat.clone().requires_grad_()
    model = bottleneck._views(by_torch, n)
    mean, deviation = model.mean.view(2, n), model.log_deviation.exp().view(2, n)
    squares = noise.view(3, n, n, 2)
    u = torch.stack(
        [
            mean[0][:, None] + deviation[0][:, None] * squares[..., 0],
            mean[1] + deviation[1] * squares[..., 1],
        ],
        -1,
    )
    hidden = torch.tanh(
        torch.tanh(u.view(-1, 2) @ model.weight_1.T + model.bias_1) @ model.weight_2.T + model.bias_2
    )
    loss = torch.nn.functional.binary_cross_entropy_with_logits(
        hidden @ model.weight_3.T + model.bias_3, y
    ) / math.log(2)
    (loss + beta * gaussian_divergence(mean, deviation).mean(1).sum()).backward()
    assert torch.allclose(slope, by_torch.grad, atol=1e-6) and by_torch.grad.abs().max() > 0.01
