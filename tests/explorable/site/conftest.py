"""A folder with one essay and its figure, and a way to edit its files."""

import os
import time
from datetime import date

import pytest

from infodecomp.explorable.site.starter import write_starter


@pytest.fixture
def folder(tmp_path):
    write_starter("coins", tmp_path, date(2026, 11, 21))
    return tmp_path


@pytest.fixture
def edit():
    """Replaces text in a file and dates it into the future, as the clock of files is coarse."""

    def edited(path, old, new):
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))
        later = time.time() + 5
        os.utime(path, (later, later))

    return edited
