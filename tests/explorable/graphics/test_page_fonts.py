"""Page fonts: small, complete, and cached."""

import io
import os

import pytest
from fontTools import ttLib

from infodecomp.explorable.graphics import page_fonts
from infodecomp.explorable.graphics.page_fonts import BASIC, KEPT, TYPEFACES, page_characters, page_font

CHARACTERS = page_characters(["naïve ≤ µ"])


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("fonts")


@pytest.mark.parametrize("name", TYPEFACES)
def test_a_font_holds_every_character_that_the_site_uses_and_little_else(name, cache):
    made = page_font(name, CHARACTERS, cache)
    font = ttLib.TTFont(io.BytesIO(made))
    assert {ord(c) for c in BASIC + "ïµ"} <= set(font.getBestCmap())
    assert len(font.getBestCmap()) < 150 and len(made) < 32_000


@pytest.mark.parametrize("name", ["serif", "sans"])
def test_text_and_headings_are_two_weights_of_one_file(name, cache):
    font = ttLib.TTFont(io.BytesIO(page_font(name, CHARACTERS, cache)))
    (axis,) = font["fvar"].axes
    assert (axis.axisTag, axis.minValue, axis.maxValue) == ("wght", 400, 650)


def test_a_font_is_cached_on_disk_and_rebuilt_without_the_cache(cache):
    first = page_font("sans", CHARACTERS, cache)
    cached = {path: path.stat().st_mtime_ns for path in cache.iterdir()}
    assert page_font("sans", CHARACTERS, cache) == first
    assert {path: path.stat().st_mtime_ns for path in cache.iterdir()} == cached
    for path in cached:
        path.unlink()
    assert page_font("sans", CHARACTERS, cache) == first


def test_the_cache_keeps_the_newest_fonts_of_each_name(tmp_path, monkeypatch):
    monkeypatch.setattr(page_fonts, "_subset", lambda typeface, characters: characters.encode())
    page_font("serif-italic", "a", tmp_path)
    for number in range(KEPT + 5):
        page_font("serif", str(number), tmp_path)
        newest = max(tmp_path.glob("serif-[0-9a-f]*"), key=lambda font: font.stat().st_mtime_ns)
        os.utime(newest, ns=(number * 10**9,) * 2)
    kept = sorted(font.read_text() for font in tmp_path.iterdir())
    assert kept == sorted(["a", *map(str, range(5, KEPT + 5))])


def test_an_unwritable_cache_is_not_an_error(tmp_path):
    (tmp_path / "file").write_text("in the way")
    assert page_font("serif-italic", page_characters([]), tmp_path / "file" / "below")[:4] == b"wOF2"
