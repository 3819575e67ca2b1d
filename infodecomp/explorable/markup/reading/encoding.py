"""Decodes the bytes of an essay; repairs and reports invalid UTF-8 and mojibake."""

from __future__ import annotations

import re

import ftfy
from ftfy.badness import is_bad

from infodecomp.explorable.core.diagnostics import Diagnostics
from infodecomp.explorable.markup.parsing.source import protected_spans

_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufdd0-\ufdef]")
_STRAY_BYTE = re.compile("[\udc80-\udcff]")


def decode(raw: bytes, diagnostics: Diagnostics) -> str:
    """Decode an essay, with ``\\n`` as its line ends.

    Parameters
    ----------
    raw : bytes
        The file. Bytes that are not UTF-8 are read as Windows-1252.
    diagnostics : Diagnostics
        Receives the first such byte.

    Returns
    -------
    str
    """
    text = raw.decode("utf-8-sig", "surrogateescape").replace("\r\n", "\n").replace("\r", "\n")
    stray = _STRAY_BYTE.search(text)
    if stray:
        line = text.count("\n", 0, stray.start()) + 1
        diagnostics.error(line, "the essay is not UTF-8 here; save it as UTF-8")
        text = _STRAY_BYTE.sub(
            lambda match: bytes([ord(match[0]) - 0xDC00]).decode("cp1252", "replace"), text
        )
    return _NOT_TEXT.sub("", text)


def fix_mojibake(text: str, diagnostics: Diagnostics) -> str:
    """Repair text that was decoded wrongly once (``â€”`` for a dash), outside code, formulas and tags.

    Parameters
    ----------
    text : str
        The essay.
    diagnostics : Diagnostics
        Receives each line that is repaired.

    Returns
    -------
    str
    """
    if text.isascii() or not is_bad(text):
        return text
    pieces: list[str] = []
    end = 0
    for start, stop in [*protected_spans(text), (len(text), len(text))]:
        first_line = text.count("\n", 0, end) + 1
        pieces.append(_fix_lines(text[end:start], first_line, diagnostics))
        pieces.append(text[start:stop])
        end = stop
    return "".join(pieces)


def _fix_lines(text: str, first_line: int, diagnostics: Diagnostics) -> str:
    if text.isascii():
        return text
    lines = text.split("\n")
    for index, line in enumerate(lines):
        if not line.isascii() and is_bad(line):
            fixed = ftfy.fix_encoding(line)
            if fixed != line:
                lines[index] = fixed.replace("\n", " ")
                was, now = _difference(line, fixed)
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
