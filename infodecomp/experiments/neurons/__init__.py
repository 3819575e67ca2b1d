"""The experiments of the essay on which neurons matter."""

from infodecomp.experiments.neurons.digit_networks import DIGIT_NETWORKS
from infodecomp.experiments.neurons.neuron_bits import NEURON_BITS
from infodecomp.experiments.neurons.plane_networks import PLANE_NETWORKS
from infodecomp.experiments.neurons.stacked import STACKED_RUN

__all__ = ["DIGIT_NETWORKS", "NEURON_BITS", "PLANE_NETWORKS", "STACKED_RUN"]
