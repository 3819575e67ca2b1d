"""An hour of the reader's own: its parameters, and the values of the data that they stand for."""

from functools import cache

import numpy as np

from infodecomp.data.bikes import MONTHS, WEEKDAYS, load_bikes
from infodecomp.explorable import Choice, Range

from .bikes import model

BINS = np.arange(0, 1001, 25)  # bikes an hour
YES = {"no": "no", "yes": "yes"}
ASK = {  # the busiest hour of both years to begin with
    "hour": Range(
        name="ask_hour",
        label="hour",
        default=18,
        low=0,
        high=23,
        step=1,
        role="selection",
        format=lambda hour: f"{hour:.0f}:00",
    ),
    "weekday": Range(
        name="ask_weekday",
        label="weekday",
        default=3,
        low=1,
        high=7,
        step=1,
        role="selection",
        format=lambda day: WEEKDAYS[int(day) % 7],
    ),
    "workingday": Choice(name="ask_workingday", label="working day", default="yes", options=YES),
    "holiday": Choice(name="ask_holiday", label="holiday", default="no", options=YES),
    "month": Range(
        name="ask_month",
        label="month",
        default=9,
        low=1,
        high=12,
        step=1,
        role="selection",
        format=lambda month: MONTHS[int(month) - 1],
    ),
    "season": Choice(
        name="ask_season",
        label="season",
        default="summer",
        options={s: s for s in ("winter", "spring", "summer", "autumn")},
    ),
    "year": Choice(name="ask_year", label="year", default="2012", options={"2011": "2011", "2012": "2012"}),
    "weather": Choice(
        name="ask_weather",
        label="weather",
        default="clear",
        options={
            "clear": "clear",
            "mist": "mist",
            "light": "light rain or snow",
            "heavy": "heavy rain or snow",
        },
    ),
    "temperature": Range(
        name="ask_temperature",
        label="temperature",
        default=23,
        low=-7,
        high=39,
        step=1,
        unit="°C",
        role="selection",
    ),
    "apparent_temperature": Range(
        name="ask_feels",
        label="feels like",
        default=25,
        low=-16,
        high=50,
        step=1,
        unit="°C",
        role="selection",
    ),
    "humidity": Range(
        name="ask_humidity", label="humidity", default=44, low=0, high=100, step=1, unit="%", role="selection"
    ),
    "wind": Range(
        name="ask_wind", label="wind", default=17, low=0, high=57, step=1, unit="km/h", role="selection"
    ),
}
TOGETHER = (("weekday", "workingday", "holiday"), ("season", "month"))  # tied by the calendar


def data_value(feature: str, value):
    """A parameter's value as the data have it."""
    if feature == "weekday":
        return value % 7
    if feature in ("holiday", "workingday"):
        return int(value == "yes")
    return (
        int(value) if feature == "year" else ASK["weather"].options[value] if feature == "weather" else value
    )


@cache
def selectable_values(feature: str) -> tuple[list, np.ndarray]:
    """The values of a feature that can be chosen, and for each the nearest level of the model."""
    parameter = ASK[feature]
    values = parameter.values()
    kind = next(one for one in model().features if one.name == feature)
    return values, kind.level_indices(np.array([data_value(feature, value) for value in values]))


@cache
def occurring(names: tuple) -> frozenset:
    """The combinations of some features that there are in the data."""
    return frozenset(zip(*(load_bikes().columns[name].tolist() for name in names)))
