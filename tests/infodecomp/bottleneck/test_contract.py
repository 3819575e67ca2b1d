"""DistributedBottleneck as a scikit-learn estimator: its checks, pipelines, searches and pandas tables."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import is_classifier, is_regressor
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.estimator_checks import estimator_checks_generator

from infodecomp import (
    DistributedBottleneck,
    DistributedBottleneckClassifier,
    DistributedBottleneckRegressor,
    InformationError,
)
from infodecomp.bottleneck import model

QUICK = {"width": 16, "draws": 8}
QUICKEST = {"width": 8, "draws": 2, "levels": 8, "steps": 3}
SCORED = ("check_regressors_train", "check_classifiers_train")  # these need a good fit, so more steps
GENERATOR = np.random.default_rng(0)
N = 300


# A fit draws its rows at random, so that weights and repeated rows agree on average only: see test_weights.
RANDOM = "check_sample_weight_equivalence"


def _checks():
    for task, of in (
        ("regression", DistributedBottleneckRegressor),
        ("classification", DistributedBottleneckClassifier),
    ):
        seen: dict[str, int] = {}
        for estimator, check in estimator_checks_generator(of(**QUICKEST)):
            name = check.func.__name__
            seen[name] = seen.get(name, 0) + 1
            if not name.startswith(RANDOM):
                yield pytest.param(task, estimator, check, id=f"{task}-{name}-{seen[name]}")


@pytest.mark.parametrize("task, estimator, check", list(_checks()))
def test_scikit_learn_checks_pass(task, estimator, check, monkeypatch):
    monkeypatch.setattr(model, "GRID_SIZE", 5)  # of the plane: none of the checks looks at it
    if check.func.__name__ in SCORED:
        estimator.set_params(steps=100, levels=16, **QUICK)
    check(estimator)


@pytest.mark.parametrize("task", ["regression", "classification"])
def test_the_automatic_task_equals_the_named_one(task):
    X = np.random.default_rng(1).integers(0, 3, (N, 2)).astype(float)
    y = X[:, 0] if task == "regression" else np.array(["low", "middle", "high"])[X[:, 0].astype(int)]
    automatic = DistributedBottleneck(steps=15, **QUICK)
    assert not is_classifier(automatic) and not is_regressor(automatic)  # unknown before the fit
    automatic.fit(X, y)
    named = DistributedBottleneck(task=task, steps=15, **QUICK).fit(X, y)
    for predicate in (is_classifier, is_regressor):
        assert predicate(automatic) == predicate(named)
    assert hasattr(automatic, "predict_proba") == hasattr(named, "predict_proba") == (task != "regression")
    assert (automatic.predict(X) == named.predict(X)).all()


@pytest.fixture(scope="module")
def table():
    """A column of each pandas type, each with missing cells; the target is the code of the text column."""
    code = GENERATOR.integers(0, 3, N)
    frame = pd.DataFrame(
        {
            "text": np.array(["low", "middle", "high"], object)[code],
            "whole": pd.array(GENERATOR.integers(0, 5, N), dtype="Int64"),
            "real": GENERATOR.normal(size=N),
            "group": pd.Categorical(np.array(["a", "b"])[GENERATOR.integers(0, 2, N)]),
            "when": pd.Timestamp("2024-01-01") + pd.to_timedelta(GENERATOR.integers(0, 50, N), "D"),
            "flag": pd.array(GENERATOR.integers(0, 2, N).astype(bool), dtype="boolean"),
            "string": pd.array(np.array(["x", "y", "z"])[GENERATOR.integers(0, 3, N)], dtype="string"),
        }
    )
    for i, name in enumerate(frame):
        frame.loc[frame.index[i::29], name] = None
    return frame, code.astype(float)


@pytest.fixture(scope="module")
def table_fit(table):
    return DistributedBottleneck(steps=150, levels=128, **QUICK).fit(*table)


def test_every_pandas_type_is_read_with_names_and_missing_values(table, table_fit):
    X, fit = table[0], table_fit
    assert list(fit.feature_names_in_) == list(X) == [feature.name for feature in fit.features_]
    kinds = {feature.name: (feature.kind, len(feature.levels), feature.missing) for feature in fit.features_}
    assert kinds == {
        "text": ("categorical", 3, True),
        "whole": ("continuous", 5, True),
        "real": ("continuous", 128, True),
        "group": ("categorical", 2, True),
        "when": ("continuous", 49, True),
        "flag": ("categorical", 2, True),
        "string": ("categorical", 3, True),
    }
    days = fit.features_[list(X).index("when")].levels
    assert days.min() == pytest.approx((pd.Timestamp("2024-01-01") - pd.Timestamp("1970-01-01")).days, abs=3)
    assert fit.information_plane_.at(1).features.argmax() == 0
    assert fit.distinguishability("text", 1).shape == (4, 4)  # "missing" is a level
    shuffled = X[list(X)[::-1]]
    with pytest.raises(ValueError, match="same order"):
        fit.predict(shuffled)


def test_predictions_use_the_budget_with_the_smallest_error():
    X, y = GENERATOR.normal(size=(60, 4)), GENERATOR.normal(size=60)
    fit = DistributedBottleneck(steps=200, width=16, draws=100).fit(X, y + X[:, 0])
    plane, best = fit.information_plane_, fit.best_bits_
    smaller = plane.ascending_bits < best
    above = plane.error - plane.error.min()
    assert (above[smaller] > plane.excess_standard_error[smaller]).all() and best < fit.bits_range_[1]
    assert (fit.predict(X) == fit.predict(X, bits=best)).all()
    assert fit.bottleneck_.config.beta[1] == pytest.approx(3 / 48)


def test_missing_values_can_carry_the_information():
    x = GENERATOR.normal(size=N)
    y = GENERATOR.integers(0, 2, N).astype(float)
    x[y == 1] = np.nan
    X = pd.DataFrame({"noise": GENERATOR.normal(size=N), "x": x})
    fit = DistributedBottleneck(steps=250, **QUICK).fit(X, y)
    plane = fit.information_plane_.at(1)
    assert plane.features[1] > 0.8 and plane.error < 0.25
    assert fit.distinguishability("x", 1)[-1, :-1].min() > 0.6


def test_more_bits_predict_better_and_equal_rows_get_equal_messages(table, table_fit):
    (X, y), fit = table, table_fit
    low, high = fit.bits_range_
    errors = [np.mean((fit.predict(X, bits=bits) - y) ** 2) for bits in (low, 1.5)]
    assert errors[1] < errors[0] / 2
    assert fit.predict(X.iloc[7:9], bits=1) == pytest.approx(fit.predict(X, bits=1)[7:9], abs=1e-9)
    for bits in (low - 0.1, high + 0.1):
        with pytest.raises(InformationError, match="out of reach"):
            fit.predict(X, bits=bits)


def test_it_works_in_pipelines_and_grid_searches():
    X = GENERATOR.integers(0, 4, (200, 2)).astype(float)
    labels = np.where(X[:, 0] > 1, "many", "few")
    steps = make_pipeline(
        FunctionTransformer(feature_names_out="one-to-one"),
        DistributedBottleneck(task="classification", **QUICK),
    )
    search = GridSearchCV(steps, {"distributedbottleneck__steps": [2, 120]}, cv=2).fit(X, labels)
    assert search.best_params_ == {"distributedbottleneck__steps": 120} and search.best_score_ > 0.9
    best = search.best_estimator_[-1]
    assert best.classes_.tolist() == ["few", "many"] and search.predict_proba(X).sum(1) == pytest.approx(1)
    assert set(search.predict(X)) == {"few", "many"}


def test_an_xor_of_two_columns_is_found_among_irrelevant_ones():
    X = np.random.default_rng(1).integers(0, 2, (1000, 5)).astype(float)
    for task, y in (
        ("regression", (X[:, 1] != X[:, 3]).astype(float)),
        ("classification", np.where(X[:, 1] != X[:, 3], "odd", "even")),
    ):
        fit = DistributedBottleneck(task=task, steps=400, width=64, draws=30).fit(X, y)
        plane = fit.information_plane_.at(fit.bits_range_[1])
        assert plane.features[[1, 3]] == pytest.approx(1, abs=0.05), task
        assert plane.features[[0, 2, 4]].max() < 0.05 and plane.error < 0.05
        assert fit.bits_range_[0] < 0.1  # at the highest beta no bit pays off


@pytest.mark.parametrize(
    "y, minimum",
    [
        (GENERATOR.integers(0, 2, N).astype(float), 2.5),
        (np.eye(1, N)[0] + np.eye(1, N, 1)[0], 15.0),
        (np.where(np.arange(N) < 9, "a", "b"), 9.0),
    ],
)
def test_targets_with_rare_values_begin_at_a_higher_beta(y, minimum):
    X = GENERATOR.integers(0, 2, (N, 2))
    assert DistributedBottleneck(steps=1, **QUICK).fit(X, y).bottleneck_.config.beta[0] >= minimum


def test_a_fit_draws_its_seed_where_none_is_given():
    X = np.random.default_rng(2).integers(0, 3, (60, 2)).astype(float)

    def fitted(state, **more):
        return DistributedBottleneck(random_state=state, **QUICKEST).fit(X, X[:, 0], **more).bottleneck_.seed

    drawn = np.random.RandomState(7)
    seeds = [fitted(drawn), fitted(drawn)]
    again = np.random.RandomState(7)
    assert seeds == [fitted(again), fitted(again)] and len(set(seeds)) == 2
    assert fitted(None) != fitted(None)


def test_a_drawn_seed_is_refused_where_the_fit_must_resume(tmp_path):
    X = np.random.default_rng(2).integers(0, 3, (60, 2)).astype(float)
    with pytest.raises(InformationError, match="could not be resumed: give a whole number"):
        DistributedBottleneck(random_state=None, **QUICKEST).fit(X, X[:, 0], checkpoint=tmp_path / "fit")


def test_a_seed_of_any_size_is_a_seed_of_its_own():
    X = np.random.default_rng(2).integers(0, 3, (60, 2)).astype(float)

    def plane(seed):
        fit = DistributedBottleneck(random_state=seed, n_fits=2, **QUICKEST).fit(X, X[:, 0])
        assert fit.yardsticks(X, X[:, 0]).trees >= 0
        return fit.bottleneck_.plane.bits

    first = plane(2**64 - 1)
    assert (first == plane(2**64 - 1)).all()
    assert (first != plane(2**64 - 2)).any() and (first != plane(2**32 - 1)).any()


def test_a_longer_seed_than_torch_knows_differs_in_its_start():
    X = np.random.default_rng(2).integers(0, 3, (60, 2)).astype(float)
    held_out = np.arange(60)  # the same rows for any seed

    def weights(seed):
        fit = DistributedBottleneck(random_state=seed, **QUICKEST).fit(X, X[:, 0], hold_out_last=held_out)
        return np.concatenate([one.detach().flatten() for one in fit.bottleneck_.network.parameters()])

    assert (weights(5) != weights(5 + 2**32)).any()
