"""Sources: a function with all that it uses, followed through the modules beside it, as the text of one program.

A name that two modules use for two things keeps its meaning: the later one is written with its module before it.
"""

import ast
import inspect
import sys
from dataclasses import dataclass
from functools import lru_cache
from types import FunctionType

DECLARING = {
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
Place = tuple[
    str, str
]  # (module, name): where a thing is bound; of an import of a whole module the name is ""


@dataclass(frozen=True)
class Definition:
    """What binds a name: its text, the names that it uses, in order, and for an import the place that it leads to."""

    text: str
    uses: tuple[str, ...] = ()
    leads_to: Place | None = None


def program(functions: list[FunctionType]) -> tuple[list[str], list[str], list[str]]:
    """What some functions need: import lines, definitions each after those that it uses, and the functions' names there.

    Only modules of the functions' own package are followed; of others the import is kept. Raises OSError where a source cannot
    be read.
    """
    roots = [(function.__module__, function.__name__) for function in functions]
    package = sys.modules[roots[0][0]].__package__ + "."
    order: list[Place] = []

    def need(place: Place) -> None:
        if place in order or place in open_places:
            return
        open_places.add(place)  # a function may use itself
        if _is_inside(place[0], package):
            for used in _definitions(place[0])[place[1]].uses:
                if used in _definitions(place[0]):
                    need(_resolved((place[0], used), package))
        order.append(place)

    open_places: set[Place] = set()
    for root in roots:
        need(root)
    names = _named(order)
    imports = [_import(place, names[place]) for place in order if not _is_inside(place[0], package)]
    texts = dict.fromkeys(_written(place, names, package) for place in order if _is_inside(place[0], package))
    return (
        sorted(imports, key=lambda line: ("infodecomp" in line, line)),
        list(texts),
        [names[root] for root in roots],
    )


def _is_inside(module: str, package: str) -> bool:
    """Whether a module is a package, given with a dot at its end, or one of its modules."""
    return f"{module}.".startswith(package)


def _resolved(place: Place, package: str) -> Place:
    """Where the thing behind a name is bound, through the imports of the package."""
    found = _definitions(place[0])[place[1]]
    if found.leads_to is None:
        return place
    return _resolved(found.leads_to, package) if _is_inside(found.leads_to[0], package) else found.leads_to


def _named(order: list[Place]) -> dict[Place, str]:
    """A name of its own for each place, its usual one where that is free."""
    names: dict[Place, str] = {}
    for module, name in order:
        usual = name or IMPORTED_AS.get(module, module)
        names[module, name] = usual if usual not in names.values() else f"{module.rpartition('.')[2]}_{usual}"
    return names


IMPORTED_AS = {"numpy": "np"}


def _import(place: Place, name: str) -> str:
    module, original = place
    line = f"from {module} import {original}" if original else f"import {module}"
    return line if name == (original or module) else f"{line} as {name}"


def _written(place: Place, names: dict[Place, str], package: str) -> str:
    """The text of a definition, with the names that its uses have in the program."""
    module, name = place
    found = _definitions(module)
    new = {used: names[_resolved((module, used), package)] for used in found[name].uses if used in found} | {
        name: names[place]
    }
    new = {old: now for old, now in new.items() if old != now}
    lines = found[name].text.encode().splitlines(keepends=True)
    spots = [
        (node.lineno, node.col_offset, node.id)
        for node in ast.walk(ast.parse(found[name].text))
        if isinstance(node, ast.Name) and node.id in new
    ]
    for line, column, old in sorted(spots, reverse=True):
        text = lines[line - 1]
        lines[line - 1] = text[:column] + new[old].encode() + text[column + len(old.encode()) :]
    text = b"".join(lines).decode()
    return text.replace(f"def {name}(", f"def {new[name]}(", 1) if name in new else text


def _definitions(module: str) -> dict[str, Definition]:
    return _read(sys.modules[module].__package__ or "", inspect.getsource(sys.modules[module]))


@lru_cache(maxsize=64)
def _read(package: str, source: str) -> dict[str, Definition]:
    """What each name at the top of a module is bound by."""
    lines, found = source.splitlines(), {}
    for node in ast.parse(source).body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= _imported(node, package)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)):
            start = node.lineno
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                node.decorator_list = [
                    decorator for decorator in node.decorator_list if not _declares(decorator)
                ]
                start = min([decorator.lineno for decorator in node.decorator_list] + [start])
            names = [n for n in ast.walk(node) if isinstance(n, ast.Name)]
            bound = (
                [node.name]
                if hasattr(node, "name")
                else [n.id for n in names if isinstance(n.ctx, ast.Store)]
            )
            uses = dict.fromkeys(
                n.id for n in sorted(names, key=lambda n: (n.lineno, n.col_offset)) if n.id not in bound
            )
            found |= dict.fromkeys(
                bound, Definition("\n".join(lines[start - 1 : node.end_lineno]) + "\n", tuple(uses))
            )
    return found


def _imported(node: ast.Import | ast.ImportFrom, package: str) -> dict[str, Definition]:
    if isinstance(node, ast.Import):
        return {alias.asname or alias.name: Definition("", leads_to=(alias.name, "")) for alias in node.names}
    module = ".".join(filter(None, (package if node.level else "", node.module)))
    return {alias.asname or alias.name: Definition("", leads_to=(module, alias.name)) for alias in node.names}


def _declares(decorator: ast.expr) -> bool:
    """Whether a decorator declares a figure or a part of one: without it the function is a plain one."""
    decorator = decorator.func if isinstance(decorator, ast.Call) else decorator
    return (
        decorator.attr if isinstance(decorator, ast.Attribute) else getattr(decorator, "id", "")
    ) in DECLARING
