"""Fits whose encoders begin at the cells of quantisers."""

import numpy as np
import pytest
import torch

from infodecomp import DistributedBottleneck, InformationError
from infodecomp.bottleneck.features import Column, learn_feature
from infodecomp.bottleneck.fits.quantiser import Sample, quantisers

SMALL = {"steps": 40, "width": 16, "draws": 10}


@pytest.fixture(scope="module")
def table():
    """A day of the week, whether it is a working day, and noise; the target knows the working day alone."""
    generator = np.random.default_rng(0)
    day, holiday = generator.integers(0, 7, 600), generator.random(600) < 0.15
    working = (day < 5) & ~holiday
    x = np.column_stack([day, working, generator.integers(0, 5, 600)]).astype(float)
    return x, working + 0.1 * generator.standard_normal(600)


@pytest.fixture(scope="module")
def whole(table):
    return DistributedBottleneck(start="cells", **SMALL).fit(*table)


def found(x, target, scale=1.0):
    features = [learn_feature(Column(str(j), column, "ordinal")) for j, column in enumerate(x.T)]
    levels = np.column_stack([feature.level_indices(column) for feature, column in zip(features, x.T)])
    return quantisers(Sample(levels, target, target.astype(float), scale), features, seed=0)


@pytest.mark.parametrize("is_number", [True, False])
def test_the_column_that_says_it_in_fewer_bits_stays_to_the_end(table, is_number):
    x, y = table
    path = found(x, (y - y.mean()) / y.std() if is_number else x[:, 1].astype(int))
    assert [len(np.unique(cells)) for cells in path[0].cells] == [7, 2, 5]
    assert [len(np.unique(cells)) for cells in path[-1].cells] == [1, 2, 1]
    p = x[:, 1].mean()
    assert path[-1].nats == pytest.approx(-p * np.log(p) - (1 - p) * np.log(1 - p))
    assert path[-1].error < 0.05
    assert (np.diff([one.nats for one in path]) < 0).all()


def test_a_fit_begins_and_ends_with_that_column(whole):
    plane = whole.information_plane_.at(whole.best_bits_)
    assert whole.bottleneck_.config.start == "cells"
    assert plane.features[1] > 0.8 and plane.error < 0.25


def test_classes_weights_groups_and_one_dimension_begin_at_cells_too(table):
    x, y = table
    fit = DistributedBottleneck(start="cells", dimension=1, groups={"both": ["x0", "x2"]}, **SMALL)
    fit.fit(x, np.where(y > 0.5, "yes", "no"), sample_weight=1 + x[:, 2])
    assert fit.information_plane_.at(fit.best_bits_).features[-1] < 1.01
    assert torch.isfinite(fit.bottleneck_.network.knot_weights).all()


def test_a_fit_resumes_from_cells(table, whole, tmp_path):
    x, y = table
    part = DistributedBottleneck(start="cells", **SMALL)
    file, steps = tmp_path / "fit.safetensors", iter(range(100))
    part.fit(x, y, checkpoint=file, should_stop=lambda: next(steps) == 9)
    assert part.n_steps_ == 10
    part.fit(x, y, checkpoint=file)
    assert np.array_equal(part.information_plane_.error, whole.information_plane_.error)


@pytest.mark.parametrize("settings", [{"start": "random"}, {}, {"start": "cells", "annealing": 0.3}])
def test_fits_that_begin_at_random(table, settings):
    """As asked, with few rows, and annealed."""
    fit = DistributedBottleneck(**(SMALL | {"steps": 2}), **settings).fit(*table)
    assert fit.bottleneck_.config.start == "random"


@pytest.mark.parametrize("steps, knots", [(2999, 21), (3000, 9)])
def test_encoders_differ_less_from_beta_to_beta_in_a_long_training(table, steps, knots):
    fit = DistributedBottleneck(start="cells", **(SMALL | {"steps": steps}))
    fit.fit(*table, should_stop=lambda: True)
    assert fit.bottleneck_.config.start == "cells" and fit.bottleneck_.config.knots == knots


def test_another_start_is_refused(table):
    with pytest.raises(InformationError, match="'auto', 'cells', 'random'"):
        DistributedBottleneck(start="trees").fit(*table)
