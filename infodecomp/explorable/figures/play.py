"""Playing a figure: the states of a run, step by step."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from infodecomp.explorable.core.errors import ParameterError
from infodecomp.explorable.figures.parameters import IterationSlider

if TYPE_CHECKING:
    from infodecomp.explorable.figures.figure import Figure
    from infodecomp.explorable.figures.state import FigureState


def played_slider(figure: "Figure", name: str = "") -> IterationSlider | None:
    """Return the slider whose steps are played.

    Parameters
    ----------
    figure : Figure
    name : str
        The parameter to play; by default the first that can be played.

    Returns
    -------
    IterationSlider or None
        None for a figure that streams the partial results of a computation instead.

    Raises
    ------
    ParameterError
        If the parameter cannot be played.
    """
    sliders = {parameter.name: parameter for parameter in figure.played}
    if name and name not in sliders:
        raise ParameterError(
            f"_play = {name[:40]!r} is nothing that plays: give one of {', '.join(sliders) or 'none'}.",
            parameter="_play",
            value=name[:40],
            bounds=", ".join(sliders),
        )
    return sliders[name] if name else next(iter(sliders.values()), None)


def play_steps(state: "FigureState", slider: IterationSlider) -> Iterator["FigureState"]:
    """Yield the state at each step from the present one; each is computed when it is reached."""
    figure = state.figure
    for step in slider.steps_from(state.state[slider.name]):
        frame = figure.state_for(state.state | {slider.name: step})
        if figure.has("advance"):
            figure.part("advance", frame.state)
        yield frame
