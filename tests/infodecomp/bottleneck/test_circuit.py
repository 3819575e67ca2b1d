"""A fit finds the parts of a Boolean circuit, also those that matter only together."""

import itertools

import numpy as np
import pytest

from infodecomp import DistributedBottleneck, InformationError
from tests.infodecomp.circuit import (
    BEST_SUBSETS,
    N_INPUTS,
    fit_circuit,
    subset_information,
    truth_table,
    visited_subsets,
)


def test_the_listed_subsets_are_the_best_of_their_sizes():
    x, y = truth_table()
    known = {
        subset: subset_information(x, y, subset)
        for size in range(1, N_INPUTS + 1)
        for subset in itertools.combinations(range(N_INPUTS), size)
    }
    for best, bits in BEST_SUBSETS.items():
        same_size = [known[subset] for subset in known if len(subset) == len(best)]
        assert known[best] == pytest.approx(bits, abs=1e-4) == pytest.approx(max(same_size), abs=1e-4)


def test_one_annealed_fit_visits_the_best_subsets():
    """The smallest fit that shows it. {2, 9} ties with a straight line, so that a fit may skip it."""
    visited = visited_subsets(fit_circuit())
    assert set(BEST_SUBSETS) - {(2, 9)} <= set(visited)


def test_a_parity_of_three_columns_is_found_and_noise_gets_nothing():
    """No pair of the three says anything about the target. A fit without annealing finds nothing."""
    x = np.random.default_rng(0).integers(0, 2, (1000, 6))
    y = np.where(x[:, :3].sum(1) % 2, "odd", "even")
    small = {"steps": 400, "width": 64, "draws": 20}
    found = DistributedBottleneck(**small).fit(x, y).feature_importances_
    assert found[:3] == pytest.approx(1, abs=0.05) and found[3:].max() < 0.02
    assert DistributedBottleneck(annealing=0, **small).fit(x, y).feature_importances_[:3].max() < 0.5


def test_a_second_fit_that_was_cut_off_goes_on(tmp_path):
    """The first is complete then, and is not repeated."""
    x = np.random.default_rng(0).integers(0, 2, (800, 3))
    y = np.where(x.sum(1) % 2, "odd", "even")
    fit, file, steps = DistributedBottleneck(width=16, draws=4), tmp_path / "fit.safetensors", []

    def stop(training) -> None:
        steps.append((training.config.annealing, training.step))
        if steps[-1] == (0.3, 130):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit.fit(x, y, callback=stop, checkpoint=file)
    assert fit.fit(x, y, callback=stop, checkpoint=file).feature_importances_.min() > 0.9
    assert steps == [*((0, i) for i in range(1, 201)), *((0.3, i) for i in range(1, 201))]


@pytest.mark.parametrize("share", [-0.1, 1.0, "much"])
def test_an_impossible_share_is_refused(share):
    x, y = truth_table()
    with pytest.raises(InformationError, match="annealing"):
        DistributedBottleneck(annealing=share, steps=1).fit(x, y)
