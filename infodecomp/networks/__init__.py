"""Small fully connected networks, many of one shape at a time.

`MLP` is the shape: widths and activations. `train` fits a stack of such networks together, each from a seed
of its own, and yields snapshots. `losses` has the losses, `gradients` the gradient of a whole stack.
"""

from infodecomp.networks.architecture import ACTIVATIONS, INITIALISATIONS, MLP
from infodecomp.networks.losses import LOSSES
from infodecomp.networks.settings import TrainingSettings
from infodecomp.networks.training import StackSnapshot, train

__all__ = ["ACTIVATIONS", "INITIALISATIONS", "LOSSES", "MLP", "StackSnapshot", "TrainingSettings", "train"]
