"""The errors of the science: one family, each message with the value, its limits and what to do."""


class InformationError(ValueError):
    """A table, a probability or an amount of bits that cannot be what its name says."""


class CheckpointError(InformationError):
    """A stored file that is missing, damaged or not the one that was recorded; the message says how to make it again."""
