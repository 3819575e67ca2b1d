"""The mutual informations of two towns A, B and a target Y, each as a sum over the cells (a,b,y) that make it, in bits.

Every term is a signed sum of entropies of marginals, so each cell contributes p(a,b,y) times one log-ratio of
marginals (the local, or pointwise, information; Fano 1961, ch. 2). A cell can count against its term; only the sum
is bounded by 0.
"""

import torch

from infodecomp.information import kernels
from infodecomp.validation import as_distribution

AXES = "aby"
TERMS = {  # the entropies of these marginals, with these signs
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


def conditional_mutual_information(joint) -> torch.Tensor:
    """Conditional mutual information I(X;Y|Z) = H(X,Z) + H(Y,Z) - H(Z) - H(X,Y,Z), in bits (Cover & Thomas 2006, eq. 2.60).

    joint: (..., n_x, n_y, n_z). Returns (...). Raises InformationError for what is no table.
    """
    return information_terms(joint)["I(A;B|Y)"]


def co_information(joint) -> torch.Tensor:
    """Co-information I(X;Y) - I(X;Y|Z), in bits: above 0 where the three repeat each other, below 0 where they need each other.

    The same in whichever order the three stand. Two copies of a coin and the coin: +1; two coins and their parity: -1.
    joint: (..., n_x, n_y, n_z). Returns (...). Raises InformationError. Source: McGill 1954, with the sign of Bell 2003.
    """
    return information_terms(joint)["co-information"]


def information_terms(joint) -> dict[str, torch.Tensor]:
    """The terms of two towns and their target by name, in bits: TERMS, in its order.

    joint: (..., n_a, n_b, n_y). Returns name -> (...). They keep the chain rule I(A,B;Y) = I(A;Y) + I(B;Y|A), and
    I(A,B;Y) = I(A;Y) + I(B;Y) - co-information. Raises InformationError for what is no table.
    """
    cells = term_contributions(joint).items()
    terms = {name: told.sum((-3, -2, -1)) for name, told in cells}
    return {name: term if name == "co-information" else term.clamp_min(0) for name, term in terms.items()}


def term_contributions(joint) -> dict[str, torch.Tensor]:
    """What each cell contributes to each term: p(a,b,y) times its log-ratio, in bits; the cells sum to the term.

    joint: (..., n_a, n_b, n_y). Returns name -> (..., n_a, n_b, n_y), 0 where the cell is empty. Raises InformationError.
    """
    joint = as_distribution(joint, 3)
    logs = torch.stack([_log_marginal(joint, variables) for variables in MARGINALS])
    cells = joint * torch.tensordot(_SIGNS, logs, 1)
    return dict(zip(TERMS, cells.unbind()))


def _log_marginal(joint: torch.Tensor, variables: str) -> torch.Tensor:
    """log2 of p(variables) at each cell of the joint."""
    gone = tuple(axis for axis, variable in zip((-3, -2, -1), AXES) if variable not in variables)
    return (joint.sum(gone, keepdim=True) if gone else joint).clamp_min(kernels.TINY).log2().expand_as(joint)
