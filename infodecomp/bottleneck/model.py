"""A trained bottleneck that can be asked: at any budget of bits, what each feature says and what is believed of the target."""

import math
from copy import deepcopy
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from infodecomp.artifacts import read_checkpoint, write_checkpoint
from infodecomp.bottleneck.evaluation import distinguishability, feature_information, prediction_error
from infodecomp.bottleneck.features import Feature
from infodecomp.bottleneck.message_noise import row_noise
from infodecomp.bottleneck.network import Encodings, Network, hat_functions, sample
from infodecomp.bottleneck.training import TrainingConfig
from infodecomp.errors import InformationError

PRICES = 33  # at which the plane is measured


class InformationPlane(NamedTuple):
    """What a bottleneck spends and achieves, from the dearest bit to the cheapest; arrays of shape (n_prices,), or
    (n_prices, n_features) for the features. t: the price, 0 to 1. bits: all that it spends, Σ I(X_i; U_i). error: of one sample of the
    messages, the root mean squared error in units of the target or, for classes, the cross-entropy in bits. The standard errors
    of bits are over draws of the messages, those of errors over the rows that they were measured on."""

    t: np.ndarray
    bits: np.ndarray
    bits_standard_error: np.ndarray
    error: np.ndarray
    error_standard_error: np.ndarray
    features: np.ndarray
    features_standard_error: np.ndarray

    def at(self, bits: float) -> "InformationPlane":
        """The plane at one budget, between its prices by straight lines: scalars, and shape (n_features,) for the features."""
        return self.at_price(self.price(bits))

    def at_price(self, t: float) -> "InformationPlane":
        columns = (
            np.stack([np.interp(t, self.t, part) for part in np.reshape(column, (len(self.t), -1)).T])
            for column in self
        )
        return InformationPlane(
            *(
                column if field.startswith("features") else column.item()
                for field, column in zip(self._fields, columns)
            )
        )

    def price(self, bits: float) -> float:
        """The price at which so many bits are spent. Raises InformationError for a budget that is out of reach."""
        spent = np.maximum.accumulate(self.bits)
        if not spent[0] <= bits <= spent[-1]:
            raise InformationError(
                f"A budget of {bits:g} bits is out of reach: this fit spends {spent[0]:.3f} to {spent[-1]:.3f} bits."
            )
        return float(np.interp(bits, spent, self.t))


@dataclass(frozen=True)
class Target:
    """The target. classes: their names, or None for a number. mean, scale: of a number; of classes, scale is the entropy in nats."""

    mean: float
    scale: float
    classes: list | None = None

    @property
    def outputs(self) -> int:
        return 1 if self.classes is None else len(self.classes)

    def encode(self, y: np.ndarray) -> torch.Tensor:
        """Standardised float32, or the places of classes, shape (n_samples,). Raises InformationError for a class that was not there."""
        if self.classes is None:
            return torch.as_tensor((np.asarray(y, float) - self.mean) / self.scale, dtype=torch.float32)
        place = {name: i for i, name in enumerate(self.classes)}
        try:
            return torch.tensor([place[name] for name in np.asarray(y).tolist()])
        except KeyError as error:
            raise InformationError(
                f"{error.args[0]!r} is none of the classes of this fit: {', '.join(map(str, self.classes))}."
            ) from error


class Bottleneck:
    """A network with what its levels and its outputs mean.

    features: of the columns, in their order. target: what is predicted. network: encoders and decoder. config, seed: how it was trained.
    plane: measured on rows that were held out, once measure_plane was called. named: whether the features' names are those of columns;
    those of an array were made up.
    """

    def __init__(
        self,
        features: list[Feature],
        target: Target,
        network: Network,
        config: TrainingConfig,
        seed: int,
        plane: InformationPlane | None = None,
        named: bool = True,
    ):
        self.features, self.target, self.network, self.config, self.seed, self.plane = (
            features,
            target,
            network.eval(),
            config,
            seed,
            plane,
        )
        self.named = named

    @cached_property
    def _precise(self) -> Network:
        """The network in float64: in float32 what is believed of a row changes, in the seventh digit, with the rows beside it."""
        return deepcopy(self.network).double()

    @cached_property
    def _rows(self) -> torch.Tensor:
        """The network's rows at each knot, (knots, n_levels, 2, dimension): from these, every price's are near at hand."""
        with torch.no_grad():
            return self.network.rows(torch.linspace(0, 1, self.network.knots))

    @property
    def bits_range(self) -> tuple[float, float]:
        """The smallest and the largest budget that can be asked for, in bits."""
        return float(self.plane.bits.min()), float(self.plane.bits.max())

    @property
    def best_bits(self) -> float:
        """The budget with the least error in the plane, in bits."""
        return float(np.maximum.accumulate(self.plane.bits)[self.plane.error.argmin()])

    def encodings(self, bits: float) -> Encodings:
        """The codes of all levels of all features at a budget: mean and log variance (n_levels, dimension)."""
        t = self._t(bits)
        with torch.no_grad():
            rows = torch.einsum("tk,klcd->tlcd", hat_functions(t, self.network.knots), self._rows)
            return Encodings(*(part[0] for part in self.network.scaled(rows, t)))

    def encoding(self, feature: str, bits: float) -> Encodings:
        """The code of one feature: mean and log variance (n_levels of the feature, dimension)."""
        at = self.network.layout.slices()[self._index(feature)]
        return Encodings(*(part[at] for part in self.encodings(bits)))

    def distinguishability(self, feature: str, bits: float) -> np.ndarray:
        """1 − Bhattacharyya coefficient of each two levels of a feature at a budget, (n_levels, n_levels): 0 the same, 1 never confused."""
        return distinguishability(*self.encoding(feature, bits)).numpy()

    def predict(self, codes: np.ndarray, bits: float, draw: int = 0) -> np.ndarray:
        """What is believed of rows of levels, int64 (n_samples, n_features), from ONE sample of their messages at a budget: numbers
        (n_samples,), or probabilities (n_samples, n_classes). Other draws are other samples. A level of −1 (never seen) says nothing:
        its message is that of a random level."""
        noise = row_noise(codes, self.network.dimension, self.seed, draw)
        rows = self.network.layout.flat_indices(torch.as_tensor(codes), noise)
        t = self._t(bits)
        with torch.no_grad():
            u, _, _ = sample(self._precise.encodings(t.double()), rows[None], noise[None].double())
            outputs = self._precise.decode(u.flatten(2), t.double())[0]
        if self.target.classes is not None:
            return outputs.softmax(-1).numpy()
        return outputs[:, 0].numpy() * self.target.scale + self.target.mean

    def measure_plane(
        self, codes: np.ndarray, y: np.ndarray, draws: int = 200, prices=None, draw: int = 0
    ) -> InformationPlane:
        """The plane on rows of levels (n_samples, n_features) and their target (n_samples,). draws: of each level's message for the bits.
        prices: t in 0 to 1, (n_prices,); an even grid where none are given. draw: which sample of the messages, as in outputs."""
        t = (
            torch.linspace(0, 1, PRICES)
            if prices is None
            else torch.as_tensor(np.asarray(prices, np.float32))
        )
        noise = row_noise(codes, self.network.dimension, self.seed, draw)
        rows = self.network.layout.flat_indices(torch.as_tensor(codes), noise)
        with torch.no_grad():
            features = feature_information(
                self.network.encodings(t), self.network.layout, draws, self.seed + draw
            )
            loss = prediction_error(self.network, t, rows, noise, self.target.encode(y))
        if self.target.classes is None:
            error = np.sqrt(loss.mean) * self.target.scale
            error_se = loss.standard_error * self.target.scale**2 / (2 * np.maximum(error, 1e-12))
        else:
            error, error_se = loss.mean / math.log(2), loss.standard_error / math.log(2)
        bits_se = np.sqrt((features.standard_error**2).sum(1))
        return InformationPlane(
            t.double().numpy(),
            features.mean.sum(1),
            bits_se,
            error,
            error_se,
            features.mean,
            features.standard_error,
        )

    def _t(self, bits: float) -> torch.Tensor:
        return torch.tensor([self.plane.price(bits)], dtype=torch.float32)

    def _index(self, feature: str) -> int:
        names = [one.name for one in self.features]
        if feature not in names:
            raise InformationError(f"There is no feature {feature!r}: choose from {', '.join(names)}.")
        return names.index(feature)

    def save(self, file: str | Path) -> None:
        """Write network, features, target and plane to one safetensors file; the write is atomic."""
        write_checkpoint(file, *self.to_tensors())

    @classmethod
    def load(cls, file: str | Path) -> "Bottleneck":
        """Read what save wrote. Raises InformationError for a file that is missing or damaged."""
        return cls.from_tensors(*read_checkpoint(file), source=str(file))

    def to_tensors(self) -> tuple[dict[str, torch.Tensor], dict]:
        """The weights by name, and everything else as JSON-compatible metadata."""
        metadata = {
            "features": [feature.as_dict() for feature in self.features],
            "target": asdict(self.target),
            "config": self.config.as_dict(),
            "seed": self.seed,
            "named": self.named,
            "plane": {name: column.tolist() for name, column in self.plane._asdict().items()},
        }
        return self.network.state_dict(), metadata

    @classmethod
    def from_tensors(
        cls, tensors: dict[str, torch.Tensor], metadata: dict, source: str = "The checkpoint"
    ) -> "Bottleneck":
        """The inverse of to_tensors. Raises InformationError, which names the source, for anything else."""
        try:
            features = [Feature.from_dict(feature) for feature in metadata["features"]]
            config = TrainingConfig.from_dict(metadata["config"])
            target = Target(**metadata["target"])
            network = Network(
                features, config.dimension, target.outputs, config.width, config.knots, metadata["seed"]
            )
            network.load_state_dict(tensors)
            plane = InformationPlane(**{name: np.array(column) for name, column in metadata["plane"].items()})
        except (KeyError, TypeError, RuntimeError) as error:
            raise InformationError(
                f"{source} holds no bottleneck that this version can read ({error}); fit it again."
            ) from error
        return cls(features, target, network, config, metadata["seed"], plane, metadata.get("named", True))
