"""Reading a folder of essays: what is found, and what is reported where parts are broken."""

from datetime import date

import pytest

from infodecomp.explorable.core.errors import NotFound
from infodecomp.explorable.serving.build_info import build_info
from infodecomp.explorable.site.live import Site
from infodecomp.explorable.site.reading import read_library
from infodecomp.explorable.site.starter import write_starter

FRONT = "---\ntitle: T\nauthors: A\ndate: 2026-01-01\nsocialsummary: S\n---\n\nWords.\n\n"


def test_a_starter_passes_the_check(folder):
    assert read_library(folder).diagnostics() == []


def test_hidden_and_temporary_files_are_ignored(folder):
    (folder / ".#coins.md").symlink_to(folder / "nowhere")
    (folder / ".draft.md").write_text("no front matter")
    library = read_library(folder)
    assert [document.slug for document in library.essays()] == ["coins"] and not library.diagnostics()


def test_links_to_themselves_and_a_module_that_exits_stop_nothing(folder):
    for name in ("circle.md", "circle.py", "coins/again", "site.toml"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).symlink_to(folder / name)
    (folder / "leaving.py").write_text("import sys; sys.exit(3)")
    library = Site(folder).library
    assert not library.essay("coins").diagnostics
    assert any("SystemExit: 3" in str(diagnostic) for diagnostic in library.diagnostics())
    assert build_info({}, folder, folder, ())["essays"]


def test_a_module_that_does_not_import_is_reported_where_it_breaks(folder, edit):
    write_starter("dice", folder, date(2026, 11, 21))
    edit(
        folder / "coins.py", "import infodecomp\n", "import infodecomp\nraise RuntimeError('half written')\n"
    )
    library = read_library(folder)
    messages = [str(diagnostic) for diagnostic in library.essay("coins").diagnostics]
    assert any("coins.py:4: error: RuntimeError: half written" in line for line in messages)
    assert any("coins-coin" in line and "coins.md:" in line for line in messages)
    assert not library.essay("dice").diagnostics, "the other essay goes on"
    edit(folder / "coins.py", "raise RuntimeError('half written')\n", "")
    assert not read_library(folder).essay("coins").diagnostics, "and it recovers"


def test_a_syntax_error_names_its_line(folder, edit):
    edit(folder / "coins.py", "CHANCES = [", "CHANCES = = [")
    line = 1 + (folder / "coins.py").read_text().splitlines().index(
        next(text for text in (folder / "coins.py").read_text().splitlines() if "= = [" in text)
    )
    assert any(
        f"coins.py:{line}: error: SyntaxError" in str(diagnostic)
        for diagnostic in read_library(folder).module_diagnostics
    )


def test_a_figure_that_no_essay_mounts_is_an_error(folder, edit):
    edit(folder / "coins.md", "<div class='coins-coin row'></div>", "")
    edit(folder / "coins.md", "<data value='coins-coin.entropy'></data>", "some")
    assert any(
        "no essay mounts the figure 'coins-coin'" in str(diagnostic)
        for diagnostic in read_library(folder).module_diagnostics
    )


def test_two_figures_of_one_name_are_an_error(folder, edit):
    write_starter("coins-copy", folder, date(2026, 11, 21))
    edit(folder / "coins-copy.py", "coins_copy_coin", "coins_coin")
    assert any(
        "is declared in coins" in str(diagnostic) for diagnostic in read_library(folder).module_diagnostics
    )


def test_parameters_of_one_name_are_one_object_on_a_page(folder, edit):
    write_starter("dice", folder, date(2026, 11, 21))
    edit(folder / "dice.py", "dice_coin_chance", "coins_coin_chance")
    (folder / "both.md").write_text(
        FRONT + "<div class='coins-coin'></div>\n\n<div class='dice-coin'></div>\n"
    )
    assert any(
        "share one object or rename it" in str(diagnostic)
        for diagnostic in read_library(folder).essay("both").diagnostics
    )


def test_an_essay_without_module_mounts_any_figure_and_unknown_mounts_are_reported(folder):
    (folder / "lone.md").write_text(
        FRONT + "<div class='coins-coin row'></div>\n\n<div class='coin-coins row'></div>\n"
    )
    essay = read_library(folder).essay("lone")
    assert essay.page.mounted == ["coins-coin"]
    assert [diagnostic.line for diagnostic in essay.diagnostics] == [12]
    assert (
        "'coin-coins'; there are 'coins-coin'" in essay.diagnostics[0].message
        and "coins-coin" in essay.page.html
    )


def test_number_inputs_are_bound_to_the_parameter(folder):
    (folder / "lone.md").write_text(
        FRONT + "<div class='coins-coin'></div>\n\n<div class='num-inputs row'>"
        "<span>Chance <input type='number' class='coins_coin_chance' min='3' value='9'></span></div>\n"
    )
    html = read_library(folder).essay("lone", [("coins_coin_chance", ".25")]).page.html
    assert (
        'type="number"' in html
        and 'data-parameter="coins_coin_chance" min="0" max="1" step="0.01" value="0.25"' in html
    )


def test_an_unknown_essay_is_an_error_with_the_nearest_name(folder):
    with pytest.raises(NotFound, match="nearest is 'coins'"):
        read_library(folder).essay("coin")
