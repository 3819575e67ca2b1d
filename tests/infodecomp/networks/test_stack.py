"""Stacked networks: the gradient is exact, a network is independent of its neighbours, settings are kept."""

import numpy as np
import pytest
import torch
from scipy.stats import ks_2samp
from sklearn.linear_model import LogisticRegression, Ridge

from infodecomp import InformationError
from infodecomp.networks import ACTIVATIONS, INITIALISATIONS, LOSSES, MLP, TrainingSettings, train
from infodecomp.networks.gradients import backpropagate


def data(m=40, n_inputs=3, n_outputs=2, seed=0):
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(m, n_inputs, generator=generator, dtype=torch.float64)
    return x, torch.tanh(x[:, :n_outputs] * 2) + 0.1


def last(*args, **settings):
    *_, end = train(*args, **settings)
    return end


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("dropout", [False, True])
def test_the_gradient_is_that_of_autograd(activation, loss, dropout):
    network = MLP((3, 5, 4, 2), activation)
    parameters = network.initial((0, 1, 2), dtype=torch.float64).requires_grad_()
    generator = torch.Generator().manual_seed(3)
    x = torch.randn(3, 7, 3, generator=generator, dtype=torch.float64)
    y = torch.rand(3, 7, 2, generator=generator, dtype=torch.float64)
    target = y.argmax(-1) if LOSSES[loss].classes else y
    masks = [2.0 * (torch.rand(3, 7, w, generator=generator) < 0.5).double() for w in (5, 4)]
    value, gradient = backpropagate(network, parameters, x, target, LOSSES[loss], masks if dropout else None)
    (expected,) = torch.autograd.grad(value.sum(), parameters)
    assert torch.allclose(gradient, expected, atol=1e-12)


def test_losses_are_those_of_torch():
    generator = torch.Generator().manual_seed(0)
    outputs, y = torch.randn(4, 9, 3, generator=generator), torch.rand(4, 9, 3, generator=generator)
    classes, functional = y.argmax(-1), torch.nn.functional
    for i in range(4):
        expected = {
            "mse": functional.mse_loss(outputs[i], y[i]),
            "binary-cross-entropy": functional.binary_cross_entropy_with_logits(outputs[i], y[i]),
            "cross-entropy": functional.cross_entropy(outputs[i], classes[i]),
        }
        for name, loss in LOSSES.items():
            value = loss.value(outputs, classes if loss.classes else y)[i]
            assert value.item() == pytest.approx(expected[name].item(), rel=1e-5)


def test_forward_is_the_formula():
    network = MLP((2, 3, 1), "relu", "sigmoid")
    parameters = network.initial((5,), dtype=torch.float64)
    (w1, b1), (w2, b2) = network.layers(parameters)
    x = torch.tensor([[1.0, -2.0]], dtype=torch.float64)
    hidden = np.maximum(x.numpy() @ w1[0].numpy() + b1[0].numpy(), 0)
    expected = 1 / (1 + np.exp(-(hidden @ w2[0].numpy() + b2[0].numpy())))
    assert network.n_parameters == 13 == len(network.weight_mask())
    assert int(network.weight_mask().sum()) == 9
    assert np.allclose(network.forward(parameters, x)[-1][0].numpy(), expected)


def order_of_samples(seed, **settings):
    """The order of an epoch, read off the losses of steps of one sample each that change nothing."""
    n, network = 24, MLP((1, 1))
    y = torch.arange(n, dtype=torch.float64)[:, None]
    still = TrainingSettings(learning_rate=0.0, batch_size=1, **settings)
    initial = torch.zeros(1, network.n_parameters, dtype=torch.float64)
    steps = train(network, y, y, (seed,), n, still, range(1, n + 1), initial)
    return [round(snapshot.loss.item() ** 0.5) for snapshot in steps]


@pytest.mark.parametrize("seed", [0, 7, 2**32 - 1])
def test_batches_do_not_repeat_the_numbers_of_the_initial_parameters(seed):
    """torch keeps only the last 32 bits of a seed: an offset of 2**40 would change nothing."""
    repeated = torch.randperm(24, generator=torch.Generator().manual_seed(seed)).tolist()
    order = order_of_samples(seed)
    assert sorted(order) == list(range(24)) and order != repeated
    assert order_of_samples(seed, shared_stream=True) == repeated, "stored networks stay reproducible"


def test_networks_of_a_shared_stream_are_as_good_as_others():
    """So the networks that were stored with it, with dropout and batches, are right."""
    x, y = data(64)
    network, seeds = MLP((3, 8, 2), "relu"), range(400)

    def losses(shared):
        settings = TrainingSettings(learning_rate=0.02, batch_size=16, dropout=0.3, shared_stream=shared)
        end = last(network, x, y, seeds, 40, settings)
        outputs = network.forward(end.parameters, x.float())[-1]
        return (outputs - y.float()).square().mean((1, 2)).numpy()

    shared, separate = losses(True), losses(False)
    difference = shared - separate
    error = difference.std() / len(seeds) ** 0.5
    assert error < 0.05 * separate.mean(), "precise enough to see a twentieth"
    assert abs(difference.mean()) < 4 * error
    assert ks_2samp(shared, separate).pvalue > 1e-3


@pytest.mark.parametrize("batch_size", [None, 16])
def test_a_network_does_not_depend_on_those_beside_it(batch_size):
    x, y = data()
    settings = TrainingSettings(learning_rate=0.02, batch_size=batch_size, dropout=0.3, l1=1e-3)
    network = MLP((3, 6, 2), "tanh")

    def trained(seeds):
        return last(network, x, y, seeds, 60, settings, initial=network.initial(seeds, dtype=torch.float64))

    together, alone = trained((4, 7, 9, 2)), trained((9,))
    assert torch.allclose(together.parameters[2], alone.parameters[0], atol=1e-9)
    assert not torch.allclose(together.parameters[0], alone.parameters[0], atol=1e-2)
    assert torch.equal(trained((4, 7, 9, 2)).parameters, together.parameters)


def test_a_frozen_network_stays_where_it_reached_the_cutoff_and_leaves_the_others_alone():
    x, y = data()
    network, seeds = MLP((3, 8, 2), "tanh"), (0, 1, 2, 3)
    free = list(train(network, x, y, seeds, 300, TrainingSettings(learning_rate=0.01), range(301)))
    frozen = last(
        network, x, y, seeds, 300, TrainingSettings(learning_rate=0.01, freeze_below=0.02), range(301)
    )
    assert bool((frozen.frozen_at > 0).all())
    for i, step in enumerate(frozen.frozen_at.tolist()):
        assert torch.allclose(frozen.parameters[i], free[step].parameters[i], atol=1e-5)
        assert frozen.loss[i] < 0.02 <= free[step].loss[i] + 1e-6


def test_a_frozen_network_has_the_loss_that_is_said_also_where_weights_decay():
    x = torch.randn(50, 3, generator=torch.Generator().manual_seed(0))
    network, y = MLP((3, 4, 1)), x[:, :1]
    settings = TrainingSettings(learning_rate=0.05, weight_decay=0.3, freeze_below=0.05)
    *_, last = train(network, x, y, (0, 1), 400, settings)
    assert (last.frozen_at >= 0).all() and (last.loss < 0.05).all()
    loss = (network.forward(last.parameters, x)[-1] - y).square().mean((1, 2))
    assert loss.tolist() == pytest.approx(last.loss.tolist())


def test_data_may_differ_between_networks():
    x, y = data()
    network, seeds = MLP((3, 4, 2), "tanh"), (0, 0)
    both = last(network, torch.stack([x, x]), torch.stack([y, -y]), seeds, 200)
    assert torch.equal(both.parameters[0], last(network, x, y, (0,), 200).parameters[0])
    assert not torch.allclose(both.parameters[0], both.parameters[1])


def test_without_hidden_layers_it_is_ridge_and_logistic_regression():
    x, y = data(200)
    start = torch.zeros(1, 8, dtype=torch.float64)
    settings = TrainingSettings(learning_rate=0.05, l2=0.05)
    ridge = Ridge(alpha=0.05 * 200 * 2).fit(x, y)  # a mean over samples and outputs, not a sum
    found = last(MLP((3, 2)), x, y, (0,), 700, settings, initial=start)
    assert np.allclose(MLP((3, 2)).layers(found.parameters)[0].weight[0], ridge.coef_.T, atol=1e-4)

    labels = (x[:, 0] + 0.5 * x[:, 1] > 0.2).double()
    settings = TrainingSettings("binary-cross-entropy", 0.05, l2=0.005)
    logistic = LogisticRegression(C=1 / (2 * 0.005 * 200), tol=1e-9).fit(x, labels)
    found = last(MLP((3, 1)), x, labels[:, None], (0,), 700, settings, initial=start[:, :4])
    layer = MLP((3, 1)).layers(found.parameters)[0]
    assert np.allclose(layer.weight[0, :, 0], logistic.coef_[0], atol=1e-3)
    assert layer.bias.item() == pytest.approx(logistic.intercept_[0], abs=1e-3)


def test_penalties_may_differ_between_networks_and_l1_empties_weights():
    x, y = data(200)
    settings = TrainingSettings(learning_rate=0.02, l1=(0.0, 0.02))
    found = last(MLP((3, 6, 2), "tanh"), x, y, (0, 0), 600, settings)
    small = (found.parameters.abs() < 0.02).float().mean(1)
    assert small[1] > small[0] + 0.3


def test_weight_decay_alone_shrinks_the_weights_and_not_the_biases():
    network = MLP((3, 2))
    start = network.initial((1,), dtype=torch.float64)
    x = torch.zeros(4, 3, dtype=torch.float64)
    bias = network.layers(start)[0].bias[0].expand(4, 2)
    found = last(
        network, x, bias, (0,), 10, TrainingSettings(learning_rate=0.1, weight_decay=0.5), initial=start
    )
    mask = network.weight_mask()
    assert torch.allclose(found.parameters[0, mask], start[0, mask] * 0.95**10)
    assert torch.allclose(found.parameters[0, ~mask], start[0, ~mask])


@pytest.mark.parametrize("name", INITIALISATIONS)
def test_initial_weights_have_the_variance_of_their_source(name):
    network = MLP((50, 30))
    weight = network.layers(network.initial((0, 1), name))[0].weight
    bound = INITIALISATIONS[name](50, 30)
    assert weight.abs().max() <= bound
    assert weight.var().item() == pytest.approx(bound**2 / 3, rel=0.05)
    assert torch.equal(network.initial((1,), name)[0], network.initial((0, 1), name)[1])


def test_snapshots_come_at_the_steps_that_were_asked_for():
    x, y = data()
    steps = [s.step for s in train(MLP((3, 2)), x, y, (0,), 9, snapshots=(0, 4, 9))]
    assert steps == [0, 4, 9] and [s.step for s in train(MLP((3, 2)), x, y, (0,), 9)] == [0, 9]


@pytest.mark.parametrize(
    "make",
    [
        lambda: MLP((3,)),
        lambda: MLP((3, 0)),
        lambda: MLP((3, 2, 1), "step"),
        lambda: MLP((3, 2, 1), ("relu", "relu")),
        lambda: MLP((3, 2)).initial((0,), "zeros"),
        lambda: MLP((3, 2)).forward(torch.zeros(1, 3), torch.zeros(1, 3)),
        lambda: TrainingSettings(loss="hinge"),
        lambda: TrainingSettings(dropout=1.0),
        lambda: TrainingSettings(l2=(-1.0, 0.0)),
        lambda: TrainingSettings(batch_size=0),
        lambda: train(MLP((3, 2)), torch.zeros(4, 2), torch.zeros(4, 2), (0,), 1),
        lambda: train(MLP((3, 2)), torch.zeros(4, 3), torch.zeros(5, 2), (0,), 1),
        lambda: train(MLP((3, 2)), torch.zeros(4, 3), torch.zeros(4), (0,), 1),
        lambda: train(MLP((3, 2)), torch.zeros(4, 3), torch.zeros(4, 2), (0,), 1, initial=torch.zeros(2, 8)),
    ],
)
def test_bad_arguments_are_refused(make):
    with pytest.raises(InformationError):
        make()
