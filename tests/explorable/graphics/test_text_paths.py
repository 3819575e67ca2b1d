"""Text as outlines, for several readers at once."""

import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from infodecomp.explorable.graphics import text_paths

LETTERS = "".join(map(chr, [*range(33, 38), *range(39, 60), *range(63, 127)]))
SVG = f'<svg font-size="13"><text x="1" y="2">{LETTERS}</text></svg>'


@pytest.fixture
def often_switching():
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_threads_that_ask_first_all_get_the_right_outlines(often_switching):
    expected, together = text_paths.outline_text(SVG), Barrier(4)

    def outline(_):
        together.wait()
        return text_paths.outline_text(SVG)

    with ThreadPoolExecutor(4) as pool:
        for _ in range(3):
            text_paths._font.cache_clear()
            text_paths._outline.cache_clear()
            assert list(pool.map(outline, range(4))) == [expected] * 4
