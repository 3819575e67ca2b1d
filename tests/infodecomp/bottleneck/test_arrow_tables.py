"""Tables in Arrow's format: the fit of the same DataFrame."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from infodecomp import DistributedBottleneck

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
