"""The download menu of a figure: which formats it offers in a state, in groups."""

from dataclasses import dataclass

from infodecomp.explorable.exports.formats import has_format
from infodecomp.explorable.exports.sweep import sliders
from infodecomp.explorable.figures.state import FigureState

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
    ("Numbers", (("CSV", "csv", ""), ("JSON", "json", ""), ("Python script", "py", ""))),
)
ANIMATIONS = "Animation of"  # the group with an entry for each slider


@dataclass(frozen=True)
class MenuEntry:
    """A link of the menu: its label, its format, its query options and its address."""

    label: str
    kind: str
    options: str
    href: str


def menu_groups(view: FigureState) -> list[tuple[str, list[MenuEntry]]]:
    """Return the groups of the download menu of a state, each with its name; empty groups are left out."""
    name = view.figure.name

    def entry(label: str, kind: str, options: str) -> MenuEntry:
        query = "&".join(filter(None, (view.query, options, "_download=1")))
        return MenuEntry(label, kind, options, f"/figures/{name}.{kind}?{query}")

    groups = [
        (group, [entry(*item) for item in items if has_format(view.figure, item[1])]) for group, items in MENU
    ]
    if has_format(view.figure, "gif"):
        groups.insert(1, (ANIMATIONS, [entry(p.label, "gif", f"vary={p.name}") for p in sliders(view)]))
    return [(group, entries) for group, entries in groups if entries]
