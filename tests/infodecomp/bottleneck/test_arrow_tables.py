"""Tables of other libraries: the fit of the same DataFrame, by `fit` and by `fit_stream`."""

from datetime import time
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from infodecomp import DistributedBottleneck, InformationError
from infodecomp.bottleneck.streams.batches import reread

pa = pytest.importorskip("pyarrow")
QUICK = {"steps": 5, "width": 8, "draws": 4, "random_state": 0}
GENERATOR = np.random.default_rng(0)
FRAME = pd.DataFrame(
    {
        "count": GENERATOR.integers(0, 5, 120),
        "share": np.where(GENERATOR.random(120) < 0.1, np.nan, GENERATOR.random(120).round(2)),
        "town": np.array(["Bonn", "Köln", None], object)[GENERATOR.integers(0, 3, 120)],
        "open": GENERATOR.random(120) < 0.5,
        "day": np.datetime64("2026-01-01") + np.arange(120) % 50,
    }
)
ARROW = pa.table(
    {name: pa.array(FRAME[name], from_pandas=True) for name in FRAME if name != "day"}
    | {"day": pa.array(FRAME["day"]).cast(pa.date32())}
)


def test_an_arrow_table_has_the_fit_of_its_frame():
    expected = DistributedBottleneck(**QUICK).fit(FRAME, FRAME["count"])
    found = DistributedBottleneck(**QUICK).fit(ARROW, ARROW["count"])
    assert list(found.feature_names_in_) == list(FRAME)
    assert (found.information_plane_.error == expected.information_plane_.error).all()
    assert (found.predict(ARROW) == expected.predict(FRAME)).all()


def test_decimals_are_numbers():
    prices = [Decimal(int(n)) / 4 for n in FRAME["count"]]
    table = pa.table({"price": pa.array(prices, pa.decimal128(8, 2)), "open": ARROW["open"]})
    fit = DistributedBottleneck(**QUICK).fit(table, FRAME["count"])
    assert fit.features_[0].kind == "continuous" and fit.features_[0].levels.max() == 1.0


def test_a_query_of_duckdb_is_a_table():
    duckdb = pytest.importorskip("duckdb")
    connection = duckdb.connect()
    connection.register("rows", ARROW)
    relation = connection.sql("select * from rows")
    expected = DistributedBottleneck(**QUICK).fit(FRAME, FRAME["count"])
    found = DistributedBottleneck(**QUICK).fit(relation, FRAME["count"])
    assert (found.information_plane_.error == expected.information_plane_.error).all()


SIZES = ("small", "large", "middle")
GRADED = pd.DataFrame(
    {
        "size": pd.Categorical(np.array([*SIZES, None], object)[FRAME["count"] % 4], SIZES, ordered=True),
        "open": [time(hour % 24, 30) for hour in FRAME["count"] * 7],
        "stay": pd.to_timedelta(FRAME["count"] * 1500, "ms"),
        "rank": pd.Categorical(FRAME["count"], [4, 0, 3, 1, 2], ordered=True),
        "y": FRAME["count"] + GENERATOR.random(120),
    }
)
KINDS = {"rank": "categorical"}


def bits(fit):
    return fit.information_plane_.bits.tolist()


@pytest.fixture(scope="module")
def graded():
    """The bits of the frame, and the frame as it is and in Arrow's format."""
    fit = DistributedBottleneck(kinds=KINDS, **QUICK).fit(GRADED.drop(columns="y"), GRADED["y"])
    assert [feature.ordered for feature in fit.features_] == [True, False, False, True]
    assert fit.features_[0].levels.tolist() == list(SIZES) and fit.features_[1].levels.max() == 21.5
    return bits(fit), GRADED, pa.Table.from_pandas(GRADED, preserve_index=False)


def test_categories_keep_their_order_and_times_are_numbers_in_every_way_to_fit(graded):
    expected, frame, arrow = graded
    estimator = DistributedBottleneck(kinds=KINDS, **QUICK)
    assert bits(estimator.fit(arrow.drop_columns(["y"]), arrow.select(["y"]))) == expected
    for data in (frame, [frame[:50], frame[50:]], {name: frame[name] for name in frame}, arrow):
        assert bits(estimator.fit_stream(data, "y")) == expected


def test_an_enum_of_polars_is_in_order_also_lazily_and_its_categories_are_names(graded):
    polars = pytest.importorskip("polars")
    names = {"kinds": None, **QUICK}
    own = GRADED[["size", "open", "stay", "y"]]
    expected = bits(DistributedBottleneck(**names).fit(own.drop(columns="y"), own["y"]))
    texts = polars.from_pandas(own.astype({"size": "str"}))
    frame = texts.with_columns(polars.col("size").cast(polars.Enum(SIZES)))
    lazy = frame.lazy()
    for table, y in (frame, frame["y"]), (lazy, lazy.select("y")):
        assert bits(DistributedBottleneck(**names).fit(table.drop("y"), y)) == expected
        assert bits(DistributedBottleneck(**names).fit_stream(table, "y")) == expected
    plain = frame.with_columns(polars.col("size").cast(polars.Categorical))
    named = own.assign(size=own["size"].astype(object))
    expected = bits(DistributedBottleneck(**names).fit(named.drop(columns="y"), named["y"]))
    assert bits(DistributedBottleneck(**names).fit_stream(plain, "y")) == expected


def test_an_enum_of_duckdb_is_in_order_and_its_intervals_are_days(graded):
    duckdb = pytest.importorskip("duckdb")
    connection = duckdb.connect()
    connection.register("rows", GRADED.astype({"size": object, "rank": int}).drop(columns="stay"))
    relation = connection.sql(
        "select size::enum('small', 'large', 'middle') as size, open, rank * interval 90 minute as stay, y "
        "from rows"
    )
    frame = GRADED[["size", "open", "y"]]
    frame.insert(2, "stay", pd.to_timedelta(90 * GRADED["rank"].astype(int), "min"))
    expected = bits(DistributedBottleneck(**QUICK).fit(frame.drop(columns="y"), frame["y"]))
    X, y = relation.select("size, open, stay"), relation.select("y")
    assert bits(DistributedBottleneck(**QUICK).fit(X, y)) == expected
    assert bits(DistributedBottleneck(**QUICK).fit_stream(relation, "y")) == expected


def test_orders_of_batches_that_agree_are_joined_and_others_refused():
    frame = GRADED[["size", "y"]]
    fewer = frame[:40].assign(size=frame["size"][:40].cat.set_categories(["small", "middle"], ordered=True))
    fit = DistributedBottleneck(**QUICK).fit_stream([fewer, frame[40:]], "y")
    assert fit.features_[0].levels.tolist() == list(SIZES)
    mixed = DistributedBottleneck(**QUICK).fit_stream([frame[:40].astype({"size": object}), frame[40:]], "y")
    assert not mixed.features_[0].ordered
    other = frame.assign(size=frame["size"].cat.reorder_categories(["large", "small", "middle"]))
    with pytest.raises(InformationError, match="small, large, middle, and then large, small, middle: give"):
        DistributedBottleneck(**QUICK).fit_stream([frame, other], "y")


class Streamed:
    """A table with Arrow's C interface alone."""

    def __init__(self, table):
        self._table = table

    def __arrow_c_stream__(self, requested_schema=None):
        return self._table.__arrow_c_stream__(requested_schema)


class Exchanged:
    """A table with the dataframe interchange protocol alone."""

    def __init__(self, table):
        self._table = table

    def __dataframe__(self, *arguments, **options):
        return self._table.__dataframe__(*arguments, **options)


def test_the_c_interface_of_arrow_alone_is_a_table():
    expected = bits(DistributedBottleneck(**QUICK).fit(ARROW, ARROW["count"]))
    assert (
        bits(DistributedBottleneck(**QUICK).fit(Streamed(ARROW), Streamed(ARROW.select(["count"]))))
        == expected
    )


def test_decimals_are_the_numbers_that_they_are_written_as():
    cents = [Decimal(i).scaleb(-2) for i in range(1000)]
    table = pa.table({"a": pa.array([*cents, None], pa.decimal128(8, 2)), "y": range(1001)})
    (batch,) = reread(table)()
    assert batch["a"][:-1].tolist() == [i / 100 for i in range(1000)] and np.isnan(batch["a"][-1])


def test_the_interchange_protocol_alone_is_a_table():
    with pytest.raises(InformationError, match="Exchanged cannot be read by way of __dataframe__ .*date32"):
        DistributedBottleneck(**QUICK).fit_stream(Exchanged(ARROW), "count")
    table = ARROW.drop_columns(["open", "day"])
    expected = bits(DistributedBottleneck(**QUICK).fit_stream(table, "count"))
    assert bits(DistributedBottleneck(**QUICK).fit_stream(Exchanged(table), "count")) == expected
    X = Exchanged(table.drop_columns(["count"]))
    assert bits(DistributedBottleneck(**QUICK).fit(X, table["count"])) == expected


TWICE = pa.table([[1, 2], [3, 4]], ["a", "a"])


@pytest.mark.parametrize(
    "table, message",
    [
        (TWICE, "Two columns are named 'a'"),
        (pd.DataFrame([[1, 2], [3, 4]], columns=["a", "a"]), "Two columns are named 'a'"),
        (pa.table({"a": [[1], [2]]}), "'a' has the type list"),
    ],
    ids=["arrow", "pandas", "list"],
)
def test_columns_of_one_name_or_without_single_values_are_refused(table, message):
    with pytest.raises(InformationError, match=message):
        DistributedBottleneck(**QUICK).fit(table, [1, 2])
    with pytest.raises(InformationError, match=message):
        DistributedBottleneck(**QUICK).fit_stream(table, "y")


def test_a_grid_is_no_table_until_it_is_a_frame():
    class Dataset(dict):
        data_vars = ("a",)

    with pytest.raises(InformationError, match=r"Dataset is no table yet: give its \.to_dataframe\(\)"):
        DistributedBottleneck(**QUICK).fit(Dataset(), [1, 2])
    with pytest.raises(InformationError, match=r"'a' has the shape \(2, 2\): give one value for each row"):
        DistributedBottleneck(**QUICK).fit_stream(Dataset(a=np.eye(2)), "y")
