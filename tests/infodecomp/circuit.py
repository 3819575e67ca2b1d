"""The Boolean circuit of Murphy & Bassett (2024), a known truth for distributed bottlenecks."""

import numpy as np

from infodecomp import DistributedBottleneck

N_INPUTS = 10
# of each size on the concave hull, with I(subset; Y) in bits; checked over all 1,024 subsets by a test
BEST_SUBSETS = {
    (2,): 0.2635,
    (2, 9): 0.3363,
    (2, 5, 9): 0.4428,
    (2, 5, 7, 8, 9): 0.6220,
    (0, 1, 2, 5, 7, 8, 9): 0.6954,
    (0, 1, 2, 5, 6, 7, 8, 9): 0.7072,
    tuple(range(N_INPUTS)): 0.7579,
}
PRESENT = 0.5  # bits: a column that sends more than this is part of the subset
COPIES = 5  # of the truth table, so that the held-out rows are not missing from the others


def truth_table() -> tuple[np.ndarray, np.ndarray]:
    """All inputs (1024, 10) and the output (1024,)."""
    x = np.arange(2**N_INPUTS)[:, None] >> np.arange(N_INPUTS) & 1
    either, four, differ = x[:, 0] | x[:, 1], x[:, 3] & x[:, 4], x[:, 7] ^ x[:, 8]
    flipped = x[:, 9] ^ (x[:, 5] | differ)
    return x, x[:, 2] & flipped & (either | (x[:, 6] ^ four))


def subset_information(x: np.ndarray, y: np.ndarray, subset: tuple[int, ...]) -> float:
    """I(X_subset; Y) in bits for equally likely rows."""
    index = x[:, list(subset)] @ (1 << np.arange(len(subset)))
    counts = np.bincount(2 * index + y, minlength=2 ** (len(subset) + 1)).reshape(-1, 2) / len(y)

    def entropy(p: np.ndarray) -> float:
        p = p[p > 0]
        return float(-(p * np.log2(p)).sum())

    return entropy(counts.sum(1)) + entropy(counts.sum(0)) - entropy(counts.ravel())


def fit_circuit(seed: int = 0, **settings) -> DistributedBottleneck:
    """One fit to the whole truth table; without annealing, inputs 7 and 8 are never found."""
    x, y = truth_table()
    rows = np.tile(np.arange(len(x)), COPIES)
    chosen = {"annealing": 0.6, "steps": 900, "width": 64} | settings
    return DistributedBottleneck(task="classification", random_state=seed, **chosen).fit(x[rows], y[rows])


def visited_subsets(fitted: DistributedBottleneck, points: int = 201) -> list[tuple[int, ...]]:
    """The subsets of columns that the fit uses along its path, the smallest budget first."""
    bottleneck = fitted.bottleneck_
    x, y = truth_table()
    plane = bottleneck.measure_plane(x, y, draws=64, t=np.linspace(0, 1, points))
    return [tuple(np.flatnonzero(bits > PRESENT).tolist()) for bits in plane.features]
