"""The download menu of a figure: which formats it offers in a state, in groups."""

from collections.abc import Container
from dataclasses import dataclass

from infodecomp.explorable.exports.films.sweep import sliders
from infodecomp.explorable.exports.formats import FORMATS, has_format
from infodecomp.explorable.figures.state import FigureState

MenuItem = tuple[str, str, str]
PUBLIC_PATH = "/figures"
MENU = (  # groups of (label, format, query options)
    (
        "Pictures",
        (
            ("SVG", "svg", ""),
            ("PNG", "png", ""),
            ("PNG 2\u00d7", "png", "_scale=2"),
            ("PNG 1920\u202f\u00d7\u202f1080", "png", "_width=1920&_height=1080"),
            ("PDF", "pdf", ""),
        ),
    ),
    (
        "For a slide",
        (
            ("PowerPoint", "pptx", ""),
            ("SVG with outlines", "svg", "_text=paths"),
            ("QR code", "qr", ""),
        ),
    ),
    (
        "Numbers",
        (("CSV", "csv", ""), ("JSON", "json", ""), ("Text", "txt", ""), ("Python script", "py", "")),
    ),
)
FILMS = ("gif", "mp4", "webm")  # each has a group with an entry for each slider


def page_menu(is_public: bool, kinds: Container[str] = FORMATS) -> list[tuple[str, list[MenuItem]]]:
    """Return the menu as the script of a page reads it; see `menu_groups`."""
    return [
        (group, [item for item in items if item[1] in kinds and (is_public or item[1] != "qr")])
        for group, items in MENU
    ]


@dataclass(frozen=True)
class MenuEntry:
    """A link of the menu: its label, its format, its query options and its address."""

    label: str
    kind: str
    options: str
    href: str


def menu_groups(
    view: FigureState, is_public: bool, path: str = PUBLIC_PATH, kinds: Container[str] = FORMATS
) -> list[tuple[str, list[MenuEntry]]]:
    """Return the groups of the download menu of a state, each with its name; empty groups are left out.

    Parameters
    ----------
    view : FigureState
    is_public : bool
        Whether the address of the site leads somewhere from other machines.
    path : str
        Below which the figure is served.
    kinds : container of str
        The formats in which it is.
    """
    name = view.figure.name

    def entry(label: str, kind: str, options: str) -> MenuEntry:
        query = "&".join(filter(None, (view.query, options, "_download=1")))
        return MenuEntry(label, kind, options, f"{path}/{name}.{kind}?{query}")

    groups = []
    for group, items in page_menu(is_public, kinds):
        groups.append((group, [entry(*item) for item in items if has_format(view.figure, item[1])]))
    films = [
        (f"{FORMATS[kind].label} of", [entry(p.label, kind, f"vary={p.name}") for p in sliders(view)])
        for kind in FILMS
        if kind in kinds and has_format(view.figure, kind)
    ]
    groups[1:1] = films
    return [(group, entries) for group, entries in groups if entries]
