"""Probes of one input bit after each round of a Feistel network: a linear one and a network."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch

from infodecomp.deterministic.feistel import MAX_ROUNDS, N_BITS, bits_of, feistel_outputs
from infodecomp.deterministic.usable_information import (
    fit_linear_probe,
    fit_network_probe,
    linear_log_odds,
    network_log_odds,
    usable_information,
)
from infodecomp.estimators.estimate import Estimate
from infodecomp.experiments.registry import Context, Experiment
from infodecomp.experiments.storage import Packed

TARGET_BIT = N_BITS - 1 - 3  # bit 3 of the input, counted from the least significant
N_TRAIN = 3072


@dataclass(frozen=True)
class ProbeConfig:
    """Settings of two probes: rounds of the Feistel network, and the seed of its tables and of the probes."""

    rounds: int = 0
    seed: int = 0


@dataclass(frozen=True)
class Probes:
    """A linear and a network probe of one bit of the input, and their V-information on held-out inputs."""

    linear: np.ndarray
    network: torch.Tensor
    linear_information: Estimate
    network_information: Estimate


def _probe_data(config: ProbeConfig) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Inputs of the probes (4096, 12) as -1 and 1, the target bit, and a random order."""
    outputs = feistel_outputs(config.rounds, config.seed)
    target = bits_of(np.arange(len(outputs)))[:, TARGET_BIT].astype(float)
    order = np.random.default_rng(config.seed + 1).permutation(len(outputs))
    return 2.0 * bits_of(outputs) - 1, target, order


def _measured(config: ProbeConfig, linear: np.ndarray, network: torch.Tensor) -> Probes:
    x, y, order = _probe_data(config)
    rate, held_out = float(y[order[:N_TRAIN]].mean()), order[N_TRAIN:]
    scores = network_log_odds(network, torch.from_numpy(x[held_out]).float())
    return Probes(
        linear,
        network,
        usable_information(linear_log_odds(linear, x[held_out]), y[held_out], rate),
        usable_information(scores, y[held_out], rate),
    )


def _fit_probes(context: Context[ProbeConfig]) -> Iterator[Probes]:
    x, y, order = _probe_data(context.config)
    train = order[:N_TRAIN]
    network = fit_network_probe(x[train], y[train], seed=context.config.seed)
    yield _measured(context.config, fit_linear_probe(x[train], y[train]), network)


FEISTEL_PROBES = Experiment(
    name="feistel-probes",
    summary="A linear and a network probe of one input bit after each round of a Feistel network.",
    config=ProbeConfig(),
    run=_fit_probes,
    pack=lambda found: Packed(
        {"linear": torch.from_numpy(found[-1].linear).float(), "network": found[-1].network.half()}
    ),
    unpack=lambda config, packed: [
        (
            0,
            _measured(config, packed.tensors["linear"].double().numpy(), packed.tensors["network"].float()),
        )
    ],
    score=lambda config, last: {
        "linear": last.linear_information.bits,
        "network": last.network_information.bits,
    },
    tolerance={"linear": 1e-4, "network": 5e-3},
    cpu_seconds=8,
    runs={f"round-{rounds}": ProbeConfig(rounds) for rounds in range(MAX_ROUNDS + 1)},
)
