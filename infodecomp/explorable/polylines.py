"""Polylines as SVG paths: no more points than the eye can tell, in tenths of a pixel, each told from the one before."""

from contextlib import contextmanager
from contextvars import ContextVar

import numpy as np

PASSES = 4
WITHIN = 0.4  # pixels: how far what is left out may lie from what is drawn, after all passes together
_EVERY = ContextVar("every point", default=False)


def path(x, y) -> str:
    """The path through points in pixels. x, y: (n,); a point that is not finite breaks it."""
    points = np.column_stack((np.asarray(x, float), np.asarray(y, float)))
    breaks = np.flatnonzero(~np.isfinite(points).all(1))
    runs = np.split(points, breaks)
    return "".join(_run(run[1:] if index else run) for index, run in enumerate(runs))


@contextmanager
def every_point():
    """Within it paths keep all their points, each at its place, so that those of two states can be compared and mixed."""
    token = _EVERY.set(True)
    try:
        yield
    finally:
        _EVERY.reset(token)


def _run(points: np.ndarray) -> str:
    if not len(points):
        return ""
    if _EVERY.get():
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points.tolist())
    tenths = np.rint(thinned(points) * 10).astype(int)
    steps = [f"{_pair(*step)}" for step in np.diff(tenths, axis=0).tolist()]
    return f"M{_pair(*tenths[0].tolist())}" + (f"l{_joined(steps)}" if steps else "")


def _pair(x: int, y: int) -> str:
    """Two numbers of tenths; a minus parts them as well as a space does."""
    return f"{x / 10:g}{'' if y < 0 else ' '}{y / 10:g}"


def _joined(steps: list[str]) -> str:
    return " ".join(steps).replace(" -", "-")


def thinned(points: np.ndarray, within: float = WITHIN) -> np.ndarray:
    """The points of a polyline that matter. points: (n, 2), in pixels; those left out lie at most `within` from the rest.

    In each pass every second point may go, if it lies between its neighbours and close to their chord.
    """
    for _ in range(PASSES):
        if len(points) < 12:
            break
        before, at, after = points[:-2:2], points[1:-1:2], points[2::2]
        chord, away = after - before, at - before
        length = np.hypot(*chord.T)
        along = (chord * away).sum(1)
        off = np.abs(chord[:, 0] * away[:, 1] - chord[:, 1] * away[:, 0])
        goes = (off <= within / PASSES * length) & (along >= 0) & (along <= length**2)
        goes &= (length > 0) | (np.hypot(*away.T) == 0)
        if not goes.any():
            break
        keep = np.ones(len(points), bool)
        keep[1:-1:2] = ~goes
        points = points[keep]
    return points
