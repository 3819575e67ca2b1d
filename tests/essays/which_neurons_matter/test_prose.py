"""The numbers in the prose of "Which neurons matter?" are those of its figures."""

import re

import numpy as np
import pytest

from infodecomp.explorable.core.errors import ParameterError
from tests.essays.figures import ESSAYS

from .figures import SLUG, figure

PROSE = re.sub(r"\s+", " ", (ESSAYS / f"{SLUG}.md").read_text(encoding="utf-8"))
SPANS = {"m": (100, 1001, 100_000), "bits": (0, 3, 12, 40)}


def says(words):
    assert words in PROSE, f"the prose no longer says: {words}"


def test_the_bet():
    says("gets 96 out of a hundred right")
    assert abs(figure("neuron-bet")().values["accuracy"] - 0.96) < 0.005
    bits = np.asarray(figure("neuron-bet")().table["information"])
    says("The nine at the far left know nothing at all. The sixtieth knows")
    assert (bits < 0.001).sum() == 9 and figure("neuron-bet")().values["sixtieth_bits"] == bits[59]
    says("more subsets than the sun has atoms")
    assert 2**200 > 1.3e57


def test_the_first_picture_does_not_give_the_layers_away():
    bet = figure("neuron-bet")
    assert list(bet().table) == ["information"] and "layer" not in bet().svg() + bet().description
    assert list(bet().table["information"]) == sorted(bet().table["information"])
    shown = bet(show_layers=True)
    assert set(shown.table["layer"][:60].tolist()) == {1} and set(shown.table["layer"][-60:].tolist()) == {2}
    assert "layer 2" in shown.svg()


def test_one_line():
    says("the weights are so bad that guessing would be better")
    logistic = figure("logistic-regression")
    assert logistic().values["accuracy"] < 0.5 and logistic().values["loss"] > 1
    says("training ends with a line that gets 57% of the points right, and then 40%")
    says("By hand you'll find one that gets seven in ten. It costs more bits all the same.")
    for cloud, right, (w1, w2, w0) in (("circles", 0.57, (0, -4, -4)), ("xor", 0.4, (-4, -4, 6))):
        found = logistic(cloud=cloud, fit="trained").values
        assert found["loss"] > 0.9 and round(found["accuracy"], 2) == right
        by_hand = logistic(cloud=cloud, fit="hand", w1=w1, w2=w2, w0=w0).values
        assert by_hand["accuracy"] > 0.67 and by_hand["loss"] > found["loss"]


def test_points_of_the_readers_own():
    logistic = figure("logistic-regression")
    own = logistic(cloud="own", pen="rings", fit="trained")
    n = len(own.data["y"])
    more = logistic.at_point(own.state, "-1.234,2.71")
    assert len(more.data["y"]) == n + 1 and more.data["x"][-1].tolist() == pytest.approx([-1.2, 2.7])
    assert more.data["y"][-1] == 0 and logistic.at_point(more.state, "-1.23,2.7").data["y"].size == n + 1
    erased = logistic.at_point(more.state | {"pen": "erase"}, "-1.2,2.7")
    assert erased.state["sketch"] == own.state["sketch"]
    button = re.search(r'data-set="(sketch=[^"]*)" aria-label="put a ring here"', own.svg())
    assert button, "without a pointer: a link that puts a point where the pen is"
    pressed = logistic.read([*map(tuple, (pair.split("=") for pair in (button[1], "cloud=own")))])
    assert len(pressed.data["y"]) == n + 1
    full = own
    for i in range(200):
        full = logistic.at_point(full.state, f"{-2.9 + 0.2 * (i % 29)},{-2.9 + 0.2 * (i // 29)}")
    assert len(full.data["y"]) == 150 and "No more than 150 points fit" in full.description
    with pytest.raises(ParameterError, match="points of one class only"):
        logistic(cloud="own", sketch="f11")
    stacked = figure("stacked-regression")
    assert stacked(shape="own", stack_step=0, sketch=more.state["sketch"]).data["x"].shape == (n + 1, 2)


def test_stacked():
    stacked = figure("stacked-regression")
    says("Three hidden neurons are enough for the moons in all twelve networks")
    assert stacked().values["stuck"] == 0
    says("five of the twelve are stuck")
    says("the other seven manage")
    assert stacked(shape="xor", hidden="2").values["stuck"] == 5
    says("*nobody* gets there")
    assert stacked(shape="circles", hidden="2").values["stuck"] == 12
    assert stacked(shape="circles", hidden="3").values["accuracy"] > 0.97


def test_the_plane():
    plane, last = figure("network-plane"), 1500
    says("With tanh neurons and 30 bins you see it: layer 5 ends with 2 of the 12 bits")
    assert round(plane().values["i_xt_5"]) == 2
    says("watch it come down from about ten")
    assert round(plane(epoch=0).values["i_xt_5"]) == 10
    relu = plane(activation="relu", rule="min-max", epoch=last).data["drop"]
    says("now no layer loses as much as two bits")
    assert round(plane().data["drop"][4]) == 8 and relu.max() < 2
    says("The fall is gone from every hidden layer. Only the output still drops.")
    fine = plane(bins="1000000").data["drop"]
    assert fine[:5].max() < 0.1 and fine[5] > 10
    says("We can only bracket it (the green band)")
    says("of the 12 bits that its layer 5 had before training it keeps 8.1")
    before, after = (
        figure("plane-estimators")(activation="relu", when=when).values["exact"] for when in ("start", "end")
    )
    assert before > 11.99 and round(after, 1) == 8.1
    state = figure("plane-estimators")()
    assert state.values["noise_lower"] < state.values["noise_upper"]
    assert state.values["ksg"] < 0.5 * state.values["exact"]


def test_the_bounds():
    says("the network's own 3,482 training samples")
    bounds = figure("generalization-bounds")
    assert bounds().data["m"] == 3482
    says("it promises a gap under 0.767")
    assert round(bounds().values["shwartz_ziv"], 3) == 0.767
    says("one mistake in the 614 inputs that the network hadn't seen")
    assert round(bounds().values["gap"] * (4096 - 3482)) == 1 and bounds().values["training_error"] == 0
    says("the 2 bits that 30 bins saw of layer 5</animate>, and the promise shrinks to 0.033")
    assert round(bounds(bits=2).values["shwartz_ziv"], 3) == 0.033
    says("that's about 720 bits")
    assert round(bounds().values["noisy_bits"], -1) == 720
    noisy = bounds(step_noise=10).values
    says("seven, and a promise of 0.027")
    assert round(noisy["noisy_bits"]) == 7 and round(noisy["pensia"], 3) == 0.027
    assert bounds(step_noise=0).values["pensia"] is None, "not defined without noise"


def test_every_bound_follows_what_it_depends_on():
    bounds = figure("generalization-bounds")
    names = ("vera", "shwartz_ziv", "xu_raginsky", "bu_zou_veeravalli", "pensia", "achille_soatto")
    by_m, by_bits = ([bounds(**{name: v}).values for v in ends] for name, ends in SPANS.items())
    for name in names:
        over_m = [values[name] for values in by_m]
        assert over_m == sorted(over_m, reverse=True) and over_m[0] > over_m[-1]
        over_bits = [values[name] for values in by_bits]
        assert over_bits == sorted(over_bits)
        assert (over_bits[0] < over_bits[-1]) == (name != "pensia"), "its information is bounded by the noise"
    spread = bounds(known_share=1).values
    assert spread["bu_zou_veeravalli"] == pytest.approx(spread["xu_raginsky"])
    assert round(figure("network-plane")().values["i_xt_5"]) == 2


def test_neurons():
    says("A typical neuron of layer 1 is off for three images in four")
    active = np.asarray(figure("neuron-information")().data["neurons"]["active"])
    assert abs(np.median(active[:100]) - 0.25) < 0.05
    says("two camps of about the same size")
    assert abs(np.median(active[100:]) - 0.5) < 0.1


def test_the_caption_of_a_neuron_says_whether_its_activity_or_its_silence_tells_more():
    neurons = figure("neuron-information")
    for neuron in range(1, 201):
        view = neurons(neuron=neuron)
        state = re.search(r"its (activity|silence) points to an? (\d)", view.description)
        if not state:
            assert view.values["active"] == 0
            continue
        ratio = view.data["share"] / view.values["active"]
        likeliest = ratio.argmax() if state[1] == "activity" else ratio.argmin()
        assert int(state[2]) == likeliest
    assert "its silence points to a 4" in neurons().description


def test_the_ablation():
    state = figure("cumulative-ablation")()
    assert state.data["count"] == 60
    says("So it does make a difference, about ten images in a hundred, and it's the wrong way round")
    says("its *least* informative neurons still reads 86 of a hundred images")
    says("its *most* informative neurons reads 95 of a hundred")
    assert [round(100 * state.values[f"accuracy_{end}"]) for end in ("low", "high")] == [86, 95]
    gap = state.values["accuracy_high"] - state.values["accuracy_low"]
    assert 0.08 < gap < 0.12
    assert abs(state.values["accuracy_high"] - state.values["accuracy_random"]) < 0.015
    between = figure("cumulative-ablation")(removed=31)
    assert between.data["count"] == 62 and between.values["accuracy_low"] == between.data["accuracy"]
    layer_1 = figure("cumulative-ablation")(scope="layer-1", removed=50).values
    assert layer_1["accuracy_low"] > layer_1["accuracy_high"]
    says("it's better to lose neurons that know little, though random is as good")
    at_30 = figure("cumulative-ablation")(scope="layer-1").values
    assert at_30["accuracy_high"] < at_30["accuracy_low"] <= at_30["accuracy_random"]
    says("it makes hardly any difference, even with four fifths of them gone")
    layer_2 = figure("cumulative-ablation")(scope="layer-2").data["curves"]
    each = np.stack([layer_2[name] for name in ("low", "high", "random")])[:, layer_2["removed"] <= 80]
    assert np.ptp(each, axis=0).max() < 0.025


def test_the_paradox():
    says("Take those sixty out of layer 1, and ten images in a hundred are lost.")
    says("Take the other sixty out of layer 2, and hardly one is.")
    whole = figure("cumulative-ablation")(removed=0).values["accuracy_low"]
    state = figure("cumulative-ablation")()
    paradox = figure("ablation-paradox")()
    assert (paradox.values["share_of_layer_1"], paradox.values["share_of_layer_1_last"]) == (1, 0)
    assert round(100 * (whole - state.values["accuracy_low"])) == 10
    assert whole - state.values["accuracy_high"] < 0.01
    says("up to half of the neurons, you do best by deleting those that know least")
    l2 = figure("cumulative-ablation")(regularisation="l2").data["curves"]
    half = (l2["removed"] > 0) & (l2["removed"] <= 50)
    assert (l2["low"] > np.maximum(l2["high"], l2["random"]))[half].all()
    says("at 20 or 30% deleting the least informative first is no better than picking at random")
    fair = figure("cumulative-ablation")(scope="balanced").data["curves"]
    assert (fair["low"] <= fair["random"])[np.isin(fair["removed"], (20, 30))].all()


def test_pairs():
    pairs = figure("neuron-pairs")
    values = pairs(pair="redundant").values
    says("two neurons with over 0.8 bits each")
    assert min(values["i_a"], values["i_b"]) >= 0.8 and values["interaction"] < -0.7
    says("More than half of them are redundant")
    assert values["share_redundant"] > 0.5 and values["share_synergistic"] < 0.06
    assert pairs(pair="synergistic").values["interaction"] < 0.06
    says("one of the two is the same neuron again")
    redundant, best = (set(pairs(pair=pair).data["names"]) for pair in ("redundant", "best"))
    assert len(redundant & best) == 1
    assert abs(pairs(pair="best").values["interaction"]) < 0.01


def test_few_bits():
    quantised = figure("quantised-network")
    assert quantised(depth=2).values["accuracy_dropout"] > 0.94
    says("still reads nine digits out of ten")
    one = quantised(depth=1).values
    says("read fewer than three in ten")
    assert one["accuracy_dropout"] > 0.9 and max(one["accuracy_l2"], one["accuracy_none"]) < 0.3
    says("this network loses one digit in a hundred")
    whole = quantised(depth=8).values["accuracy_dropout"]
    assert 0.005 < whole - quantised(depth=1, part="weights").values["accuracy_dropout"] < 0.015
    says("**eight bits in all**")
    state = quantised(part="bottleneck", budget=8)
    says("only one bit about the digit is still open, of 3.3")
    assert abs(state.values["unknown"] - 1) < 0.05 and round(np.log2(10), 1) == 3.3
    says("The method lets 23 of the 100 neurons send anything")
    assert state.values["n_paid"] == 23
    neurons = state.data["neurons"]
    alone, bits = np.asarray(neurons["information"]), np.asarray(neurons["bits"])
    assert alone[bits < 0.02].max() > np.median(alone[bits > 0.02]), "some that know a lot get nothing"
