"""Bundle functions with everything they use into the text of one program.

Definitions are followed through the modules of the functions' own package. A name that two modules use for
two things stays unambiguous: the later one is prefixed with the name of its module.
"""

import ast
import inspect
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

# Decorators that register a function as a part of a figure: left out, the function is an ordinary one.
DECLARATIONS = {
    "figure",
    "draw",
    "values",
    "describe",
    "value_text",
    "table",
    "invert_point",
    "derive",
    "partial_results",
    "advance",
}
ALIASES = {"numpy": "np"}

Binding = tuple[str, str]
"""(module, name): where something is bound; the name of a whole imported module is ""."""


@dataclass(frozen=True)
class Definition:
    """What binds a name in a module.

    Attributes
    ----------
    text : str
        Source code; empty for an import.
    uses : tuple of str
        The names that it uses, in order.
    target : Binding or None
        What an import leads to.
    """

    text: str
    uses: tuple[str, ...] = ()
    target: Binding | None = None


@dataclass(frozen=True)
class SourceBundle:
    """Import lines, definitions (each after those it uses), and the names of the bundled functions."""

    imports: list[str]
    definitions: list[str]
    names: list[str]


def bundle(functions: Sequence[Callable[..., Any]]) -> SourceBundle:
    """Bundle functions with everything they use from their own package; other imports are kept as imports.

    Parameters
    ----------
    functions : sequence of function
        Functions of one package.

    Raises
    ------
    OSError
        If the source code of a module cannot be read.
    """
    roots = [(function.__module__, function.__name__) for function in functions]
    package = f"{_outermost_package(roots[0][0])}."
    order = _dependency_order(roots, package)
    names = _unique_names(order)
    inside = [binding for binding in order if _is_inside(binding[0], package)]
    imports = [_import_line(binding, names[binding]) for binding in order if binding not in inside]
    definitions = dict.fromkeys(_renamed_text(binding, names, package) for binding in inside)
    return SourceBundle(
        sorted(imports, key=lambda line: ("infodecomp" in line, line)),
        list(definitions),
        [names[root] for root in roots],
    )


def _outermost_package(module: str) -> str:
    """The package of a module's essay, though the module may lie in a folder of it."""
    package = sys.modules[module].__package__ or ""
    while getattr(sys.modules.get(above := package.rpartition(".")[0]), "__file__", None):
        package = above
    return package


def _dependency_order(roots: list[Binding], package: str) -> list[Binding]:
    """All bindings that the roots need, each after those that it uses."""
    order: list[Binding] = []
    visited: set[Binding] = set()  # also ends the recursion of a function that uses itself

    def visit(binding: Binding) -> None:
        if binding in visited:
            return
        visited.add(binding)
        module, name = binding
        if _is_inside(module, package):
            definitions = _definitions(module)
            for used in definitions[name].uses:
                if used in definitions:
                    visit(_resolve((module, used), package))
        order.append(binding)

    for root in roots:
        visit(root)
    return order


def _is_inside(module: str, package: str) -> bool:
    """Whether a module is the package (given with a dot at its end) or one of its modules."""
    return f"{module}.".startswith(package)


def _resolve(binding: Binding, package: str) -> Binding:
    """Follow imports within the package to where a name is bound."""
    target = _definitions(binding[0])[binding[1]].target
    if target is None:
        return binding
    return _resolve(target, package) if _is_inside(target[0], package) else target


def _unique_names(order: list[Binding]) -> dict[Binding, str]:
    names: dict[Binding, str] = {}
    for module, name in order:
        preferred = name or ALIASES.get(module, module)
        taken = preferred in names.values()
        names[module, name] = f"{module.rpartition('.')[2]}_{preferred}" if taken else preferred
    return names


def _import_line(binding: Binding, name: str) -> str:
    module, original = binding
    line = f"from {module} import {original}" if original else f"import {module}"
    return line if name == (original or module) else f"{line} as {name}"


def _renamed_text(binding: Binding, names: dict[Binding, str], package: str) -> str:
    """The source of a definition, with the names that it and its dependencies have in the program."""
    module, name = binding
    definitions = _definitions(module)
    definition = definitions[name]
    renames = {
        used: names[_resolve((module, used), package)] for used in definition.uses if used in definitions
    }
    renames[name] = names[binding]
    renames = {old: new for old, new in renames.items() if old != new}
    lines = definition.text.encode().splitlines(keepends=True)  # ast counts columns in bytes
    positions = [
        (node.lineno, node.col_offset, node.id)
        for node in ast.walk(ast.parse(definition.text))
        if isinstance(node, ast.Name) and node.id in renames
    ]
    for number, column, old in sorted(positions, reverse=True):
        line = lines[number - 1]
        lines[number - 1] = line[:column] + renames[old].encode() + line[column + len(old.encode()) :]
    text = b"".join(lines).decode()
    return text.replace(f"def {name}(", f"def {renames[name]}(", 1) if name in renames else text


def _definitions(module: str) -> dict[str, Definition]:
    return _parse_module(sys.modules[module].__package__ or "", inspect.getsource(sys.modules[module]))


@lru_cache(maxsize=64)
def _parse_module(package: str, source: str) -> dict[str, Definition]:
    """What each top-level name of a module is bound to."""
    lines = source.splitlines()
    definitions: dict[str, Definition] = {}
    for node in ast.parse(source).body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            definitions |= _imports(node, package)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)):
            definitions |= _definition(node, lines)
    return definitions


def _definition(
    node: ast.FunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign, lines: list[str]
) -> dict[str, Definition]:
    start = node.lineno
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        node.decorator_list = [d for d in node.decorator_list if not _declares_figure(d)]
        start = min([decorator.lineno for decorator in node.decorator_list] + [start])
    names = sorted(
        (n for n in ast.walk(node) if isinstance(n, ast.Name)), key=lambda n: (n.lineno, n.col_offset)
    )
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        bound = [node.name]
    else:
        bound = [n.id for n in names if isinstance(n.ctx, ast.Store)]
    uses = dict.fromkeys(n.id for n in names if n.id not in bound)
    text = "\n".join(lines[start - 1 : node.end_lineno]) + "\n"
    return dict.fromkeys(bound, Definition(text, tuple(uses)))


def _imports(node: ast.Import | ast.ImportFrom, package: str) -> dict[str, Definition]:
    if isinstance(node, ast.Import):
        return {alias.asname or alias.name: Definition("", target=(alias.name, "")) for alias in node.names}
    above = (
        package.rsplit(".", node.level - 1)[0] if node.level > 1 else package
    )  # one package up for each dot
    module = ".".join(filter(None, (above if node.level else "", node.module)))
    return {alias.asname or alias.name: Definition("", target=(module, alias.name)) for alias in node.names}


def _declares_figure(decorator: ast.expr) -> bool:
    if isinstance(decorator, ast.Call):
        decorator = decorator.func
    name = decorator.attr if isinstance(decorator, ast.Attribute) else getattr(decorator, "id", "")
    return name in DECLARATIONS
