"""What channels other than binary symmetric ones gain, and what the best ones found look like."""

import numpy as np

import infodecomp
from infodecomp.experiments.frontiers import ANY_LINE, BUDGETS, as_config
from infodecomp.explorable import (
    Area,
    Axis,
    BitGauge,
    Choice,
    Dot,
    Dots,
    DragHandle,
    HConcat,
    Label,
    Line,
    Plot,
    Range,
    Tooltip,
    figure,
    key_number,
)

from .storms import STORMS, nothing_to_learn, percent, weather

LEAST = 0.01  # bits: the scale of gains never shows less
NOTHING = 1e-6  # bits: a gain below this is none
NEVER = 5e-4  # probability: an error so rare is not drawn

BUDGET_ANY = Range(
    name="budget_any", label="bits in all", default=1, low=0, high=2, step=0.05, unit="bits", role="selection"
)
COMPARE = Choice(
    name="compare",
    label="Show",
    default="fronts",
    options={"fronts": "what each kind of line teaches", "gain": "the difference"},
)


def _joint(storms: dict) -> tuple[float, ...]:
    """The setting of the search that is the joint of both towns and the target."""
    return as_config(weather(**storms).joint)


@figure(
    parameters=(*STORMS, BUDGET_ANY, COMPARE),
    title="Any line at all",
    controls=("compare", "budget_any"),
    decimals=4,
    presets={
        "and-any": "p00=0&p01=0&p10=0&p11=1&storm_a=.5&storm_b=.5&tie=0&budget_any=1",
        "or-any": "p00=0&p01=1&p10=1&p11=1&storm_a=.5&storm_b=.5&tie=0&budget_any=1",
        "xor-any": "p00=0&p01=1&p10=1&p11=0&storm_a=.5&storm_b=.5&tie=0&budget_any=1",
        "half-a-bit-any": "budget_any=.5",
        "one-bit-any": "budget_any=1",
    },
)
def storm_any_line(budget_any, compare, **storms):
    """The best frontier found over all binary channels minus that of symmetric ones, and its channels."""
    return _data(ANY_LINE.last(joint=_joint(storms)), budget_any, storms) | {"compare": compare}


@storm_any_line.derive
def settle_budget(state):
    return {"budget_any": BUDGET_ANY.snap(state["budget_any"])}


@storm_any_line.is_cached
def found(state):
    return ANY_LINE.is_cached(joint=_joint({parameter.name: state[parameter.name] for parameter in STORMS}))


@storm_any_line.partial_results
def search(state):
    storms = {parameter.name: state[parameter.name] for parameter in STORMS}
    for front in ANY_LINE.partial_results(joint=_joint(storms)):
        yield _data(front, state["budget_any"], storms) | {"compare": state["compare"]}


def _data(front: infodecomp.GeneralFrontier, budget: float, storms: dict) -> dict:
    flips = infodecomp.information_frontier(weather(**storms).joint, BUDGETS).information
    information = np.maximum(
        front.information.numpy(), flips.numpy()
    )  # they differ by rounding where no line is better
    at = int(np.abs(np.array(BUDGETS) - budget).argmin())
    lines = {
        town: {"bits": bits[at].item(), "p": line[at].numpy()}
        for town, bits, line in (("a", front.bits_a, front.channel_a), ("b", front.bits_b, front.channel_b))
    }
    return {
        "front": {
            "budget": np.array(BUDGETS),
            "gain": information - flips.numpy(),
            "information": information,
            "flip_information": flips.numpy(),
            "bits_a": front.bits_a.numpy(),
            "bits_b": front.bits_b.numpy(),
            "gap": front.gap.clamp_min(0).numpy(),
            "reached": front.reached.numpy(),
        },
        "errors": {
            f"{town}_{word}": line[:, x, 1 - x].numpy()
            for town, line in (("a", front.channel_a), ("b", front.channel_b))
            for x, word in enumerate(("calm_garbled", "storm_garbled"))
        },
        "at": at,
        "lines": lines,
        "done": front.progress,
        "nothing": nothing_to_learn(weather(**storms)),
    }


@storm_any_line.draw
def any_line_picture(data):
    lines = HConcat(
        tuple(_line_picture(town, line["bits"], line["p"]) for town, line in data["lines"].items()),
        (1, 1),
        gap=18,
        stack_below=300,
    )
    front = _gain_picture(data) if data["compare"] == "gain" else _fronts_picture(data)
    return HConcat((front, lines), (1.5, 1), gap=28)


def _fronts_picture(data) -> Plot:
    """Both frontiers."""
    front, at = data["front"], data["at"]
    budget, top = front["budget"], max(float(front["information"].max()), 0.02)
    half = len(budget) // 2
    marks = (
        Area(budget, front["flip_information"], front["information"], "target", 0.35),
        Line(budget, front["information"], "best", 2.2),
        Line(budget, front["flip_information"], "series-1", 2.2, dash="6 4"),
        Label(
            budget[half],
            front["information"][half],
            "best lines found",
            "ink",
            "end",
            dx=-8,
            dy=-10,
            bold=True,
            halo=True,
        ),
        Label(
            budget[half],
            front["flip_information"][half],
            "best flip lines",
            "series-1-text",
            dx=10,
            dy=18,
            bold=True,
            halo=True,
        ),
        Line((budget[at],) * 2, (0, front["information"][at]), "selection", 2, dash="2 3"),
        Label(
            budget[at],
            0,
            f"+{front['gain'][at]:.4f} bits",
            "selection-text",
            "end" if budget[at] > 1 else "start",
            dx=-9 if budget[at] > 1 else 9,
            dy=-9,
            bold=True,
            halo=True,
        ),
        DragHandle(
            budget[at],
            front["information"][at],
            "Bits in all",
            state={"budget_any": (float(budget[at]), BUDGET_ANY)},
            moves="budget_any",
            axis="x",
            text=_spoken(data),
            marks=(Dot(budget[at], front["information"][at], "selection", 7, rim="rim"),),
        ),
    )
    return Plot(
        marks,
        Axis("bits received in all", (0, 2), ticks=(0, 0.5, 1, 1.5, 2)),
        Axis("bits learnt about your town", (0, top * 1.06), count=4, grid=True),
        heights=(338, 338),
        ratio=0.7,
        margins=(34, 14, 46, 58),
        hover=Tooltip(
            "front",
            "budget",
            "information",
            "{budget:2} bits: {information:4} by any lines, {flip_information:4} by flips",
        ),
    )


def _gain_picture(data) -> Plot:
    front, at = data["front"], data["at"]
    budget, gain = front["budget"], front["gain"]
    peak, most = int(gain.argmax()), float(gain.max())
    top = max(1.25 * most, LEAST)
    # the shortfall of half of the starts
    fell = np.stack([gain, np.maximum(gain - front["gap"], 0), np.full_like(gain, np.nan)], 1)
    marks = [
        Line(budget.repeat(3), fell.ravel(), "noise", 3),
        Line(budget, gain, "best", 2.2),
        Dots(budget, gain, ("ink",), radius=1.6),
        Line((budget[at],) * 2, (0, gain[at]), "selection", 2, dash="2 3"),
    ]
    if most < NOTHING:
        note = "no line was found that beats a flip line" if data["done"] == 1 else ""
        marks.append(Label(1, top * 0.375, note, "muted", "middle", dy=4, halo=True))
    else:
        marks.append(
            Label(
                budget[peak],
                most,
                "best lines found",
                "ink",
                "start" if budget[peak] < 0.5 else "end" if budget[peak] > 1.5 else "middle",
                dy=-14,
                bold=True,
                halo=True,
            )
        )
    if data["done"] < 1:
        marks.append(
            Label(2, top, f"searching, {percent(data['done'])}", "muted", "end", dy=12, size=12, halo=True)
        )
    if most > top / 4:  # elsewhere the line lies on the axis, which has a name
        marks.append(
            Label(
                _room(budget, gain, budget[at], top),
                0,
                "flip lines",
                "muted",
                "middle",
                dy=-7,
                size=12,
                halo=True,
            )
        )
    marks.append(
        DragHandle(
            budget[at],
            gain[at],
            "Bits in all",
            state={"budget_any": (float(budget[at]), BUDGET_ANY)},
            moves="budget_any",
            axis="x",
            text=_spoken(data),
            marks=(Dot(budget[at], gain[at], "selection", 7, rim="rim"),),
        )
    )
    return Plot(
        tuple(marks),
        Axis("bits received in all", (0, 2), ticks=(0, 0.5, 1, 1.5, 2)),
        Axis("bits learnt beyond what flip lines teach", (0, top), count=4, grid=True),
        heights=(338, 338),
        ratio=0.7,
        margins=(34, 14, 46, 58),
        hover=Tooltip("front", "budget", "gain", "{budget:2} bits: {gain:4} more than flip lines"),
    )


def _room(budget, gain, taken: float, top: float) -> float:
    """A position for the label that is clear of the axis and the curve."""
    for x in (1.5, 0.7, 1.72, 1.1):
        near = gain[np.abs(budget - x) < 0.26]
        if abs(x - taken) > 0.26 and (near.min() > 0.12 * top or near.max() < NOTHING):
            return x
    return 1.5 if taken < 1.2 else 0.7


def _line_picture(town: str, bits: float, p: np.ndarray) -> Plot:
    """A channel as arrows from what was sent to what arrives; p: (2, 2) p(u|x)."""
    role, silent = {"a": "series-1", "b": "series-2"}[town], bits < NOTHING
    marks = [
        Label(0, 1, f"town {town.upper()}", f"{role}-text", dx=-44, dy=-38, bold=True),
        BitGauge(0, 1, bits, role, dx=13, dy=-43),
        Label(0, 1, f"{bits:.2f} bits", f"{role}-text", dx=33, dy=-38),
    ]
    for x in (0, 1):
        for u in (1 - x, x):  # correct symbols are drawn over wrong ones
            share = float(p[x, u])
            if share >= NEVER and not silent:
                marks.append(
                    Line((0, 1), (1 - x, 1 - u), role if x == u else "noise", 0.8 + 5 * share, opacity=0.9)
                )
    for x, word in ((0, "calm"), (1, "storm")):
        marks += [
            Label(0, 1 - x, word, f"{role}-text", "end", dx=-8, dy=4, size=12),
            Dot(0, 1 - x, role, 3.5),
            Label(1, 1 - x, str(x), "ink", dx=9, dy=5, mono=True, bold=True),
            Dot(1, 1 - x, "ink", 3.5),
        ]
        if silent:
            marks.append(Line((0, 1), (1 - x, 1 - x), role, 1.2, dash="2 5"))
        else:
            marks += [
                Label(0.56, 1 - x, _share(p[x, x]), "ink", "middle", dy=18 if x else -8, size=12, halo=True)
            ]
            if p[x, 1 - x] >= NEVER:
                marks.append(Dot(0.26, (0.74, 0.26)[x], "paper", 11))
                marks.append(
                    Label(0.26, (0.74, 0.26)[x], _share(p[x, 1 - x]), "muted", "middle", dy=4, size=12)
                )
    marks.append(Label(0, 0, _kind(p, silent), "muted", dx=-44, dy=38, size=12))
    return Plot(
        tuple(marks),
        Axis(domain=(0, 1), hidden=True),
        Axis(domain=(0, 1), hidden=True),
        heights=(165, 165),
        margins=(54, 24, 48, 46),
    )


def _share(p: float) -> str:
    return "<1\u202f%" if 0 < p < 0.005 else percent(float(p))


def _kind(p: np.ndarray, silent: bool) -> str:
    calm, storm = p[0, 1], p[1, 0]  # garbled
    if silent:
        return "no bits are bought"
    if max(calm, storm) < NEVER:
        return "nothing is garbled"
    if min(calm, storm) < NEVER:
        return f"{'calm' if calm < storm else 'a storm'} is never garbled"
    if abs(calm - storm) < 0.005:
        return "a flip line"
    return f"{'calm' if calm < storm else 'a storm'} is garbled less"


def _row(data) -> dict:
    return {name: float(column[data["at"]]) for name, column in data["front"].items()}


def _spoken(data) -> str:
    row = _row(data)
    return f"{row['budget']:.2f} bits; the best lines found gain {row['gain']:.4f} bits over flip lines"


@storm_any_line.values
def any_line_values(data):
    row = _row(data)
    return {
        name: row[name]
        for name in ("gain", "information", "flip_information", "bits_a", "bits_b", "gap", "reached")
    } | {"most_gain": float(data["front"]["gain"].max())}


@storm_any_line.describe
def any_line_description(data):
    row = _row(data)
    if data["nothing"]:
        return data["nothing"]
    if data["front"]["gain"].max() < NOTHING:
        return "The search found no line that beats a flip line; it is not proven that none does."
    gain = key_number(f"{row['gain']:.4f} bits", "selection")
    return (
        f"With {row['budget']:.2f} bits, the best lines found teach you {gain} more than flip lines do; "
        "it is not proven that none is better."
    )


@storm_any_line.value_text
def any_line_value_text(data):
    return {"budget_any": _spoken(data)}


@storm_any_line.table
def any_line_table(data):
    return data["front"] | data["errors"]
