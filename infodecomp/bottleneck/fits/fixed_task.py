"""DistributedBottleneck with its task fixed: a classifier and a regressor."""

from infodecomp.bottleneck.estimator import DistributedBottleneck


class _FixedTask(DistributedBottleneck):
    """The parameters of `DistributedBottleneck` without `task`, as scikit-learn reads them."""

    def __init__(
        self,
        kinds=None,
        periods=None,
        dimension=2,
        width=128,
        steps=None,
        annealing="auto",
        levels=None,
        validation_fraction=0.2,
        draws=200,
        random_state=0,
        n_fits=1,
        groups=None,
        start="auto",
    ):
        super().__init__(
            self.task,
            kinds,
            periods,
            dimension,
            width,
            steps,
            annealing,
            levels,
            validation_fraction,
            draws,
            random_state,
            n_fits,
            groups,
            start,
        )


class DistributedBottleneckClassifier(_FixedTask):
    """`DistributedBottleneck` for classes, so that folds and scorers know the task before the fit.

    Its parameters are those of `DistributedBottleneck` without `task`.
    """

    task = "classification"


class DistributedBottleneckRegressor(_FixedTask):
    """`DistributedBottleneck` for numbers, so that folds and scorers know the task before the fit.

    Its parameters are those of `DistributedBottleneck` without `task`.
    """

    task = "regression"
