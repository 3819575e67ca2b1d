"""Training on a board: reproducible, learns first, loses information as beta rises; the gradient is exact."""

import math

import pytest
import torch

from infodecomp import InformationError, gaussian_divergence, gaussian_encoders_information, train_board
from infodecomp.boards import training
from infodecomp.boards.training import N_STEPS, beta_at

BOARD = [[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
CONSTANT = [[0.3] * 4] * 4


def snapshot(seed=1, step=40):
    run = train_board(BOARD, seed)
    return [next(run) for _ in range(step)][-1]


def test_the_seed_decides_the_run():
    first, same, other = snapshot(1), snapshot(1), snapshot(2)
    assert torch.equal(first.mean, same.mean) and torch.equal(first.guess, same.guess)
    assert not torch.equal(first.mean, other.mean)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float16])
def test_the_run_does_not_depend_on_the_default_dtype(dtype):
    expected, previous = snapshot(), torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        found = snapshot()
    finally:
        torch.set_default_dtype(previous)
    assert torch.equal(found.mean, expected.mean) and torch.equal(found.guess, expected.guess)


def test_a_run_may_begin_in_inference_mode_and_go_on_outside():
    run = train_board(BOARD, 1)
    with torch.inference_mode():
        for _ in range(20):
            next(run)
    assert torch.equal([next(run) for _ in range(20)][-1].mean, snapshot(1).mean)


def test_gradients_stay_enabled_for_the_caller():
    for _, _ in zip(range(3), train_board(BOARD)):
        assert torch.is_grad_enabled()


def test_training_learns_then_forgets_within_the_bounds():
    run = list(train_board(BOARD))
    assert [snapshot.step for snapshot in run] == list(range(N_STEPS + 1))
    mean, deviation = (torch.stack([getattr(s, name) for s in run[::25]]) for name in ("mean", "deviation"))
    bits_1, bits_2, information = gaussian_encoders_information(mean, deviation, BOARD)
    assert information.max().item() > 0.94 and information[-1].item() < 0.85
    assert bool((information <= torch.minimum(bits_1 + bits_2, torch.tensor(0.954435)) + 1e-6).all())
    assert (run[400].guess - torch.tensor(BOARD)).abs().max().item() < 0.1
    assert beta_at(0) == beta_at(300) == pytest.approx(1e-3) and beta_at(N_STEPS) == pytest.approx(0.4)


def test_a_constant_board_has_no_information():
    *_, last = train_board(CONSTANT)
    assert gaussian_encoders_information(last.mean, last.deviation, CONSTANT).information.item() < 1e-6


@pytest.mark.parametrize(("board", "seed"), [("board", 0), (BOARD, -1), (BOARD, 2.5), (BOARD, None)])
def test_invalid_arguments_are_refused_at_once(board, seed):
    with pytest.raises(InformationError):
        train_board(board, seed)


def test_the_gradient_agrees_with_autograd():
    n, beta, generator = 4, 0.2, torch.Generator().manual_seed(2)
    flat, y = training.initial_parameters(n, generator), torch.rand(3 * n * n, 1, generator=generator)
    noise, cells = torch.randn(3, 2 * n * n, generator=generator), training.message_cells(n)
    gradient = torch.zeros_like(flat)
    views, out = training.parameter_views(flat, n), training.parameter_views(gradient, n)
    training.write_gradient(views, out, cells, y, noise, beta)

    by_torch = flat.clone().requires_grad_()
    model = training.parameter_views(by_torch, n)
    mean, deviation = model.mean.view(2, n), model.log_deviation.exp().view(2, n)
    noise = noise.view(3, n, n, 2)
    u = torch.stack(
        [mean[0][:, None] + deviation[0][:, None] * noise[..., 0], mean[1] + deviation[1] * noise[..., 1]], -1
    )
    hidden = torch.tanh(u.view(-1, 2) @ model.weight_1.T + model.bias_1)
    hidden = torch.tanh(hidden @ model.weight_2.T + model.bias_2)
    logit = hidden @ model.weight_3.T + model.bias_3
    loss = torch.nn.functional.binary_cross_entropy_with_logits(logit, y) / math.log(2)
    (loss + beta * gaussian_divergence(mean, deviation).mean(1).sum()).backward()
    assert torch.allclose(gradient, by_torch.grad, atol=1e-6) and by_torch.grad.abs().max() > 0.01
