"""Scripts: a state of a figure as a short Python program that recomputes its numbers.

Nothing is written for a single figure: its compute function, with all that it uses, is written out with the state filled in.
What remains to be imported comes with the package.
"""

import textwrap
from itertools import groupby

from infodecomp.explorable.core.errors import NotFound
from infodecomp.explorable.exports.source_bundle import program
from infodecomp.explorable.figures.figure import FigureState

WIDTH = 110  # characters of a line of the opening words
NEEDS = "Recomputes the numbers of this state. All it needs is the package infodecomp: pip install infodecomp"


def script(view: FigureState, source: str = "") -> str:
    """A program that prints the values of a state; its table or its data where a figure states no values.

    source: where the state is to be found. Raises NotFound for a figure whose source cannot be read.
    """
    figure = view.figure
    part = next((name for name in ("values", "table") if figure.has(name)), None)
    try:
        imports, texts, (compute, *told) = program(
            [figure.function(name) for name in ("compute", part) if name]
        )
    except OSError:
        raise NotFound(
            f"The source of {figure.name} cannot be read here, so there is no script of it."
        ) from None
    state = "".join(f"    {name}={value!r},\n" for name, value in view.state.items())
    numbers = f"{told[0]}(data)" if told else "data"
    run = (
        f"data = {compute}(\n{state})\nfor name, value in {numbers}.items():\n"
        f'    print(name, "=", {"value" if part != "table" else "list(value)"})\n'
    )
    return "\n".join((_opening(view, source), *imports, "", _spaced(texts), "", run))


def _opening(view: FigureState, source: str) -> str:
    words = dict.fromkeys((view.figure.title, view.description, NEEDS, source, view.figure.attribution))
    told = "\n\n".join(
        textwrap.fill(words, WIDTH, break_long_words=False, break_on_hyphens=False)
        for words in words
        if words
    )
    return '"""' + told.replace("\\", "\\\\").replace('"""', "'''") + '\n"""\n'


def _spaced(texts: list[str]) -> str:
    """Definitions below each other: constants close, functions two lines apart."""
    blocks = []
    for tall, group in groupby(texts, lambda text: text.startswith(("def ", "class ", "@"))):
        blocks += list(group) if tall else ["".join(group)]
    return "\n\n".join(blocks)
