"""The figures of any fit: what they show agrees with the model, and names of a table stay names."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from infodecomp.bottleneck.estimator import DistributedBottleneck
from infodecomp.bottleneck.fits import stored
from infodecomp.cli import table_growth
from infodecomp.explorable import Choice
from infodecomp.explorable.core.errors import ParameterError
from infodecomp.pictures import shown_fit
from infodecomp.pictures.fit_figures import fit_figures
from infodecomp.pictures.fit_growing import growing_figure, until
from infodecomp.pictures.labels import fit_text
from infodecomp.pictures.matrices import alike_order
from infodecomp.pictures.shown_fit import category_texts, number_texts, one_line, rounded

HOSTILE = ["<b>a</b>", "=1+1", "q\"'&", "[x]{ink}", "ünï 東京 \u202e", "long " * 40]
CLASSES = ["<i>up</i>", "=down", "[mid]{ink}"]


def record(names, target, unit="", dates=()):
    columns = [{"name": name, "unit": ""} for name in names]
    return {
        "file": "<u>my</u>.csv",
        "rows": 120,
        "target": target,
        "target_column": {"unit": unit},
        "columns": columns,
        "dates": list(dates),
        "yardsticks": {"nothing": 1.5, "trees": 0.2},
    }


@pytest.fixture(scope="module")
def classes(tmp_path_factory):
    """A fit of three classes with hostile names, read back from its files; and the table."""
    rng = np.random.default_rng(0)
    X = pd.DataFrame({name: rng.normal(size=120) for name in HOSTILE})
    X[HOSTILE[1]] = np.array([f"<{i % 40}>" for i in range(120)], object)
    X.loc[::9, HOSTILE[2]] = np.nan
    X[HOSTILE[3]] = np.array(["yes", "=no"], object)[np.arange(120) % 2]
    y = np.array(CLASSES, object)[(X[HOSTILE[0]] > 0).astype(int) + (X[HOSTILE[3]] == "yes")]
    estimator = DistributedBottleneck(steps=60, draws=20).fit(X, y)
    folder = tmp_path_factory.mktemp("fit")
    estimator.save(folder / stored.MODEL)
    stored.write_rows(estimator, X, y, folder)
    return stored.StoredFit.load(folder), X, y


@pytest.fixture(scope="module")
def figures(classes):
    return fit_figures(classes[0], record(HOSTILE, "<b>target</b>"))


@pytest.fixture(scope="module")
def numbers():
    """The figures of a fit of numbers with a unit, over a column of days."""
    days = np.arange(80.0)
    y = 2000 * np.sin(days / 10) + 3000
    estimator = DistributedBottleneck(steps=60, draws=20).fit(pd.DataFrame({"day": days}), y)
    levels = estimator.features_[0].level_indices(days)[None]
    fit = stored.StoredFit(estimator.bottleneck_, levels, y, len(y))
    return fit, fit_figures(fit, record(["day"], "sales", "€", ["day"]))


def states(figure):
    """The opening state, and those with each parameter at its ends."""
    yield figure()
    for parameter in figure.parameters:
        for value in parameter.ends():
            yield figure(**{parameter.name: value})


@pytest.mark.parametrize("name", ["plane", "matrices", "ask"])
def test_names_of_a_table_are_text_in_every_picture_and_sentence(figures, name):
    for view in states(figures[name]):
        for width in (640, 350):
            root = ET.fromstring(view.svg(width, "dark"))
            tags = {node.tag.rpartition("}")[2] for node in root.iter()}
            assert tags <= {"svg", "g", "path", "rect", "text", "circle", "a", "title", "desc", "line"}
        assert set(re.findall(r"<[^>]+>", view.description_html)) <= {'<b class="role-selection">', "</b>"}
        for row in csv.reader(io.StringIO(view.csv())):
            assert not any(re.match(r"[=+@]|-(?![\d.])", cell) for cell in row), row
        view.json()


def test_a_matrix_is_that_of_the_model_for_the_levels_that_it_names(classes, figures):
    fit, X, _ = classes
    for i, column in enumerate(HOSTILE):
        data = figures["matrices"](column=str(i + 1)).data
        matrix, texts = fit.bottleneck.distinguishability(column, fit.plane.best_bits), data["levels"]
        if column == HOSTILE[1]:  # 40 categories: the most frequent, alike ones together
            levels = [fit.features[i].levels.tolist().index(text) for text in texts]
            assert len(levels) == 32
        else:
            levels = np.arange(fit.features[i].n_levels)
        if column == HOSTILE[3]:
            assert texts == ["=no", "yes"]
        assert data["matrix"] == pytest.approx(matrix[np.ix_(levels, levels)], abs=1e-6)
    assert figures["matrices"](column="3").data["levels"][-1] == "missing"


def test_asking_for_a_row_predicts_what_the_model_does_and_weighs_the_rows_that_look_alike(classes, figures):
    fit, X, y = classes
    data = figures["ask"](bits=figures["ask"].parameters[0].low).data
    levels = np.array(data["levels"])
    bits = figures["ask"].parameters[0].low
    assert data["probabilities"].sum() == pytest.approx(1)
    draws = [fit.bottleneck.predict(levels[None], bits, draw)[0] for draw in range(stored.DRAWS)]
    assert data["probabilities"] == pytest.approx(np.mean(draws, 0), abs=1e-4)
    overlaps = [1 - fit.bottleneck.distinguishability(name, bits) for name in HOSTILE]
    weight = np.prod([o[level][own] for o, level, own in zip(overlaps, levels, fit.levels)], 0)
    assert data["similar"] == pytest.approx(weight.sum(), rel=1e-5)
    shares = [weight[y == name].sum() / weight.sum() for name in fit.classes]
    assert data["real"] == pytest.approx(shares, rel=1e-5)
    assert 0.5 < data["similar"] <= len(X)


def test_the_row_that_is_asked_about_first_is_one_of_the_table(classes, figures):
    fit = classes[0]
    opening = np.array(figures["ask"]().data["levels"])
    assert (fit.levels == opening[:, None]).all(0).any()


def test_every_value_can_be_set_by_its_number_and_by_a_press_on_its_track(figures):
    ask = figures["ask"]
    tracks = [parameter for parameter in ask.parameters if parameter.name.startswith("ask_")]
    assert any(isinstance(parameter, Choice) for parameter in tracks)
    before = ask().state
    for row, parameter in enumerate(tracks):
        values = parameter.values()
        for i in (0, len(values) - 1):
            now = ask.at_point(before, f"{(i + 0.5) / len(values):.6g},{-row - 0.5}").state
            assert now == before | {parameter.name: values[i]}
    with pytest.raises(ParameterError, match="is out of bounds|is not known"):
        ask.read([(tracks[0].name, "999")])


def test_numbers_have_their_unit_and_days_their_date(numbers):
    fit, own = numbers
    plane, ask = own["plane"](), own["ask"]()
    assert plane.description.startswith("With ") and " €" in plane.description
    assert plane.values["error"] == pytest.approx(fit.plane.at(plane.values["bits"]).error)
    assert re.fullmatch(r"1970-\d\d-\d\d", ask.table["value"][0])
    assert f"predicted: {rounded(ask.values['believed'])} €" in ask.svg()
    assert own["plane"].at_point(plane.state, "-5,0").state["bits"] == own["plane"].parameters[0].low
    assert plane.table["bits of day"][-1] == pytest.approx(fit.plane.features[-1, 0], rel=0.1)


def test_a_plane_opens_with_the_error_and_the_bits_that_the_tables_beside_it_have(classes, figures):
    plane = classes[0].plane
    opened = figures["plane"]().values
    assert (opened["bits"], opened["error"]) == (plane.best_bits, plane.at(plane.best_bits).error)
    for enough, most, opening in ((4.872, 8.0, 4.9), (4.83, 8.0, 4.8), (0.236, 0.9, 0.24)):
        measured = SimpleNamespace(ascending_bits=np.array([0.01, most]), best_bits=enough)
        assert shown_fit.budget_slider(measured).default == opening


def test_bits_that_many_columns_share_are_not_said_to_go_into_the_leading_one(classes, monkeypatch):
    fit = classes[0]
    monkeypatch.setattr(fit, "spent", lambda bits: np.array([1.0, 0.04, 0.04, 0.04, 0.04, 0.04]))
    view = fit_figures(fit, record(HOSTILE, "y"))["matrices"]()
    assert ", 1.00 go into 1 of the 6 columns; of the others, each gets a trace at most." in view.description


def test_of_many_rows_a_sample_is_stored_and_counted_for_all(tmp_path, monkeypatch):
    monkeypatch.setattr(stored, "MAX_ROWS", 50)
    X = np.random.default_rng(0).normal(size=(200, 1))
    estimator = DistributedBottleneck(steps=5, draws=10).fit(X, X[:, 0])
    estimator.save(tmp_path / stored.MODEL)
    stored.write_rows(estimator, X, X[:, 0], tmp_path)
    fit = stored.StoredFit.load(tmp_path)
    assert fit.levels.shape == (1, 50) and fit.n_rows == 200
    ask = fit_figures(fit, record(["x0"], "y"))["ask"](bits=fit.bottleneck.bits_range[1] // 0.1 / 10)
    alike = fit.likeness(ask.state["bits"], np.array(ask.data["levels"]))
    assert ask.values["similar"] == pytest.approx(4 * alike.sum())


def test_texts_of_numbers_tell_them_apart_and_names_are_one_line():
    assert number_texts([36.7, 38.1]) == ["36.7", "38.1"] and number_texts([1.0, 2.0]) == ["1", "2"]
    assert number_texts([0.1, 1 / 3]) == ["0.10", "0.33"] and number_texts([1e-3, 2e-3]) == ["0.001", "0.002"]
    assert number_texts([12345.6, 99999.25]) == ["12,346", "99,999"]
    assert number_texts([12345.6, 99999.21, 99999.3]) == ["12,345.6", "99,999.2", "99,999.3"]
    assert [rounded(value) for value in (0, 1234.5, 0.00123, 99.99, 1e-7)] == [
        "0",
        "1,230",
        "0.00123",
        "100",
        "1.00e-7",
    ]
    assert category_texts([0.0, 1.0]) == ["0", "1"] and category_texts([True, "x"]) == ["True", "x"]
    assert one_line("a\u202eb\n c]{ink}\x00") == "a b c] {ink}" and one_line("\n") == "(no name)"
    assert fit_text("short", 80) == "short" and fit_text("w" * 80, 80).endswith("w…")


def test_values_that_look_alike_stand_together():
    group = np.arange(12) % 3
    matrix = np.where(group[:, None] == group, 0.05, 0.97) * (1 - np.eye(12))
    ordered = group[alike_order(matrix)]
    assert (np.diff(ordered) != 0).sum() == 2


@pytest.fixture(scope="module")
def grown(classes, tmp_path_factory):
    """What is stored of a fit while it goes on, as it comes from files; and the fit."""
    _, X, y = classes
    folder, grown = tmp_path_factory.mktemp("growth"), []

    def store(content):
        file = folder / f"{content['step']}.json"
        file.write_text(json.dumps(content))
        grown.append(stored.read_growth(file))

    growth = table_growth.Growth(record(HOSTILE, "<b>target</b>"), y, store)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table_growth, "SECONDS", 0)
        patch.setattr(table_growth, "SHARE", 1e9)
        estimator = DistributedBottleneck(steps=60, draws=20).fit(X, y, callback=growth)
    return grown, estimator


def test_a_plane_that_grows_keeps_its_axes_and_leaves_the_fit_as_it_is(classes, grown):
    growths, estimator = grown
    assert [growth["step"] for growth in growths] == list(range(40, 61))
    assert len({(growth["end"], growth["top"], growth["nothing"]) for growth in growths}) == 1
    assert (growths[0]["plane"].error != growths[-1]["plane"].error).all()
    assert (estimator.information_plane_.error == classes[0].plane.error).all()
    views = [growing_figure("<b>target</b>", growth).read(()) for growth in (None, growths[0], growths[-1])]
    assert len({view.picture.height(350) for view in views}) == 1
    ticks = [re.findall(r"<text[^>]*>([\d.]+)</text>", view.svg(350)) for view in views]
    assert ticks[1] == ticks[2] != ticks[0]
    assert "After 40 of 60 steps, on rows that are held out" in views[1].description


def test_names_are_text_in_a_plane_that_grows(grown):
    view = growing_figure("<b>target</b>", grown[0][-1]).read(())
    names = {text.text for text in ET.fromstring(view.svg(680)).iter("{http://www.w3.org/2000/svg}text")}
    assert {"<b>a</b>", "=1+1", "q\"'&"} <= names


def test_a_plane_that_grows_ends_with_its_axis():
    bits, error = until(2.5, np.array([0.0, 1, 2, 3]), np.array([4.0, 3, 2, 0]))
    assert bits.tolist() == [0, 1, 2, 2.5] and error.tolist() == [4, 3, 2, 1]
    assert until(9, np.array([0.0, 1]), np.array([2.0, 1]))[0].tolist() == [0, 1]
    assert [table_growth.round_up(value) for value in (0, 7, 11, 24.4)] == [0.1, 8, 12, 25]
    assert table_growth.baseline_error(np.array(list("aabb")), True) == 1
