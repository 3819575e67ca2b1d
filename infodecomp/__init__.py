"""Information decomposition in torch: entropies, channels, allocations and the distributed bottleneck.

All information is in bits. The names in `__all__` are the public interface.
"""

from importlib import metadata
from typing import TYPE_CHECKING, Any

from infodecomp.allocation.bsc_frontier import Frontier, information_frontier
from infodecomp.allocation.bsc_plane import (
    Allocations,
    allocation_information,
    information_plane,
    nearest_allocation,
    tied_with_swapped,
)
from infodecomp.allocation.encoder_frontier import StochasticFrontier
from infodecomp.allocation.general_frontier import GeneralFrontier, general_frontier, search_general_channels
from infodecomp.allocation.partitions import best_pair, partition_pairs, partitions, sufficient_pair
from infodecomp.allocation.stochastic_encoders import search_stochastic_encoders, stochastic_frontier
from infodecomp.allocation.two_sources import TwoSourceJoint, two_source_joint
from infodecomp.boards.information import gaussian_encoders_information
from infodecomp.boards.training import train_board
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

if TYPE_CHECKING:
    from infodecomp.bottleneck.estimator import DistributedBottleneck

__all__ = [
    "Allocations",
    "DistributedBottleneck",
    "Frontier",
    "GeneralFrontier",
    "InformationError",
    "PartialInformation",
    "StochasticFrontier",
    "TwoSourceJoint",
    "allocation_information",
    "best_pair",
    "binary_asymmetric_channel",
    "binary_entropy",
    "bsc_crossover_probability",
    "bsc_information",
    "co_information",
    "conditional_entropy",
    "conditional_mutual_information",
    "distinguishability",
    "entropy",
    "gaussian_channel_density",
    "gaussian_channel_information",
    "gaussian_channel_noise",
    "gaussian_divergence",
    "gaussian_encoder_information",
    "gaussian_encoders_information",
    "general_frontier",
    "information_frontier",
    "information_plane",
    "information_terms",
    "mutual_information",
    "nearest_allocation",
    "partial_information",
    "partition_pairs",
    "partitions",
    "random_board",
    "search_general_channels",
    "search_stochastic_encoders",
    "stochastic_frontier",
    "sufficient_pair",
    "term_contributions",
    "tied_with_swapped",
    "train_board",
    "two_source_joint",
    "union_information",
]

try:
    __version__ = metadata.version("infodecomp")
except metadata.PackageNotFoundError:  # a checkout that is not installed
    __version__ = "0+unknown"


def __getattr__(name: str) -> Any:
    # Importing scikit-learn takes two seconds, which only the estimator needs.
    if name == "DistributedBottleneck":
        from infodecomp.bottleneck.estimator import DistributedBottleneck

        return DistributedBottleneck
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
