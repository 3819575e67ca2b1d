"""Find the beta at which a trained network spends a given number of bits.

A network is conditioned on t in [0, 1], which runs from the highest beta to the lowest. The information
plane is measured at a few t only, and the bits between two of them do not lie on a straight line. The total
information is therefore evaluated again, with quasi-random messages, until it is as close to the budget as
asked.
"""

import bisect
import math
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
import torch

from infodecomp.bottleneck.evaluation import NEGLIGIBLE, information_bound, log_density_ratio
from infodecomp.bottleneck.information_plane import InformationPlane
from infodecomp.bottleneck.network import Network

TOLERANCE = 0.002  # bits
UNSEEN_TOLERANCE = 0.005  # bits, of a point that is not evaluated: a bound that is rarely reached
MESSAGES = 8192  # of a feature, at least; the error is about 0.002 bits for twelve features
MAX_FEATURES = 20  # with more that are in use, each has fewer messages
MIN_MESSAGES = 1024
MAX_SHARES = 128  # levels among which they are divided
MAX_ITERATIONS = 40
INTERPOLATED_FROM = 0.3  # bits: below, t bends too much
STORED_SPACING = 0.1 + 1e-9  # bits: between budgets this close, interpolating t misses by at most 0.005 bits


class SolvedBudgets:
    """The t of budgets that a network has been solved for; t of a new one is solved on first use.

    Parameters
    ----------
    network : Network
    stored : dict of float to float, optional
        Budgets in bits whose t is known already.
    grid : sequence of float
        Those of them between which t is interpolated where they are close: no others, so that no result
        depends on what was asked before.
    """

    grid: Sequence[float] = ()  # of fits that were pickled before there was one

    def __init__(
        self, network: Network, stored: dict[float, float] | None = None, grid: Sequence[float] = ()
    ):
        self._network = network
        self._solved = dict(stored or {})
        self.grid = sorted(grid)
        self._spent: dict[float, float] = {}  # bits at the t of the plane, between which budgets are sought

    def items(self) -> list[tuple[float, float]]:
        """All budgets solved so far with their t, in ascending order."""
        return sorted(self._solved.items())

    def solve_grid(self, grid: Sequence[float], plane: InformationPlane) -> None:
        """Solve budgets, and interpolate t between close ones of them from now on."""
        self.grid = []
        for bits in grid:
            self.t_at(bits, plane)
        self.grid = sorted(grid)

    def t_at(self, bits: float, plane: InformationPlane) -> float:
        """The t of a budget within the range of a measured plane; see `Bottleneck.t_at`."""
        if bits in self._solved:
            return self._solved[bits]
        interpolated = self._on_grid(bits)
        if interpolated is not None:
            return interpolated
        measured = set(plane.t.tolist())

        def information(t: float) -> float:
            return self._spent_at(t) if t in measured else total_information(self._network, t)

        t = solve_budget(information, bits, plane.t, plane.ascending_bits)
        self._solved[float(bits)] = round(t, 7)
        return self._solved[bits]

    def spent(self, plane: InformationPlane) -> list[float]:
        """The bits at the t of a plane, to be kept beside the network."""
        return [self._spent_at(t) for t in plane.t.tolist()]

    def keep_spent(self, plane: InformationPlane, spent: list[float]) -> None:
        """Take over what `spent` returned; a new budget then takes half the time."""
        self._spent = dict(zip(plane.t.tolist(), spent))

    def _spent_at(self, t: float) -> float:
        if t not in self._spent:
            self._spent[t] = total_information(self._network, t)
        return self._spent[t]

    def _on_grid(self, bits: float) -> float | None:
        """t interpolated between two budgets of the grid, if they are close enough."""
        i = bisect.bisect(self.grid, bits)
        if not 0 < i < len(self.grid):
            return None
        low, high = self.grid[i - 1], self.grid[i]
        if low < INTERPOLATED_FROM or high - low > STORED_SPACING:
            return None
        share = (bits - low) / (high - low)
        return (1 - share) * self._solved[low] + share * self._solved[high]


@torch.no_grad()
def total_information(network: Network, t: float, seed: int = 0) -> float:
    """Estimate Σ_i I(X_i; U_i) at one t with scrambled Sobol messages.

    Parameters
    ----------
    network : Network
    t : float
        Position on the logarithmic beta scale, 0 (highest beta) to 1 (lowest).
    seed : int
        Seed of the scrambling.

    Returns
    -------
    float
        Bits.
    """
    encodings, layout = network.encodings(torch.tensor([t], dtype=torch.float32)), network.layout
    total, informative = 0.0, []
    for levels in layout.slices():
        mean, log_variance = encodings.mean[0, levels].double(), encodings.log_variance[0, levels].double()
        bound = float(information_bound(mean[None], log_variance[None], layout.p[levels]))
        if bound > NEGLIGIBLE * math.log(2):
            informative.append((mean, log_variance, layout.p[levels]))
        else:
            total += bound
    messages = max(MIN_MESSAGES, MESSAGES * MAX_FEATURES // max(MAX_FEATURES, len(informative)))
    for mean, log_variance, p in informative:
        # Each level gets another block of the sequence: with the same block, the errors would add up.
        n = 2 ** math.ceil(math.log2(messages / min(len(p), MAX_SHARES)))
        noise = sobol_normal(len(p) * n, mean.shape[1], seed).view(len(p), n, -1)
        u = mean[:, None] + (log_variance / 2).exp()[:, None] * noise
        total += float(log_density_ratio(mean, log_variance, u, noise, p).mean(1) @ p)
    return total / math.log(2)


@lru_cache(maxsize=16)
def sobol_normal(n: int, dimension: int, seed: int) -> torch.Tensor:
    """Standard normal numbers from a scrambled Sobol sequence, float64 of shape (n, dimension); they
    are cached, not to be changed."""
    engine = torch.quasirandom.SobolEngine(dimension, scramble=True, seed=seed)
    uniform = engine.draw(n, dtype=torch.float64)
    return torch.special.ndtri(uniform.clamp(1e-9, 1 - 1e-9))


def solve_budget(
    information: Callable[[float], float], bits: float, t: np.ndarray, spent: np.ndarray
) -> float:
    """Solve information(t) = bits by the Illinois variant of false position.

    Parameters
    ----------
    information : callable
        Bits spent at t.
    bits : float
        The budget.
    t, spent : ndarray of shape (n_betas,)
        Where to begin: rough, ascending bits at ascending t.

    Returns
    -------
    float
        t, at which the bits differ from the budget by at most TOLERANCE, or an end of the range that does not
        reach the budget.
    """
    left = int(np.clip(np.searchsorted(spent, bits, side="right") - 1, 0, len(t) - 2))
    right = left + 1
    f_left, f_right = information(t[left]) - bits, information(t[right]) - bits
    while f_left > 0 and left > 0:
        left, right, f_right = left - 1, left, f_left
        f_left = information(t[left]) - bits
    while f_right < 0 and right < len(t) - 1:
        left, right, f_left = right, right + 1, f_right
        f_right = information(t[right]) - bits
    if f_left >= -TOLERANCE:
        return float(t[left])
    if f_right <= TOLERANCE:
        return float(t[right])
    return _illinois(lambda x: information(x) - bits, (float(t[left]), f_left), (float(t[right]), f_right))


def _illinois(f: Callable[[float], float], left: tuple[float, float], right: tuple[float, float]) -> float:
    """The zero of f between two points at which it is below and above 0.

    The error of a point is at most about the square of the last one's over the distance in f to the nearer
    end. Where that is within UNSEEN_TOLERANCE, f is not evaluated there.
    """
    (a, f_a), (b, f_b) = left, right
    x, last_sign, is_close = a, 0.0, False
    for _ in range(MAX_ITERATIONS):
        x = (a * f_b - b * f_a) / (f_b - f_a)
        if is_close:
            break
        f_x = f(x)
        if abs(f_x) <= TOLERANCE:
            break
        is_close = f_x * last_sign <= 0 and f_x**2 <= UNSEEN_TOLERANCE * min(-f_a, f_b)
        if f_x > 0:
            b, f_b = x, f_x
        else:
            a, f_a = x, f_x
        if f_x * last_sign > 0:  # the same end moved twice: pull the other one closer
            f_a, f_b = (f_a / 2, f_b) if f_x > 0 else (f_a, f_b / 2)
        last_sign = f_x
    return x
