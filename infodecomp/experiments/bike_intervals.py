"""Predictive intervals of the bike rentals, calibrated on hours that the model has never seen.

The spread of predictions over messages leaves out everything that the features do not say. The errors on half
of the test hours give intervals for all of it (split conformal prediction), and the other half measures
how many hours they hold.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch

from infodecomp.bottleneck.model import Bottleneck
from infodecomp.bottleneck.predictive import message_noise, predictive_samples
from infodecomp.data.bikes import split_bikes
from infodecomp.experiments.bikes import BIKES, unseen_rows
from infodecomp.experiments.registry import Context, Experiment
from infodecomp.experiments.storage import Packed

BUDGETS = (0.2, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)  # bits
SHARE = 0.8  # of the hours that an interval should hold


@dataclass(frozen=True)
class IntervalsConfig:
    """How the intervals are calibrated.

    Attributes
    ----------
    draws
        Messages of each hour, whose median is the prediction.
    levels
        Groups of hours by prediction, each with quantiles of its own.
    """

    draws: int = 32
    levels: int = 5


class Intervals(NamedTuple):
    """Quantiles of the errors of predictions at each budget.

    Attributes
    ----------
    level : ndarray, shape (n_budgets, n_levels)
        Mean prediction of each group of hours, in rentals an hour.
    low, high : ndarray, shape (n_budgets, n_levels)
        Quantiles of rented minus predicted.
    coverage : ndarray, shape (n_budgets,)
        Share of the other half of the test hours that lies within.
    """

    level: np.ndarray
    low: np.ndarray
    high: np.ndarray
    coverage: np.ndarray

    def around(self, bits: float, predicted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Lower and upper ends of the intervals, in rentals an hour, (n,) each.

        Parameters
        ----------
        bits : float
            The budget, from the first to the last of BUDGETS; quantiles between two budgets are interpolated.
        predicted : ndarray, shape (n,)
            The medians over messages.
        """
        level, low, high = (_between(bits, column) for column in (self.level, self.low, self.high))
        ends = [predicted + np.interp(predicted, level, quantile) for quantile in (low, high)]
        return ends[0].clip(0), ends[1].clip(0)

    def coverage_at(self, bits: float) -> float:
        """Share of held-out hours within their intervals at a budget."""
        return float(np.interp(bits, BUDGETS, self.coverage))


def _between(bits: float, column: np.ndarray) -> np.ndarray:
    """A row of (n_budgets, n_levels), interpolated between budgets."""
    return np.array([np.interp(bits, BUDGETS, one) for one in column.T])


def _medians(bottleneck: Bottleneck, levels: np.ndarray, bits: float, draws: int) -> np.ndarray:
    return np.median(
        predictive_samples(bottleneck, levels, bits, message_noise(bottleneck, levels, draws)), axis=0
    )


def calibrate(predicted: np.ndarray, rented: np.ndarray, levels: int) -> np.ndarray:
    """Mean prediction and the two quantiles of the errors of each group, (3, levels)."""
    groups = np.array_split(np.argsort(predicted), levels)
    tail = (1 - SHARE) / 2
    return np.array(
        [
            [predicted[group].mean(), *np.quantile(rented[group] - predicted[group], (tail, 1 - tail))]
            for group in groups
        ]
    ).T


def _run(context: Context[IntervalsConfig]) -> Iterator[Intervals]:
    config, bottleneck = context.config, BIKES.at(0).bottleneck
    rows, rented = unseen_rows(bottleneck, split_bikes())
    found, coverage = [], []
    for i, bits in enumerate(BUDGETS):
        predicted = _medians(bottleneck, rows, bits, config.draws)
        found.append(calibrate(predicted[::2], rented[::2], config.levels))
        level, low, high = found[-1]
        ends = [predicted[1::2] + np.interp(predicted[1::2], level, quantile) for quantile in (low, high)]
        coverage.append(float(((ends[0] <= rented[1::2]) & (rented[1::2] <= ends[1])).mean()))
        context.report(i + 1, len(BUDGETS))
    level, low, high = np.array(found).transpose(1, 0, 2)
    yield Intervals(level, low, high, np.array(coverage))


def _pack(snapshots: list[Intervals]) -> Packed:
    return Packed({name: torch.tensor(column) for name, column in snapshots[-1]._asdict().items()})


def _unpack(config: IntervalsConfig, packed: Packed) -> list[tuple[int, Intervals]]:
    return [(0, Intervals(**{name: packed.tensors[name].numpy() for name in Intervals._fields}))]


def _score(config: IntervalsConfig, intervals: Intervals) -> dict[str, float]:
    """Coverage on held-out hours that did not calibrate, from the intervals as the figure draws them."""
    bottleneck = BIKES.at(0).bottleneck
    rows, rented = unseen_rows(bottleneck, split_bikes())
    scores = {}
    for bits in (1, 4, 8, 16):
        low, high = intervals.around(bits, _medians(bottleneck, rows[1::2], bits, config.draws))
        scores[f"coverage/{bits}"] = round(float(((low <= rented[1::2]) & (rented[1::2] <= high)).mean()), 4)
    return scores


BIKE_INTERVALS = Experiment(
    name="bike-intervals",
    summary="Predictive intervals of the bike rentals, and how many held-out hours they hold.",
    config=IntervalsConfig(),
    run=_run,
    pack=_pack,
    unpack=_unpack,
    score=_score,
    tolerance={"coverage": 0.005},
    cpu_seconds=12,
    live=None,
    required=True,
)
