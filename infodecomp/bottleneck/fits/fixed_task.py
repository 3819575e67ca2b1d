"""DistributedBottleneck with its task fixed: a classifier and a regressor."""

from infodecomp.bottleneck.estimator import DistributedBottleneck
from infodecomp.bottleneck.features import MAX_LEVELS


class DistributedBottleneckClassifier(DistributedBottleneck):
    """`DistributedBottleneck` for classes, so that folds and scorers know the task before the fit.

    Its parameters are those of `DistributedBottleneck` without `task`.
    """

    task = "classification"

    def __init__(
        self,
        kinds=None,
        periods=None,
        dimension=2,
        width=128,
        steps=1500,
        annealing=0.0,
        levels=MAX_LEVELS,
        validation_fraction=0.2,
        draws=200,
        random_state=0,
        n_fits=1,
    ):
        self.kinds = kinds
        self.periods = periods
        self.dimension = dimension
        self.width = width
        self.steps = steps
        self.annealing = annealing
        self.levels = levels
        self.validation_fraction = validation_fraction
        self.draws = draws
        self.random_state = random_state
        self.n_fits = n_fits


class DistributedBottleneckRegressor(DistributedBottleneck):
    """`DistributedBottleneck` for numbers, so that folds and scorers know the task before the fit.

    Its parameters are those of `DistributedBottleneck` without `task`.
    """

    task = "regression"

    def __init__(
        self,
        kinds=None,
        periods=None,
        dimension=2,
        width=128,
        steps=1500,
        annealing=0.0,
        levels=MAX_LEVELS,
        validation_fraction=0.2,
        draws=200,
        random_state=0,
        n_fits=1,
    ):
        self.kinds = kinds
        self.periods = periods
        self.dimension = dimension
        self.width = width
        self.steps = steps
        self.annealing = annealing
        self.levels = levels
        self.validation_fraction = validation_fraction
        self.draws = draws
        self.random_state = random_state
        self.n_fits = n_fits
