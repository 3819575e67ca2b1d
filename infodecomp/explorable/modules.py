"""Figure modules: the Python files beside the essays, imported as one package for each folder, whatever the folder is called.

Nothing registers itself: a module's figures are the Figure objects among its names.
"""

import importlib
import sys
from pathlib import Path
from types import ModuleType

from infodecomp.explorable.figures import Figure


def import_figures(path: Path) -> dict[str, Figure]:
    """The figures that the module at `path` declares, by name, in order. What the module raises is the caller's to report."""
    module = importlib.import_module(f"{_package(path.parent)}.{path.stem}")
    return {value.name: value for value in vars(module).values() if isinstance(value, Figure)}


def forget(folder: Path) -> None:
    """Drop the modules of a folder, so that the next import reads the files as they now are."""
    package = _package(folder)
    for name in [name for name in sys.modules if name.startswith(package)]:
        del sys.modules[name]
    importlib.invalidate_caches()


def _package(folder: Path) -> str:
    """A package whose path is the folder. Its name holds the path, so that two sites in one process stay apart."""
    folder = folder.resolve()
    name = "figures_of_" + "".join(c if c.isalnum() else "_" for c in str(folder))
    if name not in sys.modules:
        package = ModuleType(name)
        package.__path__ = [str(folder)]
        sys.modules[name] = package
    return name
