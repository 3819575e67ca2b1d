"""Logic with truth values between 0 and 1, and what neurons can be said to compute in it.

The three classical logics agree at 0 and 1 and differ between: AND is the minimum (Zadeh, Goedel), the
product, or max(0, a + b - 1) (Lukasiewicz). NOT a is 1 - a in all of them, which is why a match by
correlation does not distinguish a function from its negation.
"""

import itertools
from collections.abc import Callable
from typing import Any, NamedTuple

import torch

from infodecomp.errors import InformationError
from infodecomp.networks.architecture import MLP
from infodecomp.validation import as_finite, as_integer, as_probabilities

Connective = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]

AND: dict[str, Connective] = {
    "minimum": torch.minimum,
    "product": lambda a, b: a * b,
    "lukasiewicz": lambda a, b: (a + b - 1).clamp_min(0),
}
FUNCTIONS = ("a", "b", "a AND b", "a OR b", "a AND NOT b", "b AND NOT a", "a XOR b")
DEAD = 1e-4  # a neuron whose standard deviation over the inputs is below this is constant


def fuzzy_functions(a: Any, b: Any, logic: str = "minimum") -> torch.Tensor:
    """The seven functions of two truth values that are not constant, up to negation, in one logic.

    Parameters
    ----------
    a, b : array_like, shape (n,)
        Truth values.
    logic : {"minimum", "product", "lukasiewicz"}

    Returns
    -------
    torch.Tensor, shape (7, n)
        In the order of `FUNCTIONS`. OR is NOT (NOT a AND NOT b), and XOR is (a OR b) AND NOT (a AND b).

    Raises
    ------
    InformationError
        If the logic is unknown, or a value lies outside 0 to 1.

    References
    ----------
    Zadeh (1965), Fuzzy sets, Information and Control 8. Hajek (1998), Metamathematics of fuzzy logic.
    """
    if logic not in AND:
        raise InformationError(f"logic {logic!r}: choose from {', '.join(AND)}")
    p, q, both = as_probabilities(a, "a truth value"), as_probabilities(b, "a truth value"), AND[logic]
    conjunction, disjunction = both(p, q), 1 - both(1 - p, 1 - q)
    return torch.stack(
        (p, q, conjunction, disjunction, both(p, 1 - q), both(q, 1 - p), both(disjunction, 1 - conjunction))
    )


def truth_grid(side: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Two truth values on a square grid, each of shape (side * side,), a varying slowest."""
    values = torch.linspace(0, 1, as_integer(side, "side", 2), dtype=torch.float64)
    a, b = torch.meshgrid(values, values, indexing="ij")
    return a.flatten(), b.flatten()


def fuzzy_xor_network() -> tuple[MLP, torch.Tensor]:
    """A ReLU network of three hidden neurons that computes the minimum-logic XOR exactly on the unit square.

    XOR(a, b) = a + relu(b - a) - relu(a + b - 1): the function is linear on the four triangles between the
    diagonals. With truth values, relu(b - a) is the Lukasiewicz "b and not a", relu(a + b - 1) its AND.

    Returns
    -------
    MLP, torch.Tensor of shape (1, 13)
    """
    network = MLP((2, 3, 1))
    incoming, bias = [[1.0, -1.0, 1.0], [0.0, 1.0, 1.0]], [0.0, 0.0, -1.0]
    return network, torch.tensor([[*incoming[0], *incoming[1], *bias, 1.0, 1.0, -1.0, 0.0]])


class NeuronMatches(NamedTuple):
    """How well functions explain neurons.

    Attributes
    ----------
    r2 : torch.Tensor, shape (..., n_neurons, n_functions)
        Squared correlation over the inputs: the share of the variance that an affine function of the
        candidate explains; 0 for dead neurons.
    live : torch.Tensor of bool, shape (..., n_neurons)
    """

    r2: torch.Tensor
    live: torch.Tensor


def match_neurons(neurons: Any, functions: Any) -> NeuronMatches:
    """Squared correlations of neurons and candidate functions.

    Parameters
    ----------
    neurons : array_like, shape (..., n_neurons, n_inputs)
    functions : array_like, shape (n_functions, n_inputs)
        None of them constant.

    Returns
    -------
    NeuronMatches

    Raises
    ------
    InformationError
        If a function is constant or numbers are not finite.
    """
    z, f = _standardised(neurons), _standardised(functions)
    if not bool(f.live.all()):
        raise InformationError("a candidate function is constant; leave it out")
    return NeuronMatches((z.values @ f.values.mT).square().clamp_max(1), z.live)


def match_pairs(neurons: Any, functions: Any) -> torch.Tensor:
    """The best share of variance of each function that two neurons of a layer explain together.

    Parameters
    ----------
    neurons : array_like, shape (..., n_neurons, n_inputs)
        At least two.
    functions : array_like, shape (n_functions, n_inputs)

    Returns
    -------
    torch.Tensor, shape (..., n_functions)
        The largest R squared over all pairs, by least squares with a constant.
    """
    z, f = _standardised(neurons), _standardised(functions)
    correlation = z.values @ f.values.mT  # (..., n_neurons, n_functions)
    among = z.values @ z.values.mT
    i, j = zip(*itertools.combinations(range(among.shape[-1]), 2))
    r, x, y = among[..., i, j][..., None], correlation[..., i, :], correlation[..., j, :]
    collinear = 1 - r.square() < 1e-9
    both = (x.square() + y.square() - 2 * r * x * y) / (1 - r.square()).masked_fill(collinear, 1)
    best_single = torch.maximum(x.square(), y.square())
    return torch.where(collinear, best_single, both).clamp(0, 1).max(-2).values


class _Standardised(NamedTuple):
    values: torch.Tensor  # centred, of length 1; 0 where dead
    live: torch.Tensor


def _standardised(rows: Any) -> _Standardised:
    z = as_finite(rows, "a value")
    z = z - z.mean(-1, keepdim=True)
    deviation = z.square().mean(-1).sqrt()
    live = deviation > DEAD
    length = z.norm(dim=-1, keepdim=True)
    return _Standardised(z / length.masked_fill(~live[..., None], 1) * live[..., None], live)
