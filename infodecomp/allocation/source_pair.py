"""Two binary sources and their binary symmetric channels: all that does not depend on a target."""

from functools import lru_cache
from typing import Any, NamedTuple

import torch

from infodecomp.allocation.crossover_table import TABLE_LENGTH, crossover_table, interpolate_crossover
from infodecomp.channels.binary_symmetric import refine_crossover_probability
from infodecomp.errors import InformationError
from infodecomp.information import kernels
from infodecomp.validation import as_distribution, as_scalar

BITS_TOLERANCE = 1e-12  # two amounts of bits that differ by less are equal
_TABLE_OFFSETS = torch.tensor([[0], [TABLE_LENGTH]])  # of two tables, one after the other


class ReceivedPair(NamedTuple):
    """What two binary symmetric channels deliver of a pair of sources.

    Attributes
    ----------
    powers : torch.Tensor, shape (4, n)
        1, e_a, e_b and e_a e_b of the crossover probabilities e_a and e_b.
    entropy : torch.Tensor, shape (n,)
        H(U_A,U_B) in bits.
    """

    powers: torch.Tensor
    entropy: torch.Tensor


class SourcePair:
    """Two binary sources, with what searches over their channels need, prepared once for any target.

    Parameters
    ----------
    joint : array_like, shape (2, 2)
        p(a,b). The sources may be biased and correlated.

    Attributes
    ----------
    joint : torch.Tensor, shape (2, 2)
    p_a, p_b : torch.Tensor, shape ()
        P(A=1) and P(B=1).
    entropy_a, entropy_b : torch.Tensor, shape ()
        H(A) and H(B) in bits.

    Raises
    ------
    InformationError
        If `joint` is not a distribution of this shape.
    """

    def __init__(self, joint: Any):
        self.joint = as_distribution(joint, 2)
        if self.joint.shape != (2, 2):
            raise InformationError(
                f"two sources have p(a,b) of shape {tuple(self.joint.shape)}; give (2, 2), for binary ones"
            )
        self._p = torch.stack([self.joint.sum(1), self.joint.sum(0)])[:, 1:].clamp_(0, 1)  # (2, 1)
        self._entropies = kernels.binary_entropy(self._p).clamp_min_(0)
        self.p_a, self.p_b = self._p[:, 0].unbind()
        self.entropy_a, self.entropy_b = self._entropies[:, 0].unbind()
        self._tables = torch.cat([crossover_table(self.p_a.item()), crossover_table(self.p_b.item())])
        self._received = channel_forms().reshape(4, 4, 4) @ self.joint.reshape(4)  # p(u,v), (4, 4)

    @classmethod
    def correlated(cls, p_a: float = 0.5, p_b: float = 0.5, correlation: float = 0.0) -> "SourcePair":
        """Two sources by P(A=1), P(B=1) and their correlation, as `two_source_joint` takes them."""
        return cls(correlated_sources(p_a, p_b, correlation))

    def crossover_probabilities(
        self, bits_a: torch.Tensor, bits_b: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Crossover probabilities of two binary symmetric channels that transmit these rates.

        Parameters
        ----------
        bits_a, bits_b : torch.Tensor, shape (...)
            Rates in bits, of one shape, from 0 to H(A) and to H(B).

        Returns
        -------
        tuple of torch.Tensor, shape (...)
        """
        bits = torch.stack([bits_a.reshape(-1), bits_b.reshape(-1)])
        exact = refine_crossover_probability(self._interpolated(bits), bits, self._p, self._entropies)
        crossover_a, crossover_b = exact.reshape(2, *bits_a.shape).unbind()
        return crossover_a, crossover_b

    def approximate_crossover_probabilities(
        self, bits_a: torch.Tensor, bits_b: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """As `crossover_probabilities` by interpolation: right to 1e-7 bits and many times faster."""
        interpolated = self._interpolated(torch.stack([bits_a.reshape(-1), bits_b.reshape(-1)]))
        crossover_a, crossover_b = interpolated.reshape(2, *bits_a.shape).unbind()
        return crossover_a, crossover_b

    def _interpolated(self, bits: torch.Tensor) -> torch.Tensor:
        """bits: (2, n), a row for each source."""
        share = bits / self._entropies.clamp_min(BITS_TOLERANCE)
        return interpolate_crossover(self._tables, share, _TABLE_OFFSETS)

    def received(self, crossover_a: torch.Tensor, crossover_b: torch.Tensor) -> ReceivedPair:
        """What channels with these crossover probabilities, of one shape, deliver of the sources."""
        powers = crossover_powers(crossover_a, crossover_b)
        return ReceivedPair(powers, -kernels.xlog2x(self._received @ powers).sum(0))


def correlated_sources(p_a: float, p_b: float, correlation: float) -> torch.Tensor:
    """p(a,b) of two sources, (2, 2); raises InformationError for numbers outside their limits."""
    p_a, p_b = as_scalar(p_a, "p_a", 0, 1), as_scalar(p_b, "p_b", 0, 1)
    correlation = as_scalar(correlation, "correlation", -1, 1)
    independent = p_a * p_b
    maximum, minimum = min(p_a, p_b), max(0.0, p_a + p_b - 1)
    both = independent + correlation * (maximum - independent if correlation > 0 else independent - minimum)
    p = torch.tensor([[1 - p_a - p_b + both, p_b - both], [p_a - both, both]], dtype=torch.float64)
    return p.clamp_min(0) / p.clamp_min(0).sum()


def crossover_powers(crossover_a: torch.Tensor, crossover_b: torch.Tensor) -> torch.Tensor:
    """1, e_a, e_b and e_a e_b, (4, n)."""
    a, b = crossover_a.reshape(-1), crossover_b.reshape(-1)
    return torch.stack([torch.ones_like(a), a, b, a * b])


@lru_cache(maxsize=1)
def channel_forms() -> torch.Tensor:
    """p(u,v|a,b) as forms in (1, e_a, e_b, e_a e_b); axes u, v, form, a, b of lengths (2, 2, 4, 2, 2)."""
    equal = torch.tensor([[1.0, -1.0], [0.0, 1.0]], dtype=torch.float64)  # (1 - e, e) as forms in (1, e)
    channel = torch.stack([equal, equal.flip(0)])  # (u, x, form)
    return torch.einsum("uai,vbj->uvjiab", channel, channel).reshape(2, 2, 4, 2, 2)  # e_a varies fastest
