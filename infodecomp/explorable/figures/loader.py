"""Imports figure modules: the Python files beside the essays, in folders of any name.

`<slug>.py` may keep submodules in the folder `<slug>/` and import them with `from .module import name`,
though a slug need not be a Python identifier. There is no registration: an essay's figures are the
`Figure` objects among the names of `<slug>.py`.
"""

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from infodecomp.explorable.figures.figure import Figure


def import_figures(path: Path) -> dict[str, Figure]:
    """Import a module and return its figures.

    Parameters
    ----------
    path : Path
        A Python file.

    Returns
    -------
    dict of str to Figure
        By name, in order of definition.

    Raises
    ------
    Exception
        Whatever the module raises.
    """
    module = import_module(path)
    return {value.name: value for value in vars(module).values() if isinstance(value, Figure)}


def import_module(path: Path) -> ModuleType:
    """Import a Python file as a package whose submodules are the files in the folder of the same name.

    Parameters
    ----------
    path : Path
        A Python file; imported again only after `forget`.

    Returns
    -------
    module

    Raises
    ------
    ImportError
        If the path is not a Python file.
    Exception
        Whatever the module raises.
    """
    path = path.resolve()
    name = f"{_package(path.parent)}.{path.stem}"
    if name in sys.modules:
        return sys.modules[name]
    folder = str(path.with_suffix(""))
    spec = importlib.util.spec_from_file_location(name, path, submodule_search_locations=[folder])
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is not a Python file", name=name, path=str(path))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def forget(folder: Path) -> None:
    """Remove the modules of a folder from `sys.modules`, so that the next import reads the files again.

    Parameters
    ----------
    folder : Path
    """
    package = _package(folder)
    for name in [name for name in sys.modules if name == package or name.startswith(f"{package}.")]:
        del sys.modules[name]
    importlib.invalidate_caches()


def _package(folder: Path) -> str:
    """Name of the package for a folder; it contains the path, so that two sites can share a process."""
    folder = folder.resolve()
    name = "figures_of_" + "".join(c if c.isalnum() else "_" for c in str(folder))
    if name not in sys.modules:
        package = ModuleType(name)
        package.__path__ = [str(folder)]
        sys.modules[name] = package
    return name
