import gc
import json
import weakref

import numpy as np
import pytest
import torch

from infodecomp.explorable import Axis, CellGrid, Dot, DragHandle, Line, Plot, Range, figure
from infodecomp.explorable.core.errors import DeclarationError, NotFound, ParameterError
from infodecomp.explorable.figures.figure import RECENT
from infodecomp.explorable.figures.state import MAX_DRAWINGS
from infodecomp.explorable.graphics.plot import DrawOptions

SIDE = Range(name="side", label="side", default=0.5, low=0, high=1)
OTHER = Range(name="other", label="other", default=0.5, low=0, high=1)


def square_figure():
    @figure(parameters=(SIDE,), title="A square", presets={"whole": "side=1"})
    def a_square(side):
        return {"side": side, "rows": {"n": torch.arange(3), "area": torch.tensor([0.0, side, side**2])}}

    @a_square.draw
    def picture(data):
        return Plot((Dot(data["side"], 0.5),), Axis("side", (0, 1)), Axis("", (0, 1)))

    @a_square.values
    def values(data):
        return {"area": data["side"] ** 2, "corners": 4}

    @a_square.describe
    def description(data):
        return f"A square of side {data['side']:g} & <area>."

    @a_square.table
    def table(data):
        return data["rows"]

    @a_square.invert_point
    def grab(state, x, y):
        return {"side": SIDE.snap(x)}

    return a_square


def test_one_declaration_gives_every_form_of_a_state():
    view = square_figure()(side=0.25)
    assert view.figure.name == "a-square"
    assert view.query == "side=.25"
    assert view.values == {"area": 0.0625, "corners": 4}
    assert view.formatted_values == {"area": "0.062", "corners": "4"}
    assert view.table["area"].tolist() == [0.0, 0.25, 0.0625]
    answer = json.loads(view.json())
    assert answer["data"]["rows"]["n"] == [0, 1, 2]
    assert answer["parameters"] == {"side": 0.25}
    assert answer["svg"] == view.svg()
    assert view._repr_svg_().startswith("<svg")


def test_a_slider_reads_its_own_words_where_a_value_has_its_name():
    words = Range(name="side", label="side", default=0.5, low=0, high=1, format=lambda side: f"{side:.0%}")
    square = figure(parameters=(words,), title="A square")(lambda side: side)
    square.values(lambda side: {"side": side, "area": side**2})
    assert square(side=0.1).formatted_values == {"side": "10%", "area": "0.010"}
    assert square(side=0.1).value_text == {"side": "10%"}


def test_descriptions_are_escaped():
    assert "&amp; &lt;area&gt;" in square_figure()().svg()


def test_sentences_and_values_in_words_have_minus_signs():
    @figure(parameters=(SIDE,), title="A debt")
    def debt(side):
        return -side

    debt.describe(lambda data: f"There are {data:.1f} bits.")
    debt.value_text(lambda data: {"side": f"a side of {data:.1f}"})
    assert debt(side=1).description == "There are \u22121.0 bits."
    assert debt(side=1).value_text == {"side": "a side of \u22121.0"}


def test_fields_choose_and_an_unknown_one_is_refused():
    assert set(json.loads(square_figure()().json(["values"]))) == {"values"}
    with pytest.raises(ParameterError, match="choose from"):
        square_figure()().json(["everything"])


def test_a_grab_moves_the_parameters_and_refuses_what_is_no_point():
    square = square_figure()
    assert square.at_point({"side": 0.1}, ".77,0").state == {"side": 0.77}
    for point in ("", "1", "a,b", "nan,1", "1,inf", "1,2,3"):
        with pytest.raises(ParameterError, match="finite"):
            square.at_point({"side": 0.1}, point)


def test_bounds_also_apply_to_calls_from_python():
    with pytest.raises(ParameterError, match="from 0 to 1"):
        square_figure()(side=3)
    with pytest.raises(ParameterError, match="nearest is 'side'"):
        square_figure()(sides=1)


def test_bad_declarations_fail_where_they_are_declared():
    with pytest.raises(DeclarationError, match="twice"):
        figure(parameters=(SIDE, SIDE))(lambda side: {})
    with pytest.raises(DeclarationError, match="other"):
        figure(parameters=(SIDE,), controls=("other",))(lambda side: {})
    with pytest.raises(ParameterError, match="from 0 to 1"):
        figure(parameters=(SIDE,), presets={"far": "side=9"})(lambda side: {})


def test_a_panel_has_no_picture():
    @figure(parameters=(SIDE, OTHER), controls=("side", "other"))
    def panel(**state):
        return state

    assert json.loads(panel().json())["svg"] is None
    with pytest.raises(NotFound, match="panel of controls"):
        panel().svg()


@pytest.mark.parametrize("width", [199, 2001])
def test_a_width_has_bounds(width):
    with pytest.raises(ParameterError, match="200 to 2000"):
        square_figure()().svg(width)


def test_a_theme_stands_alone_and_a_page_picture_uses_its_roles():
    view = square_figure()()
    assert "var(--" in view.svg()
    for theme in ("light", "dark"):
        assert "var(--" not in view.svg(theme=theme)


def test_a_handle_has_aria_and_data_attributes():
    plot = Plot(
        (DragHandle(0.5, 0.5, "the side", state={"side": (0.5, SIDE)}, moves="side", axis="y", text="half"),),
        Axis(domain=(0, 1), hidden=True),
        Axis(domain=(0, 1), hidden=True),
        ratio=0.5,
        heights=(100, 400),
        margins=(0, 0, 0, 0),
    )
    svg = plot.body(400)
    assert 'role="slider"' in svg and 'aria-valuetext="half"' in svg and 'aria-valuenow="0.5"' in svg
    per_pixel = float(svg.partition('data-per-pixel="')[2].partition('"')[0])
    assert np.isclose(per_pixel, -1 / 200)  # 200 pixels high, up is more


def test_controls_must_be_parameters_and_collapsed_ones_numeric():
    for given, words in (
        ({"controls": ("sid",)}, "'sid', which is none of side"),
        ({"collapsed": ("sid",)}, "'sid', which is none of side"),
        ({"headings": {"sid": "Sides"}}, "has a heading above 'sid', which is none of side"),
        ({"controls": ("board",), "collapsed": ("board",)}, "folds 'board', which is no number"),
    ):
        with pytest.raises(DeclarationError, match=words):
            figure(parameters=(SIDE, CellGrid(name="board", label="board", default="0" * 16)), **given)(
                lambda side, board: {}
            )


def test_controls_come_in_groups_that_begin_with_their_headings():
    edges = tuple(Range(name=name, label=name, low=0, high=1) for name in ("top", "left", "right", "back"))
    plain = figure(parameters=edges)(lambda **edges: edges)
    assert plain.control_groups(("top", "back")) == [("", [edges[0], edges[3]])]
    headed = figure(parameters=edges, headings={"left": "Sides", "back": "Behind"})(lambda **edges: edges)
    groups = [("", [edges[0]]), ("Sides", list(edges[1:3])), ("Behind", [edges[3]])]
    assert headed.control_groups([edge.name for edge in edges]) == groups
    assert headed.control_groups(("right",)) == [("Sides", [edges[2]])]


def test_recent_states_are_cached_in_every_representation():
    made = []

    @figure(parameters=(Range(name="tone", label="tone", default=1, low=0, high=99, step=1),), title="A tone")
    def tone(tone):
        made.append(tone)
        return {"tone": tone}

    @tone.draw
    def picture(data):
        return Plot((Dot(data["tone"], 0.5),), Axis("tone", (0, 99)), Axis("", (0, 1)))

    wide, narrow, again = tone(tone=3).svg(640), tone.read([("tone", "3.0")]).svg(350), tone(tone=3).svg(640)
    assert made == [3] and again is wide and narrow != wide
    for other in range(10, 10 + RECENT):
        assert tone(tone=other).data == {"tone": other}
    assert tone(tone=3).data == {"tone": 3}
    assert made == [3, *range(10, 10 + RECENT), 3], "the cache holds RECENT states"


def wave_figure():
    @figure(parameters=(SIDE,), title="A wave")
    def a_wave(side):
        return {"x": np.linspace(0, 1, 400), "side": side}

    @a_wave.draw
    def picture(data):
        return Plot(
            (Line(data["x"], data["side"] * np.sin(9 * data["x"])),), Axis("", (0, 1)), Axis("", (-1, 1))
        )

    return a_wave


def test_a_drawing_with_all_points_is_not_the_cached_simplified_one():
    """A page draws the default state before an offline copy asks for the same state with every point."""
    state = wave_figure()()
    simplified, full = state.drawing(), state.drawing(options=DrawOptions(simplify=False))
    assert full.svg.count("L") == 399 and simplified.svg.count("L") < 399
    assert state.drawing(options=DrawOptions(simplify=False)) is full and state.drawing() is simplified


def test_a_few_drawings_of_a_state_are_kept_however_many_sizes_are_asked_for():
    state = wave_figure()()
    kept = [weakref.ref(state.drawing(width)) for width in range(300, 300 + 2 * MAX_DRAWINGS)]
    gc.collect()
    assert [drawing() is None for drawing in kept] == [True] * MAX_DRAWINGS + [False] * MAX_DRAWINGS
    assert state.drawing(width=299 + 2 * MAX_DRAWINGS) is kept[-1]()


def test_a_drawing_knows_its_size():
    drawing = wave_figure()().drawing(500, max_height=210)
    assert (drawing.width, drawing.height) == (500, 210)
    assert 'width="500" height="210"' in drawing.svg


def test_asking_for_an_unknown_part_is_an_error():
    """After a rename, `has` with the old name used to return False in silence."""
    assert square_figure().has("draw") and not square_figure().has("advance")
    with pytest.raises(ValueError, match="'drawing' is not a part of a figure"):
        square_figure().has("drawing")
