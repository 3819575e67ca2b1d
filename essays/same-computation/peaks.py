"""Shared by the figures about peaks: survival under weight noise, its breadth, and curvature."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from infodecomp.experiments.same_computation.forty_networks import ARCHITECTURES, NOISE_LEVELS, inputs
from infodecomp.explorable import Choice
from infodecomp.networks.gauss_newton import curvature_bits, effective_parameters, gauss_newton_eigenvalues

from .forty import snapshot

LOG_LEVELS = np.log10(NOISE_LEVELS)
CURVATURE = 0.01  # below it a direction counts as flat
KIND = Choice(
    name="kind",
    label="Noise on each weight",
    default="absolute",
    options={"absolute": "of one size", "relative": "in proportion to it"},
)


class Spectrum(NamedTuple):
    """Eigenvalues (40, 32) of the Gauss-Newton matrix, and what they add up to, (40,) each."""

    eigenvalues: np.ndarray
    effective: np.ndarray
    bits: np.ndarray


def survival(architecture: str, cutoff: str, batch: int, kind: str) -> np.ndarray:
    """Share of noisy copies that answer everything right, (40, levels)."""
    return snapshot(architecture, cutoff, batch).survival[int(kind == "relative")].numpy()


def survival_at(curves: np.ndarray, noise: float) -> np.ndarray:
    """Survival at a noise, between the stored levels on a straight line in its logarithm, (40,)."""
    if noise <= 0:
        return np.ones(len(curves))
    first = np.concatenate(([LOG_LEVELS[0] - 1], LOG_LEVELS))  # at a tenth of the first level all survive
    return np.array([np.interp(np.log10(noise), first, np.concatenate(([1.0], curve))) for curve in curves])


def breadth(curves: np.ndarray) -> np.ndarray:
    """The noise that half of the copies survive, as an exponent of ten, (40,); levels are interpolated."""
    falling = np.minimum.accumulate(curves, 1)
    return np.array([np.interp(-0.5, -curve, LOG_LEVELS) for curve in falling])


@lru_cache(maxsize=32)
def spectrum(architecture: str, cutoff: str, batch: int) -> Spectrum:
    """The curvature of the loss around each network."""
    parameters = snapshot(architecture, cutoff, batch).parameters.double()
    values = gauss_newton_eigenvalues(ARCHITECTURES[architecture], parameters, inputs())
    return Spectrum(
        values.numpy(),
        effective_parameters(values, CURVATURE).numpy(),
        curvature_bits(values, CURVATURE).numpy(),
    )


class Correlation(NamedTuple):
    """A correlation with its 95 per cent interval by Fisher's transformation."""

    r: float
    low: float
    high: float


def correlation(x: np.ndarray, y: np.ndarray) -> Correlation:
    """Pearson's correlation; 0 with the interval -1 to 1 where one of the two does not vary."""
    if np.std(x) < 1e-9 or np.std(y) < 1e-9:
        return Correlation(0.0, -1.0, 1.0)
    r = float(np.clip(np.corrcoef(x, y)[0, 1], -0.999999, 0.999999))
    half = 1.959964 / np.sqrt(len(x) - 3)
    return Correlation(r, *(float(np.tanh(np.arctanh(r) + sign * half)) for sign in (-1, 1)))
