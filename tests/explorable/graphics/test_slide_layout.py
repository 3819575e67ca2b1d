"""Slide layout: legible text first, then a large picture, and no part narrower than on a phone."""

import pytest

from infodecomp.explorable import Axis, HConcat, Plot
from infodecomp.explorable.graphics.slide_layout import LEGIBLE, PHONE, arrangements, fit, within_height

ROW = Plot((), Axis("", (0, 1)), Axis("", (0, 1)), heights=(250, 250))
STACK = HConcat((ROW, ROW), (1, 1), stack_below=float("inf"))


def test_stacked_parts_go_side_by_side_if_text_would_be_too_small():
    arranged, drawn, scale = fit(STACK, 900, 400)
    assert STACK.height(900) == 508 and arranged.height(drawn) == 250
    assert scale >= LEGIBLE - 0.001 and min(arranged.widths(drawn)) >= PHONE
    assert arranged.widths(drawn)[0] < drawn / 2 < STACK.widths(drawn)[0]


def test_with_legible_text_the_larger_picture_is_chosen():
    arranged, drawn, scale = fit(STACK, 600, 700)
    assert arranged == STACK and scale >= LEGIBLE - 0.001
    assert drawn * scale == pytest.approx(600) or STACK.height(drawn) * scale == pytest.approx(700)


def test_rearranged_parts_are_at_least_as_wide_as_on_a_phone():
    for across, room in ((500, 200), (700, 200), (400, 900), (1200, 300)):
        arranged, drawn, scale = fit(STACK, across, room)
        assert arranged == STACK or min(arranged.widths(drawn)) >= PHONE
        assert drawn * scale <= across + 1e-9 and arranged.height(drawn) * scale <= room + 1e-9


def test_every_part_of_every_arrangement_is_there():
    nested = HConcat((STACK, HConcat((ROW, ROW, ROW), (1, 2, 1), stack_below=300)), (1, 1), stack_below=560)
    found = list(arrangements(nested))
    assert found[0] == nested and len(found) == 8
    assert {len(one.widths(2000)) for one in found} == {5}


def test_within_a_height_parts_go_side_by_side_at_the_same_width():
    assert within_height(STACK, 900, 600) == STACK, "it fits as it is"
    beside = within_height(STACK, 900, 240)
    assert beside.height(900, 240) == 240 < STACK.height(900, 240)
    assert within_height(STACK, 500, 100) == STACK, "two parts would be narrower than on a phone"
