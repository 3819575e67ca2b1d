"""Scripts as they are served: an entry module together with the modules that it imports, in one response.

The files in static/ are ordinary ES modules, so that tests can import each one by itself. A page would need
one request for each of them; here they are concatenated in the order of their imports. They then share one
scope: two modules of a page must not declare the same top-level name, and an import lists names from a
sibling file, without renaming them. The entry keeps its exports, for scripts that import it at run time.
Lines that hold nothing but a comment are left out.
"""

import hashlib
import re
from functools import lru_cache
from pathlib import Path

from rjsmin import jsmin

_IMPORT = re.compile(r"^import (?:\{[^}]*\} from )?'\./([\w-]+\.js)'\n", re.MULTILINE)
_COMMENT = re.compile(r"^ *//.*\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async |class |const |function |let ))", re.MULTILINE)


def concatenate_modules(entry: Path) -> str:
    """Return the source of a module preceded by all modules that it imports, each of them once.

    Parameters
    ----------
    entry : Path
        A script; what it imports lies in the same folder.
    """
    *imported, _ = _in_import_order(entry)
    sources = [_EXPORT.sub("", _body(path)) for path in imported]
    return "\n".join((*sources, _body(entry)))


def minified_script(entry: Path) -> str:
    """Return a module as it is served: with all that it imports, without comments and spare white space."""
    return jsmin(concatenate_modules(entry))


def _in_import_order(entry: Path) -> list[Path]:
    """A module and all that it imports, the imported ones first."""
    order: dict[Path, None] = {}

    def visit(path: Path, importers: tuple[Path, ...]) -> None:
        if path in importers:
            raise ValueError(f"{path.name} imports itself, by way of {importers[-1].name}")
        if path in order:
            return
        for name in _IMPORT.findall(path.read_text(encoding="utf-8")):
            visit(path.parent / name, (*importers, path))
        order[path] = None

    visit(entry, ())
    return list(order)


def _body(path: Path) -> str:
    """The source of a module without its imports and comments."""
    return _COMMENT.sub("", _IMPORT.sub("", path.read_text(encoding="utf-8")))


def file_version(path: Path) -> str:
    """Return a version that changes with the content of a file, or of any script if it is one."""
    paths = sorted(path.parent.glob("*.js")) if path.suffix == ".js" else [path]
    return _digest(
        tuple((path, status.st_mtime_ns, status.st_size) for path in paths for status in [path.stat()])
    )


@lru_cache(maxsize=64)
def _digest(files: tuple[tuple[Path, int, int], ...]) -> str:
    """The digest of some files, which are read again when the time or the size of one is another."""
    contents = b"".join(hashlib.sha256(path.read_bytes()).digest() for path, *_ in files)
    return hashlib.sha256(contents).hexdigest()[:12]
