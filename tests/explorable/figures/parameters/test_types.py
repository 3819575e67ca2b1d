"""What each parameter type offers: checks, positions, samples, animation values, schema and controls."""

import ast
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infodecomp.explorable import CellGrid
from infodecomp.explorable.core.errors import ParameterError
from infodecomp.explorable.figures import parameters
from infodecomp.explorable.figures.parameters import (
    Choice,
    FreeText,
    Integer,
    IterationSlider,
    Parameter,
    PowerOfTen,
    Range,
    Toggle,
)

ROOT = Path(__file__).parents[4]
BITS = Range(name="bits", label="bits", default=0.3, low=0, high=2, unit="bits")
COUNT = Range(name="count", label="count", default=0, low=0, high=999, step=1)
VIEW = Choice(name="view", label="view", default="a", options={"a": "A", "b": "B", "c": "C"})
LOUD = Toggle(name="loud", label="loud")
STEP = IterationSlider(name="step", label="step", default=0, high=40, max_rate=2, resets_on=("count",))
GRID = CellGrid(name="grid", label="grid", default="0" * 16)
TEXT = FreeText(name="text", label="text", allowed="anything")
TOLERANCE = PowerOfTen(name="tolerance", label="tolerance", default=-2, low=-7, high=0, step=0.25)
EVERY = (BITS, COUNT, VIEW, LOUD, STEP, GRID, TEXT, TOLERANCE)


@given(st.floats(-5, 5))
def test_a_pointer_snaps_to_a_step_within_the_bounds(value):
    snapped = BITS.snap(value)
    assert 0 <= snapped <= 2
    assert abs(snapped * 100 - round(snapped * 100)) < 1e-9
    assert abs(snapped - min(max(value, 0), 2)) <= 0.005 + 1e-12


@pytest.mark.parametrize("one", [1, 1.0, np.int64(1), np.float32(1), np.float64(1), np.uint8(1), Fraction(1)])
def test_numpy_numbers_become_python_numbers(one):
    assert BITS.check(one) == 1 and type(BITS.check(one)) is float
    assert COUNT.check(one) == 1 and type(COUNT.check(one)) is int


@pytest.mark.parametrize("value", [True, np.True_, "1", None, 1j, np.ones(2), np.float64("nan"), 10**400])
def test_what_is_not_a_number_in_range_is_refused(value):
    with pytest.raises(ParameterError, match="from 0 to 2 bits"):
        BITS.check(value)


@pytest.mark.parametrize(
    "text, exponent", [("1e-5", -5), ("-5", -5), (".01", -2), ("1", 0), ("0", 0), ("0.5", -0.30103)]
)
def test_a_power_of_ten_is_written_as_exponent_or_as_itself(text, exponent):
    assert TOLERANCE.parse(text) == pytest.approx(exponent, abs=1e-6)
    assert TOLERANCE.check(TOLERANCE.check(float(text))) == TOLERANCE.check(float(text))


@pytest.mark.parametrize("text", ["1e-8", "2", "-7.1", "nan", "ten"])
def test_a_power_of_ten_out_of_bounds_is_refused(text):
    with pytest.raises(ParameterError, match="1e-07 to 1"):
        TOLERANCE.parse(text)
    assert TOLERANCE.show(-5.0) == "0.00001" and TOLERANCE.show(-2.0) == "0.01"


def test_leading_zeros_do_not_hide_a_number_out_of_bounds():
    whole = Integer(name="width", label="width", default=3, low=0, high=999, step=1)
    assert whole.parse("0" * 20 + "3") == 3 and whole.parse("000") == 0
    with pytest.raises(ParameterError):
        whole.parse("000000200999")


def test_a_number_of_many_digits_is_not_cut():
    seconds = Integer(name="seconds", label="seconds", default=0, low=0, high=10**12, step=1)
    assert seconds.parse("0012345678901") == 12345678901
    for text in ("9" * 13, "9" * 400, "9" * 5000):
        with pytest.raises(ParameterError, match="is out of bounds"):
            seconds.parse(text)


def test_checking_the_box_of_a_toggle_means_what_is_not_the_default():
    on = Toggle(name="cover", label="Cover it", off_label="Show it", default=True)
    assert (on.checkbox_label, LOUD.checkbox_label) == ("Show it", "loud")
    assert Toggle(name="x", label="the frame", default=True).checkbox_label == "Without: the frame"


def test_a_toggle_takes_numpy_booleans():
    assert LOUD.check(np.True_) is True and LOUD.check(np.int64(0)) is False
    with pytest.raises(ParameterError):
        LOUD.check(2)


def test_a_choice_refuses_what_cannot_be_hashed():
    with pytest.raises(ParameterError, match="one of a, b, c"):
        VIEW.check(["a"])


def test_a_formatted_number_is_shown_in_words_and_stays_a_number_in_an_address():
    level = Range(
        name="level",
        label="level",
        default=1,
        low=0,
        high=2,
        step=1,
        format=lambda value: ("low", "middle", "high")[int(value)],
    )
    assert level.show(2) == "high" and level.write(2) == "2" and level.parse("2") == 2
    with pytest.raises(ParameterError, match=r"from 0 \(low\) to 2 \(high\)"):
        level.parse("3")
    assert 'value="2"' in level.number_input(2), "a number input takes numbers"


def test_a_number_of_four_digits_is_shown_with_a_comma_by_the_server():
    rows = Range(name="rows", label="rows", default=0, low=0, high=1000, step=1)
    assert rows.show(1000) == "1,000" and rows.has_format, "the page's script writes no commas"
    assert rows.write(1000) == "1000" and not COUNT.has_format


def test_only_numbers_have_a_number_input():
    assert all(
        ('type="number"' in parameter.number_input(parameter.default)) == parameter.is_numeric
        for parameter in EVERY
    )


def test_warmup_takes_every_position_but_the_default_unless_there_are_many():
    share = Range(name="share", label="share", default=0.5, low=0, high=1)
    values = share.warmup_values()
    assert len(values) == 100 and values[:2] == [0, 0.01] and 0.5 not in values
    assert COUNT.warmup_values() == []
    assert VIEW.warmup_values() == ["b", "c"] and GRID.warmup_values() == []


def test_samples_are_valid_positions_from_end_to_end():
    assert BITS.samples(5) == [0, 0.5, 1, 1.5, 2]
    assert STEP.samples(100) == list(range(41)), "no more samples than the slider has positions"
    assert VIEW.samples(2) == ["a", "b", "c"] and LOUD.samples(9) == [False, True]


def test_an_animation_runs_between_two_values_in_either_direction():
    assert BITS.sweep(2, 0, 5) == [2, 1.5, 1, 0.5, 0]
    assert COUNT.sweep(0, 3, 120) == [0, 1, 2, 3], "a whole number has no frames in between"
    assert VIEW.sweep(*VIEW.ends()) == ["a", "b", "c"] and VIEW.sweep("c", "b") == ["c", "b"]
    with pytest.raises(ParameterError, match="frames has no meaning here"):
        VIEW.sweep("a", "c", 7)


def test_the_steps_that_a_button_plays_do_not_wait():
    """The stream keeps to max_rate, not the slider."""
    assert STEP.steps_from(38) == range(38, 41) and STEP.steps_from(40) == range(41)


def test_json_schemas_accept_what_the_parameter_accepts():
    assert BITS.json_schema() == {"type": "number", "minimum": 0, "maximum": 2, "default": 0.3}
    assert COUNT.json_schema() == {"type": "integer", "minimum": 0, "maximum": 999, "default": 0}
    assert VIEW.json_schema() == {"type": "string", "enum": ["a", "b", "c"], "default": "a"}
    assert LOUD.json_schema() == {"type": "integer", "enum": [0, 1], "default": 0}
    assert GRID.json_schema() == {"type": "string", "default": "0" * 16}
    assert TEXT.json_schema() == {"type": "string"}


def test_an_integer_is_written_in_plain_digits():
    width = Integer(name="width", label="width", default=None, low=200, high=2000, step=1)
    assert width.parse("640") == 640 and "default" not in width.json_schema()
    for text in ("6.4e2", "+640", " 640", "٣", "-640", ""):
        with pytest.raises(ParameterError):
            width.parse(text)


def class_tests(tree: ast.AST, names: set[str]) -> list[int]:
    """The lines that test for a parameter class: isinstance, issubclass or a comparison of type()."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id not in ("isinstance", "issubclass") or len(node.args) < 2:
                continue
            mentioned = node.args[1]
        elif isinstance(node, ast.Compare) and "type(" in ast.unparse(node):
            mentioned = node
        elif isinstance(node, ast.MatchClass):
            mentioned = node.cls
        else:
            continue
        used = {n.id for n in ast.walk(mentioned) if isinstance(n, ast.Name)}
        used |= {n.attr for n in ast.walk(mentioned) if isinstance(n, ast.Attribute)}
        if used & names:
            found.append(node.lineno)
    return found


NAMES = {
    name
    for name, value in {**vars(parameters), "CellGrid": CellGrid}.items()
    if isinstance(value, type) and issubclass(value, Parameter)
}


def test_nothing_outside_the_parameter_classes_tests_for_one():
    sources = [ROOT / "app.py", *(ROOT / "infodecomp").rglob("*.py"), *(ROOT / "essays").rglob("*.py")]
    assert len(NAMES) == 9
    assert {
        str(path): lines for path in sources if (lines := class_tests(ast.parse(path.read_text()), NAMES))
    } == {}


def test_class_tests_are_recognised():
    code = (
        "isinstance(p, Range | Choice)",
        "isinstance(p, (A, parameters.Toggle))",
        "type(p) is Range",
        "isinstance(p, str)",
    )
    assert class_tests(ast.parse("\n".join(code)), NAMES) == [1, 2, 3]
