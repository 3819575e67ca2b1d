"""One state of a figure as an offline bundle stores it: its pictures, texts and table as tokens."""

import json
import math
from typing import Any

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
    parts : dict of str to tuple of Token
        The parts of a response: the wide and the narrow picture, the texts ("words"), the table.
    handle : tuple of float or None
        Where the handle lies in its plane, as shares of its width and height.
    """

    def __init__(self, view: FigureState, tokenizer: Tokenizer):
        self.query, self.values = view.query, view.values
        wide, narrow = (view.drawing(width, OPTIONS).svg for width in (WIDE, NARROW))
        texts = (wide, narrow, _texts_json(view), _table_json(view))
        self.parts = {part: tokenizer.tokenize(text) for part, text in zip(PARTS, texts)}
        position = view.picture.handle_position()
        self.handle = position and (round(position[0], 4), round(position[1], 4))

    def skeletons(self, part: str) -> tuple[str, ...]:
        """Return what must be equal for the numbers of a part to be interpolated between two states."""
        return tuple(token.skeleton for token in self.parts[part])

    def token(self, part: str, position: int) -> Token | None:
        """Return a token of a part, or None past its end."""
        tokens = self.parts[part]
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
    columns = (
        f"{json.dumps(name)}:[{','.join(map(_table_cell, column.tolist()))}]"
        for name, column in view.table.items()
    )
    return f"{{{','.join(columns)}}}".replace("NaN", "null").replace("<", "\\u003c")


def _table_cell(value: Any) -> str:
    if not isinstance(value, float) or not math.isfinite(value):
        return json.dumps(value, default=str)
    decimals = min(4, max(0, 3 - math.floor(math.log10(abs(value) + 1e-9))))
    return f'"{value:.{decimals}f}"'
