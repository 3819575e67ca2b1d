"""Four fits side by side: groups of features whose bits add up alike while the features trade places."""

from functools import lru_cache

import numpy as np

from infodecomp.explorable import Axis, HConcat, Label, Plot, Rect, figure

from .bikes import ATTRIBUTION, BITS, SILENT, further_planes, label, model

GROUPS = {
    "How warm is it?": ("temperature", "apparent_temperature"),
    "What kind of day?": ("weekday", "workingday", "holiday"),
    "What time is it?": ("hour",),
}
SHADES = ("series-1", "series-2", "target")
WORDS = 0.3  # of the widest bar: shorter pieces go without a name
ROW, HEAD = 21, 30  # pixels of a fit, and of a group's heading


@figure(
    parameters=(BITS,),
    title="Four equally good fits",
    controls=("bits",),
    decimals=2,
    attribution=ATTRIBUTION,
)
def bike_fits(bits):
    """The bits of features that say the same, in fits that differ only in their random numbers."""
    return {"bits": bits, "fits": [fit(number, bits) for number in range(1 + len(further_planes()))]}


@lru_cache(maxsize=256)
def fit(number: int, bits: float) -> dict:
    """Error, and the bits of each feature by group, of the shipped fit (0) or one of the further ones."""
    plane = model().plane if number == 0 else further_planes()[number - 1].plane
    spent = np.maximum.accumulate(plane.bits)
    names = [one.name for one in model().features]
    of = {
        name: float(np.interp(bits, spent, np.clip(column, 0, None)))
        for name, column in zip(names, np.transpose(plane.features))
    }
    return {
        "rmse": float(np.interp(bits, spent, plane.error)),
        "groups": {group: {name: of[name] for name in members} for group, members in GROUPS.items()},
    }


@bike_fits.draw
def fits_picture(data):
    plots = tuple(_group(data, group) for group in GROUPS)
    return HConcat(plots, (1,) * len(plots), stack_below=float("inf"), gap=4)


def _group(data, group: str) -> Plot:
    """One bar a fit, its pieces the features of a group, with their sum at the end."""
    fits = data["fits"]
    sums = [sum(fit["groups"][group].values()) for fit in fits]
    widest = max(max(sums), 0.4)
    marks = [Label(0, 0, group, "ink", dx=-46, dy=-9, size=14, bold=True)]
    if any("holiday" in _drawn(fit["groups"][group]) for fit in fits):
        marks.append(Label(0, 0, "\u25a0 holiday", "target-text", dx=100, dy=-9, size=12))
    if group == next(iter(GROUPS)):
        marks.append(Label(widest, 0, "off by", "muted", "end", dx=92, dy=-9, size=12))
    for i, one in enumerate(fits):
        marks.append(Label(0, -i - 0.5, f"fit {i + 1}", "muted", "end", dx=-8, dy=4, size=12))
        marks += _bar(-i, one["groups"][group], widest)
        marks.append(
            Label(
                sum(_drawn(one["groups"][group]).values()),
                -i - 0.5,
                f"{sums[i]:.2f} bits",
                "ink",
                dx=6,
                dy=4,
                size=12,
                bold=True,
            )
        )
        if group == next(iter(GROUPS)):
            marks.append(Label(widest, -i - 0.5, f"{one['rmse']:.0f}", "muted", "end", dx=92, dy=4, size=12))
    return Plot(
        tuple(marks),
        Axis(domain=(0, widest), hidden=True),
        Axis(domain=(-len(fits), 0), hidden=True),
        heights=(len(fits) * ROW + HEAD + 6,) * 2,
        margins=(HEAD, 96, 6, 48),
    )


def _drawn(members: dict[str, float]) -> dict[str, float]:
    """The features of a group whose bits are drawn."""
    return {name: bits for name, bits in members.items() if bits >= SILENT}


def _bar(top: int, members: dict[str, float], widest: float):
    left = 0.0
    drawn = _drawn(members)
    for shade, name in zip(SHADES, members):
        if name not in drawn:
            continue
        bits = drawn[name]
        yield Rect(left, top - 0.1, left + bits, top - 0.9, shade, opacity=0.8, radius=2)
        if bits > WORDS * widest * len(label(name)) / 7:
            yield Label(left, top - 0.5, label(name), "paper", dx=7, dy=4, size=12, bold=True)
        left += bits


@bike_fits.values
def fits_values(data):
    sums = {group: [sum(one["groups"][group].values()) for one in data["fits"]] for group in GROUPS}
    spreads = {
        name: max(per_fit) - min(per_fit)
        for members in GROUPS.values()
        for name in members
        if (per_fit := [one["groups"][_group_of(name)][name] for one in data["fits"]])
    }
    errors = [one["rmse"] for one in data["fits"]]
    return {
        "lowest_error": min(errors),
        "highest_error": max(errors),
        "warmth_low": min(sums["How warm is it?"]),
        "warmth_high": max(sums["How warm is it?"]),
        "day_low": min(sums["What kind of day?"]),
        "day_high": max(sums["What kind of day?"]),
        "most_traded": max(spreads.values()),
    }


def _group_of(name: str) -> str:
    return next(group for group, members in GROUPS.items() if name in members)


@bike_fits.describe
def fits_description(data):
    values = fits_values(data)
    if values["most_traded"] < 0.1:
        return (
            f"At {data['bits']:.1f} bits, four fits buy the same list and are off by "
            f"{values['lowest_error']:.0f} to {values['highest_error']:.0f} bikes an hour."
        )
    return (
        f"At {data['bits']:.1f} bits, four fits are off by {values['lowest_error']:.0f} to "
        f"{values['highest_error']:.0f} bikes an hour. Each spends {_between(values, 'warmth')} bits on "
        f"warmth and {_between(values, 'day')} on the kind of day, but not on the same columns."
    )


def _between(values: dict, name: str) -> str:
    low, high = f"{values[name + '_low']:.2f}", f"{values[name + '_high']:.2f}"
    return low if low == high else f"{low} to {high}"


@bike_fits.value_text
def fits_value_text(data):
    values = fits_values(data)
    return {
        "bits": f"{data['bits']:.1f} bits; "
        f"off by {values['lowest_error']:.0f} to {values['highest_error']:.0f} bikes an hour"
    }


@bike_fits.table
def fits_table(data):
    names = [name for members in GROUPS.values() for name in members]
    return {"feature": [label(name) for name in names]} | {
        f"fit_{i + 1}": [round(one["groups"][_group_of(name)][name], 3) for name in names]
        for i, one in enumerate(data["fits"])
    }
