"""The interface that every parameter type implements."""

from dataclasses import dataclass
from html import escape
from typing import ClassVar, Generic, TypeVar

from infodecomp.explorable.core.errors import ParameterError
from infodecomp.explorable.core.numbers import with_unit

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Parameter(Generic[T]):
    """A typed input of a figure.

    Parameters
    ----------
    name : str
        Its name in a query string.
    label : str
        The text beside its control.
    default : T or None
        Its value when the query string does not give one.
    unit : str
        Shown after the value.
    role : str
        Palette role that colours its control.
    alias : str
        A second name, which the addresses of its figure accept but those of an essay do not: figures of one
        page need different names, though each alone may use the usual one.
    active_when : (str, object), optional
        Name and value of another parameter: the control is shown, and the value written to the query
        string, only while that parameter has that value.

    Attributes
    ----------
    kind : str
        Which control macro renders it (templates/controls.html) and how the page's script reads it.
    is_numeric : bool
        Whether its values are numbers on a slider.
    is_categorical : bool
        Whether `values` lists all of a few distinct values.
    is_played : bool
        Whether a button plays through its values.
    can_sweep : bool
        Whether an animation can run over its values.
    """

    name: str
    label: str
    default: T | None
    unit: str = ""
    role: str = "ink"
    alias: str = ""
    active_when: tuple[str, object] | None = None
    kind: ClassVar[str] = ""
    is_numeric: ClassVar[bool] = False
    is_categorical: ClassVar[bool] = False
    is_played: ClassVar[bool] = False
    can_sweep: ClassVar[bool] = False

    @property
    def spaced_unit(self) -> str:
        """The unit as it follows a number: after a space, except for %."""
        return with_unit("", self.unit)

    @property
    def is_continuous(self) -> bool:
        """Whether values between two of its values mean something, so that pictures can be interpolated."""
        return False

    @property
    def has_format(self) -> bool:
        """Whether `show` returns words for a number, which a page then requests from the server."""
        return False

    @property
    def dependencies(self) -> tuple[str, ...]:
        """Names of the parameters that fix the computation whose steps this one counts."""
        return ()

    def parse(self, text: str) -> T:
        """Read and check a value from a query string.

        Raises
        ------
        ParameterError
            If the text is not a valid value.
        """
        return self.check(text)

    def write(self, value: T) -> str:
        """Write a value for a query string; the inverse of `parse`."""
        return str(value)

    def show(self, value: T) -> str:
        """Format a value for readers."""
        return str(value)

    def bounds(self) -> str:
        """Describe the valid values in a few words, for error messages and documentation."""
        raise NotImplementedError

    def check(self, value: object) -> T:
        """Return a valid value in its canonical Python type.

        Raises
        ------
        ParameterError
            If the value is not valid.
        """
        raise NotImplementedError

    def refuse(self, value: object, why: str) -> ParameterError:
        """Make the error for an invalid value; the caller raises it."""
        shown = str(value)[:80]
        return ParameterError(
            f"{self.name} = {shown!r} {why}: give {self.bounds()}.",
            parameter=self.name,
            value=shown,
            bounds=self.bounds(),
        )

    def nearest(self, text: str) -> T | None:
        """Return the valid value that is nearest to a bad text; the default where nothing is near."""
        return self.default

    def values(self) -> list[T]:
        """List the positions of its control in order; empty if they cannot be listed."""
        return []

    def samples(self, count: int) -> list[T]:
        """Choose about `count` of its values, spread evenly, for offline copies."""
        return self.values()

    def warmup_values(self) -> list[T]:
        """List the values worth rendering before a reader asks for them; the default is not among them."""
        return [value for value in dict.fromkeys(self.values()) if value != self.default]

    def ends(self) -> tuple[T, T]:
        """Return the first and last value of an animation over the whole parameter."""
        raise NotImplementedError

    def sweep(self, first: T, last: T, count: int | None = None) -> list[T]:
        """List the values of an animation from `first` to `last`; `count` is the number of frames, if the
        reader chose one.

        Raises
        ------
        ParameterError
            If `count` cannot be chosen for this type.
        """
        raise NotImplementedError

    def json_schema(self) -> dict:
        """Describe the valid values and the default as JSON Schema, as they appear in a query string."""
        return self._with_default({"type": "string"})

    def describe_for_page(self) -> dict:
        """Describe the parameter for the page's script, values in the notation of a query string."""
        default = {} if self.default is None else {"default": self.write(self.default)}
        only = {} if self.active_when is None else {"only": list(self.active_when)}
        return {"kind": self.kind} | default | self._page_fields() | only

    def number_input(self, value: T) -> str:
        """Render a number input as HTML for use within prose; an error note if its values are not numbers."""
        return f'<span class="problem" role="note">{escape(self.name)} is no number</span>'

    def _page_fields(self) -> dict:
        return {}

    def _with_default(self, schema: dict) -> dict:
        return schema if self.default is None else schema | {"default": self.default}
