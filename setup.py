"""Installs the folders beside the package: setuptools cannot list their subfolders in pyproject.toml."""

from pathlib import Path

from setuptools import setup

ROOT = Path(__file__).parent
FOLDERS = ("essays", "models", "static", "templates")


def data_files() -> list[tuple[str, list[str]]]:
    """Each folder below FOLDERS with its files, to be installed in share/infodecomp."""
    folders = [folder for name in FOLDERS for folder in (ROOT / name, *(ROOT / name).rglob("*"))]
    return [
        (
            f"share/infodecomp/{folder.relative_to(ROOT)}",
            [str(path.relative_to(ROOT)) for path in sorted(folder.iterdir()) if path.is_file()],
        )
        for folder in folders
        if folder.is_dir() and folder.name != "__pycache__" and not folder.name.startswith("unfinished-")
    ]


setup(data_files=data_files())
