"""The figures of the essay on deterministic networks: pictures in every state, and values that are known."""

import json
import math
import re
import xml.etree.ElementTree as ET
from types import SimpleNamespace

import numpy as np
import pytest

from tests.essays.figures import ESSAYS, essay_figure
from tests.legible import assert_legible

SLUG = "deterministic-networks"
STATES = {
    "infinite.deterministic_information": ["", "samples=1000", "map=own", "map=tanh&noise=.3", "samples=2"],
    "infinite.missing_bits": ["", "missing_map=network&n_bits=10", "missing_map=identity&n_bits=2"],
    "infinite.reversible_rounds": ["", "rounds=8&bet=8", "system=two&rounds=1", "system=two"],
    "coarse.binned_information": ["", "width=8", "width=.001"],
    "coarse.binning_clusters": ["", "squeeze=.95&cell=1", "squeeze=0&cell=.05"],
    "noisy.noise_information": ["", "where=layers&gain=4&layer=6", "noisy_map=constant&read_noise=5"],
    "noisy.jacobian_entropy": ["", "warp=tanh&warp_scale=4", "warp=coupling", "warp=stretch&warp_scale=.25"],
    "noisy.weight_information": ["", "price=-6&by=weight", "price=0"],
    "noisy.tempered_posterior": ["", "pull=5", "truth=singular&pull=-2"],
    "critics.mine_critic": [
        "",
        "a=6&b=0",
        "rho=-.99",
        "rho=0",
        "critic=trained&case=ten-strong",
        "critic=trained&case=few&critic_step=0",
    ],
    "critics.bit_autoencoder": ["", "trained=0&code_price=0", "code_price=3"],
    "critics.estimator_race": ["", "task=dense-50&drawn=3000", "task=spiral&drawn=100"],
    "questions.ib_curve": ["", "kind=dib&beta=12", "beta=.5", f"joint={'0' * 25}", f"joint={'1' * 25}"],
    "questions.of_what_given_what": ["", "of=latent&with_what=input", "of=output&given=data&strength=0"],
    "questions.past_and_future": ["", "process=even", "process=coupled&flip=.5"],
    "questions.belief_states": ["", "learnt=0"],
}


def figure(module: str):
    return essay_figure(module, module.rpartition(".")[2].replace("_", "-"), SLUG)


def state(module: str, query: str):
    return figure(module).read([pair.split("=") for pair in query.split("&") if pair])


@pytest.mark.parametrize(("module", "query"), [(m, q) for m, queries in STATES.items() for q in queries])
def test_every_state_has_a_picture_a_description_and_numbers(module, query):
    view = state(module, query)
    for width in (350, 640):
        svg = view.svg(width, "light")
        ET.fromstring(svg)
        drawn = re.sub(r'href="[^"]*"', "", svg)
        assert not re.search(r"\bnan\b|[^r]inf(?!inite)\b", drawn)
        assert_legible(drawn)
        assert len(re.findall(r"<[a-z]", drawn)) <= 160
    assert json.loads(view.json())["values"].keys() == view.values.keys()
    assert "nan" not in view.description and len(view.description) < 200
    assert view.csv().count("\n") >= 2


def test_shannons_answer():
    assert state("infinite.deterministic_information", "").values["bits"] is None
    for query, bits in (
        ("samples=1000", 9.9658),
        ("samples=4096&map=tanh", 12),
        ("map=step", 1),
        ("map=constant", 0),
        ("samples=1000&map=relu", 0.5 + 0.5 * math.log2(1000)),
        ("noise=1", 0.5),
    ):
        found = state("infinite.deterministic_information", query).values
        assert found["bits"] == pytest.approx(bits, abs=1e-4) and found["finite"], query
    old = state("infinite.deterministic_information", "samples=0")
    assert old.values["bits"] is None and old.value_text["samples"] == "all numbers"


def test_the_usual_names_are_accepted():
    assert state("infinite.missing_bits", "map=projection&n_bits=7").values["missing"] == 7
    assert state("noisy.noise_information", "map=linear&scale=10&noise=1").values["bits"] == pytest.approx(
        3.3291, abs=1e-4
    )
    assert state("noisy.jacobian_entropy", "map=scale&scale=2").values["change"] == pytest.approx(2)


def test_noise_once_and_in_every_layer():
    assert state("noisy.noise_information", "").values["bits"] == pytest.approx(0.5)
    assert state("noisy.noise_information", "where=layers").values["bits"] == pytest.approx(0.29248, abs=1e-5)
    gained = state("noisy.noise_information", "gain=2").data["depth"]
    assert (gained["readout"][1:] > gained["readout"][:-1]).all()
    assert (gained["layers"][1:] < gained["layers"][:-1]).all()


@pytest.mark.parametrize(("width", "bits"), [(1, 2.1048), (0.1, 5.3696), (0.01, 8.6910)])
def test_bins(width, bits):
    found = state("coarse.binned_information", f"width={width}").values
    assert found["bits"] == pytest.approx(bits, abs=1e-4)
    assert found["asymptote"] == pytest.approx(2.047096 - math.log2(width), abs=1e-5)


def test_clusters_stay_apart_however_they_are_contracted():
    for squeeze in (0, 0.5, 0.95):
        found = state("coarse.binning_clusters", f"squeeze={squeeze}").values
        assert found["exact"] == pytest.approx(math.log2(120)) and found["binned"] < found["exact"]


def test_bins_too_fine_to_draw_are_enlarged():
    """Where the clusters leave room for it; the points are then drawn twice."""
    for query, copies in (("", 1), ("squeeze=.95", 2), ("squeeze=.95&cell=.05", 2), ("squeeze=.6", 1)):
        view = state("coarse.binning_clusters", query)
        assert view.svg().count("h0") == 120 * copies and ("times as large" in view.svg()) == (copies == 2)


@pytest.mark.parametrize("warp", ["stretch", "scale", "tanh", "coupling"])
def test_every_input_that_stays_different_is_drawn(warp):
    for scale in (0.25, 2, 4):
        view = state("noisy.jacobian_entropy", f"warp={warp}&warp_scale={scale}")
        plane = view.picture.pictures[0]
        assert view.svg().count("h0") == 1024
        for axis, name in ((plane.x, "x"), (plane.y, "y")):
            assert axis.domain[0] <= view.table[name].min() <= view.table[name].max() <= axis.domain[1]


def test_a_bit_becomes_unreadable_and_is_not_lost():
    for rounds in range(9):
        found = state("infinite.reversible_rounds", f"rounds={rounds}").values
        assert found["shannon"] == 1
        if rounds < 2:
            assert found["linear"] > 0.9 and found["network"] > 0.9
        elif rounds == 2:
            assert found["linear"] < 0.05 and found["network"] > 0.95
        else:
            assert found["linear"] < 0.05 and found["network"] < 0.05


def test_a_bet_is_recalled_if_it_was_placed_and_only_with_its_answer():
    module = "infinite.reversible_rounds"
    unplaced, early, wrong, right = (
        state(module, query) for query in ("rounds=3", "bet=6&rounds=2", "bet=6&rounds=3", "bet=3&rounds=3")
    )
    assert unplaced.values["bet_off"] is None and unplaced.formatted_values["bet"] == "not placed yet"
    assert "your bet" not in unplaced.svg()
    assert not any("bet" in view.description for view in (unplaced, early))
    assert wrong.values["bet_off"] == 3 and wrong.description.endswith("You bet on 6 rounds: it takes 3.")
    assert right.values["bet_off"] == 0 and right.description.endswith("You bet on 3 rounds: right.")


def test_the_bottleneck_opens_on_a_world_with_several_exact_encoders_below_the_soft_ones():
    curves = state("questions.ib_curve", "").data["curves"]
    dots = sorted(set(zip(*(curves["dib"][name].round(4).tolist() for name in ("cost", "information")))))
    assert len(dots) == 5
    costs, information = zip(*dots)
    middle = [(a + b) / 2 for a, b in zip(costs, costs[1:])]
    soft = np.interp(middle, curves["ib"]["cost"], curves["ib"]["information"])
    assert (soft > np.interp(middle, costs, information)).all()


def test_the_critic():
    start = state("critics.mine_critic", "rho=.8&a=.55425").values
    assert start["bound"] * math.log(2) == pytest.approx(0.2599, abs=2e-4)
    best = state("critics.mine_critic", "rho=.8&a=2.2222&b=.88889").values
    assert best["bound"] == pytest.approx(best["information"], abs=1e-6)
    assert best["information"] == pytest.approx(0.73697, abs=1e-5)
    assert state("critics.mine_critic", "a=3").values["bound"] is None


def test_a_critic_that_trains_again_finds_the_stored_bounds():
    query = "critic=trained&case=few&critic_step=2"
    stored = state("critics.mine_critic", query)
    figure("critics.mine_critic").advance(stored.state)
    again = state("critics.mine_critic", query).data["trained"]
    assert again["step"].tolist() == [0, 50, 100]
    assert again["fresh"] == pytest.approx(stored.data["trained"]["fresh"], abs=0.02)


def test_a_point_of_the_planes_moves_the_handles():
    def grabbed(module: str, point: str) -> dict:
        return figure(module).at_point(figure(module)().state, point).state

    critic = grabbed("critics.mine_critic", "2.2,.9")
    assert critic["a"] == pytest.approx(2.2) and critic["b"] == pytest.approx(0.9)
    assert grabbed("coarse.binned_information", "2,3")["width"] == 0.25
    assert grabbed("questions.ib_curve", "0,0")["beta"] <= 1.5


def test_bottleneck_values():
    found = state("questions.ib_curve", "kind=dib&beta=8").values
    assert found["h_t"] == pytest.approx(found["i_xt"], abs=1e-9)
    assert state("questions.ib_curve", "beta=.9").values["i_xt"] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("query", "bits"),
    [
        ("of=token&strength=.8", 0.0789),
        ("of=patch&strength=.6", 0.3219),
        ("of=activation&strength=.6", 0.3219),
        ("of=output", 0),
        ("given=everything", 0),
        ("of=activation&with_what=input", None),
    ],
)
def test_questions(query, bits):
    found = state("questions.of_what_given_what", query).values["bits"]
    assert found is None if bits is None else found == pytest.approx(bits, abs=1e-4)


@pytest.mark.parametrize(
    ("query", "excess", "forward", "rate"),
    [
        ("process=golden-mean", 0.2516, 0, 2 / 3),
        ("process=even", 0.9183, 0, 2 / 3),
        ("process=coupled&flip=.1", 0.5310, 0.5310, 1.4690),
        ("process=coupled&flip=.25", 0.1887, 0.1887, 1.8113),
    ],
)
def test_processes(query, excess, forward, rate):
    found = state("questions.past_and_future", query).values
    assert found["excess_entropy"] == pytest.approx(excess, abs=1e-4)
    assert found["transfer_forward"] == pytest.approx(forward, abs=1e-4)
    assert found["transfer_backward"] == pytest.approx(0, abs=1e-9)
    assert found["entropy_rate"] == pytest.approx(rate, abs=1e-4)


def test_codes_cost_what_they_know():
    bits = [state("critics.bit_autoencoder", f"code_price={p}").values for p in ("0", "0.3", "1", "3")]
    assert [b["information"] for b in bits] == sorted((b["information"] for b in bits), reverse=True)
    assert all(b["batch"] <= 8 + 1e-6 and b["information"] <= math.log2(1797) for b in bits)
    assert bits[-1]["information"] == pytest.approx(0, abs=0.01)


def test_the_prose_says_what_the_figures_show():
    """Numbers that the text gives for a preset, against the values in that state."""
    text = (ESSAYS / f"{SLUG}.md").read_text(encoding="utf-8")
    presets = {name: (m, query) for m in STATES for name, query in figure(m).presets.items()}
    claims = [
        ("thousand", "bits", "9.97"),
        ("thousand-relu", "bits", "5.48"),
        ("missing-relu", "missing", "5.20"),
        ("bins-one", "bits", "2.10"),
        ("bins-tenth", "bits", "5.37"),
        ("bins-hundredth", "bits", "8.69"),
        ("clusters-tight", "lost", "5.57"),
        ("clusters-tight", "exact", "6.91"),
        ("noise-cheat", "bits", "1.16"),
        ("noise-cheat", "last", "5.00"),
        ("noise-layers", "bits", "0.29"),
        ("warp-tanh", "entropy", "1.93"),
        ("warp-tanh-strong", "entropy", "\u22126.79"),
        ("pull-hard", "bits", "3.20"),
        ("pull-none", "bits", "1.92"),
        ("pull-none", "coefficient", "0.82"),
        ("truth-flat", "coefficient", "0.43"),
        ("critic-best", "bound", "0.74"),
        ("code-0", "information", "8.33"),
        ("ask-tokens", "bits", "0.08"),
        ("ask-outputs-data", "bits", "0.27"),
        ("race-sparse", "gaussian", "1.91"),
        ("race-sparse", "truth", "1.47"),
        ("past-golden", "excess_entropy", "0.252"),
        ("past-golden", "complexity", "0.918"),
        ("past-even", "excess_entropy", "0.918"),
        ("past-coupled", "transfer_forward", "0.531"),
    ]
    for name, value, shown in claims:
        assert f"data-animate='{name}'" in text or name == "warp-tanh", name
        module, query = presets[name]
        decimals = len(shown.partition(".")[2])
        found = f"{state(module, query).values[value]:.{decimals}f}".replace("-", "\u2212")
        assert found == shown and shown in text, (name, found)
    for query, words in (("warp=tanh", "here by 2.16 bits"), ("warp=tanh&warp_scale=4", "falls by 10.88")):
        fall = -state("noisy.jacobian_entropy", query).values["change"]
        assert f"by {fall:.2f}" in words and words in text
    strong = state("critics.mine_critic", presets["critic-ten-strong"][1]).values
    assert f"{strong['bound']:,.0f} bits" in text and f"{strong['information']:.2f} bits" in text
    beliefs = state("questions.belief_states", "").values
    assert f"{100 * beliefs['r_squared']:.1f}%" in text and f"{100 * beliefs['untrained']:.1f}%" in text


@pytest.mark.parametrize(
    ("module", "words", "queries"),
    [
        ("infinite.deterministic_information", "{0.text} for a line, {1.text} for a step", ("", "map=step")),
        ("infinite.missing_bits", "{0.missing:.2f} at six bits, {1.missing:.2f} at ten", ("", "n_bits=10")),
        (
            "infinite.reversible_rounds",
            "yes: {0.network:.2f}, and {1.network:.2f} after three rounds",
            ("", "rounds=3"),
        ),
        (
            "infinite.reversible_rounds",
            "no: {0.linear:.2f} \u2192 {1.linear:.2f} from two bits",
            ("system=two", "system=two&rounds=1"),
        ),
        ("coarse.binned_information", "yes: {0.bits:.2f} (", ("",)),
        ("coarse.binned_information", "doubled: {0.bits:.2f} \u2192 {0.doubled:.2f} (", ("",)),
        (
            "coarse.binned_information",
            "a thousand samples say {0.sample:.2f} where there are {0.bits:.2f}",
            ("width=.001",),
        ),
        ("noisy.noise_information", "yes: {0.readout:.2f} (", ("",)),
        (
            "noisy.noise_information",
            "no: {0.readout_first:.2f} \u2192 {0.readout_last:.2f} (",
            ("gain=2",),
        ),
        ("noisy.noise_information", "doubled: {0.bits:.2f} \u2192 {0.doubled:.2f} (", ("",)),
        ("noisy.noise_information", "yes: {0.layers:.2f} (", ("",)),
        ("noisy.noise_information", "yes: {0.layers_first:.2f} \u2192 {0.layers_last:.2f} (", ("",)),
        ("noisy.jacobian_entropy", "negative: {0.entropy:.2f} (", ("warp=tanh&warp_scale=4",)),
        (
            "noisy.jacobian_entropy",
            "doubled: {0.entropy:.2f} \u2192 {0.doubled:.2f} (",
            ("warp=tanh&warp_scale=4",),
        ),
        ("noisy.weight_information", "yes: {0.total:.1f} (", ("",)),
        ("critics.mine_critic", "{0.bound:.2f} of {0.information:.2f} (", ("rho=.8&a=2.22&b=.88",)),
        (
            "critics.mine_critic",
            "which share {0.information:.2f}, it said {0.bound:,.0f} |",
            ("critic=trained&case=ten-strong",),
        ),
        ("critics.bit_autoencoder", "random: {0.information:.2f} (", ("code_price=0",)),
        ("critics.bit_autoencoder", "256 at a time say {0.batch:.2f} (", ("code_price=0",)),
        ("questions.past_and_future", "mostly: {0.excess_entropy:.3f} (", ("",)),
    ],
)
def test_the_closing_table_shows_telling_cases_that_the_figures_compute(module, words, queries):
    text = (ESSAYS / f"{SLUG}.md").read_text(encoding="utf-8")
    closing = text[text.index("## Four questions") : text.index("### Footnotes")]
    found = (SimpleNamespace(**state(module, query).values) for query in queries)
    assert words.format(*found).replace("-", "\u2212") in closing
