"""The typefaces of the pages: Source Serif 4 for text, Source Sans 3 for figures and controls.

Both have the SIL Open Font License. Each variable font is subset to the characters that the site uses and to
the weights that its stylesheet names, and packed as WOFF2. That takes about a second, so the result is cached
on disk.
"""

import hashlib
import io
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset, ttLib
from fontTools.varLib import instancer

from infodecomp.explorable.graphics.font_packages import font_folder

BASIC = (
    "".join(map(chr, range(0x20, 0x7F)))
    + "\u00a0\u00b0\u00b1\u00b7\u00d7\u2013\u2014\u2018\u2019\u201c\u201d\u2026\u2212"
)
FEATURES = ["kern", "liga", "tnum", "lnum", "sups", "locl", "ccmp", "mark"]


@dataclass(frozen=True)
class Typeface:
    """A variable font of an installed package.

    Parameters
    ----------
    package : str
    file : str
        Name of the font file.
    limits : dict of str to float or (float, float)
        Axis -> the value at which it is fixed, or its minimum and maximum.
    """

    package: str
    file: str
    limits: dict[str, float | tuple[float, float]]

    @property
    def path(self) -> Path:
        """The path of the font file."""
        return font_folder(self.package, "files") / self.file


TYPEFACES = {
    "serif": Typeface(
        "fontpkg_source_serif_4", "SourceSerif4[opsz,wght].ttf", {"opsz": 19, "wght": (400, 650)}
    ),
    "serif-italic": Typeface(
        "fontpkg_source_serif_4", "SourceSerif4-Italic[opsz,wght].ttf", {"opsz": 19, "wght": 400}
    ),
    "sans": Typeface("fontpkg_source_sans_3", "SourceSans3[wght].ttf", {"wght": (400, 650)}),
}
KEPT = 20  # fonts of a name in the cache


def page_characters(texts: Iterable[str]) -> str:
    """Return the characters that the fonts of a site must contain.

    Parameters
    ----------
    texts : iterable of str
        Everything that the site shows.

    Returns
    -------
    str
        Basic Latin, common punctuation and the other characters of the texts, sorted.
    """
    return "".join(
        sorted({*BASIC, *(character for text in texts for character in text if character > "\x7f")})
    )


def page_font(name: str, characters: str, cache: Path | None = None) -> bytes:
    """Subset one of the site's fonts, or read it from the cache.

    Parameters
    ----------
    name : str
        A key of `TYPEFACES`.
    characters : str
        The characters that it must contain. Those that the typeface lacks are left to the reader's system.
    cache : Path, optional
        The folder of the cache; `cache_folder()` by default.

    Returns
    -------
    bytes
        A WOFF2 font.
    """
    typeface = TYPEFACES[name]
    key = hashlib.sha256(
        repr((typeface, FEATURES, characters, typeface.path.stat().st_size)).encode()
    ).hexdigest()[:16]
    file = (cache or cache_folder()) / f"{name}-{key}.woff2"
    try:
        return file.read_bytes()
    except OSError:
        font = _subset(typeface, characters)
        _write(file, font)
        _remove_old(file.parent, name)
        return font


def _remove_old(cache: Path, name: str) -> None:
    """Keep the newest fonts of a name; each release and each alphabet of a site has one of its own."""
    with suppress(OSError):
        fonts = cache.glob(f"{name}-{'[0-9a-f]' * 16}.woff2")
        for font in sorted(fonts, key=lambda font: font.stat().st_mtime)[:-KEPT]:
            font.unlink()


def cache_folder() -> Path:
    """Return the folder of the font cache: $XDG_CACHE_HOME/infodecomp or ~/.cache/infodecomp."""
    root = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(root) / "infodecomp"


def _subset(typeface: Typeface, characters: str) -> bytes:
    font = ttLib.TTFont(typeface.path, recalcTimestamp=False)  # so that the bytes are reproducible
    options = subset.Options(flavor="woff2", hinting=False, layout_features=FEATURES)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=characters)
    subsetter.subset(font)
    packed = io.BytesIO()
    subset.save_font(instancer.instantiateVariableFont(font, typeface.limits), packed, options)
    return packed.getvalue()


def _write(file: Path, content: bytes) -> None:
    """Write a file atomically; without a writable cache the font is just made again at the next start."""
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=file.parent)
        try:
            with os.fdopen(handle, "wb") as part:
                part.write(content)
            os.replace(temporary, file)
        except OSError:
            os.unlink(temporary)
