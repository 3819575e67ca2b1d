"""Text as outlines, for programs and machines that lack the typeface of a standalone picture."""

import re
from functools import lru_cache
from html import unescape
from threading import Lock

from fontTools import ttLib
from fontTools.pens.basePen import BasePen

from infodecomp.explorable.graphics.scales import format_number
from infodecomp.explorable.graphics.text_metrics import FILES, advances, text_width

_TAG = re.compile(r"<(?P<end>/?)(?P<name>svg|g|text)\b(?P<attributes>[^>]*)>")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_INHERITED = ("font-size", "font-weight", "text-anchor")
_OF_TEXT = {"x", "y", "text-decoration", *_INHERITED}
_FONTS = Lock()  # held while one is read: a lazy font unpacks its tables on first use, not thread-safely
STRIKE_HEIGHT, STRIKE_WIDTH = 0.3, 0.07  # of a line through text, in font sizes


def outline_text(svg: str) -> str:
    """Replace the text elements of a standalone picture by paths.

    Parameters
    ----------
    svg : str
        As `standalone_svg` and `bare_svg` draw it: its text is set in the typeface of `text_metrics`.

    Returns
    -------
    str
        The same picture. A text with a character that the typeface lacks stays text.
    """
    pieces, end = [], 0
    inherited: list[dict[str, str]] = [{}]
    for tag in _TAG.finditer(svg):
        if tag["name"] == "text":
            if not tag["end"]:
                close = svg.index("</text>", tag.end())
                pieces.append(svg[end : tag.start()])
                attributes = inherited[-1] | dict(_ATTRIBUTE.findall(tag["attributes"]))
                path = _path_element(attributes, unescape(svg[tag.end() : close]))
                pieces.append(path or svg[tag.start() : close + len("</text>")])
                end = close + len("</text>")
        elif tag["end"]:
            inherited.pop()
        elif not tag["attributes"].endswith("/"):
            own = dict(_ATTRIBUTE.findall(tag["attributes"]))
            inherited.append(inherited[-1] | {name: own[name] for name in _INHERITED if name in own})
    return "".join([*pieces, svg[end:]])


def _path_element(attributes: dict[str, str], text: str) -> str | None:
    weight = 600 if attributes.get("font-weight", "400") in ("600", "700", "bold") else 400
    if any(character not in advances(weight) for character in text):
        return None
    size, y = float(attributes["font-size"]), float(attributes["y"])
    starts = [float(x) for x in attributes["x"].split()]
    width = text_width(text, size, weight)
    shift = {"middle": width / 2, "end": width}.get(attributes.get("text-anchor", "start"), 0)
    runs = zip(starts, text) if len(starts) > 1 else [(starts[0] - shift, text)]
    outline = "".join(_run_path(run, x, y, size, weight) for x, run in runs)
    if "text-decoration" in attributes:
        last = (
            starts[-1] + advances(weight)[text[-1]] * size if len(starts) > 1 else starts[0] - shift + width
        )
        left, top = starts[0] - shift, y - (STRIKE_HEIGHT + STRIKE_WIDTH / 2) * size
        outline += (
            f"M{format_number(left)} {format_number(top)}H{format_number(last)}"
            f"v{format_number(STRIKE_WIDTH * size, 2)}H{format_number(left)}z"
        )
    kept = "".join(f' {name}="{value}"' for name, value in attributes.items() if name not in _OF_TEXT)
    return f'<path d="{outline}"{kept}/>'


def _run_path(text: str, x: float, y: float, size: float, weight: int) -> str:
    """The outlines of characters that follow each other from a point on."""
    outlines = []
    for character in text:
        if outline := _outline(character, size, weight):
            outlines.append(f"M{format_number(x, 2)} {format_number(y, 2)}{outline}")
        x += size * advances(weight)[character]
    return "".join(outlines)


@lru_cache(maxsize=4096)
def _outline(character: str, size: float, weight: int) -> str:
    """The outline of a character, as path data that start from the point at which it stands."""
    with _FONTS:
        font = _font(weight)
        glyphs = font.getGlyphSet()
        pen = _RelativePen(glyphs, size / font["head"].unitsPerEm)
        glyphs[font.getBestCmap()[ord(character)]].draw(pen)
    return "".join(pen.commands)


@lru_cache(maxsize=2)
def _font(weight: int) -> ttLib.TTFont:
    return ttLib.TTFont(FILES[weight], lazy=True)


class _RelativePen(BasePen):
    """Writes an outline as path data relative to its origin, in hundredths of a pixel, with y downwards."""

    def __init__(self, glyphs, scale: float):
        super().__init__(glyphs)  # components of composite glyphs come from there
        self.commands: list[str] = []
        self._scale, self._start, self._end = 100 * scale, (0, 0), (0, 0)

    def _write(self, letter: str, *points: tuple[float, float]) -> None:
        rounded = [(round(x * self._scale), round(-y * self._scale)) for x, y in points]
        steps = ((x - self._end[0], y - self._end[1]) for x, y in rounded)
        self.commands.append(
            letter + " ".join(format_number(step / 100, 2) for pair in steps for step in pair)
        )
        self._end = rounded[-1]

    def _moveTo(self, pt):
        self._write("m", pt)
        self._start = self._end

    def _lineTo(self, pt):
        self._write("l", pt)

    def _curveToOne(self, pt1, pt2, pt3):
        self._write("c", pt1, pt2, pt3)

    def _qCurveToOne(self, pt1, pt2):
        self._write("q", pt1, pt2)

    def _closePath(self):
        self.commands.append("z")
        self._end = self._start
