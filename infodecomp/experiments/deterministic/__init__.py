"""The experiments of the essay on deterministic networks: probes, critics, autoencoders, estimators."""

from infodecomp.experiments.deterministic.belief_network import BELIEF_NETWORK
from infodecomp.experiments.deterministic.bit_autoencoder import BIT_AUTOENCODER, PRICES
from infodecomp.experiments.deterministic.critics import CRITIC_CASES, CRITICS
from infodecomp.experiments.deterministic.estimator_race import ESTIMATOR_RACE, race_counts
from infodecomp.experiments.deterministic.feistel_probes import FEISTEL_PROBES, TARGET_BIT

__all__ = [
    "BELIEF_NETWORK",
    "BIT_AUTOENCODER",
    "CRITICS",
    "CRITIC_CASES",
    "ESTIMATOR_RACE",
    "FEISTEL_PROBES",
    "PRICES",
    "TARGET_BIT",
    "race_counts",
]
