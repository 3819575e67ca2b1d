"""Dates as people write them in front matter: ``2026-11-21``, ``21 November 2026``, ``July 2024``, ``2024``."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = {
    name: index for index, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)
}


def read_date(text: object) -> date | None:
    """The day that ``text`` names, the first of its month or year where it says no more, or None."""
    text = str(text or "").strip().casefold()
    if match := re.match(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:[t\s].*)?$", text):
        return _day(match[1], match[2], match[3])
    year = re.search(r"\b(\d{4})\b", text)
    month = re.search(r"\b(" + "|".join(_MONTHS) + r")[a-z]*\.?\b", text)
    if not year:
        return None
    day = re.search(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?(?![\d])", text.replace(year[0], " "))
    return _day(year[1], _MONTHS[month[1]] if month else None, day[1] if day and month else None)


def _day(year: str, month: str | int | None, day: str | None) -> date | None:
    try:
        return date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
