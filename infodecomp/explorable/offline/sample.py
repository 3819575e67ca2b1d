"""One state of a figure as an offline bundle stores it: its pictures, texts and table as tokens."""

import json
import math
from typing import Any

import numpy as np

from infodecomp.explorable.figures.state import NARROW, WIDE, FigureState
from infodecomp.explorable.graphics.plot import DrawOptions
from infodecomp.explorable.offline.codec import Token, Tokenizer

PARTS = ("wide", "narrow", "words", "table")
INTERPOLATED_PARTS = ("wide", "narrow", "words")
# All points of a line, so that two states can be interpolated; no tooltips, whose text comes from the server.
OPTIONS = DrawOptions(simplify=False, tooltips=False)


class Sample:
    """One computed state.

    Parameters
    ----------
    view : FigureState
    tokenizer : Tokenizer
        Shared by all samples of a grid.

    Attributes
    ----------
    query : str
        Canonical query string of the state.
    values : dict
        The numbers that prose shows.
    handle : tuple of float or None
        Where the handle lies in its plane, as shares of its width and height.
    """

    def __init__(self, view: FigureState, tokenizer: Tokenizer):
        self._view, self._tokenizer = view, tokenizer
        self.query, self.values = view.query, view.values
        self._parts: dict[str, tuple[Token, ...]] = {}
        position = view.picture.handle_position()
        self.handle = position and (round(position[0], 4), round(position[1], 4))

    def part(self, name: str) -> tuple[Token, ...]:
        """Return the tokens of a part: the wide or the narrow picture, the texts ("words") or the table."""
        if name not in self._parts:
            self._parts[name] = self._tokenizer.tokenize(self._text(name))
        return self._parts[name]

    def _text(self, name: str) -> str:
        if name == "words":
            return _texts_json(self._view)
        if name == "table":
            return _table_json(self._view)
        return self._view.drawing(WIDE if name == "wide" else NARROW, OPTIONS).svg

    def skeletons(self, part: str) -> tuple[str, ...]:
        """Return what must be equal for the numbers of a part to be interpolated between two states."""
        return tuple(token.skeleton for token in self.part(part))

    def token(self, part: str, position: int) -> Token | None:
        """Return a token of a part, or None past its end."""
        tokens = self.part(part)
        return tokens[position] if position < len(tokens) else None


def _texts_json(view: FigureState) -> str:
    """The texts of a response as JSON; continuous parameters have all decimals, so that they interpolate."""
    state = {
        p.name: f"{view.state[p.name]:.6f}" if p.is_continuous else json.dumps(view.state[p.name])
        for p in view.figure.parameters
    }
    parameters = ",".join(f"{json.dumps(name)}:{value}" for name, value in state.items())
    texts = json.dumps(
        {"texts": view.formatted_values, "voice": view.value_text, "description_html": view.description_html},
        ensure_ascii=False,
    )
    return f'{texts[:-1]}, "parameters": {{{parameters}}}}}'.replace("<", "\\u003c")


def _table_json(view: FigureState) -> str:
    """The table as JSON, with its numbers as strings of at most four significant digits."""
    columns = (f"{json.dumps(name)}:{_column_json(column)}" for name, column in view.table.items())
    return f"{{{','.join(columns)}}}".replace("NaN", "null").replace("<", "\\u003c")


def _column_json(column: np.ndarray) -> str:
    if column.dtype.kind == "O":
        return f"[{','.join(map(_cell_json, column.tolist()))}]"
    if column.dtype.kind != "f":
        return json.dumps(column.tolist(), separators=(",", ":"))
    sizes = np.abs(np.nan_to_num(column)) + 1e-9
    decimals = np.clip(3 - np.floor(np.log10(sizes)), 0, 4).astype(int).tolist()
    return f"[{','.join(map(_number_json, column.tolist(), decimals))}]"


def _cell_json(value: Any) -> str:
    is_number = isinstance(value, float)
    return _column_json(np.array([value]))[1:-1] if is_number else json.dumps(value, default=str)


def _number_json(value: float, decimals: int) -> str:
    return f'"{value:.{decimals}f}"' if math.isfinite(value) else json.dumps(value)
