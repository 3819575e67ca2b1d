"""From one network to the whole posterior: what a localising pull does to loss, complexity, information."""

import math
from functools import lru_cache
from typing import Any

import numpy as np

from infodecomp.explorable import Axis, Choice, Dot, Dots, HConcat, Label, Line, Plot, Range, Raster, figure
from infodecomp.explorable.core.numbers import power_text
from infodecomp.weights.tempered_posterior import (
    chain_coefficient,
    local_learning_coefficient,
    output_information,
    output_table,
    sgld_samples,
    tempered_density,
)

GRID, REACH = 81, 3.0
STRENGTH = 60.0
INPUTS = np.linspace(-2, 2, 24)
CELL = 0.25
N_CELLS = 2 * round(REACH / CELL) + 1  # no output is further from 0 than REACH
PULLS = np.linspace(-2, 5, 29)
PULL = Range(
    name="pull",
    label="pull to the trained network",
    default=0,
    low=-2,
    high=5,
    step=0.1,
    role="selection",
    format=lambda exponent: power_text(exponent) if exponent < 1 else f"{10**exponent:,.0f}",
)
TRUTH = Choice(
    name="truth",
    label="The data came from",
    default="regular",
    options={"regular": "a curve", "singular": "a flat line"},
)
SOLUTIONS = {"regular": (1.0, 1.2), "singular": (0.0, 0.0)}


@figure(
    parameters=(PULL, TRUTH),
    title="From one network to all of them",
    controls=("pull", "truth"),
    decimals=2,
    presets={
        "pull-none": "pull=-2",
        "pull-some": "pull=1.5",
        "pull-hard": "pull=5",
        "truth-flat": "truth=singular&pull=-2",
    },
)
def tempered_posterior(pull, truth):
    """The posterior over two weights of b tanh(a x), held near a solution, and what its outputs know."""
    loss, distance, table = _landscape(truth)
    density = tempered_density(loss, distance, STRENGTH, 10.0**pull)
    path = _path(truth)
    return {
        "pull": 10.0**pull,
        "exponent": pull,
        "truth": truth,
        "density": density,
        "coefficient": float(local_learning_coefficient(loss, density, STRENGTH)),
        "bits": float(output_information(table, len(INPUTS), density.reshape(-1, 1))[0]),
        "most": math.log2(len(INPUTS)),
        "samples": _samples(truth, pull),
        "path": path,
    }


def _outputs(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return b[..., None] * np.tanh(a[..., None] * INPUTS)


@lru_cache(maxsize=2)
def _landscape(truth: str) -> tuple[np.ndarray, np.ndarray, Any]:
    """Loss above the minimum, squared distance to the solution (81, 81), and the table of outputs."""
    axis = np.linspace(-REACH, REACH, GRID)
    a, b = np.meshgrid(axis, axis)  # a across, b up
    best = SOLUTIONS[truth]
    hidden, target = np.tanh(axis[:, None] * INPUTS), _outputs(np.array(best[0]), np.array(best[1]))
    # the mean square of b h - t, term by term
    loss = (b**2 * (hidden**2).mean(1) - 2 * b * (hidden @ target / len(INPUTS)) + (target**2).mean()) / 2
    cells = np.rint(axis[:, None, None] * (hidden / CELL)).astype(np.int32) + N_CELLS // 2
    table = output_table(cells.reshape(-1, len(INPUTS)).T, N_CELLS)
    return loss, (a - best[0]) ** 2 + (b - best[1]) ** 2, table


@lru_cache(maxsize=2)
def _path(truth: str) -> dict:
    loss, distance, table = _landscape(truth)
    densities = tempered_density(loss, distance, STRENGTH, 10.0**PULLS)
    return {
        "pull": 10.0**PULLS,
        "coefficient": local_learning_coefficient(loss, densities, STRENGTH),
        "bits": output_information(table, len(INPUTS), densities.reshape(len(PULLS), -1).T),
    }


def _gradient(truth: str):
    target = _outputs(*(np.array(w) for w in SOLUTIONS[truth]))

    def gradient(weights: np.ndarray) -> np.ndarray:
        a, b = weights[:, :1], weights[:, 1:]
        hidden = np.tanh(a * INPUTS)
        residual = b * hidden - target
        product = residual * hidden
        slopes = np.empty_like(weights)
        slopes[:, 0] = b[:, 0] * ((residual - product * hidden) @ INPUTS)
        slopes[:, 1] = product.sum(1)
        return slopes / len(INPUTS)

    return gradient


@lru_cache(maxsize=64)
def _samples(truth: str, pull: float) -> dict:
    """Langevin samples, and the learning coefficient that they give."""
    strength = 10.0**pull
    step = min(0.02, 0.5 / (strength + STRENGTH))
    chains = sgld_samples(
        _gradient(truth), SOLUTIONS[truth], STRENGTH, strength, chains=40, steps=120, step_size=step, seed=1
    )
    target = _outputs(*(np.array(w) for w in SOLUTIONS[truth]))
    loss = ((_outputs(chains[..., 0], chains[..., 1]) - target) ** 2).mean(-1) / 2
    coefficient, error = chain_coefficient(loss, STRENGTH)
    return {"points": chains[:, ::6].reshape(-1, 2), "coefficient": coefficient, "error": error}


@tempered_posterior.draw
def picture(data):
    path = data["path"]
    bits = _curve(data, path["bits"], data["bits"], "bits of an output about its input", "series-1")
    count = _curve(data, path["coefficient"], data["coefficient"], "learning coefficient", "target")
    return HConcat((_plane(data), HConcat((bits, count), (1, 1), stack_below=math.inf)), (0.9, 1), gap=30)


def _plane(data) -> Plot:
    density = data["density"]
    shade = (density / density.max()) ** 0.5 * 0.9
    points = data["samples"]["points"]
    inside = (abs(points) < REACH).all(1)
    best = SOLUTIONS[data["truth"]]
    half = REACH * (1 + 1 / (GRID - 1))
    return Plot(
        (
            Raster(-half, -half, half, half, shade[::-1], "series-2"),
            Dots(points[inside, 0], points[inside, 1], ("ink",), radius=1.2),
            Dot(best[0], best[1], "selection", 6, rim="rim"),
            Label(-half, half, "networks that fit; dots: samples", "muted", dy=-8, size=12),
        ),
        Axis("weight a", (-half, half), ticks=(-2, 0, 2)),
        Axis("", (-half, half), ticks=(-2, 0, 2), names={2: "b = 2"}),
        ratio=1,
        heights=(260, 310),
        margins=(26, 8, 44, 50),
    )


def _curve(data, path: np.ndarray, here: float, name: str, role: str) -> Plot:
    """One quantity against the pull, with the reader's place on it."""
    at, top = data["exponent"], max(1.0, float(path.max())) * 1.3
    names = {-2: "1/100", 0: "1", 2: "100", 4: "10,000"}
    late = at > 3
    return Plot(
        (
            Line((at, at), (0, top), "selection", 1.6, dash="2 3"),
            Line(PULLS, path, role, 2.4),
            Dot(at, here, role, 5.5),
            Label(at, here, f"{here:.2f}", f"{role}-text", "end" if late else "start", dx=-8 if late else 8,
                  dy=-8, bold=True, halo=True),
        ),
        Axis("pull to the trained network", (-2, 5), ticks=tuple(names), names=names),
        Axis(name, (0, top), count=3, grid=True),
        ratio=0.36,
        heights=(132, 140),
        margins=(26, 10, 42, 30),
    )  # fmt: skip


@tempered_posterior.values
def values(data):
    return {
        "coefficient": data["coefficient"],
        "sampled": data["samples"]["coefficient"],
        "bits": data["bits"],
        "most": data["most"],
    }


@tempered_posterior.describe
def describe(data):
    return (
        f"With a pull of {PULL.show(data['exponent'])} an output has {data['bits']:.2f} bits about its "
        f"input, and the learning coefficient is {data['coefficient']:.2f}."
    )


@tempered_posterior.table
def table(data):
    return data["path"]
