"""Accuracy and loss of a run over its steps, up to the moment that is shown."""

import math

import numpy as np

from infodecomp.explorable import Axis, Dot, DragHandle, HConcat, Label, Line, Plot, Range
from infodecomp.explorable.graphics.marks import Mark

from .runs import Shown

SHORT = 600  # steps: the axis of a reader's run that has not gone further
SLOW_LOSS = 65.0  # bits: the axis of the loss of every slow run, whose losses are below that
CURVES = ("accuracy", "test_accuracy", "loss", "test_loss")


def curve_data(run: Shown, log: bool) -> dict:
    """The curves up to now, for a picture and a table.

    Parameters
    ----------
    run
        The run.
    log
        Whether steps are shown on a logarithmic axis.
    """
    columns = {name: np.array([getattr(one, name) for one in run.snapshots]) for name in CURVES}
    steps = np.array([one.step for one in run.snapshots], float)
    return {
        "curves": {"step": steps, "at": axis_position(steps, log)} | columns,
        "log": log,
        "last": axis_end(run),
        "steps": run.steps,
        "moment": run.steps.index(run.now.step) if run.slow else len(run.snapshots) - 1,
        "modulus": run.now.network.modulus,
        "loss_top": SLOW_LOSS if run.slow else None,
        "n_training": len(run.split.training),
        "n_test": len(run.split.test),
    }


def axis_end(run: Shown) -> int:
    """Where the axis of the steps ends: a short run of a reader is shown on a short axis."""
    return run.steps[-1] if run.steps[-1] > SHORT and run.now.step > SHORT or run.slow else SHORT


def axis_position(steps, log: bool):
    """Where steps stand on the axis: themselves, or the logarithm of one more."""
    return np.log10(np.asarray(steps, float) + 1) if log else np.asarray(steps, float)


def step_axis(last: int, log: bool) -> Axis:
    """The axis of the steps."""
    if not log:
        return Axis("steps of training", (0, last), count=4)
    powers = [10**k for k in range(int(math.log10(last)) + 1)]
    names = {math.log10(n + 1): f"{n:,}" for n in (0, *powers)}
    return Axis("steps of training, logarithmic", (0, math.log10(last + 1)), tuple(names), names)


def nearest_moment(steps: list[int], x: float, log: bool, last: int) -> int:
    """The moment, among the first `last` + 1, whose step is nearest to a point of the axis."""
    return int(np.abs(axis_position(steps[: last + 1], log) - x).argmin())


def curves_picture(
    data: dict, handle: Range, name: str, with_loss: bool = True, extra: tuple[Mark, ...] = ()
) -> Plot | HConcat:
    """Accuracy over steps, with the loss beside it.

    Parameters
    ----------
    data
        Of `curve_data`.
    handle
        The parameter that the handle moves.
    name
        The accessible name of the handle.
    with_loss
        Whether the loss is shown too.
    extra
        Further marks on the plane of the accuracy.
    """
    accuracy = _plot(data, ("accuracy", "test_accuracy"), "share right", 1.0, handle, name, extra)
    if not with_loss:
        return accuracy
    top = data["loss_top"] or 1.05 * max(float(np.max(data["curves"]["test_loss"])), 7.0)
    return HConcat((accuracy, _plot(data, ("loss", "test_loss"), "loss, bits", top)), (1.35, 1), gap=22)


def _plot(data, curves, label, top, handle=None, name="", extra=()) -> Plot:
    x, roles = data["curves"]["at"], ("series-1", "series-2")
    covered = handle is not None and x[-1] - x[0] < 0.05 * (axis_position(data["last"], data["log"]) - x[0])
    shares = (0.5, 1) if covered else (0, 0.5, 1)  # the handle stands on the 0
    marks = [Line((x[-1], x[-1]), (0, top), "noise", 1, dash="2 4"), *extra]
    marks += [
        Line(x, data["curves"][curve], role, 2.4, dash=dash)
        for curve, role, dash in zip(curves, roles, ("", "7 4"))
    ]
    marks += _names(data, top) if handle is not None else ()
    marks += [Dot(x[-1], data["curves"][curve][-1], role, 4) for curve, role in zip(curves, roles)]
    if handle is not None:
        marks.append(_handle(data, handle, name))
    return Plot(
        tuple(marks),
        step_axis(data["last"], data["log"]),
        Axis(label, (0, top), ticks=shares if top == 1 else None, count=4, grid=True),
        ratio=0.62,
        heights=(230, 300),
        margins=(34, 20, 46, 40),
        grab=handle is not None,
    )


def _names(data, top):
    """The names of both curves, above the plane, where they meet no line."""
    end = axis_position(data["last"], data["log"])
    for words, role, dx in (("pairs shown", "series-1-text", -112), ("pairs held back", "series-2-text", 0)):
        yield Label(end, top, words, role, "end", dx=dx, dy=-12, size=12.5, bold=True)


def _handle(data, parameter: Range, name: str) -> DragHandle:
    x = float(data["curves"]["at"][-1])
    step = int(data["curves"]["step"][-1])
    return DragHandle(
        x,
        0,
        name,
        state={parameter.name: (data["moment"], parameter)},
        keys=(parameter.name, parameter.name),
        axis="x",
        text=f"step {step:,}",
        marks=(Dot(x, 0, "selection", 8, rim="rim"),),
    )
