"""Hold-outs by groups of rows and by time: what they leave unseen, and tables on which that matters."""

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pandas as pd
import pytest

from infodecomp import DistributedBottleneckRegressor, InformationError
from infodecomp.bottleneck.fits.hold_out import held_out_mask

GENERATOR = np.random.default_rng(0)
QUICK = {"steps": 150, "width": 16, "draws": 8}
PATIENT = np.repeat(np.arange(40), 10)


def test_a_group_is_never_on_both_sides():
    for seed in range(20):
        mask = held_out_mask(400, 0.2, seed, by=PATIENT)
        held_out, fitted = set(PATIENT[mask]), set(PATIENT[~mask])
        assert not held_out & fitted and mask.sum() == 80
    names = np.array(["a", "b", None, "c"], object)[PATIENT % 2]
    mask = held_out_mask(400, 0.2, 0, by=names)
    assert len(set(names[mask])) == len(set(names[~mask])) == 1


def test_the_last_rows_are_held_out_and_equal_times_stay_together():
    order = GENERATOR.permutation(100)
    assert set(order[held_out_mask(100, 0.2, 0, last=order)]) == set(range(80, 100))
    days = np.datetime64("2026-01-01") + order // 30
    mask = held_out_mask(100, 0.2, 5, last=days)
    assert days[mask].min() > days[~mask].max() and mask.sum() == 40


def test_what_a_patient_repeats_counts_only_where_the_patient_is_known():
    """The target is a number of the patient's own: a column that names the patient says it all, and nothing
    about patients who were never seen."""
    own = GENERATOR.normal(size=40)[PATIENT]
    X = np.stack([PATIENT, GENERATOR.integers(0, 4, 400)], 1).astype(float)
    settings = QUICK | {"kinds": {"x0": "categorical"}, "levels": 40}
    known = DistributedBottleneckRegressor(**settings).fit(X, own)
    unknown = DistributedBottleneckRegressor(**settings).fit(X, own, hold_out_by=PATIENT)
    assert known.information_plane_.error.min() < 0.6 * own.std()
    assert unknown.information_plane_.error.min() > 0.8 * own[unknown.held_out_].std()
    assert unknown.best_bits_ < 1 < known.best_bits_


def test_a_relation_that_changes_is_seen_in_the_last_rows_alone():
    """From row 320 on, the column no longer says anything."""
    x = GENERATOR.integers(0, 2, 400).astype(float)
    y = np.where(np.arange(400) < 320, x, GENERATOR.integers(0, 2, 400)) + 0.0
    shuffled = DistributedBottleneckRegressor(**QUICK).fit(x[:, None], y)
    last = DistributedBottleneckRegressor(**QUICK).fit(x[:, None], y, hold_out_last=np.arange(400))
    assert last.held_out_.tolist() == [False] * 320 + [True] * 80
    assert shuffled.information_plane_.error.min() < 0.42 < 0.45 < last.information_plane_.error.min()
    measured = last.yardsticks(x[:, None], y)
    assert measured.trees > 0.55  # certain of what holds no more, on the same rows


def test_weights_and_further_fits_keep_to_the_groups():
    x = GENERATOR.integers(0, 3, (400, 2)).astype(float)
    weights = (np.arange(400) % 10 > 0).astype(float)
    quick = QUICK | {"steps": 5}
    fit = DistributedBottleneckRegressor(n_fits=2, **quick).fit(x, x[:, 0], weights, hold_out_by=PATIENT)
    counted = PATIENT[weights > 0]
    assert fit.held_out_.shape == counted.shape
    assert not set(counted[fit.held_out_]) & set(counted[~fit.held_out_])
    other = DistributedBottleneckRegressor(random_state=1, **quick)
    other.fit(x, x[:, 0], weights, hold_out_by=PATIENT)
    assert (fit.ensemble_.planes[1].error == other.information_plane_.error).all()


def test_dates_with_a_time_zone_have_an_order():
    hours = pd.date_range("2026-03-28 20:00", periods=30, freq="h", tz="Europe/Zurich")  # the clocks change
    for dates in (pd.Series(hours), hours, list(hours)):
        assert held_out_mask(30, 0.2, 0, last=dates).tolist() == [False] * 24 + [True] * 6
    west = timezone(timedelta(hours=-9))
    mixed = [datetime(2026, 1, 1, 6, tzinfo=west), *[datetime(2026, 1, 1, i, tzinfo=UTC) for i in range(9)]]
    assert np.flatnonzero(held_out_mask(10, 0.2, 0, last=mixed)).tolist() == [0, 9]


def test_rows_without_weight_need_their_hold_out_values_too():
    x, weights = np.arange(12.0)[:, None] % 3, np.arange(12) % 4
    for option in ("hold_out_by", "hold_out_last"):
        with pytest.raises(
            InformationError, match=rf"{option} has the shape \(13,\): give one value for each"
        ):
            DistributedBottleneckRegressor(**QUICK).fit(x, x[:, 0], weights, **{option: np.arange(13)})


@pytest.mark.parametrize(
    "given, message",
    [
        ({"by": np.zeros(10)}, "1 different value, of which one is in 10 of 10 rows: give a column with"),
        ({"by": np.arange(9)}, r"hold_out_by has the shape \(9,\): give one value for each of the 10 rows"),
        ({"by": [1, None] * 5}, "hold_out_by is missing in 5 of 10 rows: fill them in"),
        ({"last": np.ones(10)}, "hold_out_last is 1 in 10 of 10 rows: give a column that orders"),
        ({"last": np.array(["2026-01-01"] * 10, "datetime64[D]")}, "hold_out_last is 2026-01-01 in 10 of 10"),
        (
            {"last": pd.Series(np.ones(10), name="day")},
            "^'day' is 1 in 10 of 10 rows: give a column that orders",
        ),
        ({"by": pd.Series([1, None] * 5, name="shop")}, "^'shop' is missing in 5 of 10 rows: fill them in"),
        ({"last": list("abcdefghij")}, "holds 'a': give numbers or dates"),
        ({"by": np.arange(10), "last": np.arange(10)}, "both given: choose one"),
    ],
)
def test_columns_that_split_nothing_are_refused(given, message):
    with pytest.raises(InformationError, match=message):
        held_out_mask(10, 0.2, 0, **given)
