"""A trained bottleneck: encoders and predictions at any budget of bits, and a file that stores them."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import asdict
from functools import cached_property
from pathlib import Path

import numpy as np
import torch

from infodecomp.artifacts import read_checkpoint, write_checkpoint
from infodecomp.bottleneck.budget import SolvedBudgets
from infodecomp.bottleneck.evaluation import distinguishability, measure_plane
from infodecomp.bottleneck.features import Feature
from infodecomp.bottleneck.fits.column_groups import feature_from_dict
from infodecomp.bottleneck.information_plane import InformationPlane
from infodecomp.bottleneck.messages import row_noise, rows_noise, sample
from infodecomp.bottleneck.network import Encodings, Network, hat_functions
from infodecomp.bottleneck.preprocessing import Target
from infodecomp.bottleneck.training import TrainingConfig
from infodecomp.errors import InformationError

GRID_SIZE = 33  # values of beta at which the plane is measured
PREDICTIONS, MAX_SAMPLES = 1200, 32  # on few rows, several samples of the messages of each are measured


class Bottleneck:
    """A trained network with the meaning of its inputs and outputs.

    Parameters
    ----------
    features : list of Feature
        One for each column, in the order of the columns.
    target : Target
        What is predicted.
    network : Network
        Encoders and decoder.
    config : TrainingConfig
        How the network was trained.
    seed : int
        Seed of the training and of the messages.
    plane : InformationPlane, optional
        Measured on held-out rows. Budgets can be used once it is set.
    named : bool
        Whether the features are named after the columns of a table. The names of an array's columns are
        made up.
    solved_budgets : dict of float to float, optional
        Budgets in bits whose t is known already.
    budget_grid : sequence of float
        Those of them between which t is interpolated where they are close; see `solve_grid`.
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
        solved_budgets: dict[float, float] | None = None,
        budget_grid: Sequence[float] = (),
    ):
        self.features = features
        self.target = target
        self.network = network.eval()
        self.config = config
        self.seed = seed
        self.named = named
        self._plane = plane
        self._budgets = SolvedBudgets(self.network, solved_budgets, budget_grid)

    @property
    def plane(self) -> InformationPlane:
        """The measured information plane; raises InformationError where none was set."""
        if self._plane is None:
            raise InformationError("This bottleneck has no information plane yet: call measure_plane first.")
        return self._plane

    @plane.setter
    def plane(self, plane: InformationPlane) -> None:
        self._plane = plane

    @property
    def bits_range(self) -> tuple[float, float]:
        """The smallest and the largest possible budget in bits."""
        return float(self.plane.ascending_bits[0]), float(self.plane.ascending_bits[-1])

    @property
    def best_bits(self) -> float:
        """The smallest budget in bits whose error is within a standard error of the smallest."""
        return self.plane.best_bits

    def t_at(self, bits: float) -> float:
        """The t in [0, 1] at which the network spends a budget, to within 0.01 bits.

        Parameters
        ----------
        bits : float
            Total information Σ_i I(X_i; U_i) in bits.

        Raises
        ------
        InformationError
            If the budget is outside the range of the plane.

        Notes
        -----
        Solved on the network itself: interpolating the plane misses the budget by up to 0.15 bits.
        Results are cached, and stored by `save`.
        """
        self.plane.check_budget(bits)
        return self._budgets.t_at(bits, self.plane)

    def solve_grid(self, budgets: Sequence[float]) -> None:
        """Solve budgets, so that others between close ones of them are interpolated and take no time.

        They then miss a budget by at most 0.01 bits, as solved ones do. The grid is stored by `save`.
        """
        self._budgets.solve_grid(budgets, self.plane)

    def spent(self) -> list[float]:
        """The bits that the network spends at the t of its plane, which `keep_spent` takes."""
        return self._budgets.spent(self.plane)

    def keep_spent(self, spent: list[float]) -> None:
        """Take over what `spent` returned for the same network: new budgets then take half the time."""
        self._budgets.keep_spent(self.plane, spent)

    def encodings(self, bits: float) -> Encodings:
        """Gaussian encodings of all levels at a budget: mean and log variance (n_levels, dimension)."""
        t = torch.tensor([self.t_at(bits)], dtype=torch.float32)
        with torch.no_grad():
            rows = torch.einsum(
                "tk,klcd->tlcd", hat_functions(t, self.network.knots), self._encoder_rows_at_knots
            )
            return Encodings(*(part[0] for part in self.network.scaled(rows, t)))

    def encoding(self, feature: str, bits: float) -> Encodings:
        """Gaussian encodings of one feature: mean and log variance (n_levels of the feature, dimension)."""
        levels = self.network.layout.slices()[self._index(feature)]
        return Encodings(*(part[levels] for part in self.encodings(bits)))

    def distinguishability(self, feature: str, bits: float) -> np.ndarray:
        """1 − Bhattacharyya coefficient of each pair of levels at a budget, (n_levels, n_levels)."""
        return distinguishability(*self.encoding(feature, bits)).numpy()

    def predict(self, levels: np.ndarray, bits: float, draw: int = 0) -> np.ndarray:
        """Predict from one sample of the messages of each row.

        Parameters
        ----------
        levels : ndarray of int64, shape (n_samples, n_features)
            Level indices. The message of -1 (a value never seen) is that of a random level.
        bits : float
            The budget.
        draw : int
            Which sample of the messages to use.

        Returns
        -------
        ndarray
            Numbers of shape (n_samples,), or class probabilities of shape (n_samples, n_classes).
        """
        noise = row_noise(levels, self.network.dimension, self.seed, draw)
        rows = self.network.layout.flat_indices(torch.as_tensor(levels), noise)
        t = torch.tensor([self.t_at(bits)], dtype=torch.float32).double()
        with torch.no_grad():
            u, _, _ = sample(self._float64_network.encodings(t), rows[None], noise[None].double())
            outputs = self._float64_network.decode(u.flatten(2), t)[0]
        if self.target.classes is not None:
            return outputs.softmax(-1).numpy()
        return outputs[:, 0].numpy() * self.target.scale + self.target.mean

    def measure_plane(
        self,
        levels: np.ndarray,
        y: np.ndarray,
        draws: int = 200,
        t=None,
        draw: int = 0,
        weights: np.ndarray | None = None,
    ) -> InformationPlane:
        """Measure the information plane on rows of a table.

        Parameters
        ----------
        levels : ndarray of int64, shape (n_samples, n_features)
            Level indices.
        y : ndarray of shape (n_samples,)
            The target.
        draws : int
            Messages of each level from which the bits are estimated.
        t : array_like of shape (n_betas,), optional
            Where to measure; an even grid of 33 by default.
        draw : int
            Which sample of the messages to predict from.
        weights : ndarray of shape (n_samples,), optional
            Of the rows, in the error.
        """
        grid = torch.linspace(0, 1, GRID_SIZE, dtype=torch.float32)
        t = grid if t is None else torch.as_tensor(np.asarray(t, np.float32))
        samples = min(MAX_SAMPLES, max(1, -(-PREDICTIONS // len(levels))))
        noise = rows_noise(
            levels, self.network.dimension, self.seed, np.arange(draw * samples, (draw + 1) * samples)
        )
        seed = self.seed + draw
        return measure_plane(self.network, self.target, t, levels, y, noise, draws, seed, weights)

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
            "plane": {name: column.tolist() for name, column in self.plane.as_dict().items()},
            "solved_budgets": self._budgets.items(),
            "budget_grid": self._budgets.grid,
        }
        return self.network.state_dict(), metadata

    @classmethod
    def from_tensors(
        cls, tensors: dict[str, torch.Tensor], metadata: dict, source: str = "The checkpoint"
    ) -> "Bottleneck":
        """The inverse of to_tensors. Raises InformationError, which names the source, for anything else."""
        try:
            features = [feature_from_dict(feature) for feature in metadata["features"]]
            config = TrainingConfig.from_dict(metadata["config"])
            target = Target(**metadata["target"])
            shape = config.dimension, target.outputs, config.width, config.knots
            network = Network(
                features, *shape, metadata["seed"], own_level=config.own_level, smoothness=config.smoothness
            )
            network.load_state_dict(tensors)
            plane = InformationPlane(**{name: np.array(column) for name, column in metadata["plane"].items()})
            solved = {float(bits): float(t) for bits, t in metadata["solved_budgets"]}
            grid = metadata.get("budget_grid", list(solved))  # earlier versions interpolated between all
        except (KeyError, TypeError, ValueError, RuntimeError) as error:
            raise InformationError(
                f"{source} holds no bottleneck that this version can read ({error}); fit it again."
            ) from error
        return cls(
            features, target, network, config, metadata["seed"], plane, metadata["named"], solved, grid
        )

    @cached_property
    def _float64_network(self) -> Network:
        """In float32 the prediction of a row changes, in the seventh digit, with the rows beside it."""
        return deepcopy(self.network).double()

    @cached_property
    def _encoder_rows_at_knots(self) -> torch.Tensor:
        """Encoder rows at each knot, (knots, n_levels, 2, dimension): interpolating them is cheap."""
        with torch.no_grad():
            return self.network.rows(torch.linspace(0, 1, self.network.knots, dtype=torch.float32))

    def _index(self, feature: str) -> int:
        names = [known.name for known in self.features]
        if feature not in names:
            raise InformationError(f"There is no feature {feature!r}: choose from {', '.join(names)}.")
        return names.index(feature)
