"""The palette: a colour for each role, in a light and a dark theme, for pages and pictures alike.

The hues are Okabe and Ito's (2008). Roles that end in -text have enough contrast for text: 4.5:1 against the
paper. static/explorable.css holds the same values as custom properties, and a test compares them.
"""

from collections.abc import Mapping

LIGHT = {
    "paper": "#fffdf8",
    "ink": "#1c1b19",
    "muted": "#5f5b54",
    "faint": "#e4dfd4",
    "wash": "#f5f1e8",
    "series-1": "#0072b2",
    "series-1-text": "#00639b",
    "series-2": "#d55e00",
    "series-2-text": "#a94a00",
    "target": "#009e73",
    "target-text": "#00724f",
    "on-target": "#10110f",
    "selection": "#e69f00",
    "selection-text": "#805800",
    "rim": "#3a2a00",
    "best": "#1c1b19",
    "noise": "#9a958b",
    "mix-0": "#d55e00",
    "mix-1": "#c97a45",
    "mix-2": "#b08f7d",
    "mix-3": "#9a958b",
    "mix-4": "#7c93a3",
    "mix-5": "#4a85ab",
    "mix-6": "#0072b2",
}

DARK = {
    "paper": "#17181b",
    "ink": "#ece8df",
    "muted": "#aaa59a",
    "faint": "#37383b",
    "wash": "#202226",
    "series-1": "#56b4e9",
    "series-1-text": "#7cc6ef",
    "series-2": "#f07a24",
    "series-2-text": "#ff9a57",
    "target": "#2fbf95",
    "target-text": "#4fd3ab",
    "on-target": "#10110f",
    "selection": "#f0b429",
    "selection-text": "#f3c352",
    "rim": "#fff3d0",
    "best": "#ece8df",
    "noise": "#85817a",
    "mix-0": "#f07a24",
    "mix-1": "#cd7d49",
    "mix-2": "#a8806a",
    "mix-3": "#85817a",
    "mix-4": "#7791a0",
    "mix-5": "#67a3c6",
    "mix-6": "#56b4e9",
}

THEMES = {"light": LIGHT, "dark": DARK}


CUSTOM_PROPERTIES = {role: f"var(--{role})" for role in LIGHT}


def palette(theme: str | None = None) -> Mapping[str, str]:
    """Return the CSS colour of each role.

    Parameters
    ----------
    theme : {"light", "dark"}, optional
        By default the colours are custom properties, which follow the theme of the page.

    Returns
    -------
    mapping of str to str
    """
    return CUSTOM_PROPERTIES if theme is None else THEMES[theme]


def stylesheet(theme: str) -> str:
    """Return the CSS that gives a page one theme, whatever the reader's system prefers.

    Parameters
    ----------
    theme : {"light", "dark"}

    Returns
    -------
    str
    """
    roles = "".join(f"--{role}:{value};" for role, value in THEMES[theme].items())
    return f"@media screen{{:root{{color-scheme:{theme};{roles}}}}}\n"
