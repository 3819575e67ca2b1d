"""Neurons in the order of their final frequency, and the pictures of their weights that two parts share."""

from typing import NamedTuple

import numpy as np

from infodecomp.explorable import Axis, HConcat, Label, Line, Plot, Raster
from infodecomp.modular.network import ModularNetwork
from infodecomp.modular.spectrum import frequency_groups, power_spectrum, strongest_waves

from .runs import Shown

MAX_PANELS = 6  # frequencies with a panel of their own; the rest share the last


class Group(NamedTuple):
    """Neurons that end at one frequency; 0 stands for all that belong to no large group."""

    frequency: int
    neurons: list[int]

    @property
    def name(self) -> str:
        return f"frequency {self.frequency}" if self.frequency else "the others"


def final_groups(final: ModularNetwork) -> list[Group]:
    """The groups of a network, at most `MAX_PANELS`, frequencies ascending, the others last."""
    found = frequency_groups(final)
    largest = sorted(found, key=lambda f: (-len(found[f]), f))
    room = MAX_PANELS if len(found) <= MAX_PANELS else MAX_PANELS - 1
    groups = [Group(f, found[f]) for f in sorted(largest[:room])]
    named = {neuron for group in groups for neuron in group.neurons}
    others = [neuron for neuron in range(final.n_neurons) if neuron not in named]
    return [*groups, Group(0, others)] if others else groups


def weight_data(run: Shown) -> dict:
    """Weights in and out by neuron (n_neurons, modulus), scaled by the largest of the last snapshot.

    For the waves they are scaled by the largest of the step that is shown, since the first weights are tiny.
    """
    groups = final_groups(run.final.network)
    order = [neuron for group in groups for neuron in group.neurons]
    now, final = run.now.network, run.final.network
    inputs, outputs = (
        (weights / scale.abs().max().clamp_min(1e-9)).numpy()
        for weights, scale in ((now.inputs.T, final.inputs), (now.outputs, final.outputs))
    )
    waves = strongest_waves(now)
    last = {"inputs": final.inputs.T.numpy(), "outputs": final.outputs.numpy()}
    return {
        "step": run.now.step,
        "whose": run.whose,
        "modulus": now.modulus,
        "groups": groups,
        "order": order,
        "inputs": inputs,
        "outputs": outputs,
        "waves": {"inputs": _unit(inputs), "outputs": _unit(outputs)},
        "last_waves": {side: _unit(weights) for side, weights in last.items()},
        "purity": float(waves.purity.mean()),
        "accuracy": run.now.accuracy,
        "test_accuracy": run.now.test_accuracy,
        "n_frequencies": sum(group.frequency > 0 for group in groups),
        "spectra": {
            "inputs": power_spectrum(now.inputs).numpy(),
            "outputs": power_spectrum(now.outputs.T).numpy(),
        },
    }


def _unit(weights: np.ndarray) -> np.ndarray:
    """Weights over the largest of them."""
    return weights / max(float(abs(weights).max()), 1e-9)


def heat_picture(data: dict) -> HConcat:
    """All weights, one row for each neuron and one column for each number."""
    return HConcat(
        (
            _heat(data, "inputs", "weights in: number a or b →"),
            _heat(data, "outputs", "weights out: answer c →"),
        ),
        (1, 1),
        gap=18,
    )


def _heat(data, which, words) -> Plot:
    rows, columns = len(data["order"]), data["modulus"]
    marks = [
        Raster(0, 0, columns, rows, data[which][data["order"]], smooth=False),
        Label(0, rows, words, "muted", dy=-7, size=12),
        Label(0, 0, "waves", "ink", "end", dx=-4, dy=14, size=12),
    ]
    top = rows
    for group in data["groups"]:
        middle = top - len(group.neurons) / 2
        marks.append(
            Label(0, middle, str(group.frequency or "–"), "ink", "end", dx=-7, dy=4, size=12, bold=True)
        )
        top -= len(group.neurons)
        if top > 0:
            marks.append(Line((0, columns), (top, top), "noise", 0.8))
    return Plot(
        tuple(marks),
        Axis("", (0, columns), ticks=(0.5, columns - 0.5), names={0.5: "0", columns - 0.5: str(columns - 1)}),
        Axis(domain=(0, rows), hidden=True),
        ratio=0.9,
        heights=(210, 300),
        margins=(26, 6, 26, 38),
    )


def wave_picture(data: dict, which: tuple[str, ...] = ("inputs",)) -> HConcat:
    """Each neuron's weights as a wave over the numbers, a panel for each final frequency.

    One neuron of each panel stands out, over a pale band: the wave that it has in the end.
    """
    heights = (104, 150) if len(which) == 1 else (92, 130)
    panels = tuple(_waves(data, group, side, heights) for group in data["groups"] for side in which)
    per_row = 2 if len(which) == 2 or len(panels) in (2, 4) else 3
    rows = [panels[i : i + per_row] for i in range(0, len(panels), per_row)]
    pictures = [HConcat(row, (1,) * len(row), gap=14, stack_below=0) for row in rows]
    if len(rows[-1]) < per_row:
        blank = Plot((), heights=heights, ratio=0.42, margins=(22, 4, 8, 4))
        last = (*rows[-1], *(blank,) * (per_row - len(rows[-1])))
        pictures[-1] = HConcat(last, (1,) * per_row, gap=14, stack_below=0)
    return HConcat(tuple(pictures), (1,) * len(pictures), stack_below=float("inf"))


ROLES = {"inputs": "series-1", "outputs": "series-2"}


def _waves(data, group: Group, side: str, heights: tuple[float, float]) -> Plot:
    x, order = np.arange(data["modulus"]), round_order(data["modulus"], group.frequency)
    last = data["last_waves"][side]
    leading = max(group.neurons, key=lambda neuron: float((last[neuron] ** 2).sum()))
    others = [neuron for neuron in group.neurons if neuron != leading][:11]
    marks = [Line((0, x[-1]), (0, 0), "faint", 1)]
    marks += [Line(x, data["waves"][side][neuron][order], ROLES[side], 1, opacity=0.35) for neuron in others]
    marks += [
        Line(x, last[leading][order], "noise", 7, opacity=0.5),
        Line(x, data["waves"][side][leading][order], ROLES[side], 2.2),
    ]
    words = group.name if side == "inputs" else f"{group.name}, out"
    marks.append(Label(0, 1.2, words, "ink", dy=-5, size=12, bold=True))
    return Plot(
        tuple(marks),
        Axis(domain=(0, x[-1]), hidden=True),
        Axis(domain=(-1.2, 1.2), hidden=True),
        ratio=0.42,
        heights=heights,
        margins=(22, 4, 8, 4),
    )


def round_order(modulus: int, frequency: int) -> np.ndarray:
    """The numbers in their order on a circle of which each step goes `frequency` / modulus."""
    return np.argsort(frequency * np.arange(modulus) % modulus, kind="stable")


def purity_words(data) -> str:
    """How much of the neurons' weights are one wave."""
    return f"{100 * data['purity']:.0f}% of a typical neuron is one regular wave"


def weight_table(data) -> dict:
    """Frequency and weights of each neuron."""
    frequency = {neuron: group.frequency for group in data["groups"] for neuron in group.neurons}
    rows = [(neuron, number) for neuron in data["order"] for number in range(data["modulus"])]
    return {
        "neuron": [neuron for neuron, _ in rows],
        "final_frequency": [frequency[neuron] for neuron, _ in rows],
        "number": [number for _, number in rows],
        "relative_weight_in": [float(data["inputs"][row]) for row in rows],
        "relative_weight_out": [float(data["outputs"][row]) for row in rows],
    }
