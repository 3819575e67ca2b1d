"""Two small networks that find the rule first and then learn their pairs by heart."""

from functools import lru_cache

import numpy as np

from infodecomp.errors import CheckpointError
from infodecomp.experiments.grokking import MEMORISING
from infodecomp.experiments.grokking.memorising import N_SNAPSHOTS
from infodecomp.explorable import Axis, Dot, DragHandle, HConcat, Label, Line, Plot, Range, figure
from infodecomp.explorable.core.errors import Missing
from infodecomp.explorable.graphics.marks import Raster
from infodecomp.units import LN2

RUNS = tuple(MEMORISING.runs.values())
SOURCE = (
    "Rows are neurons, with the frequency at which each ends. Columns are numbers, in an order in which the "
    "commonest frequency goes round once. Blue is positive, orange negative."
)
DECADES = (-4, 1.3)
TICKS = {float(power): f"{10.0**power:g}" for power in (-4, -3, -2, -1, 0, 1)}


def _slider(index: int, default: int) -> Range:
    """The moment of one of the runs."""
    every = RUNS[index].steps // N_SNAPSHOTS
    return Range(
        name=f"mem_step_{index}",
        label="moment of training",
        default=default,
        low=0,
        high=N_SNAPSHOTS,
        step=1,
        format=lambda moment: f"step {round(moment) * every:,}",
        role="selection",
    )


@lru_cache(maxsize=2)
def _read(index: int) -> dict[str, np.ndarray]:
    config = RUNS[index]
    states = MEMORISING.until(config.steps, **{name: getattr(config, name) for name in vars(config)})
    return {
        "step": np.array([state.step for state in states]),
        "accuracy": np.array([state.accuracy for state in states]),
        "test_accuracy": np.array([state.test_accuracy for state in states]),
        "loss": np.array([state.loss for state in states]) / LN2,
        "test_loss": np.array([state.test_loss for state in states]) / LN2,
        "inputs": np.stack([state.inputs.numpy().T for state in states]),  # (n_steps, n_neurons, modulus)
        "outputs": np.stack([state.outputs.numpy() for state in states]),
    }


def memorising_run(index: int) -> dict[str, np.ndarray]:
    """Everything stored of a run. Raises Missing if it cannot be read."""
    try:
        return _read(index)
    except CheckpointError as error:
        raise Missing(str(error)) from error


CURVES = ("step", "accuracy", "test_accuracy", "loss", "test_loss")


def run_data(index: int, moment: int) -> dict:
    """The curves of a run, and its weights at a moment, neurons in the order of their final frequencies."""
    run = memorising_run(index)
    final = np.abs(np.fft.rfft(run["inputs"][-1]))[:, 1:]
    order = np.argsort(final.argmax(1), kind="stable")
    frequencies = final.argmax(1) + 1
    common = int(np.bincount(frequencies).argmax())
    modulus = RUNS[index].modulus
    round_order = np.argsort(common * np.arange(modulus) % modulus)  # once round for that frequency
    now = np.abs(np.fft.rfft(run["inputs"][moment]))[:, 1:] ** 2
    early = len(run["step"]) // 3
    best = int(run["test_accuracy"][:early].argmax())
    return {
        "index": index,
        "moment": moment,
        "step": int(run["step"][moment]),
        "curves": {name: run[name] for name in CURVES},
        "best": best,
        "worst": best + int(run["test_accuracy"][best:].argmin()),
        "inputs": run["inputs"][moment][order][:, round_order],
        "outputs": run["outputs"][moment][order][:, round_order],
        "numbers": round_order,
        "frequency": frequencies[order],
        "power": float((now.max(1) / now.sum(1)).mean()),
        "modulus": modulus,
    }


STEPS = (_slider(0, 14), _slider(1, 60))


def _accuracy_picture(data) -> HConcat:
    curves, lowest = data["curves"], 10.0 ** DECADES[0]
    losses = {name: np.log10(np.clip(curves[name], lowest, None)) for name in ("loss", "test_loss")}
    accuracy = _curve_plot(
        data,
        (curves["accuracy"], curves["test_accuracy"]),
        Axis("share right", (0, 1.03), ticks=(0, 0.5, 1), grid=True),
        True,
    )
    loss = _curve_plot(
        data,
        (losses["loss"], losses["test_loss"]),
        Axis("bits per pair", DECADES, ticks=tuple(TICKS), names=TICKS, grid=True),
        False,
    )
    return HConcat((accuracy, loss), (1.25, 1), gap=22)


def _curve_plot(data, lines, y: Axis, handle: bool) -> Plot:
    steps, moment = data["curves"]["step"], data["moment"]
    now, low, high = float(steps[moment]), *y.span()
    marks: list = [Line((now, now), (low, high), "selection", 1.4, dash="2 3")]
    for line, role, dash in zip(lines, ("series-1", "series-2"), ("", "7 4")):
        marks += [
            Line(steps, line, role, 2.4, dash=dash),
            Dot(now, float(line[moment]), role, 4, rim="paper"),
        ]
    if handle:
        marks += [
            Label(float(steps[-1]), high, "held back", "series-2-text", "end", dy=-14, size=12.5, bold=True),
            Label(
                float(steps[-1]), high, "shown", "series-1-text", "end", dx=-76, dy=-14, size=12.5, bold=True
            ),
            _handle(data, now),
        ]
    return Plot(
        tuple(marks),
        Axis("steps of training", (0, float(steps[-1])), count=3),
        y,
        ratio=0.68,
        heights=(210, 260),
        margins=(34, 18, 46, 52),
    )


def _handle(data, now: float) -> DragHandle:
    slider = STEPS[data["index"]]
    return DragHandle(
        now,
        0,
        "Moment of training",
        state={slider.name: (data["moment"], slider)},
        moves=slider.name,
        axis="x",
        per_unit=N_SNAPSHOTS / RUNS[data["index"]].steps,
        text=slider.show(data["moment"]),
        marks=(Dot(now, 0, "selection", 8, rim="rim"),),
    )


def _weights_picture(data) -> HConcat:
    largest = max(np.abs(data["inputs"]).max(), np.abs(data["outputs"]).max())
    return HConcat(
        tuple(
            _heat(data, data[name] / largest, words)
            for name, words in (
                ("inputs", "weights in"),
                ("outputs", "weights out"),
            )
        ),
        (1, 1),
        gap=16,
    )


def _heat(data, weights: np.ndarray, words: str) -> Plot:
    rows, columns = weights.shape
    marks: list = [Raster(0, 0, columns, rows, weights), Label(0, rows, words, "muted", dy=-7, size=12)]
    for row, frequency in enumerate(data["frequency"].tolist()):
        marks.append(Label(0, rows - row - 0.5, str(frequency), "muted", "end", dx=-5, dy=4, size=12))
    numbers = data["numbers"].tolist()
    ends = {place + 0.5: str(numbers[place]) for place in range(0, columns, 6)}
    return Plot(
        tuple(marks),
        Axis("", (0, columns), ticks=tuple(ends), names=ends),
        Axis(domain=(0, rows), hidden=True),
        ratio=0.62,
        heights=(190, 240),
        margins=(26, 8, 24, 24),
    )


def run_values(data):
    curves, moment, best, worst = data["curves"], data["moment"], data["best"], data["worst"]
    return {
        "step": data["step"],
        "accuracy": 100 * float(curves["accuracy"][moment]),
        "test_accuracy": 100 * float(curves["test_accuracy"][moment]),
        "test_loss": float(curves["test_loss"][moment]),
        "best_accuracy": 100 * float(curves["test_accuracy"][best]),
        "best_step": int(curves["step"][best]),
        "best_at": f"{curves['step'][best]:,}",
        "worst_accuracy": 100 * float(curves["test_accuracy"][worst]),
        "worst_step": int(curves["step"][worst]),
        "worst_at": f"{curves['step'][worst]:,}",
        "last_accuracy": 100 * float(curves["test_accuracy"][-1]),
        "least_loss": float(curves["test_loss"].min()),
        "last_loss": float(curves["test_loss"][-1]),
        "power": 100 * data["power"],
        "largest_weight": float(max(np.abs(data["inputs"]).max(), np.abs(data["outputs"]).max())),
    }


def accuracy_description(data):
    numbers = run_values(data)
    worst, last = (f"{numbers[name]:.0f}%" for name in ("worst_accuracy", "last_accuracy"))
    fate = f"sank to {worst} and stayed there" if worst == last else f"sank to {worst} and ended at {last}"
    return (
        f"After {data['step']:,} steps the network is right on {numbers['test_accuracy']:.0f}% of the "
        f"held-back pairs, at a loss of {numbers['test_loss']:.1f} bits. It reached "
        f"{numbers['best_accuracy']:.0f}% at step {numbers['best_step']:,}, {fate}."
    )


def weights_description(data):
    numbers = run_values(data)
    return (
        f"After {data['step']:,} steps the largest weight is {numbers['largest_weight']:.1f}, and "
        f"{numbers['power']:.0f}% of a typical neuron is one regular wave."
    )


def weights_table(data):
    neurons, modulus = data["inputs"].shape
    return {
        "frequency": np.repeat(data["frequency"], modulus),
        "number": np.tile(data["numbers"], neurons),
        "weight_in": data["inputs"].ravel(),
        "weight_out": data["outputs"].ravel(),
    }


@figure(parameters=(STEPS[0],), title="First the rule, then by heart", controls=("mem_step_0",), decimals=1)
def open_q_mem_0_accuracy(mem_step_0):
    """Accuracy and loss of a small network without weight decay."""
    return run_data(0, mem_step_0)


@figure(
    parameters=(STEPS[0],),
    title="Its weights keep their waves",
    controls=("mem_step_0",),
    decimals=1,
    source=SOURCE,
)
def open_q_mem_0_weights(mem_step_0):
    """All weights of that network at a moment."""
    return run_data(0, mem_step_0)


@figure(
    parameters=(STEPS[1],), title="The rule, by heart, the rule again", controls=("mem_step_1",), decimals=1
)
def open_q_mem_1_accuracy(mem_step_1):
    """Accuracy and loss of a slightly larger network with a little weight decay."""
    return run_data(1, mem_step_1)


@figure(
    parameters=(STEPS[1],),
    title="The weights that it comes back with",
    controls=("mem_step_1",),
    decimals=1,
    source=SOURCE,
)
def open_q_mem_1_weights(mem_step_1):
    """All weights of that network at a moment."""
    return run_data(1, mem_step_1)


for shown in (open_q_mem_0_accuracy, open_q_mem_1_accuracy):
    shown.draw(_accuracy_picture)
    shown.describe(accuracy_description)
    shown.table(lambda data: data["curves"])
for shown in (open_q_mem_0_weights, open_q_mem_1_weights):
    shown.draw(_weights_picture)
    shown.describe(weights_description)
    shown.table(weights_table)
for shown in (open_q_mem_0_accuracy, open_q_mem_0_weights, open_q_mem_1_accuracy, open_q_mem_1_weights):
    shown.values(run_values)
    shown.value_text(lambda data: {STEPS[data["index"]].name: STEPS[data["index"]].show(data["moment"])})
