"""Every number in the prose of the first essay is what a figure, or the data, says in the state it names."""

from functools import cache

import numpy as np
import pytest
import torch
from sklearn.ensemble import HistGradientBoostingRegressor

import infodecomp
from infodecomp.allocation.forecast_error import forecast_error_rate
from infodecomp.boards import training
from infodecomp.data.bikes import FEATURES, load_bikes, split_bikes
from infodecomp.experiments.bikes import BIKES as BIKES_EXPERIMENT
from infodecomp.experiments.bikes_live import bike_tables
from infodecomp.information.rate_distortion import rate_distortion
from tests.essays.figures import SLUG, essay_module
from tests.essays.prose import Claim, preset_state, sections, unheld_numbers
from tests.essays.prose import figures as figures_of

FIRST_WEATHER = infodecomp.two_source_joint([[0.1, 0.2], [0.3, 0.9]])
BIKES = essay_module("bikes.bikes")


def wrong(bits_a, bits_b):
    return round(8766 * forecast_error_rate(FIRST_WEATHER, bits_a, bits_b).item())


def flipped(bits):
    """The digits in a hundred that a line of these bits flips."""
    return 100 * infodecomp.bsc_crossover_probability(bits).item()


def comes_from_test_hours(rentals) -> bool:
    """Whether these are the rentals of test hours of the full fits, at even quantiles."""
    ranks = ((np.arange(len(rentals)) + 0.5) * len(split_bikes(0).test) / len(rentals)).astype(int)
    return np.array_equal(np.sort(rentals), np.sort(load_bikes().count[split_bikes(0).test])[ranks])


@cache
def limit_of_the_hour(bits):
    """The lowest error on the test hours of any message about the hour alone."""
    rows = split_bikes(0).test
    hours, count = load_bikes().columns["hour"][rows], load_bikes().count[rows]
    each = [count[hours == hour] for hour in range(24)]
    shares = np.bincount(hours) / len(hours)
    curve = rate_distortion(
        shares, [c.mean() for c in each], [c.var() for c in each], np.logspace(4, 4.4, 15)
    )
    order = curve.bits.argsort()
    return float(np.interp(bits, curve.bits[order], curve.distortion[order].sqrt()))


CLAIMS = [
    Claim(
        "that costs a whole bit, and it doesn't help at all",
        "parking-lot",
        ("only-colour",),
        holds=lambda view: view.values["spent"] == 1 and view.values["information"] == 0,
    ),
    Claim(
        "costs a little less, and it settles more than half of the question",
        "parking-lot",
        ("only-length",),
        holds=lambda view: 0.9 < view.values["spent"] < 1 and view.values["information"] > 0.5,
    ),
    Claim("Surprisingly few: {answer:w}.", "bet-half", ("bet-half",)),
    Claim(
        "with about {wrong:w} digit in a hundred wrong",
        "telegraph-line",
        more=lambda view: {"wrong": flipped(view.state["bits_line"])},
    ),
    Claim(
        "about {best:.2f} from A and {rest:.2f} from B",
        "storm-guess",
        set_by_hand={"cover": False},
        more=lambda view: {"rest": 1 - view.values["best"]},
    ),
    Claim("it's a bad buy: {bits_a:.2f} bits from A and {bits_b:.2f} from B", "storm-telegraph"),
    Claim(
        "half and half is good, but it isn't the best. A whole bit from A, the better town, is worse",
        "storm-guess",
        set_by_hand={"cover": False},
        holds=lambda view: (
            view.data["curve"]["information"][-1]
            < view.values["guessed"]
            < view.values["best_information"] - 0.005
            and view.state["guess"] == 0.5
        ),
    ),
    Claim(
        "the first half bit comes from town A alone",
        "storm-allocation",
        holds=lambda view: round(view.values["alone"], 1) == 0.5,
    ),
    Claim(
        "storms would surprise you in {surprised:,.0f} hours of the year",
        "storm-guess",
        more=lambda view: {"surprised": 8766 * sum(view.state[p] for p in ("p00", "p01", "p10", "p11")) / 4},
        holds=lambda view: view.state["storm_a"] == view.state["storm_b"] == 0.5 and not view.state["tie"],
    ),
    Claim(
        "you forecast the wrong weather in {wrong_hours:,.0f} hours of the year",
        "storm-guess",
        set_by_hand={"guess": 1.0, "cover": False},
    ),
    Claim(
        "split it well, and it's more than two hundred fewer",
        "storm-guess",
        set_by_hand={"guess": 0.7, "cover": False},
        holds=lambda view: view.values["wrong_hours"] < 2411 - 200,
    ),
    Claim("It teaches you {outcome:.2f} of a bit", "bet-twins", ("bet-twins",)),
    Claim("that costs you {wrong:.0f} hours", "bet-twins", ("bet-twins",), more=lambda view: view.data),
    Claim(
        "half a bit from each teaches you {information:.2f} bits",
        "storm-telegraph",
        ("xor",),
        {"bits_a": 0.5, "bits_b": 0.5},
    ),
    Claim(
        "a shopping list: {best_bits_a:.2f} bits of A and {best_bits_b:.2f} of B, for one bit",
        "storm-telegraph",
        ("storms",),
    ),
    Claim(
        "anything from {low:.2f} to {high:.2f} bits of redundancy",
        "storm-information-terms",
        ("measures-part",),
        more=lambda view: redundancies(),
    ),
    Claim(
        "you're off by {nothing:.0f} bikes an hour, when {average:.0f} are rented on average",
        "bet-hour",
        more=lambda view: {"nothing": BIKES.error_of_means(), "average": load_bikes().count.mean()},
    ),
    Claim(
        "Knowing the exact hour costs {bits:.2f} bits, and if it's all you know, you're off by {error:.0f}",
        "bet-hour",
        more=lambda view: {"bits": BIKES.entropies()["hour"], "error": BIKES.error_of_means("hour")},
    ),
    Claim("Less than two: {answer:.1f} bits, well placed, do the work", "bet-hour", ("bet-hour",)),
    Claim(
        "at one bit, can get below {limit:.0f} bikes an hour. Ours is off by {rmse:.0f}",
        "tabular-decomp",
        set_by_hand={"bits": 1},
        more=lambda view: {"limit": limit_of_the_hour(1)},
        is_beside=False,
    ),
    Claim("What do {bits:w} bits know? Four bits", "bike-distinctions"),
    Claim(
        "Four bits also buy a rough idea of how warm it is, the year (bike sharing was growing), "
        "and whether it's a working day",
        "bike-distinctions",
        holds=lambda view: (
            {name for name, bits in view.data["spent"].items() if bits >= 0.05}
            == {"hour", "temperature", "year", "workingday"}
        ),
    ),
    Claim(
        "In the first weather it hardly matters: less than a thousandth of a bit",
        "storm-any-line",
        holds=lambda view: max(view.data["front"]["gain"]) < 0.001,
    ),
    Claim(
        "about three hundredths",
        "storm-any-line",
        ("and",),
        holds=lambda view: round(max(view.data["front"]["gain"]), 2) == 0.03,
    ),
    Claim(
        "Here equals do deserve equal shares, at every budget",
        "storm-telegraph",
        ("and",),
        holds=lambda view: abs(view.values["best_bits_a"] - view.values["best_bits_b"]) < 1e-3,
    ),
    Claim(
        "one of them gets three quarters of a bit and the other nothing",
        "bike-fits",
        holds=lambda view: (
            sorted(round(4 * b, 1) for b in view.data["fits"][0]["groups"]["How warm is it?"].values())
            == [0, 3]
        ),
    ),
    Claim(
        "After {step:.0f} steps, an eighth of what the four fits above took, "
        "it's off by {rmse:.0f} at four bits",
        "bike-train",
        holds=lambda view: round(BIKES_EXPERIMENT.config.steps / view.state["train_step"]) == 8,
    ),
    Claim(
        "it's judged on {held_out:.0f} of the hours that judged them",
        "bike-train",
        more=lambda view: {"held_out": len(bike_tables().held_out.rentals)},
        holds=lambda view: comes_from_test_hours(bike_tables().held_out.rentals),
    ),
    Claim(
        "Now sharp but near: still two",
        "code-overlap",
        ("codes-near",),
        holds=lambda view: round(view.values["information"], 1) == 2,
    ),
    Claim(
        "Three bits are enough to know everything",
        "board-distinctions",
        set_by_hand={"budget_board": 3},
        holds=lambda view: abs(view.data["best"]["information"] - view.data["enough"]["information"]) < 1e-9,
        is_beside=False,
    ),
    Claim(
        "for four clouds apart it charges {bound:.2f} bits",
        "code-overlap",
        ("codes-apart",),
    ),
    Claim(
        "the {n:.0f} pairs of exact messages",
        "board-information",
        more=lambda view: {"n": len(view.data["pairs"]["total"])},
    ),
    Claim(
        "it ends at {total:.2f} bits that teach you {information:.2f}, "
        "where the best we know teach you {best:.2f}",
        "board-information",
    ),
    Claim(
        "it ends up paying {total:.2f} bits for {information:.2f}",
        "board-information",
        ("board-checker",),
        {"step": 1000},
    ),
    Claim(
        "Set the seed to {board_seed:.0f} and train again. Now equal rows land together, and "
        "{total:.2f} bits teach you {information:.2f}",
        "board-information",
        ("board-checker",),
        {"step": 1000, "board_seed": 1},
    ),
    Claim(
        "exact shape of the rear: {spent:w} bits leave no doubt",
        "parking-lot",
        ("length-and-rear",),
        holds=lambda view: view.values["left"] == 0,
        is_beside=False,
    ),
    Claim(
        "it was in {best_bits_a:.2f} bits of A and {best_bits_b:.2f} of B, for one bit in the first weather",
        "storm-telegraph",
        is_beside=False,
    ),
    Claim(
        "the best split by bits, {best:.2f} and {rest:.2f}, is wrong in {by_bits:,.0f} hours a year, "
        "and half and half in only {even:,.0f}",
        "storm-guess",
        more=lambda view: {"best": 0.7, "rest": 0.3, "by_bits": wrong(0.7, 0.3), "even": wrong(0.5, 0.5)},
    ),
]
NOT_MEASURED = [  # names, dates, digits as symbols
    "In 2011 and 2012",
    "1 if there's a storm, 0 if it's calm",
    "treat 0 and 1 alike",
    "a 0 surely means calm",
    "CC BY 4.0",
    "The matrix shows 1 minus the Bhattacharyya",
    "0 if they're the same, 1 if they never meet",
    "which is 0.4 bits of answer for each bit of message",  # BETA_END, held below
    "meant to hold 80% of all hours",  # the level of the interval; its coverage is a live value
    "Fits 2, 3 and 4 begin at random",  # the numbers of fits; what they ask is held by test_bike_fits.py
    "But fits 3 and 4 ask",
    "still miss by about 40",  # held below
    "for 2 bits in all",  # one bit from each
    "rows 1 and 3 are alike",
    "either side of rows 2 and 4",  # held below
]


SAID: dict[int, str] = {}


def said(claim: Claim) -> str:
    """The checked words of a claim; a figure is asked once."""
    if id(claim) not in SAID:
        SAID[id(claim)] = claim.check(SLUG)
    return SAID[id(claim)]


def redundancies() -> dict[str, float]:
    state = preset_state(SLUG, "measures-part", figures_of(SLUG)["storm-information-terms"])
    chances = [[state.pop("p00"), state.pop("p01")], [state.pop("p10"), state.pop("p11")]]
    joint = infodecomp.two_source_joint(chances, state["storm_a"], state["storm_b"], state["tie"])
    found = [infodecomp.partial_information(joint, m).redundancy.item() for m in ("i_min", "broja", "mmi")]
    return {"low": min(found), "high": max(found)}


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.words[:40])
def test_the_text_says_what_the_figure_shows_in_the_state_that_it_names(claim):
    said(claim)


def test_every_number_in_the_text_is_held():
    held = [said(claim) for claim in CLAIMS]
    assert not unheld_numbers(SLUG, held + NOT_MEASURED)
    for words in NOT_MEASURED:
        assert any(words in section.text for section in sections(SLUG)), f"the text no longer says {words}"


def test_a_claim_that_the_figure_does_not_bear_out_fails():
    with pytest.raises(AssertionError, match="the text does not"):
        Claim("it's a bad buy: {bits_a:.3f} bits from A", "storm-telegraph").check(SLUG)
    with pytest.raises(AssertionError, match="cannot be pressed there"):
        Claim("begin with it's a bad buy", "storm-telegraph", ("xor",)).check(SLUG)
    with pytest.raises(AssertionError, match="Two towns, one bit"):
        Claim("You can afford one bit in all", "bike-week").check(SLUG)
    assert unheld_numbers(SLUG, [])


def test_boosted_trees_with_every_feature_miss_by_about_forty():
    bikes, split = load_bikes(), split_bikes(0)
    table = np.stack([np.unique(bikes.columns[name], return_inverse=True)[1] for name in FEATURES], 1)
    known = np.concatenate([split.training, split.validation])
    trees = HistGradientBoostingRegressor(max_iter=300, random_state=0).fit(table[known], bikes.count[known])
    error = np.sqrt(((trees.predict(table) - bikes.count)[split.test] ** 2).mean())
    assert error == pytest.approx(40, abs=1.5)


def test_the_two_thermometers_say_about_as_much_when_asked_alone():
    alone = [BIKES.error_of_means(name) for name in ("temperature", "apparent_temperature")]
    assert abs(alone[0] - alone[1]) < 2 and max(alone) < BIKES.error_of_means() - 15


def test_on_checker_equal_rows_land_on_two_sides_of_others_and_merging_them_would_be_cheaper():
    figure = figures_of(SLUG)["board-information"]
    state = preset_state(SLUG, "board-checker", figure) | {"step": 1000}
    apart, together = (figure(**state, board_seed=seed) for seed in (0, 1))
    rows = apart.data["mean"][0]
    outer, inner = sorted((rows[0], rows[2])), sorted((rows[1], rows[3]))
    assert outer[0] < inner[0] <= inner[1] < outer[1]
    rows = together.data["mean"][0]
    assert abs(rows[0] - rows[2]) < 0.3 < abs(rows[0] - rows[1])

    def cost(view):  # in bits: what is left to know, and the charge
        return 1 - view.values["information"] + view.data["beta"] * view.values["bound"]

    assert cost(together) < cost(apart) - 0.1


def test_the_front_of_the_first_board_bends_upward_below_two_bits():
    soft = figures_of(SLUG)["board-information"]().data["soft"]
    at = [float(np.interp(bits, soft["budget"], soft["information"])) for bits in (0, 0.5, 1, 1.5, 2)]
    assert (np.diff(at, 2) > 0).all()


def test_at_its_last_price_the_run_of_the_first_board_forgets_everything():
    assert training.BETA_END == 0.4
    board = torch.tensor(
        essay_module("learned.boards").BOARD.probabilities(essay_module("learned.boards").PRESETS["First"])
    )
    generator = torch.Generator().manual_seed(0)
    y = board.to(training.DTYPE).reshape(-1).repeat(training.N_DRAWS)[:, None]
    flat, cells = training.initial_parameters(4, generator), training.message_cells(4)
    gradient = torch.zeros_like(flat)
    model, gradients = training.parameter_views(flat, 4), training.parameter_views(gradient, 4)
    adam = training.Adam(flat, training.LEARNING_RATE)
    for step in range(training.N_STEPS + 800):
        noise = torch.randn(training.N_DRAWS, 32, generator=generator, dtype=training.DTYPE)
        beta = training.beta_at(min(step, training.N_STEPS))
        training.write_gradient(model, gradients, cells, y, noise, beta)
        adam.step(gradient)
    assert model.mean.abs().max() < 0.1 and (model.log_deviation.exp() - 1).abs().max() < 0.1
