"""Pattern search for the channels of two binary sources, each with two output symbols and any errors."""

import math
from typing import Any

import torch

from infodecomp.allocation.bsc_frontier import Frontier
from infodecomp.allocation.two_sources import TwoSourceJoint
from infodecomp.channels.binary_asymmetric import binary_asymmetric_noise
from infodecomp.information import kernels

SEARCH_STEPS = 5  # of Newton's method while searching; channels that are returned take MAX_STEPS
SPLITS = 17  # error splits tried in each half of their range for a source alone
ZOOMS, ZOOM_POINTS = 4, 17  # then rounds around the best of each half
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

    def one_source_points(self) -> torch.Tensor:
        """The best points of both ends of the split, where one source gets all that it can take, (m, 2, 3).

        At an end the information depends on one error split alone. It is found by a grid over each half of
        its range, since there can be a maximum in each, and by rounds of zoom around the best of both.
        """
        m, reach = len(self.spent), 0.25
        split = torch.tensor([0.25, 0.75], dtype=torch.float64).expand(m, 2, 2)  # (m, source, half)
        for points in (SPLITS, *(ZOOM_POINTS,) * ZOOMS):
            offsets = torch.linspace(-reach, reach, points, dtype=torch.float64)
            tried = (split[..., None] + offsets).clamp(0, 1)  # (m, 2, 2, points)
            values = self.values(_end_points(tried).flatten(1, 3)).reshape(tried.shape)
            best, index = values.max(-1, keepdim=True)
            split, reach = tried.gather(-1, index)[..., 0], reach * 2 / (points - 1)
        half = best.argmax(2)  # (m, 2, 1)
        return _end_points(split.gather(2, half))[:, :, 0]

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
        p = self.source.pair.p_a if name == "a" else self.source.pair.p_b
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


def _end_points(split: torch.Tensor) -> torch.Tensor:
    """Points at both ends of the split of the budget, from error splits (m, 2, ...); (m, 2, ..., 3)."""
    even = torch.full_like(split[:, 0], 0.5)
    a_alone = torch.stack([torch.ones_like(even), split[:, 0], even], -1)
    b_alone = torch.stack([torch.zeros_like(even), even, split[:, 1]], -1)
    return torch.stack([a_alone, b_alone], 1)


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
