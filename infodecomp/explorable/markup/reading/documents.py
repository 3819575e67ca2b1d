"""An essay's file read into a document: its text, its front matter and what is wrong with either. Reading never raises."""

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
from infodecomp.explorable.markup.reading.encoding import decode, mend_mojibake
from infodecomp.explorable.markup.reading.front_matter import FrontMatter, read_front_matter

BIBLIOGRAPHY = "references.bib"
"""The file of BibTeX entries that the essays of a folder share."""


@dataclass
class Document:
    """One essay as it was read: ``body`` is its Markdown, which begins on line ``body_line`` of the file."""

    path: Path
    text: str
    front: FrontMatter
    body: str
    body_line: int
    diagnostics: list[Diagnostic] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The file as problems name it: from the working directory, where it lies below that."""
        return display_path(self.path)

    @property
    def slug(self) -> str:
        return self.path.stem

    @property
    def title(self) -> str:
        return self.front["title"] or self.path.stem.replace("-", " ").replace("_", " ").strip().capitalize()

    @cached_property
    def authors(self) -> Authors:
        """The authors as HTML with their links, and as a list of plain names."""
        return read_authors(self.front["authors"])

    @cached_property
    def date(self) -> date | None:
        """The day of publication, or None where the front matter has no date such as 2026-11-21."""
        try:
            return date.fromisoformat(self.front["date"].strip())
        except ValueError:
            return None


def display_path(path: Path) -> str:
    try:
        relative = os.path.relpath(path)
    except ValueError:
        return str(path)
    return str(path) if relative.startswith("..") else relative.replace(os.sep, "/")


def read_document(path: str | Path) -> Document:
    """Read an essay; bad bytes, bad YAML, a missing title, mojibake become problems with their line."""
    path = Path(path)
    diagnostics = Diagnostics(display_path(path))
    try:
        raw = path.read_bytes()
    except OSError as error:
        diagnostics.error(1, f"the essay cannot be read: {error.strerror or error}")
        raw = b""
    text = mend_mojibake(decode(raw, diagnostics), diagnostics)
    return _document(path, text, diagnostics)


def parse_document(text: str, path: str | Path = "essay.md") -> Document:
    """A document from text that is in memory, as if it had been read from ``path``."""
    path = Path(path)
    diagnostics = Diagnostics(display_path(path))
    raw = text.encode("utf-8", "replace")
    return _document(path, mend_mojibake(decode(raw, diagnostics), diagnostics), diagnostics)


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
    entries, complaints = parse_bibtex(text)
    found += [Diagnostic(display_path(shared), line, "error", message) for line, message in complaints]
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
            found = _parsed(source, line, diagnostics)
            entries |= {key: entry for entry in list(found.values())[:1]}
        elif isinstance(value, dict):
            entries[key] = _entry_from_fields(key, value, line)
    return entries


def _parsed(text: object, line: int, diagnostics: Diagnostics) -> dict[str, Entry]:
    if not isinstance(text, str) or not text.strip():
        return {}
    entries, complaints = parse_bibtex(text)
    for offset, message in complaints:
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
