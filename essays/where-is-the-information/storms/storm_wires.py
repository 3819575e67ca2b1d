"""The two telegraph wires to your town: a wire is as thick as the bits that the reader buys on it."""

import numpy as np

from infodecomp.explorable import (
    Axis,
    BitGauge,
    Digits,
    Dot,
    DragHandle,
    HConcat,
    Label,
    Line,
    Plot,
    figure,
    key_number,
)

from .storms import (
    BITS_A,
    BITS_B,
    NEGLIGIBLE,
    PURCHASE,
    STORMS,
    channel,
    learnt,
    nothing_to_learn,
    percent,
    settle_purchase,
    storm_bits,
    town,
    world_of,
)

DIGITS = 16  # digits on a wire
GROUND, TOP, SAG = 20.0, 80.0, 12.0  # in units of the plots' vertical axis, 0 to 100
POLE, END = 30.0, 99.0  # the poles at a source town and at your town, in units of the horizontal axis
FIRST, LAST = 38.0, 92.0  # where the handle stands at 0 bits and at 1 bit
SOURCES = {"a": ("A", "series-1", BITS_A), "b": ("B", "series-2", BITS_B)}


@figure(
    parameters=(*STORMS, *PURCHASE),
    title="Two wires to your town",
    controls=("mode", "bits_a", "bits_b", "budget", "trade"),
)
def storm_transmission_sliders(bits_a, bits_b, mode, budget, trade, **storms):
    """The crossover probability that each wire's bits leave, example digits, and what both wires teach."""
    world = world_of(storms)
    data = {}
    for source, chance, bits in (("a", storms["storm_a"], bits_a), ("b", storms["storm_b"], bits_b)):
        entropy = storm_bits(chance)
        bought = min(bits, entropy)
        flip = channel(bought, chance).item()
        sent, received = _example_digits(source, chance, flip)
        data |= {
            f"bits_{source}": bought,
            f"entropy_{source}": entropy,
            f"flip_{source}": flip,
            f"unspent_{source}": max(bits - entropy, 0.0),
            f"sent_{source}": sent,
            f"received_{source}": received,
        }
    information = learnt(data["bits_a"], data["bits_b"], **storms)
    return data | {
        "information": information,
        "entropy": world.entropy,
        "nothing": nothing_to_learn(world),
    }


storm_transmission_sliders.derive(settle_purchase)


def _example_digits(source: str, chance: float, flip: float) -> tuple[np.ndarray, np.ndarray]:
    """Digits sent and received, from the same random numbers at every noise: what is wrong stays wrong."""
    storm, luck = np.random.default_rng(ord(source)).random((2, DIGITS))
    sent = (storm < chance).astype(int)
    return sent, np.where(luck < flip, 1 - sent, sent)


@storm_transmission_sliders.draw
def wires_picture(data):
    return HConcat(
        (_wire(data, "a"), _your_town(data), _wire(data, "b")), (5, 2.4, 5), gap=0, stack_below=480
    )


def _wire(data, source: str) -> Plot:
    """A source town, its wire and the handle on it. The wire from B mirrors the wire from A."""
    letter, role, parameter = SOURCES[source]
    side = 1 if source == "a" else -1

    def across(x):
        return x if side > 0 else 100 - x

    bits, flip = data[f"bits_{source}"], data[f"flip_{source}"]
    x = np.linspace(POLE, END, 41)
    knob = FIRST + (LAST - FIRST) * bits
    middle = (FIRST + LAST) / 2
    text = f"{bits:.2f} bits from town {letter}; {percent(flip)} of its digits arrive wrong"
    marks = [
        Line((0, 100), (GROUND, GROUND), "faint", width=1.5),
        town(across(13), GROUND, role, scale=0.82),
        Label(across(13), GROUND, f"town {letter}", f"{role}-text", "middle", dy=18, bold=True),
        *(Line((across(pole),) * 2, (GROUND, TOP + 4), "muted", width=2.4) for pole in (POLE, END)),
        Line(across(x), _height(x), role, width=0.9 + 5 * bits, dash="" if bits > 0 else "1 6"),
        *_digits(data, source, across),
        BitGauge(across(middle), 47, bits, role, side=15, dx=-44),
        Label(across(middle), 47, f"{bits:.2f} bits", f"{role}-text", dx=-22, dy=5, bold=True),
        Label(
            across(middle),
            34,
            f"{percent(flip)} arrive wrong" if bits > 0 else "the wire is dead",
            "muted",
            "middle",
            dy=4,
            size=12.5,
        ),
        DragHandle(
            across(knob),
            _height(knob),
            f"Bits from town {letter}",
            state={parameter.name: (bits, parameter)},
            moves=parameter.name,
            axis="x",
            per_unit=side / (LAST - FIRST),
            text=text,
            marks=(Dot(across(knob), _height(knob), "selection", radius=7.5, rim="rim"),),
        ),
    ]
    return _plot(marks)


def _height(x):
    """The height of the sagging wire at x."""
    half = (END - POLE) / 2
    return TOP - SAG * (1 - ((x - POLE - half) / half) ** 2)


def _digits(data, source: str, across):
    """The received digits above the wire; wrong ones are struck through."""
    received, wrong = data[f"received_{source}"], data[f"received_{source}"] != data[f"sent_{source}"]
    x = np.array([across(FIRST + (LAST - FIRST) * (i + 0.5) / DIGITS) for i in range(DIGITS)])
    for chosen, role, style in (
        (~wrong, "ink", {}),
        (wrong, "series-2-text", {"bold": True, "strike": True}),
    ):
        yield Digits(
            x[chosen], TOP, "".join(map(str, received[chosen].tolist())), role, dy=-8, size=12, **style
        )


def _your_town(data) -> Plot:
    """Your town, and the bits that both wires together teach about its weather."""
    return _plot(
        [
            Line((0, 100), (GROUND, GROUND), "faint", width=1.5),
            town(50, GROUND, "target", scale=1.0),
            Label(50, GROUND, "your town", "target-text", "middle", dy=18, bold=True),
            Label(50, 94, "you learn", "muted", "middle", dy=4, size=12.5),
            BitGauge(50, 78, data["information"], "target", side=20, dx=-10),
            Label(50, 62, f"{data['information']:.2f} bits", "target-text", "middle", dy=6, bold=True),
        ]
    )


def _plot(marks) -> Plot:
    return Plot(
        tuple(marks),
        Axis(domain=(0, 100), hidden=True),
        Axis(domain=(0, 100), hidden=True),
        ratio=0.7,
        heights=(180, 180),
        margins=(14, 0, 8, 0),
    )


@storm_transmission_sliders.values
def wires_values(data):
    return {name: data[name] for name in ("flip_a", "flip_b", "information")}


@storm_transmission_sliders.describe
def wires_description(data):
    if data["nothing"]:
        return data["nothing"]
    entropy = f"{data['entropy']:.2f} bits about your weather"
    if data["bits_a"] + data["bits_b"] < NEGLIGIBLE:
        return f"Both wires are dead, so you learn {key_number('nothing', 'target')} of the {entropy}."
    flip_a, flip_b = (
        key_number(percent(data["flip_a"]), "series-1"),
        key_number(percent(data["flip_b"]), "series-2"),
    )
    sentence = (
        f"The wire from A gets {flip_a} of its digits wrong, the wire from B {flip_b}. Together they teach "
        f"you {key_number(format(data['information'], '.2f'), 'target')} of the {entropy}."
    )
    for source, (letter, _, _) in SOURCES.items():
        if data[f"unspent_{source}"] > 0.005:
            entropy = data[f"entropy_{source}"]
            sentence += f" Town {letter} has only {entropy:.2f} bits to give; more would buy nothing."
    return sentence


@storm_transmission_sliders.table
def wires_table(data):
    return {
        "town": ["A", "B"],
        "bits": [data["bits_a"], data["bits_b"]],
        "flip_probability": [data["flip_a"], data["flip_b"]],
    }
