"""Classes under a tolerance: connected components, against a graph search and single linkage in SciPy."""

import numpy as np
import pytest
import torch
from scipy.cluster.hierarchy import cophenet, linkage
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import squareform

from infodecomp.errors import InformationError
from infodecomp.representations.tolerance_classes import (
    class_labels,
    mean_absolute_differences,
    merge_tolerances,
    same_class,
)


def random_activations(seed=0, shape=(3, 32, 8)):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64).relu()


def test_distances_are_means_over_neurons():
    assert mean_absolute_differences([[0.0, 0.0], [1.0, 3.0]]).tolist() == [[0, 2], [2, 0]]


def test_merge_tolerances_are_single_linkage():
    distances = mean_absolute_differences(random_activations())
    for one, merge in zip(distances.numpy(), merge_tolerances(distances).numpy()):
        assert np.allclose(squareform(cophenet(linkage(squareform(one, checks=False), "single"))), merge)


@pytest.mark.parametrize("tolerance", [0.05, 0.2, 0.5, 1])
def test_classes_are_the_connected_components_of_closeness(tolerance):
    distances = mean_absolute_differences(random_activations(1))
    labels = class_labels(same_class(merge_tolerances(distances), tolerance)).numpy()
    for one, found in zip(distances.numpy(), labels):
        _, expected = connected_components(one < tolerance)
        assert np.array_equal(found[:, None] == found, expected[:, None] == expected)


def test_a_chain_of_close_inputs_is_one_class_although_its_ends_are_far_apart():
    distances = mean_absolute_differences([[0.0], [0.9], [1.8], [4.0]])
    assert distances[0, 2] > 1
    assert class_labels(same_class(merge_tolerances(distances), 1.0)).tolist() == [0, 0, 0, 1]


def test_a_tolerance_is_exclusive_and_positive():
    merge = merge_tolerances(mean_absolute_differences([[0.0], [1.0]]))
    assert not same_class(merge, 1.0)[0, 1] and same_class(merge, 1.0000001)[0, 1]
    with pytest.raises(InformationError, match="tolerance = 0"):
        same_class(merge, 0)


@pytest.mark.parametrize("distances", [[[0.0, 1.0]], [[0.0, 1.0], [2.0, 0.0]]])
def test_matrices_that_are_no_distances_are_refused(distances):
    with pytest.raises(InformationError, match="give s"):
        merge_tolerances(distances)
