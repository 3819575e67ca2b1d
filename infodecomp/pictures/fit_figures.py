"""The figures of a fit: its plane, its matrices, and a row to ask about, with the names of its table."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from infodecomp.explorable import Figure
from infodecomp.pictures.fit_ask import ask_figure
from infodecomp.pictures.fit_matrices import matrices_figure
from infodecomp.pictures.fit_plane import plane_figure
from infodecomp.pictures.shown_fit import ShownFit

if TYPE_CHECKING:
    from infodecomp.bottleneck.fits.stored import StoredFit


def fit_figures(fit: "StoredFit", about: Mapping[str, Any]) -> dict[str, Figure]:
    """Declare the figures of a fit, which share the budget and the column that is looked into.

    Parameters
    ----------
    fit : StoredFit
    about : mapping
        The record of its run, as `describe_run` in `infodecomp.cli.decompose` makes it, with yardsticks.

    Returns
    -------
    dict of str to Figure
        plane, matrices and ask, by name.
    """
    shown = ShownFit(fit, about)
    return {
        figure.name: figure for figure in (plane_figure(shown), matrices_figure(shown), ask_figure(shown))
    }
