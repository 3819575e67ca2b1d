"""The floors of the house: imports point down only."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
THIRD = {
    "flask",
    "werkzeug",
    "waitress",
    "markupsafe",
    "torch",
    "numpy",
    "scipy",
    "markdown",
    "orjson",
    "math_core",
    "ziamath",
    "vl_convert",
    "safetensors",
    "click",
    "yaml",
    "ftfy",
    "fontTools",
    "jinja2",
    "sklearn",
    "pandas",
    "dit",
}
SMALL = {
    "numpy",
    "markdown",
    "orjson",
    "math_core",
    "ziamath",
    "fontTools",
    "vl_convert",
    "yaml",
    "ftfy",
    "jinja2",
    "markupsafe",
}


def imports(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module)
    return names


def tops(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imports(path)} & THIRD


SCIENCE = [
    path
    for path in sorted((ROOT / "infodecomp").rglob("*.py"))
    if not {"explorable", "cli"} & set(path.parts) and path.name != "__main__.py"
]
ENGINE = sorted((ROOT / "infodecomp" / "explorable").rglob("*.py"))
ESSAYS = sorted((ROOT / "essays").rglob("*.py"))


@pytest.mark.parametrize("path", SCIENCE, ids=lambda p: p.name)
def test_science_knows_torch_and_no_page(path):
    known = {"torch", "numpy", "scipy", "safetensors"}
    assert tops(path) <= (known | {"sklearn"} if path.name == "estimator.py" else known)
    assert not any(name.startswith("infodecomp.explorable") for name in imports(path))


@pytest.mark.parametrize("path", ENGINE, ids=lambda p: p.name)
def test_the_engine_knows_no_science_and_no_server(path):
    assert tops(path) <= (SMALL | {"waitress"} if path.name == "listening.py" else SMALL)
    assert all(
        name.startswith("infodecomp.explorable")
        for name in imports(path)
        if name.split(".")[0] == "infodecomp"
    )


@pytest.mark.parametrize("path", ESSAYS, ids=lambda p: p.name)
def test_essays_stand_on_the_package_alone(path):
    assert tops(path) <= {"numpy"}


def test_only_the_server_imports_flask():
    inside = [path for folder in ("infodecomp", "essays") for path in (ROOT / folder).rglob("*.py")]
    assert not [path for path in inside if tops(path) & {"flask", "werkzeug"}]
    assert [path.name for path in inside if "waitress" in tops(path)] == ["listening.py"]
    assert "flask" in tops(ROOT / "app.py")


def test_the_floor_test_sees_imports(tmp_path):
    bad = tmp_path / "bad.py"
    bad.write_text("def f():\n    from flask import Flask\n    import torch.nn\n")
    assert tops(bad) == {"flask", "torch"}
