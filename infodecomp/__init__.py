"""infodecomp: where is the information in data? Entropies, lines, allocations and their decomposition, in bits, on torch."""

from infodecomp.allocation.bsc_frontier import Frontier, information_frontier
from infodecomp.allocation.bsc_plane import (
    Allocations,
    allocation_information,
    information_plane,
    nearest_allocation,
    tied_with_swapped,
)
from infodecomp.allocation.general_frontier import GeneralFrontier, general_frontier, search_general_channels
from infodecomp.allocation.partitions import best_pair, partition_pairs, partitions, sufficient_pair
from infodecomp.allocation.stochastic_encoders import (
    StochasticFrontier,
    search_stochastic_encoders,
    stochastic_frontier,
)
from infodecomp.allocation.two_sources import TwoSourceJoint, two_source_joint
from infodecomp.bottleneck.board import train_board
from infodecomp.bottleneck.board_information import gaussian_encoders_information
from infodecomp.channels.binary_asymmetric import binary_asymmetric_channel
from infodecomp.channels.binary_symmetric import bsc_crossover_probability, bsc_information
from infodecomp.channels.gaussian import (
    gaussian_channel_density,
    gaussian_channel_information,
    gaussian_channel_noise,
)
from infodecomp.channels.gaussian_encoders import (
    distinguishability,
    gaussian_divergence,
    gaussian_encoder_information,
)
from infodecomp.errors import InformationError
from infodecomp.experiments.boards import random_board
from infodecomp.information.decomposition import (
    co_information,
    conditional_mutual_information,
    information_terms,
    term_contributions,
)
from infodecomp.information.entropy import binary_entropy, conditional_entropy, entropy, mutual_information
from infodecomp.information.pid import PartialInformation, partial_information, union_information

__all__ = [
    "Allocations",
    "DistributedBottleneck",
    "Frontier",
    "TwoSourceJoint",
    "GeneralFrontier",
    "InformationError",
    "PartialInformation",
    "StochasticFrontier",
    "allocation_information",
    "best_pair",
    "binary_entropy",
    "gaussian_encoder_information",
    "gaussian_encoders_information",
    "co_information",
    "conditional_entropy",
    "conditional_mutual_information",
    "distinguishability",
    "entropy",
    "bsc_information",
    "bsc_crossover_probability",
    "gaussian_divergence",
    "general_frontier",
    "information_frontier",
    "information_plane",
    "information_terms",
    "binary_asymmetric_channel",
    "tied_with_swapped",
    "mutual_information",
    "nearest_allocation",
    "partial_information",
    "partition_pairs",
    "partitions",
    "random_board",
    "search_general_channels",
    "search_stochastic_encoders",
    "stochastic_frontier",
    "two_source_joint",
    "sufficient_pair",
    "term_contributions",
    "train_board",
    "union_information",
    "gaussian_channel_density",
    "gaussian_channel_information",
    "gaussian_channel_noise",
]


def __getattr__(name: str):
    # scikit-learn takes two seconds to import, and only those who fit a table need it.
    if name == "DistributedBottleneck":
        from infodecomp.bottleneck.estimator import DistributedBottleneck

        return DistributedBottleneck
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
