"""Bins of any width on a continuous output: bits against the logarithm of the width."""

import math
from functools import lru_cache

import numpy as np

from infodecomp.deterministic.binning import asymptotic_entropy, binned_entropy, binned_normal_entropy
from infodecomp.explorable import Area, Axis, Bars, Dot, DragHandle, HConcat, Label, Line, Plot, Range, figure

N = 1000
FINEST, COARSEST = -3.0, 10.0  # log2 of 1 / width
WIDTH = Range(
    name="width", label="width of a bin", default=1, low=0.001, high=8, step=0.001, role="selection"
)
NARROWEST_BAR = 0.05


@figure(
    parameters=(WIDTH,),
    title="How many bits a bin width makes",
    decimals=2,
    controls=("width",),
    collapsed=("width",),
    presets={
        "bins-wide": "width=4",
        "bins-one": "width=1",
        "bins-tenth": "width=.1",
        "bins-hundredth": "width=.01",
        "bins-thousandth": "width=.001",
    },
)
def binned_information(width):
    """H of a standard normal output in bins: exactly, from 1,000 samples, and for narrow bins."""
    half = math.ceil(4 / max(width, NARROWEST_BAR))
    edges = (np.arange(-half, half + 2) - 0.5) * width
    return {
        "width": width,
        "bits": binned_normal_entropy(width),
        "doubled": binned_normal_entropy(width / 2),
        "asymptote": asymptotic_entropy(width),
        "sample": binned_entropy(_sample(), width),
        "bins": {"left": edges[:-1], "right": edges[1:], "density": _mass(edges) / width},
        "curves": _curves(),
    }


@lru_cache(maxsize=1)
def _sample() -> np.ndarray:
    return np.random.default_rng(0).standard_normal(N)


@lru_cache(maxsize=1)
def _curves() -> dict:
    fineness = np.linspace(FINEST, COARSEST, 79)
    widths = 2.0**-fineness
    return {
        "fineness": fineness,
        "exact": np.array([binned_normal_entropy(width) for width in widths]),
        "sample": np.array([binned_entropy(_sample(), width) for width in widths]),
        "asymptote": np.array([asymptotic_entropy(width) for width in widths]),
    }


def _mass(edges: np.ndarray) -> np.ndarray:
    cumulative = np.array([0.5 * math.erfc(-edge / math.sqrt(2)) for edge in edges.tolist()])
    return np.diff(cumulative)


@binned_information.draw
def picture(data):
    return HConcat((_histogram(data), _plane(data)), (1, 1.25), gap=30)


def _histogram(data) -> Plot:
    bins = data["bins"]
    top = max(0.42, float(bins["density"].max()) * 1.05) if data["width"] <= 2 else 0.42
    x = np.linspace(-4, 4, 161)
    left, right = np.maximum(bins["left"], -4), np.minimum(bins["right"], 4)
    inside = right > left
    if data["width"] >= NARROWEST_BAR:
        inset = 0.5 if data["width"] > 0.1 else 0
        bars = Bars(left[inside], right[inside], bins["density"][inside], "series-1", 0.45, inset)
    else:  # narrower bars would be invisible
        bars = Area(x, 0, np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi), "series-1", 0.45)
    return Plot(
        (
            bars,
            Line(x, np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi), "ink", 1.6),
            Label(4, top, _bins_named(data), "muted", "end", dy=-6, size=12),
        ),
        Axis("output z, in bins", (-4, 4), ticks=(-4, -2, 0, 2, 4)),
        Axis("density", (0, top), ticks=()),
        ratio=0.8,
        heights=(210, 280),
        margins=(34, 10, 44, 10),
    )


def _bins_named(data) -> str:
    return f"each {data['width']:.3g} wide"


def _plane(data) -> Plot:
    curves = data["curves"]
    at, bits = -math.log2(data["width"]), data["bits"]
    limit = math.log2(N)
    handle = DragHandle(
        at,
        bits,
        "Width of a bin",
        state={"width": (data["width"], WIDTH)},
        keys=("width",),
        axis="x",
        text=f"{data['width']:.3g} wide, {bits:.2f} bits",
        marks=(Dot(at, bits, "selection", 7.5, rim="rim"),),
    )
    if at < 4:
        anchor, dx, dy = "start", 12, -14 if at < -1 else 16
    elif at < 7.5:  # below the curves, clear of the words at the dashed line
        anchor, dx, dy = "start", 12, 22
    else:
        anchor, dx, dy = "end", -12, -8
    above = (curves["fineness"], np.where(curves["asymptote"] >= 0, curves["asymptote"], np.nan))
    marks = (
        Line((FINEST, COARSEST), (limit, limit), "series-2", 1.2, dash="2 4"),
        Line(*above, "noise", 1.4, dash="6 4"),
        Line(curves["fineness"], curves["sample"], "series-2", 2.4, dash="5 3"),
        Line(curves["fineness"], curves["exact"], "series-1", 2.6),
        Label(5.2, 7.25, "all numbers", "series-1-text", "end", dx=-10, dy=-4, bold=True, size=12, halo=True),
        Label(-2.9, limit, f"1,000 samples: up to {limit:.2f}", "series-2-text", dy=-5, size=12, bold=True),
        Line((at, at), (0, bits), "selection", 1.6, dash="2 3"),
        handle,
        Label(
            at,
            bits,
            f"{bits:.2f} bits",
            "selection-text",
            anchor,
            dx=dx,
            dy=dy,
            bold=True,
            halo=True,
        ),
    )
    names = {-2: "4", 0: "1", 2: "\u00bc", 4: "1/16", 6: "1/64", 8: "1/256", 10: "1/1024"}
    return Plot(
        marks,
        Axis("width of a bin", (FINEST, COARSEST), ticks=tuple(names), names=names),
        Axis("bits about x in the bin of z", (0, 12.6), ticks=(0, 4, 8, 12), grid=True),
        ratio=0.72,
        heights=(230, 290),
        margins=(34, 28, 44, 30),
        grab=True,
    )


@binned_information.invert_point
def grab_width(state, x, y):
    """The width below a point of the plane."""
    return {"width": WIDTH.snap(2.0 ** -min(max(x, FINEST), COARSEST))}


@binned_information.values
def values(data):
    return {
        "bits": data["bits"],
        "doubled": data["doubled"],
        "asymptote": data["asymptote"],
        "sample": data["sample"],
        "width": data["width"],
        "most": math.log2(N),
    }


@binned_information.describe
def describe(data):
    return (
        f"In bins {data['width']:.3g} wide the output has {data['bits']:.2f} bits about its input; "
        f"1,000 samples suggest {data['sample']:.2f}."
    )


@binned_information.value_text
def value_text(data):
    return {"width": f"{data['width']:.3g} wide, {data['bits']:.2f} bits"}


@binned_information.table
def table(data):
    curves = data["curves"]
    return {"width": 2.0 ** -curves["fineness"], **{k: curves[k] for k in ("exact", "sample", "asymptote")}}
