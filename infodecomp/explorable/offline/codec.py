"""A codec for the texts of many similar states, such as the pictures of a slider's positions.

A text is tokenized at its tags, and a token is a skeleton with its numbers. The texts of states are sorted
into templates: texts of one template differ in numbers alone, so between them a number can be interpolated.
Each token is stored once, as a delta column: its pattern, and for each number that varies the differences
from state to state. A whole number in prose (3 of these digits are wrong) cannot be interpolated and stays
in the skeleton.

static/offline.js is the decoder.
"""

import re
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

# A slot for a number in a pattern is one character: SLOT + decimals + flags.
SLOT = 0xE000  # the first character of Unicode's private use area
STRIP_ZEROS = 16  # flag: the number is written without trailing zeros
PREDICTOR = 32  # factor: how many columns back lies the one that this one is stored relative to
PREDICTOR_DISTANCES = (1, 2, 3)  # a point of a curve at fixed x, of a moving curve, a dot

BASE91 = "".join(chr(code) for code in range(33, 127) if chr(code) not in "<&\\")  # safe inside <script>
BASE91_GROWTH = 1.23  # characters for each byte

_TOKEN = re.compile(r"(?=<)")
_ATTRIBUTE = re.compile(
    r"(\s(?:(d|x|y|x1|x2|y1|y2|cx|cy|r|rx|ry|dx|dy|width|height|transform|points|viewBox|opacity|fill-opacity|"
    r'stroke-opacity|stroke-width|font-size|data-x|data-y|data-per-pixel|aria-valuenow)|aria-label|aria-valuetext)=")'
    r'([^"]*)(?=")'
)
_NUMBER = re.compile(r"(?<![\d.])-?(?:0|[1-9]\d{0,8})(?:\.\d{1,8})?(?!\d|\.\d)")
_DECIMAL = re.compile(r"(?<![\d.])-?(?:0|[1-9]\d{0,5})\.\d{1,8}(?!\d|\.\d)|(?<![\d.])\d{1,3}(?=%)")


@dataclass(frozen=True)
class Token:
    """A part of a text: its skeleton, with a slot for each number, and the numbers as they are written."""

    skeleton: str
    numbers: tuple[str, ...]


class Tokenizer:
    """Tokenizes texts; equal tokens of all its texts are one object."""

    def __init__(self):
        self._tokens: dict[str, Token] = {}

    def tokenize(self, text: str) -> tuple[Token, ...]:
        """Return the tokens of a text."""
        return tuple(self._token(part) for part in _TOKEN.split(text) if part)

    def _token(self, text: str) -> Token:
        if text not in self._tokens:
            self._tokens[text] = _parse_token(text)
        return self._tokens[text]


def _parse_token(text: str) -> Token:
    numbers: list[str] = []

    def replace_number(match: re.Match[str]) -> str:
        number = match[0]
        is_negative_zero = number.startswith("-") and not float(number)
        digits = len(number.replace(".", "").lstrip("-0"))
        if is_negative_zero or digits > 9:  # neither survives as a 32-bit integer
            return number
        numbers.append(number)
        return chr(SLOT)

    end = text.find(">") + 1 if text.startswith("<") else 0
    tag = _ATTRIBUTE.sub(
        lambda m: m[1] + (_NUMBER if m[2] else _DECIMAL).sub(replace_number, m[3]), text[:end]
    )
    return Token(tag + _DECIMAL.sub(replace_number, text[end:]), tuple(numbers))


@dataclass(frozen=True)
class DeltaColumn:
    """A token across the states that have it.

    Attributes
    ----------
    pattern : str
        The skeleton, with constant numbers filled in and a slot for each that varies.
    deltas : bytes
        The varying numbers, one after the other, each as differences from state to state.
    """

    pattern: str
    deltas: bytes


@dataclass(frozen=True)
class TemplateGroup:
    """The texts of some states.

    Attributes
    ----------
    columns : list of DeltaColumn
        The tokens of all texts.
    templates : list of list of int
        For each template the indices of its columns, in order.
    template_of_state : list of int
    """

    columns: list[DeltaColumn]
    templates: list[list[int]]
    template_of_state: list[int]


def group_by_template(texts: Sequence[tuple[Token, ...]]) -> TemplateGroup:
    """Sort the tokenized texts of some states into templates and delta columns."""
    tokens: dict[
        tuple[str, int], list[Token]
    ] = {}  # (skeleton, which of its occurrences) -> token of each state
    templates: dict[tuple, int] = {}
    template_of_state = []
    for text in texts:
        occurrences: dict[str, int] = {}
        keys = []
        for token in text:
            occurrence = occurrences.get(token.skeleton, 0) + 1
            occurrences[token.skeleton] = occurrence
            keys.append((token.skeleton, occurrence))
            tokens.setdefault(keys[-1], []).append(token)
        template_of_state.append(templates.setdefault(tuple(keys), len(templates)))
    index = {key: i for i, key in enumerate(tokens)}
    return TemplateGroup(
        [_delta_column(column) for column in tokens.values()],
        [[index[key] for key in keys] for keys in templates],
        template_of_state,
    )


def _delta_column(tokens: list[Token]) -> DeltaColumn:
    numbers_written: list[str] = []
    encoded = bytearray()
    previous: deque[np.ndarray] = deque(maxlen=max(PREDICTOR_DISTANCES))
    for numbers in zip(*(token.numbers for token in tokens)):
        if len(set(numbers)) == 1:
            numbers_written.append(numbers[0])
            continue
        column, slot = _scaled_integers(numbers)
        predictors = {0: np.zeros_like(column)}
        predictors |= {n: previous[-n] for n in PREDICTOR_DISTANCES if len(previous) >= n}
        deltas = {n: np.diff(column - predictor, prepend=0) for n, predictor in predictors.items()}
        costs = {n: np.log2(1 + np.abs(delta)).sum() for n, delta in deltas.items()}
        best = min(costs, key=costs.__getitem__)
        encoded += encode_varints(deltas[best].tolist())
        numbers_written.append(chr(slot + best * PREDICTOR))
        previous.append(column)
    first, *rest = tokens[0].skeleton.split(chr(SLOT))
    pattern = first + "".join(number + text for number, text in zip(numbers_written, rest))
    return DeltaColumn(pattern, bytes(encoded))


def _scaled_integers(numbers: Sequence[str]) -> tuple[np.ndarray, int]:
    """Numbers as multiples of a power of ten, and the slot that says which and how they are written."""
    decimals = [len(number.partition(".")[2]) for number in numbers]
    maximum = max(decimals)
    flag = STRIP_ZEROS if min(decimals) < maximum else 0
    column = np.rint(np.array(numbers, float) * 10**maximum).astype(np.int64)
    return column, SLOT + maximum + flag


def encode_group(columns: Sequence[tuple[int, int]], group: TemplateGroup) -> bytes:
    """Return a template group as varints.

    They are: the number of columns and of templates; the columns, as differences; for each template its
    length and the gaps between its column indices; the number of states and the template of each.

    Parameters
    ----------
    columns : sequence of (int, int)
        For each delta column the index of its pattern and the offset of its deltas.
    group : TemplateGroup
    """
    differences = np.diff(np.array(columns).reshape(-1, 2), axis=0, prepend=0)
    values = [len(columns), len(group.templates), *differences.ravel().tolist()]
    for template in group.templates:
        values += [len(template), *(b - a - 1 for a, b in zip([-1, *template], template))]
    return encode_varints([*values, len(group.template_of_state), *group.template_of_state])


def encode_varints(values: Iterable[int]) -> bytes:
    """Encode integers as zigzag varints: the sign in the lowest bit, seven bits a byte, the lowest first."""
    encoded = bytearray()
    for value in values:
        value = value << 1 if value >= 0 else (-value << 1) - 1
        while value > 127:
            encoded.append(value & 127 | 128)
            value >>= 7
        encoded.append(value)
    return bytes(encoded)


def encode_base91(body: bytes) -> str:
    """Encode bytes as basE91 (J. Henke) with the alphabet `BASE91`: 13 or 14 bits in two characters."""
    text, bits, count = [], 0, 0
    for byte in body:
        bits |= byte << count
        count += 8
        if count > 13:
            width = 13 if bits & 8191 > 88 else 14  # 91² = 8281 pairs: the 89 spare ones encode 14 bits
            value = bits & ((1 << width) - 1)
            bits >>= width
            count -= width
            text.append(BASE91[value % 91] + BASE91[value // 91])
    if count:
        text.append(BASE91[bits % 91] + (BASE91[bits // 91] if count > 7 or bits > 90 else ""))
    return "".join(text)
