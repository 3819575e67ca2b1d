"""The parking-lot figure: information against entropies counted over the table, and its pictures."""

import itertools
import json
import math
import re
import xml.etree.ElementTree as ET
from collections import Counter

import pytest

from tests.essays.figures import essay_figure, essay_module
from tests.legible import assert_legible

LOT = essay_figure("lot.parking_lot", "parking-lot")
STATES = [
    dict(zip([p.name for p in LOT.parameters], values))
    for values in itertools.product(*(p.options for p in LOT.parameters))
]
VEHICLES = LOT().data["vehicles"]
SHARPER = {"hidden": 0, "coarse": 1, "sharp": 2}


def counted_entropy(values) -> float:
    counts = Counter(values).values()
    return -sum(n / sum(counts) * math.log2(n / sum(counts)) for n in counts)


def counted(state) -> tuple[float, float]:
    """Information about the class, and bits spent, from the counts of the visible attributes."""
    length, rear, wheels, paint = (VEHICLES[name] for name in ("length", "rear", "wheels", "colour"))
    rough = {"slope": 1, "step": 1, "open top": 2, "bed": 2}
    seen = [
        (
            {"hidden": 0, "coarse": length[i] > 5, "sharp": length[i]}[state["see_length"]],
            {"hidden": 0, "coarse": rough.get(rear[i], 0), "sharp": rear[i]}[state["see_rear"]],
            {"hidden": 0, "coarse": wheels[i] > 4, "sharp": wheels[i]}[state["see_wheels"]],
            {"hidden": 0, "sharp": paint[i]}[state["see_colour"]],
        )
        for i in range(len(length))
    ]
    spent = counted_entropy(seen)
    return counted_entropy(VEHICLES["class"]) + spent - counted_entropy(zip(seen, VEHICLES["class"])), spent


@pytest.mark.parametrize("state", STATES, ids=lambda s: "-".join(s.values()))
def test_information_equals_that_of_the_counts(state):
    values = LOT(**state).values
    information, spent = counted(state)
    assert values["information"] == pytest.approx(information, abs=1e-12)
    assert values["spent"] == pytest.approx(spent, abs=1e-12)
    assert values["left"] == pytest.approx(1 - information, abs=1e-12)
    assert values["information"] <= values["spent"] + 1e-12


def bits(**see) -> float:
    return LOT(**({p.name: "hidden" for p in LOT.parameters} | see)).values["information"]


def test_colour_never_adds_information():
    assert bits(see_colour="sharp") == 0
    for state in STATES:
        seen, unseen = (
            LOT(**(state | {"see_colour": how})).values["information"] for how in ("sharp", "hidden")
        )
        assert seen == pytest.approx(unseen, abs=1e-12)


def test_the_information_of_each_feature():
    assert bits() == 0
    assert bits(see_length="coarse") == pytest.approx(0.549, abs=5e-4)
    assert bits(see_rear="coarse") == pytest.approx(0.344, abs=5e-4)
    assert bits(see_wheels="coarse") == bits(see_wheels="sharp") == pytest.approx(0.311, abs=5e-4)
    assert (
        bits(see_length="sharp")
        == bits(see_rear="sharp")
        == bits(see_length="coarse", see_rear="coarse")
        == 0.75
    )
    assert bits(see_length="coarse", see_rear="sharp") == bits(see_length="sharp", see_rear="coarse") == 1


def test_information_and_cost_are_monotone_in_what_is_visible():
    values = [LOT(**state).values for state in STATES]
    for (coarser, a), (finer, b) in itertools.product(zip(STATES, values), repeat=2):
        if all(SHARPER[coarser[name]] <= SHARPER[finer[name]] for name in coarser):
            assert a["information"] <= b["information"] + 1e-12
            assert a["spent"] <= b["spent"] + 1e-12


def test_sixteen_vehicles_have_four_bits_of_which_one_is_the_class():
    values = LOT.at(see_length="sharp", see_rear="sharp", see_wheels="sharp", see_colour="sharp").values
    assert (values["spent"], values["entropy"], values["looks"]) == (4, 1, 16)
    assert len(set(zip(VEHICLES["kind"], VEHICLES["colour"]))) == 16
    short = [length for length in VEHICLES["length"] if length < 5]
    assert max(short) < 5 < min(set(VEHICLES["length"]) - set(short))


@pytest.mark.parametrize("state", STATES, ids=lambda s: "-".join(s.values()))
def test_vehicles_are_drawn_alike_exactly_when_their_messages_are_equal(state):
    data = LOT(**state).data
    vehicle = essay_module("lot.vehicles").Vehicle

    class PlotContext:
        x = staticmethod(type("Scale", (), {"slope": 10, "__call__": lambda self, value: value})())
        y = x
        narrow = False
        colour = staticmethod(str)
        point = staticmethod(lambda x, y, dx, dy: (f"{10 * x + dx:g}", f"{10 * y + dy:g}"))

    drawn = [vehicle(0, 0, *seen).svg(PlotContext) for seen in data["seen"]]
    looks = data["vehicles"]["look"]
    for a, b in itertools.combinations(range(16), 2):
        assert (drawn[a] == drawn[b]) == (looks[a] == looks[b])
    for look, settled in zip(looks, data["vehicles"]["settled"]):
        among = {name for other, name in zip(looks, data["vehicles"]["class"]) if other == look}
        assert settled == (len(among) == 1)


@pytest.mark.parametrize("width", [350, 640])
def test_every_state_has_a_picture_a_description_and_data(width):
    for state in STATES:
        view = LOT(**state)
        svg = view.svg(width, "light")
        ET.fromstring(svg)
        assert not re.search("nan|inf|-0.00", svg)
        assert_legible(svg)
        assert len(view.description) < 165
        assert json.loads(view.json())["values"] and set(view.value_text) == set(state)
        assert view.csv().count("\n") == 17


def test_presets_show_what_their_names_say():
    view = {
        name: LOT.read([pair.split("=") for pair in query.split("&")]) for name, query in LOT.presets.items()
    }
    assert view["see-nothing"].values["spent"] == 0 == view["only-colour"].values["information"]
    assert view["only-length"].values["information"] == bits(see_length="coarse")
    assert view["only-rear"].values["information"] == bits(see_rear="sharp")
    assert view["only-wheels"].values["information"] == bits(see_wheels="sharp")
    assert view["length-and-rear"].values["information"] == 1 and view["all"].values["spent"] == 4
