"""The bits that a distributed bottleneck spends on the neurons of the first layer, at the reader's budget."""

import numpy as np

from infodecomp.experiments.neurons.digit_networks import HIDDEN
from infodecomp.experiments.neurons.neuron_bits import NEURON_BITS
from infodecomp.explorable import Axis, Dot, Dots, DragHandle, HConcat, Label, Line, Plot, Range

from .digits import measures
from .stored import stored

BUDGET = Range(
    name="budget",
    label="bits in all",
    default=8,
    low=0.1,
    high=25,
    step=0.1,
    unit="bits",
    role="selection",
    active_when=("part", "bottleneck"),
)
PAID = 0.02  # bits from which a neuron counts as used
DIGIT_BITS = float(np.log2(10))  # about the digit, when nothing is known


def budget_data(budget: float, depth: int) -> dict:
    """The bits that the bottleneck gives each neuron of the network with dropout."""
    found = stored(NEURON_BITS)
    unknown, each = found.at(budget)
    return {
        "part": "bottleneck",
        "depth": depth,
        "budget": budget,
        "plane": {"bits": found.bits, "unknown": found.unknown},
        "unknown": unknown,
        "neurons": {
            "neuron": np.arange(1, HIDDEN + 1),
            "bits": each,
            "information": measures("mnist", "dropout", "8").information[:HIDDEN],
        },
    }


def budget_picture(data) -> HConcat:
    return HConcat((_plane(data), _given(data)), (1.2, 1), gap=26)


def n_paid(data) -> int:
    """How many neurons are given bits."""
    return int((np.asarray(data["neurons"]["bits"]) > PAID).sum())


def budget_description(data) -> str:
    paid = n_paid(data)
    return (
        f"With {data['budget']:.1f} bits for the whole layer, {data['unknown']:.2f} of {DIGIT_BITS:.2f} bits "
        f"about the digit stay unknown; {paid} neurons get bits, {HIDDEN - paid} get none."
    )


def _plane(data) -> Plot:
    """What is still unknown about the digit, at every budget."""
    x, y, shown = data["budget"], data["unknown"], np.linspace(BUDGET.low, BUDGET.high, 101)
    marks = (
        Line((0, 25), (DIGIT_BITS, DIGIT_BITS), "noise", 1.4, dash="3 4"),
        Label(25, DIGIT_BITS, "nothing known", "muted", "end", dy=-7, size=12.5, halo=True),
        Line(shown, np.interp(shown, data["plane"]["bits"], data["plane"]["unknown"]), "best", 2.6),
        Line((x, x), (0, y), "selection", 1.4),
        DragHandle(
            x,
            y,
            "bits in all",
            state={"budget": (x, BUDGET)},
            moves="budget",
            axis="x",
            text=f"{x:.1f} bits: {y:.2f} bits unknown",
            marks=(Dot(x, y, "selection", 8, rim="rim"),),
        ),
        Label(
            x,
            y,
            f"{y:.2f} bits unknown",
            "ink",
            "end" if x > 14 else "start",
            dx=-4 if x > 14 else 12,
            dy=-22 if x > 14 else -10,  # above the line, which is higher at the left
            bold=True,
            halo=True,
        ),
    )
    return Plot(
        marks,
        Axis("bits that all hundred neurons may send", (0, 25), ticks=(0, 5, 10, 15, 20, 25)),
        Axis("bits about the digit still unknown", (0, 3.6), ticks=(0, 1, 2, 3), grid=True),
        ratio=0.8,
        heights=(260, 380),
        margins=(34, 14, 46, 34),
    )


def _given(data) -> Plot:
    """Every neuron by what it knows alone and by the bits it is given."""
    neurons = data["neurons"]
    bits, alone = np.asarray(neurons["bits"]), np.maximum(neurons["information"], 0)
    paid = bits > PAID
    marks = (
        Dots(alone[~paid], bits[~paid], ("noise",), radius=3),
        Dots(alone[paid], bits[paid], ("series-1",), radius=4),
        Label(
            0, 1.15, f"{int(paid.sum())} neurons get bits", "series-1-text", dx=6, dy=4, bold=True, halo=True
        ),
        Label(0, 1.15, f"{int((~paid).sum())} get none", "muted", dx=6, dy=22, bold=True, halo=True),
    )
    return Plot(
        marks,
        Axis("bits it knows alone", (0, max(0.65, float(alone.max()) * 1.05)), count=4),
        Axis("bits it is given", (-0.03, 1.2), ticks=(0, 0.5, 1), grid=True),
        ratio=0.95,
        heights=(230, 380),
        margins=(34, 10, 46, 34),
    )
