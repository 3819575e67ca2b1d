"""Golden pictures: the default state of every figure in tests/golden/; `make golden` draws them again."""

import re
from pathlib import Path

from infodecomp.explorable.figures.figure import Figure
from infodecomp.explorable.site.reading import read_library

ROOT = Path(__file__).parent.parent
FOLDER = Path(__file__).parent / "golden"
NUMBER = re.compile(r"-?\d+\.?\d*(?:e-?\d+)?")


def drawn_figures(essays: Path = ROOT / "essays") -> list[Figure]:
    """The figures of a folder of essays that have a picture."""
    return [figure for figure in read_library(essays).figures.values() if figure.has("draw")]


def picture(figure: Figure) -> str:
    """The default picture with a line for each element, so that a difference can be read."""
    return figure().svg(theme="light").replace("><", ">\n<") + "\n"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.svg"):
        old.unlink()
    for figure in drawn_figures():
        (FOLDER / f"{figure.name}.svg").write_text(picture(figure))
        print(figure.name)


if __name__ == "__main__":
    main()
