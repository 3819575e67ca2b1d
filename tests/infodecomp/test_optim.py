"""The Adam optimiser: the same steps as torch's, and resuming from a state."""

import pytest
import torch

from infodecomp.optim import FUSED_FROM, Adam


@pytest.mark.parametrize("betas", [(0.9, 0.999), (0.9, 0.99)])
def test_steps_equal_those_of_torch(betas):
    target = torch.linspace(-1, 3, 7)
    ours, theirs = torch.zeros(7), torch.zeros(7, requires_grad=True)
    adam, reference = Adam(ours, 0.05, betas), torch.optim.Adam([theirs], 0.05, betas=betas)
    for step in range(50):
        adam.learning_rate = reference.param_groups[0]["lr"] = 0.05 * (1 - step / 100)
        adam.step(4 * (ours - target) ** 3)
        theirs.grad = 4 * (theirs.detach() - target) ** 3
        reference.step()
        assert (ours == theirs).all()
    assert (ours - target).abs().max() < (target.abs().max() - 1)


def test_steps_together_are_those_of_each_alone():
    generator = torch.Generator().manual_seed(1)
    starts = [torch.randn(shape, generator=generator) for shape in ((3, 4), (5,), (FUSED_FROM + 1,))]
    alone, together = ([Adam(start.clone(), 0.05) for start in starts] for _ in range(2))
    for _ in range(5):
        gradients = [torch.randn(start.shape, generator=generator) for start in starts]
        for one, gradient in zip(alone, gradients):
            one.step(gradient)
        Adam.step_together(together, gradients)
    for one, other in zip(alone, together):
        assert (one.parameters == other.parameters).all()
        assert all((one.state()[name] == other.state()[name]).all() for name in one.state())


def test_an_interrupted_run_resumes_from_its_state():
    gradients = torch.randn(20, 5, generator=torch.Generator().manual_seed(0))
    uninterrupted, interrupted = torch.zeros(5), torch.zeros(5)
    whole, first, second = Adam(uninterrupted, 0.1), Adam(interrupted, 0.1), Adam(interrupted, 0.1)
    for gradient in gradients:
        whole.step(gradient)
    for gradient in gradients[:9]:
        first.step(gradient)
    second.restore({name: value.clone() for name, value in first.state().items()})
    for gradient in gradients[9:]:
        second.step(gradient)
    assert (uninterrupted == interrupted).all()
