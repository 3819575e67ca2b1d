"""Packing: what is cut into words and numbers can be put together again, and what differs in numbers alone is kin."""

import re

from hypothesis import given
from hypothesis import strategies as st

from infodecomp.explorable.offline.codec import (
    BACK,
    LETTERS,
    SHORT,
    SLOT,
    Pieces,
    as_text,
    sort_kin,
    write_integers,
)


def read_integers(body: bytes) -> list[int]:
    values, value, shift = [], 0, 0
    for byte in body:
        value |= (byte & 127) << shift
        shift += 7
        if not byte & 128:
            values.append(-(value + 1) // 2 if value % 2 else value // 2)
            value = shift = 0
    return values


def unpacked(kin) -> list[str]:
    """The texts of all states, as the copy's script puts them together."""
    ranks: dict[int, int] = {}
    texts = []
    for family in kin.of:
        text = ""
        for index in kin.families[family]:
            ranks[index] = ranks.get(index, -1) + 1
            text += filled(kin.strands[index], sum(index in kin.families[f] for f in kin.of), ranks[index])
        texts.append(text)
    return texts


def filled(strand, members: int, rank: int) -> str:
    steps, columns = read_integers(strand.columns), []

    def number(match) -> str:
        slot = ord(match[0]) - SLOT
        mine = steps[len(columns) * members : (len(columns) + 1) * members]
        base = columns[-(slot // BACK)] if slot // BACK else [0] * members
        columns.append([sum(mine[: i + 1]) + base[i] for i in range(members)])
        value = columns[-1][rank] / 10 ** (slot % 16)
        return f"{value:g}" if slot & SHORT else f"{value:.{slot % 16}f}"

    return re.sub(f"[{chr(SLOT)}-{chr(SLOT + 255)}]", number, strand.template)


@given(st.lists(st.integers(-(10**9), 10**9)))
def test_whole_numbers_come_back(values):
    assert read_integers(write_integers(values)) == values


@given(st.binary(max_size=200))
def test_bytes_come_back_from_their_letters(body):
    text = as_text(body)
    assert not set(text) & set("<&\\") and len(text) <= 2 + len(body) * 16 / 13
    number, bits = 0, 0
    for i in range(0, len(text) - 1, 2):
        value = LETTERS.index(text[i]) + 91 * LETTERS.index(text[i + 1])
        number |= value << bits
        bits += 13 if value & 8191 > 88 else 14
    if len(text) % 2:
        number |= LETTERS.index(text[-1]) << bits
    assert (bits // 8 + len(text) % 2) == len(body), "a byte more and a browser takes it for a fault"
    assert number.to_bytes(len(body) + 2, "little")[: len(body)] == body


coordinates = st.tuples(st.integers(-5000, 5000), st.integers(-5000, 5000), st.integers(0, 99), st.booleans())


@given(st.lists(coordinates, min_size=1, max_size=12))
def test_texts_come_back_to_the_letter(states):
    texts = [
        f'<svg><path d="M4.0 {a / 10:.1f}L{b / 10:.1f} {(a + b) / 10:.1f}"/><text x="{a}">{c} digits, {b / 1000:.3f} bits</text>'
        f"{'<g></g>' if more else ''}</svg>"
        for a, b, c, more in states
    ]
    cut = Pieces()
    assert unpacked(sort_kin([cut.of(text) for text in texts])) == texts


def kin_of(*texts):
    cut = Pieces()
    return sort_kin([cut.of(text) for text in texts])


def test_what_differs_in_measures_alone_is_one_family_and_what_counts_is_not():
    assert len(kin_of('<text x="4">0.25 bits</text>', '<text x="9.5">0.75 bits</text>').families) == 1
    assert (
        len(kin_of("<text>3 of 9 digits are wrong</text>", "<text>4 of 9 digits are wrong</text>").families)
        == 2
    )
    assert len(kin_of('<circle r="2"/>', '<circle r="2"/><circle r="2"/>').families) == 2


def test_points_of_a_curve_that_move_together_are_told_in_one_number_each():
    def curve(shift):
        return (
            '<path d="'
            + "L".join(f"{x / 10:.1f} {(7 * x) % 900 / 10 + shift:.1f}" for x in range(0, 400, 4))
            + '"/>'
        )

    strand = kin_of(*(curve(shift) for shift in (0, 3.1, 4.7, 9.9))).strands[0]
    steps = read_integers(strand.columns)
    assert sum(step != 0 for step in steps[4:]) <= 100, (
        "after the first, only where a point lies from the one before it"
    )
