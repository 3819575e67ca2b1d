"""SVG path data for polylines and for clouds of dots, simplified and in relative coordinates.

Path data is cached: most of a picture stays the same while a handle is dragged, and a page draws it twice.
"""

from functools import lru_cache

import numpy as np

PASSES = 4
TOLERANCE = 0.4  # pixels: maximum distance of a dropped point from the drawn line, after all passes
CACHED_PATHS, CACHED_POINTS = 512, 600  # paths in the cache, and points of the longest: at most 10 MB
CACHED_CLOUDS, CACHED_DOTS = 64, 2500  # clouds in the cache, and dots of the largest: at most 6 MB
MINIMUM_POINTS = 12  # a shorter polyline is not worth simplifying


def path(x: np.ndarray, y: np.ndarray | float, simplify: bool = True) -> str:
    """Write the path through points.

    Parameters
    ----------
    x, y : array, shape (n,)
        In pixels; y may be one number for all points. A point that is not finite breaks the path.
    simplify : bool
        Whether to drop points that make no visible difference. False keeps every point in absolute
        coordinates, so that the paths of two states can be compared and interpolated.

    Returns
    -------
    str
        The `d` attribute.
    """
    points = np.empty((len(x), 2))
    points[:, 0], points[:, 1] = x, y
    if len(points) > CACHED_POINTS or not simplify:
        return _path(points, simplify)
    return _cached_path(points.tobytes())


@lru_cache(maxsize=CACHED_PATHS)
def _cached_path(points: bytes) -> str:
    return _path(np.frombuffer(points).reshape(-1, 2), True)


def _path(points: np.ndarray, simplify: bool) -> str:
    finite = np.isfinite(points).all(1)
    write = _simplified_run if simplify else _full_run
    if finite.all():
        return write(points)
    runs = np.split(points, np.flatnonzero(~finite))
    return "".join(write(run[1:] if index else run) for index, run in enumerate(runs))


def _full_run(points: np.ndarray) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points.tolist()) if len(points) else ""


def _simplified_run(points: np.ndarray) -> str:
    if not len(points):
        return ""
    tenths = np.rint(simplify_polyline(points) * 10) + 0.0  # + 0.0 turns -0 into 0
    tenths[1:] -= tenths[:-1].copy()
    template = "M%g %g" + "l%g %g" * (len(tenths) > 1) + " %g %g" * (len(tenths) - 2)
    d = template % tuple((tenths / 10).ravel().tolist())
    return d.replace(" -", "-")  # a minus sign also separates two numbers


def simplify_polyline(points: np.ndarray, tolerance: float = TOLERANCE) -> np.ndarray:
    """Drop the points of a polyline that make no visible difference.

    In each pass every second point may go, if it lies between its neighbours and close to their chord.

    Parameters
    ----------
    points : array, shape (n, 2)
        In pixels.
    tolerance : float
        Maximum distance of a dropped point from the remaining line, in pixels.

    Returns
    -------
    array, shape (m, 2)
    """
    z = np.ascontiguousarray(points, float).view(complex)[:, 0]
    for _ in range(PASSES):
        if len(z) < MINIMUM_POINTS:
            break
        chord, offset = z[2::2] - z[:-2:2], z[1:-1:2] - z[:-2:2]
        length = chord.real**2 + chord.imag**2  # squared
        turn = chord.conj() * offset  # position along the chord and distance from it, times its length
        droppable = turn.imag**2 <= (tolerance / PASSES) ** 2 * length
        droppable &= (turn.real >= 0) & (turn.real <= length)
        droppable &= (length > 0) | (offset == 0)
        if not droppable.any():
            break
        keep = np.ones(len(z), bool)
        keep[1:-1:2] = ~droppable
        z = z[keep]
    return z.view(float).reshape(-1, 2)


def dot_paths(dots: np.ndarray) -> tuple[tuple[int, str], ...]:
    """Write the path of each class of dots.

    Parameters
    ----------
    dots : int64 array, shape (3, n)
        Rows class, x and y, in tenths of a pixel.

    Returns
    -------
    tuple of (int, str)
        Class and `d` attribute.
    """
    return _dot_paths(dots) if dots.size > 3 * CACHED_DOTS else _cached_dot_paths(dots.tobytes())


@lru_cache(maxsize=CACHED_CLOUDS)
def _cached_dot_paths(dots: bytes) -> tuple[tuple[int, str], ...]:
    return _dot_paths(np.frombuffer(dots, np.int64).reshape(3, -1))


def _dot_paths(dots: np.ndarray) -> tuple[tuple[int, str], ...]:
    classes, x, y = dots[:, np.lexsort(dots[::-1])]  # sorted, so that the steps between dots have few digits
    firsts = np.flatnonzero(np.diff(classes, prepend=-1))
    points = np.stack((x, y), axis=1)
    steps = np.diff(points, axis=0, prepend=0)
    steps[firsts] = points[firsts]
    paths = [
        ("m%d %dh0" * len(part) % tuple(part.ravel().tolist())).replace(" -", "-")
        for part in np.split(steps, firsts[1:])
    ]
    return tuple(zip(classes[firsts].tolist(), paths))
