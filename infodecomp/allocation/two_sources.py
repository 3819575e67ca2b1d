"""Two binary sources A and B and a binary target Y: their joint distribution and its channels."""

from functools import lru_cache
from typing import Any

import torch

from infodecomp.allocation.crossover_table import TABLE_LENGTH, crossover_table, interpolate_crossover
from infodecomp.channels.binary_symmetric import refine_crossover_probability
from infodecomp.errors import InformationError
from infodecomp.information import kernels
from infodecomp.validation import as_distribution, as_float64, as_scalar

BITS_TOLERANCE = 1e-12  # two amounts of bits that differ by less are equal


def two_source_joint(
    p_y_given_ab: Any, p_a: float = 0.5, p_b: float = 0.5, correlation: float = 0.0
) -> torch.Tensor:
    """Joint distribution p(a,b,y) = p(a,b) p(y|a,b) of two binary sources and a binary target.

    Parameters
    ----------
    p_y_given_ab : array_like, shape (2, 2)
        P(Y=1|a,b), with a row for each a.
    p_a, p_b : float, default 0.5
        P(A=1) and P(B=1).
    correlation : float, default 0
        How far p(a,b) goes from independent (0) to the strongest dependence that these marginals allow: alike
        (1) or opposite (-1).

    Returns
    -------
    torch.Tensor, shape (2, 2, 2)

    Raises
    ------
    InformationError
        If a number lies outside its limits or `p_y_given_ab` has another shape.
    """
    conditional = as_float64(p_y_given_ab, "P(Y=1|a,b)")
    if conditional.shape != (2, 2):
        raise InformationError(
            f"P(Y=1|a,b) has shape {tuple(conditional.shape)}; give (2, 2), for two binary sources"
        )
    for value in conditional.flatten().tolist():
        as_scalar(value, "P(Y=1|a,b)", 0, 1)
    p_a, p_b = as_scalar(p_a, "p_a", 0, 1), as_scalar(p_b, "p_b", 0, 1)
    sources = _source_joint(p_a, p_b, as_scalar(correlation, "correlation", -1, 1))
    return torch.stack([sources * (1 - conditional), sources * conditional], -1)


def _source_joint(p_a: float, p_b: float, correlation: float) -> torch.Tensor:
    """p(a,b), (2, 2)."""
    independent = p_a * p_b
    maximum, minimum = min(p_a, p_b), max(0.0, p_a + p_b - 1)
    both = independent + correlation * (maximum - independent if correlation > 0 else independent - minimum)
    p = torch.tensor([[1 - p_a - p_b + both, p_b - both], [p_a - both, both]], dtype=torch.float64)
    return p.clamp_min(0) / p.clamp_min(0).sum()


class TwoSourceJoint:
    """A checked joint p(a,b,y) with everything that searches over its channels need, prepared once.

    Parameters
    ----------
    joint : array_like, shape (2, 2, 2)
        p(a,b,y). The sources may be biased and correlated.

    Attributes
    ----------
    joint : torch.Tensor, shape (2, 2, 2)
    p_a, p_b : torch.Tensor, shape ()
        P(A=1) and P(B=1).
    entropy_a, entropy_b, entropy : torch.Tensor, shape ()
        H(A), H(B) and H(Y) in bits.

    Raises
    ------
    InformationError
        If `joint` is not a distribution of this shape.
    """

    def __init__(self, joint: Any):
        self.joint = as_distribution(joint, 3)
        if self.joint.shape != (2, 2, 2):
            raise InformationError(
                f"a joint has shape {tuple(self.joint.shape)}; give (2, 2, 2), for two binary sources"
            )
        marginals = torch.stack([self.joint.sum((1, 2)), self.joint.sum((0, 2))])
        self._p = marginals[:, 1:].clamp_(0, 1)  # (2, 1), a row for each source
        self._entropies = kernels.binary_entropy(self._p).clamp_min_(0)
        self.p_a, self.p_b = self._p[:, 0].unbind()
        self.entropy_a, self.entropy_b = self._entropies[:, 0].unbind()
        self.entropy = kernels.entropy(self.joint.sum((0, 1))).clamp_min(0)
        self._received = _received_forms() @ self.joint.reshape(8)  # (12, 4)
        self._tables = torch.cat([crossover_table(self.p_a.item()), crossover_table(self.p_b.item())])

    @classmethod
    def of(cls, joint: Any) -> "TwoSourceJoint":
        """Prepare a joint, or return it as it is if it is a TwoSourceJoint already."""
        return joint if isinstance(joint, cls) else cls(joint)

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

    def information(self, crossover_a: torch.Tensor, crossover_b: torch.Tensor) -> torch.Tensor:
        """Information I(U_A,U_B;Y) through two binary symmetric channels.

        Parameters
        ----------
        crossover_a, crossover_b : torch.Tensor, shape (...)
            Crossover probabilities, of one shape.

        Returns
        -------
        torch.Tensor, shape (...)
            Information in bits.
        """
        a, b = crossover_a.reshape(-1), crossover_b.reshape(-1)
        p = self._received @ torch.stack([torch.ones_like(a), a, b, a * b])  # (12, n): p(u,v,y), then p(u,v)
        p = p.clamp_min_(kernels.TINY)
        information = self.entropy + _SIGNS @ p.log2().mul_(p)
        return information.clamp_min_(0).reshape(crossover_a.shape)


_TABLE_OFFSETS = torch.tensor([[0], [TABLE_LENGTH]])  # of two tables, one after the other
_SIGNS = torch.tensor([1.0] * 8 + [-1.0] * 4, dtype=torch.float64)


@lru_cache(maxsize=1)
def _received_forms() -> torch.Tensor:
    """p(u,v,y), then p(u,v), as linear forms in (1, e_a, e_b, e_a e_b) and in p(a,b,y); (12, 4, 8)."""
    equal = torch.tensor([[1.0, -1.0], [0.0, 1.0]], dtype=torch.float64)  # (1 - e, e) as forms in (1, e)
    channel = torch.stack([equal, equal.flip(0)])  # (u, x, form)
    eye = torch.eye(2, dtype=torch.float64)
    forms = torch.einsum("uai,vbj,yz->uvyjiabz", channel, channel, eye)  # e_a varies fastest
    return torch.cat([forms.reshape(8, 4, 8), forms.sum(2).reshape(4, 4, 8)])
