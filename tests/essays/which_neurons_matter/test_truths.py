"""What the essay claims: exact where it is exact, and measured on five networks where it is measured."""

import numpy as np
import pytest
import torch

from infodecomp.estimators.kernel_bounds import kernel_bounds, kernel_bounds_of_noises
from infodecomp.experiments.neurons.digit_networks import DIGIT_NETWORKS, HIDDEN, POINTS
from infodecomp.experiments.neurons.plane_networks import (
    N_SEEDS,
    NOISES,
    PLANE_NETWORKS,
    accuracies,
    layers,
    task,
    trajectories,
)
from infodecomp.experiments.neurons.stacked import STACKED_RUN
from infodecomp.experiments.neurons.stacked import accuracies as stacked_accuracies
from infodecomp.networks.ablation import SCOPES, ablation_order
from infodecomp.networks.neurons import neuron_measures
from infodecomp.networks.plane import exact_information

from .figures import figure

SHARES = np.linspace(0, 1, POINTS)
ZONE = (SHARES > 0.19) & (SHARES < 0.41)


def differences(data, regularisation):
    """Accuracy of least-first minus most-first, (n_seeds, len(SCOPES), POINTS), of the stored networks."""
    curves = DIGIT_NETWORKS.at(0, data=data, regularisation=regularisation).curves
    return curves[:, :, 0] - curves[:, :, 1]


def test_the_paradox_holds_with_dropout_in_all_five_networks_and_is_gone_in_a_balanced_order():
    found = dict(zip(SCOPES, differences("mnist", "dropout").swapaxes(0, 1)))
    assert found["whole"].shape == (5, POINTS)
    assert (found["whole"][:, ZONE].mean(1) < -0.02).all(), "losing the least informative hurts more"
    assert (found["whole"].mean(1) < -0.02).all()
    assert (found["layer-1"].mean(1) > 0.08).all(), "within layer 1 information is useful"
    assert (np.abs(found["layer-2"][:, SHARES < 0.51]).mean(1) < 0.03).all(), "layer 2 has plenty to spare"
    assert (found["balanced"].mean(1) > 0.01).all() and found["balanced"].mean() > 0.07


def test_there_is_no_paradox_with_an_l2_penalty():
    found = dict(zip(SCOPES, differences("mnist", "l2").swapaxes(0, 1)))
    for scope in SCOPES:
        assert (found[scope].mean(1) > 0.1).all() and (found[scope][:, ZONE].mean(1) > 0.05).all()


def test_the_cause_is_the_layer():
    network = DIGIT_NETWORKS.at(0, data="mnist", regularisation="dropout").network
    bits = neuron_measures(network.hidden(), network.labels).information
    low = ablation_order(bits, network.widths)
    assert (low[:60] < HIDDEN).all() and (low[-60:] >= HIDDEN).all()
    assert bits[HIDDEN:].mean() - bits[:HIDDEN].mean() > 0.25
    paradox = figure("ablation-paradox")
    assert paradox().values["share_of_layer_1"] == 1 and paradox().values["difference"] < -0.05
    assert paradox(order="balanced").values["share_of_layer_1"] == 0.5
    assert paradox(order="balanced").values["difference"] > 0.01
    assert paradox(regularisation="l2").values["difference"] > 0.2


def test_tanh_compresses_in_thirty_bins_and_relu_far_less_in_all_five_networks():
    drops = {}
    for activation, rule in (("tanh", "fixed"), ("relu", "min-max")):
        parameters = PLANE_NETWORKS.at(0, activation=activation).parameters
        planes = np.stack([trajectories(activation, p, 30, rule)[..., 0] for p in parameters[::3]])
        drops[activation] = planes.max(0) - planes[-1]  # (N_SEEDS, layers)
    assert drops["tanh"].shape[0] == N_SEEDS
    assert (drops["tanh"][:, 4] > 3).all() and (drops["tanh"][:, 3] > 1.5).all()
    assert drops["relu"][:, :5].max() < 4 < 6 < drops["tanh"][:, 4].min()


def test_fine_bins_see_all_twelve_bits_of_the_first_four_tanh_layers():
    parameters = PLANE_NETWORKS.at(0, activation="tanh").parameters[-1]
    fine = trajectories("tanh", parameters, 10**6, "fixed")[..., 0]
    assert (fine[:, :4] > 11.9).all()
    assert exact_information(layers("tanh", parameters[:1])[0][0]) == 12


def test_the_binned_label_information_is_near_its_limit_and_the_networks_generalise():
    for activation in ("tanh", "relu"):
        config = PLANE_NETWORKS.configured(activation=activation)
        train, test = accuracies(config, PLANE_NETWORKS.at(0, activation=activation)).T
        assert (train >= test - 0.01).all() and test.min() > 0.9


def test_kernel_bounds_in_single_precision_are_those_of_the_estimators():
    parameters = PLANE_NETWORKS.at(0, activation="tanh").parameters[-1, :1]
    layer = layers("tanh", parameters)[3][0][::8]
    expected = [[bound.bits for bound in kernel_bounds(layer, noise)] for noise in NOISES]
    assert np.allclose(kernel_bounds_of_noises(layer, NOISES), expected, atol=2e-3)
    stored = PLANE_NETWORKS.at(0, activation="tanh")
    assert (stored.kernel[..., 0] <= stored.kernel[..., 1] + 1e-4).all() and stored.kernel.max() <= 12.001
    assert len(task()[1]) == 4096


@pytest.mark.parametrize(
    "kind, hidden, median, best, stuck",
    [
        ("moons", (3,), (0.99, 1), (0.99, 1), (0, 0)),
        ("circles", (3,), (0.97, 1), (0.99, 1), (0, 2)),
        ("circles", (2,), (0, 0.9), (0.7, 0.95), (10, 12)),
        ("xor", (2,), (0.7, 1), (0.95, 1), (3, 7)),
    ],
)
def test_what_stacked_neurons_separate(kind, hidden, median, best, stuck):
    config = STACKED_RUN.configured(kind=kind, hidden=hidden)
    found = stacked_accuracies(config, STACKED_RUN.at(100, kind=kind, hidden=hidden))
    assert median[0] <= found.median() <= median[1] and best[0] <= found.max() <= best[1]
    assert stuck[0] <= int((found < 0.95).sum()) <= stuck[1]


def test_a_stored_training_is_a_new_one():
    assert STACKED_RUN.is_stored()
    fresh = STACKED_RUN.run(type("Context", (), {"config": STACKED_RUN.config}))
    for step, snapshot in zip(range(4), fresh):
        assert torch.allclose(STACKED_RUN.at(step).parameters, snapshot.parameters, atol=2e-3)


def test_pairs_built_by_hand():
    pairs = figure("neuron-pairs")
    expected = {"xor": (0, 0, 1), "copy": (1, 1, 1), "halves": (1, 1, 2), "inactive": (1, 0, 1)}
    for pair, known in expected.items():
        values = pairs(pair=pair).values
        assert (values["i_a"], values["i_b"], values["i_ab"]) == pytest.approx(known)
        assert values["interaction"] == pytest.approx(known[2] - known[0] - known[1])
