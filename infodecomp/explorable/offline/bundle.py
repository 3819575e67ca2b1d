"""An offline bundle: a page with its recorded figures in one HTML file."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape, unescape
from urllib.parse import parse_qsl

from infodecomp.explorable.figures.figure import Figure
from infodecomp.explorable.offline.budget import Budget, grids_within
from infodecomp.explorable.offline.grid import Grid
from infodecomp.explorable.offline.inline_assets import Fetch, PageInliner
from infodecomp.explorable.offline.recorder import Recording, count_states, fit_into, record
from infodecomp.explorable.offline.sampling import ControlGroups, QueryPairs, sample_grids
from infodecomp.explorable.site.library import Library

# A bundle answers the requests of its figures itself.
_REPLACED_SCRIPTS = {"/static/explorable.js": "/static/offline.js"}
# What the HTML of a page says about its figures.
_FIGURE = re.compile(r'data-figure="([^"]+)"')
_MOVABLE = re.compile(r'data-(?:parameter|moves|keys)="([^"]+)"')
_LINK = re.compile(r'data-set="([^"]*)"')
_TOOLTIP = re.compile(r' data-column[^=]*="[^"]*"| data-tip="[^"]*"')


@dataclass(frozen=True)
class OfflineBundle:
    """The plan of a bundle: nothing is computed yet.

    Attributes
    ----------
    html : str
        The page as it is served.
    folder : str
        The address that relative addresses of the page start from.
    grids : dict of Figure to list of Grid
        The states of each figure.
    fixed : frozenset of str
        Parameters whose controls have no effect in the bundle.
    """

    html: str
    folder: str
    grids: dict[Figure, list[Grid]]
    fixed: frozenset[str]

    @property
    def state_count(self) -> int:
        """About how many states will be computed."""
        return sum(map(count_states, self.grids.values()))


def plan_bundle(library: Library, fetch: Fetch, address: str, budget: Budget | None = None) -> OfflineBundle:
    """Plan which states a bundle of a page contains.

    Parameters
    ----------
    library : Library
        The site that the page belongs to.
    fetch : callable
        Address within the site -> (body, mimetype); raises NotFound.
    address : str
        The address of the page.
    budget : Budget, optional
        What the whole bundle may take; by default figures are sampled as finely as `sampling` says.
    """
    html, folder = fetch(address)[0].decode(), address.rpartition("/")[0] + "/"
    figures = [library.figure(name) for name in dict.fromkeys(_FIGURE.findall(html))]
    others = [figure for figure in library.figures.values() if figure not in figures]
    movable = {name for names in _MOVABLE.findall(html) for name in names.split()}
    groups = ControlGroups([*figures, *others], movable, _targets(html, figures))
    drawn = [figure for figure in figures if figure.has("draw")]
    if budget:
        page, _ = build_bundle(OfflineBundle(html, folder, {}, frozenset()), fetch)
        grids = grids_within(drawn, groups, replace(budget, bytes=budget.bytes - len(page.encode())))
    else:
        grids = {figure: sample_grids(figure, groups) for figure in drawn}
    return OfflineBundle(html, folder, grids, frozenset(movable - _varying_parameters(grids)))


def _targets(html: str, figures: list[Figure]) -> list[QueryPairs]:
    """The query pairs of the states that links of the page and presets of its figures lead to."""
    links = [unescape(query) for query in dict.fromkeys(_LINK.findall(html))]
    presets = [query for figure in figures for query in figure.presets.values()]
    names = {parameter.name for figure in figures for parameter in figure.parameters}
    return [
        [pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0] in names]
        for query in (*links, *presets)
    ]


def _varying_parameters(grids: dict[Figure, list[Grid]]) -> set[str]:
    """The parameters that a control can move: axes of grids, and choices that differ between grids.

    Numbers that differ between grids are reached by links only.
    """
    varying = set()
    for figure, found in grids.items():
        varying |= {name for grid in found for name, _ in grid.axes}
        for parameter in figure.parameters:
            values = [grid.base[parameter.name] for grid in found]
            if parameter.is_categorical and any(value != values[0] for value in values):
                varying.add(parameter.name)
    return varying


def build_bundle(
    bundle: OfflineBundle,
    fetch: Fetch,
    progress: Callable[[int], None] = lambda states: None,
    limit: float = math.inf,
) -> tuple[str, list[Recording]]:
    """Compute the states of a bundle and return its HTML and its recordings.

    Parameters
    ----------
    bundle : OfflineBundle
    fetch : callable
        As in `plan_bundle`.
    progress : callable, optional
        Called with the number of states computed since its last call.
    limit : float, optional
        Bytes that the bundle should have at most: `fit_into` says what it then leaves out.
    """
    recordings = [record(figure, grids, progress) for figure, grids in bundle.grids.items()]
    if recordings and limit < math.inf:
        page, _ = build_bundle(replace(bundle, grids={}), fetch)
        fit_into(recordings, 0.99 * limit - len(page.encode()))
    notes = {
        recording.figure.name: f'<p class="quiet held">{escape(recording.summary())}</p>'
        '<p class="quiet went-back" role="status" hidden></p>'
        for recording in recordings
    }
    states = "".join(
        f'<script type="text/plain" id="states-{recording.figure.name}">{recording.body}</script>\n'
        for recording in recordings
    )
    inliner = PageInliner(fetch, bundle.folder, notes, bundle.fixed, _REPLACED_SCRIPTS, states)
    return inliner.inline(_TOOLTIP.sub("", bundle.html)), recordings
