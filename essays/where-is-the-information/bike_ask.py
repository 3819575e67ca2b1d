"""Ask about an hour of one's own: what is believed of it, from which hours it cannot be told, and which values would look the same."""

from functools import cache, lru_cache, reduce

import numpy as np

from infodecomp.bottleneck.predictive import message_noise, predictive_samples
from infodecomp.data.bikes import MONTHS, WEEKDAYS, load_bikes
from infodecomp.explorable import (
    Axis,
    Bars,
    BitGauge,
    Choice,
    Dot,
    DragHandle,
    HConcat,
    Heatmap,
    Highlight,
    Label,
    Line,
    Plot,
    Range,
    Rect,
    StateLink,
    figure,
)

from .bikes import ATTRIBUTION, BITS, apart, label, levels_of, model, named, order, rows, spent

DRAWS = 200
BINS = np.arange(0, 1001, 25)  # bikes an hour
SILENT = 0.05  # bits: what says less is shown as saying nothing
FEW = 20  # hours: fewer than these are not numbered
LEFT, RIGHT, ROW = 152, 62, 34  # pixels beside the rows, and of one
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
TOGETHER = (("weekday", "workingday", "holiday"), ("season", "month"))  # what the calendar ties


def _meant(feature: str, value):
    """A parameter's value as the data have it."""
    if feature == "weekday":
        return value % 7
    if feature in ("holiday", "workingday"):
        return int(value == "yes")
    return (
        int(value) if feature == "year" else ASK["weather"].options[value] if feature == "weather" else value
    )


@cache
def _choices(feature: str) -> tuple[list, np.ndarray]:
    """What a feature can be set to, and the level that the model takes each for: the nearest that was measured."""
    parameter = ASK[feature]
    values = parameter.values()
    kind = next(one for one in model().features if one.name == feature)
    return values, kind.level_indices(np.array([_meant(feature, value) for value in values]))


@cache
def _occurring(names: tuple) -> frozenset:
    """The combinations of some features that there are in the data."""
    return frozenset(zip(*(load_bikes().columns[name].tolist() for name in names)))


@lru_cache(maxsize=64)
def _noise(codes: tuple):
    """The noise of an hour's messages."""
    return message_noise(model(), np.array([codes]), DRAWS)


def _alike(bits: float, feature: str, level: int) -> np.ndarray:
    """How far each level of a feature looks like one of them, 0 to 1, in the model's order: the overlap of their codes."""
    place = _places(feature)
    return 1 - apart(bits)[feature][place[level]][place]


@cache
def _places(feature: str) -> np.ndarray:
    """Where each level of a feature is shown, (n_levels,)."""
    return np.argsort(order(feature))


@cache
def _bins() -> np.ndarray:
    """The bin in which the rentals of each real hour lie, int64 (17379,)."""
    return np.searchsorted(BINS, load_bikes().count.clip(0, 999), side="right") - 1


@figure(
    parameters=(BITS, *ASK.values()),
    title="Ask about an hour of your own",
    controls=("ask_hour", "ask_temperature", "bits"),
    decimals=0,
    attribution=ATTRIBUTION,
    presets={
        "ask-night": "ask_hour=3",
        "ask-commute": "ask_hour=8",
        "ask-busiest": "ask_hour=18&ask_weekday=3&ask_workingday=yes&ask_temperature=23",
        "ask-sunday": "ask_hour=13&ask_weekday=7&ask_workingday=no",
        "ask-rain": "ask_weather=light&ask_humidity=93",
        "ask-winter": "ask_season=winter&ask_month=1&ask_temperature=-2&ask_feels=-6",
    },
)
def bike_ask(bits, **asked):
    """Beliefs about one hour over many messages, the real hours that look like it, and for each feature the values that do."""
    state = {feature: asked[parameter.name] for feature, parameter in ASK.items()}
    levels = {
        feature: int(_choices(feature)[1][_choices(feature)[0].index(value)])
        for feature, value in state.items()
    }
    codes = np.array([[levels[one.name] for one in model().features]])
    believed = predictive_samples(model(), codes, bits, _noise(tuple(codes[0].tolist())))[:, 0]
    alike = {feature: _alike(bits, feature, level) for feature, level in levels.items()}
    weight = reduce(np.multiply, (alike[one.name][column] for one, column in zip(model().features, rows().T)))
    count = load_bikes().count
    real = np.bincount(_bins(), weights=weight, minlength=len(BINS) - 1)
    guess, _ = np.histogram(np.clip(believed, 0, 999), BINS)
    low, middle, high = np.quantile(believed, (0.1, 0.5, 0.9)).clip(0).tolist()
    return {
        "bits": bits,
        "asked": state,
        "spent": spent(bits),
        "beliefs": {
            "from": BINS[:-1],
            "to": BINS[1:],
            "believed": guess / DRAWS,
            "rented": real / max(weight.sum(), 1e-300),
        },
        "low": low,
        "believed": middle,
        "high": high,
        "similar": float(weight.sum()),
        "hours": int((weight > 0.01 * weight.sum()).sum()),
        "rented": float(
            (weight * count).sum() / max(weight.sum(), 1e-300)
        ),  # a product with @ would wake threads
        "alike": {feature: alike[feature][_choices(feature)[1]] for feature in ASK},
        "never": [
            names
            for names in TOGETHER
            if tuple(_meant(name, state[name]) for name in names) not in _occurring(names)
        ],
    }


@bike_ask.draw
def ask_picture(data):
    return HConcat((_distribution(data), _rows(data)), (1, 1), stack_below=float("inf"))


def _distribution(data) -> Plot:
    """What is believed above the axis, what was rented in hours that look the same below it; the words stand clear of both."""
    columns, few = data["beliefs"], data["similar"] < 0.5
    tall, deep = max(columns["believed"].max(), 1e-9), max(columns["rented"].max(), 1e-9)
    rented = np.zeros(len(BINS) - 1) if few else columns["rented"]
    marks = [
        Bars(columns["from"], columns["to"], columns["believed"] / tall, "selection"),
        Bars(columns["from"], columns["to"], -rented / deep, "ink", opacity=0.75),
    ]
    marks += [
        Line((0, 1000), (0, 0), "muted", 1),
        Label(0, 1, f"believed: {data['believed']:.0f} bikes", "selection-text", dy=-30, bold=True, size=14),
        Label(
            0,
            1,
            f"{data['low']:.0f} to {data['high']:.0f} in 80\u202f% of messages",
            "muted",
            dy=-13,
            size=12,
        ),
        Label(0, -1, _similar(data), "ink", dy=17, size=12, bold=True, narrow=_similar(data, True)),
    ]
    return Plot(
        tuple(marks),
        Axis("bikes an hour", (0, 1000), ticks=(0, 200, 400, 600, 800, 1000)),
        Axis(domain=(-1.36, 1), hidden=True),
        heights=(246, 246),
        margins=(48, 24, 46, 12),
    )


def _similar(data, narrow: bool = False) -> str:
    n, hours = data["similar"], data["hours"]
    if n < 0.5:
        return "no real hour looks like it"
    if n < FEW:  # each of them counts as far as it looks the same, so that their number is a sum of parts
        many = "one real hour that looks" if hours == 1 else "a few real hours that look"
        return (
            f"rented in {'one hour' if hours == 1 else 'a few hours'} like it"
            if narrow
            else f"rented in {many} much the same"
        )
    return (
        f"rented in {n:,.0f} hours like it"
        if narrow
        else f"rented in the {n:,.0f} real hours that look the same"
    )


def _rows(data) -> Plot:
    """The features, each a row of all that it could be: grey looks the same."""
    marks = [
        Label(
            0, 0, "grey: would look the same", "muted", dx=0, dy=-9, size=12, narrow="grey: looks the same"
        ),
        Label(1, 0, "bits", "muted", dx=8, dy=-9, size=12),
    ]
    handles = []
    for i, feature in enumerate(ASK):
        drawn, held = _row(data, feature, -i - 0.14, -i - 0.86)
        marks += drawn
        handles += held
    return Plot(
        (*marks, *handles),
        Axis(domain=(0, 1), hidden=True),
        Axis(domain=(-12, 0), hidden=True),
        heights=(12 * ROW + 30,) * 2,
        margins=(24, RIGHT, 6, LEFT),
        grab="rows",
    )


def _row(data, feature, top, bottom) -> tuple[list, list]:
    values, levels = _choices(feature)
    n, value, parameter, middle = len(values), data["asked"][feature], ASK[feature], (top + bottom) / 2
    at = (values.index(value) + 0.5) / n
    shown = _shown(feature, value)
    marks = [
        Label(0, middle, label(feature), "ink", dx=-LEFT, dy=4, size=12),
        Highlight(
            parameter.name,
            (Label(0, middle, shown, "selection-text", "end", dx=-9, dy=4, size=12, bold=True),),
        ),
        Heatmap(0, bottom, 1, top, data["alike"][feature][None], "noise"),
        Rect(0, bottom, 1, top, "", stroke="noise"),
        *(
            [BitGauge(1, middle, data["spent"][feature], "ink", side=7, dx=8)]
            if data["spent"][feature] >= SILENT
            else []
        ),
    ]
    if parameter.is_categorical:
        return marks, [
            _option(feature, option, i / n, (i + 1) / n, top, bottom, option == value)
            for i, option in enumerate(values)
        ]
    handle = DragHandle(
        at,
        middle,
        label(feature),
        state={parameter.name: (value, parameter)},
        moves=parameter.name,
        axis="x",
        per_unit=n,
        text=shown,
        size=(44, 44),
        marks=(Line((at, at), (bottom, top), "selection", 3.2), Dot(at, middle, "selection", 6.5, rim="rim")),
    )
    return marks, [handle]


def _option(feature, option, left, right, top, bottom, chosen) -> StateLink:
    """One of a few named values, to be pressed."""
    middle, words = (top + bottom) / 2, _shown(feature, option)
    inside = (
        Dot((left + right) / 2, middle, "selection", 6.5, rim="rim")
        if chosen
        else Label((left + right) / 2, middle, words, "ink", "middle", dy=4, size=11, halo=True, narrow="")
    )
    return StateLink(
        f"{ASK[feature].name}={option}",
        f"{label(feature)}: {words}",
        (Rect(left, bottom, right, top, "paper", opacity=0.004, inset=1), inside),
        chosen,
    )


def _shown(feature: str, value) -> str:
    """A value in few words."""
    if feature in ("hour", "weekday", "month"):
        return ASK[feature].show(value)
    if feature == "weather":
        return {"light": "light rain", "heavy": "heavy rain"}.get(value, value)
    if ASK[feature].is_categorical:
        return value
    return f"{value} {ASK[feature].unit}".replace("-", "\u2212")


@bike_ask.invert_point
def grab_row(state, x, y):
    """The value at a place of a row; the rows lie one below the other from 0 to -12."""
    feature = list(ASK)[min(max(int(-y), 0), 11)]
    values, _ = _choices(feature)
    return {ASK[feature].name: values[min(max(int(x * len(values)), 0), len(values) - 1)]}


@bike_ask.values
def ask_values(data):
    return {name: data[name] for name in ("believed", "low", "high", "similar", "rented")}


@bike_ask.describe
def ask_description(data):
    asked = data["asked"]
    never = {("weekday", "workingday", "holiday"): "Such a day", ("season", "month"): "Such a season"}
    absent = " and ".join(
        never[names].lower() if i else never[names] for i, names in enumerate(data["never"])
    )
    end = f" {absent} is not in the data." if absent else ""
    return (
        f"{_shown('weekday', asked['weekday'])}, {asked['hour']}:00, {_shown('month', asked['month'])}, at {data['bits']:.1f} bits, believed: "
        f"{data['believed']:.0f} bikes, mostly {data['low']:.0f} to {data['high']:.0f}.{end}"
    )


@bike_ask.value_text
def ask_voice(data):
    told = f"{data['believed']:.0f} bikes believed"
    return {"bits": f"{data['bits']:.1f} bits; {told}"} | {
        parameter.name: f"{_shown(feature, data['asked'][feature])}; {told}"
        for feature, parameter in ASK.items()
    }


@bike_ask.table
def ask_table(data):
    taken = {
        feature: named(feature, levels_of(feature)[_choices(feature)[1][_choices(feature)[0].index(value)]])
        for feature, value in data["asked"].items()
    }
    return {
        "feature": [label(feature) for feature in ASK],
        "set_to": [_shown(feature, value) for feature, value in data["asked"].items()],
        "taken_for": list(taken.values()),
        "bits": [data["spent"][feature] for feature in ASK],
    }
