"""Weights, hold-outs by groups of rows and by time, of tables that are read in batches."""

import numpy as np
import pandas as pd
import pytest

from infodecomp import DistributedBottleneck, InformationError
from infodecomp.bottleneck.streams.batches import Coded, column_values, decode, reread
from infodecomp.bottleneck.streams.hold_out import HoldOut, group_hashes
from infodecomp.bottleneck.streams.roles import Roles
from infodecomp.bottleneck.streams.scan import scan

QUICK = {"steps": 20, "width": 16, "draws": 8}
N = 1200
GENERATOR = np.random.default_rng(0)
FRAME = pd.DataFrame(
    {
        "a": GENERATOR.integers(0, 3, N),
        "b": GENERATOR.integers(0, 3, N),
        "patient": [f"p{i // 10}" for i in range(N)],
        "day": pd.Timestamp("2026-01-01") + pd.to_timedelta(GENERATOR.permutation(N) // 4, "D"),
        "w": GENERATOR.integers(0, 4, N),
        "y": GENERATOR.integers(0, 3, N),
    }
)
FITTED = FRAME[["a", "b"]]


def parts(frame: pd.DataFrame, size: int) -> list[pd.DataFrame]:
    return [frame.iloc[start : start + size] for start in range(0, len(frame), size)]


@pytest.mark.parametrize(
    "roles",
    [
        {"sample_weight": "w"},
        {"hold_out_by": "patient"},
        {"hold_out_last": "day"},
        {"sample_weight": "w", "hold_out_by": "patient"},
        {"sample_weight": "w", "hold_out_last": "day"},
    ],
    ids=" ".join,
)
def test_few_rows_in_batches_are_fitted_bit_by_bit_as_by_fit(roles):
    frame = FRAME[["a", "b", "y", *roles.values()]]
    columns = {role: FRAME[name] for role, name in roles.items()}
    expected = DistributedBottleneck(**QUICK).fit(FITTED, FRAME["y"], **columns)
    streamed = DistributedBottleneck(**QUICK).fit_stream(parts(frame, 500), "y", **roles)
    for measured, also in zip(expected.information_plane_, streamed.information_plane_):
        assert (measured == also).all()
    assert (streamed.held_out_ == expected.held_out_).all() and streamed.n_rows_ == expected.n_rows_
    weight = columns.get("sample_weight")
    alone = [fit.yardsticks(FITTED, FRAME["y"], weight).alone for fit in (expected, streamed)]
    assert (alone[0] == alone[1]).all()


def split(
    roles: dict, frame: pd.DataFrame, size: int, sample_rows: int, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Which rows are held out, and which are measured."""
    read, given = reread(parts(frame, size)), Roles("y", **roles)
    scanned = scan(read, given, None, sample_rows, seed, False)
    hold_out, found, start = HoldOut(scanned, 0.2, seed), [], 0
    for batch in read():
        values = batch[given.hold_out] if given.hold_out else None
        found.append(hold_out.split(start, len(batch["y"]), values))
        start += len(batch["y"])
    return np.concatenate([one.rows for one in found]), np.concatenate([one.measured for one in found])


def test_random_rows_of_a_large_table_are_held_out():
    rows, measured = split({}, FRAME, 100, 500)
    assert (rows == measured).all() and rows.mean() == pytest.approx(0.2, abs=0.04)
    many = pd.DataFrame({"a": np.arange(1_000_000) % 7, "y": np.arange(1_000_000) % 5})
    assert split({}, many, 1_000_000, 500)[0].sum() == pytest.approx(40_000, rel=0.03)


def test_whole_groups_of_a_large_table_are_held_out_whatever_the_batches():
    found = [split({"hold_out_by": "patient"}, FRAME, size, 700)[0] for size in (N, 77)]
    assert (found[0] == found[1]).all() and found[0].mean() == pytest.approx(0.2, abs=0.05)
    held_out, fitted = set(FRAME["patient"][found[0]]), set(FRAME["patient"][~found[0]])
    assert not held_out & fitted


def test_a_group_with_nearly_all_rows_leaves_some_on_either_side():
    unequal = FRAME.assign(patient=np.where(FRAME.index < 1190, 0.0, FRAME.index))
    for seed in range(10):
        rows, _ = split({"hold_out_by": "patient"}, unequal, 77, 1000, seed)
        assert 2 <= rows.sum() <= N - 2 and rows[:1190].all() == rows[:1190].any()


def test_the_last_rows_of_a_large_table_are_held_out():
    rows, measured = split({"hold_out_last": "day"}, FRAME, 100, 700)
    assert rows.mean() == pytest.approx(0.2, abs=0.03) and (rows == measured).all()
    assert FRAME["day"][rows].min() > FRAME["day"][~rows].max()


def test_the_error_is_measured_on_some_of_very_many_rows_that_are_held_out():
    many = pd.DataFrame({"a": np.arange(500_000) % 7, "y": np.arange(500_000) % 5, "day": np.arange(500_000)})
    rows, measured = split({"hold_out_last": "day"}, many, 500_000, 5000)
    assert rows.mean() == pytest.approx(0.2, abs=0.02) and not (measured & ~rows).any()
    assert measured.sum() == pytest.approx(40_000, rel=0.03)


def test_equal_values_have_equal_hashes():
    text = np.array(["x", "y", None, "x"], object)
    coded = Coded(np.array([1, 0, 1]), ["y", "x"])
    assert (group_hashes(text, 3)[[3, 1]] == group_hashes(coded, 3)[:2]).all()
    assert (decode(coded) == ["x", "y", "x"]).all()
    numbers = group_hashes(np.array([0.0, -0.0, 1.0]), 3)
    assert numbers[0] == numbers[1] != numbers[2]
    assert (numbers != group_hashes(np.array([0.0, -0.0, 1.0]), 4)).all()


def test_weights_count_in_a_large_table():
    """The target is column a in one half of the rows and column b in the other."""
    first = np.arange(N) < N // 2
    y = np.where(first, FRAME["a"], FRAME["b"])
    for column, weights in ((0, np.where(first, 1.0, 0.02)), (1, np.where(first, 0.02, 1.0))):
        weights[::10] = 0
        frame = FITTED.assign(y=y, w=weights)
        fit = DistributedBottleneck(**QUICK | {"steps": 200})
        fit.fit_stream(parts(frame, 500), "y", "w", sample_rows=400)
        importances = fit.feature_importances_
        assert importances.argmax() == column and importances[column] > 0.7 * importances.sum()
        expected = np.bincount(FRAME["a"], weights) / weights.sum()
        assert fit.features_[0].p == pytest.approx(expected) and fit.n_rows_ == N


def test_a_large_table_held_out_by_a_column_and_weighted_is_fitted_and_resumed(tmp_path):
    frame = FRAME.drop(columns="day")
    roles = {"sample_weight": "w", "hold_out_by": "patient", "sample_rows": 400}
    fits = [
        DistributedBottleneck(n_fits=2, **QUICK).fit_stream(parts(frame, size), "y", **roles)
        for size in (N, 170)
    ]
    planes = [fit.ensemble_.planes for fit in fits]
    assert all((one.error == other.error).all() for one, other in zip(*planes))
    checkpoint, estimator = tmp_path / "unfinished", DistributedBottleneck(**QUICK)
    estimator.fit_stream(frame, "y", **roles, checkpoint=checkpoint, should_stop=lambda: True)
    resumed = estimator.fit_stream(frame, "y", **roles, checkpoint=checkpoint)
    assert resumed.n_steps_ == 20 and (resumed.information_plane_.error == planes[0][0].error).all()
    with pytest.raises(InformationError, match="held out by 'patient', and which ones is not stored"):
        resumed.yardsticks(FITTED, FRAME["y"], FRAME["w"])
    with pytest.raises(InformationError, match="is of another fit"):
        frame.loc[0, "a"] = (frame.loc[0, "a"] + 1) % 3
        estimator.fit_stream(frame, "y", **roles, checkpoint=checkpoint)


BAD = [
    ({"sample_weight": "weight"}, {}, "There is no column 'weight': choose from a, b"),
    ({"hold_out_by": "y"}, {}, "The target 'y' cannot be hold_out_by too"),
    ({"hold_out_by": "patient", "hold_out_last": "day"}, {}, "both given: choose one"),
    ({"sample_weight": "patient"}, {}, "^'patient' holds something that is no number"),
    ({"sample_weight": "w"}, {"w": -1.0}, "^'w' is -1.0 in a row"),
    ({"sample_weight": "w"}, {"w": np.nan}, "^'w' is nan in a row"),
    ({"sample_weight": "w"}, {"w": 0}, "Every weight in 'w' is zero"),
    ({"hold_out_by": "patient"}, {"patient": None}, "'patient' is missing in 1200 of 1200 rows"),
    ({"hold_out_by": "patient"}, {"patient": "p"}, "has 1 different value, of which one is in"),
    ({"hold_out_last": "patient"}, {}, "holds 'p0': give numbers or dates"),
    ({"hold_out_last": "day"}, {"day": 3}, "'day' is 3 in "),
]


@pytest.mark.parametrize("sample_rows", [400, 2000], ids=["large", "small"])
@pytest.mark.parametrize("roles, changed, message", BAD, ids=range(len(BAD)))
def test_columns_that_cannot_have_a_role_are_refused(roles, changed, message, sample_rows):
    with pytest.raises(InformationError, match=message):
        DistributedBottleneck(**QUICK).fit_stream(
            FRAME.assign(**changed), "y", **roles, sample_rows=sample_rows
        )


def test_a_column_that_holds_out_has_one_type():
    frames = [FRAME, FRAME.assign(patient=7)]
    with pytest.raises(InformationError, match="'patient' holds numbers and then text, or the reverse"):
        DistributedBottleneck(**QUICK).fit_stream(frames, "y", hold_out_by="patient")


def test_only_what_rows_with_a_weight_hold_is_a_level_or_a_class():
    frame = FRAME[["a", "w"]].assign(letter=np.array(list("uv"), object)[FRAME["b"] % 2], y="up")
    frame.loc[FRAME["a"] == 0, "y"] = "down"
    frame.loc[:19, ["letter", "y", "w"]] = "elsewhere", "never", 0
    coded = {name: column_values(name, frame[name]) for name in frame}
    fit = DistributedBottleneck(**QUICK).fit_stream(coded, "y", "w", sample_rows=300)
    assert fit.classes_.tolist() == ["down", "up"] and fit.features_[1].levels.tolist() == ["u", "v"]
