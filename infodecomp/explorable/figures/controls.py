"""Controls: what a page needs to know of a parameter to show and move it."""

from collections.abc import Iterable
from html import escape

from infodecomp.explorable.figures.parameters import IterationSlider, Parameter, Range


def describe(parameter: Parameter) -> dict:
    """A parameter for the page's script: its kind, default and bounds, in the notation of an address."""
    described = {"kind": parameter.kind, "default": parameter.write(parameter.default)}
    if isinstance(parameter, Range):
        described |= {
            "label": parameter.label,
            "low": parameter.low,
            "high": parameter.high,
            "step": parameter.step,
            "decimals": parameter.decimals,
        }
    if isinstance(parameter, IterationSlider):
        described |= {
            "run": list(parameter.resets_on),
            "go": parameter.play_label,
            "halt": parameter.stop_label,
        }
    if parameter.active_when is not None:
        described["only"] = list(parameter.active_when)
    return described


def describe_all(parameters: Iterable[Parameter]) -> dict:
    """The parameters of a page, by name, as its script needs them."""
    return {parameter.name: describe(parameter) for parameter in parameters}


def level(parameter: Range, value: float) -> float:
    """How far up its range a value lies, 0 to 1: what a little bit beside the slider shows."""
    return round((value - parameter.low) / (parameter.high - parameter.low), 4)


def number_input(parameter: Parameter, value) -> str:
    """A plain number input, its bounds from the declaration, for an essay that sets one within its text."""
    if not isinstance(parameter, Range):
        return f'<span class="problem" role="note">{escape(parameter.name)} is no number</span>'
    return (
        f'<input type="number" form="state" name="{parameter.name}" data-parameter="{parameter.name}" '
        f'min="{parameter.low:g}" max="{parameter.high:g}" step="{parameter.step:g}" value="{value:.{parameter.decimals}f}" '
        f'autocomplete="off">'
    )
