"""What a reader should know about a column of a table, and what to do: one sentence for each medium."""

from dataclasses import dataclass
from shlex import quote

from infodecomp.errors import InformationError

WITH_POINT = "write these numbers with a decimal point"
REMEDIES = {  # what to do, for readers of a shell and of a page with a form
    "ignore": ("--ignore {column} leaves it out", "you may leave it out"),
    "circular": ("--circular {column}:{period:g} says so", "if so, it starts again after {period:g}"),
    "categorical": ("--categorical {column} keeps it as names", "you may take it for names"),
    "classes": ("--classes makes it a class", "say so if its numbers are classes"),
    "cell": ("correct that cell, or leave it empty", "correct that cell, or leave it empty"),
    "decimal": ("--decimal says which", WITH_POINT),
    "thousands": (
        "--decimal , says that its points are thousands marks",
        "write it without thousands marks",
    ),
    "no classes": ("leave out --classes", "say that its numbers are no classes"),
    "other decimal": (
        "leave out --decimal, or give the other mark",
        "write these numbers with a decimal point",
    ),
    "shorten": (
        "leave it out with --ignore {column}, or group its values first",
        "leave it out, or group its values first",
    ),
}


@dataclass(frozen=True)
class Advice:
    """Something about a column that a reader should check or change.

    Attributes
    ----------
    column : str
    finding : str
        What was found, the same in every medium.
    remedy : str
        One of REMEDIES; empty where there is none.
    period : float or None
        Of a column that may be circular.
    """

    column: str
    finding: str
    remedy: str = ""
    period: float | None = None

    @property
    def in_shell(self) -> str:
        """The sentence for a shell, with its options; without a full stop."""
        return self._sentence(0, quote(self.column))

    @property
    def on_page(self) -> str:
        """The sentence for a page with a form; without a full stop."""
        return self._sentence(1, self.column)

    def _sentence(self, medium: int, column: str) -> str:
        if not self.remedy:
            return self.finding
        return f"{self.finding}; {REMEDIES[self.remedy][medium].format(column=column, period=self.period)}"


class ColumnError(InformationError):
    """A column that cannot be fitted as it is read, with what to do.

    Parameters
    ----------
    advice : Advice
        Its sentence for a shell is the message.
    """

    def __init__(self, advice: Advice):
        super().__init__(f"{advice.in_shell}.")
        self.advice = advice
