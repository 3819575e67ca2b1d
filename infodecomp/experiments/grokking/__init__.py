"""The experiments of the essay on grokking: sparse parity, its sweep, and variants of modular addition."""

from infodecomp.experiments.grokking.circle_neurons import CIRCLE_NEURONS
from infodecomp.experiments.grokking.factorisations import FACTORISATIONS
from infodecomp.experiments.grokking.memorising import MEMORISING
from infodecomp.experiments.grokking.modular import MOD67, MOD_LIVE
from infodecomp.experiments.grokking.modular_measures import MOD_INFORMATION, MOD_PROGRESS
from infodecomp.experiments.grokking.modular_survey import MOD_SURVEY
from infodecomp.experiments.grokking.parity_runs import PARITY_RUNS
from infodecomp.experiments.grokking.parity_sweep import PARITY_SWEEP

__all__ = [
    "CIRCLE_NEURONS",
    "FACTORISATIONS",
    "MEMORISING",
    "MOD67",
    "MOD_INFORMATION",
    "MOD_LIVE",
    "MOD_PROGRESS",
    "MOD_SURVEY",
    "PARITY_RUNS",
    "PARITY_SWEEP",
]
