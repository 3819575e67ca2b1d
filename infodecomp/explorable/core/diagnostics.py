"""Messages to authors about mistakes in an essay: file, line, level, and the nearest known name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Diagnostic:
    """One message, printed as ``essays/x.md:12: error: message``.

    Parameters
    ----------
    path : str
    line : int
        Counted from 1.
    level : {"error", "warning"}
    message : str
    """

    path: str
    line: int
    level: Literal["error", "warning"]
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.level}: {self.message}"


@dataclass
class Diagnostics:
    """Collects the diagnostics of one file.

    Parameters
    ----------
    path : str
        The file, as it is shown in the messages.
    found : list of Diagnostic
        In the order in which they were added.
    """

    path: str
    found: list[Diagnostic] = field(default_factory=list)

    def error(self, line: int | None, message: str) -> None:
        """Add an error; without a line it is reported on line 1."""
        self.found.append(Diagnostic(self.path, line or 1, "error", message))

    def warning(self, line: int | None, message: str) -> None:
        """Add a warning; without a line it is reported on line 1."""
        self.found.append(Diagnostic(self.path, line or 1, "warning", message))

    def sorted(self) -> list[Diagnostic]:
        """Return the diagnostics without duplicates, sorted by line, errors first within a line."""
        return sorted(dict.fromkeys(self.found), key=lambda found: (found.line, found.level, found.message))


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Return the name spelt most like `name`, ignoring case, or None if none is close.

    Parameters
    ----------
    name : str
    names : iterable of str
        The known names.

    Returns
    -------
    str or None
    """
    by_folded = {known.casefold(): known for known in names}
    close = difflib.get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.55)
    return by_folded[close[0]] if close else None


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """Return the end of a message about an unknown name.

    Parameters
    ----------
    name : str
    names : iterable of str
        The known names.

    Returns
    -------
    str
        The nearest name; all names if none is near and there are at most six; otherwise an empty string.
    """
    names = list(names)
    close = nearest(name, names)
    if close is not None:
        return f"; the nearest is '{close}'"
    if 0 < len(names) <= 6:
        return f"; there are {', '.join(repr(known) for known in names)}"
    return ""
