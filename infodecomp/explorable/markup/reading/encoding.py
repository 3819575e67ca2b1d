"""The bytes of an essay as text: what is not UTF-8, and what was UTF-8 once too often, is mended and reported."""

from __future__ import annotations

import re

import ftfy
from ftfy.badness import is_bad

from infodecomp.explorable.core.diagnostics import Diagnostics
from infodecomp.explorable.markup.parsing.source import protected_spans

_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufdd0-\ufdef]")
_STRAY_BYTE = re.compile("[\udc80-\udcff]")


def decode(raw: bytes, diagnostics: Diagnostics) -> str:
    """``raw`` as text with ``\\n`` between its lines; a byte that is not UTF-8 is read as Windows-1252."""
    text = raw.decode("utf-8-sig", "surrogateescape").replace("\r\n", "\n").replace("\r", "\n")
    stray = _STRAY_BYTE.search(text)
    if stray:
        line = text.count("\n", 0, stray.start()) + 1
        diagnostics.error(line, "the essay is not UTF-8 here; save it as UTF-8")
        text = _STRAY_BYTE.sub(
            lambda match: bytes([ord(match[0]) - 0xDC00]).decode("cp1252", "replace"), text
        )
    return _NOT_TEXT.sub("", text)


def mend_mojibake(text: str, diagnostics: Diagnostics) -> str:
    """Mend text that was decoded wrongly once (``â€”`` for a dash), outside code, formulas and tags."""
    if text.isascii() or not is_bad(text):
        return text
    pieces: list[str] = []
    end = 0
    for start, stop in [*protected_spans(text), (len(text), len(text))]:
        first_line = text.count("\n", 0, end) + 1
        pieces.append(_mend_lines(text[end:start], first_line, diagnostics))
        pieces.append(text[start:stop])
        end = stop
    return "".join(pieces)


def _mend_lines(text: str, first_line: int, diagnostics: Diagnostics) -> str:
    if text.isascii():
        return text
    lines = text.split("\n")
    for index, line in enumerate(lines):
        if not line.isascii() and is_bad(line):
            mended = ftfy.fix_encoding(line)
            if mended != line:
                lines[index] = mended.replace("\n", " ")
                was, now = _difference(line, mended)
                diagnostics.warning(
                    first_line + index, f"mojibake: '{was}' was read as '{now}'; save the file as UTF-8"
                )
    return "\n".join(lines)


def _difference(was: str, now: str) -> tuple[str, str]:
    """The part in which two texts differ."""
    start = next((i for i, (a, b) in enumerate(zip(was, now, strict=False)) if a != b), 0)
    end = 0
    while end < min(len(was), len(now)) - start and was[-1 - end] == now[-1 - end]:
        end += 1
    return was[start : len(was) - end][:24], now[start : len(now) - end][:24]
