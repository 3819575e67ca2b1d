"""Reads an essay's file into a document: its front matter, its body and its BibTeX entries. Reading never
raises.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from infodecomp.explorable.core.diagnostics import Diagnostic, Diagnostics
from infodecomp.explorable.markup.reading.authors import Authors, read_authors
from infodecomp.explorable.markup.reading.bibtex import Entry, parse_bibtex
from infodecomp.explorable.markup.reading.encoding import decode, fix_mojibake
from infodecomp.explorable.markup.reading.front_matter import FrontMatter, read_front_matter

BIBLIOGRAPHY = "references.bib"
"""The BibTeX file that the essays of a folder share."""


@dataclass
class Document:
    """An essay as it was read.

    Parameters
    ----------
    path, text
        The file and its contents, decoded.
    front
        The front matter.
    body, body_line
        The Markdown below it, and the line of the file on which that begins.
    diagnostics
        What is wrong with the file and with the shared bibliography.
    entries
        The BibTeX entries that the essay can cite, by key.
    """

    path: Path
    text: str
    front: FrontMatter
    body: str
    body_line: int
    diagnostics: list[Diagnostic] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The path of the file as diagnostics show it."""
        return display_path(self.path)

    @property
    def slug(self) -> str:
        """The name of the essay in addresses: the name of its file."""
        return self.path.stem

    @property
    def title(self) -> str:
        """The title, made from the name of the file if the front matter has none."""
        return self.front["title"] or self.path.stem.replace("-", " ").replace("_", " ").strip().capitalize()

    @cached_property
    def authors(self) -> Authors:
        """The authors."""
        return read_authors(self.front["authors"])

    @cached_property
    def date(self) -> date | None:
        """The day of publication, or None where the front matter has no date such as 2026-11-21."""
        try:
            return date.fromisoformat(self.front["date"].strip())
        except ValueError:
            return None


def display_path(path: Path) -> str:
    """A path relative to the working directory if it is below it."""
    try:
        relative = os.path.relpath(path)
    except ValueError:
        return str(path)
    return str(path) if relative.startswith("..") else relative.replace(os.sep, "/")


def read_document(path: str | Path) -> Document:
    """Read an essay. Invalid bytes or YAML, a missing title and mojibake are reported as diagnostics."""
    path = Path(path)
    diagnostics = Diagnostics(display_path(path))
    try:
        raw = path.read_bytes()
    except OSError as error:
        diagnostics.error(1, f"the essay cannot be read: {error.strerror or error}")
        raw = b""
    text = fix_mojibake(decode(raw, diagnostics), diagnostics)
    return _document(path, text, diagnostics)


def parse_document(text: str, path: str | Path = "essay.md") -> Document:
    """Make a document from a text as if it had been read from `path`."""
    path = Path(path)
    diagnostics = Diagnostics(display_path(path))
    raw = text.encode("utf-8", "replace")
    return _document(path, fix_mojibake(decode(raw, diagnostics), diagnostics), diagnostics)


def _document(path: Path, text: str, diagnostics: Diagnostics) -> Document:
    front, body, body_line = read_front_matter(text, diagnostics)
    if not front["title"]:
        diagnostics.error(
            front.lines.get("title", 1), "the essay has no title; write 'title: …' between two lines of '---'"
        )
    found = list(diagnostics.found)
    entries = _shared_entries(path, found) | _own_entries(front, diagnostics)
    found += [diagnostic for diagnostic in diagnostics.found if diagnostic not in found]
    return Document(path, text, front, body, body_line, found, entries)


def _shared_entries(path: Path, found: list[Diagnostic]) -> dict[str, Entry]:
    shared = path.parent / BIBLIOGRAPHY
    try:
        text = shared.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {}
    entries, errors = parse_bibtex(text)
    found += [Diagnostic(display_path(shared), line, "error", message) for line, message in errors]
    return _by_key(entries, Diagnostics(display_path(shared), found), 0)


def _own_entries(front: FrontMatter, diagnostics: Diagnostics) -> dict[str, Entry]:
    """The entries of the front matter: a ``bibtex: |`` block, and ``references: {key: {bibtex: …}}``."""
    line = front.lines.get("bibtex", 1)
    entries = _parsed(front.get("bibtex"), line, diagnostics)
    references = front.get("references")
    line = front.lines.get("references", 1)
    if isinstance(references, str):
        return entries | _parsed(references, line, diagnostics)
    for key, value in references.items() if isinstance(references, dict) else ():
        source = value.get("bibtex") if isinstance(value, dict) else value
        if isinstance(source, str) and "@" in source:
            first = next(iter(_parsed(source, line, diagnostics).values()), None)
            if first is not None:
                entries[key] = first
        elif isinstance(value, dict):
            entries[key] = _entry_from_fields(key, value, line)
    return entries


def _parsed(text: object, line: int, diagnostics: Diagnostics) -> dict[str, Entry]:
    if not isinstance(text, str) or not text.strip():
        return {}
    entries, errors = parse_bibtex(text)
    for offset, message in errors:
        diagnostics.error(line + offset, message)
    return _by_key(entries, diagnostics, line)


def _by_key(entries: list[Entry], diagnostics: Diagnostics, line: int) -> dict[str, Entry]:
    by_key: dict[str, Entry] = {}
    for entry in entries:
        if entry.key in by_key:
            first = line + by_key[entry.key].line
            diagnostics.error(
                line + entry.line, f"the reference '{entry.key}' was defined before, on line {first}"
            )
        else:
            by_key[entry.key] = entry
    return by_key


def _entry_from_fields(key: str, value: dict, line: int) -> Entry:
    fields = {
        name.lower(): re.sub(r"\s+", " ", str(text)) for name, text in value.items() if str(text).strip()
    }
    kind = fields.pop("type", "misc")
    rows = "".join(f"  {name} = {{{text}}},\n" for name, text in fields.items())
    return Entry(kind, key, fields, f"@{kind}{{{key},\n{rows}}}", line)
