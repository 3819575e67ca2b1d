"""The offline codec: what is encoded can be decoded, and texts that differ in numbers share a template."""

import re

from hypothesis import given
from hypothesis import strategies as st

from infodecomp.explorable.offline.codec import (
    BASE91,
    PREDICTOR,
    SLOT,
    STRIP_ZEROS,
    DeltaColumn,
    TemplateGroup,
    Tokenizer,
    encode_base91,
    encode_varints,
    group_by_template,
)


def decode_varints(body: bytes) -> list[int]:
    values, value, shift = [], 0, 0
    for byte in body:
        value |= (byte & 127) << shift
        shift += 7
        if not byte & 128:
            values.append(-(value + 1) // 2 if value % 2 else value // 2)
            value = shift = 0
    return values


def decode_group(group: TemplateGroup) -> list[str]:
    """The texts of all states, as offline.js puts them together."""
    ranks: dict[int, int] = {}
    texts = []
    for template in group.template_of_state:
        text = ""
        for index in group.templates[template]:
            ranks[index] = ranks.get(index, -1) + 1
            states = sum(index in group.templates[t] for t in group.template_of_state)
            text += decode_token(group.columns[index], states, ranks[index])
        texts.append(text)
    return texts


def decode_token(column: DeltaColumn, states: int, rank: int) -> str:
    deltas, decoded = decode_varints(column.deltas), []

    def number(match) -> str:
        slot = ord(match[0]) - SLOT
        own = deltas[len(decoded) * states : (len(decoded) + 1) * states]
        predictor = decoded[-(slot // PREDICTOR)] if slot // PREDICTOR else [0] * states
        decoded.append([sum(own[: i + 1]) + predictor[i] for i in range(states)])
        value = decoded[-1][rank] / 10 ** (slot % 16)
        return f"{value:g}" if slot & STRIP_ZEROS else f"{value:.{slot % 16}f}"

    return re.sub(f"[{chr(SLOT)}-{chr(SLOT + 255)}]", number, column.pattern)


@given(st.lists(st.integers(-(10**9), 10**9)))
def test_varints_round_trip(values):
    assert decode_varints(encode_varints(values)) == values


@given(st.binary(max_size=200))
def test_base91_round_trips(body):
    text = encode_base91(body)
    assert not set(text) & set("<&\\") and len(text) <= 2 + len(body) * 16 / 13
    number, bits = 0, 0
    for i in range(0, len(text) - 1, 2):
        value = BASE91.index(text[i]) + 91 * BASE91.index(text[i + 1])
        number |= value << bits
        bits += 13 if value & 8191 > 88 else 14
    if len(text) % 2:
        number |= BASE91.index(text[-1]) << bits
    assert (bits // 8 + len(text) % 2) == len(body), "DecompressionStream rejects an extra byte"
    assert number.to_bytes(len(body) + 2, "little")[: len(body)] == body


coordinates = st.tuples(st.integers(-5000, 5000), st.integers(-5000, 5000), st.integers(0, 99), st.booleans())


@given(st.lists(coordinates, min_size=1, max_size=12))
def test_texts_round_trip_to_the_letter(states):
    texts = [
        f'<svg><path d="M4.0 {a / 10:.1f}L{b / 10:.1f} {(a + b) / 10:.1f}"/>'
        f'<text x="{a}">{c} digits, {b / 1000:.3f} bits</text>{"<g></g>" if more else ""}</svg>'
        for a, b, c, more in states
    ]
    tokenizer = Tokenizer()
    assert decode_group(group_by_template([tokenizer.tokenize(text) for text in texts])) == texts


def group(*texts: str) -> TemplateGroup:
    tokenizer = Tokenizer()
    return group_by_template([tokenizer.tokenize(text) for text in texts])


def test_texts_that_differ_in_measures_share_a_template():
    assert len(group('<text x="4">0.25 bits</text>', '<text x="9.5">0.75 bits</text>').templates) == 1


def test_a_share_in_percent_is_a_measure_and_a_count_before_other_words_is_not():
    shares = [f"<text>{n}% of the digits, {10 * n}%</text>" for n in (3, 4, 10)]
    found = group(*shares)
    assert len(found.templates) == 1 and decode_group(found) == shares
    assert len(group("<text>1003%</text>", "<text>1004%</text>").templates) == 2, "of more digits than three"


def test_texts_that_differ_in_counts_or_elements_do_not_share_a_template():
    counts = ("<text>3 of 9 digits are wrong</text>", "<text>4 of 9 digits are wrong</text>")
    assert len(group(*counts).templates) == 2
    assert len(group('<circle r="2"/>', '<circle r="2"/><circle r="2"/>').templates) == 2


def test_a_curve_that_moves_as_a_whole_takes_one_delta_for_each_point():
    def curve(shift):
        points = (f"{x / 10:.1f} {(7 * x) % 900 / 10 + shift:.1f}" for x in range(0, 400, 4))
        return f'<path d="{"L".join(points)}"/>'

    column = group(*(curve(shift) for shift in (0, 3.1, 4.7, 9.9))).columns[0]
    deltas = decode_varints(column.deltas)
    assert sum(delta != 0 for delta in deltas[4:]) <= 100
