"""infodecomp: where is the information in data? Entropies, lines, allocations and their decomposition, in bits, on torch."""

from infodecomp.errors import InformationError
from infodecomp.information import binary_entropy, conditional_entropy, entropy, mutual_information
from infodecomp.lines import flip_information, flip_probability

__all__ = [
    "InformationError",
    "binary_entropy",
    "conditional_entropy",
    "entropy",
    "flip_information",
    "flip_probability",
    "mutual_information",
]
