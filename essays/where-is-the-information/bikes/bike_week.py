"""A week of rentals beside what the model predicts for it at a budget."""

from functools import lru_cache

import numpy as np

from infodecomp.bottleneck.predictive import message_noise, predictive_samples
from infodecomp.data.bikes import MONTHS, WEEKDAYS, load_bikes
from infodecomp.errors import CheckpointError
from infodecomp.experiments.bike_intervals import BIKE_INTERVALS, Intervals
from infodecomp.explorable import (
    Area,
    Axis,
    Highlight,
    Label,
    Line,
    Plot,
    Range,
    StateLink,
    Tooltip,
    figure,
    key_number,
)
from infodecomp.explorable.core.errors import Missing

from .bikes import ATTRIBUTION, BITS, model, rows

FIRST = np.datetime64("2010-12-27")  # the Monday of the week in which the data begin
DAY, WEEK_LENGTH = np.timedelta64(1, "D"), np.timedelta64(7, "D")
DRAWS = 32  # messages of each hour
HOURS = 168
NAMED = {
    "a cold March": 13,
    "quake, storm": 34,
    "cherry blossom": 64,
    "4 July": 79,
    "most rentals": 89,
    "Sandy": 96,
    "Thanksgiving": 99,
}


def monday(week: float) -> str:
    """The date of a week's Monday: 10 September 2012."""
    year, month, day = str(FIRST + int(week) * WEEK_LENGTH).split("-")
    return f"{int(day)} {MONTHS[int(month) - 1]} {year}"


WEEK = Range(name="week", label="week of Monday", default=64, low=0, high=105, step=1, format=monday)


def rows_of_week(week: int) -> tuple[np.ndarray, np.ndarray]:
    """The rows of the data in a week, and the hour of the week of each."""
    bikes = load_bikes()
    day = (bikes.date - (FIRST + int(week) * WEEK_LENGTH)).astype(int)
    chosen = np.flatnonzero((day >= 0) & (day < 7))
    return chosen, 24 * day[chosen] + bikes.columns["hour"][chosen]


@lru_cache(maxsize=32)
def _noise(week: int):
    """The noise of the messages of a week."""
    return message_noise(model(), rows()[rows_of_week(week)[0]], DRAWS)


def intervals() -> Intervals:
    """The calibrated intervals. Raises Missing where their file is not there or is damaged."""
    try:
        return BIKE_INTERVALS.at(0)
    except CheckpointError as error:
        raise Missing(f"The predictive intervals of the bike rentals cannot be used: {error}") from error


@figure(
    parameters=(BITS, WEEK),
    title="A week of rentals, seen through your bits",
    controls=("week", "bits"),
    decimals=0,
    attribution=ATTRIBUTION,
    presets={
        "week-march": "week=13",
        "week-quake": "week=34",
        "week-blossom": "week=64",
        "week-july": "week=79",
        "week-full": "week=89",
        "week-sandy": "week=96",
        "week-thanksgiving": "week=99",
    },
)
def bike_week(bits, week):
    """Rentals of each hour of a week beside the median prediction, its spread over messages, and the
    predictive interval; NaN for missing hours.
    """
    chosen, hours = rows_of_week(week)
    believed = predictive_samples(model(), rows()[chosen], bits, _noise(week))
    real = load_bikes().count[chosen]
    message_low, middle, message_high = np.quantile(believed, (0.1, 0.5, 0.9), axis=0)
    low, high = intervals().around(bits, middle)
    return {
        "bits": bits,
        "week": week,
        "monday": str(FIRST + int(week) * WEEK_LENGTH),
        "hours": {
            "hour": hours,
            "day": [f"{WEEKDAYS[(1 + hour // 24) % 7][:3]} {hour % 24}:00" for hour in hours.tolist()],
            "rented": real,
            "low": low,
            "believed": middle,
            "high": high,
            "message_low": message_low,
            "message_high": message_high,
        },
        "coverage": intervals().coverage_at(bits),
        "rmse": float(np.sqrt(((believed - real) ** 2).mean())),
        "inside": float(((low <= real) & (real <= high)).mean()),
        "missing": HOURS - len(chosen),
    }


def with_gaps(data, column) -> np.ndarray:
    """A column over all hours of the week, NaN where one is missing."""
    whole = np.full(HOURS, np.nan)
    whole[data["hours"]["hour"]] = data["hours"][column]
    return whole


@bike_week.draw
def week_picture(data):
    hours = np.arange(HOURS)
    real, low, middle, high = (with_gaps(data, column) for column in ("rented", "low", "believed", "high"))
    message_low, message_high = (with_gaps(data, f"message_{end}") for end in ("low", "high"))
    top = max(1050.0, float(np.nanmax(high)), float(np.nanmax(real)))
    marks = [
        *(Line((day, day), (0, top), "faint", 1) for day in range(0, 169, 24)),
        *(Area(part, low[part], high[part], "selection", 0.16) for part in _parts(real)),
        *(
            Area(part, message_low[part].clip(0), message_high[part].clip(0), "selection", 0.34)
            for part in _parts(real)
        ),
        *(
            Area((gap[0] - 0.5, gap[-1] + 0.5), 0, top, "wash", 1)
            for gap in _parts(np.where(np.isnan(real), 0, np.nan))
            if len(gap) > 1
        ),
        Line(hours, middle, "selection", 2.4),
        Line(hours, real, "ink", 1.5),
        *_days(data),
        *_picks(data),
    ]
    gaps = [gap for gap in _parts(np.where(np.isnan(real), 0, np.nan)) if len(gap) >= 10]
    marks += [
        Label(float(gap.mean()), top / 2, "no data", "muted", "middle", size=12, halo=True) for gap in gaps
    ]
    return Plot(
        tuple(marks),
        Axis("", (0, HOURS - 1), ticks=()),
        Axis("bikes an hour", (0, top), ticks=(0, 200, 400, 600, 800, 1000), grid=True),
        ratio=0.56,
        heights=(348, 388),
        margins=(32, 8, 122, 40),
        hover=Tooltip(
            "hours",
            "hour",
            "rented",
            "{day}: {rented:0} rented, {believed:0} predicted ({low:0} to {high:0})",
        ),
    )


def _parts(values) -> list[np.ndarray]:
    """The runs of consecutive hours that have numbers."""
    there = np.flatnonzero(np.isfinite(values))
    return [run for run in np.split(there, np.flatnonzero(np.diff(there) > 1) + 1) if len(run)]


def _days(data):
    """The names of the days at noon, and of the lines."""
    dates = [str(np.datetime64(data["monday"]) + day * DAY) for day in range(7)]
    yield from (
        Label(24 * day + 11.5, 0, WEEKDAYS[(1 + day) % 7][:3], "ink", "middle", dy=18, size=12)
        for day in range(7)
    )
    yield Highlight(
        "week",
        tuple(
            Label(24 * day + 11.5, 0, str(int(date[8:])), "muted", "middle", dy=33, size=12)
            for day, date in enumerate(dates)
        ),
    )
    legend = (
        ("thin line: rented", None, "ink", 0, 53),
        ("thick line: predicted", "thick: predicted", "selection-text", 150, 53),
        (
            "inner band: message noise; outer band: 80% of all hours",
            "bands: message noise, 80% of hours",
            "selection-text",
            0,
            71,
        ),
    )
    for words, narrow, role, dx, dy in legend:
        yield Label(0, 0, words, role, dx=dx, dy=dy, size=12, bold=True, narrow=narrow)


def _picks(data):
    """Links to weeks with a name, below the legend, in two rows so that they fit on a phone."""
    x, row = -34, 0
    for i, (name, week) in enumerate(NAMED.items()):
        if i == 3:
            x, row = -34, 1
        chosen = week == data["week"]
        yield StateLink(
            f"week={week}",
            f"The week of {name}",
            (
                Label(
                    0,
                    0,
                    name,
                    "selection-text" if chosen else "muted",
                    dx=x,
                    dy=97 + 21 * row,
                    size=12,
                    bold=chosen,
                ),
            ),
            chosen,
            screen_only=True,
        )
        x += 6.8 * len(name) + 15


@bike_week.values
def week_values(data):
    return {
        "rmse": data["rmse"],
        "inside": 100 * data["inside"],
        "coverage": 100 * data["coverage"],
        "missing": data["missing"],
    }


@bike_week.describe
def week_description(data):
    gap = f" {data['missing']} of its hours are missing." if data["missing"] > 1 else ""
    return (
        f"In the week of Monday, {monday(data['week'])}, a guess from {data['bits']:.1f} bits is off by "
        f"{key_number(format(data['rmse'], '.0f'), 'selection')} bikes an hour.{gap}"
    )


@bike_week.value_text
def week_value_text(data):
    error = f"off by {data['rmse']:.0f} bikes an hour"
    return {
        "week": f"the week of Monday, {monday(data['week'])}; {error}",
        "bits": f"{data['bits']:.1f} bits; {error}",
    }


@bike_week.table
def week_table(data):
    columns = data["hours"]
    dates = (np.datetime64(data["monday"]) + np.asarray(columns["hour"]) // 24).astype(str)
    names = {"day": "day", "rented": "rented", "believed": "predicted", "low": "low", "high": "high"}
    return {"date": dates} | {shown: columns[name] for name, shown in names.items()}
