"""Networks that learn the same function: forty at a time on bits, forty on fuzzy XOR, twenty on any table."""

from infodecomp.experiments.same_computation.drawn_functions import DRAWN_FUNCTION
from infodecomp.experiments.same_computation.forty_networks import FORTY_NETWORKS
from infodecomp.experiments.same_computation.fuzzy_xor import FUZZY_XOR
from infodecomp.experiments.same_computation.twins import TWINS

__all__ = ["DRAWN_FUNCTION", "FORTY_NETWORKS", "FUZZY_XOR", "TWINS"]
