"""Key numbers: words of a figure's sentence that a page shows in the colour of their role and in bold.

A sentence is plain text. What `key_number` has marked is `[0.70 bits]{series-1}` until the sentence is shown:
as HTML on a page, as its words alone everywhere else (exports, alternative texts, announcements).
"""

import re
from html import escape

from infodecomp.explorable.core.errors import DeclarationError
from infodecomp.explorable.core.numbers import minus_signs

ROLES = ("series-1", "series-2", "target", "selection", "ink")
"""The roles that a key number may have; each is a class of the stylesheet."""

_MARKED = re.compile(r"\[([^][]*)\]\{([\w-]+)\}")


def key_number(text: object, role: str = "ink") -> str:
    """Mark words of a figure's sentence as a key number.

    Parameters
    ----------
    text : object
        What is shown, such as "0.70 bits"; no square brackets.
    role : str
        One of `ROLES`.

    Returns
    -------
    str
        Part of the sentence that the figure's `describe` returns.

    Raises
    ------
    DeclarationError
        For an unknown role, or brackets in the text.
    """
    if role not in ROLES or set("[]") & set(str(text)):
        raise DeclarationError(
            f"key_number({str(text)!r}, {role!r}): give words without square brackets and one of "
            f"{', '.join(ROLES)}"
        )
    return f"[{text}]{{{role}}}"


def plain_sentence(sentence: str) -> str:
    """Return a sentence without its marks."""
    return _MARKED.sub(r"\1", minus_signs(sentence))


def sentence_html(sentence: str) -> str:
    """Return a sentence as HTML: its words escaped, its key numbers as `<b class="role-…">`."""
    return _MARKED.sub(r'<b class="role-\2">\1</b>', escape(minus_signs(sentence), quote=False))
