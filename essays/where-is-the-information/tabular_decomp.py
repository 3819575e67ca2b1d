"""The information plane of the bike rentals: what bits buy, from which features, and how other seeds of the fit would share them."""

import numpy as np

from infodecomp.explorable import (
    Area,
    Axis,
    Dot,
    DragHandle,
    HConcat,
    Label,
    Line,
    Plot,
    StateLink,
    Tooltip,
    figure,
)

from .bikes import ATTRIBUTION, BITS, FEATURE, FEATURES, WEATHER, label, listed, model, record, spent

PUBLISHED = (
    (
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        9,
        10,
        11,
        12,
        13,
        14,
        15,
        16.26,
    ),  # Murphy & Bassett (ICLR 2023): bits, bikes an hour
    (
        181.9,
        162.9,
        150.5,
        145.6,
        139.9,
        130.5,
        115.9,
        103.6,
        92.0,
        86.4,
        81.7,
        76.9,
        73.4,
        70.6,
        68.5,
        66.4,
        65.3,
    ),
)
NOTHING, HOUR_ALONE, BOOSTED = (
    182.3,
    130.6,
    (37, 39),
)  # bikes an hour: RMSE of the mean, of each hour's mean, of boosted trees
MARGINS = (34, 112, 44, 40)
APART = 15  # pixels between two names
SEEN = 0.15  # bits: a spread over seeds below this is not drawn


@figure(
    parameters=(BITS, FEATURE),
    title="What bits buy, and from which features",
    controls=("bits",),
    decimals=1,
    source="Published curve: Murphy & Bassett (2023)",
    attribution=ATTRIBUTION,
    presets={
        "half-a-bit": "bits=.5",
        "one-bit": "bits=1",
        "four-bits": "bits=4",
        "eight-bits": "bits=8",
        "all-bits": "bits=16",
        "look-hour": "feature=hour",
        "look-weekday": "feature=weekday",
        "look-workingday": "feature=workingday",
        "look-temperature": "feature=temperature",
        "look-feels-like": "feature=apparent_temperature",
        "look-season": "feature=season",
        "look-month": "feature=month",
        "look-humidity": "feature=humidity",
        "look-year": "feature=year",
        "look-holiday": "feature=holiday",
    },
)
def tabular_decomp(bits, feature):
    """Error and bits of every feature over all budgets, of the shipped fit and of others that began from other random numbers."""
    plane, names = model().plane, [one.name for one in model().features]
    at = plane.at(bits)
    every = np.maximum.accumulate(plane.bits)
    within = np.unique(np.append(every[(BITS.low < every) & (every < BITS.high)], (BITS.low, BITS.high)))
    front = {"bits": within, "rmse": np.interp(within, every, plane.error)}
    front |= {name: np.interp(within, every, plane.features[:, i]).clip(0) for i, name in enumerate(names)}
    return {
        "front": front,
        "seeds": [_other(other, names, within) for other in record().get("planes", [])],
        "bits": bits,
        "feature": feature,
        "rmse": at.error,
        "rmse_standard_error": at.error_standard_error,
        "spent": spent(bits),
        "published": float(np.interp(bits, *PUBLISHED)),
    }


def _other(plane: dict, names: list, bits) -> dict:
    """The plane of another seed, read at the same budgets; NaN beyond its reach."""
    columns = {"rmse": plane["error"]} | dict(zip(names, np.transpose(plane["features"])))
    spends = np.maximum.accumulate(plane["bits"])
    return {"seed": plane["seed"]} | {
        name: np.interp(bits, spends, column, left=np.nan, right=np.nan) for name, column in columns.items()
    }


@tabular_decomp.draw
def decomp_picture(data):
    return HConcat((_error(data), _shares(data)), (1, 1), stack_below=float("inf"))


def _cursor(data, top) -> Line:
    return Line((data["bits"],) * 2, (0, top), "selection", 1.6)


def _error(data) -> Plot:
    """Total bits against the error."""
    front, bits, rmse = data["front"], data["bits"], data["rmse"]
    marks = [
        Area((0, BITS.high), *BOOSTED, "noise", 0.45),
        Label(BITS.high, BOOSTED[1], "boosted trees", "muted", dx=11, dy=6, size=12),
        *_floor(NOTHING, "nothing known", 4),
        *_floor(HOUR_ALONE, "all of the hour", 4),
        Line(
            (*PUBLISHED[0][:-1], BITS.high),
            (*PUBLISHED[1][:-1], np.interp(BITS.high, *PUBLISHED)),
            "noise",
            1.8,
            dash="6 4",
        ),
        Label(BITS.high, PUBLISHED[1][-1], "as published", "muted", dx=11, dy=3, size=12),
        *(Line(front["bits"], other["rmse"], "noise", 1, opacity=0.6) for other in data["seeds"]),
        Line(front["bits"], front["rmse"], "best", 2.6),
        _cursor(data, rmse),
        DragHandle(
            bits,
            rmse,
            "Bits in all",
            state={"bits": (bits, BITS)},
            moves="bits",
            axis="x",
            text=_spoken(data),
            marks=(Dot(bits, rmse, "selection", 8, rim="rim"),),
        ),
        Label(bits, rmse, f"off by {rmse:.0f}", "ink", dx=12, dy=-9, bold=True, halo=True, size=14)
        if bits < 10.5
        else Label(
            bits, rmse, f"off by {rmse:.0f}", "ink", "end", dx=-4, dy=-14, bold=True, halo=True, size=14
        ),
    ]
    return Plot(
        tuple(marks),
        Axis("", (0, BITS.high), ticks=(0, 4, 8, 12, 16)),
        Axis("off by, bikes an hour (RMSE)", (0, 190), ticks=(0, 50, 100, 150), grid=True),
        heights=(232, 232),
        margins=(34, MARGINS[1], 26, MARGINS[3]),
        grab=True,
        hover=Tooltip("front", "bits", "rmse", "{bits:1} bits: off by {rmse:1} bikes an hour"),
    )


def _floor(rmse, words, dy):
    yield Line((0, BITS.high), (rmse, rmse), "muted", 1, dash="1 4")
    yield Label(BITS.high, rmse, words, "muted", dx=11, dy=dy, size=12)


def _shares(data) -> Plot:
    """The bits of each feature; the one looked into in amber, with how other seeds share them."""
    front, chosen, bits = data["front"], data["feature"], data["bits"]
    top = max(float(front[name].max()) for name in FEATURES) * 1.06
    height = 284
    places = _apart({name: float(front[name][-1]) / top * (height - 34 - MARGINS[2]) for name in FEATURES})
    bands = [
        Area(
            front["bits"], *_spread(data, name), *(("selection", 0.3) if name == chosen else ("noise", 0.08))
        )
        for name in FEATURES
        if data["seeds"] and np.ptp(_spread(data, name), 0).max() > SEEN
    ]
    others = [Line(front["bits"], other[chosen], "selection", 1, opacity=0.75) for other in data["seeds"]]
    picks = [
        _curve(data, name, places[name] / (height - 34 - MARGINS[2]) * top)
        for name in sorted(FEATURES, key=lambda name: name == chosen)
    ]
    told = data["spent"][chosen]
    marks = [
        *bands,
        _cursor(data, top),
        *others,
        *picks,
        *(
            Dot(bits, amount, "ink", 2.6)
            for name, amount in data["spent"].items()
            if name != chosen and amount > 0.03
        ),
        Dot(bits, told, "selection", 5.5, rim="rim"),
        Label(
            bits,
            told,
            f"{told:.2f} bits of {label(chosen)}",
            "selection-text",
            *(("start",) if bits < 9 else ("end",)),
            dx=10 if bits < 9 else -10,
            dy=34 if bits >= 9 and told > 0.8 * top else -8,
            bold=True,
            halo=True,  # the key is above
            narrow=f"{told:.2f} bits" if bits >= 9 else None,
        ),
        Label(
            0,
            top,
            "\u2014 the calendar   - - the weather",
            "muted",
            dx=8,
            dy=10,
            size=12,
            halo=True,
            narrow="\u2014 calendar  - - weather",
        ),
    ]
    return Plot(
        tuple(marks),
        Axis("bits in all", (0, BITS.high), ticks=(0, 4, 8, 12, 16)),
        Axis("bits of each feature", (0, top), ticks=tuple(range(int(top) + 1)), grid=True),
        heights=(height, height),
        margins=(34, MARGINS[1], MARGINS[2], MARGINS[3]),
        grab=True,
    )


def _curve(data, name, place) -> StateLink:
    """A feature's line with a broad one beneath for hands, and its name beside the end, led to where names lie too near."""
    front, chosen = data["front"], name == data["feature"]
    x, y = front["bits"], front[name]
    text = f"{label(name)}: {data['spent'][name]:.2f} of {data['bits']:.1f} bits"
    return StateLink(
        f"feature={name}",
        text,
        (
            Line(x, y, "paper", 13, opacity=0.004),
            Line(
                x,
                y,
                "selection" if chosen else "ink",
                3 if chosen else 1.5,
                dash="5 3" if name in WEATHER else "",
                opacity=1 if chosen else 0.62,
            ),
            Line(
                (BITS.high * 1.004, BITS.high * 1.022), (y[-1], place), "selection" if chosen else "noise", 1
            ),
            Label(
                BITS.high * 1.022,
                place,
                label(name),
                "selection-text" if chosen else "ink",
                dx=3,
                dy=4,
                size=12,
                bold=chosen,
            ),
        ),
        chosen,
        on_hover=True,
    )


def _spread(data, name):
    """The least and the most bits of a feature over all seeds, at each budget."""
    every = np.stack([data["front"][name], *(other[name] for other in data["seeds"])])
    return np.nanmin(every, 0), np.nanmax(every, 0)


def _apart(places: dict, least: float = -4) -> dict:
    """Heights in pixels, moved as little as makes them APART (least squares, by pooling what collides)."""
    names = sorted(places, key=places.get)
    groups: list[list] = []  # [the height of the first, its members]
    for name in names:
        groups.append([places[name], [name]])
        while len(groups) > 1 and groups[-2][0] + APART * len(groups[-2][1]) > groups[-1][0]:
            _, members = groups.pop()
            joined = groups[-1][1] + members
            groups[-1] = [float(np.mean([places[one] - APART * i for i, one in enumerate(joined)])), joined]
        groups[-1][0] = max(groups[-1][0], least)
    return {name: start + APART * i for start, members in groups for i, name in enumerate(members)}


def _spoken(data) -> str:
    return f"{data['bits']:.1f} bits; off by {data['rmse']:.0f} bikes an hour"


@tabular_decomp.values
def decomp_values(data):
    return {
        "bits": data["bits"],
        "rmse": data["rmse"],
        "rmse_standard_error": data["rmse_standard_error"],
        "published": data["published"],
        **{name: data["spent"][name] for name in FEATURES},
    }


@tabular_decomp.describe
def decomp_description(data):
    told = listed(data["spent"])
    spread = ""
    if data["seeds"]:
        at = [
            float(np.interp(data["bits"], data["front"]["bits"], other[data["feature"]]))
            for other in data["seeds"]
        ]
        least, most = min(*at, data["spent"][data["feature"]]), max(*at, data["spent"][data["feature"]])
        if most - least > 0.15:
            spread = f" Other fits: {label(data['feature'])} {least:.1f} to {most:.1f}."
    return f"{data['bits']:.1f} bits: off by {data['rmse']:.0f} bikes an hour, with {told}.{spread}"


@tabular_decomp.value_text
def decomp_voice(data):
    return {"bits": _spoken(data)}


@tabular_decomp.table
def decomp_table(data):
    return data["front"]
