"""How long a river remembers the rain."""

from infodecomp.explorable import Axis, Line, Plot, Range, figure

RAIN = Range(name="rain", label="rain", unit="hours", default=3, low=0, high=10)
DAYS = [day / 4 for day in range(29)]


@figure(parameters=(RAIN,), title="What is left of the flood")
def river_memory(rain):
    """The level above normal, in metres, on each day after the rain."""
    return {"days": DAYS, "above": [rain / 4 * 0.6**day for day in DAYS]}


@river_memory.draw
def picture(data):
    """The flood against time."""
    return Plot(
        (Line(data["days"], data["above"], "ink"),),
        Axis("days", (0, 7)),
        Axis("metres above normal", (0, 2.5), grid=True),
    )


@river_memory.describe
def description(data):
    """The last day in a sentence."""
    return f"After a week the river stands {data['above'][-1]:.2f} metres above normal."
