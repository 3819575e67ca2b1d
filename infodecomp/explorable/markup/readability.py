"""How hard the running text of a page is to read, for authors: `infodecomp check` prints it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from infodecomp.explorable.markup.parsing.tree import Element, Markup

APART = {"figure", "table", "pre", "script", "style", "aside"}  # not part of the running text
NOTES = ("notes", "references", "footnotes")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’')]*\s+(?=[\"“‘'(]*[A-Z0-9])")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT_END = re.compile(r"(?:[^laeiouy]es|[^aeioudt]ed|[^aeiouyl]e)$")
_CITATION = re.compile(r"\[\d+(?:, \d+)*\]")
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")


@dataclass(frozen=True)
class Readability:
    """The reading level of a text.

    Attributes
    ----------
    words, sentences : int
    grade : float
        Flesch–Kincaid grade: .39 words a sentence + 11.8 syllables a word - 15.59, about the years of school
        that a reader needs.
    longest, hardest : str
        The sentence with most words, and the one of at least ten words with the highest grade.

    References
    ----------
    J. P. Kincaid et al., Derivation of new readability formulas, Research Branch Report 8-75, 1975.
    """

    words: int
    sentences: int
    grade: float
    longest: str = ""
    hardest: str = ""


def readability(root: Element) -> Readability:
    """Measure the paragraphs and list items of a page, without figures, notes and tables."""
    sentences = [
        sentence
        for paragraph in _paragraphs(root)
        for sentence in _SENTENCE_END.split(paragraph)
        if _WORD.search(sentence)
    ]
    if not sentences:
        return Readability(0, 0, 0.0)
    counts = [_count(sentence) for sentence in sentences]
    words, syllables = (sum(column) for column in zip(*counts))
    grades = [_grade(*count, 1) if count[0] >= 10 else -1.0 for count in counts]
    return Readability(
        words,
        len(sentences),
        _grade(words, syllables, len(sentences)),
        sentences[max(range(len(counts)), key=lambda i: counts[i][0])],
        sentences[max(range(len(grades)), key=lambda i: grades[i])],
    )


def _grade(words: int, syllables: int, sentences: int) -> float:
    return 0.39 * words / sentences + 11.8 * syllables / words - 15.59


def _count(sentence: str) -> tuple[int, int]:
    """Words and syllables."""
    found = _WORD.findall(sentence)
    return len(found), sum(map(syllables, found))


def syllables(word: str) -> int:
    """Estimate the syllables of an English word: groups of vowels without silent endings, at least one."""
    return max(1, len(_VOWELS.findall(_SILENT_END.sub(lambda end: end[0][0], word.lower()))))


def _paragraphs(element: Element) -> Iterator[str]:
    """The text of each paragraph, with formulas as one word."""
    for child in element.children:
        if not isinstance(child, Element) or child.tag in APART or _is_notes(child):
            continue
        if child.tag in ("p", "li", "summary"):
            yield " ".join(_CITATION.sub("", _text(child)).split())
        else:
            yield from _paragraphs(child)


def _is_notes(element: Element) -> bool:
    names = [element.id, *element.classes]
    return any(name.startswith(NOTES) for name in names if name)


def _text(element: Element) -> str:
    """The text without superscripts; finished markup such as a formula counts as its plain text."""
    parts = []
    for child in element.children:
        if isinstance(child, Element):
            parts.append("" if child.tag == "sup" else _text(child))
        elif isinstance(child, Markup):
            parts.append("x" if child.html.startswith("<math") else "")
        else:
            parts.append(str(child))
    return "".join(parts)
