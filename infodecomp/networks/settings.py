"""How a stack of networks is trained."""

from dataclasses import dataclass

from infodecomp.errors import InformationError
from infodecomp.networks.losses import LOSSES
from infodecomp.validation import as_float64, as_integer, as_scalar


@dataclass(frozen=True)
class TrainingSettings:
    """How a stack is trained.

    Parameters
    ----------
    loss : {"mse", "binary-cross-entropy", "cross-entropy"}
        The cross-entropies take logits; their targets are 0 or 1 and class numbers.
    learning_rate : float
        Of Adam.
    l1, l2 : float or tuple of float
        Penalties l1 sum |w| and l2 sum w**2 over the weights, not the biases; one for all networks or one
        for each. Their gradient is added before Adam scales it.
    weight_decay : float
        Decoupled decay of the weights (AdamW): each step multiplies them by 1 - learning_rate * weight_decay.
    dropout : float or tuple of float
        Share of the hidden activations that each step sets to 0; the others are scaled up in proportion.
    batch_size : int, optional
        Samples of a step, reshuffled each epoch; all of them if omitted.
    freeze_below : float, optional
        A network whose loss on the samples of a step is below this is not trained any further.
    shared_stream : bool
        Draw batches and dropout from the same random numbers as `MLP.initial`, as the networks that were
        stored first did. An order of the samples that depends on the initial parameters is as random as any
        other, since it does not depend on the samples.

    Raises
    ------
    InformationError
        If a setting is out of its limits.

    References
    ----------
    Kingma & Ba (2015); Loshchilov & Hutter (2019), decoupled weight decay; Srivastava et al. (2014), dropout.
    """

    loss: str = "mse"
    learning_rate: float = 1e-3
    l1: float | tuple[float, ...] = 0.0
    l2: float | tuple[float, ...] = 0.0
    weight_decay: float = 0.0
    dropout: float | tuple[float, ...] = 0.0
    batch_size: int | None = None
    freeze_below: float | None = None
    shared_stream: bool = False

    def __post_init__(self) -> None:
        if self.loss not in LOSSES:
            raise InformationError(f"loss {self.loss!r}: choose from {', '.join(LOSSES)}")
        as_scalar(self.learning_rate, "learning_rate", 0)
        as_scalar(self.weight_decay, "weight_decay", 0)
        for name, most in (("l1", float("inf")), ("l2", float("inf")), ("dropout", 0.99)):
            for value in as_float64(getattr(self, name), name).reshape(-1):
                as_scalar(value, name, 0, most)
        if self.batch_size is not None:
            as_integer(self.batch_size, "batch_size", 1)
