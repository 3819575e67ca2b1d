"""Words that the code must not use: each has an ordinary or standard word that readers can search for."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
USE_INSTEAD = {
    "askers": "clients",
    "crew": "worker pool",
    "dear": "expensive",
    "hands": "workers",
    "lane": "queue, track",
    "lanes": "queues, tracks",
    "less the": "minus the",
    "nobody": "no one",
    "one's own": "own",
    "patience": "timeout",
    "rubbish": "malformed",
    "squeezed": "compressed",
    "told": "text; distinguished",
    "whoever": "the client, the reader",
}
PATTERN = re.compile(rf"\b(?:{'|'.join(map(re.escape, USE_INSTEAD))})\b", re.IGNORECASE)


def source_files() -> list[Path]:
    folders = ("infodecomp", "essays", "tests")
    python = {path for folder in folders for path in (ROOT / folder).rglob("*.py")} - {Path(__file__)}
    return sorted([*python, *(ROOT / "templates").iterdir()])


def separate_words(identifier: str) -> str:
    """The words of an identifier: max_waiters and ResponseCache become "max waiters" and "Response Cache"."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", identifier.replace("_", " "))


def python_texts(source: str) -> Iterator[tuple[int, str]]:
    """The line and text of every identifier, comment and docstring."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
        elif token.type == tokenize.NAME:
            yield token.start[0], separate_words(token.string)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            if docstring := ast.get_docstring(node):
                yield getattr(node, "lineno", 1), " ".join(docstring.split())


def template_texts(source: str) -> Iterator[tuple[int, str]]:
    """The line and text of every Jinja tag, expression and comment: what is outside is prose for readers."""
    for match in re.finditer(r"\{[{%#](.*?)[}%#]\}", source, re.DOTALL):
        yield source.count("\n", 0, match.start()) + 1, separate_words(match[1])


def forbidden(path: Path, source: str) -> list[str]:
    """The forbidden words of a file, with their lines and what to use instead."""
    texts = python_texts(source) if path.suffix == ".py" else template_texts(source)
    return [
        f"{path}:{line}: {word!r} (use {USE_INSTEAD[word.lower()]})"
        for line, text in texts
        for word in PATTERN.findall(text)
    ]


@pytest.mark.parametrize("path", source_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_forbidden_word_is_used(path):
    assert not forbidden(path.relative_to(ROOT), path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "source",
    [
        "told = 1",
        "def test_what_is_told(): pass",
        "class FastLane: pass",
        "f(is_dear=True)",
        "x = 1  # the bits less the noise",
        '"""What nobody reads."""',
        'def f():\n    """A world of one\'s\n    own."""',
    ],
)
def test_forbidden_words_are_found_in_identifiers_comments_and_docstrings(source):
    assert len(forbidden(Path("module.py"), source)) == 1


@pytest.mark.parametrize("source", ["<p>{{ figure.told }}</p>", "{% if is_dear %}", "{# squeezed #}"])
def test_forbidden_words_are_found_in_templates(source):
    assert len(forbidden(Path("page.html"), source)) == 1


@pytest.mark.parametrize("source", ["x = 'told'", "secondhand = planes = 1", "unless_the_end = endear = 2"])
def test_strings_and_parts_of_words_are_allowed(source):
    assert not forbidden(Path("module.py"), source)
