"""Autoencoders of handwritten digits with twenty random bits, at six prices of information."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch

from infodecomp.deterministic import bit_autoencoder as autoencoder
from infodecomp.estimators.estimate import Estimate
from infodecomp.experiments.registry import Context, Experiment
from infodecomp.experiments.storage import Packed


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
