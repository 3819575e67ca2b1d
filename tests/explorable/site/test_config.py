"""site.toml: what the site is called, who publishes it, in which order its essays come."""

from datetime import date

import pytest

from infodecomp.explorable.pages.cards import next_card
from infodecomp.explorable.site.config import SiteConfig
from infodecomp.explorable.site.reading import read_library
from infodecomp.explorable.site.starter import write_starter


@pytest.fixture
def three(tmp_path):
    for day, slug in enumerate(("coins", "dice", "cards"), 1):
        write_starter(slug, tmp_path, date(2026, 11, day))
    return tmp_path


def order(folder):
    return [document.slug for document in read_library(folder).essays()]


def test_a_site_without_the_file_has_defaults_and_the_newest_essay_first(three):
    assert read_library(three).config == SiteConfig() and order(three) == ["cards", "dice", "coins"]
    assert read_library(three).diagnostics() == []


def test_listed_essays_come_first_and_the_others_follow_by_date(three):
    (three / "site.toml").write_text('title = "Games"\nlicence = "CC BY 4.0"\norder = ["dice"]\n')
    assert order(three) == ["dice", "cards", "coins"]
    config = read_library(three).config
    assert (config.title, config.licence, config.language) == ("Games", "CC BY 4.0", "en")


def test_a_page_is_no_essay_and_comes_last(three):
    (three / "site.toml").write_text('order = ["dice"]\npages = ["coins"]\n')
    library = read_library(three)
    assert order(three) == ["dice", "cards"] and [page.slug for page in library.pages()] == ["coins"]
    assert [
        next_card(library, slug) and next_card(library, slug).document.slug for slug in library.documents
    ] == [
        "coins",  # after cards, the last essay
        None,
        "cards",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title = Games", "site.toml:1: error: this is not TOML"),
        ("\ntitle = 3", "site.toml:2: error: 'title' must be text"),
        ("order = 'dice'", "site.toml:1: error: 'order' must be a list of slugs"),
        ("\ntitel = 'x'", "site.toml:2: warning: there is no setting 'titel'; the nearest is 'title'"),
        ("pages = ['dise']", "site.toml:1: warning: no page has the slug 'dise'; the nearest is 'dice'"),
        ("order = ['dise']", "site.toml:1: warning: no essay has the slug 'dise'; the nearest is 'dice'"),
        ("figures = 1", "site.toml:1: error: 'figures' must be a list of names of figures"),
        (
            "\nfigures = ['dice-con']",
            "site.toml:2: warning: no figure has the name 'dice-con'; the nearest is",
        ),
    ],
)
def test_mistakes_are_reported_with_their_line_and_defaults_step_in(three, text, expected):
    (three / "site.toml").write_text(text + "\n")
    assert any(expected in str(diagnostic) for diagnostic in read_library(three).diagnostics())
    assert read_library(three).config.title == "Essays" and len(order(three)) == 3
