"""Exceptions of the scientific functions.

Every message gives the value, its limits and what to do.
"""


class InformationError(ValueError):
    """An argument that is not what its name says, such as a table of probabilities that does not sum to 1."""


class CheckpointError(InformationError):
    """A stored file that is missing, damaged or different from its record."""
