"""What an essay says in its sections, and claims whose numbers a figure computes in a named state."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

from infodecomp.explorable.figures.figure import Figure
from infodecomp.explorable.figures.loader import import_figures
from infodecomp.explorable.figures.state import FigureState
from tests.essays.figures import ESSAYS

WORDS = "no one two three four five six seven eight nine ten eleven twelve".split()
NUMBER = re.compile(r"\d[\d.,]*\d|\d")


@dataclass(frozen=True)
class Section:
    """A headed part of an essay with the notes that it calls.

    Attributes
    ----------
    title : str
    text : str
        Without markup and formulas, with single spaces.
    figures : frozenset of str
        Names of the figures that stand in it.
    presets : frozenset of str
        What the reader can press in it.
    """

    title: str
    text: str
    figures: frozenset[str]
    presets: frozenset[str]


class Number(float):
    """A number that a claim may also spell: f"{Number(4):w}" is four."""

    def __format__(self, spec: str) -> str:
        return WORDS[round(self)] if spec == "w" else format(float(self), spec)


@dataclass(frozen=True)
class Claim:
    """A piece of the text with gaps for what a figure computes.

    Parameters
    ----------
    words : str
        As in the text; {name:.2f} is a parameter or a value of the figure, {name:w} the same spelled.
    figure : str
    presets : tuple of str
        What the text asks the reader to press in this section; without any, the figure is as it opens.
    set_by_hand : mapping
        Parameters that the text asks the reader to set.
    more : callable, optional
        View -> further numbers by name.
    holds : callable, optional
        View -> whether the words are true, where they have no number.
    is_beside : bool
        Whether the figure has to stand in the section of the words.
    """

    words: str
    figure: str
    presets: tuple[str, ...] = ()
    set_by_hand: Mapping[str, object] = field(default_factory=dict)
    more: Callable[[FigureState], Mapping[str, float]] | None = None
    holds: Callable[[FigureState], bool] | None = None
    is_beside: bool = True

    def check(self, slug: str) -> str:
        """Return the words with their numbers. Fails where the text says something else or elsewhere."""
        figure = figures(slug)[self.figure]
        state = dict(self.set_by_hand)
        for preset in self.presets:
            state |= preset_state(slug, preset, figure)
        view = figure(**state)
        numbers = view.values | view.state | dict(self.more(view) if self.more else {})
        said = self.words.format(
            **{
                name: Number(value) if isinstance(value, int | float) else value
                for name, value in numbers.items()
            }
        )
        assert self.holds is None or self.holds(view), f"{slug}: “{said}” is not true of {self.figure}"
        found = [section for section in sections(slug) if said in section.text]
        assert found, f"{slug}: the figure {self.figure} says “{said}”, but the text does not"
        for section in found:
            assert not self.is_beside or self.figure in section.figures, (said, section.title)
            assert set(self.presets) <= section.presets, (said, section.title, "cannot be pressed there")
        return said


@cache
def figures(slug: str) -> dict[str, Figure]:
    """The figures of an essay by name."""
    return import_figures(ESSAYS / f"{slug}.py")


def preset_state(slug: str, preset: str, figure: Figure) -> dict:
    """What a preset of any figure of an essay sets in one of them."""
    query = next(one.presets[preset] for one in figures(slug).values() if preset in one.presets)
    own = {parameter.name: parameter for parameter in figure.parameters}
    pairs = (pair.split("=") for pair in query.split("&"))
    return {name: own[name].parse(text) for name, text in pairs if name in own}


@cache
def sections(slug: str) -> tuple[Section, ...]:
    """The parts of an essay in their order, the opening first; notes belong to the part that calls them."""
    source = (ESSAYS / f"{slug}.md").read_text(encoding="utf-8").split("\n---\n", 1)[1]
    body, _, notes = source.partition("### Footnotes")
    found = {
        match["key"]: match["note"]
        for match in re.finditer(
            r"<a class='footend' key='(?P<key>[\w-]+)'></a>(?P<note>.*?)(?=<a class='footend'|### |\Z)",
            notes,
            re.S,
        )
    }
    return tuple(_section(part, found) for part in re.split(r"^## ", "\n" + body, flags=re.M))


def _section(part: str, notes: dict[str, str]) -> Section:
    title, _, body = part.partition("\n")
    called = " ".join(notes[key] for key in re.findall(r"class='footstart' key='([\w-]+)'", body))
    names = " ".join(re.findall(r"<div class='([^']*)'", body)).split()
    return Section(
        title.strip(),
        plain(f"{title} {body} {called}"),
        frozenset(names),
        frozenset(re.findall(r"data-animate='([\w-]+)'", body)),
    )


def plain(source: str) -> str:
    """The text of a piece of an essay, without markup, code and formulas."""
    without_formulas = re.sub(r"`\$\$?.*?\$\$?`", " ", source, flags=re.S)
    without_code = re.sub(r"^    .*$", " ", without_formulas, flags=re.M)
    without_tags = re.sub(r"<[^>]*>", "", without_code)
    return " ".join(re.sub(r"[*`]", "", without_tags).split())


def unheld_numbers(slug: str, held: list[str]) -> list[str]:
    """The numbers of an essay that no held piece of text contains, each with the words around it."""
    free = []
    for section in sections(slug):
        text = section.text
        for piece in sorted(held, key=len, reverse=True):
            text = text.replace(piece, " ".join(NUMBER.sub("#", word) for word in piece.split()))
        free += [text[max(0, m.start() - 40) : m.end() + 25] for m in NUMBER.finditer(text)]
    return free
