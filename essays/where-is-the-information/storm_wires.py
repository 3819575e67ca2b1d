"""Two wires to your town, and the sliders that buy their bits."""

import infodecomp
from infodecomp.explorable import Axis, BitGauge, Label, Line, Plot, figure

from .storms import PURCHASE, STORM_A, STORM_B, percent, settle_purchase, town


@figure(
    parameters=(STORM_A, STORM_B, *PURCHASE),
    title="Two wires to your town",
    controls=("mode", "bits_a", "bits_b", "budget", "trade"),
)
def storm_transmission_sliders(storm_a, storm_b, bits_a, bits_b, mode, budget, trade):
    """How often each line turns a digit over, for the bits that it delivers; a town has no more than its entropy to tell."""
    data = {}
    for town_, storm, bits in (("a", storm_a, bits_a), ("b", storm_b, bits_b)):
        entropy = infodecomp.binary_entropy(storm).item()
        data[f"bits_{town_}"] = min(bits, entropy)
        data[f"entropy_{town_}"] = entropy
        data[f"flip_{town_}"] = infodecomp.bsc_crossover_probability(min(bits, entropy), storm).item()
        data[f"unspent_{town_}"] = max(bits - entropy, 0.0)
    return data


storm_transmission_sliders.derive(settle_purchase)


@storm_transmission_sliders.draw
def wires_picture(data):
    marks = [
        Line((8, 47), (60, 60), "series-1", width=1.6, dash="" if data["bits_a"] else "2 5"),
        Line((92, 53), (60, 60), "series-2", width=1.6, dash="" if data["bits_b"] else "2 5"),
        town(8, 34, "series-1", scale=1.1),
        town(92, 34, "series-2", scale=1.1),
        town(50, 34, "target", scale=1.3),
        Label(8, 34, "town A", "series-1-text", "middle", dy=20, bold=True),
        Label(92, 34, "town B", "series-2-text", "middle", dy=20, bold=True),
        Label(50, 34, "your town", "target-text", "middle", dy=20, bold=True),
    ]
    for x, bits, flip, role in (
        (29, data["bits_a"], data["flip_a"], "series-1"),
        (71, data["bits_b"], data["flip_b"], "series-2"),
    ):
        marks += [
            BitGauge(x, 60, bits, role, side=18, dx=-9, dy=-24),
            Label(x, 60, f"{bits:.2f} bits", f"{role}-text", "middle", dy=20, bold=True),
            Label(x, 60, f"{percent(flip)} wrong" if bits else "no line", "muted", "middle", dy=37, size=12),
        ]
    return Plot(
        tuple(marks),
        Axis(domain=(0, 100), hidden=True),
        Axis(domain=(0, 100), hidden=True),
        ratio=0.24,
        heights=(150, 160),
        margins=(4, 10, 4, 10),
    )


@storm_transmission_sliders.values
def wires_values(data):
    return {name: data[name] for name in ("flip_a", "flip_b")}


@storm_transmission_sliders.describe
def wires_description(data):
    told = f"The line from A turns over {percent(data['flip_a'])} of its digits, the line from B {percent(data['flip_b'])}."
    for town_ in ("a", "b"):
        if data[f"unspent_{town_}"] > 0.005:
            told += f" Town {town_.upper()} has only {data[f'entropy_{town_}']:.2f} bits to tell; more buys nothing."
    return told


@storm_transmission_sliders.table
def wires_table(data):
    return {
        "town": ["A", "B"],
        "bits": [data["bits_a"], data["bits_b"]],
        "flip_probability": [data["flip_a"], data["flip_b"]],
    }
