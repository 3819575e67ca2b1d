"""All figures of an essay in one ZIP file: pictures, texts and tables."""

import zipfile
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import IO, cast

from infodecomp.explorable.exports.documents.plain_text import plain_text
from infodecomp.explorable.exports.film_worker import ByteSink
from infodecomp.explorable.exports.standalone import standalone_svg
from infodecomp.explorable.figures.credit import Credit
from infodecomp.explorable.figures.state import FigureState
from infodecomp.explorable.graphics.text_paths import outline_text

SIZE = (1920, 1080)  # pixels of each picture
_DATE = (1980, 1, 1, 0, 0, 0)  # of every file: the same states give the same bytes


@dataclass(frozen=True)
class ArchivedFigure:
    """A state, drawn and described: the contents of its files by extension."""

    name: str
    files: dict[str, bytes]


def archived_figure(view: FigureState, credit: Credit, to_png: Callable[[str], bytes]) -> ArchivedFigure:
    """Return the files of a state for an archive.

    Parameters
    ----------
    view : FigureState
    credit : Credit
    to_png : callable
        SVG -> PNG.
    """
    width, height = SIZE
    drawn = standalone_svg(view, width, height, credit=credit, embed_fonts=False).svg
    files = {
        "svg": outline_text(drawn).encode(),
        "png": to_png(drawn),
        "txt": plain_text(view, credit).encode(),
    }
    if view.table:
        files["csv"] = view.csv().encode()
    return ArchivedFigure(view.figure.name, files)


def archive(figures: Iterable[ArchivedFigure]) -> Generator[bytes]:
    """Yield a ZIP file of figures, numbered in their order, as soon as each of them is there.

    Parameters
    ----------
    figures : iterable of ArchivedFigure

    Yields
    ------
    bytes
    """
    sink = ByteSink()
    with zipfile.ZipFile(cast(IO[bytes], sink), "w") as file:
        for number, figure in enumerate(figures, 1):
            for extension, content in figure.files.items():
                packing = zipfile.ZIP_STORED if extension == "png" else zipfile.ZIP_DEFLATED
                entry = zipfile.ZipInfo(f"{number:02}-{figure.name}.{extension}", _DATE)
                file.writestr(entry, content, packing)
            yield sink.take()
    yield sink.take()
