"""States in which there is nothing to learn, or nothing bought: each figure says so in its own words."""

import re

import pytest

from .figures import essay_figure

STORM_FIGURES = {
    "storm-allocation": "storms.storm_allocation",
    "storm-any-line": "storms.storm_any_line",
    "storm-guess": "storms.storm_guess",
    "storm-heatmap": "storms.storm_weather",
    "storm-information-terms": "storms.storm_terms",
    "storm-telegraph": "storms.storm_plane",
    "storm-transmission-sliders": "storms.storm_wires",
}
NEVER, ALWAYS = (
    dict.fromkeys(("p00", "p01", "p10", "p11"), 0.0),
    dict.fromkeys(("p00", "p01", "p10", "p11"), 1.0),
)
ALIKE = dict.fromkeys(("p00", "p01", "p10", "p11"), 0.4)
SILENT = {"storm_a": 0.0, "storm_b": 1.0}
DEGENERATE = {
    "it never storms": (NEVER, "Your weather never changes"),
    "it always storms": (ALWAYS, "Your weather never changes"),
    "all chances are equal": (ALIKE, "nothing to do with theirs"),
    "the towns never change": (SILENT, "The weather in A and B never changes"),
}


@pytest.mark.parametrize("name", STORM_FIGURES)
@pytest.mark.parametrize("world", DEGENERATE)
def test_weather_that_teaches_nothing_is_explained(name, world):
    figure = essay_figure(STORM_FIGURES[name], name)
    state, words = DEGENERATE[world]
    state = state | ({"cover": False} if name == "storm-guess" else {})
    shows_chances = name == "storm-heatmap" and world == "the towns never change"
    assert (words in figure(**state).description) != shows_chances
    assert words not in figure().description


@pytest.mark.parametrize("name", STORM_FIGURES)
def test_a_picture_of_weather_that_teaches_nothing_has_its_labels_apart(name):
    figure = essay_figure(STORM_FIGURES[name], name)
    for state, _ in DEGENERATE.values():
        svg = figure(**state).svg(theme="light")
        assert "nan" not in svg and "A alone" not in svg.partition("B alone")[2]
        assert "lines that flip, at best" not in svg  # on the axis, over its numbers
        label = re.search(r"<text[^>]*>nothing to learn", svg)
        assert label is None or 'text-anchor="end"' not in label[0]  # at the left edge


def test_a_purchase_of_nothing_is_explained():
    plane = essay_figure("storms.storm_plane", "storm-telegraph")
    wires = essay_figure("storms.storm_wires", "storm-transmission-sliders")
    nothing = {"bits_a": 0.0, "bits_b": 0.0}
    assert "haven't bought anything" in plane(**nothing).description
    assert "Both wires are dead" in wires(**nothing).description
    assert (
        "With no bits"
        in essay_figure("learned.board_distinctions", "board-distinctions")(budget_board=0).description
    )
    assert (
        "nothing gets through"
        in essay_figure("line.telegraph_line", "telegraph-line")(bits_line=0).description
    )


def test_a_split_of_one_bit_that_does_not_matter_is_explained():
    guess = essay_figure("storms.storm_guess", "storm-guess")
    mirrors = dict(p00=0.0, p01=1.0, p10=1.0, p11=0.0)  # XOR of towns that are always alike
    assert "nothing to learn" in guess(**mirrors, tie=1.0, cover=False).description
    assert "You can't do better" in guess(guess=guess(cover=False).values["best"], cover=False).description


@pytest.mark.parametrize("board", ["0" * 16, "1" * 16, "v" * 16])
def test_a_board_of_equal_squares_is_explained(board):
    assert (
        "nothing to learn"
        in essay_figure("learned.board_information", "board-information")(board=board, step=0).description
    )
    assert (
        "no distinction is worth a bit"
        in essay_figure("learned.board_distinctions", "board-distinctions")(board=board).description
    )
