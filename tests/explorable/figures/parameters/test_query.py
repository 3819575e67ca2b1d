"""States in a query string: written in canonical form and read back, bad values refused with what is
valid.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infodecomp.explorable.core.errors import ParameterError
from infodecomp.explorable.figures.parameters import (
    Choice,
    IterationSlider,
    Range,
    Toggle,
    check_state,
    describe_for_page,
    parse_query,
    write_query,
)

BITS = Range(name="bits", label="bits", default=0.3, low=0, high=2, unit="bits")
SEED = Range(name="seed", label="seed", default=1, low=0, high=999, step=1)
VIEW = Choice(name="view", label="view", default="plane", options={"plane": "a plane", "table": "a table"})
LOUD = Toggle(name="loud", label="loud")
ALL = (BITS, SEED, VIEW, LOUD)


@given(st.floats(0, 2), st.integers(0, 999), st.sampled_from(["plane", "table"]), st.booleans())
def test_a_written_state_is_read_back(bits, seed, view, loud):
    state = check_state(ALL, {"bits": float(f"{bits:.12g}"), "seed": seed, "view": view, "loud": loud})
    query = write_query(ALL, state)
    pairs = [tuple(pair.split("=")) for pair in query.split("&")] if query else []
    assert parse_query(ALL, pairs) == state


def test_defaults_are_left_out_and_the_order_is_the_declared_one():
    state = parse_query(ALL, [("loud", "1"), ("bits", "0.3"), ("seed", "7")])
    assert write_query(ALL, state) == "seed=7&loud=1"
    assert write_query(ALL, parse_query(ALL, [("bits", ".25")])) == "bits=.25"


@pytest.mark.parametrize(
    "text", ["nan", "inf", "-inf", "abc", "", "2.0001", "-.1", "1e400", "1_0", "٣", "0x1", "1;2", "<script>"]
)
def test_an_invalid_number_is_refused_with_the_bounds(text):
    with pytest.raises(ParameterError) as caught:
        parse_query(ALL, [("bits", text)])
    assert caught.value.details["parameter"] == "bits"
    assert "from 0 to 2 bits" in str(caught.value)
    assert caught.value.details["value"] == text


def test_a_value_within_former_bounds_is_moved_to_the_nearest_bound():
    bits = Range(name="bits", label="bits", default=0.3, low=0, high=2, former_bounds=(-1, 2))
    assert parse_query([bits], [("bits", "-.5")]) == {"bits": 0}
    for bad in ("-1.1", "2.1", "nan"):
        with pytest.raises(ParameterError, match="from 0 to 2"):
            parse_query([bits], [("bits", bad)])


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        ([("seed", "1.5")], "not whole"),
        ([("view", "circle")], "plane, table"),
        ([("loud", "yes")], "0 or 1"),
        ([("bits", "1"), ("bits", "1")], "second time"),
        ([("bit", "1")], "nearest is 'bits'"),
    ],
)
def test_other_invalid_values_are_refused(pairs, message):
    with pytest.raises(ParameterError, match=message):
        parse_query(ALL, pairs)


def test_unknown_names_are_ignored_unless_strict():
    assert parse_query(ALL, [("utm_source", "x"), ("bits", "1")], strict=False)["bits"] == 1


def test_a_long_value_is_cut_in_the_message():
    with pytest.raises(ParameterError) as caught:
        parse_query(ALL, [("bits", "9" * 10_000)])
    assert len(str(caught.value)) < 250


def test_the_page_gets_each_parameter_in_the_notation_of_an_address():
    step = IterationSlider(
        name="step", label="step", default=0, high=9, resets_on=("seed",), play_label="Train"
    )
    ruled = Toggle(name="loud", label="loud", default=True, active_when=("view", "table"))
    described = describe_for_page((VIEW, step, ruled))
    assert described["view"] == {"kind": "choice", "default": "plane"}
    assert described["loud"] == {"kind": "toggle", "default": "1", "only": ["view", "table"]}
    assert described["step"] == {
        "kind": "range",
        "default": "0",
        "label": "step",
        "low": 0,
        "high": 9,
        "step": 1,
        "decimals": 0,
        "run": ["seed"],
        "go": "Train",
        "halt": "Stop",
        "seconds": None,
    }


def test_an_alias_is_read_by_the_figure_alone_and_written_as_the_name():
    parameter = Range(name="warp_scale", alias="scale", label="gain", default=1, low=0, high=4)
    state = parse_query([parameter], [("scale", "2")])
    assert state == check_state([parameter], {"scale": 2}) == {"warp_scale": 2}
    assert write_query([parameter], state) == "warp_scale=2"
    assert parse_query([parameter], [("scale", "2")], strict=False) == {"warp_scale": 1}
    with pytest.raises(ParameterError, match="second time"):
        parse_query([parameter], [("scale", "2"), ("warp_scale", "3")])


def test_a_name_comes_before_an_alias():
    parameters = [
        Range(name="scale", label="gain", default=1, low=0, high=4),
        Range(name="warp_scale", alias="scale", label="gain", default=1, low=0, high=4),
    ]
    assert parse_query(parameters, [("scale", "2")]) == {"scale": 2, "warp_scale": 1}
