"""The digits: sizes, ranges and a split without overlap; MNIST is optional."""

import importlib.util

import numpy as np
import pytest

from infodecomp import InformationError
from infodecomp.data.digits import mnist, small_digits


def test_small_digits():
    digits = small_digits()
    assert digits.train_x.shape == (1200, 64) and digits.test_x.shape == (597, 64) and digits.side == 8
    assert digits.train_x.min() == 0 and digits.train_x.max() == 1
    assert set(np.unique(digits.train_y)) == set(range(10)) == set(np.unique(digits.test_y))
    everything = np.concatenate((digits.train_x, digits.test_x))
    assert len(np.unique(everything, axis=0)) == 1797


def test_mnist_is_asked_for_when_it_is_missing():
    if importlib.util.find_spec("tfjs_mnist"):
        counts = np.bincount(mnist().test_y).tolist()
        assert counts == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    else:
        with pytest.raises(InformationError, match="infodecomp.mnist"):
            mnist()
