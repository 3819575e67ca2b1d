"""The interface through which an essay reaches the figures that it embeds."""

from collections.abc import Collection
from typing import Protocol


class Mounts(Protocol):
    """What an essay needs to know about the figures.

    An implementation may also have ``values(name)``, the names of a figure's values (the first is what a bare
    ``<v></v>`` shows), and the collections ``presets`` and ``parameters``, from which messages suggest the
    nearest name.
    """

    @property
    def names(self) -> Collection[str]: ...

    def mount(self, name: str, layout: tuple[str, ...], already_mounted: bool) -> str: ...
    def value(self, path: str) -> str | None: ...
    def preset_query(self, name: str) -> str | None: ...
    def drawn_from(self, query: str) -> Collection[str]: ...
    def number_input(self, name: str, attributes: dict) -> str | None: ...


class NoMounts:
    """The mounts of an essay without figures."""

    names: Collection[str] = ()

    def mount(self, name: str, layout: tuple[str, ...], already_mounted: bool) -> str:
        return ""

    def value(self, path: str) -> str | None:
        return None

    def preset_query(self, name: str) -> str | None:
        return None

    def drawn_from(self, query: str) -> Collection[str]:
        return ()

    def number_input(self, name: str, attributes: dict) -> str | None:
        return None
