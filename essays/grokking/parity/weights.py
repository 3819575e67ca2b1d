"""The weights of the network that learns sparse parity: at one moment, and on their way through training."""

import numpy as np

from infodecomp.explorable import Axis, Label, Line, Plot, figure
from infodecomp.explorable.graphics.marks import Raster
from infodecomp.parity.network import N_DIGITS, N_INPUTS, N_RELEVANT

from .runs import (
    EVERY,
    PARAMETERS,
    ROLES,
    distractor_weight,
    name_label,
    parity_run,
    step_axis,
    step_handle,
    step_text,
)

ACTIVE = 0.01  # of the strongest neuron: a weaker one takes no part in the answer
DRAWN = 3  # neurons' worth of lines for each distracting digit: 81 of 1,728 are drawn


def neuron_strength(hidden: np.ndarray, out: np.ndarray) -> np.ndarray:
    """How much each neuron can move the answer: |weight out| times the norm of its weights in, (width,)."""
    return np.abs(out) * np.sqrt((hidden**2).sum(0))


def weight_state(parity_penalty: str, parity_step: int) -> dict:
    """The weights of a moment, neurons in the order of their final strength."""
    run = parity_run(parity_penalty)
    order = np.argsort(-neuron_strength(run.hidden[-1], run.out[-1]), kind="stable")
    hidden, out = run.hidden[parity_step][:, order], run.out[parity_step][order]
    strength = neuron_strength(hidden, out)
    relevant = np.abs(hidden[:N_RELEVANT]).sum() + np.abs(hidden[N_DIGITS]).sum()
    return {
        "penalty": parity_penalty,
        "moment": parity_step,
        "step": int(parity_step * EVERY),
        "hidden": hidden,
        "out": out,
        "scale": float(np.abs(run.hidden).max()),
        "out_scale": float(np.abs(run.out).max()),
        "active": int((strength > ACTIVE * strength.max()).sum()),
        "distractor": float(distractor_weight(run)[parity_step]),
        "share": float(relevant / np.abs(hidden).sum()),
    }


@figure(
    parameters=PARAMETERS,
    title="Every weight of the network",
    controls=("parity_step", "parity_penalty"),
    decimals=2,
    source="Blue is positive, orange negative. Neurons stand in the order of their final strength.",
)
def parity_weights(parity_penalty, parity_step):
    """All weights at one moment: a row for each input and one for the answer, a column for each neuron."""
    return weight_state(parity_penalty, parity_step)


@parity_weights.draw
def weights_picture(data):
    hidden, width = data["hidden"] / data["scale"], data["hidden"].shape[1]
    # from the top: three digits that count, a gap, 27 that distract, a gap, the constant, a gap, the answer
    tops = {"counts": 36.0, "distracts": 32.0, "constant": 4.0, "answer": 2.0}
    marks = [
        Raster(0, tops["counts"] - 3, width, tops["counts"], hidden[:N_RELEVANT]),
        Raster(0, tops["distracts"] - 27, width, tops["distracts"], hidden[N_RELEVANT:N_DIGITS]),
        Raster(0, tops["constant"] - 1, width, tops["constant"], hidden[N_DIGITS:]),
        Raster(0, tops["answer"] - 1, width, tops["answer"], data["out"][None] / data["out_scale"]),
    ]
    for name, height in (("counts", 3), ("distracts", 27), ("constant", 1), ("answer", 1)):
        top = tops[name]
        marks.append(Line((0, width, width, 0, 0), (top, top, top - height, top - height, top), "noise", 0.8))
    for text, y, role in (
        ("digits 1–3", tops["counts"] - 1.5, "ink"),
        ("4 to 30", tops["distracts"] - 13.5, "muted"),
        ("bias", tops["constant"] - 0.5, "muted"),
        ("out", tops["answer"] - 0.5, "muted"),
    ):
        marks.append(Label(0, y, text, role, "end", dx=-7, dy=4, size=12, bold=role == "ink"))
    marks.append(Label(0, 36, "64 neurons →", "muted", dy=-8, size=12))
    return Plot(
        tuple(marks),
        Axis(domain=(0, width), hidden=True),
        Axis(domain=(0.6, 36), hidden=True),
        ratio=0.6,
        heights=(260, 380),
        margins=(26, 6, 8, 84),
    )


@parity_weights.values
def weights_values(data):
    return {
        "step": data["step"],
        "active": data["active"],
        "distractor": data["distractor"],
        "share": 100 * data["share"],
    }


@parity_weights.describe
def weights_description(data):
    return (
        f"All 2,048 weights after {data['step']:,} steps: {data['active']} of 64 neurons take part, "
        f"{100 * data['share']:.0f}% of the weight into them comes from the three digits that count and the "
        f"bias, and the largest weight from any other digit is {data['distractor']:.2f}."
    )


@parity_weights.table
def weights_table(data):
    width = data["hidden"].shape[1]
    return {
        "input": np.repeat(np.arange(1, N_INPUTS + 1), width),
        "neuron": np.tile(np.arange(1, width + 1), N_INPUTS),
        "weight": data["hidden"].ravel(),
        "weight_out": np.tile(data["out"], N_INPUTS),
    }


@figure(
    parameters=PARAMETERS,
    title="Every weight on its way",
    controls=("parity_step", "parity_penalty"),
    decimals=2,
)
def parity_weights_trajectory(parity_penalty, parity_step):
    """Weights of the digits that count and of those that distract, over the whole training."""
    run = parity_run(parity_penalty)
    order = np.argsort(-neuron_strength(run.hidden[-1], run.out[-1]), kind="stable")
    distracting = np.abs(run.hidden[:, N_RELEVANT:N_DIGITS])
    largest = distracting.max((1, 2))
    return {
        "penalty": parity_penalty,
        "moment": parity_step,
        "step": int(parity_step * EVERY),
        "steps": run.step,
        "counting": run.hidden[:, :N_RELEVANT, order[:16]].reshape(len(run.step), -1),
        "distracting": run.hidden[:, N_RELEVANT:N_DIGITS, order[:: 64 // DRAWN][:DRAWN]].reshape(
            len(run.step), -1
        ),
        "largest": largest,
        "knows": int(run.step[np.argmax(run.curves["test_accuracy"] >= 0.999)]),
        "gone": _gone(run.step, largest),
    }


def _gone(steps: np.ndarray, largest: np.ndarray) -> int | None:
    """The first step from which no distracting weight is above a hundredth; None if that never comes."""
    small = largest < 0.01
    return int(steps[np.argmax(small)]) if small.any() else None


@parity_weights_trajectory.draw
def trajectory_picture(data):
    steps = data["steps"]
    top = float(max(np.abs(data["counting"]).max(), data["largest"].max())) * 1.05
    now = data["step"]
    marks: list = [Line((now, now), (-top, top), "selection", 1.4, dash="2 3")]
    marks.append(_bundle(steps, data["distracting"], ROLES["test"], 0.9, 0.45))
    marks.append(_bundle(steps, data["counting"], ROLES["train"], 1.3, 0.75))
    knows = data["knows"]
    marks += [
        Line((knows, knows), (-top, top), "ink", 1.2),
        Label(knows, top, "knows the rule", "ink", dx=6, dy=4, size=12.5, bold=True, halo=True),
        name_label(80, 0.84 * top, "digits 1 to 3", ROLES["train"]),
        name_label(80, -0.84 * top, "digits 4 to 30", ROLES["test"]),
        step_handle(data["moment"], -top),
    ]
    return Plot(
        tuple(marks),
        step_axis(),
        Axis("weight", (-top, top), count=4, grid=True),
        ratio=0.45,
        heights=(240, 320),
        margins=(34, 18, 46, 46),
    )


def _bundle(steps: np.ndarray, weights: np.ndarray, role: str, width: float, opacity: float) -> Line:
    """Many trajectories, (n_steps, n), as one path."""
    x = np.tile(np.append(steps, np.nan), weights.shape[1])
    y = np.vstack([weights, np.full(weights.shape[1], np.nan)]).T.ravel()
    return Line(x, y, role, width, opacity=opacity)


@parity_weights_trajectory.values
def trajectory_values(data):
    return {
        "step": data["step"],
        "largest": float(data["largest"][data["moment"]]),
        "largest_when_known": float(data["largest"][data["knows"] // EVERY]),
        "knows": data["knows"],
        "gone": data["gone"],
        "knows_step": f"{data['knows']:,}",
        "fate": f"vanishes at step {data['gone']:,}" if data["gone"] else "never quite vanishes",
    }


@parity_weights_trajectory.describe
def trajectory_description(data):
    end = f"the last of them is gone at step {data['gone']:,}" if data["gone"] else "they never quite vanish"
    return (
        f"The network knows the rule from step {data['knows']:,} on, while weights from digits that say "
        f"nothing still reach {data['largest'][data['knows'] // EVERY]:.2f}; {end}."
    )


def value_text(data):
    return {"parity_step": step_text(data["moment"])}


parity_weights.value_text(value_text)
parity_weights_trajectory.value_text(value_text)


@parity_weights_trajectory.table
def trajectory_table(data):
    return {
        "step": data["steps"],
        "largest_distracting": data["largest"],
        "largest_counting": np.abs(data["counting"]).max(1),
    }
