"""Names: the nearest one to a misspelling, and the change between python_names and address-names."""

import difflib
from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str:
    """" (did you mean 'x'?)" for the known name that is nearest to a misspelling; empty where none is near."""
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f" (did you mean {near[0]!r}?)" if near else ""
