"""Pattern search for the channels of two binary sources, each with two output symbols and any errors."""

import math
from typing import Any

import torch

from infodecomp.allocation.bsc_frontier import Frontier
from infodecomp.allocation.two_sources import TwoSourceJoint
from infodecomp.channels.binary_asymmetric import binary_asymmetric_noise
from infodecomp.information import kernels

SEARCH_STEPS = 5  # of Newton's method while searching; channels that are returned take MAX_STEPS
SIDES = torch.tensor([[-1.0], [0.0], [1.0]], dtype=torch.float64)


class ChannelSearch:
    """The search for one joint at all budgets at once.

    A point has three coordinates from 0 to 1: the split of the budget, as an angle that is smooth at its
    ends, and the error splits of both channels.
    """

    def __init__(self, joint: Any, symmetric: Frontier):
        self.source, self.symmetric = TwoSourceJoint.of(joint), symmetric
        self.forms = _received_forms(self.source.joint)
        self.spent = symmetric.budget.clamp_max(self.source.entropy_a + self.source.entropy_b)
        self.low = (self.spent - self.source.entropy_b).clamp_min(0)
        self.span = (torch.minimum(self.spent, self.source.entropy_a) - self.low).clamp_min(0)

    def symmetric_points(self) -> torch.Tensor:
        """The points of the best symmetric channels, (m, 3)."""
        share = ((self.symmetric.bits_a - self.low) / self.span.clamp_min(1e-12)).clamp(0, 1)
        angle = share.sqrt().asin() / (math.pi / 2)
        return torch.stack([angle, torch.full_like(angle, 0.5), torch.full_like(angle, 0.5)], -1)

    def rates(self, angle: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """bits_a and bits_b of angles (m, ...)."""
        column = (-1,) + (1,) * (angle.dim() - 1)
        sine = torch.sin(angle * (math.pi / 2))
        bits_a = self.low.reshape(column) + self.span.reshape(column) * sine.square()
        return bits_a, (self.spent.reshape(column) - bits_a).clamp_min(0)

    def values(self, points: torch.Tensor) -> torch.Tensor:
        """I(U_A,U_B;Y) in bits of points (m, k, 3), as exact as the search needs; (m, k)."""
        angle, split_a, split_b = points[..., None].unbind(-2)
        return self._grid(angle, split_a, split_b)[..., 0, 0, 0]

    def improve(
        self, points: torch.Tensor, values: torch.Tensor, steps: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Move each point to the best of 27 a step away, or halve its step where none is better."""
        sides = (points[..., None, :] + steps[..., None, None] * SIDES).clamp(0, 1)  # (m, k, 3 sides, 3)
        best, index = self._grid(*sides.unbind(-1)).flatten(2).max(-1)
        better = best > values + 1e-13
        chosen = torch.stack([index // 9, index // 3 % 3, index % 3], -1)  # a side for each coordinate
        moved = sides.gather(2, chosen[:, :, None, :])[:, :, 0]
        return (
            torch.where(better[..., None], moved, points),
            torch.where(better, best, values),
            torch.where(better, steps, steps / 2),
        )

    def _grid(self, angle: torch.Tensor, split_a: torch.Tensor, split_b: torch.Tensor) -> torch.Tensor:
        """Information of all angles (m, k, i) and error splits (m, k, j), (m, k, l); (m, k, i, j, l)."""
        a, b = (
            _coefficients(self.noise(name, bits, split[..., None, :], SEARCH_STEPS), split[..., None, :])
            for name, bits, split in zip("ab", self.rates(angle[..., None]), (split_a, split_b))
        )
        return self.information(a[:, None, ..., :, None] * b[None, ..., None, :])

    def noise(self, name: str, bits: torch.Tensor, error_split: torch.Tensor, steps: int) -> torch.Tensor:
        """Noise of the channel of source "a" or "b" at these rates."""
        p = self.source.p_a if name == "a" else self.source.p_b
        h = self.source.entropy_a if name == "a" else self.source.entropy_b
        return binary_asymmetric_noise(bits.clamp_max(h), error_split, p, h, steps)

    def information(self, products: torch.Tensor) -> torch.Tensor:
        """I(U_A,U_B;Y) in bits from the products (3, 3, ...) of (1, e0, e1) of both channels; (...)."""
        received = self.forms @ products.reshape(9, -1)  # (12, n): p(u,v,y), then p(u,v)
        terms = kernels.xlog2x(received.clamp_min_(0))
        information = self.source.entropy + terms[:8].sum(0) - terms[8:].sum(0)
        return information.clamp_min(0).reshape(products.shape[2:])

    def exact_information(self, channel_a: torch.Tensor, channel_b: torch.Tensor) -> torch.Tensor:
        """I(U_A,U_B;Y) in bits of channel matrices (m, 2, 2); (m,)."""
        received = torch.einsum("mau,mbv,aby->muvy", channel_a, channel_b, self.source.joint)
        return kernels.mutual_information(received.flatten(1, 2)).clamp_min(0)


def _coefficients(noise: torch.Tensor, error_split: torch.Tensor) -> torch.Tensor:
    """(1, e0, e1) of a channel, (3, ...)."""
    return torch.stack([torch.ones_like(noise), noise * error_split, noise * (1 - error_split)])


def _received_forms(joint: torch.Tensor) -> torch.Tensor:
    """p(u,v,y), then p(u,v), as linear forms in the products of (1, e0, e1) of both channels; (12, 9)."""
    channel = torch.tensor(
        [[[1, -1, 0], [0, 1, 0]], [[0, 0, 1], [1, 0, -1]]], dtype=torch.float64
    )  # (x, u, form)
    forms = torch.einsum("aui,bvj,aby->uvyij", channel, channel, joint)
    return torch.cat([forms.reshape(8, 9), forms.sum(2).reshape(4, 9)])
