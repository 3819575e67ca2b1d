"""The figures of a new essay: one declared here, one in a module of the essay's own folder."""

from infodecomp.explorable import Axis, Dot, Plot, figure

from .memory import RAIN, river_memory  # noqa: F401  # a figure is found among the names of this module


@figure(
    parameters=(RAIN,),
    title="The level of the river",
    controls=("rain",),
    presets={"downpour": "rain=9"},
)
def river_level(rain):
    """The level of a river, in metres, after some hours of rain."""
    return {"rain": rain, "level": 1 + rain / 4}


@river_level.draw
def picture(data):
    """The level against the rain."""
    return Plot(
        (Dot(data["rain"], data["level"], "selection", radius=7, rim="rim"),),
        Axis("hours of rain", (0, 10)),
        Axis("metres", (0, 5), grid=True),
    )


@river_level.values
def values(data):
    """The level, for the text."""
    return {"level": data["level"]}


@river_level.describe
def description(data):
    """The level in a sentence."""
    return f"After {data['rain']:.1f} hours of rain the river stands at {data['level']:.2f} metres."


@river_level.table
def table(data):
    """One row."""
    return {"rain": [data["rain"]], "level": [data["level"]]}
