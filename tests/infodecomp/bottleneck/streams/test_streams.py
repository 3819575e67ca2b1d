"""Large tables: sampled, coded and fitted in batches, with the results of a table in memory."""

import math

import numpy as np
import pandas as pd
import pytest

from infodecomp import DistributedBottleneck, InformationError
from infodecomp.bottleneck.features import Column, LevelLimits, learn_feature
from infodecomp.bottleneck.streams.batches import Coded, reread
from infodecomp.bottleneck.streams.codes import Encoder
from infodecomp.bottleneck.streams.roles import Roles
from infodecomp.bottleneck.streams.row_sample import RowSample, row_hash
from infodecomp.bottleneck.streams.scan import scan

ROWS = 400


def table(n: int = ROWS) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    hour = rng.integers(0, 24, n)
    return pd.DataFrame(
        {
            "hour": hour,
            "town": np.array(["Bonn", "Köln", None], object)[rng.integers(0, 3, n)],
            "wind": np.where(rng.random(n) < 0.1, np.nan, rng.normal(size=n).round(2)),
            "open": rng.random(n) < 0.5,
            "y": np.cos(hour / 24 * 2 * np.pi) + 0.1 * rng.normal(size=n),
        }
    )


def estimator(**settings) -> DistributedBottleneck:
    return DistributedBottleneck(**{"steps": 30, "periods": {"hour": 24}, "draws": 20, **settings})


def test_a_row_is_in_the_sample_whatever_the_batches():
    values = np.random.default_rng(1).normal(size=10_000)
    taken = []
    for size in (10_000, 999, 37):
        sample = RowSample(500, seed=3)
        for start in range(0, len(values), size):
            sample.add([values[start : start + size]])
        rows, (column,) = sample.take()
        assert (values[rows] == column).all() and (np.diff(rows) > 0).all()
        taken.append(rows)
    expected = np.sort(np.argsort(row_hash(3, 0, 10_000))[:500])
    assert all((rows == expected).all() for rows in taken)
    assert not (row_hash(3, 0, 100) == row_hash(4, 0, 100)).any()
    assert (row_hash(3, 0, 100)[40:] == row_hash(3, 40, 60)).all()


@pytest.mark.parametrize("kind, period", [("continuous", None), ("ordinal", None), ("circular", 7.0)])
def test_codes_are_the_levels_that_a_feature_finds(kind, period):
    rng = np.random.default_rng(2)
    for values in (
        rng.normal(size=3000) if period is None else rng.random(3000) * 6,
        np.arange(7) / 10,
        [1e9, 1] if period is None else [0.5, 6],
    ):
        feature = learn_feature(Column("a", np.append(values, math.nan), kind, period), LevelLimits(50))
        middle = (feature.levels[1:] + feature.levels[:-1]) / 2  # rounding decides there
        asked = np.concatenate([values, middle, np.nextafter(middle, 9), np.nextafter(middle, -9), [np.nan]])
        assert (Encoder(feature).encode(asked) == feature.level_indices(asked)).all()


def test_codes_of_categories_hold_for_every_batch():
    feature = learn_feature(Column("a", np.array(["x", "y", None, True], object), "categorical"))
    coded = Coded(np.array([0, -1, 1, 0]), ["y", "x"])
    assert (Encoder(feature).encode(coded) == feature.level_indices(["y", None, "x", "y"])).all()
    unseen = Coded(np.array([0, 1]), ["z", True])
    assert (Encoder(feature).encode(unseen) == feature.level_indices(np.array(["z", True], object))).all()


@pytest.mark.parametrize("task", ["regression", "classification"])
def test_a_stream_of_few_rows_is_fitted_bit_by_bit_as_a_frame(task):
    frame = table()
    if task == "classification":
        frame["y"] = np.where(frame["y"] > 0, "day", "night")
    expected = estimator().fit(frame.drop(columns="y"), frame["y"].to_numpy())
    parts = [frame.iloc[:7], frame.iloc[7:300], frame.iloc[300:]]
    streamed = estimator().fit_stream(lambda: iter(parts), "y")
    for measured, also in zip(expected.information_plane_, streamed.information_plane_):
        assert (measured == also).all()
    assert (streamed.predict(frame.drop(columns="y")) == expected.predict(frame.drop(columns="y"))).all()


def test_columns_of_batches_may_be_in_any_order():
    frame = table()
    expected = estimator(steps=3).fit_stream(frame, "y")
    found = estimator(steps=3).fit_stream(
        [frame[:50], frame[50:][["y", "wind", "hour", "open", "town"]]], "y"
    )
    assert (found.information_plane_.bits == expected.information_plane_.bits).all()


def test_a_stream_of_many_rows_is_fitted_from_codes_whatever_the_batches(tmp_path):
    frame = table(3000)
    fits = [
        estimator(steps=120).fit_stream(
            [frame.iloc[i : i + size] for i in range(0, 3000, size)], "y", sample_rows=1000, folder=tmp_path
        )
        for size in (3000, 170)
    ]
    assert (fits[0].information_plane_.error == fits[1].information_plane_.error).all()
    assert not list(tmp_path.iterdir())
    assert fits[0].information_plane_.at(2).features.argmax() == 0  # the hour
    assert fits[0].information_plane_.error.min() < 0.5 * fits[0].information_plane_.error[0]
    counts = frame["town"].value_counts() / 3000
    assert fits[0].features_[1].p[:2] == pytest.approx([counts["Bonn"], counts["Köln"]])  # of all rows


def test_classes_in_a_stream_of_many_rows_are_fitted_and_resumed(tmp_path):
    frame = table(2000)
    frame["y"] = np.where(frame["y"] > 0, "day", "night")
    checkpoint = tmp_path / "unfinished"
    options = {"sample_rows": 500, "checkpoint": checkpoint}
    whole = estimator(steps=110).fit_stream(frame, "y", sample_rows=500)
    estimator(steps=110).fit_stream(frame, "y", should_stop=lambda: checkpoint.exists(), **options)
    resumed = estimator(steps=110).fit_stream(frame, "y", **options)
    assert (
        resumed.n_steps_ == 110 and (resumed.information_plane_.error == whole.information_plane_.error).all()
    )
    assert (
        whole.classes_.tolist() == ["day", "night"] and whole.score(frame.drop(columns="y"), frame["y"]) > 0.8
    )
    with pytest.raises(InformationError, match="is of another fit"):
        frame.loc[5, "hour"] = (frame.loc[5, "hour"] + 1) % 24
        estimator(steps=110).fit_stream(frame, "y", **options)


@pytest.mark.parametrize("column", ["hour", "y", "w"])
def test_a_large_table_with_cells_in_another_order_is_another_fit(tmp_path, column):
    frame = table(600).assign(w=np.arange(600) % 3 + 1.0)
    options = {"sample_weight": "w", "sample_rows": 100, "checkpoint": tmp_path / "unfinished"}
    estimator(steps=1).fit_stream(frame, "y", **options)
    values = frame[column].to_numpy().copy()
    values[:4] = values[[3, 0, 1, 2]]
    frame[column] = values
    with pytest.raises(InformationError, match="is of another fit"):
        estimator(steps=1).fit_stream(frame, "y", **options)


def test_a_class_outside_the_sample_is_a_class_too():
    y = np.array(["no", "yes"], object)[np.arange(2000) % 2]
    y[1] = "rare"
    frame = pd.DataFrame({"a": np.arange(2000.0), "y": y})
    sampled = scan(reread(frame), Roles("y"), None, 100, 0, False)
    assert not (sampled.y == sampled.target.categories.index("rare")).any()
    fit = estimator(periods=None, random_state=0).fit_stream(frame, "y", sample_rows=100)
    assert fit.classes_.tolist() == ["no", "rare", "yes"]
    assert fit.predict_proba(pd.DataFrame({"a": [3.0]})).shape == (1, 3)


def test_rare_categories_and_missing_cells_outside_the_sample_are_levels_too():
    frame = table(1000)
    frame["town"] = ["rare" if i == 500 else "common" for i in range(1000)]
    frame["wind"] = [math.nan if i == 501 else i % 5 for i in range(1000)]
    fit = estimator(steps=2).fit_stream(frame, "y", sample_rows=20)
    town, wind = fit.features_[1], fit.features_[2]
    assert town.levels.tolist() == ["common", "rare"] and town.p.tolist() == [0.999, 0.001]
    assert wind.missing and wind.p[-1] == 0.001


BAD = [
    (lambda frame: iter([frame]), "an iterator can be read only once: give a list"),
    (lambda frame: [frame, frame.drop(columns="wind")], "Batches differ in their columns"),
    (lambda frame: frame.drop(columns="y"), "There is no column 'y'"),
    (lambda frame: frame[:0], "There are no rows"),
    (lambda frame: frame.assign(y=None), "target is missing or NaN in 400 rows"),
    (lambda frame: [frame, frame.assign(wind="strong")], "'wind' holds numbers and then the text 'strong'"),
    (lambda frame: frame.assign(town=range(2000, 2400)).astype({"town": str}), None),
    (lambda frame: 3, "a batch is a int: give a DataFrame"),
]


@pytest.mark.parametrize("change, message", BAD, ids=range(len(BAD)))
def test_bad_batches_are_refused(change, message):
    given = change(table())
    if message is None:
        given, message = (
            [{**given, "town": [f"{i}-{j}" for j in range(400)]} for i in range(3)],
            "more than 1,000",
        )
    with pytest.raises(InformationError, match=message):
        estimator(steps=1).fit_stream(given, "y")


def test_a_table_that_changes_between_the_passes_is_refused():
    frame, reads = table(300), []

    def batches():
        reads.append(1)
        return iter([frame if len(reads) == 1 else frame[:200]])

    with pytest.raises(InformationError, match="had 300 rows when it was read first, and then 200"):
        estimator(steps=1).fit_stream(batches, "y", sample_rows=100)


def test_arrow_data_of_any_library_gives_the_numbers_of_a_frame():
    pa = pytest.importorskip("pyarrow", reason="make test installs it: pip install 'infodecomp[big]'")
    frame = table()
    frame["sold"] = pd.Timestamp("2024-01-01") + pd.to_timedelta(frame["hour"] % 5, "D")
    expected = estimator(steps=3).fit_stream(frame, "y").information_plane_.error
    arrow = pa.Table.from_pandas(frame)
    given = {"a table": arrow, "record batches": arrow.to_batches(max_chunksize=100)}
    if polars := _optional("polars"):
        given["Polars"] = polars.from_arrow(arrow)
    if duckdb := _optional("duckdb"):
        given["a DuckDB relation"] = duckdb.sql("select * from arrow")
    for name, data in given.items():
        assert (estimator(steps=3).fit_stream(data, "y").information_plane_.error == expected).all(), name
    with pytest.raises(InformationError, match="read only once"):
        reread(arrow.to_reader())


def _optional(name: str):
    try:
        return __import__(name)
    except ImportError:
        return None
