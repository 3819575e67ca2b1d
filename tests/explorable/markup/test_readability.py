"""Reading levels of a page against counts by hand and against texts of known order."""

import pytest

from infodecomp.explorable.markup.parsing.tree import Element, Markup
from infodecomp.explorable.markup.readability import readability, syllables


def page(*paragraphs) -> Element:
    return Element.of("", {}, [Element.of("p", {}, [text]) for text in paragraphs])


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("cat", 1),
        ("little", 2),
        ("makes", 1),
        ("wanted", 2),
        ("learned", 1),
        ("information", 4),
        ("nobody", 3),
    ],
)
def test_syllables_are_counted_without_silent_endings(word, count):
    assert syllables(word) == count


def test_the_grade_is_that_of_the_formula():
    level = readability(page("The cat sat on the mat. The information arrived."))
    assert (level.words, level.sentences) == (9, 2)
    syllable_count = 6 + (1 + 4 + 2)
    assert level.grade == pytest.approx(0.39 * 9 / 2 + 11.8 * syllable_count / 9 - 15.59)


def test_longer_words_and_sentences_are_harder():
    easy = readability(page("We go out. It is hot. The dog runs."))
    hard = readability(
        page("Epistemological considerations notwithstanding, organisational heterogeneity persists.")
    )
    assert easy.grade < 3 < 12 < hard.grade


def test_the_longest_and_the_hardest_sentence_are_named():
    long = "This one goes on and on with many short words so that it is by far the longest of all of them."
    hard = "Considerable epistemological heterogeneity characterises contemporary interdisciplinary investigations there and elsewhere."
    level = readability(page(f"Short. {long} {hard}"))
    assert level.longest == long and level.hardest == hard


def test_figures_notes_formulas_and_citations_do_not_count():
    root = page("One two three.")
    root.children += [
        Element.of("figure", {}, [Element.of("p", {}, ["not counted at all"])]),
        Element.of("section", {"class": "notes"}, [Element.of("p", {}, ["nor is this"])]),
        Element.of("p", {}, ["Here is ", Markup("<math></math>"), " known[4]. And so on."]),
    ]
    level = readability(root)
    assert level.words == 3 + 4 + 3 and level.sentences == 3


def test_an_empty_page_has_no_level():
    assert readability(page()).words == 0
