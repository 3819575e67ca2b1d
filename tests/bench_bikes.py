"""Benchmark of the bottleneck on the bike rentals (`make bench-bikes`): the table of models/BENCHMARKS.md.

Three random splits into 64/16/20 % and two seeds each. The error on the test hours is of one sample of the
messages, and the bits are measured with at least 200 messages of each value. Beside them are the published
curve, the best possible code for the hour alone, boosted trees, and what these reach with the cells of two
kinds of quantisers within the same bits (see bike_quantisers.py). With `--stored`, the model in models/ is
measured instead, on its own split, at whole and half budgets.
"""

import sys
import time

import numpy as np
import torch
from sklearn.ensemble import HistGradientBoostingRegressor

from infodecomp.bottleneck.estimator import DistributedBottleneck
from infodecomp.data.bikes import FEATURES, KINDS, PERIODS, load_bikes, split_bikes
from infodecomp.experiments.bikes import BIKES, BikeTable, unseen_rows
from infodecomp.information.rate_distortion import rate_distortion
from tests.bike_quantisers import quantiser_errors

# Murphy & Bassett 2023
PUBLISHED = 162.9, 150.5, 145.6, 139.9, 130.5, 115.9, 103.6, 92.0, 86.4, 81.7, 76.9, 73.4, 70.6, 68.5, 66.4
BUDGETS = range(1, 16)
HALF_BUDGETS = [half / 2 for half in range(2, 33)]
SAMPLES = 4  # of the messages, whose errors are averaged


def fit(split, seed: int, steps: int) -> tuple[list[float], float]:
    """Test errors at the whole budgets, and the CPU seconds of the training.

    A fifth of the rows to fit is held out.
    """
    data, rows, ends = load_bikes(), np.sort(np.concatenate([split.training, split.validation])), []
    start = time.process_time()
    fitted = DistributedBottleneck(kinds=KINDS, periods=PERIODS, steps=steps, random_state=seed).fit(
        BikeTable(rows), data.count[rows], callback=lambda training: ends.append(time.process_time())
    )
    seconds = ends[-1] - start
    bottleneck = fitted.bottleneck_
    bottleneck.plane = bottleneck.measure_plane(*unseen_rows(bottleneck, split), draws=200)
    return [bottleneck.plane.at(bits).error for bits in BUDGETS], seconds


def hour_alone(rows) -> list[float]:
    """The error of the best possible code for the hour alone at each whole budget."""
    hours, count = load_bikes().columns["hour"][rows], load_bikes().count[rows]
    counts = [count[hours == hour] for hour in range(24)]
    limit = rate_distortion(
        np.bincount(hours) / len(hours),
        [c.mean() for c in counts],
        [c.var() for c in counts],
        torch.logspace(1, 5, 200),
    )
    order = limit.bits.argsort()
    return np.interp(list(BUDGETS), limit.bits[order], limit.distortion[order].sqrt()).tolist()


def boosted(split) -> float:
    """The error of boosted trees with all columns."""
    data, rows = load_bikes(), np.concatenate([split.training, split.validation])
    columns = [
        np.unique(data.columns[name], return_inverse=True)[1]
        if data.columns[name].dtype.kind == "U"
        else data.columns[name]
        for name in FEATURES
    ]
    table = np.stack(columns, 1).astype(float)
    trees = HistGradientBoostingRegressor(max_iter=1000, learning_rate=0.06, random_state=0).fit(
        table[rows], data.count[rows]
    )
    return float(np.sqrt(np.mean((trees.predict(table[split.test]) - data.count[split.test]) ** 2)))


def stored() -> None:
    """The stored model and its further fits beside quantisers."""
    torch.set_num_threads(1)
    found, split = BIKES.at(0), split_bikes(BIKES.config.split_seed)
    model, rows = found.bottleneck, unseen_rows(found.bottleneck, split)
    t = [model.t_at(bits) for bits in HALF_BUDGETS]
    samples = [model.measure_plane(*rows, 50, t, draw).error for draw in range(SAMPLES)]
    errors = np.mean(samples, axis=0)
    merged, leaves = quantiser_errors(split, HALF_BUDGETS)
    print("| bits | stored | others, from random | merged cells | trees' leaves |")
    print("|---|---|---|---|---|")
    for i, bits in enumerate(HALF_BUDGETS):
        others = [np.interp(bits, plane.bits, plane.error) for _, plane in found.further]
        print(
            f"| {bits:g} | {errors[i]:.1f} | {min(others):.1f} to {max(others):.1f} "
            f"| {merged[i]:.1f} | {leaves[i]:.1f} |"
        )
    gap = errors - np.fmin(merged, leaves)
    print(
        f"\nThe stored model is {-gap.max():.1f} to {-gap.min():.1f} below the best quantiser; with 16 bits "
        f"it is {errors[-1] - boosted(split):.1f} above boosted trees with everything."
    )


def main(splits: int = 3, seeds: int = 2, steps: int = 1300) -> None:
    torch.set_num_threads(1)
    errors, seconds, limits, floors, quantised = [], [], [], [], []
    for number in range(splits):
        split = split_bikes(number)
        limits.append(hour_alone(split.test))
        floors.append(boosted(split))
        quantised.append(quantiser_errors(split, BUDGETS))
        for seed in range(seeds):
            found, took = fit(split, seed, steps)
            errors.append(found)
            seconds.append(took)
            print(f"split {number}, seed {seed}: {took:.1f} CPU s", file=sys.stderr)
    errors = np.array(errors)
    merged, leaves = np.mean(quantised, axis=0)
    print(
        f"{splits} splits, {seeds} seeds each, {steps} steps: {np.median(seconds):.1f} CPU s a fit "
        f"(maximum {max(seconds):.1f}); boosted trees with everything {np.mean(floors):.1f}\n"
    )
    print("| bits | published | mean | spread | worst | merged cells | trees' leaves | hour alone, at best |")
    print("|---|---|---|---|---|---|---|---|")
    for i, bits in enumerate(BUDGETS):
        column = errors[:, i]
        print(
            f"| {bits} | {PUBLISHED[i]} | {column.mean():.1f} | {column.std(ddof=1):.1f} "
            f"| {column.max():.1f} | {merged[i]:.1f} | {leaves[i]:.1f} | {np.mean(limits, 0)[i]:.1f} |"
        )
    beaten = (errors < np.array(PUBLISHED)).all()
    print(f"\n{'Below' if beaten else 'NOT below'} the published curve at every whole budget, in every fit.")
    gap = errors.mean(0) - np.fmin(merged, leaves)
    most = int(gap.argmax())
    print(
        f"The bottleneck's mean is at most {gap[most]:.1f} above the best quantiser, at {BUDGETS[most]} bits."
    )


if __name__ == "__main__":
    if "--stored" in sys.argv:
        stored()
    else:
        main(*(1, 2, 300) if "--quick" in sys.argv else ())
