"""The pictures of one telegraph line: its message, its noise against its bits, its channel matrix."""

import math

import numpy as np

from infodecomp.explorable import (
    Area,
    Axis,
    BitGauge,
    Digits,
    Dot,
    Dots,
    DragHandle,
    Label,
    Line,
    Plot,
    Rect,
    StateLink,
)

FLIP_LEVEL = 0.55  # how high a 1 stands where digits have no voltage


def noise_words(data) -> str:
    """The noise of a line, in words."""
    noise = data["noise"]
    if data["line"] == "flip":
        return f"{share(noise)} of the digits flipped"
    return "infinite noise" if noise is None else f"{noise:.2f} V of noise"


def share(p: float) -> str:
    """A share in percent; it reads 0 only where it is 0."""
    percent = 100 * p
    if percent == 0 or percent >= 1:
        return f"{percent:.0f}%"
    return (f"{percent:.1f}" if percent >= 0.1 else "under 0.1") + "%"


def message_picture(data) -> Plot:
    """The digits sent, the signal received for each, and the digits read; wrong ones are struck through."""
    sent, received = (np.asarray(data["digits"][name]) for name in ("sent", "received"))
    flip = data["line"] == "flip"
    level = FLIP_LEVEL if flip else data["level"]
    height = FLIP_LEVEL * (2 * received - 1) if flip else np.asarray(data["height"])
    n, wrong = len(sent), np.flatnonzero(sent != received).tolist()
    middle = np.arange(n) + 0.5
    wire = np.repeat(level * (2 * sent - 1), 2)
    stems = (
        np.stack([middle] * 3, 1).ravel(),
        np.stack([level * (2 * sent - 1), height, np.full(n, np.nan)], 1).ravel(),
    )
    right = sent == received
    marks = [Rect(i, -1.62, i + 1, 1, "series-2", opacity=0.13, radius=3) for i in wrong]
    marks += [
        Line((0, n), (0, 0), "noise", width=1, dash="2 4"),
        Line(np.repeat(np.arange(n + 1), 2)[1:-1], wire, "series-1", width=1.6, opacity=0.45),
        Line(*stems, "noise", width=1),
        Dots(middle[right], height[right], ("series-1",), radius=3.6),
        *(Dot(i + 0.5, float(height[i]), "paper", radius=4, rim="series-2") for i in wrong),
        Digits(middle, 1, _written(sent), dy=-8),
        Digits(middle[right], -1, _written(received[right]), dy=19),
        Digits(
            middle[~right], -1, _written(received[~right]), "series-2-text", dy=19, bold=True, strike=True
        ),
    ]
    return Plot(
        (*marks, *_row_names(data, level), _send_again(data, n)),
        Axis(domain=(0, n), hidden=True),
        Axis(domain=(-1, 1), hidden=True),
        ratio=0.26,
        heights=(150, 166),
        margins=(46, 4, 34, 70),
    )


def _written(digits) -> str:
    return "".join(map(str, digits.tolist()))


def _row_names(data, level):
    yield Label(0, 1, "sent", "series-1-text", "end", dx=-8, dy=-8)
    yield Label(0, -1, "received", "ink", "end", dx=-8, dy=19)
    names = ("1", "0") if data["line"] == "flip" else ("+1 V", "\u22121 V")
    if level > 0.24:
        for sign, name in zip((1, -1), names):
            yield Label(0, sign * level, name, "muted", "end", dx=-8, dy=4, size=12)
    else:
        yield Label(0, 0, "\u00b11 V", "muted", "end", dx=-8, dy=4, size=12)


def _send_again(data, n) -> StateLink:
    return StateLink(
        f"message={data['next_message']}",
        "Send another message",
        (
            Rect(n * 0.55, 1.2, n, 2.6, "paper", opacity=0),
            Label(n, 1, "send another \u203a", "selection-text", "end", dy=-32, bold=True),
        ),
        screen_only=True,
    )


def bought_picture(data, bits_line) -> Plot:
    """The bits that a line delivers against its noise, with the chosen line on the curve."""
    flip = data["line"] == "flip"
    x, bits = data["place"], data["bits"]
    end = 0.5 if flip else 1.0
    places, curve = data["curve"]["noise"], data["curve"]["bits"]
    if x < 0.6 * end:
        beside = (
            BitGauge(x, bits, bits, "series-1", dx=14, dy=-9),
            Label(x, bits, f"{bits:.2f} bits", "series-1-text", dx=32, dy=-5, bold=True),
        )
    else:  # no room to the right of the point: above the curve, at the end of the axis
        over = max(bits, float(np.interp(0.62 * end, places[::-1], curve[::-1])))
        beside = (
            BitGauge(end, over, bits, "series-1", dx=-13, dy=-15),
            Label(end, over, f"{bits:.2f} bits", "series-1-text", "end", dx=-18, dy=-11, bold=True),
        )
    handle = DragHandle(
        x,
        bits,
        "Noise of the line and bits a digit",
        state={"bits_line": (bits, bits_line)},
        keys=("bits_line",),
        text=f"{bits:.2f} bits a digit; {noise_words(data)}",
        marks=(Dot(x, bits, "selection", radius=7.5, rim="rim"),),
    )
    marks = (
        Line(places, curve, "series-1", width=2.2),
        Line((x, x), (0, bits), "selection", width=1.6, dash="2 3"),
        *beside,
        handle,
    )
    if flip:
        axis = Axis(
            "digits flipped",
            (0, 0.5),
            ticks=(0, 0.1, 0.2, 0.3, 0.4, 0.5),
            names={tick / 10: share(tick / 10) for tick in range(6)},
        )
    else:
        volts = {0: "0", 0.5: "\u00bd", 1: "1", 2: "2", 4: "4"}
        names = {v / (1 + v): name for v, name in volts.items()} | {1.0: "\u221e"}
        axis = Axis("noise in volts (standard deviation)", (0, 1), ticks=tuple(names), names=names)
    return Plot(
        marks,
        axis,
        Axis("bits that arrive of each digit", (0, 1.14), ticks=(0, 0.5, 1), grid=True),
        ratio=0.62,
        heights=(180, 200),
        margins=(38, 20, 44, 34),
        grab=True,
    )


def channel_picture(data) -> Plot:
    """The binary symmetric channel as a matrix."""
    marks = [Label(0, 2, "chance of what is received", "muted", dx=-54, dy=-14, size=12)]
    for row in (0, 1):
        for column in (0, 1):
            p = data["noise"] if row != column else 1 - data["noise"]
            role = "series-1" if row == column else "series-2"
            marks += [
                Rect(column, 1 - row, column + 1, 2 - row, role, opacity=0.06 + 0.42 * p, inset=2, radius=4),
                Label(column + 0.5, 1.5 - row, f"{p:.3f}", "ink", "middle", dy=6, size=18, bold=True),
            ]
        marks += [
            Label(0, 1.5 - row, f"sent {row}", "series-1-text", "end", dx=-8, dy=5, bold=True),
            Label(row + 0.5, 0, f"received {row}", "ink", "middle", dy=19, bold=True),
        ]
    return Plot(
        tuple(marks),
        Axis(domain=(0, 2), hidden=True),
        Axis(domain=(0, 2), hidden=True),
        ratio=0.62,
        heights=(180, 200),
        margins=(38, 4, 44, 58),
    )


def voltage_picture(data) -> Plot:
    """The densities of the received voltage after a 0 and after a 1, and their overlap."""
    place, after_0, after_1 = (np.asarray(data["density"][name]) for name in ("place", "after_0", "after_1"))
    both = np.minimum(after_0, after_1)
    marks = (
        Area(place, both, after_0, "noise", opacity=0.3),
        Area(place, both, after_1, "series-1", opacity=0.3),
        Area(place, 0, both, "series-2", opacity=0.3),
        Line((0, 0), (0, 1.04), "muted", width=1, dash="2 4"),
        Line(place, after_0, "muted", width=2, dash="6 4"),
        Line(place, after_1, "series-1", width=2),
        Label(-1, 1, "sent 0", "muted", dx=2, dy=4, bold=True),
        Label(1, 1, "sent 1", "series-1-text", "end", dx=-2, dy=4, bold=True),
    )
    title = Label(-1, 1.08, "how often each voltage is received", "muted", dx=-4, dy=-14, size=12)
    return Plot(
        (*marks, title),
        _volts(data["reach"], data["level"]),
        Axis(domain=(0, 1.08), hidden=True),
        ratio=0.62,
        heights=(180, 200),
        margins=(38, 14, 44, 14),
    )


def _volts(reach, level) -> Axis:
    """The voltage axis: one volt each way while the two densities are apart, then round numbers."""
    if reach is None:
        names = {0.0: "any, whatever was sent"}
    elif level > 0.15:
        names = {-level: "\u22121", 0.0: "0", level: "+1"}
    else:
        power = 10.0 ** math.floor(math.log10(0.8 * reach))
        volts = max(step * power for step in (1, 2, 5) if step * power <= 0.8 * reach)
        names = {-volts / reach: f"\u2212{volts:.0f}", 0.0: "\u00b11", volts / reach: f"+{volts:.0f}"}
    return Axis("volts received", (-1, 1), ticks=tuple(names), names=names)
