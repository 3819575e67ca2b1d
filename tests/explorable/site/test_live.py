"""A site whose files are edited while it is being read."""

import os
import threading
import time

import pytest

from infodecomp.explorable.site.live import Site


def wait_for(condition, seconds=20):
    """Wait until a condition holds; fail if it does not within the time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "the condition never held"
        time.sleep(0.01)


@pytest.fixture
def watched(folder):
    site = Site(folder)
    site.watch()
    yield site
    site.stop_watching()


def test_a_reload_without_changes_keeps_the_library(folder):
    site = Site(folder)
    before = site.library
    assert not site.reload() and site.library is before


def test_a_reload_shows_edited_prose_and_figures(folder, edit):
    site = Site(folder)
    edit(folder / "coins.md", "Ask a question", "Ask two questions")
    assert site.reload() and "Ask two questions" in site.library.essay("coins").page.html
    edit(folder / "coins.py", "default=0.3", "default=0.4")
    assert site.reload() and site.library.figure("coins-coin").parameters[0].default == 0.4


def test_a_library_that_is_in_use_does_not_change(folder, edit):
    site = Site(folder)
    library = site.library
    edit(folder / "coins.py", "default=0.3", "default=0.4")
    site.reload()
    assert library.figure("coins-coin").parameters[0].default == 0.3
    with pytest.raises(TypeError):
        library.figures["other"] = library.figures["coins-coin"]


def test_an_edited_stylesheet_raises_the_revision_and_imports_nothing(folder, edit, tmp_path_factory):
    static = tmp_path_factory.mktemp("static")
    (static / "page.css").write_text("main { color: red }")
    site = Site(folder, [static, static / "missing"])
    before = site.library
    edit(static / "page.css", "red", "green")
    assert site.reload() and site.library.revision == before.revision + 1
    assert site.library.figures is before.figures


def test_the_watcher_shows_an_edit(watched, folder, edit):
    edit(folder / "coins.md", "Ask a question", "Ask two questions")
    wait_for(lambda: "Ask two questions" in watched.library.essay("coins").page.html)


def test_the_watcher_survives_a_module_that_exits(watched, folder, edit):
    edit(folder / "coins.py", "import infodecomp\n", "import infodecomp\nraise SystemExit(3)\n")
    wait_for(lambda: any("SystemExit" in str(d) for d in watched.library.module_diagnostics))
    edit(folder / "coins.py", "raise SystemExit(3)\n", "")
    wait_for(lambda: not watched.library.module_diagnostics)


def test_without_a_watcher_nothing_is_read_again(folder, edit):
    site = Site(folder)
    edit(folder / "coins.md", "Ask a question", "Ask two questions")
    assert "Ask two questions" not in site.library.essay("coins").page.html and site.library.revision == 1


def test_readers_never_meet_a_library_that_is_half_read(folder):
    """25 reloads against spinning readers, each of which looks up an essay and its figure."""
    site, stop, errors, reads = Site(folder), threading.Event(), [], [0, 0]

    def read(index):
        while not stop.is_set():
            try:
                library = site.library
                assert [document.slug for document in library.essays()] == ["coins"]
                assert library.figure("coins-coin").name == library.figure_order()[0]
                assert library.parameters("coins") and library.essay_of("coins-coin") == "coins"
                reads[index] += 1
            except BaseException as error:
                errors.append(error)

    readers = [threading.Thread(target=read, args=(index,)) for index in range(2)]
    for reader in readers:
        reader.start()
    for turn in range(25):
        time_ns = (time.time_ns() // 10**9 + turn + 1) * 10**9
        os.utime(folder / "coins.py", ns=(time_ns, time_ns))
        assert site.reload()
    stop.set()
    for reader in readers:
        reader.join()
    assert not errors and min(reads) > 25 and site.library.revision == 26
