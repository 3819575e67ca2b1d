"""BibTeX entries: their fields in plain text, and their source as it was written. Parsing is
bibtexparser's.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from functools import lru_cache

import bibtexparser
from bibtexparser.model import Block, DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, ParsingFailedBlock
from bibtexparser.model import Entry as ParsedEntry
from pylatexenc.latex2text import LatexNodes2Text

logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # errors are reported as diagnostics instead

VERBATIM_FIELDS = frozenset(("url", "doi", "eprint", "file"))
"""Fields that are no LaTeX: a ``~`` or ``%`` in them stands for itself."""

_PART = re.compile(r'"((?:[^"{}]|\{[^{}]*\})*)"|\{((?:[^{}]|\{[^{}]*\})*)\}|([^\s"{}#]+)')
_to_text = LatexNodes2Text(keep_comments=True, strict_latex_spaces=False).latex_to_text


@dataclass(frozen=True)
class Entry:
    """One BibTeX entry.

    Parameters
    ----------
    kind : str
        The type in lower case, such as ``article``.
    key : str
        What the essay cites it by.
    fields : dict of str to str
        The fields in plain text, by name in lower case.
    source : str
        The entry as it was written.
    line : int
        The line on which it begins, from 1.
    """

    kind: str
    key: str
    fields: dict[str, str]
    source: str
    line: int = 1


def parse_bibtex(text: str) -> tuple[list[Entry], list[tuple[int, str]]]:
    """Read the entries of a BibTeX file.

    Parameters
    ----------
    text : str
        The contents of the file.

    Returns
    -------
    entries : list of Entry
        In the order of the file, including those whose key occurs twice.
    errors : list of (int, str)
        The line and the message of each entry that cannot be read.
    """
    entries: list[Entry] = []
    errors: list[tuple[int, str]] = []
    library = bibtexparser.parse_string(text)
    strings = {string.key.lower(): string.value for string in library.strings}
    for found in library.blocks:
        is_duplicate = isinstance(found, DuplicateBlockKeyBlock | DuplicateFieldKeyBlock)
        block = getattr(found, "ignore_error_block", None) if is_duplicate else found
        if isinstance(block, ParsedEntry):
            if block.key:
                entries.append(_entry(block, strings))
            else:
                errors.append((_line(block), f"the entry '@{block.entry_type}' has no key"))
        elif isinstance(block, ParsingFailedBlock):
            reason = getattr(block.error, "abort_reason", "") or str(block.error)
            errors.append((_line(block), f"this entry cannot be read: {' '.join(reason.split())}"))
    return entries, errors


def _entry(parsed: ParsedEntry, strings: dict[str, str]) -> Entry:
    fields: dict[str, str] = {}
    for field in parsed.fields:
        name, value = field.key.lower(), str(field.value)
        if field.enclosing == "no-enclosing":
            value = _joined(value, strings)
        fields.setdefault(name, value.strip() if name in VERBATIM_FIELDS else plain_text(value))
    return Entry(parsed.entry_type.lower(), parsed.key, fields, parsed.raw or "", _line(parsed))


def _line(block: Block) -> int:
    return (block.start_line or 0) + 1


def _joined(value: str, strings: dict[str, str]) -> str:
    """The parts of ``{a} # "b" # name`` as one value, which bibtexparser leaves to its user."""
    parts = _PART.findall(value)
    return "".join(quoted or braced or strings.get(name.lower(), name) for quoted, braced, name in parts)


@lru_cache(4096)  # essays share a bibliography, and names of journals come often
def plain_text(value: str) -> str:
    """A field's value without LaTeX: ``{\\"o}`` is ``ö``, ``--`` an en dash."""
    text = _to_text(re.sub(r"(?<!\\)%", r"\\%", value))
    return " ".join(text.replace("\u00a0", " ").split())
