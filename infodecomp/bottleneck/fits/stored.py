"""A stored fit beside rows of its table: what it says at a budget, and which of the rows look alike to it."""

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from infodecomp.artifacts import read_checkpoint, write_checkpoint
from infodecomp.bottleneck.evaluation import pair_distinguishability
from infodecomp.bottleneck.fits.column_groups import feature_from_dict
from infodecomp.bottleneck.information_plane import InformationPlane
from infodecomp.bottleneck.model import Bottleneck
from infodecomp.bottleneck.predictive import message_noise, predictive_probabilities, predictive_samples
from infodecomp.bottleneck.preprocessing import level_indices

if TYPE_CHECKING:
    from infodecomp.bottleneck.estimator import DistributedBottleneck

MODEL, ROWS = "model.safetensors", "rows.safetensors"
MAX_ROWS = 20_000  # of the table, a random sample of a longer one
DRAWS = 200  # messages of a row that is asked about


def write_rows(estimator: "DistributedBottleneck", X, y, folder: Path) -> None:
    """Store beside a fit what `StoredFit` needs: levels and target of its rows, and the bits over t.

    Parameters
    ----------
    estimator : DistributedBottleneck
        A fit.
    X, y
        The table of the fit.
    folder : Path
        Gets the file rows.safetensors.
    """
    levels = level_indices(estimator.features_, estimator._columns(X))
    chosen = np.arange(len(levels))
    if len(levels) > MAX_ROWS:
        chosen = np.sort(np.random.default_rng(0).choice(len(levels), MAX_ROWS, replace=False))
    target, y = estimator.bottleneck_.target, np.asarray(y)[chosen]
    own = torch.as_tensor(y.astype(float)) if target.classes is None else target.encode(y)
    tensors = {"levels": torch.as_tensor(levels[chosen].T.astype(np.int16)), "y": own}
    about = {"rows": len(levels), "spent": estimator.bottleneck_.spent()}
    write_checkpoint(folder / ROWS, tensors, about)


def read_growth(file: Path) -> dict[str, Any]:
    """Read what `Growth` in `infodecomp.cli` stores: features and plane as objects, the rest as it is.

    Raises FileNotFoundError.
    """
    stored = json.loads(file.read_bytes())
    plane = InformationPlane(**{name: np.array(column) for name, column in stored["plane"].items()})
    features = [feature_from_dict(feature) for feature in stored["features"]]
    return stored | {"features": features, "plane": plane}


class StoredFit:
    """A fit, and rows of its table as levels.

    Parameters
    ----------
    bottleneck : Bottleneck
        With its plane.
    levels : ndarray of integers, shape (n_features, n_stored)
        The level of each stored row in each column.
    y : ndarray of shape (n_stored,)
        Their targets: numbers, or the positions of classes.
    n_rows : int
        Rows of the whole table.
    """

    def __init__(self, bottleneck: Bottleneck, levels: np.ndarray, y: np.ndarray, n_rows: int):
        self.bottleneck, self.levels, self.y, self.n_rows = bottleneck, levels, y, n_rows
        self.features, self.plane = bottleneck.features, bottleneck.plane
        self.classes = bottleneck.target.classes
        self._starts = bottleneck.network.layout.start.tolist()
        self._encodings = lru_cache(maxsize=4)(bottleneck.encodings)

    @classmethod
    def load(cls, folder: Path) -> "StoredFit":
        """Read model.safetensors and rows.safetensors of a folder.

        Raises CheckpointError or InformationError for files that are missing or damaged.
        """
        tensors, metadata = read_checkpoint(folder / ROWS)
        bottleneck = Bottleneck.load(folder / MODEL)
        bottleneck.keep_spent(metadata.get("spent", []))
        return cls(bottleneck, tensors["levels"].numpy(), tensors["y"].numpy(), metadata["rows"])

    def spent(self, bits: float) -> np.ndarray:
        """The bits of each column at a budget, at least 0, shape (n_features,)."""
        return self.plane.at(bits).features.clip(0)

    def distinguishability(self, column: int, bits: float, levels: np.ndarray) -> np.ndarray:
        """1 minus the Bhattacharyya coefficient of every two of some levels of a column, shape (n, n)."""
        one, other = (part.ravel() for part in np.meshgrid(levels, levels, indexing="ij"))
        return self._pairs(column, bits, one, other).reshape(len(levels), len(levels))

    def overlap(self, column: int, bits: float, level: int) -> np.ndarray:
        """The Bhattacharyya coefficient of one level and each level of a column, 0 to 1, (n_levels,)."""
        every = np.arange(self.features[column].n_levels)
        return 1 - self._pairs(column, bits, np.full(len(every), level), every)

    def likeness(self, bits: float, levels: np.ndarray) -> np.ndarray:
        """How much each stored row looks like one with the given levels: the product of the overlaps, 0 to 1.

        Parameters
        ----------
        bits : float
        levels : ndarray of int64, shape (n_features,)

        Returns
        -------
        ndarray of shape (n_stored,)
        """
        product = np.ones(len(self.y))
        for column, (level, own) in enumerate(zip(levels.tolist(), self.levels)):
            overlap = self.overlap(column, bits, level)
            if overlap.min() < 1:
                product *= overlap[own]
        return product

    def predictions(self, bits: float, levels: np.ndarray) -> np.ndarray:
        """Predictions of one row from several messages.

        Parameters
        ----------
        bits : float
        levels : ndarray of int64, shape (n_features,)

        Returns
        -------
        ndarray
            Numbers of shape (draws,), or probabilities of classes of shape (draws, n_classes).
        """
        row = levels[None]
        noise = message_noise(self.bottleneck, row, DRAWS)
        predict = predictive_samples if self.classes is None else predictive_probabilities
        return predict(self.bottleneck, row, bits, noise)[:, 0]

    def _pairs(self, column: int, bits: float, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        encodings = self._encodings(bits)
        start = self._starts[column]
        first, second = (torch.as_tensor(part + start) for part in (one, other))
        return pair_distinguishability(*encodings, first, second).numpy()
