"""Two wires to your town, and the sliders that buy their bits."""

import infodecomp
from infodecomp.explorable import Axis, Bits, Label, Line, Plot, figure

from .storms import BITS_A, BITS_B, percent, town


@figure(parameters=(BITS_A, BITS_B), title="Two wires to your town", controls=("bits_a", "bits_b"))
def storm_transmission_sliders(bits_a, bits_b):
    """How often each line turns a digit over, for the bits that it delivers."""
    return {"bits_a": bits_a, "bits_b": bits_b, "flip_a": infodecomp.flip_probability(bits_a).item(),
            "flip_b": infodecomp.flip_probability(bits_b).item()}


@storm_transmission_sliders.draw
def wires_picture(data):
    marks = [
        Line((8, 47), (60, 60), "town-a", width=1.6, dash="" if data["bits_a"] else "2 5"),
        Line((92, 53), (60, 60), "town-b", width=1.6, dash="" if data["bits_b"] else "2 5"),
        town(8, 34, "town-a", scale=1.1), town(92, 34, "town-b", scale=1.1), town(50, 34, "yours", scale=1.3),
        Label(8, 34, "town A", "town-a-text", "middle", dy=20, bold=True),
        Label(92, 34, "town B", "town-b-text", "middle", dy=20, bold=True),
        Label(50, 34, "your town", "yours-text", "middle", dy=20, bold=True),
    ]
    for x, bits, flip, role in ((26, data["bits_a"], data["flip_a"], "town-a"), (74, data["bits_b"], data["flip_b"], "town-b")):
        marks += [
            Bits(x, 60, bits, role, side=18, dx=-9, dy=-24),
            Label(x, 60, f"{bits:.2f} bits", f"{role}-text", "middle", dy=20, bold=True),
            Label(x, 60, f"{percent(flip)} garbled" if bits else "no line", "muted", "middle", dy=37, size=12),
        ]
    return Plot(tuple(marks), Axis(domain=(0, 100), hidden=True), Axis(domain=(0, 100), hidden=True), ratio=0.24,
                heights=(150, 160), margins=(4, 10, 4, 10))


@storm_transmission_sliders.values
def wires_values(data):
    return {name: data[name] for name in ("flip_a", "flip_b")}


@storm_transmission_sliders.describe
def wires_description(data):
    return (f"The line from A turns over {percent(data['flip_a'])} of its digits, the line from B {percent(data['flip_b'])}.")


@storm_transmission_sliders.table
def wires_table(data):
    return {"town": ["A", "B"], "bits": [data["bits_a"], data["bits_b"]], "flip_probability": [data["flip_a"], data["flip_b"]]}
