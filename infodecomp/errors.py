"""The errors of the science: one family, each message with the value, its limits and what to do."""


class InformationError(ValueError):
    """A table, a probability or an amount of bits that cannot be what its name says."""
