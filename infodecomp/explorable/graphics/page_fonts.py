"""The typefaces of the pages: Source Serif 4 for text, Source Sans 3 for figures and controls.

Both have the SIL Open Font License. Each variable font is subset to the characters that the site uses and to the
weights that its stylesheet names, and packed as WOFF2. That takes about a second, so the result is cached on
disk.
"""

import hashlib
import importlib.util
import io
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset, ttLib
from fontTools.varLib import instancer

BASIC = (
    "".join(map(chr, range(0x20, 0x7F)))
    + "\u00a0\u00b0\u00b1\u00b7\u00d7\u2013\u2014\u2018\u2019\u201c\u201d\u2026\u2212"
)
FEATURES = ["kern", "liga", "tnum", "lnum", "sups", "locl", "ccmp", "mark"]


@dataclass(frozen=True)
class Typeface:
    """A variable font of an installed package; `limits` maps an axis to a value or to (minimum, maximum)."""

    package: str
    file: str
    limits: dict[str, float | tuple[float, float]]

    @property
    def path(self) -> Path:
        """The path of the font file; the package is located, not imported."""
        folders = importlib.util.find_spec(self.package).submodule_search_locations
        return Path(folders[0]) / "files" / self.file


TYPEFACES = {
    "serif": Typeface(
        "fontpkg_source_serif_4", "SourceSerif4[opsz,wght].ttf", {"opsz": 19, "wght": (400, 650)}
    ),
    "serif-italic": Typeface(
        "fontpkg_source_serif_4", "SourceSerif4-Italic[opsz,wght].ttf", {"opsz": 19, "wght": 400}
    ),
    "sans": Typeface("fontpkg_source_sans_3", "SourceSans3[wght].ttf", {"wght": (400, 650)}),
}


def page_characters(texts: Iterable[str]) -> str:
    """The characters that the fonts of a site must hold: a basic set and those of the texts, sorted."""
    return "".join(
        sorted({*BASIC, *(character for text in texts for character in text if character > "\x7f")})
    )


def page_font(name: str, characters: str, cache: Path | None = None) -> bytes:
    """One of the site's fonts as WOFF2.

    Parameters
    ----------
    name : str
        One of TYPEFACES.
    characters : str
        The characters that it must hold; those that the typeface lacks are left to the reader's system.
    cache : Path, optional
        The folder that keeps what was made; by default one in the user's cache folder.
    """
    typeface = TYPEFACES[name]
    key = hashlib.sha256(
        repr((typeface, FEATURES, characters, typeface.path.stat().st_size)).encode()
    ).hexdigest()[:16]
    file = (cache or cache_folder()) / f"{name}-{key}.woff2"
    try:
        return file.read_bytes()
    except OSError:
        made = _subset(typeface, characters)
        _write(file, made)
        return made


def cache_folder() -> Path:
    """The folder in which fonts are kept between runs: $XDG_CACHE_HOME/infodecomp or ~/.cache/infodecomp."""
    root = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(root) / "infodecomp"


def _subset(typeface: Typeface, characters: str) -> bytes:
    font = ttLib.TTFont(typeface.path, recalcTimestamp=False)  # the same bytes every time
    options = subset.Options(flavor="woff2", hinting=False, layout_features=FEATURES)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=characters)
    subsetter.subset(font)
    packed = io.BytesIO()
    subset.save_font(instancer.instantiateVariableFont(font, typeface.limits), packed, options)
    return packed.getvalue()


def _write(file: Path, content: bytes) -> None:
    """Write the whole file or nothing; a cache that cannot be written only costs time at the next start."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=file.parent)
        with os.fdopen(handle, "wb") as part:
            part.write(content)
        os.replace(temporary, file)
    except OSError:
        pass
