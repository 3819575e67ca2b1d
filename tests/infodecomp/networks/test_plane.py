"""The information plane: closed forms of binned layers, and the bounds of data processing."""

import numpy as np
import pytest
from sklearn.metrics import mutual_info_score

from infodecomp import InformationError
from infodecomp.networks.plane import bin_numbers, binned_information, sphere_task


def test_the_task_is_balanced_invariant_and_enumerates_all_inputs():
    x, y = sphere_task()
    assert x.shape == (4096, 12) and len(np.unique(x, axis=0)) == 4096 and set(np.unique(x)) == {-1, 1}
    assert y.mean() == pytest.approx(0.5, abs=0.01)
    # opposite corners cancel, so swapping every corner with its opposite leaves the label alone
    mirrored = {tuple(row): label for row, label in zip(x.tolist(), y.tolist())}
    opposite = [3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8]
    assert all(mirrored[tuple(np.array(row)[opposite])] == label for row, label in mirrored.items())


def test_the_input_itself_has_twelve_bits_and_tells_everything_about_the_label():
    x, y = sphere_task()
    bits = binned_information(x * 0.9, y, 30)
    share = y.mean()
    assert bits[0] == 12
    assert bits[1] == pytest.approx(-share * np.log2(share) - (1 - share) * np.log2(1 - share))


def test_a_single_bit_and_a_constant():
    x, y = sphere_task()
    assert binned_information(x[:, :1] * 0.5, y, 30)[0] == pytest.approx(1)
    assert np.allclose(binned_information(np.zeros((4096, 3)), y, 30), 0)


def test_entropies_are_those_of_distinct_rows():
    x, y = sphere_task()
    layer = np.tanh(x @ np.random.default_rng(0).standard_normal((12, 4)) * 0.4)
    for bins in (3, 10, 100):
        rows = np.unique(bin_numbers(layer, bins), axis=0, return_inverse=True)[1].reshape(-1)
        p = np.bincount(rows) / 4096
        found = binned_information(layer, y, bins)
        assert found[0] == pytest.approx(-(p[p > 0] * np.log2(p[p > 0])).sum())
        assert found[1] == pytest.approx(mutual_info_score(rows, y) / np.log(2), abs=1e-9)


def test_finer_bins_never_say_less_where_they_divide_the_coarser():
    x, y = sphere_task()
    layer = np.tanh(x @ np.random.default_rng(1).standard_normal((12, 3)))
    bits = [binned_information(layer, y, bins)[0] for bins in (5, 10, 50, 500, 10**6)]
    assert bits == sorted(bits) and bits[-1] <= 12


def test_rules():
    layer = np.array([[-3.0, 0.0], [0.99, 5.0]])
    assert bin_numbers(layer, 4).tolist() == [[0, 2], [3, 3]]
    assert bin_numbers(layer, 4, "min-max").tolist() == [[0, 1], [1, 3]]
    assert bin_numbers(np.stack([layer, 10 * layer]), 4, "min-max")[1].tolist() == [[0, 1], [1, 3]]
    for call in (lambda: bin_numbers(layer, 1), lambda: bin_numbers(layer, 4, "odd")):
        with pytest.raises(InformationError):
            call()
