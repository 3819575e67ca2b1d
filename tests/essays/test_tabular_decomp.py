"""The tabular-decomp figure: values against the model, label placement, and a missing model."""

import re
import shutil
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from infodecomp import artifacts as checkpoints
from infodecomp.data.bikes import FEATURES
from infodecomp.explorable.core.errors import Missing
from infodecomp.explorable.site.reading import read_library
from infodecomp.pictures.labels import separate_names
from tests.essays.figures import ESSAYS, SLUG, essay_figure, essay_module

FIGURE = essay_figure("bikes.tabular_decomp", "tabular-decomp")
MODULE, PICTURES = essay_module("bikes.tabular_decomp"), essay_module("bikes.pictures.decomp")
BUDGETS = (0.2, 0.5, 1, 4, 8, 12.3, 16)


@pytest.mark.parametrize("bits", BUDGETS)
def test_values_equal_those_of_the_model(bits):
    expected, values = MODULE.model().plane.at(bits), FIGURE(bits=bits).values
    assert values["rmse"] == pytest.approx(expected.error)
    assert sum(values[name] for name in FEATURES) == pytest.approx(bits, abs=0.02)
    assert f"off by {expected.error:.0f} bikes" in FIGURE(bits=bits).description


@pytest.mark.parametrize("bits", BUDGETS)
def test_the_bits_in_the_sentence_add_up_to_the_budget(bits):
    named = re.findall(r"(\d+\.\d\d)(?: bits)? of", FIGURE(bits=bits).description.partition("They buy")[2])
    assert sum(map(float, named)) == pytest.approx(bits, abs=0.0151)


def test_the_frontier_has_all_columns_and_covers_the_range():
    front = FIGURE().data["front"]
    assert set(front) == {"bits", "rmse", *FEATURES}
    assert front["bits"][0] == 0.2 and front["bits"][-1] == 16 and (np.diff(front["bits"]) > 0).all()
    assert sum(front[name] for name in FEATURES) == pytest.approx(front["bits"], abs=0.02)


def test_the_model_covers_the_slider_and_beats_the_published_curve():
    low, high = MODULE.model().bits_range
    assert low <= MODULE.BITS.low and MODULE.BITS.high <= high
    for bits in range(1, 16):
        view = FIGURE(bits=bits)
        assert view.values["rmse"] < view.values["published"]


@pytest.mark.parametrize("width", [350, 640])
@pytest.mark.parametrize("feature", FEATURES)
def test_every_state_can_be_drawn_without_overlapping_names(feature, width):
    for bits in BUDGETS:
        svg = FIGURE(bits=bits, feature=feature).svg(width, "light")
        ET.fromstring(svg)
        assert not re.search(r"\bnan\b|\binf\b", svg)
        positions = sorted(
            float(y) for y in re.findall(r'<a class="pick".*?<text x="[\d.]+" y="([\d.]+)"', svg)
        )
        assert len(positions) == 12 and min(np.diff(positions)) >= 14.5
        assert len(FIGURE(bits=bits, feature=feature).description) < 205


@pytest.mark.parametrize("bits", BUDGETS)
def test_the_stacked_shares_sum_to_the_budget(bits):
    data = FIGURE(bits=bits).data
    for columns in (data["front"], *data["seeds"]):
        shares = np.stack([columns[name] for name in FEATURES])
        assert np.nanmin(shares) >= 0 and {name for name, _ in PICTURES.STACK} == set(FEATURES)
    svg = FIGURE(bits=bits).svg()
    assert svg.count('data-set="feature=') == 12 and svg.count(">fit ") == len(data["seeds"])


def test_a_press_in_a_plane_sets_the_budget():
    for point, bits in (("7.31,60", 7.3), ("-3,0", 0.2), ("40,90", 16)):
        assert FIGURE.at_point({"bits": 4, "feature": "hour"}, point).state["bits"] == pytest.approx(bits)


def test_colliding_names_are_moved_by_the_minimum():
    moved = separate_names({"a": 100, "b": 104, "c": 300})
    assert moved == pytest.approx({"a": 94.5, "b": 109.5, "c": 300})


def test_a_missing_model_is_reported_and_found_once_it_is_back(tmp_path, monkeypatch):
    (tmp_path / "essays").mkdir()
    for path in ESSAYS.glob(f"{SLUG}*"):
        copy = shutil.copytree if path.is_dir() else shutil.copy
        copy(path, tmp_path / "essays" / path.name)
    (tmp_path / "models").mkdir()
    monkeypatch.setattr(checkpoints, "artifact_path", lambda name: tmp_path / "models" / name)
    library = read_library(tmp_path / "essays")
    with pytest.raises(Missing, match="infodecomp train bikes"):
        library.figure("tabular-decomp")().svg()
    page = library.essay(
        "where-is-the-information", (), lambda view, *rest: view.svg() if view.figure.has("draw") else ""
    ).page.html
    assert "infodecomp train bikes" in page and page.count("<svg") >= 8
    (tmp_path / "models" / "bikes.safetensors").write_bytes(b"torn")
    shutil.copy(ESSAYS.parent / "models" / "bikes.json", tmp_path / "models")
    with pytest.raises(Missing, match="damaged"):
        library.figure("tabular-decomp")().svg()
    shutil.copy(ESSAYS.parent / "models" / "bikes.safetensors", tmp_path / "models")
    assert "<svg" in library.figure("tabular-decomp")().svg()
