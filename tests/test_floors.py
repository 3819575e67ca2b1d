"""The layers of the code: who may import what, no cycles, no folder with too many modules."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "infodecomp"
MAX_MODULES = 14

SCIENCE = {
    "torch",
    "numpy",
    "scipy",
    "safetensors",
    "sklearn",
    "pandas",
    "threadpoolctl",
    "lazy_loader",
    "PIL",
    "distributed",
    "joblib",
    "pyarrow",  # large tables alone, as duckdb
    "duckdb",
    "matplotlib",  # where a plot is asked for
    "pylatexenc",  # names of columns in tables for papers
}
ENGINE = {
    "numpy",
    "markdown",
    "orjson",
    "rjsmin",
    "math_core",
    "ziamath",
    "fontTools",
    "vl_convert",
    "yaml",
    "ftfy",
    "jinja2",
    "markupsafe",
    "brotli",
    "cachetools",
    "bibtexparser",
    "pylatexenc",
    "PIL",
    "av",  # films
    "pptx",
    "segno",
}
WEB = {"flask", "werkzeug", "granian"}
COMMAND_LINE = {"click", "pandas", "numpy", "torch", "jinja2", "joblib"}
STANDARD = sys.stdlib_module_names


def imports(source: str) -> Iterator[tuple[str, bool]]:
    """The modules that a source imports, also inside functions, and whether only for type checking."""
    tree = ast.parse(source)
    guarded = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, id(node) in guarded) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if not node.level:  # a relative import stays in its folder
                yield node.module or "", id(node) in guarded


def imported(path: Path) -> set[str]:
    """The modules that a file needs at run time."""
    return {name for name, for_types in imports(path.read_text(encoding="utf-8")) if not for_types}


def third_party(path: Path) -> set[str]:
    """The packages of others that a file needs."""
    tops = {name.split(".")[0] for name in imported(path)}
    return tops - STANDARD - {"infodecomp", "__future__"}


def package_of(path: Path) -> str:
    """The package of a module, such as infodecomp.web or infodecomp.explorable.figures."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    depth = 3 if parts[1:2] == ("explorable",) else 2
    return ".".join(parts[:depth])


def files(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


MODULES = [path for path in files("infodecomp") if "site/starter" not in path.as_posix()]
NAMES = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in MODULES}


def identify(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=identify)
def test_each_layer_imports_only_what_lies_below(path):
    room = path.relative_to(PACKAGE).parts[0]
    inner = {name for name in imported(path) if name.split(".")[0] == "infodecomp"}
    if room == "explorable":
        assert third_party(path) <= ENGINE
        assert all(name.startswith("infodecomp.explorable") for name in inner), "the engine knows no science"
    elif room == "web":
        assert third_party(path) <= WEB | {"orjson", "torch", "threadpoolctl"}
    elif room == "pictures":  # of results: between the engine and the science, and known to both
        assert third_party(path) <= {"numpy"}
        assert all(name.startswith(("infodecomp.explorable", "infodecomp.pictures")) for name in inner)
    elif room == "cli":
        assert third_party(path) <= COMMAND_LINE
    else:
        assert third_party(path) <= SCIENCE
        assert not any(name.startswith(("infodecomp.explorable", "infodecomp.web")) for name in inner)
    assert "app" not in imported(path), "the application lies above the package"
    if room != "cli":
        assert not any(name.startswith("infodecomp.cli") for name in inner)
    if room not in ("cli", "web"):
        assert not any(name.startswith("infodecomp.web") for name in inner)


@pytest.mark.parametrize("path", files("essays"), ids=identify)
def test_essays_need_the_package_and_numpy_alone(path):
    siblings = {found.stem for found in files("essays")} | {"essays"}
    assert third_party(path) - siblings <= {"numpy"}


def test_only_the_web_package_imports_flask_and_the_server():
    outside = [path for path in MODULES + files("essays") if third_party(path) & WEB]
    assert all(path.is_relative_to(PACKAGE / "web") for path in outside) and outside


def test_packages_import_each_other_without_a_cycle():
    arrows: dict[str, set[str]] = {}
    for path in MODULES:
        if path.name == "__init__.py":  # a facade only re-exports
            continue
        for name in imported(path):
            target = NAMES.get(name) or NAMES.get(f"{name}.__init__")
            if target is not None and package_of(target) != package_of(path):
                if target.name == "__init__.py" and package_of(target).count(".") < 2:
                    continue
                arrows.setdefault(package_of(path), set()).add(package_of(target))
    assert not list(cycles(arrows))


def cycles(arrows: dict[str, set[str]]) -> Iterator[tuple[str, ...]]:
    """The cycles of a graph, each as a path that returns to its start."""
    done: set[str] = set()

    def visit(node: str, trail: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        if node in trail:
            yield (*trail[trail.index(node) :], node)
        elif node not in done:
            for target in sorted(arrows.get(node, ())):
                yield from visit(target, (*trail, node))
            done.add(node)

    for node in sorted(arrows):
        yield from visit(node, ())


def test_no_folder_has_too_many_modules():
    counts: dict[Path, int] = {}
    for path in MODULES:
        if path.name != "__init__.py":
            counts[path.parent] = counts.get(path.parent, 0) + 1
    large = {identify(folder) for folder, count in counts.items() if count > MAX_MODULES}
    assert not large


def test_these_tests_see_imports_and_cycles(tmp_path):
    bad = tmp_path / "bad.py"
    bad.write_text("def f():\n    from flask import Flask\n    import torch.nn\n")
    assert third_party(bad) == {"flask", "torch"}
    assert list(cycles({"a": {"b"}, "b": {"c"}, "c": {"a"}})) == [("a", "b", "c", "a")]
    assert not list(cycles({"a": {"b", "c"}, "b": {"c"}}))
