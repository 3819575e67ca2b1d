"""The errors of the explorable: one family, each message with the value, its limits and what to do."""


class ExplorableError(ValueError):
    """What a reader, a speaker or an author asked for and cannot have. `status` is the HTTP status that says so.

    retry_after: seconds after which it may be had, where that is a matter of time.
    """

    status = 400
    title = "This cannot be shown"
    retry_after: int | None = None

    def __init__(self, message: str, retry_after: int | None = None, **details):
        super().__init__(message)
        self.retry_after = retry_after or self.retry_after
        self.details = details


class ParameterError(ExplorableError):
    """A parameter with a value that it cannot take; details hold its name, the value and the bounds."""

    title = "A parameter is out of bounds"


class NotFound(ExplorableError):
    """An essay, a figure or a format that is not here; details may hold the nearest name."""

    status = 404
    title = "Not found"


class DeclarationError(ExplorableError):
    """A figure, a parameter or an essay that is declared wrongly: the author's to mend."""

    status = 500
    title = "This figure is declared wrongly"


class Busy(ExplorableError):
    """All places for this kind of work are taken."""

    status = 503
    title = "Busy"
    retry_after = 2


class TooMany(ExplorableError):
    """More than one address may ask for in a while."""

    status = 429
    title = "That was quick"


class TooLong(ExplorableError):
    """An address with a longer query than is read; details hold the limit."""

    status = 414
    title = "This address is too long"


class Missing(ExplorableError):
    """What a figure shows is not there, or is damaged: the message says how to make it."""

    status = 500
    title = "What this shows is missing"


class ConversionError(ExplorableError):
    """A picture that could not be turned into another format: ours to mend."""

    status = 500
    title = "This could not be converted"


class NotStored(ExplorableError):
    """A message that could not be written to the disk."""

    status = 507
    title = "This could not be stored"


class Unsupported(ExplorableError):
    """A format that others offer and this site does not."""

    status = 501
    title = "Not offered"
