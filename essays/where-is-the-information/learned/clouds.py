"""Drawing a Gaussian density with points only where it bends."""

import numpy as np

from infodecomp.explorable import Area, Line

REACH, POINTS = 3.6, 35  # widths to each side that are drawn, and of how many points


def _spread() -> np.ndarray:
    """Points of a standard normal density, as dense as the square root of its curvature."""
    z = np.linspace(-REACH, REACH, 2001)
    density = np.sqrt(np.abs(z**2 - 1) * np.exp(-(z**2) / 2)) + 0.05
    share = np.cumsum(density) - density[0]
    return np.interp(np.linspace(0, share[-1], POINTS), share, z)


SPREAD = _spread()


def cloud(mean: float, width: float, ends: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    """Points u (n,) of a Gaussian within an interval, and its density there relative to its peak, 0 to 1."""
    low, high = ends
    u = mean + width * SPREAD
    u = np.unique(np.clip(u, low, high))
    return u, np.exp(-(((u - mean) / width) ** 2) / 2)


def cloud_marks(
    mean: float, width: float, top: float, ends: tuple[float, float], role: str, opacity: float, weight: float
) -> list:
    """A Gaussian with its peak at `top`, filled and outlined."""
    u, height = cloud(mean, width, ends)
    return [Area(u, 0, top * height, role, opacity=opacity), Line(u, top * height, role, weight)]
