"""Finds the font files of installed packages without importing the packages."""

import importlib.util
from pathlib import Path


def font_folder(package: str, folder: str) -> Path:
    """Return a folder of an installed package.

    Parameters
    ----------
    package : str
        Name of a top-level package.
    folder : str
        Its folder with the font files.

    Returns
    -------
    Path

    Raises
    ------
    ModuleNotFoundError
        If the package is not installed.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"the fonts of the package {package} are not installed", name=package)
    return Path(spec.submodule_search_locations[0]) / folder
