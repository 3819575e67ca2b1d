"""The contract of scikit-learn: its own checks, its pipelines and searches, and tables as pandas makes them."""

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.estimator_checks import estimator_checks_generator

from infodecomp import DistributedBottleneck, InformationError

QUICK = {"width": 16, "draws": 8}
SCORED = (
    "check_regressors_train",
    "check_classifiers_train",
)  # these ask for a good fit, and so for more steps
GENERATOR = np.random.default_rng(0)
N = 300


def _checks():
    for task in ("regression", "classification", "auto"):
        seen: dict[str, int] = {}
        for estimator, check in estimator_checks_generator(
            DistributedBottleneck(task=task, steps=15, levels=16, **QUICK)
        ):
            name = check.func.__name__
            seen[name] = seen.get(name, 0) + 1
            yield pytest.param(task, estimator, check, id=f"{task}-{name}-{seen[name]}")


@pytest.mark.parametrize("task, estimator, check", list(_checks()))
def test_scikit_learn_checks_pass_with_no_exception(task, estimator, check):
    if check.func.__name__ in SCORED:
        estimator.set_params(steps=80)
    check(estimator)


@pytest.fixture(scope="module")
def table():
    """A column of each type that pandas has, some cells of each missing; the target is what the text says."""
    told = GENERATOR.integers(0, 3, N)
    frame = pd.DataFrame(
        {
            "text": np.array(["low", "middle", "high"], object)[told],
            "whole": pd.array(GENERATOR.integers(0, 5, N), dtype="Int64"),
            "real": GENERATOR.normal(size=N),
            "group": pd.Categorical(np.array(["a", "b"])[GENERATOR.integers(0, 2, N)]),
            "when": pd.Timestamp("2024-01-01") + pd.to_timedelta(GENERATOR.integers(0, 50, N), "D"),
            "flag": pd.array(GENERATOR.integers(0, 2, N).astype(bool), dtype="boolean"),
            "words": pd.array(np.array(["x", "y", "z"])[GENERATOR.integers(0, 3, N)], dtype="string"),
        }
    )
    for i, name in enumerate(frame):
        frame.loc[frame.index[i::29], name] = None
    return frame, told.astype(float)


def test_every_type_of_column_is_read_with_its_name_and_its_missing_values(table):
    X, y = table
    fit = DistributedBottleneck(steps=150, **QUICK).fit(X, y)
    assert list(fit.feature_names_in_) == list(X) == [one.name for one in fit.features_]
    kinds = {one.name: (one.kind, len(one.levels), one.missing) for one in fit.features_}
    assert kinds == {
        "text": ("categorical", 3, True),
        "whole": ("continuous", 5, True),
        "real": ("continuous", 128, True),
        "group": ("categorical", 2, True),
        "when": ("continuous", 49, True),
        "flag": ("categorical", 2, True),
        "words": ("categorical", 3, True),
    }
    days = next(one for one in fit.features_ if one.name == "when").levels
    assert days.min() == pytest.approx((pd.Timestamp("2024-01-01") - pd.Timestamp("1970-01-01")).days, abs=3)
    assert fit.information_plane_.at(1).features.argmax() == 0
    assert fit.distinguishability("text", 1).shape == (4, 4)  # missing is a value of its own
    shuffled = X[list(X)[::-1]]
    with pytest.raises(ValueError, match="same order"):
        fit.predict(shuffled)


def test_a_fit_to_few_rows_predicts_at_the_budget_that_errs_least():
    X, y = GENERATOR.normal(size=(60, 4)), GENERATOR.normal(size=60)
    fit = DistributedBottleneck(steps=200, width=16, draws=100).fit(X, y + X[:, 0])
    plane, best = fit.information_plane_, fit.best_bits_
    assert plane.at(best).error == pytest.approx(plane.error.min(), rel=0.05) and best < fit.bits_range_[1]
    assert (fit.predict(X) == fit.predict(X, bits=best)).all()
    assert fit.bottleneck_.config.beta[1] == pytest.approx(3 / 48)


def test_that_a_value_is_missing_can_be_what_tells():
    x = GENERATOR.normal(size=N)
    y = GENERATOR.integers(0, 2, N).astype(float)
    x[y == 1] = np.nan
    X = pd.DataFrame({"noise": GENERATOR.normal(size=N), "x": x})
    fit = DistributedBottleneck(steps=250, **QUICK).fit(X, y)
    plane = fit.information_plane_.at(1)
    assert plane.features[1] > 0.8 and plane.error < 0.25
    assert fit.distinguishability("x", 1)[-1, :-1].min() > 0.6


def test_more_bits_predict_better_and_the_same_row_gets_the_same_message(table):
    X, y = table
    fit = DistributedBottleneck(steps=150, **QUICK).fit(X, y)
    low, high = fit.bits_range_
    errors = [np.mean((fit.predict(X, bits=bits) - y) ** 2) for bits in (low, 1.5)]
    assert errors[1] < errors[0] / 2
    assert fit.predict(X.iloc[7:9], bits=1) == pytest.approx(fit.predict(X, bits=1)[7:9], abs=1e-9)
    for bits in (low - 0.1, high + 0.1):
        with pytest.raises(InformationError, match="out of reach"):
            fit.predict(X, bits=bits)


def test_pipelines_and_searches_hold_it_as_any_other():
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


def test_a_pair_that_tells_only_together_is_found_among_others():
    X = np.random.default_rng(1).integers(0, 2, (1000, 5)).astype(float)
    for task, y in (
        ("regression", (X[:, 1] != X[:, 3]).astype(float)),
        ("classification", np.where(X[:, 1] != X[:, 3], "odd", "even")),
    ):
        fit = DistributedBottleneck(task=task, steps=400, width=64, draws=30).fit(X, y)
        plane = fit.information_plane_.at(fit.bits_range_[1])
        assert plane.features[[1, 3]] == pytest.approx(1, abs=0.05), task
        assert plane.features[[0, 2, 4]].max() < 0.05 and plane.error < 0.05
        assert fit.bits_range_[0] < 0.1  # at the dearest price a bit pays for nothing


@pytest.mark.parametrize(
    "y, least",
    [
        (GENERATOR.integers(0, 2, N).astype(float), 2.5),
        (np.eye(1, N)[0] + np.eye(1, N, 1)[0], 15.0),
        (np.where(np.arange(N) < 9, "a", "b"), 9.0),
    ],
)
def test_targets_with_rare_values_begin_at_a_dearer_price(y, least):
    X = GENERATOR.integers(0, 2, (N, 2))
    assert DistributedBottleneck(steps=1, **QUICK).fit(X, y).bottleneck_.config.beta[0] >= least
