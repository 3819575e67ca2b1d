"""Shared by the figures on sparse parity: parameters, the stored trainings, and their curves."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from infodecomp.errors import CheckpointError
from infodecomp.experiments.grokking import PARITY_RUNS
from infodecomp.explorable import Axis, Choice, Dot, DragHandle, Label, Line, Plot, Range
from infodecomp.explorable.core.errors import Missing
from infodecomp.parity.network import N_DIGITS, N_RELEVANT
from infodecomp.units import LN2

CONFIG = PARITY_RUNS.config
EVERY = CONFIG.steps // 64
KNOWS, FITS = 0.999, 0.999  # accuracies from which the rule is known, and the training set
ROLES = {"train": "series-1", "test": "series-2", "price": "target"}


def step_text(moment: float) -> str:
    """The step of the optimiser at a moment of the slider, in words."""
    return f"step {round(moment) * EVERY:,}"


PENALTY = Choice(
    name="parity_penalty",
    label="A price on",
    default="l1",
    options={"l1": "every weight's size (L1)", "l2": "every weight's square (L2)"},
)
STEP = Range(
    name="parity_step",
    label="moment of training",
    default=20,
    low=0,
    high=64,
    step=1,
    format=step_text,
    role="selection",
)
PARAMETERS = (PENALTY, STEP)
PRESETS = {
    "sp-start": "parity_step=0",
    "sp-mem": "parity_step=20",
    "sp-gen": "parity_step=64",
    "sp-l1": "parity_penalty=l1",
    "sp-l2": "parity_penalty=l2",
}


class ParityRun(NamedTuple):
    """A whole training.

    Attributes
    ----------
    step
        Steps of the snapshots, (n,).
    hidden
        Weights from the digits and the constant to the neurons, (n, 31, width).
    out
        Weights from the neurons to the answer, (n, width).
    curves
        Measures of the snapshots by name, (n,) each; losses and price in bits.
    """

    step: np.ndarray
    hidden: np.ndarray
    out: np.ndarray
    curves: dict[str, np.ndarray]


@lru_cache(maxsize=2)
def _read(penalty: str) -> ParityRun:
    states = PARITY_RUNS.until(CONFIG.steps, penalty=penalty)
    curves = {
        "train_accuracy": np.array([state.train_accuracy for state in states]),
        "test_accuracy": np.array([state.test_accuracy for state in states]),
        "train_loss": np.array([state.train_loss for state in states]) / LN2,
        "test_loss": np.array([state.test_loss for state in states]) / LN2,
        "price": np.array([state.penalty for state in states]) / LN2,
    }
    return ParityRun(
        np.array([state.step for state in states]),
        np.stack([state.hidden.numpy() for state in states]),
        np.stack([state.out.numpy() for state in states]),
        curves,
    )


def parity_run(penalty: str) -> ParityRun:
    """The stored training under a penalty. Raises Missing if it cannot be read."""
    try:
        return _read(penalty)
    except CheckpointError as error:
        raise Missing(str(error)) from error


def first_step(run: ParityRun, curve: str, level: float) -> int | None:
    """The first stored step at which a curve has reached a level; None if it never does."""
    reached = np.flatnonzero(run.curves[curve] >= level)
    return int(run.step[reached[0]]) if len(reached) else None


def distractor_weight(run: ParityRun) -> np.ndarray:
    """The largest weight from a digit that says nothing, at each snapshot, (n,)."""
    return np.abs(run.hidden[:, N_RELEVANT:N_DIGITS]).max((1, 2))


def step_axis() -> Axis:
    """The steps of the training."""
    return Axis("steps of training", (0, CONFIG.steps), ticks=(0, 1000, 2000, 3000))


def step_handle(moment: int, y: float) -> DragHandle:
    """The moment that is shown, a point on the axis of the steps."""
    x = moment * EVERY
    return DragHandle(
        x,
        y,
        "Moment of training",
        state={"parity_step": (moment, STEP)},
        moves="parity_step",
        axis="x",
        per_unit=1 / EVERY,
        text=step_text(moment),
        marks=(Dot(x, y, "selection", 8, rim="rim"),),
    )


def nearest_moment(x: float) -> int:
    """The moment whose step is nearest to a point of the axis."""
    return int(STEP.snap(x / EVERY))


def curve_plot(data, lines, labels, y: Axis, foot: float, margins=(34, 18, 46, 46)) -> Plot:
    """Curves of the whole training, with a handle at the moment that is shown.

    Parameters
    ----------
    data
        Has `curves` with a column step, and `moment`.
    lines
        Tuples of column, role and dash.
    labels
        Marks that name the lines.
    y
        The vertical axis.
    foot
        Its value at which the handle stands.
    margins
        Of the plot.
    """
    steps, moment = data["curves"]["step"], data["moment"]
    now = steps[moment]
    marks: list = [Line((now, now), y.span(), "selection", 1.4, dash="2 3")]
    for column, role, dash in lines:
        marks.append(Line(steps, data["curves"][column], role, 2.4, dash=dash))
    marks += labels
    marks += [Dot(now, data["curves"][column][moment], role, 4, rim="paper") for column, role, _ in lines]
    marks.append(step_handle(moment, foot))
    return Plot(tuple(marks), step_axis(), y, ratio=0.42, heights=(230, 300), margins=margins, grab=False)


def name_label(
    x: float, y: float, text: str, role: str, anchor: str = "start", dy: float = 0, narrow: str | None = None
) -> Label:
    """The name of a line, on it, perhaps shorter on a phone."""
    return Label(x, y, text, f"{role}-text", anchor, dy=dy, size=13, bold=True, halo=True, narrow=narrow)
