"""Interactive marks: complete on a page, reduced to their visible parts in a standalone picture."""

import xml.etree.ElementTree as ET

import pytest

from infodecomp.explorable import (
    Axis,
    Digits,
    Dot,
    DragHandle,
    HConcat,
    Highlight,
    Label,
    Plot,
    Range,
    StateLink,
    Tooltip,
)
from infodecomp.explorable.graphics.drawing import render
from infodecomp.explorable.graphics.plot import DrawOptions

SIDE = Range(name="side", label="side", default=0.5, low=0, high=1)
UNIT = {"x": Axis(domain=(0, 1), hidden=True), "y": Axis(domain=(0, 1), hidden=True)}
STATE = {"side": (0.5, SIDE)}
STANDALONE = DrawOptions(theme="light", interactive=False)


def plane(x: float, y: float) -> Plot:
    handle = DragHandle(x, y, "point", STATE, keys=("side", "side"), marks=(Dot(x, y, "target"),))
    return Plot((Highlight("side", (handle,)),), **UNIT, grab=True, hover=Tooltip("rows", "x", "y", "{x:2}"))


INTERACTIVE = {
    "handle": DragHandle(0.5, 0.5, "side", STATE, moves="side", marks=(Dot(0.5, 0.5),)),
    "link": StateLink("side=1", "whole", (Dot(0.5, 0.5),)),
}


@pytest.mark.parametrize("mark", INTERACTIVE.values(), ids=INTERACTIVE)
def test_a_standalone_picture_has_no_interactive_elements(mark):
    picture = Plot((mark,), **UNIT, grab=True)
    page, still = render(picture).svg, render(picture, options=STANDALONE).svg
    assert 'role="group"' in page and "data-" in page and "<rect" in page
    assert 'role="img"' in still and "data-" not in still and "href" not in still
    assert page.count("<circle") == still.count("<circle") == 1
    assert len(ET.fromstring(still).findall(".//{http://www.w3.org/2000/svg}rect")) == 1, "the background"


def test_a_screen_only_link_is_left_out_of_a_standalone_picture():
    picture = Plot((StateLink("side=1", "whole", (Dot(0.5, 0.5),), screen_only=True),), **UNIT)
    assert "<circle" in render(picture).svg and "<circle" not in render(picture, options=STANDALONE).svg


def test_a_standalone_picture_uses_one_typeface():
    picture = Plot((Label(0, 0, "01", mono=True), Digits((0, 1), 0, "01")), **UNIT)
    assert picture.body(400).count("ui-monospace") == 2
    assert "ui-monospace" not in picture.body(400, STANDALONE)


def test_a_picture_of_plain_marks_is_an_image_to_assistive_technology():
    assert 'role="img"' in render(Plot((Dot(0, 0), Highlight("side", (Dot(1, 1),))), **UNIT)).svg
    assert 'role="group"' in render(HConcat((Plot((), **UNIT), plane(0, 0)), (1, 1))).svg


def test_the_plane_names_its_tooltip_columns_unless_they_are_left_out():
    assert 'data-columns="rows"' in plane(0, 0).body(400)
    without = plane(0, 0).body(400, DrawOptions(tooltips=False))
    assert "data-column" not in without and "data-tip" not in without and 'data-grab=""' in without


def test_handle_position_is_relative_to_its_plane():
    assert plane(0.25, 0.75).handle_position() == (0.25, 0.25)
    assert Plot((INTERACTIVE["handle"],), **UNIT, grab="rows").handle_position() is None
    assert Plot((), **UNIT).handle_position() is None
    assert HConcat((Plot((), **UNIT), plane(0.25, 0.75)), (1, 1)).handle_position() == (0.25, 0.25)
