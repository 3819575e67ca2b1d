"""Weights of rows, ordered categories, fixed tasks, several fits: what a fit does with them."""

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.base import is_classifier, is_regressor
from sklearn.model_selection import cross_val_score

from infodecomp import (
    DistributedBottleneck,
    DistributedBottleneckClassifier,
    DistributedBottleneckRegressor,
    InformationError,
)
from infodecomp.bottleneck.fits.ensemble import Ensemble
from infodecomp.bottleneck.information_plane import InformationPlane
from infodecomp.bottleneck.training import Examples

QUICK = {"steps": 60, "width": 16, "draws": 8}
X = np.random.default_rng(0).integers(0, 3, (300, 2)).astype(float)


def test_rows_are_drawn_in_proportion_to_their_weights():
    examples = Examples(torch.zeros(3, 1), torch.zeros(3), weights=torch.tensor([1.0, 0.0, 3.0]).double())
    drawn = examples.draw((4, 5000), torch.Generator().manual_seed(0))
    counts = np.bincount(drawn.flatten(), minlength=3) / 20_000
    assert counts[1] == 0 and counts == pytest.approx([0.25, 0, 0.75], abs=0.02)


def test_weights_change_which_column_counts():
    """The target is column 0 in one half of the rows and column 1 in the other."""
    first = np.arange(300) < 150
    y = np.where(first, X[:, 0], X[:, 1])
    for column, weights in ((0, np.where(first, 1.0, 0.02)), (1, np.where(first, 0.02, 1.0))):
        fit = DistributedBottleneckRegressor(**QUICK | {"steps": 200}).fit(X, y, weights)
        assert fit.feature_importances_.argmax() == column
        assert fit.feature_importances_[column] > 0.7 * fit.feature_importances_.sum()
        assert fit.score(X, y, weights) > 0.7 > fit.score(X, y)


def test_weights_count_in_frequencies_and_in_the_target():
    weights = 1.0 + 9 * (X[:, 0] == 2)
    fit = DistributedBottleneckRegressor(**QUICK).fit(X, X[:, 0], weights)
    expected = np.bincount(X[:, 0].astype(int), weights) / weights.sum()
    assert fit.features_[0].p == pytest.approx(expected)
    assert fit.bottleneck_.target.mean == pytest.approx(np.average(X[:, 0], weights=weights))


def test_rows_without_weight_are_left_out():
    weights = np.ones(300)
    weights[200:] = 0
    fit = DistributedBottleneckRegressor(**QUICK).fit(X, X[:, 0], weights)
    without = DistributedBottleneckRegressor(**QUICK).fit(X[:200], X[:200, 0], np.ones(200))
    assert (fit.predict(X) == without.predict(X)).all()


@pytest.mark.parametrize("other", [None, np.roll(np.arange(300) < 200, 1)], ids=["none", "of other rows"])
def test_a_fit_is_compared_on_the_rows_that_had_a_weight(other):
    weights = (np.arange(300) < 200).astype(float)
    fit = DistributedBottleneckRegressor(**QUICK | {"steps": 5}).fit(X, X[:, 0], weights)
    assert fit.yardsticks(X, X[:, 0], 2 * weights).alone.shape == (2,)
    for compare in (fit.yardsticks, fit.controls):
        with pytest.raises(
            InformationError, match=r"\(\d00 now, 200 then\): give the sample_weight of the fit"
        ):
            compare(X, X[:, 0], other)


@pytest.mark.parametrize(
    "weights, message",
    [
        (np.ones(3), "one weight for each of the 300 rows"),
        (np.full(300, np.nan), "finite numbers from 0 on"),
        (-np.ones(300), "sample_weight is -1.0 in a row"),
        (["heavy"] * 300, "no number"),
        (np.zeros(300), "Every weight in sample_weight is zero"),
    ],
)
def test_impossible_weights_are_refused(weights, message):
    with pytest.raises(InformationError, match=message):
        DistributedBottleneck(**QUICK).fit(X, X[:, 0], weights)


def test_ordered_categories_keep_their_order_and_share_what_they_learn(tmp_path):
    sizes = pd.Categorical(np.array(["small", "large", "medium"])[X[:, 0].astype(int)])
    ordered = sizes.set_categories(["small", "medium", "large"], ordered=True)
    table = pd.DataFrame({"size": ordered, "other": X[:, 1]})
    fit = DistributedBottleneck(**QUICK).fit(table, X[:, 0])
    size = fit.features_[0]
    assert size.levels.tolist() == ["small", "medium", "large"] and size.n_basis == 12
    near, far = size.kernels()[0] @ size.kernels()[1], size.kernels()[0] @ size.kernels()[2]
    assert near > far
    fit.save(tmp_path / "fit.safetensors")
    loaded = DistributedBottleneck.load(tmp_path / "fit.safetensors")
    assert (loaded.predict(table) == fit.predict(table)).all()


def test_the_task_is_known_before_the_fit(tmp_path):
    classifier, regressor = DistributedBottleneckClassifier(**QUICK), DistributedBottleneckRegressor(**QUICK)
    assert is_classifier(classifier) and is_regressor(regressor)
    y = X[:, 0]
    assert np.isfinite(cross_val_score(classifier, X, y, cv=2, scoring="neg_log_loss")).all()
    regressor.fit(X, y).save(tmp_path / "fit.safetensors")
    assert DistributedBottleneckRegressor.load(tmp_path / "fit.safetensors").predict(X).shape == (300,)
    with pytest.raises(InformationError, match="holds a regression"):
        DistributedBottleneckClassifier.load(tmp_path / "fit.safetensors")


def test_a_plane_is_shown_in_one_line():
    plane = DistributedBottleneck(**QUICK).fit(X, X[:, 0]).information_plane_
    assert repr(plane).startswith("InformationPlane(33 points, ") and len(repr(plane)) < 110
    assert "2 columns" in repr(plane.at(plane.bits.mean()))


def plane(shares: list[list[float]]) -> InformationPlane:
    """A plane whose columns have given shares of the bits at all budgets."""
    bits = np.linspace(0, 3, 5)
    features = bits[:, None] * np.array(shares)
    return InformationPlane(bits / 3, bits, bits * 0, 1 / (1 + bits), bits * 0, features, features * 0)


def test_columns_that_trade_places_are_named():
    names = "copy", "other copy", "own", "noise"
    ensemble = Ensemble(
        names,
        tuple(plane(shares) for shares in ([0.6, 0, 0.4, 0], [0, 0.6, 0.4, 0], [0.1, 0.5, 0.4, 0])),
        3.0,
    )
    assert ensemble.twins == [("copy", "other copy")]
    assert "copy and other copy" in repr(ensemble) and "3 fits" in repr(ensemble)
    assert ensemble.error_spread == pytest.approx(0) and ensemble.feature_spread[-1, 0] > 0.8
    assert Ensemble(names, (plane([1, 0, 0, 0]),) * 2, 3.0).twins == []


def test_several_fits_differ_in_their_seed_alone():
    fit = DistributedBottleneck(n_fits=2, **QUICK).fit(X, X[:, 0])
    table = {f"x{i}": column for i, column in enumerate(X.T)} | {"y": X[:, 0]}
    streamed = DistributedBottleneck(n_fits=2, **QUICK).fit_stream(table, "y").ensemble_
    assert (streamed.errors == fit.ensemble_.errors).all()
    for seed, found in enumerate(fit.ensemble_.planes):
        alone = DistributedBottleneck(random_state=seed, **QUICK).fit(X, X[:, 0]).information_plane_
        assert (found.error == alone.error).all() and (found.bits == alone.bits).all()
    assert not hasattr(fit.set_params(n_fits=1).fit(X, X[:, 0]), "ensemble_")
    for wrong in (0, 1.5, None):
        with pytest.raises(InformationError, match="n_fits"):
            DistributedBottleneck(n_fits=wrong, **QUICK).fit(X, X[:, 0])
