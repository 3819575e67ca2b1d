"""Levels of columns, the basis of their encoders, and columns that cannot be used."""

import numpy as np
import pytest

from infodecomp import InformationError
from infodecomp.bottleneck.features import (
    MAX_CATEGORIES,
    Column,
    LevelLimits,
    affordable_levels,
    kernel_weights,
    learn_feature,
)
from infodecomp.bottleneck.fits.fitting import rows_per_step
from infodecomp.bottleneck.training import default_steps


def test_the_nearest_level_wraps_around_midnight():
    hours = learn_feature(Column("hour", np.array([0.0, 6, 12, 18]), "circular", 24))
    assert hours.level_indices([23.5, 24, 3.5, 20.9, 21.1, -2]).tolist() == [0, 0, 1, 3, 0, 0]


def test_many_values_are_binned_at_quantiles():
    feature = learn_feature(
        Column("x", np.random.default_rng(0).normal(size=5000), "continuous"), LevelLimits(16)
    )
    assert feature.n_levels == 16 and feature.entropy == pytest.approx(4, abs=0.01)


def test_values_that_fill_a_bin_stand_alone_and_the_others_get_the_bins_that_are_left():
    """Delays of flights: most are a few minutes, so that all bins at quantiles would hold these."""
    often = np.repeat([-5.0, 0, 3], 1000)
    feature = learn_feature(
        Column("delay", np.concatenate([often, np.linspace(10, 500, 260)]), "continuous"), LevelLimits(16)
    )
    assert feature.n_levels == 16 and feature.levels[:3].tolist() == [-5, 0, 3]
    assert np.ptp(feature.p[3:]) < 0.002 and feature.levels[-1] > 470


def test_shorter_kernels_weigh_less_but_for_levels_that_are_further_apart():
    assert kernel_weights(9, 1.0) == pytest.approx(1) and (kernel_weights(300, 0.0) == 1).all()
    assert kernel_weights(300, 1.0)[::100] == pytest.approx([0.1, 1 / 3, 1])
    assert kernel_weights(15, 2.0)[::5] == pytest.approx([(0.25 / 0.3) ** 2] * 2 + [1])


def test_missing_values_are_a_level_and_unseen_ones_are_not():
    feature = learn_feature(Column("c", np.array(["a", None, "b", "a"], object), "categorical"))
    assert feature.level_indices(np.array(["b", "z", None], object)).tolist() == [1, -1, 2]
    assert feature.p.tolist() == [0.5, 0.25, 0.25]
    numbers = learn_feature(Column("n", np.array([1.0, 2, np.nan]), "continuous"))
    assert numbers.level_indices([np.nan, 1.9]).tolist() == [2, 1]
    for values in (["many"], [np.inf]):
        with pytest.raises(InformationError, match=f"^'{numbers.name}'"):
            numbers.level_indices(values)


def test_one_number_and_missing_values_are_two_levels():
    column = Column("x", np.array([4.0, np.nan, 4.0, np.nan]), "continuous")
    feature = learn_feature(column)
    assert feature.level_indices(column.values).tolist() == [0, 1, 0, 1]


def test_circular_kernels_make_december_and_january_neighbours():
    basis = learn_feature(Column("month", np.arange(1.0, 13), "circular", 12)).basis()
    assert basis.shape == (12, 48) and np.allclose(basis[:, :12], np.eye(12) / 2)
    overlap = basis[:, 12:] @ basis[:, 12:].T
    assert overlap[0, 11] == pytest.approx(overlap[0, 1]) and overlap[0, 11] > overlap[0, 6]


@pytest.mark.parametrize(
    "values, kind, period, message",
    [
        (np.ones(5), "continuous", None, "one value everywhere"),
        (np.array([1, np.inf]), "continuous", None, "infinity"),
        (np.array([0.0, 30]), "circular", 24, "no circle"),
        (np.array(["a", "b"]), "continuous", None, "categorical"),
        (np.arange(MAX_CATEGORIES + 1).astype(str), "categorical", None, "1,001 different"),
        (np.arange(3), "odd", None, "kind"),
    ],
)
def test_columns_that_cannot_be_used_are_refused_with_a_reason(values, kind, period, message):
    with pytest.raises(InformationError, match=message):
        learn_feature(Column("x", values, kind, period))


@pytest.mark.parametrize("n_columns, expected", [(1, 128), (32, 128), (100, 40), (1000, 16)])
def test_wide_tables_have_fewer_levels_in_a_column(n_columns, expected):
    kinds = ["continuous"] * n_columns + ["categorical"] * 500
    assert affordable_levels(kinds, 128, 50) == (expected, 0) and affordable_levels(kinds, 8, 50).most == 8
    column = Column("x", np.arange(300.0), "continuous")
    assert learn_feature(column, affordable_levels(kinds, 128, 50)).n_levels == expected


@pytest.mark.parametrize(
    "n_rows, levels, steps", [(60, 8, 150), (1000, 50, 250), (4000, 128, 1000), (40_000, 128, 1500)]
)
def test_tables_with_few_rows_have_fewer_levels_and_steps(n_rows, levels, steps):
    assert affordable_levels(["continuous"], None, n_rows) == (levels, 32) and default_steps(n_rows) == steps
    assert affordable_levels(["continuous"], None, n_rows, has_classes=True) == (max(levels, 32), 32)


@pytest.mark.parametrize(
    "n_rows, n_columns, steps, rows",
    [(50_000, 10, 1500, 128), (75_000, 10, 2250, 192), (10**6, 10, 3000, 512), (10**6, 50, 3000, 256)],
)
def test_tables_with_many_rows_have_more_steps_with_more_rows(n_rows, n_columns, steps, rows):
    assert default_steps(n_rows) == steps and rows_per_step(n_rows, n_columns) == rows
    assert rows_per_step(n_rows, 1000) == 128


def test_few_distinct_values_stay_apart_unless_a_limit_is_given():
    hours = Column("hour", np.arange(60.0) % 24, "continuous")
    assert learn_feature(hours, affordable_levels(["continuous"], None, 60)).n_levels == 24
    assert learn_feature(hours, affordable_levels(["continuous"], 8, 60)).n_levels == 8
