"""Sparse parity: the task, the gradient against autograd, and what its penalties do."""

import pytest
import torch

from infodecomp.errors import InformationError
from infodecomp.parity.network import (
    TEST,
    ParitySamples,
    evaluate,
    gradient,
    initial_weights,
    logits,
    parity_samples,
    split_weights,
    stacked_samples,
)
from infodecomp.parity.sweep import OUTCOMES, STEPS, SweepCurves, first_step, outcomes, train_group
from infodecomp.parity.training import train_parity


def test_labels_are_the_parity_of_the_first_three_digits():
    inputs, labels = parity_samples(500, seed=3)
    assert inputs.shape == (500, 31) and bool((inputs[:, 30] == 1).all())
    assert set(inputs[:, :30].unique().tolist()) == {0.0, 1.0}
    assert torch.equal(
        labels, inputs[:, 0].long().bitwise_xor(inputs[:, 1].long()).bitwise_xor(inputs[:, 2].long()).float()
    )
    assert abs(float(labels.mean()) - 0.5) < 0.07


def test_training_and_test_sequences_of_a_seed_are_independent():
    train, test = parity_samples(300, 0), parity_samples(300, 0, TEST)
    rows = {tuple(row) for row in train.inputs.tolist()}
    assert not rows & {tuple(row) for row in test.inputs.tolist()}
    assert torch.equal(parity_samples(300, 0).inputs, train.inputs)
    assert not torch.equal(parity_samples(300, 2**40).inputs, train.inputs)


def hand_built() -> torch.Tensor:
    """Four neurons that solve the task exactly: a sum of ReLUs that is ±1 at 0, 1, 2 and 3 ones."""
    hidden, out = torch.zeros(31, 4), torch.tensor([2.0, -4.0, 4.0, -1.0])
    hidden[:3, :3] = 1
    hidden[30] = torch.tensor([0.0, -1.0, -2.0, 1.0])
    return torch.cat([hidden.flatten(), out])[None, None]


def test_four_neurons_are_enough():
    fit = evaluate(hand_built(), stacked_samples(400, (0,)))
    assert float(fit.accuracy) == 1
    assert float(fit.loss) == pytest.approx(torch.nn.functional.softplus(torch.tensor(-1.0)).item(), abs=1e-6)


def test_the_gradient_equals_that_of_autograd():
    generator = torch.Generator().manual_seed(0)
    parameters = torch.randn(2, 3, 32 * 5, generator=generator, dtype=torch.float64).requires_grad_()
    samples = ParitySamples(*(part.double() for part in stacked_samples(40, (0, 1))))
    evaluate(parameters, samples).loss.sum().backward()
    assert torch.allclose(parameters.grad, gradient(parameters.detach(), samples), atol=1e-12)
    hidden, out = split_weights(parameters.detach())
    direct = torch.einsum(
        "snw,skw->snk", torch.einsum("sni,siw->snw", samples.inputs, hidden[:, 1]).relu(), out[:, 1:2]
    )
    assert torch.allclose(logits(parameters.detach(), samples.inputs)[..., 1:2], direct)


def test_a_network_does_not_depend_on_those_trained_beside_it():
    together = list(train_parity(200, 8, (0, 1), (0.0, 0.1), 20, learning_rate=1e-2))[-1]
    alone = list(train_parity(200, 8, (1,), (0.1,), 20, learning_rate=1e-2))[-1]
    assert torch.allclose(together.parameters[1, 1], alone.parameters[0, 0], atol=1e-4)


def test_each_penalty_shrinks_the_weights_in_its_own_way():
    start = initial_weights(16, (0,))
    free = list(train_parity(100, 16, (0,), (0.0,), 30))[-1].parameters
    for penalty, size in (
        ("l1", lambda w: w.abs().sum()),
        ("l2", lambda w: w.square().sum()),
        ("decay", lambda w: w.square().sum()),
    ):
        strength = 5.0 if penalty == "decay" else 0.05
        held = list(train_parity(100, 16, (0,), (strength,), 30, penalty))[-1].parameters
        assert size(held) < size(free)
    assert start.shape == (1, 32 * 16)


def test_one_step_of_decay_is_a_product():
    snapshots = list(train_parity(50, 4, (0,), (0.0, 3.0), 1, "decay", 1e-2))
    start, moved = snapshots[0].parameters, snapshots[1].parameters
    assert torch.allclose(moved[0, 1] - moved[0, 0], -0.03 * start[0, 0], atol=1e-6)


@pytest.mark.parametrize(
    "wrong", [{"penalty": "l3"}, {"steps": -1}, {"learning_rate": -1.0}, {"strengths": (-1.0,)}]
)
def test_settings_out_of_bounds_are_refused(wrong):
    settings = {"n_train": 10, "width": 4, "seeds": (0,), "strengths": (0.1,), "steps": 1} | wrong
    with pytest.raises(InformationError):
        train_parity(**settings)


def test_outcomes_by_definition():
    ones, half = torch.ones(len(STEPS)), torch.full((len(STEPS),), 0.5)
    late, early = half.clone(), ones.clone()
    late[20:] = 1
    train = torch.stack([half, ones, early, late])
    test = torch.stack([half, half, late, late])
    curves = SweepCurves(train, test, train, test)
    assert [OUTCOMES[i] for i in outcomes(curves)] == ["neither", "memorised", "grokked", "generalised"]
    assert first_step(test, 0.95).tolist() == [-1, -1, STEPS[20], STEPS[20]]


def test_a_group_has_nine_seeds_for_each_decay():
    curves = train_group(60, 4, (0.1, 1.0), 1e-2)
    assert curves.train_accuracy.shape == (18, len(STEPS))
    assert float(curves.train_accuracy[:, -1].mean()) > 0.7
