"""The figures of "Infinitely many bits"."""

from .coarse.binned_information import binned_information
from .coarse.binning_clusters import binning_clusters
from .critics.bit_autoencoder import bit_autoencoder
from .critics.estimator_race import estimator_race
from .critics.mine_critic import mine_critic
from .infinite.deterministic_information import deterministic_information
from .infinite.missing_bits import missing_bits
from .infinite.reversible_rounds import reversible_rounds
from .noisy.jacobian_entropy import jacobian_entropy
from .noisy.noise_information import noise_information
from .noisy.tempered_posterior import tempered_posterior
from .noisy.weight_information import weight_information
from .questions.belief_states import belief_states
from .questions.ib_curve import ib_curve
from .questions.of_what_given_what import of_what_given_what
from .questions.past_and_future import past_and_future

__all__ = [
    "belief_states",
    "binned_information",
    "binning_clusters",
    "bit_autoencoder",
    "deterministic_information",
    "estimator_race",
    "ib_curve",
    "jacobian_entropy",
    "mine_critic",
    "missing_bits",
    "noise_information",
    "of_what_given_what",
    "past_and_future",
    "reversible_rounds",
    "tempered_posterior",
    "weight_information",
]
