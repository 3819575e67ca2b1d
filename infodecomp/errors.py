"""Exceptions of the scientific functions.

Every message gives the value, its limits and what to do.
"""


class InformationError(ValueError):
    """An argument that is not what its name says, such as a table of probabilities that does not sum to 1."""


def number_of(n: int, noun: str) -> str:
    """A number with what it counts, as in '1 row' and '2,000 rows'."""
    return f"{n:,} {noun}{'s' * (n != 1)}"


def extra_command(extra: str) -> str:
    """How to install an extra of this package, for the end of a message about what is missing."""
    return f"pip install 'infodecomp[{extra}]', or in a checkout pip install -e '.[{extra}]'"


class CheckpointError(InformationError):
    """A stored file that is missing, damaged or different from its record."""
