"""The parameter of an animation and the values that it goes through."""

from dataclasses import replace
from typing import Any

from infodecomp.explorable.core.errors import NotFound, ParameterError
from infodecomp.explorable.figures.figure import Figure
from infodecomp.explorable.figures.parameters import FreeText, Integer, Parameter, is_active
from infodecomp.explorable.figures.state import FigureState

VARY = FreeText(
    name="_vary",
    label="the parameter that moves from one value to another",
    allowed="the name of a slider or a choice of the figure",
)
FROM = FreeText(name="_from", label="its first value", allowed="a value within its bounds")
TO = FreeText(name="_to", label="its last value", allowed="a value within its bounds")
FRAMES = Integer(name="_frames", label="number of frames of a slider", default=None, low=2, high=120, step=1)
SWEEP_OPTIONS = (VARY, FROM, TO, FRAMES)  # an address may leave out their underscore


def sliders(view: FigureState) -> list[Parameter]:
    """Return the active sliders of a state: the animations that a menu offers."""
    return [p for p in view.figure.parameters if p.is_numeric and is_active(p, view.state)]


def can_be_animated(figure: Figure) -> bool:
    """Return whether a figure draws something and has a slider or a choice."""
    return figure.has("draw") and any(p.can_sweep for p in figure.parameters)


def sweep(view: FigureState, options: dict[str, Any], frames: int | None = None) -> tuple[Parameter, list]:
    """Return the parameter that moves and its values, one for each frame.

    Parameters
    ----------
    view : FigureState
        The state that the other parameters keep.
    options : dict
        Checked values of `SWEEP_OPTIONS` by name.
    frames : int, optional
        Number of frames of a slider where the options give none.

    Returns
    -------
    parameter : Parameter
    values : list

    Raises
    ------
    NotFound
        If the figure cannot be animated.
    ParameterError
        If the parameter is unknown, inactive in this state, or its end points do not fit.
    """
    animatable = {p.name: p for p in view.figure.parameters if p.can_sweep}
    if not can_be_animated(view.figure):
        raise NotFound(
            f"{view.figure.name} cannot be animated: it draws nothing or has no slider. Ask for its JSON."
        )
    name = options["_vary"] or next((p.name for p in sliders(view)), next(iter(animatable)))
    if name not in animatable:
        raise ParameterError(
            f"vary = {name[:40]!r} is no slider or choice of this figure: give one of "
            f"{', '.join(animatable)}.",
            parameter="vary",
            value=name[:40],
            known=list(animatable),
        )
    varied = animatable[name]
    if not is_active(varied, view.state):
        condition = "=".join(map(str, varied.active_when or ()))
        raise ParameterError(
            f"vary = {name!r} changes nothing in this state: give {condition} too.",
            parameter="vary",
            value=name,
        )
    first, last = _end_points(varied, options)
    default = frames if varied.is_numeric else None
    return varied, varied.sweep(first, last, options["_frames"] or default)


def _end_points(varied: Parameter, options: dict[str, Any]) -> tuple[Any, Any]:
    first, last = (
        replace(varied, name=end[1:]).parse(options[end]) if options[end] else default
        for end, default in zip(("_from", "_to"), varied.ends())
    )
    if first == last:
        raise ParameterError(
            f"from and to are both {varied.write(first)}: nothing would move. Give two values, "
            f"{varied.bounds()}.",
            parameter="to",
            value=varied.write(last),
            bounds=varied.bounds(),
        )
    return first, last
