"""One input and one function of it: the information is infinite, or log2 of the number of inputs."""

from functools import lru_cache

import numpy as np

from infodecomp.deterministic.noise_information import map_noise_information, noise_information
from infodecomp.deterministic.scalar_maps import discrete_entropy, output_entropy, stratified_normal
from infodecomp.explorable import Area, Axis, Dot, Dots, DragHandle, HConcat, Label, Line, Plot, Range, figure

from ..maps import KNOTS, MAP, OWN, chosen_map
from ..meters import bits_text

REACH = 3.2  # of the picture, in standard deviations of the input
HEIGHT = 3.2  # of the picture, above and below zero
MOST_DOTS = 64
COUNTS = 2 ** np.arange(1, 11)
TOP, EDGE = 12.5, 13.2  # of what a dot can show, and of the picture
ALL = 4097  # stands for all numbers, after the most inputs to choose from


class Inputs(Range):
    """How many inputs to choose from; addresses may write 0 for all numbers, as they once did."""

    def parse(self, text: str) -> float:
        return super().parse(str(ALL) if text == "0" else text)


SAMPLES = Inputs(
    name="samples",
    label="inputs to choose from",
    default=ALL,
    low=2,
    high=ALL,
    step=1,
    format=lambda n: "all numbers" if n == ALL else f"{n:,.0f}",
)
NOISE = Range(name="noise", label="noise on the output", default=0, low=0, high=2, step=0.01, role="series-2")
LEAST_NOISE = 1e-3  # below, the read-out counts as exact


@figure(
    parameters=(MAP, SAMPLES, NOISE, *OWN),
    title="What a function of x knows about x",
    controls=("map", "samples", "noise"),
    decimals=2,
    presets={
        "all-numbers": f"samples={ALL}&noise=0&map=linear",
        "thousand": "samples=1000&noise=0&map=linear",
        "thousand-tanh": "samples=1000&noise=0&map=tanh",
        "thousand-relu": "samples=1000&noise=0&map=relu",
        "a-step": f"samples={ALL}&noise=0&map=step",
        "some-noise": f"samples={ALL}&noise=.1&map=linear",
        "own-curve": "map=own",
    },
)
def deterministic_information(map, samples, noise, **own):
    """I(X; f(X) + noise) for all numbers or for some of them, and its growth with their number."""
    heights = tuple(own.values())
    shape = chosen_map(map, heights)
    x = np.linspace(-REACH, REACH, 257)
    inputs = np.empty(0) if samples == ALL else stratified_normal(samples)
    return {
        "map": map,
        "samples": samples,
        "noise": noise,
        "own": heights,
        "bits": information(map, heights, samples, noise),
        "limit": information(map, heights, ALL, noise),
        "curve": {"x": x, "z": shape.function(x)},
        "growth": {
            "samples": COUNTS,
            "bits": np.array([information(map, heights, int(n), noise) for n in COUNTS]),
        },
        "inputs": inputs,
        "outputs": shape.function(inputs),
    }


@lru_cache(maxsize=512)
def information(kind: str, heights: tuple[float, ...], samples: int, noise: float) -> float | None:
    """I in bits; None where it is infinite."""
    shape = chosen_map(kind, heights)
    if samples != ALL:
        outputs = shape.function(stratified_normal(samples))
        return output_entropy(outputs) if noise < LEAST_NOISE else noise_information(outputs, noise)
    if noise >= LEAST_NOISE:
        return map_noise_information(shape, noise)
    return discrete_entropy(shape) if shape.is_discrete else None


@deterministic_information.draw
def picture(data):
    return HConcat((_curve(data), _growth(data)), (1, 1.05), gap=30)


def _curve(data) -> Plot:
    x, z = data["curve"]["x"], data["curve"]["z"]
    shown = abs(data["inputs"]) < REACH
    every = max(1, len(data["inputs"]) // MOST_DOTS)
    marks: list = []
    if data["noise"]:
        low, high = (np.clip(z + side * data["noise"], -HEIGHT, HEIGHT) for side in (-1, 1))
        marks.append(Area(x, low, high, "series-2", 0.22))
    marks.append(Line(x, z, "series-1", 2.4))
    if data["samples"] != ALL:
        marks.append(
            Dots(data["inputs"][shown][::every], data["outputs"][shown][::every], ("ink",), radius=2.4)
        )
    if data["map"] == "own":
        marks += [_knot(x, z, parameter) for x, z, parameter in zip(KNOTS, data["own"], OWN)]
    if data["noise"]:
        marks.append(Label(REACH, -2.9, "band: \u00b11 standard deviation", "muted", "end", dy=-4, size=12))
    return Plot(
        tuple(marks),
        Axis("input x", (-REACH, REACH), ticks=(-2, 0, 2)),
        Axis("output z", (-HEIGHT, HEIGHT), ticks=(-2, 0, 2), grid=True),
        ratio=0.86,
        heights=(220, 280),
        margins=(34, 12, 44, 34),
    )


def _knot(x: float, z: float, parameter: Range) -> DragHandle:
    return DragHandle(
        x,
        z,
        parameter.label,
        state={parameter.name: (z, parameter)},
        moves=parameter.name,
        per_unit=1,
        text=f"{z:.1f}",
        marks=(Dot(x, z, "selection", 7, rim="rim"),),
    )


def _growth(data) -> Plot:
    counts, bits = np.log2(data["growth"]["samples"]), data["growth"]["bits"]
    limit, chosen = data["limit"], data["bits"]
    marks: list = [Line((1, 12), (1, 12), "noise", 1.2, dash="2 4")]
    marks.append(Label(9.3, 9.3, "log\u2082 of their number", "muted", "end", dx=-8, dy=2, size=12))
    grows = limit is None
    marks.append(Line(counts, bits, "series-1", 2.6))
    if grows:
        rest = np.array([counts[-1], 11.7])
        marks.append(
            Line(rest, bits[-1] + (rest - counts[-1]) * (bits[-1] - bits[-2]), "series-1", 2.6, "1 5")
        )
    else:
        marks.append(Line((1, 13.4), (limit, limit), "series-1", 1.4, dash="6 4"))
    at = 13.4 if data["samples"] == ALL else np.log2(data["samples"])
    y = TOP if chosen is None else min(chosen, TOP)
    if chosen is None:  # off the axis
        marks += [
            Line((at, at), (TOP - 2, EDGE), "series-1", 2.6),
            Line((at - 0.3, at, at + 0.3), (EDGE - 0.6, EDGE, EDGE - 0.6), "series-1", 2.6),
        ]
    else:
        marks.append(Dot(at, y, "series-1", 6.5, rim="paper"))
    marks += [
        Label(
            min(at, 12.6),
            y,
            bits_text(chosen),
            "series-1-text",
            "end",
            dx=-12,
            dy=16 if y > 11 else -10,
            size=17,
            bold=True,
            halo=True,
        ),
    ]
    names = {1: "2", 4: "16", 7: "128", 10: "1,024", 13.4: "all"}
    return Plot(
        tuple(marks),
        Axis("inputs to choose from", (0.6, 13.8), ticks=tuple(names), names=names),
        Axis("bits that z has about x", (0, EDGE), ticks=(0, 4, 8, 12), grid=True),
        ratio=0.82,
        heights=(220, 280),
        margins=(34, 14, 44, 30),
    )


@deterministic_information.values
def values(data):
    return {
        "bits": data["bits"],
        "text": "\u221e" if data["bits"] is None else f"{data['bits']:.2f}",
        "finite": data["bits"] is not None,
        "samples": None if data["samples"] == ALL else data["samples"],
        "noise": data["noise"],
        "limit": data["limit"],
    }


@deterministic_information.describe
def describe(data):
    name = MAP.show(data["map"])
    among = "all numbers" if data["samples"] == ALL else f"{data['samples']:,} inputs"
    noisy = f", read with noise of {data['noise']:.2f}," if data["noise"] >= LEAST_NOISE else ""
    if data["bits"] is None:
        return f"Among {among} the output ({name}){noisy} has infinitely many bits about its input."
    return f"Among {among} the output ({name}){noisy} has {bits_text(data['bits'])} about its input."


@deterministic_information.table
def table(data):
    return {"inputs": data["growth"]["samples"], "bits": data["growth"]["bits"]}
