"""Accuracy and loss of the network that learns sparse parity."""

import numpy as np

from infodecomp.explorable import Axis, figure

from .runs import (
    CONFIG,
    EVERY,
    FITS,
    KNOWS,
    PARAMETERS,
    PRESETS,
    ROLES,
    curve_plot,
    distractor_weight,
    first_step,
    name_label,
    parity_run,
    step_text,
)

ACCURACY_LINES = (("train_accuracy", ROLES["train"], ""), ("test_accuracy", ROLES["test"], "7 4"))
LOSS_LINES = (
    ("train_loss", ROLES["train"], ""),
    ("test_loss", ROLES["test"], "7 4"),
    ("price", ROLES["price"], "1 4"),
)


def curve_data(parity_penalty: str, parity_step: int) -> dict:
    """The curves of a training, and what they say at a moment."""
    run = parity_run(parity_penalty)
    return {
        "penalty": parity_penalty,
        "moment": parity_step,
        "step": int(parity_step * EVERY),
        "curves": {"step": run.step} | run.curves,
        "fits": first_step(run, "train_accuracy", FITS),
        "knows": first_step(run, "test_accuracy", KNOWS),
        "distractor": distractor_weight(run)[parity_step],
    }


@figure(
    parameters=PARAMETERS,
    title="Learning an odd number of ones",
    controls=("parity_step", "parity_penalty"),
    decimals=1,
    presets=PRESETS,
)
def parity_accuracy(parity_penalty, parity_step):
    """The share of training and of test sequences that the network labels correctly."""
    return curve_data(parity_penalty, parity_step)


@parity_accuracy.draw
def accuracy_picture(data):
    half = float(np.interp(0.72, data["curves"]["test_accuracy"], data["curves"]["step"]))
    labels = [
        name_label(CONFIG.steps, 1, f"the {CONFIG.n_train:,} it practises on", ROLES["train"], "end", -9),
        name_label(half, 0.72, "sequences it never saw", ROLES["test"], dy=18),
    ]
    return curve_plot(
        data,
        ACCURACY_LINES,
        labels,
        Axis("share of labels right", (0.45, 1.02), ticks=(0.5, 0.75, 1), grid=True),
        0.45,
    )


@parity_accuracy.values
def accuracy_values(data):
    curves, moment = data["curves"], data["moment"]
    return {
        "step": data["step"],
        "train_accuracy": 100 * float(curves["train_accuracy"][moment]),
        "test_accuracy": 100 * float(curves["test_accuracy"][moment]),
        "fits": data["fits"],
        "knows": data["knows"],
        "knows_step": f"{data['knows']:,}",
        "test_when_fits": f"{100 * np.interp(data['fits'], curves['step'], curves['test_accuracy']):.0f}",
    }


@parity_accuracy.describe
def accuracy_description(data):
    numbers = accuracy_values(data)
    return (
        f"After {data['step']:,} steps the network is right on {numbers['train_accuracy']:.0f}% of the "
        f"sequences it practises on and on {numbers['test_accuracy']:.0f}% of new ones; half would be luck."
    )


@figure(
    parameters=PARAMETERS,
    title="What the network pays",
    controls=("parity_step", "parity_penalty"),
    decimals=3,
)
def parity_loss(parity_penalty, parity_step):
    """Loss on training and test sequences, and the price of the weights, in bits per sequence."""
    return curve_data(parity_penalty, parity_step)


DECADES = (-3, 0.7)
TICKS = {float(power): f"{10.0**power:g}" for power in (-3, -2, -1, 0)}


@parity_loss.draw
def loss_picture(data):
    columns = {
        name: np.log10(np.clip(data["curves"][name], 10.0 ** DECADES[0], None)) for name, *_ in LOSS_LINES
    }
    steps = data["curves"]["step"]
    shown = data | {"curves": {"step": steps} | columns}

    def at(column: str, step: float) -> float:
        return float(np.interp(step, steps, columns[column]))

    labels = [
        name_label(930, at("train_loss", 1350), "loss in training", ROLES["train"], "end", 20, "in training"),
        name_label(1250, at("test_loss", 1250), "loss on new sequences", ROLES["test"], dy=-10),
        name_label(
            CONFIG.steps, at("price", 2600), "price of the weights", ROLES["price"], "end", -9, "weights"
        ),
    ]
    return curve_plot(
        shown,
        LOSS_LINES,
        labels,
        Axis("bits per sequence, logarithmic", DECADES, ticks=tuple(TICKS), names=TICKS, grid=True),
        DECADES[0],
    )


@parity_loss.values
def loss_values(data):
    curves, moment = data["curves"], data["moment"]
    highest = int(np.argmax(curves["price"]))
    return {
        "step": data["step"],
        "train_loss": float(curves["train_loss"][moment]),
        "test_loss": float(curves["test_loss"][moment]),
        "price": float(curves["price"][moment]),
        "highest_price": float(curves["price"][highest]),
        "highest_step": int(curves["step"][highest]),
        "last_price": float(curves["price"][-1]),
    }


@parity_loss.describe
def loss_description(data):
    numbers = loss_values(data)
    return (
        f"After {data['step']:,} steps an answer costs {numbers['train_loss']:.3f} bits on the training "
        f"sequences and {numbers['test_loss']:.3f} on new ones; the weights cost "
        f"{numbers['price']:.3f} bits. "
        f"Their bill peaks at step {numbers['highest_step']:,}."
    )


def value_text(data):
    curves, moment = data["curves"], data["moment"]
    return {
        "parity_step": f"{step_text(moment)}: {100 * curves['train_accuracy'][moment]:.0f}% right in "
        f"training, {100 * curves['test_accuracy'][moment]:.0f}% on new sequences"
    }


for shown_figure in (parity_accuracy, parity_loss):
    shown_figure.value_text(value_text)
    shown_figure.table(lambda data: data["curves"])
