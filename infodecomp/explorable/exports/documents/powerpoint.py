"""PowerPoint: figures as slides, each with title, picture, sentence, source and notes.

A picture is there twice: as PNG and, for programs that read it, as SVG whose letters are outlines. Impress
7.4 shows the PNG. Titles and sentences are text, so that a speaker can change them.
"""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from infodecomp.explorable.figures.credit import Credit
from infodecomp.explorable.figures.state import FigureState
from infodecomp.explorable.graphics.theme import LIGHT

SLIDE = (13.333, 7.5)  # inches: 16:9
PICTURE = (880, 354)  # pixels of the space for a picture
DENSITY = 72  # of them to an inch: the smallest text has 9 points
SCALE = 3  # pixels of the PNG for each of them
LEFT, TOP = 0.573, 1.6  # inches: of that space
_SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
_SVG_NAMESPACE = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
_DATE = (1980, 1, 1, 0, 0, 0)  # of every part: the same state gives the same bytes


@dataclass(frozen=True)
class FigureSlide:
    """What a slide shows: a state, its heading and notes as plain text, and its picture in two forms."""

    view: FigureState
    credit: Credit
    svg: str
    png: bytes
    heading: str = ""
    notes: str = ""


@dataclass(frozen=True)
class TextSlide:
    """A slide with a heading, a text below it and notes, all plain; an empty line parts two paragraphs."""

    heading: str
    text: str
    notes: str = ""


def presentation(
    slides: Sequence[FigureSlide], title: str = "", subtitle: str = "", closing: TextSlide | None = None
) -> bytes:
    """Return slides as a .pptx file.

    Parameters
    ----------
    slides : sequence of FigureSlide
    title, subtitle : str
        Of a title slide before them; without a title there is none.
    closing : TextSlide, optional
        Comes after them.

    Returns
    -------
    bytes
    """
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    deck.slide_width, deck.slide_height = map(Inches, SLIDE)
    deck.core_properties.title = title or slides[0].view.figure.title
    deck.core_properties.modified = datetime(*_DATE)
    if title:
        opening = deck.slides.add_slide(deck.slide_layouts[6])
        _add_text(opening, title, 1, 2.4, 11.3, 1.6, 44, bold=True)
        _add_text(opening, subtitle, 1, 4.1, 11.3, 1.4, 22)
    for number, slide in enumerate(slides, 1):
        _add_figure(deck, slide, number)
    if closing:
        last = deck.slides.add_slide(deck.slide_layouts[6])
        _add_text(last, closing.heading, 1, 1, 11.3, 0.9, 36, bold=True)
        _add_text(last, closing.text, 1, 2.1, 11.3, 4.6, 20)
        last.notes_slide.notes_text_frame.text = closing.notes
    body = io.BytesIO()
    deck.save(body)
    return _with_fixed_dates(body.getvalue())


def _add_figure(deck: Any, shown: FigureSlide, number: int) -> None:
    from pptx.dml.color import RGBColor
    from pptx.util import Inches

    view, figure = shown.view, shown.view.figure
    slide = deck.slides.add_slide(deck.slide_layouts[5])  # a title and nothing else
    paper = slide.background.fill  # as the outlines around labels have it
    paper.solid()
    paper.fore_color.rgb = RGBColor.from_string(LIGHT["paper"][1:])
    heading = slide.shapes.title
    heading.left, heading.top, heading.width, heading.height = map(Inches, (LEFT, 0.25, 12.19, 0.6))
    heading.text_frame.text = shown.heading or figure.title
    _set_font(heading.text_frame.paragraphs[0], 28, True)
    _add_text(slide, view.description, LEFT, 0.85, 12.19, 0.75, 16)
    width, height = (Inches(side / DENSITY) for side in PICTURE)
    picture = slide.shapes.add_picture(io.BytesIO(shown.png), Inches(LEFT), Inches(TOP), width, height)
    properties = picture._element.nvPicPr.cNvPr
    properties.set("name", figure.title)
    properties.set("descr", view.description)
    _add_vector(slide, picture, shown.svg, number)
    foot = _add_text(slide, shown.credit.line(view.source, figure.attribution), LEFT, 6.65, 12.19, 0.6, 11)
    if shown.credit.address:
        foot.runs[0].hyperlink.address = shown.credit.address
    notes = [shown.notes or view.description, shown.credit.line()]
    slide.notes_slide.notes_text_frame.text = "\n\n".join(filter(None, notes))


def _add_text(
    slide: Any, text: str, left: float, top: float, width: float, height: float, size: int, bold: bool = False
) -> Any:
    """Add a text box, in inches and points; returns its paragraph."""
    from pptx.util import Inches

    frame = slide.shapes.add_textbox(*map(Inches, (left, top, width, height))).text_frame
    frame.word_wrap = True
    frame.text = text
    for paragraph in frame.paragraphs:
        _set_font(paragraph, size, bold)
    return frame.paragraphs[0]


def _set_font(paragraph: Any, size: int, bold: bool) -> None:
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Pt

    paragraph.alignment = PP_ALIGN.LEFT
    paragraph.font.size, paragraph.font.bold = Pt(size), bold


def _add_vector(slide: Any, picture: Any, svg: str, number: int) -> None:
    """Give a picture its SVG too, as an extension of its image, which Office reads since 2016."""
    from pptx.opc.constants import RELATIONSHIP_TYPE
    from pptx.opc.package import Part
    from pptx.opc.packuri import PackURI
    from pptx.oxml import parse_xml

    package = slide.part.package
    part = Part(PackURI(f"/ppt/media/figure{number}.svg"), "image/svg+xml", package, svg.encode())
    identity = slide.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
    image = picture._element.blipFill.find("{*}blip")
    image.append(
        parse_xml(
            '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
            'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
            f'<a:ext uri="{_SVG_EXTENSION}"><asvg:svgBlip xmlns:asvg="{_SVG_NAMESPACE}" '
            f'r:embed="{identity}"/></a:ext></a:extLst>'
        )
    )


def _with_fixed_dates(body: bytes) -> bytes:
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(body)) as read,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        for entry in read.infolist():
            written.writestr(zipfile.ZipInfo(entry.filename, _DATE), read.read(entry), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
