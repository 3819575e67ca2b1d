"""The starter that `infodecomp new` writes: an essay and its figure, which pass the check."""

import re
from datetime import date
from importlib.resources import files
from pathlib import Path

from infodecomp.explorable.core.errors import ExplorableError

SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def write_starter(slug: str, folder: Path, today: date) -> list[Path]:
    """Write a starter essay and its figures. Existing files are never overwritten.

    Parameters
    ----------
    slug : str
        The name of the essay in addresses: lower-case letters, digits and single dashes.
    folder : Path
        Where to write `<slug>.md` and `<slug>.py`.
    today : date
        The date of the essay.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    ExplorableError
        If the slug is invalid, the folder is missing or a file exists already.
    """
    if not SLUG.fullmatch(slug):
        raise ExplorableError(
            f"{slug!r} is no slug: use small letters, digits and single dashes, for example 'my-essay'"
        )
    if not folder.is_dir():
        raise ExplorableError(f"there is no folder {folder}; make it first or name another with --essays")
    paths = [folder / f"{slug}.md", folder / f"{slug}.py"]
    for path in paths:
        if path.exists():
            raise ExplorableError(f"{path} is there already; choose another slug or move it away")
    placeholders = {
        "FUNCTION": f"{slug}-coin".replace("-", "_"),
        "NAME": f"{slug}-coin",
        "TITLE": slug.replace("-", " ").capitalize(),
        "DATE": today.isoformat(),
    }
    for path, source in zip(paths, ("essay.md", "figures.txt"), strict=True):
        text = files(__package__).joinpath(source).read_text(encoding="utf-8")
        for placeholder, value in placeholders.items():
            text = text.replace(placeholder, value)
        path.write_text(text, encoding="utf-8")
    return paths
