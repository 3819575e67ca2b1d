"""A network and its disguises: moves that change the weights and nothing that it computes."""

import itertools

import numpy as np

from infodecomp.errors import CheckpointError
from infodecomp.experiments.same_computation.twins import NETWORKS, TWINS, majority
from infodecomp.explorable import (
    Axis,
    Choice,
    Dots,
    HConcat,
    Label,
    Line,
    Plot,
    Range,
    Rect,
    StateLink,
    Toggle,
    figure,
)
from infodecomp.explorable.core.errors import Missing
from infodecomp.networks.symmetries import closest_alignment, permute_neurons, scale_neurons
from infodecomp.representations.kernels import kernel_information
from infodecomp.representations.tolerance_classes import (
    mean_absolute_differences,
    merge_tolerances,
    same_class,
)

ORDERS = list(itertools.permutations(range(3)))
SWAPS = {"top": (1, 0, 2), "bottom": (0, 2, 1)}
EXACT = 1e-12  # a tolerance that only joins what rounding separates
NAMES = {"twin": ("ABC", "DEF"), "stranger": ("PQR", "STU")}
KINDS = Choice(name="activation", label="Neurons", default="relu", options={"relu": "ReLU", "tanh": "tanh"})
OTHER = Choice(
    name="other",
    label="Beside it",
    default="twin",
    options={"twin": "its twin", "stranger": "a network from another seed"},
)
ORDER_1 = Range(name="order_1", label="order of A B C", default=0, low=0, high=5, step=1, role="selection")
ORDER_2 = Range(name="order_2", label="order of D E F", default=0, low=0, high=5, step=1, role="selection")
STRETCH = Range(
    name="stretch",
    label="stretch the first neurons, in doublings",
    default=0,
    low=-3,
    high=3,
    step=1,
    role="selection",
    active_when=("activation", "relu"),
)
FLIP = Toggle(
    name="flip", label="Flip the signs of the first neuron of each layer", active_when=("activation", "tanh")
)
RULER = 0.1  # the tolerance of the second count


@figure(
    parameters=(KINDS, OTHER, ORDER_1, ORDER_2, STRETCH, FLIP),
    title="Moves that change nothing",
    controls=("other", "stretch", "flip"),
    decimals=2,
    source="The networks have learnt whether most of three bits are ones, to an error below 0.0001.",
    presets={
        "moves-none": "activation=relu&other=twin&order_1=0&order_2=0&stretch=0&flip=0",
        "moves-scrambled": "activation=relu&other=twin&order_1=3&order_2=4&stretch=-2&flip=0",
        "moves-stranger": "activation=relu&other=stranger&order_1=0&order_2=0&stretch=0&flip=0",
        "moves-tanh": "activation=tanh&other=twin&order_1=2&order_2=1&stretch=0&flip=1",
    },
)
def same_answers(activation, other, order_1, order_2, stretch, flip):
    """A network, and its twin after some moves or a stranger: weights, answers and bits of the layers."""
    network, (x, y) = NETWORKS[activation], majority()
    original, stranger = (row[None] for row in _stored(activation).double())
    factor = (2.0**stretch if activation == "relu" else -1.0 if flip else 1.0), 1.0, 1.0
    beside = original if other == "twin" else stranger
    for layer, order in enumerate((order_1, order_2)):
        beside = permute_neurons(network, scale_neurons(network, beside, layer, factor), layer, ORDERS[order])
    sides = [_side(network, parameters, x.double()) for parameters in (original, beside)]
    align = closest_alignment(network, beside, original)
    return {
        "activation": activation,
        "other": other,
        "orders": (order_1, order_2),
        "sides": sides,
        "answers": y.numpy(),
        "outputs_apart": float(np.abs(sides[0]["outputs"] - sides[1]["outputs"]).max()),
        "weights_apart": float((beside - original).square().mean().sqrt()),
        "closest": align.distance,
        "tried": align.n_moves,
    }


def _stored(activation: str):
    try:
        return TWINS.at(0, activation=activation).parameters
    except CheckpointError as error:
        raise Missing(str(error)) from error


def _side(network, parameters, x) -> dict:
    """Weights, outputs and bits of the layers of one network."""
    layers = network.forward(parameters, x)
    merges = [merge_tolerances(mean_absolute_differences(layer)) for layer in layers]
    bits = {
        name: [kernel_information(same_class(merge, tolerance).double()).item() for merge in merges]
        for name, tolerance in (("exact", EXACT), ("ruler", RULER))
    }
    return {
        "weights": [layer.weight[0].numpy() for layer in network.layers(parameters)],
        "outputs": layers[-1][0, :, 0].numpy(),
        "bits": bits,
    }


@same_answers.draw
def answers_picture(data):
    first = _network(data["sides"][0], "a network", NAMES["twin"])
    other = data["other"]
    names = tuple(
        "".join(letters[i] for i in ORDERS[order]) for letters, order in zip(NAMES[other], data["orders"])
    )
    second = _network(
        data["sides"][1], "its twin" if other == "twin" else "a stranger", names, data["orders"]
    )
    return HConcat((first, second), (1, 1), gap=24, stack_below=340)


def _moves(orders: tuple[int, int]):
    """Buttons between two neurons that swap them."""
    for layer, order in enumerate(orders):
        for place, swap in SWAPS.items():
            after = ORDERS.index(tuple(ORDERS[order][i] for i in swap))
            y = 2.5 if place == "top" else 1.5
            yield StateLink(
                f"order_{layer + 1}={after}",
                f"swap the {place} two neurons of layer {layer + 1}",
                (
                    Rect(layer + 0.84, y - 0.17, layer + 1.16, y + 0.17, "selection", radius=7, stroke="rim"),
                    Label(layer + 1, y, "⇅", "on-target", "middle", dy=5, size=14, bold=True),
                ),
                screen_only=True,
            )


def _network(side, title: str, names: tuple[str, str], orders=None) -> Plot:
    """Neurons in columns, joined by lines as thick as the weights; below them the bits of each layer."""
    rows = {3: (3, 2, 1), 1: (2,)}
    marks: list = []
    for layer, weight in enumerate(side["weights"]):
        for sign, role in ((1, "series-1"), (-1, "series-2")):
            for lower, upper, width in ((0.15, 0.6, 1), (0.6, 1.5, 2.4), (1.5, np.inf, 4.5)):
                chosen = (sign * weight > lower) & (sign * weight <= upper)
                ends = [
                    (x, y)
                    for i, j in np.argwhere(chosen)
                    for x, y in (
                        (layer, rows[len(weight)][i]),
                        (layer + 1, rows[weight.shape[1]][j]),
                        (np.nan, np.nan),
                    )
                ]
                if ends:
                    x, y = np.transpose(ends)
                    marks.append(Line(x, y, role, width, opacity=0.8))
    places = [(layer, y) for layer in range(3) for y in (3, 2, 1)] + [(3, 2)]
    marks.append(Dots(*np.transpose(places), ("noise",), radius=11))
    marks.append(Dots(*np.transpose(places), ("paper",), radius=10))
    for layer, letters in enumerate(("xyz", *names, "?")):
        for y, letter in zip(rows[len(letters)], letters):
            marks.append(Label(layer, y, letter, "ink", "middle", dy=4.5, size=13, bold=True))
    if orders is not None:
        marks += _moves(orders)
    marks.append(Label(0, 3, title, "ink", dy=-24, dx=-10, bold=True))
    for row, (key, words) in enumerate(
        (
            ("exact", "bits told apart, exactly"),
            ("ruler", f"bits told apart, to {RULER:g}"),
        )
    ):
        y = 0.35 - 0.85 * row
        marks.append(Label(0, y, words, "muted", dx=-12, dy=4, size=12))
        marks += [
            Label(layer + 1, y - 0.36, f"{bits:.2f}", "ink", "middle", dy=4, size=13, bold=True)
            for layer, bits in enumerate(side["bits"][key])
        ]
    answers = "".join(f"{round(float(value)) + 0}" for value in side["outputs"])
    marks.append(Label(0, -1.35, f"answers {answers}", "target-text", dx=-12, dy=4, size=13, bold=True))
    return Plot(
        tuple(marks),
        Axis(domain=(0, 3), hidden=True),
        Axis(domain=(-1.45, 3), hidden=True),
        ratio=1.05,
        heights=(300, 330),
        margins=(42, 22, 12, 18),
    )


@same_answers.values
def answers_values(data):
    return {
        "outputs_apart": data["outputs_apart"],
        "weights_apart": data["weights_apart"],
        "closest": data["closest"],
        "tried": data["tried"],
    } | {
        f"{side}_{key}_{layer + 1}": bits
        for side, one in zip(("first", "second"), data["sides"])
        for key, values in one["bits"].items()
        for layer, bits in enumerate(values)
    }


@same_answers.describe
def answers_description(data):
    if data["other"] == "stranger":
        return (
            f"Another seed, the same answers. The best of {data['tried']} ways to move its neurons "
            f"still leaves its weights {data['closest']:.2f} away."
        )
    if data["weights_apart"] < 1e-9:
        return "The twin has not been moved yet: every weight is the same."
    return (
        f"The twin's weights are {data['weights_apart']:.2f} away on average; its answers are the same, and "
        "so are the bits of its layers, exactly counted."
    )


@same_answers.value_text
def answers_value_text(data):
    words = f"weights {data['weights_apart']:.2f} away, answers the same"
    return {"stretch": words, "order_1": words, "order_2": words}


@same_answers.table
def answers_table(data):
    first, second = data["sides"]
    return {
        "input": [f"{number:03b}" for number in range(8)],
        "first": first["outputs"],
        "second": second["outputs"],
    }
