"""The storm-information-terms figure: identities, closed forms, and degenerate distributions."""

import json
import math
import re

import numpy as np
import pytest

import infodecomp
from tests.essays.figures import essay_figure

FIGURE = essay_figure("storms.storm_terms", "storm-information-terms")
TERMS, MEASURES = ({p.name: p for p in FIGURE.parameters}[name].options for name in ("term", "measure"))
CONSISTS_OF = {
    "i_ab": ("redundancy", "unique_a", "unique_b", "synergy"),
    "i_a": ("redundancy", "unique_a"),
    "i_b": ("redundancy", "unique_b"),
    "i_b_given_a": ("unique_b", "synergy"),
    "i_a_given_b": ("unique_a", "synergy"),
}
WORLDS = {
    "default": {},
    "xor": {"p00": 0, "p01": 1, "p10": 1, "p11": 0},
    "and": {"p00": 0, "p01": 0, "p10": 0, "p11": 1},
    "mirror": {"p00": 0, "p01": 0, "p10": 1, "p11": 1},
    "twins": {"p00": 0, "p01": 0.5, "p10": 0.5, "p11": 1, "tie": 1},
    "opposite": {"tie": -1},
    "deaf": {"p00": 0.4, "p01": 0.4, "p10": 0.4, "p11": 0.4},
    "always": {"p11": 1, "storm_a": 1, "storm_b": 1},
    "a-certain": {"storm_a": 0},
    "unfair": {"p00": 0, "p01": 0.3, "p10": 0, "p11": 1, "storm_a": 0.2, "storm_b": 0.8},
}


def joint(p00=0.1, p01=0.2, p10=0.3, p11=0.9, storm_a=0.5, storm_b=0.5, tie=0.0):
    return infodecomp.two_source_joint([[p00, p01], [p10, p11]], storm_a, storm_b, tie)


@pytest.mark.parametrize("world", WORLDS)
def test_terms_satisfy_their_identities(world):
    v = FIGURE(**WORLDS[world]).values
    assert v["i_ab"] == pytest.approx(v["i_a"] + v["i_b_given_a"], abs=1e-9)
    assert v["i_ab"] == pytest.approx(v["i_b"] + v["i_a_given_b"], abs=1e-9)
    assert v["co_information"] == pytest.approx(v["i_towns"] - v["i_towns_given_y"], abs=1e-9)
    assert v["co_information"] == pytest.approx(v["i_a"] + v["i_b"] - v["i_ab"], abs=1e-9)
    assert v["i_ab"] == pytest.approx(
        infodecomp.mutual_information(joint(**WORLDS[world]).flatten(0, 1)).item(), abs=1e-9
    )


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("world", WORLDS)
def test_the_four_parts_sum_to_the_joint_information(world, measure):
    v = FIGURE(measure=measure, **WORLDS[world]).values
    assert v["redundancy"] == v[f"redundancy_{measure}"]
    assert v["redundancy"] + v["unique_a"] == pytest.approx(v["i_a"], abs=1e-9)
    assert v["redundancy"] + v["unique_b"] == pytest.approx(v["i_b"], abs=1e-9)
    assert v["redundancy"] + v["unique_a"] + v["unique_b"] + v["synergy"] == pytest.approx(
        v["i_ab"], abs=1e-9
    )
    assert min(v[name] for name in ("redundancy", "unique_a", "unique_b", "synergy")) >= -1e-12


@pytest.mark.parametrize("term", TERMS)
@pytest.mark.parametrize("world", WORLDS)
def test_cells_sum_to_the_selected_term(world, term):
    view = FIGURE(term=term, **WORLDS[world])
    cells = view.data["cells"]
    assert cells["contribution"].sum() == pytest.approx(view.values[term], abs=1e-9)
    assert (cells["contribution"][cells["probability"] == 0] == 0).all()


def test_terms_have_their_closed_forms():
    v = FIGURE().values
    assert (v["i_a"], v["i_b"], v["i_ab"]) == pytest.approx((0.16404, 0.09708, 0.31913), abs=5e-6)
    assert [v[f"redundancy_{m}"] for m in MEASURES] == pytest.approx([v["i_b"]] * 3, abs=1e-6)
    v = FIGURE(**WORLDS["xor"]).values
    assert (v["synergy"], v["co_information"], v["i_a"], v["i_towns_given_y"]) == pytest.approx(
        (1, -1, 0, 1), abs=1e-6
    )
    v = FIGURE(**WORLDS["and"]).values
    assert v["i_a"] == pytest.approx(2 - 0.75 * math.log2(3) - 0.5, abs=1e-9)
    v = FIGURE(**WORLDS["twins"]).values
    assert (v["redundancy"], v["i_towns"], v["co_information"]) == pytest.approx((1, 1, 1), abs=1e-6)


def test_points_lie_in_the_plane_below_the_frontier():
    view = FIGURE()
    plane, front = (np.array([np.asarray(c) for c in view.data[n].values()]) for n in ("plane", "front"))
    for total, bits in ((0, 0), (1, view.values["i_a"]), (1, view.values["i_b"]), (2, view.values["i_ab"])):
        assert np.abs(plane - [[total], [bits]]).max(0).min() < 1e-9
        assert bits <= np.interp(total, *front) + 1e-9


def test_redundancy_measures_disagree_for_biased_towns():
    view = FIGURE(**WORLDS["unfair"])
    v = view.values
    assert v["redundancy_broja"] + 0.05 < v["redundancy_i_min"] < v["redundancy_mmi"]
    assert "0.051 to 0.144" in view.description and "0.051 to 0.144" in view.svg()
    assert "All three measures agree" in FIGURE().description


@pytest.mark.parametrize("width", [350, 640])
@pytest.mark.parametrize("world", WORLDS)
def test_every_distribution_can_be_drawn(world, width):
    for term in TERMS:
        view = FIGURE(term=term, **WORLDS[world])
        assert not re.search(
            r"\bnan\b|\binf\b|-0\.000", view.svg(width) + view.description + json.dumps(view.values)
        )
        assert len(view.description) < 180
        assert len(view.table["bits"]) == 12


def test_every_term_can_be_selected():
    svg = FIGURE(term="i_a").svg()
    assert re.findall(r'data-set="term=(\w+)"', svg) == list(TERMS)
    assert re.findall(r'data-set="term=(\w+)" aria-label="[^"]+" aria-current', svg) == ["i_a"]


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("term", CONSISTS_OF)
def test_the_parts_in_the_sentence_add_up_to_the_term(world, term):
    view = FIGURE(term=term, **WORLDS[world])
    parts = re.search("Of these, (.*?)\\. All three", view.description)
    if parts:
        named = [float(number) for number in re.findall(r"\d\.\d{3}", parts[1])]
        assert sum(named) == pytest.approx(view.values[term], abs=0.0021)
    elif "Depending on the measure" not in view.description:
        shown = [name for name in CONSISTS_OF[term] if view.values[name] >= 5e-4]
        assert ("All of it" in view.description) == (len(shown) == 1) and len(shown) < 2


def test_the_sentence_names_the_parts_of_a_term():
    assert FIGURE(term="i_a").description == (
        "What A alone teaches you: 0.164 bits. Of these, 0.097 could come from either town and 0.067 only "
        "from A. All three measures agree."
    )
