"""The figures of an essay's modules, for tests."""

import importlib
from pathlib import Path
from types import ModuleType

from infodecomp.explorable.figures import loader
from infodecomp.explorable.figures.figure import Figure

ESSAYS = Path(__file__).parents[2] / "essays"
SLUG = "where-is-the-information"


def essay_module(name: str, slug: str = SLUG) -> ModuleType:
    """A module of the folder of an essay."""
    return importlib.import_module(f"{loader.import_module(ESSAYS / f'{slug}.py').__name__}.{name}")


def essay_figure(module: str, name: str, slug: str = SLUG) -> Figure:
    figures = [value for value in vars(essay_module(module, slug)).values() if isinstance(value, Figure)]
    return next(figure for figure in figures if figure.name == name)
