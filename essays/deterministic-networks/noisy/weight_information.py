"""Noise on the weights as large as the loss allows: bits in each direction, and the outputs it makes."""

from functools import lru_cache

import numpy as np

from infodecomp.explorable import (
    Area,
    Axis,
    Bars,
    Choice,
    Dots,
    HConcat,
    Label,
    Line,
    Plot,
    PowerOfTen,
    figure,
)
from infodecomp.weights.curve_network import N_WEIGHTS, features, fitted_curve, output
from infodecomp.weights.gaussian_posterior import (
    channel_information,
    direction_information,
    displacement_information,
    posterior_covariance,
)

from ..meters import bits_text

PRIOR_VARIANCE = 1.0
DRAWS = 24
PRICE = PowerOfTen(
    name="price",
    label="price of a bit in the weights",
    default=-3,
    low=-6,
    high=0,
    step=0.1,
    role="selection",
)
BY = Choice(
    name="by",
    label="Bits by",
    default="direction",
    options={"direction": "direction", "weight": "single weight"},
)


@figure(
    parameters=(PRICE, BY),
    title="How much do the weights have to know?",
    controls=("price", "by"),
    decimals=1,
    presets={"weights-dear": "price=-1.5", "weights-cheap": "price=-5", "weights-middle": "price=-3"},
)
def weight_information(price, by):
    """The noise that is worth its loss on the weights of a fitted curve, and what is left in both."""
    beta = 10.0**price
    fit, eigen, vectors = _eigen()
    curvature = eigen if by == "direction" else np.sort(np.diag(fit.hessian))[::-1]
    bits = direction_information(curvature, beta, PRIOR_VARIANCE)
    x = np.linspace(-3, 3, 101)
    return {
        "price": beta,
        "by": by,
        "bits": bits,
        "total": float(bits.sum()),
        "displacement": displacement_information(fit.weights, PRIOR_VARIANCE),
        "flat": int((bits < 0.05).sum()),
        "x": x,
        "curve": output(fit.weights, x),
        "cloud": _cloud(price, x),
        "deviation": _deviations(price, x),
        "data": {"x": fit.x, "y": fit.y},
        "effective": _effective(price),
    }


@lru_cache(maxsize=1)
def _eigen():
    fit = fitted_curve()
    eigen, vectors = np.linalg.eigh(fit.hessian)
    return fit, np.maximum(eigen[::-1], 0), vectors[:, ::-1]


def _cloud(price: float, x: np.ndarray) -> np.ndarray:
    """Outputs (24, n) of networks drawn from the posterior."""
    fit, eigen, vectors = _eigen()
    beta = 10.0**price
    scale = np.sqrt(beta / (eigen + beta / PRIOR_VARIANCE))
    noise = np.random.default_rng(0).standard_normal((DRAWS, N_WEIGHTS)) * scale
    return output(fit.weights + noise @ vectors.T, x)


def _deviations(price: float, x: np.ndarray) -> np.ndarray:
    """Standard deviation (n,) of the output, which is linear in the weights."""
    fit = fitted_curve()
    slope = features(x)
    covariance = posterior_covariance(fit.hessian, 10.0**price, PRIOR_VARIANCE)
    return np.sqrt(np.einsum("ni,ij,nj->n", slope, covariance, slope))


@lru_cache(maxsize=128)
def _effective(price: float) -> float:
    """I(x; f_{w + noise}(x)) for x uniform on -3 to 3, the output being normal."""
    x = np.linspace(-3, 3, 101)
    deviations = np.maximum(_deviations(price, x), 2e-3)
    return channel_information(output(fitted_curve().weights, x), deviations, points=3000)


@weight_information.draw
def picture(data):
    return HConcat((_curves(data), _bits(data)), (1, 1), gap=30)


def _curves(data) -> Plot:
    x, low, high = data["x"], -1.9, 1.9
    knows = f"an output: {bits_text(data['effective'], 1)} about x"
    cloud = np.where(abs(data["cloud"]) <= high, data["cloud"], np.nan)
    lines_x = np.tile(np.append(x[::2], np.nan), DRAWS)
    lines_y = np.concatenate([np.append(row[::2], np.nan) for row in cloud])
    return Plot(
        (
            Line(lines_x, lines_y, "series-1", 1, opacity=0.32),
            Area(
                x,
                np.clip(data["curve"] - data["deviation"], low, high),
                np.clip(data["curve"] + data["deviation"], low, high),
                "series-1",
                0.16,
            ),
            Line(x, data["curve"], "series-1", 2.4),
            Dots(data["data"]["x"], data["data"]["y"], ("ink",), radius=2.2),
            Label(-3, low, knows, "series-1-text", dx=4, dy=-6, bold=True, halo=True),
        ),
        Axis("input x", (-3, 3), ticks=(-2, 0, 2)),
        Axis("outputs of 24 noisy copies", (low, high), ticks=(-1, 0, 1), grid=True),
        ratio=0.82,
        heights=(230, 290),
        margins=(34, 10, 44, 30),
    )  # fmt: skip


def _bits(data) -> Plot:
    bits = data["bits"]
    left = np.arange(N_WEIGHTS)
    top = 11.0
    what = "direction" if data["by"] == "direction" else "weight"
    flat = f"{data['flat']} of {N_WEIGHTS}: free to move"
    return Plot(
        (
            Bars(left, left + 1, np.minimum(bits, top), "series-2", 1, 2),
            Label(N_WEIGHTS, top, f"{bits_text(data['total'], 1)} in all", "series-2-text", "end", dy=6,
                  size=17, bold=True),
            Label(N_WEIGHTS, top, flat, "muted", "end", dy=26, size=12) if data["flat"] else None,
        ),
        Axis(f"{what}, the most needed first", (0, N_WEIGHTS), ticks=(0.5, 9.5, 18.5),
             names={0.5: "1", 9.5: "10", 18.5: "19"}),
        Axis(f"bits in each {what}", (0, top), ticks=(0, 4, 8), grid=True),
        ratio=0.82,
        heights=(230, 290),
        margins=(34, 10, 44, 30),
    )  # fmt: skip


@weight_information.values
def values(data):
    return {
        "total": data["total"],
        "flat": data["flat"],
        "effective": data["effective"],
        "most": float(data["bits"].max()),
        "weights": N_WEIGHTS,
        "price": data["price"],
    }


@weight_information.describe
def describe(data):
    what = "directions" if data["by"] == "direction" else "weights"
    return (
        f"At this price the {N_WEIGHTS} weights hold {data['total']:.1f} bits, and {data['flat']} {what} "
        f"hold none; an output has {data['effective']:.1f} bits about its input."
    )


@weight_information.table
def table(data):
    return {"rank": np.arange(1, N_WEIGHTS + 1), "bits": data["bits"]}
