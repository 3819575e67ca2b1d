"""The interface through which an essay reaches the figures that it embeds."""

from collections.abc import Collection, Sequence
from typing import Protocol


class Mounts(Protocol):
    """What an essay needs to know about the figures: their names, presets and parameters, and more by name.

    The first of a figure's values is what a bare ``<v></v>`` after it shows.
    """

    @property
    def names(self) -> Collection[str]: ...
    @property
    def presets(self) -> Collection[str]: ...
    @property
    def parameters(self) -> Collection[str]: ...

    def values(self, name: str) -> Sequence[str]: ...
    def mount(self, name: str, layout: tuple[str, ...], already_mounted: bool) -> str: ...
    def value(self, path: str, in_answer: bool = False) -> str | None: ...
    def preset_query(self, name: str) -> str | None: ...
    def drawn_from(self, query: str) -> Collection[str]: ...
    def number_input(self, name: str, attributes: dict) -> str | None: ...


class NoMounts:
    """The mounts of an essay without figures."""

    names: Collection[str] = ()
    presets: Collection[str] = ()
    parameters: Collection[str] = ()

    def values(self, name: str) -> Sequence[str]:
        return ()

    def mount(self, name: str, layout: tuple[str, ...], already_mounted: bool) -> str:
        return ""

    def value(self, path: str, in_answer: bool = False) -> str | None:
        return None

    def preset_query(self, name: str) -> str | None:
        return None

    def drawn_from(self, query: str) -> Collection[str]:
        return ()

    def number_input(self, name: str, attributes: dict) -> str | None:
        return None
