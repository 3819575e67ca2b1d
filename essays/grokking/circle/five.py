"""Five neurons that learn to add on a given circle: accuracy, weights, and the directions they settle on."""

import numpy as np

from infodecomp.experiments.grokking.circle_neurons import STEPS
from infodecomp.explorable import Axis, Dot, Dots, DragHandle, HConcat, Label, Line, Plot, figure

from .circles import at_angle, circle_plot, ring
from .five_runs import FIVE_STEP, MODULUS, NEURONS, PARAMETERS, five_data, five_values, step_text

DOUBLED = 20  # degrees: nearer than that, an answer is at twice its angle


@figure(
    parameters=PARAMETERS,
    title="Twenty weights learn to add",
    controls=("five_step", "five_seed"),
    decimals=1,
    presets={
        "five-neuron-start": "five_step=0",
        "five-neuron-converge": f"five_step={len(STEPS) - 1}",
        "five-neuron-stuck": f"five_step={len(STEPS) - 1}&five_seed=0",
        "five-neuron-works": f"five_step={len(STEPS) - 1}&five_seed=1",
    },
)
def five_neuron_accuracy(five_step, five_seed):
    """The share of sums that the network gets right, in training and on new pairs."""
    return five_data(five_step, five_seed)


def place(step) -> np.ndarray:
    """Where a step stands on the axis: the logarithm of one more."""
    return np.log10(np.asarray(step, float) + 1)


@five_neuron_accuracy.draw
def accuracy_picture(data):
    curves, x = data["curves"], place(data["curves"]["step"])
    now, moment = float(x[data["moment"]]), data["moment"]
    ticks = {float(place(step)): f"{step:,}" for step in (0, 10, 100, 1000)}
    marks = [
        Line((now, now), (0, 1), "selection", 1.4, dash="2 3"),
        Line(x, curves["train"], "series-1", 2.4),
        Line(x, curves["test"], "series-2", 2.4, dash="7 4"),
        Dot(now, curves["test"][moment], "series-2", 4, rim="paper"),
        Label(0, 1, "pairs shown", "series-1-text", dx=6, dy=14, size=12.5, bold=True),
        Label(0, 1, "pairs held back", "series-2-text", dx=6, dy=32, size=12.5, bold=True),
        DragHandle(
            now,
            0,
            "Moment of training",
            state={"five_step": (moment, FIVE_STEP)},
            keys=("five_step", "five_step"),
            axis="x",
            text=step_text(moment),
            marks=(Dot(now, 0, "selection", 8, rim="rim"),),
        ),
    ]
    return Plot(
        tuple(marks),
        Axis("steps of training, logarithmic", (0, float(x[-1])), tuple(ticks), ticks),
        Axis("share of sums right", (0, 1.04), ticks=(0, 0.5, 1), grid=True),
        ratio=0.4,
        heights=(220, 280),
        margins=(34, 18, 46, 40),
        grab=True,
    )


@five_neuron_accuracy.invert_point
def grab_moment(state, x, y):
    """The moment whose step is nearest to a point of the axis."""
    return {"five_step": int(np.abs(place(STEPS) - x).argmin())}


@five_neuron_accuracy.describe
def accuracy_description(data):
    numbers = five_values(data)
    known = (
        f"They know every sum from step {data['knows']:,} on."
        if data["knows"]
        else "They never learn the sum."
    )
    return (
        f"After {data['step']:,} steps the five neurons get {numbers['test_accuracy']:.0f}% of "
        f"the held-back sums right. {known}"
    )


@figure(
    parameters=PARAMETERS,
    title="Each neuron as a wave over the numbers",
    controls=("five_step", "five_seed"),
    decimals=1,
)
def five_neuron_embed(five_step, five_seed):
    """What each neuron gets from each number, and gives to each answer."""
    return five_data(five_step, five_seed)


ROLES = ("series-1", "series-2", "target", "ink", "noise")
DASHES = ("", "8 3", "2 3", "10 3 2 3", "")


@five_neuron_embed.draw
def embed_picture(data):
    number = np.arange(MODULUS + 1)
    circle = np.stack([np.cos(2 * np.pi * number / MODULUS), np.sin(2 * np.pi * number / MODULUS)])
    panels = []
    for name, words, axis in (("into", "weights in", "number a or b"), ("out", "weights out", "answer c")):
        waves = data[name] @ circle / max(data["largest"][0 if name == "into" else 1], 1e-9)
        marks: list = []
        for index, wave in enumerate(waves):
            peak = int(wave[:-1].argmax())
            marks.append(Line(number, wave, ROLES[index], 2, DASHES[index], 0.85))
            marks.append(
                Label(
                    peak,
                    float(wave[peak]),
                    str(index + 1),
                    "ink",
                    "middle",
                    dy=-6,
                    size=12.5,
                    bold=True,
                    halo=True,
                )
            )
        panels.append(
            Plot(
                tuple(marks),
                Axis(axis, (0, MODULUS), ticks=(0, 20, 40, 60)),
                Axis(f"{words}, relative", (-1.15, 1.3), ticks=(-1, 0, 1), grid=True),
                ratio=0.72,
                heights=(200, 260),
                margins=(34, 8, 46, 30),
            )
        )
    return HConcat(tuple(panels), (1, 1), gap=20)


@five_neuron_embed.describe
def embed_description(data):
    numbers = five_values(data)
    return (
        f"On a circle every neuron is a wave over the numbers, from the first step on. After "
        f"{data['step']:,} steps the largest is {numbers['size_ratio']:.1f} times the smallest."
    )


@figure(
    parameters=PARAMETERS,
    title="Where the five neurons look, and where they answer",
    controls=("five_step", "five_seed"),
    decimals=1,
)
def five_neuron_circle(five_step, five_seed):
    """The directions of the twenty weights, as two circles."""
    return five_data(five_step, five_seed)


def _directions(data, name: str, index: int) -> tuple[np.ndarray, np.ndarray]:
    """The points of the weights, up and to the right, in shares of the largest so far."""
    points = data[name] / max(data["largest"][index], 1e-9)
    return points[:, 1], points[:, 0]


def _circle(data, name: str, index: int, title: str, short: str, polygon: bool):
    x, y = _directions(data, name, index)
    role = ("series-1", "series-2")[index]
    marks: list = [ring()]
    if polygon:
        marks.append(Line(np.append(x, x[0]), np.append(y, y[0]), role, 2, opacity=0.8))
    else:
        marks += [Line((0, a), (0, b), role, 1.6, opacity=0.6) for a, b in zip(x.tolist(), y.tolist())]
    marks.append(Dots(x, y, (role,), radius=5))
    for number, a, b in zip(range(1, NEURONS + 1), x.tolist(), y.tolist()):
        tx, ty = at_angle(np.arctan2(a, b), float(np.hypot(a, b)) + 0.17)
        marks.append(
            Label(float(tx), float(ty), str(number), f"{role}-text", "middle", dy=5, size=13, bold=True)
        )
    return circle_plot(marks, title, short, 1.25)


def _circles(data, polygon: bool) -> HConcat:
    return HConcat(
        (
            _circle(data, "into", 0, "weights in: where it looks", "weights in", polygon),
            _circle(data, "out", 1, "weights out: where it answers", "weights out", polygon),
        ),
        (1, 1),
        gap=18,
        stack_below=330,
    )


@five_neuron_circle.draw
def circle_picture(data):
    return _circles(data, False)


@five_neuron_circle.describe
def circle_description(data):
    numbers = five_values(data)
    return (
        f"After {data['step']:,} steps neighbouring neurons look {numbers['smallest_gap']:.0f} to "
        f"{numbers['largest_gap']:.0f} degrees apart; a fifth of the circle is 72."
    )


@figure(
    parameters=PARAMETERS,
    title="Out turns twice as fast as in",
    controls=("five_step", "five_seed"),
    decimals=1,
)
def five_neuron_circle_2(five_step, five_seed):
    """The directions of the twenty weights, each neuron joined to the next."""
    return five_data(five_step, five_seed)


@five_neuron_circle_2.draw
def star_picture(data):
    return _circles(data, True)


@five_neuron_circle_2.describe
def star_description(data):
    off = five_values(data)["twice_off"]
    if off < DOUBLED:
        return (
            f"Joined in the order in which they look, the answers after {data['step']:,} "
            f"steps go round twice: "
            f"each neuron answers within {off:.0f}° of twice the angle at which it looks."
        )
    return (
        f"After {data['step']:,} steps the five neurons form no star: one of them answers "
        f"{off:.0f}° away from "
        "twice the angle at which it looks."
    )


for shown in (five_neuron_accuracy, five_neuron_embed, five_neuron_circle, five_neuron_circle_2):
    shown.values(five_values)
    shown.table(lambda data: data["weights"])
    shown.value_text(lambda data: {"five_step": step_text(data["moment"])})
