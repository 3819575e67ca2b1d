"""The plain text of a state: its title, its sentence and its table, for notes, mails and screen readers."""

from typing import Any

from infodecomp.explorable.figures.credit import Credit
from infodecomp.explorable.figures.state import FigureState


def plain_text(view: FigureState, credit: Credit) -> str:
    """Return a state as text; numbers have four significant digits.

    Parameters
    ----------
    view : FigureState
    credit : Credit

    Returns
    -------
    str
    """
    figure = view.figure
    sentence = view.description if view.description != figure.title else ""
    foot = credit.line(view.source, figure.attribution)
    parts = (figure.title, sentence, _table(view), foot)
    return "\n\n".join(part for part in parts if part) + "\n"


def _table(view: FigureState) -> str:
    columns = [[name, *map(_cell, column.tolist())] for name, column in view.table.items()]
    widths = [max(map(len, column)) for column in columns]
    lines = (
        "  ".join(cell.rjust(width) for cell, width in zip(row, widths)).rstrip()
        for row in zip(*columns, strict=True)
    )
    return "\n".join(lines)


def _cell(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
