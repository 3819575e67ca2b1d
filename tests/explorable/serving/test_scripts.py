"""Scripts are served with the modules that they import, in one response."""

import os

import pytest

from infodecomp.explorable.serving.scripts import concatenate_modules, file_version, minified_script


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "numbers.js").write_text("export const two = 2\n")
    (tmp_path / "double.js").write_text(
        "import { two } from './numbers.js'\n\nexport function double(x) { return two * x }\n"
    )
    (tmp_path / "entry.js").write_text(
        "import {\n  double,\n} from './double.js'\nimport { two } from './numbers.js'\n"
        "import('./later.js')\ndouble(two)\n"
    )
    return tmp_path


def test_each_module_comes_once_and_after_those_that_it_imports(folder):
    source = concatenate_modules(folder / "entry.js")
    assert source.count("const two = 2") == 1
    assert source.index("const two") < source.index("function double") < source.index("double(two)")
    assert "import {" not in source and "export " not in source
    assert "import('./later.js')" in source, "a module that is loaded on demand stays apart"


def test_the_entry_keeps_its_exports(folder):
    assert "\nexport function double" in concatenate_modules(folder / "double.js")
    assert "export const two" not in concatenate_modules(folder / "double.js")


def test_a_served_script_keeps_its_texts_and_expressions(folder):
    source = "// why\nconst a = `1  /  ${ 'a  b' }`  // spare\nconst b = /  \\/\\/ x/g\n"
    (folder / "texts.js").write_text(source)
    assert minified_script(folder / "texts.js") == "const a=`1  /  ${ 'a  b' }`\nconst b=/  \\/\\/ x/g"


def test_modules_that_import_each_other_are_refused(folder):
    (folder / "numbers.js").write_text("import { double } from './double.js'\nexport const two = double(1)\n")
    with pytest.raises(ValueError, match="imports itself"):
        concatenate_modules(folder / "entry.js")


def test_the_version_changes_with_the_content_of_any_script_and_with_nothing_else(folder):
    """An image that is built twice has files of one time, and a rollback older ones than before."""
    versions = []
    for moment, text in ((1e9, "2"), (1e9, "3"), (2e9, "3"), (1e9, "20")):
        (folder / "numbers.js").write_text(f"export const two = {text}\n")
        os.utime(folder / "numbers.js", (moment, moment + len(versions) * 1e-6))
        versions.append(file_version(folder / "entry.js"))
    assert versions[1] == versions[2] and len(set(versions)) == 3
    (folder / "page.css").write_text("p {}")
    assert file_version(folder / "page.css") not in versions
