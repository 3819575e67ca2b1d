import pytest
from hypothesis import given
from hypothesis import strategies as st

from infodecomp.explorable.core.errors import ParameterError
from infodecomp.explorable.figures.controls import number_input
from infodecomp.explorable.figures.parameters import (
    Choice,
    Range,
    Toggle,
    check_state,
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
def test_a_number_that_cannot_be_is_refused_with_its_bounds(text):
    with pytest.raises(ParameterError) as caught:
        parse_query(ALL, [("bits", text)])
    assert caught.value.details["parameter"] == "bits"
    assert "from 0 to 2 bits" in str(caught.value)
    assert caught.value.details["value"] == text


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ([("seed", "1.5")], "not whole"),
        ([("view", "circle")], "plane, table"),
        ([("loud", "yes")], "0 or 1"),
        ([("bits", "1"), ("bits", "1")], "second time"),
        ([("bit", "1")], "nearest is 'bits'"),
    ],
)
def test_other_bad_values_are_refused(pairs, words):
    with pytest.raises(ParameterError, match=words):
        parse_query(ALL, pairs)


def test_unknown_names_pass_where_people_add_tags_to_links():
    assert parse_query(ALL, [("utm_source", "x"), ("bits", "1")], strict=False)["bits"] == 1


def test_a_long_value_is_cut_in_the_message():
    with pytest.raises(ParameterError) as caught:
        parse_query(ALL, [("bits", "9" * 10_000)])
    assert len(str(caught.value)) < 250


@given(st.floats(-5, 5))
def test_what_a_hand_points_at_snaps_to_a_step_within_bounds(value):
    snapped = BITS.snap(value)
    assert 0 <= snapped <= 2
    assert abs(snapped * 100 - round(snapped * 100)) < 1e-9
    assert abs(snapped - min(max(value, 0), 2)) <= 0.005 + 1e-12


def test_a_number_that_means_nothing_is_said_in_words_and_stays_a_number_in_an_address():
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
    assert 'value="2"' in number_input(level, 2), "an input for numbers takes numbers"
