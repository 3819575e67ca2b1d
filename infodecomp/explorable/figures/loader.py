"""Loading figure modules: the Python files beside the essays, imported whatever their folder is called.

`<slug>.py` may keep modules of its own in the folder `<slug>/` and import them with `from .module import name`, although a slug
is no Python identifier. Nothing registers itself: an essay's figures are the Figure objects among the names of `<slug>.py`.
"""

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from infodecomp.explorable.figures.figure import Figure


def import_figures(path: Path) -> dict[str, Figure]:
    """Import the module at `path` and return its figures by name, in order of definition.

    Raises whatever the module raises; the caller reports it.
    """
    module = import_module(path)
    return {value.name: value for value in vars(module).values() if isinstance(value, Figure)}


def import_module(path: Path) -> ModuleType:
    """Import a Python file as a package whose submodules are the files of the folder of the same name beside it."""
    path = path.resolve()
    name = f"{_package(path.parent)}.{path.stem}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(
        name, path, submodule_search_locations=[str(path.with_suffix(""))]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def forget(folder: Path) -> None:
    """Drop the modules of a folder, so that the next import reads the files as they now are."""
    package = _package(folder)
    for name in [name for name in sys.modules if name.startswith(package)]:
        del sys.modules[name]
    importlib.invalidate_caches()


def _package(folder: Path) -> str:
    """The package whose path is the folder. Its name holds the path, so that two sites in one process stay apart."""
    folder = folder.resolve()
    name = "figures_of_" + "".join(c if c.isalnum() else "_" for c in str(folder))
    if name not in sys.modules:
        package = ModuleType(name)
        package.__path__ = [str(folder)]
        sys.modules[name] = package
    return name
