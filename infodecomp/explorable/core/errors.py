"""The exceptions of the engine. Each message gives the value, its limits and the remedy."""


class ExplorableError(ValueError):
    """A request or a declaration that cannot be served.

    Parameters
    ----------
    message : str
    retry_after : int, optional
        Seconds after which a new attempt may succeed.
    **details
        Machine-readable facts about the error, such as the parameter and its bounds.

    Attributes
    ----------
    status : int
        The HTTP status of the response.
    title : str
        The title of the problem document (RFC 9457).
    """

    status = 400
    title = "This cannot be shown"
    retry_after: int | None = None

    def __init__(self, message: str, retry_after: int | None = None, **details):
        super().__init__(message)
        self.retry_after = retry_after or self.retry_after
        self.details = details


class ParameterError(ExplorableError):
    """A parameter has an invalid value; the details hold its name, the value and the bounds."""

    title = "A parameter is out of bounds"


class Forbidden(ExplorableError):
    """A form was sent from a page of another site."""

    status = 403
    title = "Not from here"


class NotFound(ExplorableError):
    """An essay, a figure or a format does not exist; the details may hold the nearest name."""

    status = 404
    title = "Not found"


class DeclarationError(ExplorableError):
    """A figure, a parameter or an essay is declared wrongly; its author has to correct it."""

    status = 500
    title = "This figure is declared wrongly"


class Busy(ExplorableError):
    """All workers for this kind of request are occupied."""

    status = 503
    title = "Busy"
    retry_after = 2


class TooMany(ExplorableError):
    """A client has reached its rate limit."""

    status = 429
    title = "That was quick"


class TooLong(ExplorableError):
    """The query string of a URL is too long; the details hold the limit."""

    status = 414
    title = "This address is too long"


class TooLarge(ExplorableError):
    """A file has more bytes than are read; the details hold the limit."""

    status = 413
    title = "This file is too large"


class Missing(ExplorableError):
    """A file that a figure needs is missing or damaged; the message says how to make it."""

    status = 500
    title = "What this shows is missing"


class ConversionError(ExplorableError):
    """A picture could not be converted to another format."""

    status = 500
    title = "This could not be converted"


class NotStored(ExplorableError):
    """A message could not be written to the disk."""

    status = 507
    title = "This could not be stored"


class Unsupported(ExplorableError):
    """A standard format that this site does not offer."""

    status = 501
    title = "Not offered"
