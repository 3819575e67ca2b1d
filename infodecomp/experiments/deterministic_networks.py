"""What the figures on deterministic networks train: probes, critics, autoencoders, a recurrent network."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch

from infodecomp.deterministic import bit_autoencoder as autoencoder
from infodecomp.deterministic import critics
from infodecomp.deterministic.feistel import MAX_ROUNDS, N_BITS, bits_of, feistel_outputs
from infodecomp.deterministic.usable_information import (
    fit_linear_probe,
    fit_network_probe,
    linear_log_odds,
    network_log_odds,
    usable_information,
)
from infodecomp.estimators.benchmark import ESTIMATORS, benchmark_tasks
from infodecomp.estimators.estimate import Estimate
from infodecomp.experiments.registry import Context, Experiment
from infodecomp.experiments.storage import Packed
from infodecomp.processes import belief_network

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


@dataclass(frozen=True)
class CriticConfig:
    """Settings of a critic: correlation and number of pairs, size of a fixed sample (0: none), and seed."""

    rho: float = 0.8
    dimensions: int = 1
    n_samples: int = 0
    seed: int = 0


CRITIC_CASES = {
    "one": CriticConfig(0.8, 1),
    "one-strong": CriticConfig(0.99, 1),
    "ten": CriticConfig(0.8, 10),
    "ten-strong": CriticConfig(0.99, 10),
    "few": CriticConfig(0.0, 1, 200),
}


def _train_critic(context: Context[CriticConfig]) -> Iterator[critics.CriticSnapshot]:
    config = context.config
    return critics.train_critic(config.rho, config.dimensions, config.n_samples, config.seed)


def _pack_critic(snapshots: list[critics.CriticSnapshot]) -> Packed:
    """The bounds of every snapshot, and the weights of the last."""
    bounds = [[s.seen.bits, s.seen.standard_error, s.fresh.bits, s.fresh.standard_error] for s in snapshots]
    sizes = [[s.step, s.seen.n, s.fresh.n] for s in snapshots]
    return Packed(
        {
            "bounds": torch.tensor(bounds),
            "sizes": torch.tensor(sizes),
            "weights": snapshots[-1].weights.half(),
        }
    )


def _unpack_critic(config: CriticConfig, packed: Packed) -> list[tuple[int, critics.CriticSnapshot]]:
    weights, found = packed.tensors["weights"].float(), []
    for index, (bounds, sizes) in enumerate(
        zip(packed.tensors["bounds"].tolist(), packed.tensors["sizes"].tolist())
    ):
        seen, fresh = (Estimate(bounds[2 * k], bounds[2 * k + 1], "lower", int(sizes[k + 1])) for k in (0, 1))
        found.append((index, critics.CriticSnapshot(int(sizes[0]), weights, seen, fresh)))
    return found


def _score_critic(config: CriticConfig, last: critics.CriticSnapshot) -> dict[str, float]:
    pairs = critics.fresh_pairs(config.rho, config.dimensions)
    recomputed = critics.bound_of(last.weights.half().float(), pairs, config.dimensions).bits
    return {"recorded": last.fresh.bits, "relative": recomputed / max(abs(last.fresh.bits), 1.0)}


CRITICS = Experiment(
    name="critics",
    summary="Critics for the Donsker-Varadhan bound on correlated Gaussians, and one on too few samples.",
    config=CriticConfig(),
    run=_train_critic,
    pack=_pack_critic,
    unpack=_unpack_critic,
    score=_score_critic,
    tolerance={"recorded": 1e-4, "relative": 0.02},
    cpu_seconds=60,
    runs=CRITIC_CASES,
)


@dataclass(frozen=True)
class AutoencoderConfig:
    """Settings of a bit autoencoder: the price of a nat of I(X;Z), and the seed."""

    price: float = 0.3
    seed: int = 0


PRICES = (0.0, 0.1, 0.3, 1.0, 1.5, 3.0)


def _train_autoencoder(context: Context[AutoencoderConfig]) -> Iterator[autoencoder.CodeSnapshot]:
    return autoencoder.train_autoencoder(context.config.price, context.config.seed)


def _pack_autoencoder(snapshots: list[autoencoder.CodeSnapshot]) -> Packed:
    """Codes and images of the shown digits and the bits of every snapshot; the weights of the last."""
    numbers = [
        [
            s.information.bits,
            s.information.standard_error,
            s.batch_information.bits,
            s.batch_information.standard_error,
            s.noise,
            s.error,
        ]
        for s in snapshots
    ]
    pictures = torch.stack([s.images for s in snapshots])
    return Packed(
        {
            "numbers": torch.tensor(numbers),
            "steps": torch.tensor([s.step for s in snapshots]),
            "probabilities": torch.stack([s.probabilities for s in snapshots]).half(),
            "images": (pictures * 255).round().to(torch.uint8),
            "weights": snapshots[-1].weights.half(),
        }
    )


def _unpack_autoencoder(
    config: AutoencoderConfig, packed: Packed
) -> list[tuple[int, autoencoder.CodeSnapshot]]:
    tensors = packed.tensors
    found, weights = [], tensors["weights"].float()
    for index, (step, numbers) in enumerate(zip(tensors["steps"].tolist(), tensors["numbers"].tolist())):
        found.append(
            (
                index,
                autoencoder.CodeSnapshot(
                    int(step),
                    tensors["probabilities"][index].float(),
                    tensors["images"][index].float() / 255,
                    Estimate(numbers[0], numbers[1], "point", autoencoder.N_EXAMPLES),
                    Estimate(numbers[2], numbers[3], "point", autoencoder.BATCH),
                    numbers[4],
                    numbers[5],
                    weights,
                ),
            )
        )
    return found


def _score_autoencoder(config: AutoencoderConfig, last: autoencoder.CodeSnapshot) -> dict[str, float]:
    measured = autoencoder.measure(last.weights.half().float(), last.step)
    return {
        "recorded": last.information.bits,
        "information": measured.information.bits,
        "noise": measured.noise,
        "error": measured.error,
    }


BIT_AUTOENCODER = Experiment(
    name="bit-autoencoder",
    summary="Autoencoders of handwritten digits with twenty random bits, at six prices of information.",
    config=AutoencoderConfig(),
    run=_train_autoencoder,
    pack=_pack_autoencoder,
    unpack=_unpack_autoencoder,
    score=_score_autoencoder,
    tolerance={"recorded": 1e-4, "information": 0.03, "noise": 0.03, "error": 0.02},
    cpu_seconds=60,
    runs={f"price-{price:g}": AutoencoderConfig(price) for price in PRICES},
    details={"data": "Optical recognition of handwritten digits, UCI, doi 10.24432/C50P49, CC BY 4.0"},
)


@dataclass(frozen=True)
class BeliefConfig:
    """Settings of a recurrent network that predicts Mess3: the seed."""

    seed: int = 0


def _train_beliefs(context: Context[BeliefConfig]) -> Iterator[belief_network.BeliefSnapshot]:
    return belief_network.train_belief_network(context.config.seed)


def _score_beliefs(config: BeliefConfig, last: belief_network.BeliefSnapshot) -> dict[str, float]:
    probed = belief_network.probe_beliefs(last.weights.half().float())
    return {"r_squared": probed.r_squared, "loss": probed.loss}


BELIEF_NETWORK = Experiment(
    name="belief-network",
    summary="A gated recurrent network of 32 units that predicts the Mess3 process, at thirteen steps.",
    config=BeliefConfig(),
    run=_train_beliefs,
    pack=lambda found: Packed({"weights": torch.stack([s.weights for s in found]).half()}),
    unpack=lambda config, packed: [
        (index, belief_network.BeliefSnapshot(step, weights))
        for index, (step, weights) in enumerate(zip(belief_network.STEPS, packed.tensors["weights"].float()))
    ],
    score=_score_beliefs,
    tolerance={"r_squared": 1e-3, "loss": 2e-3},
    cpu_seconds=20,
)


@dataclass(frozen=True)
class RaceConfig:
    """Settings of a comparison of estimators: the distribution, the number of samples, and the seed."""

    task: str = "normal"
    n: int = 1000
    seed: int = 0


RACE_COUNTS = (100, 300, 1000, 3000)
MOST_IN_MANY_DIMENSIONS = 1000


def race_counts(task: str) -> tuple[int, ...]:
    """The numbers of samples for which a distribution was run; not the largest in many dimensions."""
    many = benchmark_tasks()[task].dimensions > 2
    return tuple(n for n in RACE_COUNTS if not many or n <= MOST_IN_MANY_DIMENSIONS)


def _race(context: Context[RaceConfig]) -> Iterator[dict[str, Estimate]]:
    config = context.config
    x, y = benchmark_tasks()[config.task].sample(config.n, config.seed)
    yield {name: estimate(x, y) for name, estimate in ESTIMATORS.items()}


ESTIMATOR_RACE = Experiment(
    name="estimator-race",
    summary="Four estimators on nine distributions of known information, from 100 to 3,000 samples.",
    config=RaceConfig(),
    run=_race,
    pack=lambda found: Packed(
        {"estimates": torch.tensor([[e.bits, e.standard_error] for e in found[-1].values()])},
        {"estimators": list(found[-1])},
    ),
    unpack=lambda config, packed: [
        (
            0,
            {
                name: Estimate(bits, error, "point", config.n)
                for name, (bits, error) in zip(
                    packed.metadata["estimators"], packed.tensors["estimates"].tolist()
                )
            },
        )
    ],
    score=lambda config, last: {name: estimate.bits for name, estimate in last.items()},
    tolerance={name: 1e-5 for name in ESTIMATORS},
    cpu_seconds=30,
    runs={f"{task}-{n}": RaceConfig(task, n) for task in benchmark_tasks() for n in race_counts(task)},
)
