"""Figure modules are imported from folders of any name and can be read again."""

import pytest

from infodecomp.explorable.figures.loader import forget, import_module


def test_a_module_is_read_again_after_forget_and_its_neighbours_stay(tmp_path):
    """`forget` used to drop every folder whose path begins alike."""
    folders = [tmp_path / "site", tmp_path / "site-2"]
    for folder in folders:
        folder.mkdir()
        (folder / "a-slug.py").write_text("VALUE = 1")
    first, other = (import_module(folder / "a-slug.py") for folder in folders)
    forget(folders[0])
    (folders[0] / "a-slug.py").write_text("VALUE = 22")
    assert import_module(folders[0] / "a-slug.py").VALUE == 22 and first.VALUE == 1
    assert import_module(folders[1] / "a-slug.py") is other


def test_a_path_that_is_not_a_python_file_is_an_import_error(tmp_path):
    (tmp_path / "notes.txt").write_text("VALUE = 1")
    with pytest.raises(ImportError, match="is not a Python file"):
        import_module(tmp_path / "notes.txt")
