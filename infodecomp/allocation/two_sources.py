"""Two binary sources A and B and a binary target Y: their joint distribution and its channels."""

from functools import lru_cache
from typing import Any

import torch

from infodecomp.allocation.source_pair import (
    ReceivedPair,
    SourcePair,
    channel_forms,
    correlated_sources,
    crossover_powers,
)
from infodecomp.errors import InformationError
from infodecomp.information import kernels
from infodecomp.validation import as_distribution, as_float64, as_scalar, shown

MARGINAL_TOLERANCE = 1e-9  # between p(a,b) of a joint and of the sources that are given with it


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
    sources = correlated_sources(p_a, p_b, correlation)
    return torch.stack([sources * (1 - conditional), sources * conditional], -1)


class TwoSourceJoint:
    """A checked joint p(a,b,y) with everything that searches over its channels need, prepared once.

    Parameters
    ----------
    joint : array_like, shape (2, 2, 2)
        p(a,b,y). The sources may be biased and correlated.
    pair : SourcePair, optional
        Its sources, where they were prepared before, for another target. By default they are prepared anew.

    Attributes
    ----------
    joint : torch.Tensor, shape (2, 2, 2)
    pair : SourcePair
    entropy_a, entropy_b, entropy : torch.Tensor, shape ()
        H(A), H(B) and H(Y) in bits.

    Raises
    ------
    InformationError
        If `joint` is not a distribution of this shape, or `pair` is that of another one.
    """

    def __init__(self, joint: Any, pair: SourcePair | None = None):
        self.joint = as_distribution(joint, 3)
        if self.joint.shape != (2, 2, 2):
            raise InformationError(
                f"a joint has shape {tuple(self.joint.shape)}; give (2, 2, 2), for two binary sources"
            )
        self.pair = SourcePair(self.joint.sum(2)) if pair is None else _checked_pair(pair, self.joint.sum(2))
        self.entropy_a, self.entropy_b = self.pair.entropy_a, self.pair.entropy_b
        self.entropy = kernels.entropy(self.joint.sum((0, 1))).clamp_min(0)
        self._forms = _received_forms() @ self.joint.reshape(8)  # p(u,v,y), then p(u,v): (12, 4)

    @classmethod
    def of(cls, joint: Any) -> "TwoSourceJoint":
        """Prepare a joint, or return it as it is if it is a TwoSourceJoint already."""
        return joint if isinstance(joint, cls) else cls(joint)

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
        p = (self._forms @ crossover_powers(crossover_a, crossover_b)).clamp_min_(kernels.TINY)  # (12, n)
        information = self.entropy + _SIGNS @ p.log2().mul_(p)
        return information.clamp_min_(0).reshape(crossover_a.shape)

    def information_received(self, received: ReceivedPair) -> torch.Tensor:
        """As `information` of what `pair.received` has prepared, a third faster; (n,)."""
        p = (self._forms[:8] @ received.powers).clamp_min_(kernels.TINY)
        information = p.log2().mul_(p).sum(0).add_(received.entropy).add_(self.entropy)
        return information.clamp_min_(0)


def _checked_pair(pair: SourcePair, p: torch.Tensor) -> SourcePair:
    if not isinstance(pair, SourcePair):
        raise InformationError(f"pair is {shown(pair)}; give a SourcePair, or none")
    if (difference := (pair.joint - p).abs().max().item()) > MARGINAL_TOLERANCE:
        raise InformationError(
            f"p(a,b) of this pair of sources and of the joint differ by {difference:.3g}; "
            "give the pair of the joint, or none"
        )
    return pair


_SIGNS = torch.tensor([1.0] * 8 + [-1.0] * 4, dtype=torch.float64)


@lru_cache(maxsize=1)
def _received_forms() -> torch.Tensor:
    """p(u,v,y), then p(u,v), as linear forms in (1, e_a, e_b, e_a e_b) and in p(a,b,y); (12, 4, 8)."""
    forms = torch.einsum("uvfab,yz->uvyfabz", channel_forms(), torch.eye(2, dtype=torch.float64))
    return torch.cat([forms.reshape(8, 4, 8), forms.sum(2).reshape(4, 4, 8)])
