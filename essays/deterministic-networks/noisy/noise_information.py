"""I(X; f(X) + noise): noise at the read-out, or in every layer; and the gain that cheats the first."""

from functools import lru_cache

import numpy as np

from infodecomp.deterministic.noise_information import (
    layer_noise,
    map_noise_information,
    relu_noise_information,
)
from infodecomp.deterministic.scalar_maps import scalar_map
from infodecomp.explorable import (
    Area,
    Axis,
    Choice,
    Dots,
    HConcat,
    Label,
    Line,
    Plot,
    Range,
    Rect,
    figure,
)

from ..maps import SHAPES

DEPTH = 6
ROOM = 1.5  # times the highest bar: space for the legend and the number
NOISY_MAP = Choice(
    name="noisy_map", alias="map", label="First layer", default="linear", options=SHAPES, role="series-1"
)
SCALE = Range(name="scale", label="scale before it", default=1, low=0.1, high=10, step=0.1)
READ_NOISE = Range(
    name="read_noise", alias="noise", label="noise", default=1, low=0.05, high=5, step=0.05, role="series-2"
)
WHERE = Choice(
    name="where",
    label="Noise",
    default="readout",
    options={"readout": "once, where you read", "layers": "in every layer"},
)
GAIN = Range(name="gain", label="gain of each later layer", default=1, low=0.25, high=4, step=0.05)
LAYER = Range(
    name="layer", label="layer that you read", default=2, low=1, high=DEPTH, step=1, role="selection"
)


@figure(
    parameters=(NOISY_MAP, SCALE, READ_NOISE, WHERE, GAIN, LAYER),
    title="Noise makes it finite",
    controls=("where", "gain", "read_noise", "noisy_map", "scale", "layer"),
    decimals=2,
    presets={
        "noise-readout": "where=readout&gain=1",
        "noise-cheat": "where=readout&gain=2",
        "noise-layers": "where=layers&gain=1",
        "noise-layers-gain": "where=layers&gain=2",
        "noise-sign": "noisy_map=step",
    },
)
def noise_information(noisy_map, scale, read_noise, where, gain, layer):
    """Information about x at each of six layers, with noise once or in every layer."""
    readout, layers = (
        np.array([information(noisy_map, scale, read_noise, mode, gain, k + 1) for k in range(DEPTH)])
        for mode in WHERE.options
    )
    x = np.linspace(-3, 3, 121)
    return {
        "map": noisy_map,
        "where": where,
        "gain": gain,
        "layer": layer,
        "noise": read_noise,
        "depth": {"layer": np.arange(1, DEPTH + 1), "readout": readout, "layers": layers},
        "bits": float((readout if where == "readout" else layers)[layer - 1]),
        "doubled": information(noisy_map, scale, read_noise / 2, "readout", gain, layer),
        "curve": {"x": x, "z": scalar_map(noisy_map, scale).function(x)},
    }


@lru_cache(maxsize=2048)
def information(kind: str, scale: float, noise: float, where: str, gain: float, depth: int) -> float:
    """I(X; T) in bits at a depth; noise and gain become an equivalent noise at the first layer."""
    equivalent = noise / gain ** (depth - 1) if where == "readout" else layer_noise(noise, gain, depth)
    return _first_layer(kind, scale, round(max(equivalent, 2e-3), 12))


@lru_cache(maxsize=1024)
def _first_layer(kind: str, scale: float, noise: float) -> float:
    if kind == "linear":  # closed forms, since small noise needs a fine quadrature
        return 0.5 * float(np.log2(1 + (scale / noise) ** 2))
    if kind == "relu":
        return relu_noise_information(scale, noise)
    return map_noise_information(scalar_map(kind, scale), noise)


@noise_information.draw
def picture(data):
    return HConcat((_first(data), _layers(data)), (0.85, 1.15), gap=28)


def _first(data) -> Plot:
    x, z, noise = data["curve"]["x"], data["curve"]["z"], data["noise"]
    generator = np.random.default_rng(2)
    dots = generator.standard_normal((2, 240))
    at = dots[0]
    values = np.interp(at, x, z) + noise * dots[1]
    inside = (abs(at) < 3) & (abs(values) < 4.2)
    return Plot(
        (
            Area(x, np.clip(z - noise, -4.3, 4.3), np.clip(z + noise, -4.3, 4.3), "series-2", 0.16),
            Dots(at[inside], values[inside], ("noise",), radius=1.7),
            Line(x, np.where(abs(z) <= 4.3, z, np.nan), "series-1", 2.4),
        ),
        Axis("input x", (-3, 3), ticks=(-2, 0, 2)),
        Axis("first layer, as it is read", (-4.3, 4.3), ticks=(-4, 0, 4), grid=True),
        ratio=0.85,
        heights=(220, 270),
        margins=(34, 8, 44, 28),
    )


def _layers(data) -> Plot:
    depth = data["depth"]
    top = max(float(depth["readout"].max()), float(depth["layers"].max()), 0.5) * 1.18
    chosen = data["where"]
    marks: list = []
    for k in range(DEPTH):
        for mode, offset in (("readout", -0.38), ("layers", 0.02)):
            value = float(depth[mode][k])
            role = "series-1" if mode == "readout" else "series-2"
            strong = mode == chosen
            marks.append(
                Rect(
                    k + 1 + offset,
                    0,
                    k + 1 + offset + 0.36,
                    max(value, top * 0.004),
                    role,
                    opacity=1 if strong else 0.45,
                    radius=2,
                    stroke="selection" if strong and k + 1 == data["layer"] else "",
                    stroke_width=3,
                )
            )
    bits = data["bits"]
    marks += [
        Label(
            data["layer"] + (-0.2 if chosen == "readout" else 0.2),
            bits,
            f"{bits:.2f}",
            "selection-text",
            "middle",
            dy=-8,
            bold=True,
            halo=True,
        ),
        Label(
            0.6,
            top * ROOM,
            "left, blue: noise where you read",
            "series-1-text",
            dy=8,
            size=12,
            bold=True,
            halo=True,
        ),
        Label(
            0.6,
            top * ROOM,
            "right, orange: noise in every layer",
            "series-2-text",
            dy=23,
            size=12,
            bold=True,
            halo=True,
        ),
    ]
    return Plot(
        tuple(marks),
        Axis("layer", (0.5, DEPTH + 0.5), ticks=tuple(range(1, DEPTH + 1))),
        Axis("bits about x", (0, top * ROOM), count=4, grid=True),
        ratio=0.65,
        heights=(220, 270),
        margins=(34, 8, 44, 34),
    )


@noise_information.values
def values(data):
    depth = data["depth"]
    return {
        "bits": data["bits"],
        "first": float(depth[data["where"]][0]),
        "last": float(depth[data["where"]][-1]),
        "readout": float(depth["readout"][data["layer"] - 1]),
        "layers": float(depth["layers"][data["layer"] - 1]),
        "readout_first": float(depth["readout"][0]),
        "readout_last": float(depth["readout"][-1]),
        "layers_first": float(depth["layers"][0]),
        "layers_last": float(depth["layers"][-1]),
        "doubled": data["doubled"],
    }


@noise_information.describe
def describe(data):
    where = "where you read" if data["where"] == "readout" else "in every layer"
    series = data["depth"][data["where"]]
    others = [f"layer {k} {series[k - 1]:.2f}" for k in sorted({data["layer"], DEPTH} - {1})]
    return f"With noise {where}, layer 1 has {series[0]:.2f} bits about the input, {' and '.join(others)}."


@noise_information.table
def table(data):
    return data["depth"]
