"""The Python export: a state of a figure as a short script that recomputes its numbers.

The figure's compute function is written out with everything that it uses and with the state filled in.
What remains to be imported comes with the package.
"""

import textwrap
from itertools import groupby

from infodecomp.explorable.core.errors import NotFound
from infodecomp.explorable.exports.source_bundle import bundle
from infodecomp.explorable.figures.credit import NO_CREDIT, Credit
from infodecomp.explorable.figures.state import FigureState

WIDTH = 110  # characters of a line of the module docstring
NEEDS = "Recomputes the numbers of this state. All it needs is the Python package infodecomp."


def script(view: FigureState, credit: Credit = NO_CREDIT) -> str:
    """Return a script that prints the values of a state, or else its table, or else its data.

    Parameters
    ----------
    view : FigureState
    credit : Credit
        For the module docstring.

    Raises
    ------
    NotFound
        If the source code of the figure cannot be read.
    """
    figure = view.figure
    part = next((name for name in ("values", "table") if figure.has(name)), None)
    try:
        program = bundle([figure.function(name) for name in ("compute", part) if name])
    except OSError:
        raise NotFound(
            f"The source of {figure.name} cannot be read here, so there is no script of it."
        ) from None
    compute, *reports = program.names
    state = "".join(f"    {name}={value!r},\n" for name, value in view.state.items())
    numbers = f"{reports[0]}(data)" if reports else "data"
    run = (
        f"data = {compute}(\n{state})\nfor name, value in {numbers}.items():\n"
        f'    print(name, "=", {"value" if part != "table" else "list(value)"})\n'
    )
    return "\n".join(
        (_docstring(view, credit), *program.imports, "", _with_blank_lines(program.definitions), "", run)
    )


def _docstring(view: FigureState, credit: Credit) -> str:
    paragraphs = dict.fromkeys(
        (view.figure.title, view.description, NEEDS, credit.line(), view.figure.attribution)
    )
    text = "\n\n".join(
        textwrap.fill(paragraph, WIDTH, break_long_words=False, break_on_hyphens=False)
        for paragraph in paragraphs
        if paragraph
    )
    return '"""' + text.replace("\\", "\\\\").replace('"""', "'''") + '\n"""\n'


def _with_blank_lines(definitions: list[str]) -> str:
    """Join definitions: constants follow each other, functions and classes stand two blank lines apart."""
    blocks: list[str] = []
    for is_function, group in groupby(definitions, lambda text: text.startswith(("def ", "class ", "@"))):
        texts = list(group)
        blocks += texts if is_function else ["".join(texts)]
    return "\n\n".join(blocks)
