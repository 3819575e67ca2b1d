"""Cumulative ablation: the fast curves are those of masks, and the orders are as defined."""

import numpy as np
import pytest

from infodecomp import InformationError
from infodecomp.networks.ablation import (
    SCOPES,
    TwoLayerClassifier,
    ablation_curves,
    ablation_order,
    random_orders,
)


def network(n=300, n_1=12, n_2=9, seed=0):
    generator = np.random.default_rng(seed)
    first = np.maximum(generator.standard_normal((n, n_1)), 0).astype(np.float32)
    parts = [generator.standard_normal(shape).astype(np.float32) for shape in ((n_1, n_2), n_2, (n_2, 4), 4)]
    found = TwoLayerClassifier(first, *parts, np.zeros(n, np.int64))
    return found._replace(labels=np.where(generator.random(n) < 0.8, found.predict(), 0))


@pytest.mark.parametrize("scope", SCOPES)
def test_curves_are_those_of_masks(scope):
    net = network()
    orders = random_orders(scope, net.widths, 3, 1)
    removed = [0, 1, 4, len(orders[0])]
    curves = ablation_curves(net, orders, removed)
    for order, curve in zip(orders, curves):
        for count, accuracy in zip(removed, curve):
            keep = np.ones(21, bool)
            keep[order[:count]] = False
            assert accuracy == pytest.approx(net.accuracy(keep), abs=0.007)  # rounding may turn a tie
    assert np.allclose(curves[:, 0], net.accuracy())


def test_an_ablated_neuron_is_zero_and_the_confusion_counts_everything():
    net, keep = network(), np.ones(21, bool)
    keep[[2, 15]] = False
    hidden = net.hidden(keep)
    assert not hidden[:, [2, 15]].any() and hidden[:, 0].any()
    confusion = net.confusion(keep)
    assert confusion.sum() == 300 and np.trace(confusion) == round(300 * net.accuracy(keep))


def test_orders():
    bits = np.array([0.3, 0.1, 0.2, 0.6, 0.5])
    assert ablation_order(bits, (3, 2), "whole").tolist() == [1, 2, 0, 4, 3]
    assert ablation_order(bits, (3, 2), "layer-1").tolist() == [1, 2, 0]
    assert ablation_order(bits, (3, 2), "layer-2").tolist() == [4, 3]
    assert ablation_order(bits, (3, 2), "balanced").tolist() == [1, 4, 2, 3, 0]
    with pytest.raises(InformationError):
        ablation_order(bits, (3, 2), "layer-3")


def test_a_balanced_order_takes_from_both_layers_at_the_same_rate():
    order = ablation_order(np.random.default_rng(0).random(200), (100, 100), "balanced")
    assert all(abs((order[:k] < 100).mean() - 0.5) < 0.51 / k * 2 for k in range(2, 200, 7))
