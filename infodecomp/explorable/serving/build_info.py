"""Build information: versions and digests of what is served."""

import hashlib
import platform
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

SOURCE_SUFFIXES = (".md", ".py", ".bib", ".toml")


def digest(files: Iterable[Path], root: Path) -> str:
    """Hash files: one SHA-256 of their names below the root and their contents.

    Of a file that cannot be read, only the name counts.
    """
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(str(path.relative_to(root)).encode() + b"\0")
        try:
            total.update(hashlib.sha256(path.read_bytes()).digest())
        except OSError:
            pass
    return total.hexdigest()


def build_info(
    code: Mapping[str, Path], essays: Path, models: Path, packages: Iterable[str]
) -> dict[str, object]:
    """Describe what is served.

    Parameters
    ----------
    code : mapping
        Folders of code, templates and scripts, by name.
    essays, models : Path
        Their folders.
    packages : iterable of str
        Installed packages whose versions matter.

    Returns
    -------
    dict
        The versions of Python and of the packages, and SHA-256 digests of code, essays and each model.
    """
    code_digest = hashlib.sha256()
    for name, folder in sorted(code.items()):
        files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
        code_digest.update(f"{name} {digest(files, folder)}\n".encode())
    sources = (path for path in essays.rglob("*") if path.suffix in SOURCE_SUFFIXES)
    return {
        "python": platform.python_version(),
        **{name: _package_version(name) for name in packages},
        "code": code_digest.hexdigest(),
        "essays": digest(sources, essays),
        "models": {
            path.name: digest([path], path.parent) for path in sorted(models.glob("*.*")) if path.is_file()
        },
    }


def _package_version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
