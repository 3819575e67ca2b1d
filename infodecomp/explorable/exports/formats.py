"""The export formats of a figure: pictures, numbers, films and a slide.

`FORMATS` is the single list of formats: addresses, menus, the catalogue and the documentation follow from it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from infodecomp.explorable.core.errors import NotFound, ParameterError
from infodecomp.explorable.exports.documents import powerpoint
from infodecomp.explorable.exports.documents.plain_text import plain_text
from infodecomp.explorable.exports.documents.qr_code import qr_code
from infodecomp.explorable.exports.films.animation import ANIMATION_OPTIONS, Animation
from infodecomp.explorable.exports.films.sweep import SWEEP_OPTIONS, can_be_animated
from infodecomp.explorable.exports.films.video import VIDEO_OPTIONS, video
from infodecomp.explorable.exports.query_options import (
    FIELDS,
    FONTS,
    GRAB,
    HEIGHT,
    PICTURE_OPTIONS,
    SCALE,
    TEXT,
    WIDTH,
)
from infodecomp.explorable.exports.script import script
from infodecomp.explorable.exports.standalone import bare_svg, boxed_svg, standalone_svg
from infodecomp.explorable.figures.credit import Credit
from infodecomp.explorable.figures.figure import Figure
from infodecomp.explorable.figures.parameters import Parameter
from infodecomp.explorable.figures.state import FigureState
from infodecomp.explorable.graphics.drawing import Drawing
from infodecomp.explorable.graphics.text_paths import outline_text

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
MAX_PIXELS = 20_000_000  # of one file: about 6000 x 3300


@dataclass(frozen=True)
class Format:
    """One export format.

    Attributes
    ----------
    kind : str
        Extension of the address.
    label : str
        Name in menus.
    description : str
        What it is, in a few words.
    mimetype : str
    options : tuple of Parameter
        The query options that it takes.
    render : callable
        (state, option values, credit of the state) -> the body.
    needs_conversion : bool
        Whether `render` gives an SVG that a `Converter` turns into the body.
    short_options : tuple of Parameter
        Options that an address may write without their underscore.
    is_animation : bool
        Whether `render` gives an `Animation`, whose bytes are streamed.
    has_credit : bool
        Whether the body states where it comes from.
    finish : callable, optional
        (state, credit, SVG, PNG of it) -> the body, of a format that holds a picture.
    extension : str
        Of its files, where that is not its kind.
    """

    kind: str
    label: str
    description: str
    mimetype: str
    options: tuple[Parameter, ...]
    render: Callable[[FigureState, dict[str, Any], Credit], str | bytes | Animation]
    needs_conversion: bool = False
    short_options: tuple[Parameter, ...] = ()
    is_animation: bool = False
    has_credit: bool = True
    finish: Callable[[FigureState, Credit, str, bytes], bytes] | None = None
    extension: str = ""

    @property
    def suffix(self) -> str:
        """The ending of its file names."""
        return self.extension or self.kind


def draw_picture(
    view: FigureState, options: dict[str, Any], credit: Credit, embed_fonts: bool = True
) -> Drawing:
    """Return the standalone SVG of a state, with or without its frame.

    Parameters
    ----------
    view : FigureState
    options : dict
        Checked values of `PICTURE_OPTIONS` by name.
    credit : Credit
    embed_fonts : bool
        Whether the typeface is embedded.

    Raises
    ------
    ParameterError
        For a white background with dark colours.
    """
    if options["_background"] == "white" and options["_theme"] == "dark":
        raise ParameterError(
            "_background = 'white' cannot be read in dark colours: give _theme=light, or paper or "
            "transparent.",
            parameter="_background",
            value="white",
            bounds="paper, transparent",
        )
    width, height, theme, background = (
        options[name] for name in ("_width", "_height", "_theme", "_background")
    )
    if options["_qr"] and not credit.address:
        raise ParameterError(
            "_qr = 1 needs an address that leads here from other machines: set INFODECOMP_ORIGIN.",
            parameter="_qr",
            value="1",
        )
    if options["_qr"] and not options["_frame"]:
        raise ParameterError(
            "_qr = 1 needs the frame around the picture: leave out _frame=0.", parameter="_qr", value="1"
        )
    if not options["_frame"]:
        return bare_svg(view, width, height, theme, background, embed_fonts)
    return standalone_svg(view, width, height, theme, background, credit, embed_fonts, has_qr=options["_qr"])


def _svg(view: FigureState, options: dict[str, Any], credit: Credit) -> str:
    has_outlines = options["_text"] == "paths"
    svg = draw_picture(view, options, credit, options["_fonts"] and not has_outlines).svg
    return outline_text(svg) if has_outlines else svg


def _svg_to_convert(view: FigureState, options: dict[str, Any], credit: Credit) -> str:
    picture = draw_picture(view, options, credit, embed_fonts=False)
    scale = options.get("_scale", 1)
    pixels = picture.width * picture.height * scale**2
    if pixels > MAX_PIXELS:
        raise ParameterError(
            f"_scale = {scale} makes {pixels / 1e6:.0f} million pixels; give a smaller _scale, "
            f"_width or _height, at most {MAX_PIXELS / 1e6:.0f} million in all.",
            parameter="_scale",
            value=scale,
        )
    return picture.svg


def _csv(view: FigureState, options: dict[str, Any], credit: Credit) -> str:
    return view.csv()


def _json(view: FigureState, options: dict[str, Any], credit: Credit) -> bytes:
    if options["_grab"]:
        view = view.figure.at_point(view.state, options["_grab"])
    fields = options["_fields"].split(",") if options["_fields"] else None
    return view.json(fields, options["_width"], options["_height"])


def _python(view: FigureState, options: dict[str, Any], credit: Credit) -> str:
    return script(view, credit)


def _text(view: FigureState, options: dict[str, Any], credit: Credit) -> str:
    return plain_text(view, credit)


def _qr(view: FigureState, options: dict[str, Any], credit: Credit) -> str:
    return qr_code(credit.address)


def _slide_picture(view: FigureState, options: dict[str, Any], credit: Credit) -> str:
    return boxed_svg(view, *powerpoint.PICTURE).svg


def _slide(view: FigureState, credit: Credit, svg: str, png: bytes) -> bytes:
    return powerpoint.presentation([powerpoint.FigureSlide(view, credit, outline_text(svg), png)])


FORMATS = {
    form.kind: form
    for form in (
        Format(
            "svg",
            "SVG",
            "a picture whose text stays text",
            "image/svg+xml",
            (*PICTURE_OPTIONS, FONTS, TEXT),
            _svg,
        ),
        Format(
            "png",
            "PNG",
            "a picture in pixels",
            "image/png",
            (*PICTURE_OPTIONS, SCALE),
            _svg_to_convert,
            needs_conversion=True,
        ),
        Format(
            "pdf",
            "PDF",
            "a picture for print",
            "application/pdf",
            PICTURE_OPTIONS,
            _svg_to_convert,
            needs_conversion=True,
        ),
        Format("txt", "Text", "its sentence and its table", "text/plain; charset=utf-8", (), _text),
        Format("qr", "QR code", "the address of this state", "image/svg+xml", (), _qr, extension="svg"),
        Format(
            "pptx",
            "PowerPoint",
            "a slide with its picture, sentence and source",
            PPTX,
            (),
            _slide_picture,
            needs_conversion=True,
            finish=_slide,
        ),
        Format("csv", "CSV", "its table", "text/csv; charset=utf-8", (), _csv, has_credit=False),
        Format(
            "json",
            "JSON",
            "all of its numbers",
            "application/json",
            (WIDTH, HEIGHT, FIELDS, GRAB),
            _json,
            has_credit=False,
        ),
        Format("py", "Python", "a script that recomputes it", "text/x-python; charset=utf-8", (), _python),
        Format(
            "gif",
            "GIF",
            "an animation of it while one parameter moves: vary, from, to, frames",
            "image/gif",
            ANIMATION_OPTIONS,
            Animation,
            needs_conversion=True,
            short_options=SWEEP_OPTIONS,
            is_animation=True,
        ),
        Format(
            "mp4",
            "MP4",
            "a film of it at 30 pictures a second while one parameter moves, for a loop",
            "video/mp4",
            VIDEO_OPTIONS,
            video("mp4"),
            needs_conversion=True,
            short_options=SWEEP_OPTIONS,
            is_animation=True,
        ),
        Format(
            "webm",
            "WebM",
            "the same film for browsers",
            "video/webm",
            VIDEO_OPTIONS,
            video("webm"),
            needs_conversion=True,
            short_options=SWEEP_OPTIONS,
            is_animation=True,
        ),
    )
}


def find_format(kind: str) -> Format:
    """Return the format of an extension; raises NotFound."""
    if kind not in FORMATS:
        raise NotFound(f"There is no format {kind[:20]!r}; ask for .{', .'.join(FORMATS)}.", format=kind[:20])
    return FORMATS[kind]


def has_format(figure: Figure, kind: str, is_public: bool = True) -> bool:
    """Return whether a figure has a format.

    A panel draws nothing, and not every figure has a table. Nothing has a QR code where the address of the
    site leads nowhere from other machines (is_public: False).
    """
    if FORMATS[kind].is_animation:
        return can_be_animated(figure)
    if kind == "qr":
        return is_public
    return kind in ("json", "py", "txt") or figure.has("table" if kind == "csv" else "draw")
