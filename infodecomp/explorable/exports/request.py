"""Export requests: one state of a figure in one format, parsed from an address and rendered."""

import hashlib
import re
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from infodecomp.explorable.exports.documents.powerpoint import SCALE
from infodecomp.explorable.exports.films.animation import Animation
from infodecomp.explorable.exports.formats import Format, find_format
from infodecomp.explorable.exports.query_options import DOWNLOAD, QueryItems, add_underscores, split_options
from infodecomp.explorable.exports.raster import ConverterPool
from infodecomp.explorable.figures.credit import NO_CREDIT, Credit
from infodecomp.explorable.figures.figure import Figure
from infodecomp.explorable.figures.state import FigureState
from infodecomp.explorable.graphics.theme import LIGHT, palette
from infodecomp.explorable.serving.cache import RenderedResponse


@dataclass(frozen=True)
class ExportRequest:
    """One state of a figure in one format, parsed and checked; nothing is computed yet."""

    view: FigureState
    form: Format
    options: dict[str, Any]

    @property
    def cache_key(self) -> tuple:
        """The same for all addresses that mean the same, however they write and order their numbers."""
        return self.form.kind, self.view.figure.name, *self.view.state.values(), *self.options.values()


def parse_request(figure: Figure, kind: str, items: QueryItems) -> ExportRequest:
    """Parse what the pairs of a query string ask of a figure in a format.

    Raises
    ------
    NotFound
        For an unknown format.
    ParameterError
        For an unknown name or a bad value.
    """
    form = find_format(kind)
    options, state = split_options(
        (*form.options, DOWNLOAD), add_underscores(figure, form.short_options, items)
    )
    return ExportRequest(figure.read(state), form, options)


def render_export(
    request: ExportRequest,
    credit: Credit = NO_CREDIT,
    compute_lock: AbstractContextManager | None = None,
    converters: ConverterPool | None = None,
) -> RenderedResponse:
    """Render an export; animations are streamed by `Animation.encode` instead.

    Parameters
    ----------
    request : ExportRequest
    credit : Credit
    compute_lock : context manager, optional
        Held while numbers and SVG are made, but not while a picture is converted.
    converters : ConverterPool, optional
        Needed by formats with `needs_conversion`.

    Raises
    ------
    NotFound
        If the figure does not have this format.
    ParameterError
        For values that do not go together.
    Busy
        If no converter is free.
    """
    view, form, options = request.view, request.form, request.options
    with converters.converter() if converters and form.needs_conversion else nullcontext() as converter:
        with compute_lock or nullcontext():
            body = form.render(view, options, credit)
        if isinstance(body, Animation):
            raise TypeError("an animation is streamed: see Animation.encode")
        if converter and isinstance(body, str):
            if form.finish:
                png = converter.convert(body, "png", scale=SCALE, paper=LIGHT["paper"])
                body = form.finish(view, credit, body, png)
            else:
                is_transparent = options["_background"] == "transparent"
                paper = palette(options["_theme"])["paper"] if is_transparent else ""
                scale = options.get("_scale", 1)
                body = converter.convert(body, form.kind, scale=scale, paper=paper)
    data = body.encode() if isinstance(body, str) else body
    return RenderedResponse(data, form.mimetype, file_name(view, form), options["_download"])


def file_name(view: FigureState, form: Format, suffix: str = "") -> str:
    """Return the file name of a state: its figure and what differs from the default."""
    name = ",".join(filter(None, (view.figure.name, view.query.replace("&", ","), suffix)))
    if len(name) > 90 or not re.fullmatch(r"[\w.,=+-]*", name, re.ASCII):
        name = f"{view.figure.name}-{hashlib.sha256(view.query.encode()).hexdigest()[:8]}"
    return f"{name}{'-qr' if form.kind == 'qr' else ''}.{form.suffix}"
