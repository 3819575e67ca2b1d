"""Packing the texts of many states: neighbours share their words and differ in some numbers.

A text is cut into pieces at its tags, and a piece into a skeleton and its numbers. States with the same skeletons are kin: one
template, and a column for each number that varies among them, stored as differences from state to state. Between kin a number
can be interpolated. A whole number among words (three of these digits are wrong) is no measure, and stays part of the skeleton.
"""

import re
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

SLOT = 0xE000  # a slot for a number in a template: this, its decimals, and
SHORT = 16  # where needless zeros are left out
BACK = 32  # times how many numbers back the one is that it is told from: on a curve a point moves as the one before
AWAY = (1, 2, 3)  # of those that vary: a point of a curve at the same x, of a curve that moves, a dot
AWAY = (1, 2, 3)  # of those that vary: a point of a curve at the same x, of a curve that moves, a dot
LETTERS = "".join(
    chr(code) for code in range(33, 127) if chr(code) not in "<&\\"
)  # 91 that a script element takes as they are

_PIECE = re.compile(r"(?=<)")
_ATTRIBUTE = re.compile(
    r"(\s(?:(d|x|y|x1|x2|y1|y2|cx|cy|r|rx|ry|dx|dy|width|height|transform|points|viewBox|opacity|fill-opacity|"
    r'stroke-width|font-size|data-x|data-y|data-per-pixel|aria-valuenow)|aria-label|aria-valuetext)=")([^"]*)(?=")'
)
_NUMBER = re.compile(r"(?<![\d.])-?(?:0|[1-9]\d{0,8})(?:\.\d{1,8})?(?!\d|\.\d)")
_DECIMAL = re.compile(r"(?<![\d.])-?(?:0|[1-9]\d{0,5})\.\d{1,8}(?!\d|\.\d)|(?<![\d.])\d{1,3}(?=\u202f%)")


@dataclass(frozen=True)
class Piece:
    """A part of a text. skeleton: with a mark for each number; numbers: as they are written."""

    skeleton: str
    numbers: tuple[str, ...]


class Pieces:
    """The pieces of many texts, each kept once."""

    def __init__(self):
        self._known: dict[str, Piece] = {}

    def of(self, text: str) -> tuple[Piece, ...]:
        return tuple(self._piece(part) for part in _PIECE.split(text) if part)

    def _piece(self, text: str) -> Piece:
        if text not in self._known:
            self._known[text] = cut(text)
        return self._known[text]


def cut(text: str) -> Piece:
    """A piece of a text as skeleton and numbers."""
    numbers: list[str] = []

    def take(match: re.Match) -> str:
        number = match[0]
        if number.startswith("-") and not float(number):
            return number
        if len(number.replace(".", "").lstrip("-0")) > 9:  # it would not fit
            return number
        numbers.append(number)
        return chr(SLOT)

    end = text.find(">") + 1 if text.startswith("<") else 0
    tag = _ATTRIBUTE.sub(lambda m: m[1] + (_NUMBER if m[2] else _DECIMAL).sub(take, m[3]), text[:end])
    return Piece(tag + _DECIMAL.sub(take, text[end:]), tuple(numbers))


@dataclass
class Strand:
    """A piece as it runs through some states. template: with a slot for each number that varies; columns: those numbers, one
    after the other, each less one before it or not, with its differences from state to state."""

    template: str
    columns: bytes


@dataclass
class Kin:
    """The texts of some states. strands: what they are made of; families: the strands of a text, in order, for each kind of
    text; of: the family of each state."""

    strands: list[Strand]
    families: list[list[int]]
    of: list[int]


def sort_kin(texts: Sequence[tuple[Piece, ...]]) -> Kin:
    """Find what the texts of some states share; states of one family differ in numbers alone."""
    strands: dict[tuple[str, int], list[Piece]] = {}
    families: dict[tuple, int] = {}
    of = []
    for pieces in texts:
        times: dict[str, int] = {}
        keys = []
        for piece in pieces:
            nth = times[piece.skeleton] = times.get(piece.skeleton, 0) + 1
            keys.append((piece.skeleton, nth))
            strands.setdefault(keys[-1], []).append(piece)
        of.append(families.setdefault(tuple(keys), len(families)))
    places = {key: index for index, key in enumerate(strands)}
    return Kin(
        [_strand(pieces) for pieces in strands.values()],
        [[places[key] for key in keys] for keys in families],
        of,
    )


def _strand(pieces: list[Piece]) -> Strand:
    written, chunk, before = [], bytearray(), deque(maxlen=max(AWAY))
    for numbers in zip(*(piece.numbers for piece in pieces)):
        if len(set(numbers)) == 1:
            written.append(numbers[0])
            continue
        column, slot = _column(numbers)
        bases = {0: np.zeros_like(column)} | {back: before[-back] for back in AWAY if len(before) >= back}
        steps = {back: np.diff(column - base, prepend=0) for back, base in bases.items()}
        back = min(steps, key=lambda back: np.log2(1 + np.abs(steps[back])).sum())
        chunk += write_integers(steps[back].tolist())
        written.append(chr(slot + back * BACK))
        before.append(column)
    skeleton = pieces[0].skeleton.split(chr(SLOT))
    return Strand(skeleton[0] + "".join(a + b for a, b in zip(written, skeleton[1:])), bytes(chunk))


def _column(numbers: Sequence[str]) -> tuple[np.ndarray, int]:
    """Numbers as whole multiples of a power of ten, and the slot that says which and how they are written."""
    decimals = [len(number.partition(".")[2]) for number in numbers]
    most = max(decimals)
    shortened = any(d < most for d in decimals)
    column = np.rint(np.array(numbers, float) * 10**most).astype(np.int64)
    return column, SLOT + most + (SHORT if shortened else 0)


def write_kin(strands: Sequence[tuple[int, int]], kin: Kin) -> bytes:
    """What a text is made of, as whole numbers; what follows its predecessor closely takes least.

    strands: of each its template's number and its columns' place. Told are the number of strands and families, the differences
    from strand to strand, each family's length with the differences from member to member, and the family of each state.
    """
    pairs = np.diff(np.array(strands).reshape(-1, 2), axis=0, prepend=0)
    told = [len(strands), len(kin.families), *pairs.ravel().tolist()]
    for family in kin.families:
        told += [len(family), *(b - a - 1 for a, b in zip([-1, *family], family))]
    return write_integers([*told, len(kin.of), *kin.of])


def write_integers(values: Iterable[int]) -> bytes:
    """Whole numbers, small ones in one byte: the sign last, seven bits a byte, the lowest first."""
    out = bytearray()
    for value in values:
        value = value << 1 if value >= 0 else (-value << 1) - 1
        while value > 127:
            out.append(value & 127 | 128)
            value >>= 7
        out.append(value)
    return bytes(out)


def as_text(body: bytes) -> str:
    """Bytes as letters, 13 or 14 bits in two of them (basE91 by J. Henke, with letters of our own): a tenth less than base64."""
    out, bits, held = [], 0, 0
    for byte in body:
        bits |= byte << held
        held += 8
        if held > 13:
            short = bits & 8191 > 88  # of 8281 pairs 89 are left over: they tell 14 bits
            value = bits & (8191 if short else 16383)
            bits >>= 13 if short else 14
            held -= 13 if short else 14
            out.append(LETTERS[value % 91] + LETTERS[value // 91])
    if held:
        out.append(LETTERS[bits % 91] + (LETTERS[bits // 91] if held > 7 or bits > 90 else ""))
    return "".join(out)
