"""Font files of installed packages are located without an import."""

import sys

import pytest

from infodecomp.explorable.graphics.font_packages import font_folder


def test_the_folder_is_found_without_importing_the_package(monkeypatch):
    monkeypatch.delitem(sys.modules, "ziamath", raising=False)
    assert (font_folder("ziamath", "fonts") / "STIXTwoMath-Regular.ttf").is_file()
    assert "ziamath" not in sys.modules


def test_a_missing_package_is_named():
    with pytest.raises(ModuleNotFoundError, match="no_such_font_package"):
        font_folder("no_such_font_package", "files")
