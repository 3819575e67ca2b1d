"""Polylines and clouds of dots as SVG paths, each place told from the one before; lines have no more points than the eye can tell.

What is drawn is remembered for a while: while a hand moves one thing, most of a picture stays, and some of it is drawn twice.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

import numpy as np

PASSES = 4
WITHIN = 0.4  # pixels: how far what is left out may lie from what is drawn, after all passes together
KEPT, KEPT_POINTS = 512, 600  # lines that are remembered, and the points of the longest: 10 MB at most
KEPT_CLOUDS, KEPT_DOTS = 64, 2500  # clouds, and the dots of the largest: 6 MB at most
_EVERY = ContextVar("every point", default=False)


def path(x, y) -> str:
    """The path through points in pixels. x, y: (n,); a point that is not finite breaks it."""
    points = np.empty((len(x), 2))
    points[:, 0], points[:, 1] = x, y
    if len(points) > KEPT_POINTS or _EVERY.get():
        return _path(points)
    return _kept_path(points.tobytes())


@lru_cache(maxsize=KEPT)
def _kept_path(points: bytes) -> str:
    return _path(np.frombuffer(points).reshape(-1, 2))


def _path(points: np.ndarray) -> str:
    finite = np.isfinite(points).all(1)
    if finite.all():
        return _run(points)
    runs = np.split(points, np.flatnonzero(~finite))
    return "".join(_run(run[1:] if index else run) for index, run in enumerate(runs))


@contextmanager
def no_simplification():
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
    tenths = np.rint(simplify(points) * 10) + 0.0  # no -0
    tenths[1:] -= tenths[:-1].copy()
    told = "M%g %g" + "l%g %g" * (len(tenths) > 1) + " %g %g" * (len(tenths) - 2)
    return (told % tuple((tenths / 10).ravel().tolist())).replace(
        " -", "-"
    )  # a minus parts two numbers as well as a space does


def simplify(points: np.ndarray, within: float = WITHIN) -> np.ndarray:
    """The points of a polyline that matter. points: (n, 2), in pixels; those left out lie at most `within` from the rest.

    In each pass every second point may go, if it lies between its neighbours and close to their chord.
    """
    z = np.ascontiguousarray(points, float).view(complex)[:, 0]
    for _ in range(PASSES):
        if len(z) < 12:
            break
        chord, away = z[2::2] - z[:-2:2], z[1:-1:2] - z[:-2:2]
        length = chord.real**2 + chord.imag**2  # squared
        turn = chord.conj() * away  # how far along the chord and how far off it, times its length
        goes = (turn.imag**2 <= (within / PASSES) ** 2 * length) & (turn.real >= 0) & (turn.real <= length)
        goes &= (length > 0) | (away == 0)
        if not goes.any():
            break
        keep = np.ones(len(z), bool)
        keep[1:-1:2] = ~goes
        z = z[keep]
    return z.view(float).reshape(-1, 2)


def dots(places: np.ndarray) -> tuple[tuple[int, str], ...]:
    """The path of each class of dots, in tenths of a pixel. places: int64 (3, n), rows class, x and y. Returns (class, path) pairs."""
    return _dots(places) if places.size > 3 * KEPT_DOTS else _kept_dots(places.tobytes())


@lru_cache(maxsize=KEPT_CLOUDS)
def _kept_dots(places: bytes) -> tuple[tuple[int, str], ...]:
    return _dots(np.frombuffer(places, np.int64).reshape(3, -1))


def _dots(places: np.ndarray) -> tuple[tuple[int, str], ...]:
    classes, *points = places[
        :, np.lexsort(places[::-1])
    ]  # neighbours are told from each other in few digits
    firsts = np.flatnonzero(np.diff(classes, prepend=-1))
    points = np.stack(points, axis=1)
    steps = np.diff(points, axis=0, prepend=0)
    steps[firsts] = points[firsts]
    drawn = []
    for part in np.split(steps, firsts[1:]):
        drawn.append(("m%d %dh0" * len(part) % tuple(part.ravel().tolist())).replace(" -", "-"))
    return tuple(zip(classes[firsts].tolist(), drawn))
