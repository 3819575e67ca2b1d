"""Levels and steps for tables with few rows: candidates on nine tables, beside boosted trees.

    make study-defaults [SEEDS=10] [ARGS='defaults 1,500']

Prints, for each table, the error at the bits that are enough, divided by that of scikit-learn's boosted
trees on the same held-out rows; medians over the seeds.
"""

import os
import sys
import time
import warnings
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd
from sklearn import datasets

from infodecomp import DistributedBottleneck
from infodecomp.data.bikes import FEATURES, load_bikes

MAX_ROWS = 3000  # of a table
Rule = Callable[[int], dict[str, Any]]


def _rule(rows_of_a_level: float, epochs: float, width: int = 128) -> Rule:
    def chosen(n: int) -> dict[str, Any]:
        levels = int(np.clip(n / rows_of_a_level, 8, 128))
        steps = int(np.clip(n * epochs / 128, 150, 1500))
        return {"levels": levels, "steps": steps, "width": width}

    return chosen


CANDIDATES: dict[str, Rule] = {
    "128 levels, 1,500 steps": lambda n: {"levels": 128, "steps": 1500},
    "the defaults": lambda n: {},
    "15 rows a level, 40 epochs": _rule(15, 40),
    "30 rows a level, 40 epochs": _rule(30, 40),
    "30 rows a level, 80 epochs": _rule(30, 80),
    "15 rows a level, 40 epochs, width 32": _rule(15, 40, 32),
}


def tables() -> dict[str, tuple[pd.DataFrame, pd.Series]]:
    """Public tables that come with packages: names to columns and target."""
    vega = files("vega_datasets") / "_data"

    def shipped(file, target: str, *ignored: str) -> tuple[pd.DataFrame, pd.Series]:
        read = pd.read_json if str(file).endswith(".json") else pd.read_csv
        frame = read(file).dropna(subset=[target]).drop(columns=list(ignored))
        frame = frame.sample(min(len(frame), MAX_ROWS), random_state=0).reset_index(drop=True)
        return frame.drop(columns=target), frame[target]

    def of_sklearn(load, is_classes: bool) -> tuple[pd.DataFrame, pd.Series]:
        X, y = load(return_X_y=True, as_frame=True)
        return X, y.astype(str) if is_classes else y

    def of_bikes() -> tuple[pd.DataFrame, pd.Series]:
        bikes = load_bikes()
        frame = pd.DataFrame({feature: bikes.columns[feature] for feature in FEATURES})
        rows = np.random.default_rng(0).permutation(len(frame))[:MAX_ROWS]
        return frame.iloc[rows].reset_index(drop=True), pd.Series(bikes.count[rows])

    weather = shipped(vega / "seattle-weather.csv", "weather")
    weather[0]["date"] = pd.to_datetime(weather[0]["date"]).dt.dayofyear
    return {
        "penguins": shipped(files("palmerpenguins") / "data" / "penguins.csv", "species"),
        "breast cancer": of_sklearn(datasets.load_breast_cancer, True),
        "wine": of_sklearn(datasets.load_wine, True),
        "weather": weather,
        "iris": of_sklearn(datasets.load_iris, True),
        "cars": shipped(vega / "cars.json", "Miles_per_Gallon", "Name"),
        "barley": shipped(vega / "barley.json", "yield"),
        "diabetes": of_sklearn(datasets.load_diabetes, False),
        "bikes": of_bikes(),
    }


def measured(X: pd.DataFrame, y: pd.Series, rule: Rule, seed: int) -> tuple[float, float, float]:
    """Error at best_bits_, error of boosted trees, and CPU seconds of the fit."""
    start = time.process_time()
    fit = DistributedBottleneck(random_state=seed, **rule(int(0.8 * len(y)))).fit(X, y)
    seconds = time.process_time() - start
    error = float(fit.information_plane_.at(fit.best_bits_).error)
    return error, fit.yardsticks(X, y).trees, seconds


def main(seeds: int, only: list[str]) -> None:
    """Print a row for each table and candidate."""
    warnings.simplefilter("ignore")
    for name, (X, y) in tables().items():
        for candidate, rule in CANDIDATES.items():
            if only and not any(word in candidate for word in only):
                continue
            rows = np.array([measured(X, y, rule, seed) for seed in range(seeds)])
            error, trees, seconds = np.median(rows, 0)
            print(
                f"| {name} ({len(y):,} × {X.shape[1]}) | {candidate} | {error:.4g} | {trees:.4g} | "
                f"{np.median(rows[:, 0] / rows[:, 1]):.2f} | {seconds:.1f} |",
                flush=True,
            )


if __name__ == "__main__":
    main(int(os.environ.get("SEEDS", "10")), sys.argv[1:])
