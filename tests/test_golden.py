import pytest

from tests.golden import FOLDER, NUMBER, drawn_figures, picture

FIGURES = drawn_figures()


@pytest.mark.parametrize("figure", FIGURES, ids=lambda f: f.name)
def test_the_default_picture_is_the_golden_one(figure):
    """The same elements and words, and every number within a third of a pixel; `make golden` draws again."""
    golden, drawn = (FOLDER / f"{figure.name}.svg").read_text(), picture(figure)
    assert NUMBER.sub("#", drawn) == NUMBER.sub("#", golden)
    for line, (old, new) in enumerate(zip(golden.splitlines(), drawn.splitlines(), strict=True), 1):
        scale = 3 if "h0" in new else 1  # dots are in tenths of a pixel
        for a, b in zip(NUMBER.findall(old), NUMBER.findall(new), strict=True):
            assert abs(float(a) - float(b)) <= 0.34 * scale, f"{figure.name}.svg:{line}: {a} is now {b}"


def test_no_golden_picture_is_left_over():
    assert {path.stem for path in FOLDER.glob("*.svg")} == {figure.name for figure in FIGURES}
