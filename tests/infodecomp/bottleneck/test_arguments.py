"""What a fit is given: parameters out of bounds, targets of every type, and calls before a fit."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from sklearn.exceptions import NotFittedError

from infodecomp import DistributedBottleneck, InformationError
from infodecomp.bottleneck.features import Column, learn_feature

X = pd.DataFrame({"a": [0.0, 1, 2] * 20, "b": [0.0, 1] * 30})
QUICK = {"steps": 2, "width": 8, "draws": 2}
WHOLE = np.tile([0, 1, 2], 20)


def fitted(y, **settings) -> DistributedBottleneck:
    return DistributedBottleneck(**QUICK | settings).fit(X, y)


@pytest.mark.parametrize(
    "settings, says",
    [
        ({"dimension": 0}, "dimension = 0: give a whole number, at least 1"),
        ({"width": 0}, "width = 0: .*at least 1"),
        ({"width": None}, "width = None: .*at least 1"),
        ({"steps": 0}, "steps = 0: .*at least 1"),
        ({"levels": 1}, "levels = 1: .*at least 2"),
        ({"draws": 0}, "draws = 0: .*at least 1"),
        ({"draws": 2.5}, "draws = 2.5: .*whole number"),
        ({"n_fits": 0}, "n_fits = 0: .*at least 1"),
        ({"annealing": "x"}, "annealing = 'x' is out of bounds: give a share from 0 to below 1"),
        ({"validation_fraction": "x"}, "validation_fraction = 'x' is out of bounds: .*between 0 and 1"),
        ({"kinds": ["a"]}, r"kinds = \['a'\]: give a mapping"),
        ({"periods": {"a": 0}}, "period of 'a' is 0: give a finite number above 0"),
        ({"periods": {"a": np.nan}}, "period of 'a' is nan: .*above 0"),
        ({"periods": {"a": np.inf}}, "period of 'a' is inf: .*above 0"),
        ({"periods": {"a": "x"}}, "period of 'a' is 'x': .*above 0"),
    ],
)
def test_a_parameter_out_of_bounds_is_named_with_its_limits(settings, says):
    for fit in (
        lambda estimator: estimator.fit(X, X["b"]),
        lambda estimator: estimator.fit_stream(X.assign(y=X["b"]), "y"),
    ):
        with pytest.raises(InformationError, match=says):
            fit(DistributedBottleneck(**QUICK | settings))


def test_numbers_of_numpy_are_numbers(tmp_path):
    settings = {"width": np.int64(8), "steps": np.int32(2), "annealing": np.float32(0.5)}
    fit = fitted(X["b"], **settings, periods={"a": np.int64(3)})
    fit.save(tmp_path / "fit")
    assert DistributedBottleneck.load(tmp_path / "fit").get_params() == fit.get_params()


def test_a_circle_of_one_value_beside_missing_ones_needs_a_period():
    column = Column("c", np.array([3.0, np.nan] * 9), "circular")
    with pytest.raises(InformationError, match="'c' has one value, 3, .* and no period: give its period"):
        learn_feature(column)
    assert learn_feature(column._replace(period=7)).n_levels == 2


@pytest.mark.parametrize(
    "y",
    [
        WHOLE.astype(object),
        np.array([Decimal(f"{value}.0") for value in WHOLE], object),
        np.array([float(value) for value in WHOLE], object),
        pd.Series(WHOLE, dtype="Int64"),
        pd.to_datetime("1970-01-01") + pd.to_timedelta(WHOLE, "D"),
        np.array([date(1970, 1, 1) + timedelta(int(value)) for value in WHOLE], object),
    ],
    ids=["whole", "decimals", "floats", "nullable", "dates", "objects of dates"],
)
def test_a_target_is_read_like_a_column(y, tmp_path):
    expected, fit = fitted(WHOLE), fitted(y)
    assert fit.bottleneck_.target == expected.bottleneck_.target
    assert (fit.predict(X) == expected.predict(X)).all() and fit.score(X, y) == expected.score(X, WHOLE)
    fit.save(tmp_path / "fit")


def test_whole_numbers_among_objects_stay_names_of_classes(tmp_path):
    fit = fitted(WHOLE.astype(object), task="classification")
    fit.save(tmp_path / "fit")
    assert fit.classes_.dtype == np.int64 and fit.score(X, WHOLE.astype(object)) == fit.score(X, WHOLE)


@pytest.mark.parametrize(
    "classes",
    [[2**60 + 1, 2**60 + 2], [2**64 + 1, 2**64 + 2], [b"a", b"b"], pd.interval_range(0, 2).tolist()],
    ids=["of 64 bits", "longer", "bytes", "intervals"],
)
def test_names_of_classes_are_predicted_as_they_were_given(classes):
    y = np.empty(60, object)
    y[:] = [classes[i % 2] for i in range(60)]
    fit = fitted(y, task="classification")
    assert list(fit.classes_) == classes and set(fit.predict(X)) <= set(classes)


@pytest.mark.parametrize(
    "y, says",
    [
        (np.array(["a", 1] * 30, object), r"cells of several types \(int, str\): give numbers, or text only"),
        (pd.Series([pd.NA, *WHOLE[1:]], dtype="Int64"), "missing or NaN in 1 rows"),
        (np.array([pd.NA, *WHOLE[1:]], object), "missing or NaN in 1 rows"),
        ([None, *WHOLE[1:]], "missing or NaN in 1 rows"),
    ],
)
def test_a_target_that_cannot_be_read_is_refused(y, says):
    with pytest.raises(InformationError, match=says):
        fitted(y)


def test_cells_of_pandas_without_a_value_are_missing():
    cells = np.array([["x", 0.0], [pd.NA, 1.0]] * 30, object)
    features = DistributedBottleneck(**QUICK).fit(cells, WHOLE).features_
    assert features[0].levels.tolist() == ["x"] and features[0].missing
    assert features[0].level_indices(np.array(["x", pd.NA, None], object)).tolist() == [0, 1, 1]


@pytest.mark.parametrize("call", [lambda fit: fit.score(X, WHOLE), lambda fit: fit.distinguishability("a")])
def test_calls_before_a_fit_say_so(call):
    with pytest.raises(NotFittedError):
        call(DistributedBottleneck())
