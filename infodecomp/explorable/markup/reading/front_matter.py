"""The YAML front matter of an essay. Lenient: colons in values, repeated keys and raw HTML are read and
reported.
"""

from __future__ import annotations

import re

import yaml

from infodecomp.explorable.core.diagnostics import Diagnostics

TEXT_FIELDS = frozenset(
    "title subtitle socialsummary description date permalink template shareimg shareimgabstract".split()
)
"""Fields whose value is one line of text."""

_COMMENT = re.compile(r"[^'\"|>\[{#][^#]*\s#.*")
_ROW = re.compile(r"([A-Za-z_][\w-]*)[ \t]*:[ \t]*(.*)")


class FrontMatter(dict):
    """The fields of an essay. Plain values are strings as they were written; a missing field is ``''``.

    Parameters
    ----------
    fields : dict, optional
        The fields by name.
    lines : dict of str to int, optional
        The line of each field in the file.
    """

    def __init__(self, fields: dict | None = None, lines: dict[str, int] | None = None):
        super().__init__(fields or {})
        self.lines = lines or {}

    def __missing__(self, key: str) -> str:
        return ""

    def __getattr__(self, name: str):
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]


def read_front_matter(text: str, diagnostics: Diagnostics) -> tuple[FrontMatter, str, int]:
    """Split an essay into front matter and body.

    Parameters
    ----------
    text : str
        The essay.
    diagnostics : Diagnostics
        Receives what is not valid YAML and what YAML reads differently from what was meant.

    Returns
    -------
    front : FrontMatter
    body : str
    body_line : int
        The line on which the body begins, from 1.
    """
    lines = text.split("\n")
    if lines[0].strip() != "---":
        return FrontMatter(), text, 1
    end = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "...")), None)
    if end is None:
        diagnostics.error(1, "the front matter is never closed; write '---' on the line after it")
        end = next((i for i, line in enumerate(lines[1:], 1) if not line.strip()), len(lines))
        body_start = end
    else:
        body_start = end + 1
    front = _read(lines[1:end], diagnostics)
    return front, "\n".join(lines[body_start:]), body_start + 1


def _read(rows: list[str], diagnostics: Diagnostics) -> FrontMatter:
    """Parse the rows, the first of which is line 2 of the file. A value that is not valid YAML is quoted."""
    rows = list(rows)
    for _ in range(len(rows) + 1):
        try:
            node = yaml.compose("\n".join(rows), Loader=yaml.BaseLoader)
            _report_comments(rows, diagnostics)
            return _fields(node, diagnostics)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
            line = min(mark.line, len(rows) - 1) if mark is not None and rows else 0
            what = getattr(error, "problem", None) or "it is not YAML"
            if not _quote_value(rows, line):
                diagnostics.error(line + 2, f"the front matter cannot be read here: {what}")
                return _split_rows(rows, diagnostics)
            diagnostics.warning(line + 2, f"the front matter needs quotes around this value ({what})")
        except (ValueError, RecursionError):
            break
    diagnostics.error(2, "the front matter cannot be read")
    return _split_rows(rows, diagnostics)


def _report_comments(rows: list[str], diagnostics: Diagnostics) -> None:
    for line, row in enumerate(rows, 2):
        match = _ROW.fullmatch(row.rstrip())
        if match and match[1] in TEXT_FIELDS and _COMMENT.fullmatch(match[2]):
            diagnostics.warning(
                line, f"what follows '#' in '{match[1]}' is a comment to YAML; put quotes around the value"
            )


def _quote_value(rows: list[str], line: int) -> bool:
    """Put quotes around the value of a row; return whether that was possible."""
    match = _ROW.fullmatch(rows[line].rstrip()) if rows else None
    if not match or not match[2] or match[2][0] in "'|>" or re.fullmatch('".+"', match[2]):
        return False
    rows[line] = f"{match[1]}: '" + match[2].replace("'", "''") + "'"
    return True


def _fields(node: yaml.Node | None, diagnostics: Diagnostics) -> FrontMatter:
    if node is None:
        return FrontMatter()
    if not isinstance(node, yaml.MappingNode):
        diagnostics.error(2, "the front matter is no list of 'name: value' lines")
        return FrontMatter()
    fields: dict = {}
    lines: dict[str, int] = {}
    for key_node, value_node in node.value:
        key, line = str(_value(key_node)), key_node.start_mark.line + 2
        if key in fields:
            diagnostics.warning(
                line, f"'{key}' stands twice in the front matter; this one counts, not line {lines[key]}"
            )
        value = _value(value_node)
        if key in TEXT_FIELDS and not isinstance(value, str):
            diagnostics.error(line, f"'{key}' is a list or a table to YAML; put quotes around the value")
            value = ", ".join(map(str, value)) if isinstance(value, list) else ""
        is_block = getattr(value_node, "style", None) in ("|", ">")
        fields[key] = value.strip() if isinstance(value, str) and not is_block else value
        lines[key] = line
    return FrontMatter(fields, lines)


def _value(node: yaml.Node, depth: int = 0):
    if depth > 20:
        return ""
    if isinstance(node, yaml.MappingNode):
        return {str(_value(key, depth + 1)): _value(value, depth + 1) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, depth + 1) for item in node.value]
    return node.value


def _split_rows(rows: list[str], diagnostics: Diagnostics) -> FrontMatter:
    """The fields of front matter that is not YAML, read row by row."""
    fields: dict[str, str] = {}
    lines: dict[str, int] = {}
    for number, row in enumerate(rows, 2):
        match = _ROW.fullmatch(row.rstrip())
        if match:
            fields[match[1]], lines[match[1]] = match[2].strip("'\" "), number
    return FrontMatter(fields, lines)
