"""The weights of a network for modular addition by frequency: each neuron is a wave over the numbers."""

from typing import NamedTuple

import torch

from infodecomp.modular.network import ModularNetwork

IDLE = 0.1  # a neuron whose wave has less than this share of the largest amplitude is idle


class Waves(NamedTuple):
    """The strongest wave of each neuron, amplitude * cos(2π frequency x / modulus + phase).

    Attributes
    ----------
    frequency
        Periods over all numbers, 1 to modulus // 2, shape (n_neurons,).
    purity
        Share of the power of its input weights, their mean left out, at that frequency, shape (n_neurons,).
    amplitude, phase
        Of the input weights; phase in radians, shape (n_neurons,).
    out_amplitude, out_phase
        Of the output weights at the same frequency, shape (n_neurons,).
    """

    frequency: torch.Tensor
    purity: torch.Tensor
    amplitude: torch.Tensor
    phase: torch.Tensor
    out_amplitude: torch.Tensor
    out_phase: torch.Tensor

    @property
    def is_idle(self) -> torch.Tensor:
        """Whether a neuron hardly takes part, shape (n_neurons,)."""
        strength = self.amplitude * self.out_amplitude
        return strength < IDLE**2 * strength.max()


def power_spectrum(weights: torch.Tensor) -> torch.Tensor:
    """Power of each frequency, summing to the variance over the numbers (Parseval).

    Parameters
    ----------
    weights
        Shape (modulus, n).

    Returns
    -------
    torch.Tensor
        Frequencies 1 to modulus // 2 in rows, shape (modulus // 2, n), float64.
    """
    modulus = len(weights)
    power = torch.fft.rfft(weights.double(), dim=0)[1:].abs().square() * 2 / modulus**2
    if modulus % 2 == 0:
        power[-1] /= 2  # the highest frequency has no mirror image
    return power


def strongest_waves(network: ModularNetwork) -> Waves:
    """The strongest wave of each neuron."""
    inputs, outputs = network.inputs.double(), network.outputs.double().T
    power = power_spectrum(inputs)
    frequency = power.argmax(0) + 1
    purity = power.amax(0) / power.sum(0).clamp_min(1e-300)
    neurons = torch.arange(network.n_neurons)
    waves = torch.where(2 * frequency == network.modulus, 1, 2)  # the highest frequency has no mirror image
    into = torch.fft.rfft(inputs, dim=0)[frequency, neurons] * waves / network.modulus
    out = torch.fft.rfft(outputs, dim=0)[frequency, neurons] * waves / network.modulus
    return Waves(frequency, purity, into.abs(), into.angle(), out.abs(), out.angle())


def frequency_groups(network: ModularNetwork) -> dict[int, list[int]]:
    """Neurons by the frequency of their strongest wave, frequencies ascending; idle neurons are left out."""
    waves = strongest_waves(network)
    groups: dict[int, list[int]] = {}
    for frequency, neuron, idle in sorted(
        zip(waves.frequency.tolist(), range(network.n_neurons), waves.is_idle.tolist())
    ):
        if not idle:
            groups.setdefault(frequency, []).append(neuron)
    return groups


def large_groups(network: ModularNetwork, most: int) -> dict[int, list[int]]:
    """Neurons by frequency: of more frequencies than `most` the largest ones, and all other neurons as 0."""
    found = frequency_groups(network)
    if len(found) <= most:
        return found
    largest = sorted(sorted(found, key=lambda f: -len(found[f]))[: most - 1])
    named = {neuron for f in largest for neuron in found[f]}
    rest = [neuron for neuron in range(network.n_neurons) if neuron not in named]
    return {f: found[f] for f in largest} | {0: rest}


def gini_coefficient(values: torch.Tensor) -> float:
    """How unequal non-negative values are: 0 if all are equal, 1 - 1/n if only one is not zero.

    Parameters
    ----------
    values
        Shape (n,).

    References
    ----------
    Hurley & Rickard (2009), Comparing measures of sparsity, equation 19.
    """
    ordered = values.double().sort().values
    n, total = len(ordered), float(ordered.sum())
    if total <= 0:
        return 0.0
    ranks = torch.arange(1, n + 1, dtype=torch.float64)
    return float(((2 * ranks - n - 1) * ordered).sum() / (n * total))


def spectral_sparsity(network: ModularNetwork) -> float:
    """The Gini coefficient of the power at each frequency over all input weights."""
    return gini_coefficient(power_spectrum(network.inputs).sum(1))
