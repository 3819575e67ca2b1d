"""Modular addition by construction: numbers on a circle, a few neurons, no training.

Number i stands at the angle 2πi/M. Neuron j looks in the direction θ_j = 2πj/N + rotation and answers in
the direction 2θ_j:

    output(a, b) = sum_j f(u_j · (E[a] + E[b])) v_j,    u_j at angle θ_j,  v_j at angle 2θ_j

and the answer is the number whose point is nearest to the output's direction. E[a] + E[b] is
2 cos(π(a - b)/M) times the unit vector at angle π(a + b)/M. ReLU and square pass positive factors on, so the
direction of the output depends on nothing but the angle of that sum, of which there are 2M: exact results
over all M² pairs cost 2M evaluations.

References
----------
Gromov (2023), Grokking modular arithmetic (the square as activation); Zhong, Liu, Tegmark & Andreas (2023),
The clock and the pizza.
"""

import math
from functools import lru_cache
from typing import NamedTuple

import torch

from infodecomp.errors import InformationError
from infodecomp.validation import as_integer, as_scalar

ACTIVATIONS = ("relu", "square")
ROTATION = 0.15  # radians; without one, some angles of a sum lie exactly between two neurons
MIN_NEURONS, MAX_NEURONS = 3, 10
MIN_MODULUS, MAX_MODULUS = 12, 500


class CircleResult(NamedTuple):
    """What the construction answers, over all ordered pairs of numbers.

    Attributes
    ----------
    angle : torch.Tensor, float64, shape (2 modulus,)
        Angles of the sums E[a] + E[b], in radians from 0.
    error : torch.Tensor, float64, shape (2 modulus,)
        Angle of the output minus that of the right answer, in radians from -π to π, for each of them.
    n_pairs : torch.Tensor, int64, shape (2 modulus,)
        How many ordered pairs have that sum.
    accuracy : float
        Share of the ordered pairs with a sum that get the right answer.
    max_angle_error : float
        Largest size of `error`, in radians.
    undecided : int
        Ordered pairs with a - b = modulus / 2: their points cancel, the output is 0 and no answer is nearest.
        They are left out of the accuracy.
    """

    angle: torch.Tensor
    error: torch.Tensor
    n_pairs: torch.Tensor
    accuracy: float
    max_angle_error: float
    undecided: int


def circle_directions(n_neurons: int, rotation: float = ROTATION) -> tuple[torch.Tensor, torch.Tensor]:
    """Angles in which each neuron looks, and in which it answers, in radians; float64, shape (n_neurons,)."""
    into = torch.arange(n_neurons, dtype=torch.float64) * (2 * math.pi / n_neurons) + rotation
    return into, 2 * into


def fine_angles(n_angles: int = 721) -> torch.Tensor:
    """Evenly spaced angles from 0 to 2π, both included, float64."""
    return torch.linspace(0, 2 * math.pi, n_angles, dtype=torch.float64)


def circle_activations(
    angle: torch.Tensor | float, n_neurons: int, activation: str = "relu", rotation: float = ROTATION
) -> torch.Tensor:
    """Activations f(cos(angle - θ_j)) for unit sums at some angles, shape (…, n_neurons).

    Raises
    ------
    InformationError
        For an unknown activation.
    """
    if activation not in ACTIVATIONS:
        raise InformationError(f"activation = {activation!r}: choose from {', '.join(ACTIVATIONS)}")
    into, _ = circle_directions(n_neurons, rotation)
    seen = torch.cos(torch.as_tensor(angle, dtype=torch.float64).unsqueeze(-1) - into)
    return seen.clamp_min(0) if activation == "relu" else seen.square()


def circle_output(
    angle: torch.Tensor | float, n_neurons: int, activation: str = "relu", rotation: float = ROTATION
) -> torch.Tensor:
    """The output vector for unit sums at some angles, shape (…, 2)."""
    _, out = circle_directions(n_neurons, rotation)
    directions = torch.stack([out.cos(), out.sin()], 1)
    return circle_activations(angle, n_neurons, activation, rotation) @ directions


def circle_error(
    angle: torch.Tensor, n_neurons: int, activation: str = "relu", rotation: float = ROTATION
) -> torch.Tensor:
    """Angle of the output minus twice that of the sum, in radians from -π to π, of the shape of `angle`."""
    output = circle_output(angle, n_neurons, activation, rotation)
    difference = torch.atan2(output[..., 1], output[..., 0]) - 2 * angle
    return torch.remainder(difference + math.pi, 2 * math.pi) - math.pi


def sum_counts(modulus: int) -> torch.Tensor:
    """How many ordered pairs a, b have a sum at each angle πk/modulus, k from 0 to 2 modulus - 1.

    The vector 2 cos(π(a - b)/M) e^{iπ(a + b)/M} points to k = a + b, or to k = a + b + M (mod 2M) where
    the cosine is negative. Pairs with a - b = ± M/2 cancel and are not counted.

    Returns
    -------
    torch.Tensor, int64, shape (2 modulus,)
    """
    total = torch.arange(2 * modulus - 1)  # a + b
    widest = torch.minimum(total, 2 * modulus - 2 - total)  # the largest a - b with that sum
    near = _same_parity(total, widest.clamp_max((modulus - 1) // 2))
    far = _same_parity(total, widest) - _same_parity(total, widest.clamp_max(modulus // 2))
    counts = torch.zeros(2 * modulus, dtype=torch.int64)
    counts.index_add_(0, total, near)
    return counts.index_add_(0, (total + modulus) % (2 * modulus), far)


def _same_parity(total: torch.Tensor, largest: torch.Tensor) -> torch.Tensor:
    """How many whole numbers from -largest to largest are as odd or even as the total."""
    return torch.where(total % 2 == 0, 2 * (largest // 2) + 1, 2 * ((largest + 1) // 2))


def circle_accuracy(
    n_neurons: int, modulus: int, activation: str = "relu", rotation: float = ROTATION
) -> CircleResult:
    """Exact accuracy and angular error of the construction over all ordered pairs.

    Parameters
    ----------
    n_neurons : int
        At least 3.
    modulus : int
        At least 2.
    activation : {"relu", "square"}
    rotation : float
        Of all neurons, in radians.

    Returns
    -------
    CircleResult

    Raises
    ------
    InformationError
        If an argument is out of its bounds.
    """
    as_integer(n_neurons, "n_neurons", 3)
    as_integer(modulus, "modulus", 2)
    as_scalar(rotation, "rotation", -math.inf)
    angle = torch.arange(2 * modulus, dtype=torch.float64) * (math.pi / modulus)
    error = circle_error(angle, n_neurons, activation, rotation)
    counts = sum_counts(modulus)
    right = error.abs() < math.pi / modulus
    return CircleResult(
        angle,
        error,
        counts,
        int(counts[right].sum()) / int(counts.sum()),
        float(error[counts > 0].abs().max()),
        modulus if modulus % 2 == 0 else 0,
    )


@lru_cache(maxsize=64)
def first_failure(
    n_neurons: int,
    activation: str = "relu",
    rotation: float = ROTATION,
    moduli: tuple[int, int] = (MIN_MODULUS, MAX_MODULUS),
) -> int | None:
    """The smallest modulus, between two bounds, at which some ordered pair gets a wrong answer.

    Returns
    -------
    int or None
        None if there is none.
    """
    largest = max_error(n_neurons, activation, rotation)
    low, high = moduli
    if largest < math.pi / high:
        return None
    for modulus in range(max(low, math.floor(math.pi / largest)), high + 1):
        angle = torch.arange(2 * modulus, dtype=torch.float64) * (math.pi / modulus)
        if bool((circle_error(angle, n_neurons, activation, rotation).abs() >= math.pi / modulus).any()):
            return modulus
    return None


@lru_cache(maxsize=64)
def max_error(n_neurons: int, activation: str = "relu", rotation: float = ROTATION) -> float:
    """The largest angular error over all angles of a sum, in radians, on a grid of 0.05 degrees."""
    angle = torch.arange(7200, dtype=torch.float64) * (2 * math.pi / 7200)
    return float(circle_error(angle, n_neurons, activation, rotation).abs().max())


def relu_harmonic(order: int) -> float:
    """The coefficient of cos(order x) in ReLU(cos x) = 1/π + cos(x)/2 + sum_m c_2m cos(2m x).

    c_2m = 2 (-1)^(m + 1) / (π (4 m² - 1)); odd orders above 1 are absent.
    """
    as_integer(order, "order", 0)
    if order < 2:
        return 1 / math.pi if order == 0 else 0.5
    half = order // 2
    return 0.0 if order % 2 else 2 * (-1) ** (half + 1) / (math.pi * (4 * half**2 - 1))


def alias_orders(n_neurons: int, highest: int = 24) -> list[int]:
    """The even harmonics that N neurons take for the wanted second one: k = ±2 (mod N), k > 2.

    Parameters
    ----------
    n_neurons : int
    highest : int
        The largest order listed.
    """
    return [k for k in range(4, highest + 1, 2) if (k - 2) % n_neurons == 0 or (k + 2) % n_neurons == 0]


def alias_error(n_neurons: int) -> float:
    """The largest angular error, in radians, that the first two aliases explain.

    An alias k turns the output by c_k / c_2 against the wanted second harmonic; one with k = -2 (mod N) turns
    it the other way round than one with k = 2. For N = 5 that leaves 3/63 - 3/143.

    Parameters
    ----------
    n_neurons : int
        From 5 on; with fewer the output repeats harmonics below the second.

    Raises
    ------
    InformationError
        For fewer neurons.
    """
    as_integer(n_neurons, "n_neurons", 5)
    total = 0.0
    for order in alias_orders(n_neurons, 4 * n_neurons + 2)[:2]:
        backwards = (order + 2) % n_neurons == 0
        total += relu_harmonic(order) / relu_harmonic(2) * (-1 if backwards else 1)
    return abs(total)
