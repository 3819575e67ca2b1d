"""Free text, checked where it is used."""

from dataclasses import dataclass

from infodecomp.explorable.figures.parameters.base import Parameter


@dataclass(frozen=True, kw_only=True)
class FreeText(Parameter[str]):
    """Any text.

    Parameters
    ----------
    allowed : str
        What it may say, for error messages and documentation.
    """

    allowed: str
    default: str | None = ""

    def check(self, value: object) -> str:
        return str(value)

    def bounds(self) -> str:
        return self.allowed

    def json_schema(self) -> dict:
        return {"type": "string"}
