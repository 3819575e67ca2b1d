"""Adam by hand goes where torch's own goes, to the last bit, and can be stopped on the way."""

import pytest
import torch

from infodecomp.optim import Adam


@pytest.mark.parametrize("keep", [(0.9, 0.999), (0.9, 0.99)])
def test_it_takes_the_steps_of_torch(keep):
    target = torch.linspace(-1, 3, 7)
    own, theirs = torch.zeros(7), torch.zeros(7, requires_grad=True)
    adam, oracle = Adam(own, 0.05, keep), torch.optim.Adam([theirs], 0.05, betas=keep)
    for step in range(50):
        adam.rate = oracle.param_groups[0]["lr"] = 0.05 * (1 - step / 100)
        adam.step(4 * (own - target) ** 3)
        theirs.grad = 4 * (theirs.detach() - target) ** 3
        oracle.step()
        assert (own == theirs).all()
    assert (own - target).abs().max() < (target.abs().max() - 1)


def test_it_goes_on_from_a_state():
    whole, parted, slopes = (
        torch.zeros(5),
        torch.zeros(5),
        torch.randn(20, 5, generator=torch.Generator().manual_seed(0)),
    )
    one, first = Adam(whole, 0.1), Adam(parted, 0.1)
    for slope in slopes:
        one.step(slope)
    for slope in slopes[:9]:
        first.step(slope)
    second = Adam(parted, 0.1)
    second.restore({name: value.clone() for name, value in first.state().items()})
    for slope in slopes[9:]:
        second.step(slope)
    assert (whole == parted).all()
