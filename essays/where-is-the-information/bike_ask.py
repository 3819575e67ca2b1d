"""Ask the model about any hour: what it predicts, and which values its messages cannot tell from yours."""

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
    key_number,
)

from .bikes import ATTRIBUTION, BITS, apart, label, levels_of, model, named, order, ranked, rows, spent

DRAWS = 200
BINS = np.arange(0, 1001, 25)  # bikes an hour
SILENT = 0.05  # bits: a feature with fewer is shown as not asked
FEW = 20  # hours: a smaller number is not shown, since each hour counts only in part
LEFT, RIGHT, ROW = 80, 62, 36  # the margins beside the rows and the height of one, in pixels
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
def _occurring(names: tuple) -> frozenset:
    """The combinations of some features that there are in the data."""
    return frozenset(zip(*(load_bikes().columns[name].tolist() for name in names)))


@lru_cache(maxsize=64)
def _noise(codes: tuple):
    """The noise of an hour's messages."""
    return message_noise(model(), np.array([codes]), DRAWS)


def _alike(bits: float, feature: str, level: int) -> np.ndarray:
    """The overlap of the encoding of one level with those of all, 0 to 1, in the model's order."""
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
    controls=("bits",),
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
    """Predictions for one hour over many messages, and the real hours and values that look the same."""
    state = {feature: asked[parameter.name] for feature, parameter in ASK.items()}
    levels = {
        feature: int(selectable_values(feature)[1][selectable_values(feature)[0].index(value)])
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
        "alike": {feature: alike[feature][selectable_values(feature)[1]] for feature in ASK},
        "never": [
            names
            for names in TOGETHER
            if tuple(data_value(name, state[name]) for name in names) not in _occurring(names)
        ],
    }


@bike_ask.draw
def ask_picture(data):
    return HConcat((_distribution(data), _rows(data)), (1, 1), stack_below=float("inf"))


def _distribution(data) -> Plot:
    """Predictions over many messages, and outlined the rentals of the real hours that look the same."""
    columns, few = data["beliefs"], data["similar"] < 0.5
    predicted = columns["believed"]
    rented = np.zeros(len(BINS) - 1) if few else columns["rented"]
    top = max(predicted.max(), rented.max(), 1e-9)
    edges = np.repeat(BINS, 2).astype(float)
    outline = np.concatenate(([0.0], np.repeat(rented / top, 2), [0.0]))
    middle = min(data["believed"], 1000.0)
    marks = [
        Bars(columns["from"], columns["to"], predicted / top, "selection"),
        *([] if few else [Line(edges, outline, "ink", 1.5)]),
        Line((middle, middle), (0, 1.06), "selection-text", 1.6, dash="3 3"),
        Label(0, 1, f"predicted: {data['believed']:.0f} bikes", "selection-text", dy=-50, bold=True, size=15),
        Label(
            0,
            1,
            f"{data['low']:.0f} to {data['high']:.0f} in 80\u202f% of messages",
            "muted",
            dy=-32,
            size=12.5,
        ),
        Label(
            0,
            1,
            f"outlined: {similar_hours_text(data)}",
            "ink",
            dy=-16,
            size=12.5,
            narrow=f"outlined: {similar_hours_text(data, True)}",
        ),
    ]
    return Plot(
        tuple(marks),
        Axis("bikes an hour", (0, 1000), ticks=(0, 200, 400, 600, 800, 1000)),
        Axis(domain=(0, 1), hidden=True),
        heights=(228, 228),
        margins=(70, 24, 46, 12),
    )


def similar_hours_text(data, narrow: bool = False) -> str:
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
    """The features, each as a track of its possible values; amber where the messages would look the same."""
    marks = [
        Rect(0, 0.44, 0.055, 0.14, "selection", radius=2),
        Label(0.055, 0, "looks the same as your choice", "muted", dx=7, dy=-6, size=12.5),
    ]
    handles = []
    for i, feature in enumerate(ranked()):
        track, knobs = _row(data, feature, -i - 0.16, -i - 0.84)
        marks += track
        handles += knobs
    return Plot(
        (*marks, *handles),
        Axis(domain=(0, 1), hidden=True),
        Axis(domain=(-12, 0), hidden=True),
        heights=(12 * ROW + 30,) * 2,
        margins=(24, RIGHT, 6, LEFT),
        grab="rows",
    )


def _row(data, feature, top, bottom) -> tuple[list, list]:
    """The marks of a track, and its handle or its options. A feature without bits is a thin line."""
    values, _ = selectable_values(feature)
    n, value, parameter, middle = len(values), data["asked"][feature], ASK[feature], (top + bottom) / 2
    at = (values.index(value) + 0.5) / n
    shown, bits = _shown(feature, value), data["spent"][feature]
    asked = bits >= SILENT
    name = Label(0, middle, label(feature), "ink" if asked else "muted", "end", dx=-9, dy=-3, size=12.5)
    value_role = "selection-text" if asked else "muted"
    chosen = Label(0, middle, shown, value_role, "end", dx=-9, dy=12, size=12.5, bold=asked)
    marks = [name, Highlight(parameter.name, (chosen,))]
    if asked:
        marks += [
            Rect(0, bottom, 1, top, "wash", stroke="noise", radius=3),
            Heatmap(0, bottom, 1, top, 0.85 * data["alike"][feature][None], "selection"),
            Label(1, middle, f"{bits:.2f} bits", "ink", dx=9, dy=-2, size=12.5),
            BitGauge(1, middle, bits, "ink", side=7, dx=9, dy=8),
        ]
    else:
        marks += [
            Line((0, 1), (middle, middle), "noise", 1, dash="1 4"),
            Label(1, middle, "not asked", "muted", dx=9, dy=4, size=12),
        ]
    role, rim = ("selection", "rim") if asked else ("paper", "muted")
    if parameter.is_categorical:
        return marks, [
            _option(feature, option, (i / n, (i + 1) / n), (top, bottom), option == value, (role, rim), alike)
            for i, (option, alike) in enumerate(zip(values, data["alike"][feature], strict=True))
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
        marks=(
            *([Line((at, at), (bottom, top), "selection", 3.2)] if asked else []),
            Dot(at, middle, role, 6.5 if asked else 5, rim=rim),
        ),
    )
    return marks, [handle]


def _option(feature, option, across, down, chosen, dot, alike) -> StateLink:
    """One of a few named values, to be pressed; on strong amber its name is dark in both themes."""
    ink = "on-target" if alike > 0.5 else "ink"
    (left, right), (top, bottom) = across, down
    center, middle, words = sum(across) / 2, sum(down) / 2, _shown(feature, option)
    inside = (
        Dot(center, middle, dot[0], 6.5 if dot[0] == "selection" else 5, rim=dot[1])
        if chosen
        else Label(
            center,
            middle,
            words,
            ink if dot[0] == "selection" else "muted",
            "middle",
            dy=4,
            size=12,
            halo=dot[0] != "selection",
            narrow=words.partition(" ")[0],
        )
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
    """The value at a point of a row; the rows lie one below the other from 0 to -12."""
    feature = ranked()[min(max(int(-y), 0), 11)]
    values, _ = selectable_values(feature)
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
    bikes = key_number(f"{data['believed']:.0f} bikes", "selection")
    end = f" {absent} is not in the data." if absent else ""
    return (
        f"{_shown('weekday', asked['weekday'])}, {asked['hour']}:00, {_shown('month', asked['month'])}: "
        f"from {data['bits']:.1f} bits you would expect {bikes}, mostly {data['low']:.0f} to "
        f"{data['high']:.0f}.{end}"
    )


@bike_ask.value_text
def ask_value_text(data):
    prediction = f"{data['believed']:.0f} bikes predicted"
    return {"bits": f"{data['bits']:.1f} bits; {prediction}"} | {
        parameter.name: f"{_shown(feature, data['asked'][feature])}; {prediction}"
        for feature, parameter in ASK.items()
    }


@bike_ask.table
def ask_table(data):
    taken = {
        feature: named(
            feature,
            levels_of(feature)[selectable_values(feature)[1][selectable_values(feature)[0].index(value)]],
        )
        for feature, value in data["asked"].items()
    }
    return {
        "feature": [label(feature) for feature in ASK],
        "set_to": [_shown(feature, value) for feature, value in data["asked"].items()],
        "taken_for": list(taken.values()),
        "bits": [data["spent"][feature] for feature in ASK],
    }
