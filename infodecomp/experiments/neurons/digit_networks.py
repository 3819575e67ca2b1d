"""Digit networks 100-100, trained with each regularisation on each set of digits, five seeds each.

Of the first seed the first hidden layer on test images is stored, in 8 bits, and its weights from there on;
of all five the curves of cumulative ablation. What takes too long while a reader waits is stored too:
accuracy with few bits, and ablation in random orders.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch

from infodecomp.data.digits import ATTRIBUTION, MNIST_ATTRIBUTION, Digits, mnist, small_digits
from infodecomp.experiments.registry import Context, Experiment
from infodecomp.experiments.storage import Packed
from infodecomp.networks import MLP, TrainingSettings, train
from infodecomp.networks.ablation import (
    SCOPES,
    TwoLayerClassifier,
    ablation_curves,
    ablation_order,
    random_orders,
)
from infodecomp.networks.architecture import Layer
from infodecomp.networks.neurons import neuron_measures
from infodecomp.networks.quantisation import with_quantised_activations, with_quantised_weights

HIDDEN = 100
TEST_IMAGES = 2_000
POINTS = 21  # of a curve, from no neuron switched off to all of them
DRAWS = 5  # random orders of each network
SHOWN_ORDERS = 1  # seed of the random orders that are stored one by one
DEPTHS = tuple(range(9))  # bits of a neuron or a weight
PREFERRED_IMAGES, PICTURE_SIDE = 20, 14
BATCH = 100
EPOCHS = {"mnist": 10, "digits": 60}
L2 = {"mnist": 1e-4, "digits": 1e-3}
DATA = {"digits": small_digits, "mnist": mnist}
REGULARISATIONS = ("none", "l2", "dropout")


@dataclass(frozen=True)
class DigitNetworkConfig:
    """Which digits, which regularisation, and the first of the seeds, of which the others follow."""

    data: str = "mnist"
    regularisation: str = "dropout"
    seed: int = 0
    n_seeds: int = 5


class DigitNetworks(NamedTuple):
    """Trained networks.

    Attributes
    ----------
    network : TwoLayerClassifier
        The first one, on test images; activations rounded to 8 bits and weights to 16, as it is stored.
    accuracy : numpy.ndarray, shape (n_seeds,)
        On all test images.
    curves : numpy.ndarray, shape (n_seeds, len(SCOPES), 3, POINTS)
        Accuracy on the test images while neurons are switched off: lowest information first, highest first,
        and the mean of random orders.
    pictures : numpy.ndarray of uint8, shape (2 * HIDDEN, side, side)
        Mean of the test images that excite a neuron most.
    images : numpy.ndarray of uint8, shape (n_samples, side, side)
        The test images; none of MNIST.
    quantised : numpy.ndarray, shape (2, len(DEPTHS))
        Accuracy of the first network with few bits for its neurons, and for the weights behind them.
    random : numpy.ndarray, shape (len(SCOPES), DRAWS, POINTS)
        Accuracy of the first network while neurons are switched off in random orders.
    """

    network: TwoLayerClassifier
    accuracy: np.ndarray
    curves: np.ndarray
    pictures: np.ndarray
    images: np.ndarray
    quantised: np.ndarray
    random: np.ndarray


def removals(n: int) -> list[int]:
    """How many of n neurons are switched off at each point of a curve."""
    return [round(n * share) for share in np.linspace(0, 1, POINTS)]


def _train(context: Context[DigitNetworkConfig]) -> Iterator[DigitNetworks]:
    config = context.config
    digits = DATA[config.data]()
    architecture = MLP((digits.side**2, HIDDEN, HIDDEN, 10), "relu")
    settings = TrainingSettings(
        "cross-entropy",
        learning_rate=1e-3,
        batch_size=BATCH,
        l2=L2[config.data] if config.regularisation == "l2" else 0.0,
        dropout=0.5 if config.regularisation == "dropout" else 0.0,
        shared_stream=True,
    )
    steps = EPOCHS[config.data] * (len(digits.train_x) // BATCH)
    seeds = range(config.seed, config.seed + config.n_seeds)
    x, y = torch.from_numpy(digits.train_x), torch.from_numpy(digits.train_y)
    last = None
    for last in train(architecture, x, y, seeds, steps, settings, range(0, steps + 1, 50)):
        context.report(last.step, steps)
    assert last is not None
    yield _measured(architecture, last.parameters, digits, config.data == "digits")


def _measured(
    architecture: MLP, parameters: torch.Tensor, digits: Digits, with_images: bool
) -> DigitNetworks:
    """Test the trained networks and ablate them."""
    test_x, test_y = torch.from_numpy(digits.test_x), digits.test_y
    outputs = architecture.forward(parameters, test_x)
    accuracy = (outputs[-1].argmax(-1).numpy() == test_y).mean(1)
    layers = architecture.layers(parameters)
    shown = slice(0, TEST_IMAGES)
    networks = [
        TwoLayerClassifier(
            outputs[0][i, shown].numpy(),
            *_arrays(layers[1], i),
            *_arrays(layers[2], i),
            test_y[shown],
        )
        for i in range(len(parameters))
    ]
    hidden = networks[0].hidden()
    images = digits.test_x[shown].reshape(-1, digits.side, digits.side)
    exciting = np.argsort(-hidden, axis=0, kind="stable")[:PREFERRED_IMAGES]
    pictures = images[exciting].mean(0)  # (2 * HIDDEN, side, side)
    if digits.side > PICTURE_SIDE:
        pictures = pictures.reshape(len(pictures), PICTURE_SIDE, 2, PICTURE_SIDE, 2).mean((2, 4))
    networks[0] = _stored_network(_rounded(networks[0]))
    return DigitNetworks(
        networks[0],
        accuracy,
        np.stack([curves(network) for network in networks]),
        np.rint(pictures * 255).astype(np.uint8),
        np.rint(images * 255).astype(np.uint8) if with_images else np.zeros((0, 1, 1), np.uint8),
        **few_bits_and_random_orders(networks[0]),
    )


def _arrays(layer: Layer, index: int) -> tuple[np.ndarray, np.ndarray]:
    """Weights and bias of a layer of one network."""
    return layer.weight[index].numpy(), layer.bias[index, 0].numpy()


def curves(network: TwoLayerClassifier) -> np.ndarray:
    """The ablation curves of a network by 1-bit information, (len(SCOPES), 3, POINTS)."""
    information = neuron_measures(network.hidden(), network.labels).information
    found = []
    for scope in SCOPES:
        low = ablation_order(information, network.widths, scope)
        orders = [low, low[::-1], *random_orders(scope, network.widths, DRAWS, 0)]
        each = ablation_curves(network, orders, removals(len(low)))
        found.append((each[0], each[1], each[2:].mean(0)))
    return np.array(found)


def few_bits_and_random_orders(network: TwoLayerClassifier) -> dict[str, np.ndarray]:
    """What `quantised` and `random` of `DigitNetworks` are of a network."""
    quantised = [
        [with_quantised_activations(network, bits)[0] for bits in DEPTHS],
        [with_quantised_weights(network, bits) for bits in DEPTHS],
    ]
    random = []
    for scope in SCOPES:
        orders = random_orders(scope, network.widths, DRAWS, SHOWN_ORDERS)
        random.append(ablation_curves(network, orders, removals(len(orders[0]))))
    return {"quantised": np.array(quantised), "random": np.array(random)}


def _rounded(network: TwoLayerClassifier) -> dict[str, np.ndarray]:
    """What is stored of a network: activations in 8 bits with the scale of each neuron, weights in 16."""
    scale = np.maximum(network.first.max(0), 1e-6) / 255
    levels = np.rint(network.first / scale)
    levels[network.first > 0] = np.maximum(levels[network.first > 0], 1)  # active stays active
    return {
        "first": np.clip(levels, 0, 255).astype(np.uint8),
        "scale": scale.astype(np.float32),
        "labels": network.labels.astype(np.uint8),
        **{
            name: getattr(network, name).astype(np.float16)
            for name in ("weight_2", "bias_2", "weight_3", "bias_3")
        },
    }


def _pack(snapshots: list[DigitNetworks]) -> Packed:
    last = snapshots[-1]
    arrays = _rounded(last.network) | {
        "pictures": last.pictures,
        "images": last.images,
        "accuracy": last.accuracy,
        "curves": last.curves.astype(np.float16),
        "quantised": last.quantised.astype(np.float32),
        "random": last.random.astype(np.float32),
    }
    return Packed({name: torch.from_numpy(np.ascontiguousarray(array)) for name, array in arrays.items()})


def _stored_network(stored: dict[str, np.ndarray]) -> TwoLayerClassifier:
    return TwoLayerClassifier(
        stored["first"] * stored["scale"],
        stored["weight_2"].astype(np.float32),
        stored["bias_2"].astype(np.float32),
        stored["weight_3"].astype(np.float32),
        stored["bias_3"].astype(np.float32),
        stored["labels"].astype(np.int64),
    )


def _unpack(config: DigitNetworkConfig, packed: Packed) -> list[tuple[int, DigitNetworks]]:
    stored = {name: tensor.numpy() for name, tensor in packed.tensors.items()}
    each = stored["curves"].astype(np.float64)
    network = _stored_network(stored)
    few = {name: stored[name].astype(np.float64) for name in ("quantised", "random")}
    return [
        (0, DigitNetworks(network, stored["accuracy"], each, stored["pictures"], stored["images"], **few))
    ]


def _score(config: DigitNetworkConfig, last: DigitNetworks) -> dict[str, float]:
    """Accuracy of the stored network, its information by layer, and the area between its curves."""
    bits = neuron_measures(last.network.hidden(), last.network.labels).information
    found = curves(last.network)
    areas = {
        f"low_minus_high/{scope}": float((found[i, 0] - found[i, 1]).mean()) for i, scope in enumerate(SCOPES)
    }
    return {
        "accuracy": last.network.accuracy(),
        "bits_layer_1": float(bits[:HIDDEN].mean()),
        "bits_layer_2": float(bits[HIDDEN:].mean()),
        "curve_difference": float(np.abs(found - last.curves[0]).max()),
        "few_difference": max(
            float(np.abs(part - getattr(last, name)).max())
            for name, part in few_bits_and_random_orders(last.network).items()
        ),
    } | areas


DIGIT_NETWORKS = Experiment(
    name="digit-networks",
    summary="Networks 100-100 that read digits, by regularisation: activations and cumulative ablation.",
    config=DigitNetworkConfig(),
    run=_train,
    pack=_pack,
    unpack=_unpack,
    score=_score,
    tolerance={
        "accuracy": 2e-3,
        "bits_layer_1": 1e-3,
        "bits_layer_2": 1e-3,
        "curve_difference": 0.02,
        "few_difference": 0.02,
    }
    | {"low_minus_high": 5e-3},
    cpu_seconds=700,
    runs={
        f"{data}-{regularisation}": DigitNetworkConfig(data, regularisation)
        for data in DATA
        for regularisation in REGULARISATIONS
    },
    live=None,
    details={"data": [ATTRIBUTION, MNIST_ATTRIBUTION]},
)
