"""The gradient of a stack of networks, written out by hand: autograd takes several times as long."""

import torch

from infodecomp.networks.architecture import ACTIVATIONS, MLP
from infodecomp.networks.losses import Loss


def backpropagate(
    network: MLP,
    parameters: torch.Tensor,
    x: torch.Tensor,
    y: torch.Tensor,
    loss: Loss,
    masks: list[torch.Tensor] | None = None,
) -> tuple[torch.Tensor, torch.Tensor]:
    """The loss of each network and its gradient.

    Parameters
    ----------
    network : MLP
    parameters : torch.Tensor, shape (n_networks, n_parameters)
    x : torch.Tensor, shape (n_networks, n_samples, n_inputs)
    y : torch.Tensor, shape (n_networks, n_samples, n_outputs) or (n_networks, n_samples)
    loss : Loss
    masks : list of torch.Tensor, each (n_networks, n_samples, width), optional
        Factors of the activations of each hidden layer, for dropout.

    Returns
    -------
    loss : torch.Tensor, shape (n_networks,)
    gradient : torch.Tensor, shape (n_networks, n_parameters)
    """
    layers, n_hidden = network.layers(parameters), len(network.widths) - 2
    outputs, inputs = [], [x]
    for index, (layer, name) in enumerate(zip(layers, network.activations)):
        outputs.append(ACTIVATIONS[name].function(torch.baddbmm(layer.bias, inputs[-1], layer.weight)))
        masked = masks is not None and index < n_hidden
        inputs.append(outputs[-1] * masks[index] if masked else outputs[-1])  # type: ignore[index]
    parts: list[torch.Tensor] = []  # from the last layer to the first, bias before weights
    back = loss.gradient(outputs[-1], y)
    for index in range(n_hidden, -1, -1):
        if index < n_hidden and masks is not None:
            back = back * masks[index]
        if network.activations[index] != "linear":
            back = back * ACTIVATIONS[network.activations[index]].slope(outputs[index])
        parts += [back.sum(1), torch.bmm(inputs[index].transpose(1, 2), back).flatten(1)]
        if index:
            back = torch.bmm(back, layers[index].weight.transpose(1, 2))
    return loss.value(outputs[-1], y), torch.cat(parts[::-1], dim=1)
