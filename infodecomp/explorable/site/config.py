"""What a site is called, who publishes it and in which order its essays come: the file `site.toml` beside
the essays.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path

from infodecomp.explorable.core.diagnostics import Diagnostics, did_you_mean
from infodecomp.explorable.markup.reading.documents import display_path

CONFIG_FILE = "site.toml"


@dataclass(frozen=True)
class SiteConfig:
    """The contents of `site.toml`. Every field has a default, and so has a site without the file.

    Parameters
    ----------
    title : str
        Heading of the start page, title of the feed and of the API description, provider name of embeds.
    description : str
        The line below the heading of the start page.
    publisher : str
        Who publishes the site: the feed's author of essays that name none. The title steps in where it is
        left out.
    language : str
        BCP 47 tag of the language of the site, such as ``en``.
    licence : str
        Under which licence the essays may be shared, for the feed.
    order : tuple of str
        Slugs of the essays that come first, in this order. The others follow, the newest first.
    figures : tuple of str
        Names of the figures in the strip of the start page, in this order. Without them it has some of all
        essays.
    pages : tuple of str
        Slugs of the Markdown files that are pages beside the essays, in this order: every essay links to
        them at its foot, the last one leads on to the first of them, and no list counts them as essays.
    """

    title: str = "Essays"
    description: str = ""
    publisher: str = ""
    language: str = "en"
    licence: str = ""
    order: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()


LISTS = {
    "order": "slugs, such as ['first-essay', 'second-essay']",
    "pages": "slugs, such as ['first-page', 'second-page']",
    "figures": "names of figures, such as ['first-figure', 'second-figure']",
}


def read_config(folder: Path, diagnostics: Diagnostics) -> SiteConfig:
    """Read `site.toml` of a folder.

    Parameters
    ----------
    folder : Path
        The folder of the essays.
    diagnostics : Diagnostics
        Receives what is wrong with the file; the fields concerned keep their defaults.

    Returns
    -------
    SiteConfig
    """
    try:
        text = (folder / CONFIG_FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        return SiteConfig()
    except (OSError, UnicodeDecodeError) as error:
        diagnostics.error(1, f"the file cannot be read: {error}")
        return SiteConfig()
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        diagnostics.error(1, f"this is not TOML: {error}")
        return SiteConfig()
    known = [field.name for field in fields(SiteConfig)]
    values: dict[str, str | tuple[str, ...]] = {}
    for name, value in table.items():
        line = _line_of(name, text)
        if name not in known:
            diagnostics.warning(line, f"there is no setting '{name}'{did_you_mean(name, known)}")
        elif name in LISTS:
            if isinstance(value, list) and all(isinstance(item, str) for item in value):
                values[name] = tuple(dict.fromkeys(value))
            else:
                diagnostics.error(line, f"'{name}' must be a list of {LISTS[name]}")
        elif isinstance(value, str):
            values[name] = value.strip()
        else:
            diagnostics.error(line, f"'{name}' must be text in quotes")
    return SiteConfig(**values)  # type: ignore[arg-type]  # each value was checked against its field above


def check_names(
    config: SiteConfig, slugs: Iterable[str], figures: Iterable[str], diagnostics: Diagnostics, folder: Path
) -> None:
    """Warn about slugs in `order` and `pages` that no file has, and names in `figures` that no figure has."""
    for setting, given, known, what in (
        ("order", config.order, list(slugs), "essay has the slug"),
        ("pages", config.pages, list(slugs), "page has the slug"),
        ("figures", config.figures, list(figures), "figure has the name"),
    ):
        for name in given:
            if name not in known:
                text = (folder / CONFIG_FILE).read_text(encoding="utf-8", errors="replace")
                diagnostics.warning(_line_of(setting, text), f"no {what} '{name}'{did_you_mean(name, known)}")


def config_diagnostics(folder: Path) -> Diagnostics:
    """An empty collection of diagnostics for the `site.toml` of a folder."""
    return Diagnostics(display_path(folder / CONFIG_FILE))


def _line_of(name: str, text: str) -> int:
    lines = (number for number, line in enumerate(text.splitlines(), 1) if line.split("=")[0].strip() == name)
    return next(lines, 1)
