"""The shape of a multilayer perceptron, and its forward pass for a whole stack of networks.

The parameters of a stack are one tensor (n_networks, n_parameters), so that an optimiser step is a few
operations whatever the number of layers, and a stored network is one row.
"""

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch

from infodecomp.errors import InformationError
from infodecomp.validation import as_integer, as_seed


def _relu_slope(output: torch.Tensor) -> torch.Tensor:
    return (output > 0).to(output.dtype)


class Activation(NamedTuple):
    """An activation and its derivative, the latter as a function of the activation's output."""

    function: Callable[[torch.Tensor], torch.Tensor]
    slope: Callable[[torch.Tensor], torch.Tensor]


ACTIVATIONS = {
    "tanh": Activation(torch.tanh, lambda output: 1 - output.square()),
    "relu": Activation(torch.relu, _relu_slope),
    "sigmoid": Activation(torch.sigmoid, lambda output: output * (1 - output)),
    "linear": Activation(lambda values: values, torch.ones_like),
}

INITIALISATIONS: dict[str, Callable[[int, int], float]] = {
    "uniform": lambda n_in, n_out: 1 / math.sqrt(n_in),  # torch.nn.Linear
    "glorot": lambda n_in, n_out: math.sqrt(6 / (n_in + n_out)),
    "he": lambda n_in, n_out: math.sqrt(6 / n_in),
}


class Layer(NamedTuple):
    """The weights (n_networks, n_in, n_out) and biases (n_networks, 1, n_out) of one layer, as views."""

    weight: torch.Tensor
    bias: torch.Tensor


@dataclass(frozen=True)
class MLP:
    """A multilayer perceptron: h_l = activation(h_{l-1} W_l + b_l).

    Parameters
    ----------
    widths : tuple of int
        Number of inputs, of neurons in each hidden layer, and of outputs.
    activation : {"tanh", "relu", "sigmoid", "linear"} or tuple of these
        Of the hidden layers; one for all or one for each.
    output : {"linear", "tanh", "relu", "sigmoid"}
        Activation of the last layer. The cross-entropy losses take logits, hence "linear".

    Raises
    ------
    InformationError
        If fewer than two widths are given, a width is below 1, or an activation is unknown.
    """

    widths: tuple[int, ...]
    activation: str | tuple[str, ...] = "relu"
    output: str = "linear"

    def __post_init__(self) -> None:
        if len(self.widths) < 2:
            raise InformationError(f"widths = {self.widths}: give at least the inputs and the outputs")
        for width in self.widths:
            as_integer(width, "a width", 1)
        hidden = (self.activation,) if isinstance(self.activation, str) else self.activation
        for name in (*hidden, self.output):
            if name not in ACTIVATIONS:
                raise InformationError(f"activation {name!r}: choose from {', '.join(ACTIVATIONS)}")
        if not isinstance(self.activation, str) and len(self.activation) != len(self.widths) - 2:
            raise InformationError(
                f"{len(self.activation)} activations for {len(self.widths) - 2} hidden layers: "
                "give one for each, or one for all"
            )

    @property
    def activations(self) -> tuple[str, ...]:
        """The activation of every layer, the last included."""
        n_hidden = len(self.widths) - 2
        hidden = (self.activation,) * n_hidden if isinstance(self.activation, str) else self.activation
        return (*hidden, self.output)

    @property
    def shapes(self) -> tuple[tuple[int, int], ...]:
        """(n_in, n_out) of every layer."""
        return tuple(itertools.pairwise(self.widths))

    @property
    def n_parameters(self) -> int:
        """Number of weights and biases."""
        return sum((n_in + 1) * n_out for n_in, n_out in self.shapes)

    def layers(self, parameters: torch.Tensor) -> list[Layer]:
        """View the parameters of a stack, (n_networks, n_parameters), as layers.

        Raises InformationError if they do not have this shape.
        """
        if parameters.dim() != 2 or parameters.shape[1] != self.n_parameters:
            raise InformationError(
                f"parameters of shape {tuple(parameters.shape)}: "
                f"give (n_networks, {self.n_parameters}) for widths {self.widths}"
            )
        sizes = [size for n_in, n_out in self.shapes for size in (n_in * n_out, n_out)]
        parts = iter(parameters.split(sizes, dim=1))
        n = len(parameters)
        return [
            Layer(next(parts).view(n, n_in, n_out), next(parts).view(n, 1, n_out))
            for n_in, n_out in self.shapes
        ]

    def weight_mask(self) -> torch.Tensor:
        """Which parameters are weights rather than biases, (n_parameters,), as booleans."""
        return torch.cat([torch.arange((n_in + 1) * n_out) < n_in * n_out for n_in, n_out in self.shapes])

    def initial(
        self,
        seeds: Sequence[int],
        initialisation: str = "uniform",
        scale: float = 1.0,
        dtype: torch.dtype = torch.float32,
    ) -> torch.Tensor:
        """Random parameters, one network for each seed and independent of the other seeds.

        Parameters
        ----------
        seeds : sequence of int
        initialisation : {"uniform", "glorot", "he"}
            Weights are uniform on [-b, b] with b = 1/sqrt(n_in), sqrt(6/(n_in + n_out)) or sqrt(6/n_in).
            Biases are uniform on [-1/sqrt(n_in), 1/sqrt(n_in)] for "uniform" and 0 otherwise.
        scale : float
            Factor applied to all of them.
        dtype : torch.dtype

        Returns
        -------
        torch.Tensor, shape (n_networks, n_parameters)

        Raises
        ------
        InformationError
            If the initialisation is unknown or a seed is not a whole number from 0.

        References
        ----------
        Glorot & Bengio (2010), eq. 16; He et al. (2015), section 2.2.
        """
        if initialisation not in INITIALISATIONS:
            raise InformationError(
                f"initialisation {initialisation!r}: choose from {', '.join(INITIALISATIONS)}"
            )
        rows = []
        for seed in seeds:
            generator, parts = torch.Generator().manual_seed(as_seed(seed)), []
            for n_in, n_out in self.shapes:
                bound = INITIALISATIONS[initialisation](n_in, n_out)
                bias = 1 / math.sqrt(n_in) if initialisation == "uniform" else 0.0
                unit = 2 * torch.rand((n_in + 1) * n_out, generator=generator, dtype=torch.float64) - 1
                unit[: n_in * n_out] *= bound
                unit[n_in * n_out :] *= bias
                parts.append(unit)
            rows.append(scale * torch.cat(parts))
        return torch.stack(rows).to(dtype)

    def forward(self, parameters: torch.Tensor, x: torch.Tensor) -> list[torch.Tensor]:
        """The outputs of all layers of a stack of networks.

        Parameters
        ----------
        parameters : torch.Tensor, shape (n_networks, n_parameters)
        x : torch.Tensor, shape (n_samples, n_inputs) or (n_networks, n_samples, n_inputs)
            Shared inputs, or inputs of each network.

        Returns
        -------
        list of torch.Tensor, each (n_networks, n_samples, width)
            One for each layer, the network's output last.
        """
        outputs, hidden = [], x.expand(len(parameters), *x.shape) if x.dim() == 2 else x
        for layer, name in zip(self.layers(parameters), self.activations):
            hidden = ACTIVATIONS[name].function(torch.baddbmm(layer.bias, hidden, layer.weight))
            outputs.append(hidden)
        return outputs
