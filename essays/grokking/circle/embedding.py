"""Numbers on a circle, what adding two of them does there, and how a few neurons read the answer off."""

import math

import numpy as np

from infodecomp.explorable import Axis, HConcat, Label, Line, Plot, figure
from infodecomp.modular.circle import circle_activations, circle_directions, circle_output

from .circles import (
    CIRCLE_A,
    CIRCLE_B,
    MODULUS,
    arrow,
    at_angle,
    circle_plot,
    number_marks,
    point,
    ring,
)
from .construction import N_NEURONS

STEP = 2 * math.pi / MODULUS  # radians between two numbers


@figure(parameters=(CIRCLE_A,), title="A number as a point of a circle", controls=("circle_a",), decimals=2)
def embed(circle_a):
    """The two coordinates that stand for each number."""
    number = np.arange(MODULUS)
    return {
        "number": circle_a,
        "table": {"number": number, "cos": np.cos(STEP * number), "sin": np.sin(STEP * number)},
    }


@embed.draw
def embed_picture(data):
    angle = data["number"] * STEP
    circle = circle_plot(
        [ring(), *number_marks(MODULUS, clear=(angle,)), *point(angle, "a", "series-1")],
        "67 numbers on a circle",
    )
    return HConcat((circle, _waves(data)), (1, 1.25), gap=22)


def _waves(data) -> Plot:
    number, chosen = np.append(data["table"]["number"], MODULUS), data["number"]
    marks: list = [Line((chosen, chosen), (-1.1, 1.1), "series-1", 1.4, dash="2 3")]
    for name, role, dash in (("cos", "ink", ""), ("sin", "muted", "7 4")):
        wave = np.append(data["table"][name], data["table"][name][0])
        marks.append(Line(number, wave, role, 2.2, dash))
    marks += [
        Label(34, -1, "cos: how far up", "ink", "middle", dy=18, size=12.5, bold=True, halo=True),
        Label(17, 1, "sin: how far right", "muted", "middle", dy=-8, size=12.5, bold=True, halo=True),
    ]
    return Plot(
        tuple(marks),
        Axis("number", (0, MODULUS), ticks=(0, 20, 40, 60)),
        Axis("coordinate", (-1.5, 1.25), ticks=(-1, 0, 1), grid=True),
        ratio=0.75,
        heights=(210, 290),
        margins=(34, 12, 46, 34),
    )


@embed.values
def embed_values(data):
    table, number = data["table"], data["number"]
    return {"number": number, "cos": float(table["cos"][number]), "sin": float(table["sin"][number])}


@embed.describe
def embed_description(data):
    numbers = embed_values(data)
    return (
        f"The number {data['number']} stands {abs(numbers['cos']):.2f} "
        f"{'above' if numbers['cos'] >= 0 else 'below'} the centre and {abs(numbers['sin']):.2f} to the "
        f"{'right' if numbers['sin'] >= 0 else 'left'} of it; after 66 comes 0 again."
    )


@embed.table
def embed_table(data):
    return data["table"]


def addition(circle_a: int, circle_b: int) -> dict:
    """Where two numbers stand, and the sum of their points."""
    apart = math.cos(math.pi * (circle_a - circle_b) / MODULUS)
    middle = math.pi * (circle_a + circle_b) / MODULUS + (math.pi if apart < 0 else 0)
    return {
        "a": circle_a,
        "b": circle_b,
        "angle": middle % (2 * math.pi),
        "length": 2 * abs(apart),
        "answer": (circle_a + circle_b) % MODULUS,
    }


def sum_plot(data) -> Plot:
    """The points of a and b, and the direction of their sum, halfway between them."""
    places = [data["a"] * STEP, data["b"] * STEP]
    ends = [at_angle(place) for place in places]
    chord = Line([float(x) for x, _ in ends], [float(y) for _, y in ends], "noise", 1.2, "2 4")
    marks = [ring(), *number_marks(MODULUS, clear=tuple(places)), chord]
    marks += arrow(data["angle"], max(data["length"] / 2, 0.05), "ink")
    marks += [*point(places[0], "a", "series-1"), *point(places[1], "b", "series-2")]
    return circle_plot(marks, "add the two points", "a + b")


@figure(
    parameters=(CIRCLE_A, CIRCLE_B),
    title="Adding on the circle",
    controls=("circle_a", "circle_b"),
)
def circle_vis(circle_a, circle_b):
    """The sum of two points of the circle, and the answer where it points, read twice round."""
    return addition(circle_a, circle_b)


@circle_vis.draw
def circle_vis_picture(data):
    opposite = data["angle"] + math.pi
    marks = [
        ring(),
        *number_marks(MODULUS, 10, 2, (data["angle"], opposite)),
        *arrow(data["angle"], 0.98, "ink"),
    ]
    marks += arrow(opposite, 0.98, "noise", 1.8)
    for angle, role in ((data["angle"], "target-text"), (opposite, "muted")):
        x, y = at_angle(angle + 0.22, 0.72)
        marks.append(
            Label(
                float(x), float(y), str(data["answer"]), role, "middle", dy=5, size=15, bold=True, halo=True
            )
        )
    return HConcat(
        (sum_plot(data), circle_plot(marks, "read it off, numbers twice round", "read it off")),
        (1, 1),
        gap=18,
        stack_below=330,
    )


def addition_values(data):
    return {
        "answer": data["answer"],
        "second_name": data["answer"] + MODULUS,
        "a": data["a"],
        "b": data["b"],
        "degrees": math.degrees(data["angle"]),
    }


@circle_vis.describe
def circle_vis_description(data):
    return (
        f"The points of {data['a']} and {data['b']} add up to an arrow at "
        f"{math.degrees(data['angle']):.0f}°, "
        f"halfway between them. On a circle with the numbers twice round it points to "
        f"{data['answer']}, and its "
        f"other end points to {data['answer']} as well."
    )


@figure(
    parameters=(CIRCLE_A, CIRCLE_B, N_NEURONS),
    title="A few neurons double the angle",
    controls=("circle_a", "circle_b", "n_neurons"),
)
def proj_vis(circle_a, circle_b, n_neurons):
    """How active each neuron is for a pair, and the answer that all of them point to together."""
    data = addition(circle_a, circle_b)
    into, out = (directions.numpy() for directions in circle_directions(n_neurons))
    x, y = circle_output(data["angle"], n_neurons).tolist()
    direction = math.atan2(y, x) % (2 * math.pi)
    return data | {
        "n_neurons": n_neurons,
        "neurons": {
            "neuron": np.arange(1, n_neurons + 1),
            "looks": into,
            "answers": out,
            "active": circle_activations(data["angle"], n_neurons).numpy(),
        },
        "output": direction,
        "given": round(direction / STEP) % MODULUS,
    }


@proj_vis.draw
def proj_vis_picture(data):
    neurons = data["neurons"]
    left = [ring(), *arrow(data["angle"], 0.98, "ink")]
    right = [ring(), *number_marks(MODULUS, clear=(data["output"],))]
    for index, looks, answers, active in zip(*neurons.values()):
        strength = float(active)
        for marks, angle, length in ((left, looks, 1.0), (right, answers, strength)):
            x, y = at_angle(angle, length)
            marks.append(
                Line(
                    (0, float(x)),
                    (0, float(y)),
                    "series-1",
                    1.5 + 5 * strength,
                    opacity=0.35 + 0.4 * strength,
                )
            )
        x, y = at_angle(looks, 1.15)
        left.append(
            Label(float(x), float(y), str(index), "series-1-text", "middle", dy=4, size=13, bold=True)
        )
    right += [
        *arrow(data["output"], 0.98, "ink"),
        *point(data["output"], str(data["given"]), "target", size=7, at=1.2),
    ]
    return HConcat(
        (
            circle_plot(left, "where each neuron looks", "neurons look"),
            circle_plot(right, "where each neuron answers", "neurons answer"),
        ),
        (1, 1),
        gap=18,
        stack_below=330,
    )


@proj_vis.describe
def proj_vis_description(data):
    verdict = (
        "which is right" if data["given"] == data["answer"] else f"which is wrong: it is {data['answer']}"
    )
    awake = int((data["neurons"]["active"] > 0).sum())
    return (
        f"{awake} of {data['n_neurons']} neurons look towards the sum of {data['a']} and {data['b']}; each "
        f"answers at twice its own angle, and together they point to {data['given']}, {verdict}."
    )


circle_vis.values(addition_values)


@proj_vis.values
def proj_vis_values(data):
    return addition_values(data) | {"given": data["given"]}


@circle_vis.table
def circle_vis_table(data):
    return {name: [value] for name, value in addition_values(data).items()}


@proj_vis.table
def proj_vis_table(data):
    return data["neurons"]
