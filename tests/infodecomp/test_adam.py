"""Adam by hand goes where torch's own goes."""

import torch

from infodecomp.adam import Adam


def test_it_takes_the_steps_of_torch():
    target = torch.linspace(-1, 3, 7, dtype=torch.float64)
    own, theirs = torch.zeros(7, dtype=torch.float64), torch.zeros(7, dtype=torch.float64, requires_grad=True)
    adam, oracle = Adam(own, 0.05), torch.optim.Adam([theirs], 0.05)
    for _ in range(50):
        adam.step(4 * (own - target) ** 3)
        oracle.zero_grad()
        (theirs - target).pow(4).sum().backward()
        oracle.step()
        assert torch.allclose(own, theirs, atol=1e-9)
    assert (own - target).abs().max() < (target.abs().max() - 1)
