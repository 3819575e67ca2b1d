"""The public names and the modules that define them; each module is imported when its name is first used."""

from .allocation.bsc_frontier import Frontier, information_frontier
from .allocation.bsc_plane import (
    Allocations,
    allocation_information,
    information_plane,
    nearest_allocation,
    tied_with_swapped,
)
from .allocation.encoder_frontier import StochasticFrontier
from .allocation.general_frontier import GeneralFrontier, general_frontier, search_general_channels
from .allocation.partitions import best_pair, partition_pairs, partitions, sufficient_pair
from .allocation.source_pair import SourcePair
from .allocation.stochastic_encoders import search_stochastic_encoders, stochastic_frontier
from .allocation.two_sources import TwoSourceJoint, two_source_joint
from .boards.information import gaussian_encoders_information
from .boards.training import train_board
from .bottleneck.estimator import DistributedBottleneck
from .bottleneck.fits.fixed_task import DistributedBottleneckClassifier, DistributedBottleneckRegressor
from .channels.binary_asymmetric import binary_asymmetric_channel
from .channels.binary_symmetric import bsc_crossover_probability, bsc_information
from .channels.gaussian import (
    gaussian_channel_density,
    gaussian_channel_information,
    gaussian_channel_noise,
)
from .channels.gaussian_encoders import (
    distinguishability,
    gaussian_divergence,
    gaussian_encoder_information,
)
from .errors import InformationError
from .experiments.boards import random_board
from .information.decomposition import (
    co_information,
    conditional_mutual_information,
    information_terms,
    term_contributions,
)
from .information.entropy import binary_entropy, conditional_entropy, entropy, mutual_information
from .information.pid import PartialInformation, partial_information, union_information

__all__ = [
    "Allocations",
    "DistributedBottleneck",
    "DistributedBottleneckClassifier",
    "DistributedBottleneckRegressor",
    "Frontier",
    "GeneralFrontier",
    "InformationError",
    "PartialInformation",
    "SourcePair",
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

__version__: str
