"""Ask the model about any hour: what it predicts, and which values its messages cannot tell from yours."""

from functools import cache, lru_cache, reduce

import numpy as np

from infodecomp.bottleneck.predictive import message_noise, predictive_samples
from infodecomp.data.bikes import load_bikes
from infodecomp.explorable import figure, key_number
from infodecomp.pictures.tracks import value_at

from .bikes import ATTRIBUTION, BITS, apart, by_entry, label, levels_of, model, named, order, rows, spent
from .own_hour import ASK, BINS, TOGETHER, data_value, occurring, selectable_values
from .pictures.hour import ask_picture, shown_value

DRAWS = 200


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
            if tuple(data_value(name, state[name]) for name in names) not in occurring(names)
        ],
    }


bike_ask.draw(ask_picture)


@bike_ask.invert_point
def grab_row(state, x, y):
    """The value at a point of a row; the rows lie one below the other from 0 to -12."""
    return value_at([(ASK[feature], selectable_values(feature)[0]) for feature in by_entry()], x, y)


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
        f"{shown_value('weekday', asked['weekday'])}, {asked['hour']}:00, "
        f"{shown_value('month', asked['month'])}: "
        f"from {data['bits']:.1f} bits you would expect {bikes}. The noise in the messages moves "
        f"that between {data['low']:.0f} and {data['high']:.0f}.{end}"
    )


@bike_ask.value_text
def ask_value_text(data):
    prediction = f"{data['believed']:.0f} bikes predicted"
    return {"bits": f"{data['bits']:.1f} bits; {prediction}"} | {
        parameter.name: f"{shown_value(feature, data['asked'][feature])}; {prediction}"
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
        "set_to": [shown_value(feature, value) for feature, value in data["asked"].items()],
        "taken_for": list(taken.values()),
        "bits": [data["spent"][feature] for feature in ASK],
    }
