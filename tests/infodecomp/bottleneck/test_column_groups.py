"""Groups of columns with one message: what they save, and that they are stored and refused properly."""

import numpy as np
import pandas as pd
import pytest

from infodecomp import DistributedBottleneck, InformationError

GENERATOR = np.random.default_rng(0)
QUICK = {"steps": 150, "width": 32, "draws": 20}
PLACES = pd.DataFrame(GENERATOR.uniform(-1, 1, (1000, 3)).round(3), columns=["x", "noise", "y"])
QUADRANT = np.where((PLACES["x"] > 0) == (PLACES["y"] > 0), "same", "other")
PLACE = {"place": ["x", "y"]}


@pytest.fixture(scope="module")
def fit():
    return DistributedBottleneck(groups=PLACE, **QUICK | {"steps": 250}).fit(PLACES, QUADRANT)


def test_a_group_says_in_one_bit_what_its_columns_say_in_two(fit):
    """Whether the signs of x and y agree: one bit if one message knows both, a bit of each if two do."""
    plane = fit.information_plane_
    assert plane.names == ("place", "noise")
    at = plane.at(1.2)
    assert at.error < 0.3 and at.features[0] > 0.95 * at.bits
    apart = DistributedBottleneck(**QUICK | {"steps": 250}).fit(PLACES, QUADRANT).information_plane_
    assert apart.at(1.2).error > 0.5


def test_the_levels_of_a_group_are_places(fit):
    place = fit.features_[0]
    assert 36 <= place.n_levels <= 100 and place.p.sum() == pytest.approx(1)
    matrix = fit.distinguishability("place", bits=1.2)
    corners = place.level_indices(np.array([[-0.9, -0.9], [0.9, 0.9], [0.9, -0.9]], object))
    assert matrix[corners[0], corners[1]] < 0.3 < 0.7 < matrix[corners[0], corners[2]]


def test_it_is_stored_and_read_again_and_trees_see_its_columns(fit, tmp_path):
    fit.save(tmp_path / "fit.safetensors")
    loaded = DistributedBottleneck.load(tmp_path / "fit.safetensors")
    assert (loaded.predict(PLACES) == fit.predict(PLACES)).all()
    assert loaded.groups == PLACE and loaded.n_features_in_ == 3
    assert list(loaded.feature_names_in_) == ["x", "noise", "y"]
    measured = fit.yardsticks(PLACES, QUADRANT)
    assert measured.alone[0] < 0.4 < 0.9 < measured.alone[1] and measured.information[0] > 0.6
    shuffled = fit.controls(PLACES, QUADRANT)
    assert shuffled.columns[0] > 5 * shuffled.shuffled.max()


def test_places_that_were_never_seen_count_as_the_nearest():
    table = pd.DataFrame({"x": np.tile([0.0, 1, 2], 40), "town": np.repeat(["a", "b"], 60)})
    table.loc[(table["x"] == 2) & (table["town"] == "b"), "x"] = 1.0
    fit = DistributedBottleneck(groups={"place": ["x", "town"]}, **QUICK | {"steps": 5})
    place = fit.fit(table, table["x"]).features_[0]
    assert sorted(place.levels) == ["0, a", "0, b", "1, a", "1, b", "2, a"]
    new = np.array([[2.0, "b"], [1.9, "a"], [0.0, "c"]], object)
    assert [*place.levels[place.level_indices(new)[:2]]] == ["1, b", "2, a"]
    assert place.level_indices(new)[2] == -1


def test_a_table_in_batches_has_the_same_groups_while_it_is_small():
    table = PLACES.assign(same=QUADRANT)
    quick = {"groups": PLACE, **QUICK, "steps": 5}
    whole = DistributedBottleneck(**quick).fit(PLACES, QUADRANT).information_plane_
    streamed = DistributedBottleneck(**quick).fit_stream(table, "same").information_plane_
    assert (whole.error == streamed.error).all()


def test_a_group_in_a_large_table_has_the_combinations_of_its_sample_and_the_same_bits():
    towns = np.array(["a", "b", "c"])[np.arange(1000) % 3]
    table = PLACES.assign(town=np.where(np.arange(1000) == 500, "d", towns), same=QUADRANT)
    groups = PLACE | {"town, too": ["noise", "town"]}
    quick = {"groups": groups, **QUICK, "steps": 250}
    streamed = DistributedBottleneck(**quick).fit_stream(table, "same", sample_rows=600)
    place, other = streamed.features_
    at = streamed.information_plane_.at(1.2)
    assert at.error < 0.3 and at.features[0] > 0.95 * at.bits
    assert place.p.sum() == pytest.approx(1) and 36 <= place.n_levels <= 100
    assert "d" in other.members[1].levels.tolist()  # in row 500, which is not in the sample
    assert streamed.predict(table.drop(columns="same")).shape == (1000,)


@pytest.mark.parametrize(
    "groups, message",
    [
        ({"place": ["x"]}, r"'place' is \['x'\]: give two or more different columns"),
        ({"place": "xy"}, "give two or more different columns"),
        ({"place": ["x", "x", "y"]}, r"is \['x', 'x', 'y'\]: give two or more different columns"),
        ({"place": ["x", "z"]}, "no column 'z' for the group 'place': choose from x, noise, y"),
        ({"place": ["x", "y"], "line": ["y", "noise"]}, "'y' is in the groups 'place' and 'line'"),
        ({"noise": ["x", "y"]}, "'noise' has the name of a column: give it another"),
    ],
)
def test_impossible_groups_are_refused(groups, message):
    with pytest.raises(InformationError, match=message):
        DistributedBottleneck(groups=groups, **QUICK).fit(PLACES, QUADRANT)


def test_too_many_combinations_are_refused():
    names = {name: np.array([f"{name}{i}" for i in GENERATOR.integers(0, 60, 4000)]) for name in "ab"}
    table = pd.DataFrame(names)
    with pytest.raises(InformationError, match="combinations, more than 1,000: take a column out"):
        DistributedBottleneck(groups={"both": ["a", "b"]}, **QUICK).fit(table, GENERATOR.random(4000))
