"""Full and broken disks: each call that writes fails once, and what is promised about files must hold.

Every operation runs again and again: the first call into the operating system that writes fails, then the
second, and so on until all succeed. Files are then complete, old or absent, and nothing is left behind.
"""

import errno
import io
import json
import os
import re
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from infodecomp import DistributedBottleneck, InformationError
from infodecomp.artifacts import read_checkpoint, read_record, write_checkpoint, write_record
from infodecomp.cli.progress import Interrupted, training_bar
from infodecomp.explorable.core.errors import NotStored
from infodecomp.explorable.exports import raster_worker
from infodecomp.explorable.graphics import page_fonts
from infodecomp.explorable.graphics.text_metrics import FILES
from infodecomp.explorable.serving.feedback import Feedback
from infodecomp.web.tables import jobs
from infodecomp.web.tables.example import add_example
from infodecomp.web.tables.store import NoRoom, TableStore

ERRORS = (errno.ENOSPC, errno.EIO, errno.EROFS)
CALLS = ("open", "write", "fsync", "replace", "mkdir")  # of the module os
OPENED = ("write", "flush")  # of files


class Disk:
    """Makes one of the calls that write fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, error: int):
        self.error, self.failing, self.calls = error, 0, 0
        for name in CALLS:
            monkeypatch.setattr(os, name, self._counted(getattr(os, name)))
        opening = io.open
        monkeypatch.setattr(io, "open", lambda *given, **options: self._open(opening, *given, **options))

    def _counted(self, call: Callable) -> Callable:
        def counted(*given, **options):
            if call.__name__ == "mkdir" and os.path.isdir(given[0]):
                return call(*given, **options)
            self.calls += 1
            if self.calls == self.failing:
                raise OSError(self.error, os.strerror(self.error))
            return call(*given, **options)

        return counted

    def _open(self, opening: Callable, file, mode: str = "r", *given, **options):
        opened = opening(file, mode, *given, **options)
        if set(mode) & set("wxa+"):
            return _File(opened, {name: self._counted(getattr(opened, name)) for name in OPENED})
        return opened

    def each_failure(self, operation: Callable[[], object]):
        """Run an operation with each of its calls failing; yields the error that it raised, or None."""
        while True:
            self.failing, self.calls = self.failing + 1, 0
            try:
                operation()
                raised = None
            except Exception as error:
                raised = error
            if self.calls < self.failing:
                assert raised is None and self.failing > 1, "nothing failed, or nothing was written"
                return
            yield raised


class _File:
    """A file some of whose methods are others."""

    def __init__(self, file, methods: dict[str, Callable]):
        self._file, self._methods = file, methods

    def __getattr__(self, name: str):
        return self._methods.get(name) or getattr(self._file, name)

    def __enter__(self):
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()


@pytest.fixture(params=ERRORS, ids=errno.errorcode.get)
def disk(request, monkeypatch):
    return Disk(monkeypatch, request.param)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


def test_a_checkpoint_and_its_record_stay_the_old_ones(tmp_path, disk):
    file = tmp_path / "models" / "a.safetensors"
    old, new = ({"x": torch.full((5,), value)} for value in (1.0, 2.0))
    write_checkpoint(file, old, {"value": 1})
    write_record(file, {"value": 1})
    for raised in disk.each_failure(lambda: write_checkpoint(file, new, {"value": 2})):
        assert isinstance(raised, OSError) and raised.errno == disk.error
        assert read_checkpoint(file)[1] == {"value": 1} and read_record(file)["value"] == 1
        assert names(tmp_path) == ["a.json", "a.safetensors", "models"]
    assert read_checkpoint(file)[1] == {"value": 2}
    disk.failing = 0
    before = file.with_suffix(".json").read_bytes()
    for raised in disk.each_failure(lambda: write_record(file, {"value": 2})):
        assert isinstance(raised, OSError) and file.with_suffix(".json").read_bytes() == before
        assert names(tmp_path) == ["a.json", "a.safetensors", "models"]
    assert read_record(file)["value"] == 2


def test_a_font_is_made_whether_it_can_be_cached_or_not(tmp_path, disk, monkeypatch):
    monkeypatch.setattr(page_fonts, "_subset", lambda typeface, characters: b"wOF2" + characters.encode())
    cache, made = tmp_path / "cache", []
    for raised in disk.each_failure(lambda: made.append(page_fonts.page_font("sans", "abc", cache))):
        assert raised is None and made[-1] == b"wOF2abc"
        assert not cache.exists() or not names(cache)
    assert len(names(cache)) == 1 and page_fonts.page_font("sans", "abc", cache) == b"wOF2abc"


def test_a_table_that_cannot_be_stored_is_reported_and_nothing_is_left_of_it(tmp_path, disk):
    store = TableStore(tmp_path / "tables", tmp_path / "checkout", 10_000, 1)
    content = io.BytesIO(b"a,b\n1,2\n")
    for raised in disk.each_failure(lambda: store.add(content, "a.csv", 5, 100)):
        assert isinstance(raised, NoRoom) and os.strerror(disk.error) in str(raised)
        assert not names(store.folder)
    assert {"about.json", "table"} <= set(names(store.folder))


def test_nothing_is_left_of_the_example_where_its_choices_cannot_be_written(tmp_path, disk):
    store = TableStore(tmp_path / "tables", tmp_path / "checkout", 100_000, 1)
    for raised in disk.each_failure(lambda: add_example(store, 20, 10_000, 10_000)):
        assert isinstance(raised, NoRoom | OSError) and not names(store.folder)
    assert "chosen.json" in {path.name for path in store.folder.glob("*/*")}


def test_a_reader_does_not_wait_for_a_table_whose_process_broke_off_on_a_full_disk(tmp_path, disk):
    store = TableStore(tmp_path / "tables", tmp_path / "checkout", 10_000, 1)
    name = store.add(io.BytesIO(b"a"), "a.csv", 5, 100)
    store.write(name, "options.json", {})
    for raised in disk.each_failure(lambda: jobs._write_error(store, name, jobs.BROKE_OFF)):
        assert raised is None and store.read(name, "options.json") is None
    assert "took longer" in store.read(name, "error.json")["sentence"]


def test_a_large_table_whose_codes_cannot_be_written_is_an_error_that_says_where(tmp_path, disk):
    rows, refused = np.arange(300.0), 0
    table = pd.DataFrame({"a": rows, "y": rows})
    estimator = DistributedBottleneck(steps=2, draws=1)
    for raised in disk.each_failure(
        lambda: estimator.fit_stream(table, "y", sample_rows=100, folder=tmp_path)
    ):
        assert os.strerror(disk.error) in str(raised)
        if isinstance(raised, InformationError):  # and not when the folder is made or removed
            refused += 1
            assert str(tmp_path) in str(raised) and "Give folder=" in str(raised) and not names(tmp_path)
        shutil.rmtree(tmp_path)
        tmp_path.mkdir()
    assert refused == 2


def test_ctrl_c_does_not_hide_that_a_training_so_far_could_not_be_stored():
    full, ended = OSError(errno.ENOSPC, "full"), RuntimeError("a worker ended")
    for error, shown in ((full, OSError), (ended, Interrupted)):
        with pytest.raises(shown), training_bar(10, "fit"):
            signal.raise_signal(signal.SIGINT)
            raise error


def test_the_bar_of_a_second_training_moves_again(monkeypatch, capsys):
    monkeypatch.setattr("click._termui_impl.isatty", lambda stream: True)
    with training_bar(100, "fit") as update:
        for step in (50, 100, 1, 31):
            update(step, None)
    assert re.findall(r"(\d+)%", capsys.readouterr().out)[-2:] == ["100", "31"]


def test_a_message_is_stored_whole_or_refused(tmp_path, disk):
    feedback = Feedback(tmp_path / "out" / "messages.jsonl", root=tmp_path / "checkout")
    feedback.store("first", "p", "a")
    before, address = feedback.path.read_bytes(), iter(range(100))
    for raised in disk.each_failure(lambda: feedback.store("second", "p", str(next(address)))):
        assert isinstance(raised, NotStored) and "Keep your text" in str(raised)
        assert feedback.path.read_bytes() == before
    messages = [json.loads(line)["message"] for line in feedback.path.read_text().splitlines()]
    assert messages == ["first", "second"]


def test_pictures_are_converted_with_whole_fonts_where_none_can_be_written(tmp_path, monkeypatch):
    def full(*given):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    raster_worker.subset_fonts(list(FILES.values())[:1], tmp_path)
    assert not names(tmp_path)
