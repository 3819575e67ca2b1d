"""The hours of a day on the ladder that a bit or two makes of them: where each hour's message lies."""

from functools import lru_cache

import numpy as np

from infodecomp.explorable import Area, Axis, Dot, HConcat, Label, Line, Plot, Range, Tooltip, figure
from infodecomp.pictures.labels import separate_names

from .bikes import ATTRIBUTION, apart, model

GROUPS = (("night", (23, 0, 1, 2, 3, 4, 5, 6)), ("commute", (8, 17, 18)))
HEIGHT, TOP, BOTTOM = 320, 30, 46  # pixels of both plots, and of their margins
RAILS = (0.06, 0.42)  # of the ladder's width
SHARED = 0.06  # of the ladder's height: hours that lie closer share a label
LADDER_BITS = Range(
    name="ladder_bits",
    label="bits in all",
    default=1,
    low=0.2,
    high=4,
    step=0.1,
    unit="bits",
    role="selection",
)


@figure(
    parameters=(LADDER_BITS,),
    title="The ladder of the hours",
    controls=("ladder_bits",),
    attribution=ATTRIBUTION,
    presets={"ladder-one-bit": "ladder_bits=1", "ladder-four-bits": "ladder_bits=4"},
)
def bike_ladder(ladder_bits):
    """Where each hour's message lies along the direction in which the hours differ most, and its spread."""
    place, spread, share = rungs(ladder_bits)
    return {
        "bits": ladder_bits,
        "spent": _spent(ladder_bits),
        "share": share,
        "hours": {
            "hour": np.arange(24),
            "time": [f"{hour}:00" for hour in range(24)],
            "place": place,
            "low": place - spread,
            "high": place + spread,
        },
    }


@lru_cache(maxsize=64)
def rungs(bits: float) -> tuple[np.ndarray, np.ndarray, float]:
    """Middle and standard deviation of every hour's message along the first principal component of the
    24 middles, (24,) each, and the share of their variance that lies along it.
    """
    names = [one.name for one in model().features]
    start = int(model().network.layout.start[names.index("hour")])
    mean, log_variance = model().encodings(bits)
    mean, variance = mean[start : start + 24].numpy(), log_variance[start : start + 24].exp().numpy()
    centred = (mean - mean.mean(0)).astype(float)
    _, singular, directions = np.linalg.svd(centred, full_matrices=False)
    place = centred @ directions[0]
    place *= np.sign(place[17] - place[3])  # busy hours on top
    return place, np.sqrt(variance @ directions[0] ** 2), float(singular[0] ** 2 / (singular**2).sum())


def _spent(bits: float) -> float:
    names = [one.name for one in model().features]
    return float(model().plane.at(bits).features[names.index("hour")])


@bike_ladder.draw
def ladder_picture(data):
    return HConcat((_by_hour(data), _ladder(data)), (3.6, 1), gap=6, stack_below=0)


def _by_hour(data) -> Plot:
    """Where each hour lies, from midnight to midnight."""
    hours = data["hours"]
    low, high = float(hours["low"].min()), float(hours["high"].max())
    room = high - low
    marks = [Area(hours["hour"], hours["low"], hours["high"], "noise", 0.16)]
    for hour, place, bottom, top in zip(hours["hour"], hours["place"], hours["low"], hours["high"]):
        role = group_role(hour)
        marks += [
            Line((hour, hour), (bottom, top), role, 2, opacity=0.55),
            Dot(hour, place, role, 5),
        ]
    for name, at, edge, dy in (
        ("night", 3, "low", 18),
        ("morning commute", 8, "high", -8),
        ("evening commute", 17.5, "high", -8),
    ):
        marks.append(
            Label(at, float(hours[edge][int(at)]), name, "ink", "middle", dy=dy, bold=True, halo=True)
        )
    return Plot(
        tuple(marks),
        Axis("hour of the day", (-0.6, 23.6), ticks=(0, 3, 6, 9, 12, 15, 18, 21)),
        Axis("what the message says: quiet to busy", (low - 0.1 * room, high + 0.1 * room), ticks=()),
        heights=(HEIGHT,) * 2,
        margins=(TOP, 4, BOTTOM, 18),
        hover=Tooltip("hours", "hour", "place", "{time}: at {place:2} on the ladder"),
    )


def _ladder(data) -> Plot:
    """The same places as the rungs of a ladder; hours that share a rung share a label."""
    hours = data["hours"]
    low, high = float(hours["low"].min()), float(hours["high"].max())
    bottom, top = low - 0.1 * (high - low), high + 0.1 * (high - low)
    pixels = (HEIGHT - TOP - BOTTOM) / (top - bottom)
    marks: list = [Line((x, x), (low, high), "muted", 2.4) for x in RAILS]
    marks.append(Label(RAILS[1], top, "hours", "muted", dx=6, dy=4, size=12))
    marks += [
        Line(RAILS, (place, place), group_role(hour), 2.4, opacity=0.75)
        for hour, place in zip(hours["hour"].tolist(), hours["place"].tolist())
    ]
    rungs = shared_rungs(hours["place"])
    middles = {spans(group): float(np.mean(hours["place"][group]) - bottom) * pixels for group in rungs}
    heights = separate_names(middles)
    for group in rungs:
        roles = {group_role(hour) for hour in group}
        text = f"{roles.pop()}-text" if len(roles) == 1 and "muted" not in roles else "ink"
        y = bottom + heights[spans(group)] / pixels
        hours_shown = spans(group)
        marks.append(
            Label(
                RAILS[1],
                y,
                shortened(hours_shown, 2),
                text,
                dx=6,
                dy=4,
                size=12,
                narrow=shortened(hours_shown, 1),
            )
        )
    return Plot(
        tuple(marks),
        Axis(domain=(0, 1), hidden=True),
        Axis(domain=(bottom, top), hidden=True),
        heights=(HEIGHT,) * 2,
        margins=(TOP, 4, BOTTOM, 2),
    )


def shared_rungs(place: np.ndarray) -> list[list[int]]:
    """The hours from the foot of the ladder up, those together that lie less than SHARED of it apart."""
    groups: list[list[int]] = []
    for hour in np.argsort(place, kind="stable").tolist():
        if groups and place[hour] - place[groups[-1][0]] < SHARED * np.ptp(place):
            groups[-1].append(hour)
        else:
            groups.append([hour])
    return groups


def spans(hours: list[int]) -> str:
    """Hours in words, round the clock: '23\u20136, 9' for 23, 0, 1, 2, 3, 4, 5, 6 and 9."""
    chosen = set(hours)
    starts = sorted(hour for hour in chosen if (hour - 1) % 24 not in chosen)
    parts = []
    for start in starts or [0]:
        length = next((n for n in range(1, 24) if (start + n) % 24 not in chosen), 24)
        end = (start + length - 1) % 24
        several = f"{start}\u2013{end}" if length > 2 else f"{start}, {end}"
        parts.append(f"{start}" if length == 1 else several)
    return ", ".join(parts)


def shortened(hours: str, n: int) -> str:
    """The first n parts of more than n + 1; all of them have a dot in the picture beside the ladder."""
    parts = hours.split(", ")
    return hours if len(parts) < n + 2 else f"{', '.join(parts[:n])}, \u2026"


def group_role(hour: int) -> str:
    """The colour of an hour: that of its group, or of the hours between."""
    if hour in GROUPS[0][1]:
        return "series-1"
    return "series-2" if hour in GROUPS[1][1] else "muted"


def confused(bits: float, one: int, other: int) -> float:
    """How far two hours are distinguished, 0 if their messages look the same and 1 if they never meet."""
    return float(apart(bits)["hour"][one, other])


@bike_ladder.values
def ladder_values(data):
    return {
        "hour_bits": data["spent"],
        "night_apart": confused(data["bits"], 2, 4),
        "rush_apart": confused(data["bits"], 8, 17),
        "night_from_rush": confused(data["bits"], 3, 17),
    }


@bike_ladder.describe
def ladder_description(data):
    order = np.argsort(data["hours"]["place"])
    bottom, top = (data["hours"]["time"][order[i]] for i in (0, -1))
    return (
        f"With {data['bits']:.1f} bits in all, {data['spent']:.2f} of them for the hour: {bottom} lies at "
        f"the foot of the ladder and {top} at its top. Where bars overlap, two hours are easily taken for "
        "each other."
    )


@bike_ladder.value_text
def ladder_value_text(data):
    return {"ladder_bits": f"{data['bits']:.1f} bits in all, {data['spent']:.2f} of them for the hour"}


@bike_ladder.table
def ladder_table(data):
    hours = data["hours"]
    return {
        "hour": hours["time"],
        "place": hours["place"].round(3),
        "spread": ((hours["high"] - hours["low"]) / 2).round(3),
    }
