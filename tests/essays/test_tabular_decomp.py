"""The plane of the bikes: what is drawn is what the model measured, names keep apart, and a missing model is said in its place."""

import re
import shutil
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from infodecomp import artifacts as checkpoints
from infodecomp.data.bikes import FEATURES
from infodecomp.explorable.core.errors import Missing
from infodecomp.explorable.site.reading import read_library
from tests.essays.figures import ESSAYS, essay_figure, essay_module

FIGURE = essay_figure("tabular_decomp", "tabular-decomp")
MODULE = essay_module("tabular_decomp")
BUDGETS = (0.2, 0.5, 1, 4, 8, 12.3, 16)


@pytest.mark.parametrize("bits", BUDGETS)
def test_what_is_said_is_what_the_model_measured(bits):
    at, values = MODULE.model().plane.at(bits), FIGURE(bits=bits).values
    assert values["rmse"] == pytest.approx(at.error)
    assert sum(values[name] for name in FEATURES) == pytest.approx(bits, abs=0.02)
    assert f"off by {at.error:.0f} bikes" in FIGURE(bits=bits).description


def test_the_front_has_a_column_for_everything_and_ends_at_the_bounds():
    front = FIGURE().data["front"]
    assert set(front) == {"bits", "rmse", *FEATURES}
    assert front["bits"][0] == 0.2 and front["bits"][-1] == 16 and (np.diff(front["bits"]) > 0).all()
    assert sum(front[name] for name in FEATURES) == pytest.approx(front["bits"], abs=0.02)


def test_the_model_reaches_all_that_the_slider_offers_and_beats_the_published_curve_there():
    low, high = MODULE.model().bits_range
    assert low <= MODULE.BITS.low and MODULE.BITS.high <= high
    for bits in range(1, 16):
        view = FIGURE(bits=bits)
        assert view.values["rmse"] < view.values["published"]


@pytest.mark.parametrize("width", [350, 640])
@pytest.mark.parametrize("feature", FEATURES)
def test_every_state_is_a_picture_and_its_names_keep_apart(feature, width):
    for bits in BUDGETS:
        svg = FIGURE(bits=bits, feature=feature).svg(width, "light")
        ET.fromstring(svg)
        assert not re.search(r"\bnan\b|\binf\b", svg)
        places = sorted(float(y) for y in re.findall(r'<a class="pick".*?<text x="[\d.]+" y="([\d.]+)"', svg))
        assert len(places) == 12 and min(np.diff(places)) >= 14.5
        assert len(FIGURE(bits=bits, feature=feature).description) < 200


@pytest.mark.parametrize("bits", BUDGETS)
def test_the_shares_of_a_budget_are_stacked_to_the_top(bits):
    data = FIGURE(bits=bits).data
    for columns in (data["front"], *data["seeds"]):
        shares = np.stack([columns[name] for name in FEATURES])
        assert np.nanmin(shares) >= 0 and {name for name, _ in MODULE.STACK} == set(FEATURES)
    svg = FIGURE(bits=bits).svg()
    assert svg.count('data-set="feature=') == 12 and svg.count("seed ") == len(data["seeds"])


def test_a_press_in_either_plane_moves_the_budget_there():
    for point, bits in (("7.31,60", 7.3), ("-3,0", 0.2), ("40,90", 16)):
        assert FIGURE.grabbed({"bits": 4, "feature": "hour"}, point).state["bits"] == pytest.approx(bits)


def test_names_that_collide_move_as_little_as_they_must():
    moved = MODULE.separate_names({"a": 100, "b": 104, "c": 300})
    assert moved == pytest.approx({"a": 94.5, "b": 109.5, "c": 300})


def test_a_missing_model_is_reported_in_its_place_and_found_again_once_it_is_back(tmp_path, monkeypatch):
    shutil.copytree(ESSAYS, tmp_path / "essays", ignore=shutil.ignore_patterns("__pycache__"))
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
