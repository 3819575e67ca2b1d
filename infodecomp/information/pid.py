"""Partial information decomposition: redundant, unique and synergistic information of two sources, in bits.

I(A,B;Y) = redundancy + unique_a + unique_b + synergy, with redundancy + unique_a = I(A;Y) and redundancy +
unique_b = I(B;Y) (Williams & Beer 2010). These are three equations for four numbers. A redundancy *measure*
supplies the fourth, and different measures disagree.
"""

from typing import Any, NamedTuple

import torch

from infodecomp.errors import InformationError
from infodecomp.information import kernels
from infodecomp.information.least_informative import least_informative
from infodecomp.validation import as_distribution

MEASURES = ("i_min", "mmi", "broja")


class PartialInformation(NamedTuple):
    """The four atoms of a partial information decomposition, in bits.

    Attributes
    ----------
    redundancy, unique_a, unique_b, synergy : torch.Tensor, shape (...)
    measure : str
        The measure of redundancy: "i_min", "mmi" or "broja".
    """

    redundancy: torch.Tensor
    unique_a: torch.Tensor
    unique_b: torch.Tensor
    synergy: torch.Tensor
    measure: str


def partial_information(joint: Any, measure: str = "broja") -> PartialInformation:
    """Redundant, unique and synergistic information of two sources A and B about a target Y.

    Parameters
    ----------
    joint : array_like, shape (..., n_a, n_b, n_y)
        p(a,b,y), with alphabets of any size.
    measure : {"broja", "i_min", "mmi"}
        Measure of redundancy: BROJA (Bertschinger et al. 2014), I_min (Williams & Beer 2010) or the minimum
        mutual information (Barrett 2015).

    Returns
    -------
    PartialInformation
        Bits. The error of "broja" is below 1e-7 for alphabets up to 576 cells.

    Raises
    ------
    InformationError
        If `joint` is not a table of probabilities or there is no such measure.

    Notes
    -----
    "i_min" and "mmi" only compare amounts of information: they call two sources redundant that give the same
    number of bits about different aspects of Y.

    References
    ----------
    Williams & Beer (2010), Nonnegative decomposition of multivariate information.
    Bertschinger, Rauh, Olbrich, Jost & Ay (2014), Quantifying unique information.
    Barrett (2015), Exploration of synergistic and redundant information sharing in static and dynamical
    Gaussian systems.
    """
    joint = as_distribution(joint, 3)
    if not isinstance(measure, str) or measure not in MEASURES:
        raise InformationError(
            f"no measure of redundancy is called {measure!r}; give one of {', '.join(MEASURES)}"
        )
    i_a, i_b = _source_informations(joint)
    both = kernels.mutual_information(joint.flatten(-3, -2)).clamp_min(0)
    if measure == "broja":
        redundancy = i_a + i_b - union_information(joint)
    else:
        redundancy = _i_min(joint) if measure == "i_min" else torch.minimum(i_a, i_b)
    # rounding must not make an atom negative: co-information <= redundancy <= min(I(A;Y), I(B;Y))
    redundancy = torch.maximum(redundancy.clamp_min(0), i_a + i_b - both)
    redundancy = torch.minimum(redundancy, torch.minimum(i_a, i_b))
    unique_a, unique_b = i_a - redundancy, i_b - redundancy
    synergy = (both - redundancy - unique_a - unique_b).clamp_min(0)
    return PartialInformation(redundancy, unique_a, unique_b, synergy, measure)


def _source_informations(joint: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """I(A;Y) and I(B;Y)."""
    i_a, i_b = (kernels.mutual_information(joint.sum(axis)).clamp_min(0) for axis in (-2, -3))
    return i_a, i_b


def _i_min(joint: torch.Tensor) -> torch.Tensor:
    """sum_y p(y) min over the sources of I(Y=y; source), in bits (Williams & Beer 2010, eq. 3)."""
    p_y = joint.sum((-3, -2))
    specific = []
    for axis in (-2, -3):
        pair = joint.sum(axis)  # (..., n_source, n_y)
        independent = pair.sum(-1, keepdim=True) * p_y[..., None, :]
        log_ratio = (pair.clamp_min(kernels.TINY) / independent.clamp_min(kernels.TINY)).log2()
        specific.append((pair * log_ratio).sum(-2))  # p(y) I(Y=y; source)
    return torch.minimum(*specific).sum(-1)


def union_information(joint: Any) -> torch.Tensor:
    """Union information: the minimum of I_Q(A,B;Y) over all Q with q(a,y) = p(a,y) and q(b,y) = p(b,y).

    Parameters
    ----------
    joint : array_like, shape (..., n_a, n_b, n_y)
        p(a,b,y).

    Returns
    -------
    torch.Tensor, shape (...)
        Bits, at most 1e-7 above the minimum for alphabets up to 576 cells.

    Raises
    ------
    InformationError
        If `joint` is not a table of probabilities.

    References
    ----------
    Bertschinger et al. (2014), Quantifying unique information, eq. 5.
    """
    joint = as_distribution(joint, 3)
    information = kernels.mutual_information(least_informative(joint).flatten(-3, -2))
    # Q keeps I(A;Y) and I(B;Y), so it has at least the larger of them
    return torch.maximum(information, torch.maximum(*_source_informations(joint)))
