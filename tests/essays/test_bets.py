"""The bets of the first essay: covered at first, scored against closed forms, and recalled at the end."""

import numpy as np
import pytest

import infodecomp
from infodecomp.allocation.forecast_error import forecast_error_rate
from tests.essays.figures import essay_figure, essay_module

HALF, TWINS, HOUR, KEPT = (
    essay_figure("bets.bet_figures", name) for name in ("bet-half", "bet-twins", "bet-hour", "bets-kept")
)
BETS = {"bet-half": (HALF, "show_flips"), "bet-twins": (TWINS, "show_twins"), "bet-hour": (HOUR, "show_hour")}


@pytest.mark.parametrize("name", BETS)
def test_a_covered_bet_gives_no_answer_away(name):
    figure, _ = BETS[name]
    view = figure()
    assert [value for key, value in view.values.items() if key != "guess"] == [None] * 3
    assert view.description.startswith("No bet yet") and "covered" in view.description
    assert list(view.table) == ["guess"]
    answer = f"{view.data['answer']:.1f} bits" if name == "bet-hour" else "half a bit: 11"
    assert answer not in view.svg() + view.csv() + view.description


@pytest.mark.parametrize("name", BETS)
def test_an_uncovered_bet_says_how_far_off_it_was(name):
    figure, shown = BETS[name]
    view = figure(**{shown: True})
    assert view.values["off"] == pytest.approx(abs(view.values["guess"] - view.values["answer"]))
    assert "Your bet" in view.description and "covered" not in view.description


def test_half_a_bit_flips_eleven_digits_in_a_hundred():
    view = HALF(bet_flips=25, show_flips=True)
    assert view.values["answer"] == pytest.approx(100 * infodecomp.bsc_crossover_probability(0.5).item())
    assert round(view.values["answer"]) == 11
    assert view.values["outcome"] == pytest.approx(infodecomp.bsc_information(0.25).item())
    assert "You were right" in HALF(bet_flips=11, show_flips=True).description


def test_an_equal_split_between_twins_is_the_worst_and_one_town_is_never_wrong():
    equal = TWINS(bet_twins=0.5, show_twins=True)
    outcomes = [TWINS(bet_twins=share, show_twins=True).values["outcome"] for share in np.linspace(0, 1, 11)]
    assert min(outcomes) == equal.values["outcome"] and round(equal.values["outcome"], 2) == 0.71
    twins = infodecomp.two_source_joint([[0, 0], [1, 1]], 0.5, 0.5, 1)
    assert equal.data["wrong"] == pytest.approx(8766 * forecast_error_rate(twins, 0.5, 0.5).item())
    assert "965 hours" in equal.description
    for share in (0, 1):
        assert TWINS(bet_twins=share, show_twins=True).data["wrong"] == pytest.approx(0, abs=1e-6)
        assert "never get the weather wrong" in TWINS(bet_twins=share, show_twins=True).description


def test_in_the_first_weather_the_best_split_by_bits_is_not_the_best_forecast():
    storms = infodecomp.two_source_joint([[0.1, 0.2], [0.3, 0.9]])
    assert round(8766 * forecast_error_rate(storms, 0.7, 0.3).item()) == 2173
    assert round(8766 * forecast_error_rate(storms, 0.5, 0.5).item()) == 2134


def test_less_than_two_bits_are_as_good_as_the_exact_hour():
    view = HOUR(show_hour=True)
    model = essay_module("bikes.bikes").model()
    at = model.plane.at(view.values["answer"])
    assert at.error == pytest.approx(essay_module("bikes.bikes").error_of_means("hour"), abs=0.2)
    assert round(view.values["answer"], 1) == 1.8
    assert round(essay_module("bikes.bikes").entropies()["hour"], 2) == 4.58


def test_every_bet_is_uncovered_by_a_checked_box_so_that_a_form_without_a_script_can_send_it(client):
    covered = client.get("/essays/where-is-the-information").text
    shown = client.get("/essays/where-is-the-information?show_flips=1&cover=0&show_twins=1&show_hour=1").text
    for name, value in {"show_flips": 1, "cover": 0, "show_twins": 1, "show_hour": 1}.items():
        box = f'name="{name}" data-parameter="{name}" value="{value}" autocomplete="off"'
        assert f"{box}><span>Show the answer" in covered, name
        assert f"{box} checked><span>Show the answer" in shown, name


def test_all_bets_are_recalled_with_what_was_said():
    covered = KEPT()
    assert covered.values == {"uncovered": 0, "right": 0} and list(covered.table["answer"]) == [None] * 4
    view = KEPT(bet_flips=11, show_flips=True, guess=0.6, cover=False, bet_twins=1, show_twins=True)
    assert view.values == {"uncovered": 3, "right": 2}
    assert covered.description.startswith("You have placed none of 4 bets.")
    assert KEPT(bet_flips=11).description.startswith("You have placed 1 of 4 bets.")
    assert list(covered.table["you"]) == [None] * 4 and "4 bets not placed yet" in covered.svg()
    assert "1 bet not placed yet" in view.svg() and view.svg().count(" off<") == 1
    assert list(view.table["you"][:3]) == [11, 0.6, 1] and view.table["you"][3] is None
    assert view.table["answer"][3] is None
    assert view.table["answer"][1] == pytest.approx(0.703, abs=2e-3)
    assert view.description == (
        "Nearest: you said 1.00, and that's right. Furthest: you said 0.60, it is 0.70. "
        "1 answer is still covered."
    )
    assert KEPT(bet_twins=0.4, show_twins=True).description == (
        "You said 0.40, it is 0.00. 3 answers are still covered."
    )
    opened = KEPT(show_flips=True, cover=False, show_twins=True, show_hour=True)
    assert opened.description == "You placed no bet."
    assert list(KEPT(show_twins=True).table["you"]) == [None] * 4, "who only opens the answer has not bet"
