"""What an author should mend: a message with its file, its line and, for a misspelling, the nearest name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Diagnostic:
    """One thing to mend, written as ``essays/x.md:12: error: message``."""

    path: str
    line: int
    level: Literal["error", "warning"]
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.level}: {self.message}"


@dataclass
class Diagnostics:
    """Collects the diagnostics of one file."""

    path: str
    found: list[Diagnostic] = field(default_factory=list)

    def error(self, line: int | None, message: str) -> None:
        self.found.append(Diagnostic(self.path, line or 1, "error", message))

    def warning(self, line: int | None, message: str) -> None:
        self.found.append(Diagnostic(self.path, line or 1, "warning", message))

    def in_order(self) -> list[Diagnostic]:
        """The diagnostics without duplicates, sorted by line, errors first within a line."""
        return sorted(
            dict.fromkeys(self.found), key=lambda diagnostic: (diagnostic.line, diagnostic.level, diagnostic.message)
        )


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The one of ``names`` that is spelt most like ``name``, or None where none comes close."""
    by_folded = {known.casefold(): known for known in names}
    close = difflib.get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.55)
    return by_folded[close[0]] if close else None


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """The end of a message about an unknown name: the nearest one, or all where they are few, or nothing."""
    names = list(names)
    close = nearest(name, names)
    if close is not None:
        return f"; the nearest is '{close}'"
    if 0 < len(names) <= 6:
        return f"; there are {', '.join(repr(known) for known in names)}"
    return ""
