"""Five neurons on a given circle: the stored runs, and what they say at a moment of training."""

from functools import lru_cache

import numpy as np

from infodecomp.errors import CheckpointError
from infodecomp.experiments.grokking import CIRCLE_NEURONS
from infodecomp.experiments.grokking.circle_neurons import SEEDS, STEPS
from infodecomp.explorable import Range
from infodecomp.explorable.core.errors import Missing

MODULUS, NEURONS = CIRCLE_NEURONS.config.modulus, CIRCLE_NEURONS.config.neurons
KNOWS = 0.999


def step_text(moment: float) -> str:
    """The step of the optimiser at a moment of the slider, in words."""
    return f"step {STEPS[round(moment)]:,}"


FIVE_STEP = Range(
    name="five_step",
    label="moment of training",
    default=len(STEPS) - 1,
    low=0,
    high=len(STEPS) - 1,
    step=1,
    format=step_text,
    role="selection",
)
FIVE_SEED = Range(name="five_seed", label="seed", default=1, low=0, high=SEEDS[-1], step=1)
PARAMETERS = (FIVE_STEP, FIVE_SEED)


@lru_cache(maxsize=8)
def _run(seed: int) -> dict:
    states = CIRCLE_NEURONS.until(STEPS[-1], seed=seed)
    final = states[-1]
    order = np.argsort(np.arctan2(*final.into.numpy()[::-1]) % (2 * np.pi))  # clockwise from the top
    return {
        "into": np.stack([state.into.numpy()[:, order].T for state in states]),  # (n_steps, n_neurons, 2)
        "out": np.stack([state.out.numpy()[order] for state in states]),
        "train": np.array([state.accuracy for state in states]),
        "test": np.array([state.test_accuracy for state in states]),
    }


def five_data(five_step: int, five_seed: int) -> dict:
    """The twenty weights at a moment, neurons clockwise in the order in which they end.

    Directions are in radians, clockwise from the top.
    """
    try:
        run = _run(five_seed)
    except CheckpointError as error:
        raise Missing(str(error)) from error
    into, out = run["into"][five_step], run["out"][five_step]
    looks, answers = (np.arctan2(w[:, 1], w[:, 0]) % (2 * np.pi) for w in (into, out))
    known = np.flatnonzero(run["test"] >= KNOWS)
    return {
        "seed": five_seed,
        "moment": five_step,
        "step": STEPS[five_step],
        "curves": {"step": np.array(STEPS), "train": run["train"], "test": run["test"]},
        "knows": STEPS[known[0]] if len(known) else None,
        "into": into,
        "out": out,
        "weights": {
            "neuron": np.arange(1, NEURONS + 1),
            "looks": np.degrees(looks),
            "answers": np.degrees(answers),
            "twice_off": np.degrees((answers - 2 * looks + np.pi) % (2 * np.pi) - np.pi),
            "size_in": np.hypot(*into.T),
            "size_out": np.hypot(*out.T),
        },
        "largest": [float(np.hypot(*run[name][: five_step + 1].T).max()) for name in ("into", "out")],
    }


def five_values(data):
    weights = data["weights"]
    gaps = np.diff(np.sort(weights["looks"]), append=np.sort(weights["looks"])[0] + 360)
    return {
        "step": data["step"],
        "test_accuracy": 100 * float(data["curves"]["test"][data["moment"]]),
        "train_accuracy": 100 * float(data["curves"]["train"][data["moment"]]),
        "knows": data["knows"],
        "smallest_gap": float(gaps.min()),
        "largest_gap": float(gaps.max()),
        "twice_off": float(np.abs(weights["twice_off"]).max()),
        "size_ratio": float(weights["size_in"].max() / max(weights["size_in"].min(), 1e-9)),
    }
