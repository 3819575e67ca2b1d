"""Information terms of two sources A, B and a target Y, in bits.

Every term is a signed sum of entropies of marginals, so each cell (a,b,y) contributes p(a,b,y) times one log
ratio of marginals: the local, or pointwise, information (Fano 1961, ch. 2). The contribution of a cell can be
negative; only the sum over all cells is bounded by 0.
"""

from typing import Any

import torch

from infodecomp.information import kernels
from infodecomp.validation import as_distribution

AXES = "aby"
TERMS = {  # each a sum of entropies of these marginals, with these signs
    "H(A)": {"a": 1},
    "H(B)": {"b": 1},
    "H(Y)": {"y": 1},
    "I(A;B)": {"a": 1, "b": 1, "ab": -1},
    "I(A;Y)": {"a": 1, "y": 1, "ay": -1},
    "I(B;Y)": {"b": 1, "y": 1, "by": -1},
    "I(A,B;Y)": {"ab": 1, "y": 1, "aby": -1},
    "I(A;Y|B)": {"ab": 1, "by": 1, "b": -1, "aby": -1},
    "I(B;Y|A)": {"ab": 1, "ay": 1, "a": -1, "aby": -1},
    "I(A;B|Y)": {"ay": 1, "by": 1, "y": -1, "aby": -1},
    "co-information": {"a": 1, "b": 1, "y": 1, "ab": -1, "ay": -1, "by": -1, "aby": 1},
    "H(Y|A,B)": {"aby": 1, "ab": -1},
}
MARGINALS = ("a", "b", "y", "ab", "ay", "by", "aby")
_SIGNS = torch.tensor(
    [[-float(signs.get(variables, 0)) for variables in MARGINALS] for signs in TERMS.values()],
    dtype=torch.float64,
)


def conditional_mutual_information(joint: Any) -> torch.Tensor:
    """Conditional mutual information I(X;Y|Z) = H(X,Z) + H(Y,Z) - H(Z) - H(X,Y,Z).

    Parameters
    ----------
    joint : array_like, shape (..., n_x, n_y, n_z)
        p(x,y,z).

    Returns
    -------
    torch.Tensor, shape (...)
        Information in bits.

    Raises
    ------
    InformationError
        If `joint` is not a table of probabilities.

    References
    ----------
    Cover & Thomas (2006), Elements of information theory, eq. 2.60.
    """
    return information_terms(joint)["I(A;B|Y)"]


def co_information(joint: Any) -> torch.Tensor:
    """Co-information I(X;Y) - I(X;Y|Z), the same in any order of the three variables.

    Parameters
    ----------
    joint : array_like, shape (..., n_x, n_y, n_z)
        p(x,y,z).

    Returns
    -------
    torch.Tensor, shape (...)
        Bits: positive if redundancy dominates (+1 for three copies of a fair coin), negative if synergy does
        (-1 for two fair coins and their parity).

    Raises
    ------
    InformationError
        If `joint` is not a table of probabilities.

    References
    ----------
    McGill (1954), Multivariate information transmission; the sign is that of Bell (2003), The co-information
    lattice.
    """
    return information_terms(joint)["co-information"]


def information_terms(joint: Any) -> dict[str, torch.Tensor]:
    """Entropies and informations of two sources A, B and a target Y, by name.

    Parameters
    ----------
    joint : array_like, shape (..., n_a, n_b, n_y)
        p(a,b,y).

    Returns
    -------
    dict of str to torch.Tensor, shape (...)
        The terms of `TERMS`, in its order, in bits.

    Raises
    ------
    InformationError
        If `joint` is not a table of probabilities.

    Notes
    -----
    The terms satisfy the chain rule I(A,B;Y) = I(A;Y) + I(B;Y|A), and
    I(A,B;Y) = I(A;Y) + I(B;Y) - co-information.
    """
    terms = {name: cells.sum((-3, -2, -1)) for name, cells in term_contributions(joint).items()}
    return {name: term if name == "co-information" else term.clamp_min(0) for name, term in terms.items()}


def term_contributions(joint: Any) -> dict[str, torch.Tensor]:
    """What each cell contributes to each term: p(a,b,y) times the term's log ratio at (a,b,y).

    Parameters
    ----------
    joint : array_like, shape (..., n_a, n_b, n_y)
        p(a,b,y).

    Returns
    -------
    dict of str to torch.Tensor, shape (..., n_a, n_b, n_y)
        Bits, 0 where the cell is empty. The cells of a term sum to it.

    Raises
    ------
    InformationError
        If `joint` is not a table of probabilities.
    """
    joint = as_distribution(joint, 3)
    logs = torch.stack([_log_marginal(joint, variables) for variables in MARGINALS])
    cells = joint * torch.tensordot(_SIGNS, logs, 1)
    return dict(zip(TERMS, cells.unbind()))


def _log_marginal(joint: torch.Tensor, variables: str) -> torch.Tensor:
    """log2 of p(variables) at each cell of the joint."""
    summed = tuple(axis for axis, variable in zip((-3, -2, -1), AXES) if variable not in variables)
    marginal = joint.sum(summed, keepdim=True) if summed else joint
    return marginal.clamp_min(kernels.TINY).log2().expand_as(joint)
