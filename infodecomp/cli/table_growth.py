"""The information plane of a reader's table while it is fitted: measured now and then, and stored."""

import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from infodecomp.bottleneck.training import Training

FIRST_STEP = 40  # before it, the plane is that of a network which knows next to nothing
SECONDS = 0.4  # of CPU time between two measurements, at least
SHARE = 0.06  # of the fit's CPU time that the measurements may take
MIDDLE, BEYOND = 0.75, 1.5  # the axis of the bits ends at so much times the bits at this quantile of t
ROUND = 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10
ROOM = 1.08  # above the highest error


class Growth:
    """A callback of a fit, which measures its plane now and then.

    The axes are chosen at the first measurement and then stay, so that the picture does not jump.

    Parameters
    ----------
    about : dict
        The record of the run.
    y : ndarray of shape (n_samples,)
        The target.
    store : callable
        Is given each measurement as JSON-compatible values.

    Attributes
    ----------
    count : int
        Measurements so far.
    """

    def __init__(self, about: dict[str, Any], y: np.ndarray, store: Callable[[dict[str, Any]], None]):
        self.count, self._store, self._next = 0, store, 0.0
        kept = "file", "rows", "target", "target_column", "columns", "dates"
        self._about = {name: about[name] for name in kept} | {"yardsticks": None}
        self._y = y
        self._axes: dict[str, float] = {}

    def __call__(self, training: "Training") -> None:
        """Measure, if it is time."""
        started = time.process_time()
        if training.step < FIRST_STEP or started < self._next or training.so_far is None:
            return
        fit = training.so_far()
        plane, target = fit.plane, fit.target
        if not self._axes:
            nothing = baseline_error(self._y, target.classes is not None)
            self._axes = {
                "nothing": nothing,
                "top": ROOM * max(nothing, float(plane.error.max())),
                "end": round_up(BEYOND * float(np.interp(MIDDLE, plane.t, plane.ascending_bits))),
            }
        self.count += 1
        self._store(
            self._axes
            | {
                "about": self._about,
                "step": training.step,
                "steps": training.config.steps,
                "features": [feature.as_dict() for feature in fit.features],
                "classes": target.classes,
                "plane": {name: column.tolist() for name, column in plane.as_dict().items()},
            }
        )
        ended = time.process_time()
        self._next = ended + max(SECONDS, (ended - started) / SHARE)


def baseline_error(y: np.ndarray, has_classes: bool) -> float:
    """The error of a guess that knows no column: a standard deviation, or an entropy of classes in bits."""
    if not has_classes:
        return float(np.std(np.asarray(y, float)))
    from infodecomp.information.entropy import entropy

    _, counts = np.unique(np.asarray(y), return_counts=True)
    return entropy(counts / counts.sum()).item()


def round_up(value: float) -> float:
    """The next round number, at least 0.1."""
    value = max(value, 0.1)
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in ROUND if step * power >= value * 0.999)
