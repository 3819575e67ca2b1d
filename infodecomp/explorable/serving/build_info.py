"""Versions: what exactly is being served, so that several processes can be seen to serve the same."""

import hashlib
import platform
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


def digest(files: Iterable[Path], root: Path) -> str:
    """One sha256 of files, their names below the root and what is in them; of one that cannot be read, its name."""
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(str(path.relative_to(root)).encode() + b"\0")
        try:
            total.update(hashlib.sha256(path.read_bytes()).digest())
        except OSError:
            pass
    return total.hexdigest()


def versions(root: Path, essays: Path, models: Path, packages: Iterable[str]) -> dict:
    """The code, the essays and the models by their sha256, and the versions of Python and of packages."""
    code = [
        root / "app.py",
        *(
            path
            for folder in ("infodecomp", "templates", "static")
            for path in (root / folder).rglob("*")
            if path.is_file() and path.suffix != ".pyc"
        ),
    ]
    return {
        "python": platform.python_version(),
        **{name: _version(name) for name in packages},
        "code": digest(code, root),
        "essays": digest(
            (path for path in essays.rglob("*") if path.suffix in (".md", ".py", ".bib")), essays
        ),
        "models": {
            path.name: digest([path], path.parent) for path in sorted(models.glob("*.*")) if path.is_file()
        },
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
