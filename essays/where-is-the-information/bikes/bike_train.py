"""A live fit of the bike rentals: its frontier, its error over time, and the bits of each feature."""

import numpy as np

from infodecomp.data.bikes import FEATURES
from infodecomp.errors import CheckpointError
from infodecomp.experiments.bikes_live import BIKES_RUN, STEPS, BikeSnapshot
from infodecomp.explorable import IterationSlider, figure, key_number
from infodecomp.explorable.core.errors import Missing

from .bikes import ATTRIBUTION, BITS
from .pictures.training import TRAIN_SEED, earlier_snapshots, train_picture

TRAIN_STEP = IterationSlider(
    name="train_step",
    label="step of the fit",
    default=STEPS,
    high=STEPS,
    resets_on=("train_seed",),
    play_label="Train",
    seconds=15,
    max_rate=200,
    role="selection",
)


def snapshots(seed: int, step: int) -> list[BikeSnapshot]:
    """The measurements up to a step: of the live fit if a reader has started it, else of the stored one."""
    try:
        found = BIKES_RUN.until(step, seed=seed)
    except CheckpointError as error:
        raise Missing(str(error)) from error
    return list({snapshot.step: snapshot for snapshot in found}.values())


def _at(snapshot: BikeSnapshot, bits: float):
    """Error and bits of each feature at a budget; NaN if the fit does not reach it."""
    spent = np.maximum.accumulate(snapshot.bits)
    if not spent[0] <= bits <= spent[-1] or np.ptp(spent) < 0.05:
        return np.nan, np.full(len(FEATURES), np.nan)
    return float(np.interp(bits, spent, snapshot.error)), np.array(
        [np.interp(bits, spent, one) for one in snapshot.features.T]
    )


@figure(
    parameters=(BITS, TRAIN_SEED, TRAIN_STEP),
    title="Watch it learn",
    controls=("train_step", "train_seed"),
    decimals=0,
    attribution=ATTRIBUTION,
    presets={
        "train-finished": f"train_step={STEPS}",
        "train-begin": "train_step=0",
        "train-other": "train_seed=1",
    },
)
def bike_train(bits, train_seed, train_step):
    """The planes of a fit up to a step, and what it reaches at a budget."""
    known = snapshots(train_seed, train_step)
    now = known[-1]
    history = [_at(one, bits) for one in known]
    return {
        "bits": bits,
        "seed": train_seed,
        "step": train_step,
        "seconds": now.seconds,
        "front": {"bits": now.bits, "rmse": now.error},
        "earlier": [{"bits": known[i].bits, "rmse": known[i].error} for i in earlier_snapshots(len(known))],
        "history": {
            "step": np.array([one.step for one in known]),
            "seconds": np.array([one.seconds for one in known]),
            "rmse": np.array([error for error, _ in history]),
        },
        "rmse": history[-1][0],
        "features": dict(zip(FEATURES, history[-1][1].tolist())),
        "other": {} if train_seed == TRAIN_SEED.default else _bought_by_the_first(bits),
    }


def _bought_by_the_first(bits: float) -> dict[str, float]:
    """The list of the stored fit, which stays in sight beside that of another seed."""
    return dict(zip(FEATURES, _at(snapshots(TRAIN_SEED.default, STEPS)[-1], bits)[1].tolist()))


@bike_train.is_cached
def reached(state):
    return BIKES_RUN.is_cached(state["train_step"], seed=state["train_seed"])


@bike_train.advance
def go_on(state):
    BIKES_RUN.advance(state["train_step"], seed=state["train_seed"])


bike_train.draw(train_picture)


@bike_train.values
def train_values(data):
    rmse = data["rmse"]
    return {"step": data["step"], "seconds": data["seconds"], "rmse": rmse if np.isfinite(rmse) else None}


@bike_train.describe
def train_description(data):
    begun = (
        "Before the first step"
        if data["step"] == 0
        else f"After {data['step']} steps ({data['seconds']:.1f} seconds of work)"
    )
    if not np.isfinite(data["rmse"]):
        return f"{begun}, it hasn't yet learnt how to spend {data['bits']:.1f} bits."
    off = key_number(format(data["rmse"], ".0f"), "selection")
    if data["step"] == 0:
        return f"{begun}, everything is random: a guess is off by {off} bikes an hour."
    return f"{begun}, a guess from {data['bits']:.1f} bits is off by {off} bikes an hour."


@bike_train.value_text
def train_value_text(data):
    error = f"off by {data['rmse']:.0f} bikes an hour" if np.isfinite(data["rmse"]) else "nothing learnt yet"
    return {"train_step": f"step {data['step']}; {error}", "train_seed": f"seed {data['seed']}; {error}"}


@bike_train.table
def train_table(data):
    return {
        {"rmse": "off_by"}.get(name, name): ["" if value != value else value for value in column.tolist()]
        for name, column in data["history"].items()
    }
