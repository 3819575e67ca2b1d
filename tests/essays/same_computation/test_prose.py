"""The numbers in the prose of the essay, each in the state that the text names."""

import numpy as np
import pytest

from infodecomp.experiments.same_computation.forty_networks import KEEP
from infodecomp.experiments.same_computation.fuzzy_xor import FUZZY_XOR
from tests.essays.figures import essay_module

SLUG = "same-computation"
FORTY, PEAKS, FUZZY = (essay_module(name, SLUG) for name in ("forty", "peaks", "fuzzy"))


def values(name: str, preset: str = "", **state) -> dict:
    figure = vars(essay_module(name, SLUG))[name]
    if preset:
        return figure.read([tuple(part.split("=")) for part in figure.presets[preset].split("&")]).values
    return figure(**state).values


def rounded(found: dict, *names: str, digits: int = 2) -> list:
    return [round(found[name], digits) for name in names]


LAYER_3, OUTPUT = ("simple_3", "complex_3"), ("simple_4", "complex_4")


def test_what_the_layers_keep_depends_on_the_ruler():
    assert rounded(values("network_entropies"), *LAYER_3) == [2.02, 3.92]
    assert rounded(values("network_entropies"), *OUTPUT, digits=1) == [1.0, 1.1]
    fine = values("network_entropies", "ruler-fine")
    assert rounded(fine, *LAYER_3) == [4.86, 4.81] and rounded(fine, *OUTPUT) == [4.83, 4.68]
    assert rounded(values("network_entropies"), "gap_low", "gap_high") == [1.54, 2.02]
    assert round(fine["gap_high"], 2) == 0.27 and -0.05 < fine["gap_low"] < 0
    assert rounded(values("network_entropies", "ruler-late"), *OUTPUT) == [4.01, 3.52]
    assert rounded(values("network_entropies", "ruler-coarse"), *LAYER_3) == [0.7, 0.02]


def test_other_architectures_have_their_gap_at_other_tolerances():
    assert rounded(values("network_entropies", "ruler-tanh"), *LAYER_3) == [1.42, 4.79]
    assert rounded(values("network_entropies", "ruler-narrow"), *LAYER_3) == [2.32, 3.31]
    assert values("network_entropies", "ruler-narrow")["failed_complex"] == 31
    for architecture in ("relu-8", "relu-5", "tanh-8"):
        gaps = [
            values("network_entropies", architecture=architecture, tolerance=exponent)["gap"]
            for exponent in np.arange(-3, 0.01, 0.25)
        ]
        assert max(gaps) > 0.9 and min(gaps) < 0


def test_ratios_within_and_across_tasks():
    groups = ("within_simple", "within_complex", "across")
    assert rounded(values("information_ratio"), *groups) == [0.49, 0.65, 0.33]
    chance = [f"chance_{group}" for group in groups]
    assert rounded(values("information_ratio"), *chance[:2]) == [0.11, 0.61]
    for batch in (1, 2, 3):
        found = values("information_ratio", batch=batch)
        more = [found[group] - found[f"chance_{group}"] for group in groups]
        assert more[0] > 0.35 and max(more[1:]) < 0.07, "only simple networks share more than by chance"
    pair = essay_module("information_ratio", SLUG).information_ratio().data
    assert [len(set(labels.tolist())) for labels in pair["labels"]] == [21, 22]
    fine = values("information_ratio", "ratio-fine")
    assert rounded(fine, "across", "chance_across") == [0.9, 0.9]
    assert min(fine[group] for group in groups) > 0.87, "outputs of different tasks look alike"
    output = values("information_ratio", "ratio-output")
    assert min(output["within_simple"], output["within_complex"]) > 0.9 > 0.1 > output["across"]


def test_sim_and_the_measures_that_disagree():
    sim = values("network_similarity")
    assert round(sim["self"], 2) == 0.63 and sim["beaten"] == 10
    diagonal, aligned = (values("network_similarity", f"measure-{name}") for name in ("diagonal", "aligned"))
    for group in ("within_simple", "within_complex", "across"):
        assert diagonal[group] <= aligned[group] < diagonal[group] + 0.01, "the networks run in step"
    found = {name: values("network_similarity", f"measure-{name}") for name in ("nmi", "cka")}
    assert [round(found[name]["within_complex"], 2) for name in ("nmi", "cka")] == [0.95, 0.53]
    assert rounded(found["cka"], "stretched", "within_simple") == [0.84, 0.95]
    tests = [f"wrong_{test}" for test in ("self", "permuted", "stretched", "strangers")]
    failed = {
        name: [values("network_similarity", f"measure-{name}")[test] for test in tests]
        for name in ("sim", "diagonal", "cka", "nmi", "aligned", "rajski", "procrustes", "vi")
    }
    assert failed["sim"] == [10, 10, 13, 0]
    assert failed["diagonal"] == failed["aligned"] == failed["rajski"] == [0, 0, 3, 0]
    assert [failed[name] for name in ("cka", "procrustes")] == [[0, 0, 19, 0], [0, 0, 18, 0]]
    assert all(any(failed[name]) for name in failed), "no measure passes everything"


def test_shaken_networks_of_both_tasks():
    found = values("broad_peaks")
    assert [round(100 * found[name]) for name in ("simple", "complex")] == [98, 13]
    assert [round(100 * found[f"complex_{end}"]) for end in ("low", "high")] == [11, 14]
    relative = values("broad_peaks", "shake-relative")
    assert [round(100 * relative[name]) for name in ("simple", "complex")] == [100, 17]
    assert rounded(found, "effective_simple", "effective_complex", digits=1) == [10.9, 26.7]
    curves = PEAKS.survival("relu-8", "1e-5", 1, "absolute")
    assert (curves[:KEEP].min(0) >= curves[KEEP:].max(0)).all(), (
        "the worst line of one is the best of the other"
    )


def test_shaken_networks_of_other_architectures():
    shares = [
        [round(100 * values("broad_peaks", preset)[task]) for task in ("simple", "complex")]
        for preset in ("shake-narrow", "shake-tanh")
    ]
    assert shares == [[96, 12], [99, 41]]


def test_the_tables_that_the_text_offers_have_been_learnt_and_differ():
    names = ("finder-first-bit", "finder-random", "finder-parity")
    found = [values("function_finder", name) for name in names]
    assert all(one["learnt"] >= 19 for one in found)
    assert [round(100 * one["survival"]) for one in found] == [99, 66, 33]


@pytest.mark.parametrize("batch", (1, 2, 3))
@pytest.mark.parametrize("architecture", ("relu-5", "relu-8", "tanh-8"))
def test_simple_functions_have_broad_peaks_in_every_batch_and_architecture(architecture, batch):
    for kind, noise in (("absolute", 0.05), ("relative", 0.1)):
        found = values("broad_peaks", architecture=architecture, batch=batch, kind=kind, noise=noise)
        assert found["simple"] > 0.95 and found["complex"] < 0.45
        assert found["effective_simple"] < found["effective_complex"] / 2


def test_correlations_of_breadth_and_bits():
    found = values("peak_and_compression")
    assert rounded(found, "r_all", "r_simple", "low_simple", "high_simple", "r_complex") == [
        -0.75,
        -0.79,
        -0.91,
        -0.53,
        -0.29,
    ]
    assert found["low_complex"] < 0 < found["high_complex"]
    others = [values("peak_and_compression", batch=batch) for batch in (2, 3)]
    assert [round(one["r_simple"], 2) for one in others] == [-0.54, -0.37]
    assert others[0]["high_simple"] < 0 < others[1]["high_simple"]
    assert [round(one["r_complex"], 2) for one in others] == [0.33, -0.21]
    fine, coarse = (values("peak_and_compression", f"compare-{name}") for name in ("fine", "coarse"))
    assert abs(fine["r_all"]) < 0.2 and fine["low_all"] < 0 < fine["high_all"]
    assert round(coarse["r_all"], 2) == 0.7
    assert all(coarse[f"low_{task}"] < 0 < coarse[f"high_{task}"] for task in ("simple", "complex"))


def test_neurons_match_the_logic_that_they_are_asked_for():
    minimum = values("fuzzy_xor")
    assert (minimum["matched"], minimum["live"]) == (83, 246)
    assert rounded(minimum, "share", "error", digits=1) == [33.7, 2.4]
    assert values("fuzzy_xor", "fuzzy-lukasiewicz")["matched"] == 147
    shares = [
        round(values("fuzzy_xor", name)["share"])
        for name in ("fuzzy-lukasiewicz", "fuzzy-product", "fuzzy-product-strict", "fuzzy-lukasiewicz-strict")
    ]
    assert shares == [60, 67, 17, 56]
    assert round(values("fuzzy_xor", "fuzzy-wide")["share"]) == 25
    found = FUZZY.matches("2-4-4-1", "minimum", 1)
    first = (found.r2[:, :4].max(-1) >= 0.9) & found.live[:, :4]
    assert set(found.r2[:, :4].argmax(-1)[first]) == {0, 1}, "the first layer has a and b, no AND and no OR"
    assert round(100 * np.mean(found.pairs[:, 6] >= 0.9)) == 80
    failed = [FUZZY_XOR.at(0, architecture=size).n_failed for size in ("2-4-4-1", "2-8-8-1")]
    assert failed == [99, 4]


def test_neurons_match_alike_in_every_batch():
    others = [values("fuzzy_xor", batch=batch) for batch in (2, 3)]
    assert [round(one["share"]) for one in others] == [33, 29]
    assert rounded(values("fuzzy_xor"), "share_low", "share_high", digits=0) == [29, 34]
    others = [values("fuzzy_xor", logic="lukasiewicz", batch=batch) for batch in (2, 3)]
    assert [round(one["share"]) for one in others] == [58, 56]
    pairs = [np.mean(FUZZY.matches("2-4-4-1", "minimum", batch).pairs[:, 6] >= 0.9) for batch in (1, 2, 3)]
    assert round(100 * min(pairs)) == 72 and round(100 * max(pairs)) == 80
    assert [FUZZY_XOR.at(0, batch=batch).n_failed for batch in (2, 3)] == [96, 95]
    for batch in (1, 2, 3):
        found = FUZZY.matches("2-4-4-1", "minimum", batch)
        first = (found.r2[:, :4].max(-1) >= 0.9) & found.live[:, :4]
        assert set(found.r2[:, :4].argmax(-1)[first]) == {0, 1}
        product, strict = (
            values("fuzzy_xor", logic="product", threshold=at, batch=batch)["share"] for at in (0.9, 0.95)
        )
        assert product > values("fuzzy_xor", logic="lukasiewicz", batch=batch)["share"] > 50 > 20 > strict


def test_bets_have_the_answers_of_the_text():
    answers = {
        name: vars(essay_module("bet_figures", SLUG))[name](**{show: True}).values["answer"]
        for name, show in (("bet_shared", "show_ratio"), ("bet_selves", "show_beaten"))
    }
    assert round(answers["bet_shared"], 2) == -0.16 and answers["bet_selves"] == 10


def test_a_shrunken_neuron_hides_differences_from_the_ruler():
    moved = values("same_answers", "moves-scrambled")
    assert moved["second_ruler_1"] < moved["first_ruler_1"]
    assert moved["second_ruler_2"] == 0 and moved["second_exact_2"] == pytest.approx(moved["first_exact_2"])
