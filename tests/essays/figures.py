"""The figures of an essay's modules, for tests."""

from pathlib import Path

from infodecomp.explorable.figures import Figure
from infodecomp.explorable.modules import import_figures

ESSAYS = Path(__file__).parent.parent.parent / "essays"


def essay_figure(module: str, name: str) -> Figure:
    return import_figures(ESSAYS / f"{module}.py")[name]
