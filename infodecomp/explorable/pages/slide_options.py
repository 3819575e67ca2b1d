"""What the address of slides says about them: which are shown, under which title, with codes or without."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from infodecomp.explorable.core.errors import ParameterError
from infodecomp.explorable.exports.query_options import QR, QueryItems, split_options
from infodecomp.explorable.figures.parameters import FreeText

SLIDES = FreeText(
    name="_slides",
    label="which slides are shown, in this order",
    allowed="numbers and ranges with commas between them, such as 1,3-5; the title slide is number 1",
)
TITLE = FreeText(name="_title", label="the title of the talk", allowed="at most 120 characters", default=None)
CODES = replace(QR, label="the address of the state as a QR code on each slide")
SLIDE_OPTIONS = (SLIDES, TITLE, CODES)  # an address may leave out their underscore
MAX_TITLE = 120  # characters


class SlideOptions(NamedTuple):
    """The options of an address.

    Attributes
    ----------
    slides : str
        Which slides are shown: `chosen_slides` reads it.
    title : str or None
        The title of the talk, if it is not that of the essay.
    has_codes : bool
        Whether each slide shows the address of its state as a QR code.
    """

    slides: str
    title: str | None
    has_codes: bool

    def hidden_fields(self) -> dict[str, str]:
        """Return the options as fields of a form, so that they are kept when it is sent without a script."""
        fields = {"_slides": self.slides, "_title": self.title or "", "_qr": "1" if self.has_codes else ""}
        return {name: text for name, text in fields.items() if text}


def read_slide_options(items: QueryItems, parameters: Iterable[str]) -> SlideOptions:
    """Return which slides an address asks for, under which title, and whether they carry QR codes.

    Parameters
    ----------
    items : iterable of (name, text)
    parameters : iterable of str
        The names of the essay's parameters, which stay parameters.

    Raises
    ------
    ParameterError
    """
    short = {option.name[1:] for option in SLIDE_OPTIONS} - set(parameters)
    written = [(f"_{name}" if name in short else name, value) for name, value in items]
    options, _ = split_options(SLIDE_OPTIONS, written)
    title = options["_title"]
    if title is not None and not 0 < len(title) <= MAX_TITLE:
        raise ParameterError(
            f"title has {len(title)} characters: give 1 to {MAX_TITLE}.", parameter="title", value=title[:40]
        )
    return SlideOptions(options["_slides"], title, options["_qr"])


def chosen_slides(text: str, count: int) -> list[int]:
    """Return the numbers of the slides that a text such as "1,3-5" names, or all of them where it is empty.

    Parameters
    ----------
    text : str
    count : int
        How many slides there are, with the title slide.

    Raises
    ------
    ParameterError
        For anything else, for a number out of bounds and for one that comes twice.
    """
    numbers: list[int] = []
    for part in text.split(",") if text else (f"1-{count}",):
        match = re.fullmatch(r" *([0-9]{1,4})(?: *- *([0-9]{1,4}))? *", part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if not 1 <= first <= last <= count:
            raise ParameterError(
                f"slides = {text[:60]!r} does not fit: {part[:20]!r} is no slide or range from 1 to {count}.",
                parameter="slides",
                value=text[:60],
                bounds=f"1 to {count}",
            )
        numbers += range(first, last + 1)
    if len(set(numbers)) < len(numbers):
        twice = next(number for number in numbers if numbers.count(number) > 1)
        raise ParameterError(
            f"slides = {text[:60]!r} names slide {twice} twice: name each once.",
            parameter="slides",
            value=text[:60],
        )
    return numbers
