"""The errors of the explorable: one family, each message with the value, its limits and what to do."""


class ExplorableError(ValueError):
    """What a reader, a speaker or an author asked for and cannot have."""


class DeclarationError(ExplorableError):
    """A figure, a parameter or an essay that is declared wrongly: the author's to mend."""
