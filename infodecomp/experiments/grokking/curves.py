"""Curves of many trainings, stored in eight bits."""

from infodecomp.experiments.grokking.quantised import (
    accuracy_from_bytes,
    accuracy_to_bytes,
    loss_from_bytes,
    loss_to_bytes,
)
from infodecomp.experiments.storage import Packed
from infodecomp.parity.sweep import SweepCurves


def pack_curves(snapshots: list[SweepCurves]) -> Packed:
    """Curves in eight bits."""
    curves = snapshots[-1]
    return Packed(
        {
            "train_accuracy": accuracy_to_bytes(curves.train_accuracy),
            "test_accuracy": accuracy_to_bytes(curves.test_accuracy),
            "train_loss": loss_to_bytes(curves.train_loss),
            "test_loss": loss_to_bytes(curves.test_loss),
        }
    )


def unpack_curves(config: object, packed: Packed) -> list[tuple[int, SweepCurves]]:
    """The inverse of `pack_curves`."""
    tensors = packed.tensors
    curves = SweepCurves(
        accuracy_from_bytes(tensors["train_accuracy"]),
        accuracy_from_bytes(tensors["test_accuracy"]),
        loss_from_bytes(tensors["train_loss"]),
        loss_from_bytes(tensors["test_loss"]),
    )
    return [(0, curves)]
