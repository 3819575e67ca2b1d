"""Numbers that the text gives for parity, the circle and the variants, against the figures."""

import numpy as np

from infodecomp.experiments.grokking.factorisations import KNOWS
from infodecomp.modular.circle import first_failure
from infodecomp.parity.network import parity_samples
from tests.essays.figures import ESSAYS, essay_figure

SLUG = "grokking"
TEXT = " ".join((ESSAYS / "grokking.md").read_text().split())
DEBUG = essay_figure("circle.construction", "debug-vis", SLUG)
FIVE = essay_figure("circle.five", "five-neuron-accuracy", SLUG)
SWEEP = essay_figure("sweeps.parity", "sparse-parity-sweep", SLUG)
BACK = essay_figure("sweeps.memorising", "open-q-mem-1-accuracy", SLUG)
WRITTEN = essay_figure("sweeps.factorisations", "sweep-mod", SLUG)


def test_no_two_sequences_are_alike():
    assert "no two of the 1,200 sequences are alike" in TEXT
    assert len({tuple(row) for row in parity_samples(1200, 0).inputs.tolist()}) == 1200


def test_the_construction():
    assert "4,489 sums" in TEXT and 67**2 == 4489
    assert "with 19% of the sums right" in TEXT and round(DEBUG(n_neurons=6).values["percent"]) == 19
    assert "hold until 343" in TEXT and first_failure(7) == 344


def test_the_trained_neurons():
    values = FIVE().values
    assert "to within two degrees" in TEXT
    assert max(72 - values["smallest_gap"], values["largest_gap"] - 72) < 2
    assert "one seed of six</animate> ends at 14%" in TEXT
    assert round(FIVE(five_seed=0).values["test_accuracy"]) == 14
    looks = np.sort(FIVE(five_seed=0).data["weights"]["looks"])
    assert sum(np.diff(looks, append=looks[0] + 360) < 20) == 2, "two pairs look the same way"


def test_the_map_of_the_sweep():
    networks = SWEEP().data["networks"]
    group, width = networks["column"] // 3, networks["row"] // 3
    decay, size, outcome = group // 5, group % 5, networks["outcome"]
    neither, memorised, grokked, knew = range(4)
    moderate = decay <= 2
    large, small = moderate & (width >= 2), moderate & (width <= 1)
    assert (outcome[large & (size == 0)] == memorised).all(), "500 sequences: by heart"
    assert (outcome[large & (size == 3)] == grokked).mean() > 0.8, "a thousand: grokked"
    assert (outcome[moderate & (size == 4) & ((width == 2) | (width == 3))] == knew).mean() > 0.9, (
        "1,500: at once"
    )
    assert (outcome[moderate & (size == 4) & (width == 4)] == grokked).mean() > 0.7, "but not the largest"
    assert "the middling ones need no detour, and only the largest still take it" in TEXT
    assert (outcome[small] == grokked).sum() < 0.1 * (outcome[small] == knew).sum()
    assert (outcome[decay == 4] == neither).all()
    counts = np.array([[(outcome[decay == d] == o).sum() for o in range(4)] for d in range(3)])
    assert (np.ptp(counts, axis=0) <= 16).all(), "from 0.01 to 0.3 the price changes little"


def test_the_way_back_and_the_ways_of_writing():
    values = BACK().values
    assert values["best_accuracy"] > 90 and values["worst_accuracy"] < 80 and values["last_accuracy"] > 95
    final = WRITTEN().data["final"]
    assert "all of them at the highest price" in TEXT
    assert all((final[name][:2] < 0.95).all() for name in final)
    assert "by then they've got to about half, and some are still climbing" in TEXT
    climbing = WRITTEN(factor_what="input", factor_decay="3").data["training"]["test_1"]
    assert climbing[-1] > climbing[-5] + 0.1 and KNOWS == 0.95 and "(here: at least 95% of it)" in TEXT
    assert 0.4 < final["input"][2].mean() < 0.6 and 0.4 < final["output"][2].mean() < 0.6
