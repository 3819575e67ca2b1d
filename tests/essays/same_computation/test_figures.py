"""The figures of the essay on networks that compute the same: states, values, identities."""

import json
import re

import numpy as np
import pytest

from infodecomp.explorable.figures.figure import Figure
from infodecomp.representations.kernels import information_ratio, pair_information
from infodecomp.representations.network_similarity import by_network, mean_over_all_layers
from tests.essays.figures import ESSAYS, essay_module
from tests.essays.prose import figures

SLUG = "same-computation"
BETS = ["bet_layer_bits", "bet_shared", "bet_selves", "bet_peaks", "bet_relation", "bet_matches"]
FORTY, SIMILARITY, PEAKS, FUZZY = (
    essay_module(name, SLUG) for name in ("forty", "similarity", "peaks", "fuzzy")
)


def figure(name: str) -> Figure:
    return vars(essay_module(name, SLUG))[name]


STATES = {
    "same_answers": [
        {},
        {"other": "stranger"},
        {"order_1": 3, "order_2": 4, "stretch": 3},
        {"activation": "tanh", "flip": True, "order_2": 5},
    ],
    "network_entropies": [
        {},
        {"tolerance": 1e-7, "cutoff": "1e-7"},
        {"tolerance": 1, "architecture": "tanh-8"},
        {"architecture": "relu-5", "bet_bits": -2},
        {"architecture": "relu-8", "batch": 2},
    ],
    "information_ratio": [{}, {"layer": "4", "a": 1, "b": 1}, {"tolerance": 1, "a": 40, "b": 40}],
    "network_similarity": [{}, *({"measure": name} for name in SIMILARITY.MEASURES), {"tolerance": 1}],
    "broad_peaks": [{}, {"noise": 0.01}, {"noise": 1, "kind": "relative"}, {"architecture": "tanh-8"}],
    "peak_and_compression": [{}, {"tolerance": 1, "layer": "1"}, {"kind": "relative", "bet_correlation": 1}],
    "fuzzy_xor": [
        {},
        {"size": "hand", "logic": "lukasiewicz"},
        {"size": "2-8-8-1", "network": 40, "threshold": 1},
        {"pairs": True, "threshold": 0.5},
        {"batch": 3, "size": "2-8-8-1"},
        {"batch": 2, "size": "hand"},
    ],
    "function_finder": [{}, {"finder_step": 0}, {"tolerance": 1}],
    "bets_recalled": [{}, {"bet_bits": 3, "bet_survivors": 0, "bet_correlation": -1, "bet_neurons": 100}],
}


@pytest.mark.parametrize("name, state", [(name, state) for name, all_ in STATES.items() for state in all_])
def test_every_state_can_be_drawn_and_described(name, state):
    view = figure(name)(**state)
    for width in (350, 640):
        assert view.svg(width).count("<") < 2 * 160, "a light picture"
    assert not re.search(r"\bnan\b|\binf\b|-0\.00\b", view.svg() + view.description + json.dumps(view.values))
    assert len(view.description) < 200
    assert len({len(column) for column in view.table.values()}) == 1


def test_no_figure_of_the_essay_moves_another_but_a_bet_the_figure_that_settles_it():
    owner = {}
    for made in figures(SLUG).values():
        for one in made.parameters:
            if not one.name.startswith(("bet_", "show_")):
                assert owner.setdefault(one.name, made.name) == made.name, one.name


def test_a_link_in_the_text_sets_all_that_a_reader_can_have_changed_in_its_figure():
    pressed = re.findall(r"data-animate='([\w-]+)'", (ESSAYS / f"{SLUG}.md").read_text())
    for made in figures(SLUG).values():
        names = {*made.controls, *re.findall(r"(\w+)=", " ".join(made.presets.values()))}
        names -= {"network", "other"} | {name for name in names if name.startswith(("bet_", "show_"))}
        for preset in set(pressed) & set(made.presets):
            given = set(re.findall(r"(\w+)=", made.presets[preset]))
            assert given >= names, (preset, names - given)


@pytest.mark.parametrize("name", BETS)
def test_a_bet_is_covered_until_the_reader_uncovers_it(name):
    bet = vars(essay_module("bet_figures", SLUG))[name]
    show = next(parameter.name for parameter in bet.parameters if parameter.name.startswith("show_"))
    covered, shown = bet(), bet(**{show: True})
    assert covered.values["answer"] is None and "answer" not in re.sub(
        "The answer is covered", "", covered.svg()
    )
    assert covered.description.startswith("No bet yet") and "no bet" in covered.svg()
    assert shown.description.startswith("You placed no bet. It's")
    assert shown.values["away"] == pytest.approx(abs(shown.values["bet"] - shown.values["answer"]))


def test_a_picture_of_a_bet_covers_what_settles_it():
    bets = {name: vars(essay_module("bet_figures", SLUG))[name] for name in BETS}
    assert bets["bet_layer_bits"]().data["complex"] is None
    assert "mean 3.92" in bets["bet_layer_bits"](show_bits=True).svg()
    known = bets["bet_peaks"]().data["complex"].shape[1]
    assert PEAKS.LOG_LEVELS[known - 1] < np.log10(0.05)
    covered, shown = (bets["bet_matches"](show_neurons=show).svg() for show in (False, True))
    assert "b 1.00" not in covered and "b 1.00" in shown
    data = bets["bet_matches"]().data
    assert data["best"] is data["which"] is data["live"] is None


def test_addresses_from_before_the_bets_moved_into_their_pictures_still_answer():
    below = vars(essay_module("bet_figures", SLUG))["bet_layer_bits"].read([("bet_bits", "-2.5")])
    assert below.state == {"bet_bits": -2, "show_bits": False}
    peaks = figure("peak_and_compression")
    assert peaks.read([("show_correlation", "1")]).state == peaks().state


def test_bets_are_recalled_with_their_distance_and_without_those_not_placed():
    recalled = figure("bets_recalled")
    assert recalled().svg().count("<circle") == 0 and "6 bets not placed yet" in recalled().svg()
    view = recalled(bet_bits=1, show_bits=True, bet_survivors=30)
    assert view.description == "You said 1.00, it is 1.90. 5 answers are still covered."
    for words in ("0.90 off", "answer still covered", "4 bets not placed"):
        assert words in view.svg()


def test_moves_change_weights_but_neither_answers_nor_exact_bits():
    moved = figure("same_answers")(order_1=3, order_2=4, stretch=2).values
    assert moved["weights_apart"] > 0.1 and moved["outputs_apart"] < 1e-9 and moved["closest"] < 1e-9
    for layer in (1, 2, 3):
        assert moved[f"first_exact_{layer}"] == pytest.approx(moved[f"second_exact_{layer}"])
    stranger = figure("same_answers")(other="stranger").values
    assert stranger["outputs_apart"] < 1e-3 and stranger["closest"] > 0.1


def test_the_ratio_of_the_pair_is_information_over_joint_entropy():
    values = figure("information_ratio")().values
    assert values["ratio"] == pytest.approx(values["i"] / values["h_joint"])
    assert figure("information_ratio")(a=7, b=7).values["ratio"] == pytest.approx(1)


def test_a_press_selects_the_cell_under_the_pointer():
    ratio = figure("information_ratio")
    pressed = ratio.at_point(ratio().state, "2.5,12.5")
    assert (pressed.state["a"], pressed.state["b"]) == (3, 28)


def test_sim_and_the_diagonal_are_those_of_the_package():
    classes = FORTY.classes("relu-8", "1e-5", 1, -2.0)
    ratio = information_ratio(pair_information(classes.transpose(0, 1).flatten(0, 1)))
    same_layers = by_network(ratio, 4).diagonal(dim1=-2, dim2=-1).mean(-1)
    for measure, mean in (("sim", mean_over_all_layers(ratio, 4)), ("diagonal", same_layers)):
        found = SIMILARITY.all_similarities(measure, "relu-8", "1e-5", 1, -2.0, -1.0)
        assert np.allclose(found, mean.numpy())


@pytest.mark.parametrize("measure", ["diagonal", "aligned", "cka", "procrustes", "rajski", "nmi", "vi"])
def test_every_measure_but_sim_finds_a_network_and_its_reordering_equal(measure):
    values = figure("network_similarity")(measure=measure).values
    equal = 0.0 if SIMILARITY.MEASURES[measure].is_distance else 1.0
    assert values["self"] == pytest.approx(equal, abs=1e-6)
    assert values["permuted"] == pytest.approx(equal, abs=1e-6)
    assert values["beaten"] == 0


def test_survival_falls_with_noise_and_breadth_is_where_half_is_left():
    curves = PEAKS.survival("relu-8", "1e-5", 1, "absolute")
    assert (PEAKS.survival_at(curves, 0.01) == curves[:, 0]).all()
    half = PEAKS.survival_at(np.minimum.accumulate(curves, 1)[:1], 10 ** PEAKS.breadth(curves)[0])
    assert half[0] == pytest.approx(0.5, abs=1e-9)


def test_correlation_has_fishers_interval_and_knows_when_there_is_none():
    x = np.arange(20.0)
    found = PEAKS.correlation(x, x + 8 * np.sin(x))
    assert found.low < found.r < found.high
    assert np.arctanh(found.high) - np.arctanh(found.r) == pytest.approx(1.959964 / np.sqrt(17))
    assert PEAKS.correlation(x, np.ones(20)) == (0.0, -1.0, 1.0)


def test_the_network_by_hand_is_made_of_lukasiewicz_functions():
    hand = figure("fuzzy_xor")(size="hand", logic="lukasiewicz").values
    assert hand["matched"] == hand["live"] == 3
    assert figure("fuzzy_xor")(size="hand", logic="minimum").values["matched"] < 3


def test_a_fuller_training_is_streamed_and_learns_the_table():
    finder = figure("function_finder")
    assert finder(finder_step=0).values["learnt"] == 0
    assert finder().values["learnt"] == 20
    assert finder(table="v" * 16, finder_step=2).values["survival"] is None


def test_the_small_dots_are_the_means_of_the_other_batches():
    for name, fields in (
        ("information_ratio", ("within_simple", "within_complex", "across")),
        ("network_similarity", ("self", "within_simple", "within_complex", "across")),
    ):
        shown = figure(name)(batch=1).data["others"]
        for batch, means in zip((2, 3), shown, strict=True):
            values = figure(name)(batch=batch).values
            assert means == pytest.approx({field: values[field] for field in fields})
