"""Six bounds on the gap between training and test, for the reader's m, I and delta, on one axis."""

import math
from functools import lru_cache

from infodecomp.experiments.neurons.plane_networks import N_TRAIN, PLANE_NETWORKS, accuracies
from infodecomp.explorable import Axis, Dot, Label, Line, Plot, Range, Rect, figure
from infodecomp.information.generalization import (
    gaussian_mean_information,
    individual_sample_bound,
    input_compression_bound,
    noisy_training_information,
    pac_bayes_bound,
    vera_bound,
    xu_raginsky_bound,
)

from .stored import stored

M = Range(name="m", label="training samples m", default=N_TRAIN, low=100, high=100_000, step=1)
BITS = Range(
    name="bits", label="information I", default=12, low=0, high=40, step=0.1, unit="bits", role="selection"
)
DELTA = Range(name="delta", label="chance of failing δ", default=0.05, low=0.01, high=0.5, step=0.01)
SHARE = Range(
    name="known_share", label="samples that the weights know of", default=0.1, low=0.01, high=1, step=0.01
)
NOISE = Range(
    name="step_noise", label="noise of a training step, in steps", default=1, low=0, high=20, step=0.5
)
STEPS, ETA, NORM, PARAMETERS = 1_000, 0.01, 1.0, 294  # of the noisy training of one bound
HIGHEST = 1.25  # of the axis; above 1 a bound says nothing
LAYER, WEIGHTS = "series-1", "series-2"  # whose information a bound takes
WHOSE = {LAYER: "a layer's bits", WEIGHTS: "the weights' bits"}
ROWS = (
    ("vera", "Vera, Piantanida, Vega", "what a layer knows of its input; rate only", LAYER, "13"),
    ("shwartz_ziv", "Shwartz-Ziv, Painsky, Tishby", "the same, but in 2 to the power of I", LAYER, "14"),
    ("xu_raginsky", "Xu, Raginsky", "what the weights know of all samples", WEIGHTS, "15"),
    ("bu_zou_veeravalli", "Bu, Zou, Veeravalli", "what the weights know of each sample", WEIGHTS, "16"),
    ("pensia", "Pensia, Jog, Loh", "what the weights can know, under noise", WEIGHTS, "17"),
    ("achille_soatto", "Achille, Soatto: PAC-Bayes", "how far the weights are from a guess", WEIGHTS, "18"),
)

RATES = ("vera",)  # bounds without their constants, which are compared with nothing


@lru_cache(maxsize=1)
def trained_gap() -> tuple[float, float]:
    """Training error and gap of the first tanh network of the information plane."""
    config = PLANE_NETWORKS.configured(activation="tanh")
    train, test = accuracies(config, stored(PLANE_NETWORKS, activation="tanh"))[0].tolist()
    return 1 - train, train - test


@figure(
    parameters=(M, BITS, DELTA, SHARE, NOISE),
    title="What the bounds promise",
    controls=("m", "bits", "delta", "known_share", "step_noise"),
    collapsed=("known_share", "step_noise"),
    decimals=3,
    presets={
        "bounds-exact": f"bits=12&m={N_TRAIN}",
        "bounds-binned": f"bits=2&m={N_TRAIN}",
        "bounds-many": "m=100000",
        "bounds-few": "m=100",
        "bounds-noisy": "step_noise=10",
    },
    source="I is in bits here, and converted to nats where a formula asks for nats.",
)
def generalization_bounds(m, bits, delta, known_share, step_noise):
    """Six bounds, and the gap of a trained network; a bound is infinite where it is not defined."""
    error, gap = trained_gap()
    noisy = (
        noisy_training_information(STEPS, ETA, step_noise * ETA, NORM, PARAMETERS) if step_noise else math.inf
    )
    return {
        "m": m,
        "bits": bits,
        "delta": delta,
        "gap": gap,
        "training_error": error,
        "noisy_bits": noisy,
        "bounds": {
            "vera": vera_bound(m, bits),
            "shwartz_ziv": input_compression_bound(m, bits, delta),
            "xu_raginsky": xu_raginsky_bound(m, bits),
            "bu_zou_veeravalli": individual_sample_bound(m, bits / (known_share * m), share=known_share),
            "pensia": xu_raginsky_bound(m, noisy) if step_noise else math.inf,
            "achille_soatto": pac_bayes_bound(m, bits, delta, error) - error,
        },
    }


def _rounded(value: float) -> str:
    """A bound to three decimals; none is shown as zero."""
    return f"{value:.3f}" if value >= 0.0005 else "under 0.001"


def _times(value: float, gap: float) -> str:
    """How far a bound that says something is above the true gap, in words."""
    factor = value / gap
    if value >= 1:
        return ""
    if factor < 1:
        return "below the gap: so the network knows more"
    return f"{factor:,.1f} times the gap" if factor < 9.95 else f"{factor:,.0f} times the gap"


def _gap_name(data) -> str:
    return f"true gap {data['gap']:.3f}" + f", with {N_TRAIN:,} samples" * (data["m"] != N_TRAIN)


@generalization_bounds.draw
def picture(data):
    n, gap = len(ROWS), data["gap"]
    marks: list = [
        Rect(1, -0.2, HIGHEST, n + 0.1, "wash"),
        Label(HIGHEST, n + 0.1, "says nothing: above 1", "muted", "end", dy=-6, size=12.5, narrow="above 1"),
        Line((gap, gap), (-0.2, n + 0.1), "target", 2.4),
        Label(gap, n + 0.1, _gap_name(data), "target-text", dy=-6, bold=True, narrow=f"gap {gap:.3f}"),
    ]
    for row, (name, author, asks, family, _) in enumerate(ROWS):
        y, value = n - 1 - row + 0.22, data["bounds"][name]
        x, vacuous = min(value, HIGHEST), value >= 1
        role = "noise" if vacuous else family
        shown = "infinite" if value == math.inf else "over 10" if value > 10 else _rounded(value)
        times = _times(value, gap) if data["m"] == N_TRAIN and name not in RATES else ""
        anchor, dx, dy = ("end", 8, -12) if x > 0.5 else ("start", 12, 5)
        marks += [
            Label(0, y, author, "ink", dx=8, dy=-27, size=13, bold=True, halo=True),
            Label(0, y, asks, f"{family}-text", dx=8, dy=-12, size=12, halo=True,
                  narrow=WHOSE[family]),
            Rect(min(gap, x), y - 0.07, max(gap, x), y + 0.07, role, opacity=0.35),
            Dot(x, y, role, 7, rim="paper"),
            Label(x, y, f"{shown}, {times}" if times else shown, "muted" if vacuous else f"{family}-text",
                  anchor, dx=dx, dy=dy, bold=True, halo=True, narrow=shown),
        ]  # fmt: skip
    names = {0.0: "0", 0.25: "0.25", 0.5: "0.5", 0.75: "0.75", 1.0: "1"}
    return Plot(
        tuple(marks),
        Axis("promised: test error minus training error", (0, HIGHEST), ticks=tuple(names), names=names),
        Axis(domain=(-0.2, n + 0.1), hidden=True),
        ratio=0.55,
        heights=(396, 440),
        margins=(28, 16, 46, 22),
    )


@generalization_bounds.values
def values(data):
    finite = {name: value if math.isfinite(value) else None for name, value in data["bounds"].items()}
    noisy = data["noisy_bits"]
    return finite | {
        "noisy_bits": noisy if math.isfinite(noisy) else None,
        "gaussian_mean": individual_sample_bound(data["m"], gaussian_mean_information(data["m"])),
        "gap": data["gap"],
        "training_error": data["training_error"],
        "n_vacuous": sum(value >= 1 for value in data["bounds"].values()),
    }


@generalization_bounds.describe
def description(data):
    vacuous = [author for name, author, *_ in ROWS if data["bounds"][name] >= 1]
    tight = min((name for name, *_ in ROWS if name not in RATES), key=lambda name: data["bounds"][name])
    author = next(author for name, author, *_ in ROWS if name == tight)
    count = "one of six says" if len(vacuous) == 1 else f"{len(vacuous)} of six say"
    nothing = f"{count} nothing" if vacuous else "all six are below 1"
    return (
        f"With {data['m']:,} samples and {data['bits']:.1f} bits {nothing}; the smallest is {author} with "
        f"{_rounded(data['bounds'][tight])}; the network's {_gap_name(data).replace('gap', 'gap is')}."
    )


@generalization_bounds.value_text
def value_text(data):
    words = f"{sum(value >= 1 for value in data['bounds'].values())} of six bounds above 1"
    return {"bits": f"{data['bits']:.1f} bits; {words}", "m": f"{data['m']:,} samples; {words}"}


@generalization_bounds.table
def table(data):
    return {
        "note": [note for *_, note in ROWS],
        "bound": [author for _, author, *_ in ROWS],
        "value": [data["bounds"][name] for name, *_ in ROWS],
    }
