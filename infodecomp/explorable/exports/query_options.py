"""Arguments: what an address says of the look of an answer, beside the state of its figure.

They are parameters whose names begin with an underscore, so that they read, check and explain themselves as a figure's own do.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from infodecomp.explorable.exports.standalone import GROUNDS
from infodecomp.explorable.figures.figure import HEIGHTS, WIDE, WIDTHS, Figure
from infodecomp.explorable.figures.parameters import Choice, Parameter, Range, Toggle, parse_query
from infodecomp.explorable.graphics.theme import THEMES

Items = Iterable[tuple[str, str]]


class Integer(Range):
    """A whole number, written in plain digits."""

    def parse(self, text: str) -> int:
        if not (text.isascii() and text.isdigit()):
            raise self.refuse(text, "is no whole number")
        return self.check(int(text[:9]), text)


@dataclass(frozen=True, kw_only=True)
class FreeText(Parameter):
    """Words that whoever uses them checks. told: what they may be, for messages and documentation."""

    told: str
    default: str = ""

    def parse(self, text: str) -> str:
        return text

    def check(self, value) -> str:
        return str(value)

    def write(self, value) -> str:
        return value

    def bounds(self) -> str:
        return self.told


WIDTH = Integer(
    name="_width", label="width", default=WIDE, low=WIDTHS[0], high=WIDTHS[1], step=1, unit="pixels"
)
HEIGHT = Integer(
    name="_height",
    label="greatest height",
    default=HEIGHTS[1],
    low=HEIGHTS[0],
    high=HEIGHTS[1],
    step=1,
    unit="pixels",
)
EXACT_HEIGHT = replace(HEIGHT, label="height, exactly; of a bare picture the greatest", default=None)
THEME = Choice(name="_theme", label="colours", default="light", options={theme: theme for theme in THEMES})
GROUND = Choice(name="_background", label="ground", default="paper", options=GROUNDS)
FRAME = Toggle(name="_frame", label="title, sentence and source around it", default=True)
SCALE = Integer(
    name="_scale", label="pixels of the file for each of the picture's", default=1, low=1, high=4, step=1
)
FIELDS = FreeText(
    name="_fields", label="parts of the answer", told="names of its parts with commas between them"
)
PLAY = FreeText(
    name="_play", label="the parameter that plays", told="the name of a parameter that a button plays"
)
GRAB = FreeText(
    name="_grab",
    label="a point of the plane that the state is to lie nearest to",
    told="two finite numbers, 'x,y'",
)
DOWNLOAD = Toggle(name="_download", label="save it rather than show it")
LOOK = (WIDTH, EXACT_HEIGHT, THEME, GROUND, FRAME)


def separate(arguments: Iterable[Parameter], items: Items) -> tuple[dict, list[tuple[str, str]]]:
    """The presentation arguments among the pairs of a query string, checked and completed, and the pairs that are left."""
    arguments, items = tuple(arguments), list(items)
    names = {argument.name for argument in arguments}
    return parse_query(arguments, [pair for pair in items if pair[0] in names]), [
        pair for pair in items if pair[0] not in names
    ]


def underscored(figure: Figure, arguments: Iterable[Parameter], items: Items) -> list[tuple[str, str]]:
    """The pairs of a query string in which arguments may be written without their underscore, unless the figure has that name."""
    short = {argument.name[1:] for argument in arguments} - {
        parameter.name for parameter in figure.parameters
    }
    return [(f"_{name}" if name in short else name, value) for name, value in items]
