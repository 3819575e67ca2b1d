"""Checks of arguments: numbers, probabilities, tables, budgets and seeds."""

import math
import numbers
import operator
from typing import Any

import numpy as np
import torch

from infodecomp.errors import InformationError

PROBABILITY_TOLERANCE = 1e-9  # a float64 table may miss 1 by this much
LOW_PRECISION_TOLERANCE = {torch.float32: 1e-5, torch.float16: 1e-2, torch.bfloat16: 1e-2}
MAX_SEED = 2**63 - 1


def as_float64(values: Any, name: str) -> torch.Tensor:
    """Convert an array of real numbers to float64.

    Parameters
    ----------
    values : array_like
        A number, nested sequences, a NumPy array with any strides, a pandas table or a tensor.
    name : str
        What the values are called in an error message.

    Returns
    -------
    torch.Tensor
        float64, of the shape of `values`. A tensor keeps its gradient history.

    Raises
    ------
    InformationError
        If `values` is text, None, ragged, complex or not an array of numbers at all.
    """
    return _as_tensor(values, name).to(torch.float64)


def _as_tensor(values: Any, name: str) -> torch.Tensor:
    if type(values) is float:
        return torch.tensor(values, dtype=torch.float64)  # many times faster than by way of NumPy
    if not isinstance(values, torch.Tensor):
        return torch.from_numpy(_as_array(values, name))
    if values.is_complex() or values.is_quantized or values.layout != torch.strided:
        raise InformationError(
            f"{name} is a {values.layout} tensor of {values.dtype}; give a dense one of real numbers"
        )
    # a tensor made in inference mode cannot take part in a gradient
    return values.clone() if values.is_inference() and not torch.is_inference_mode_enabled() else values


def _as_array(values: Any, name: str) -> np.ndarray:
    def refusal() -> str:  # only made when needed: printing an array takes longer than using it
        return f"{name} is {shown(values)}; give a number or an array of numbers"

    try:
        array = np.asarray(values)
        if array.dtype == object and all(isinstance(item, numbers.Real) for item in array.flat):
            array = array.astype(np.float64)
        elif (
            array.dtype == object
            and array.size
            and all(isinstance(item, torch.Tensor) for item in array.flat)
        ):
            array = np.array([item.item() for item in array.flat]).reshape(array.shape)
    except (TypeError, ValueError, RuntimeError, OverflowError) as error:
        raise InformationError(f"{refusal()} ({error})") from None
    if array.dtype.kind not in "biuf":
        raise InformationError(refusal())
    dtype = array.dtype if array.dtype in (np.float16, np.float32) else np.float64
    return np.array(array, dtype, order="C")  # torch accepts neither negative strides nor read-only memory


def as_finite(values: Any, name: str) -> torch.Tensor:
    """As `as_float64`, and refuse NaN and infinity."""
    tensor = as_float64(values, name)
    if not bool(torch.isfinite(tensor).all()):
        bad = tensor[~torch.isfinite(tensor)][0].item()
        raise InformationError(f"{name} is {bad}; give finite numbers")
    return tensor


def as_probabilities(values: Any, name: str = "a probability") -> torch.Tensor:
    """Convert probabilities to float64; values outside 0 to 1 by no more than rounding are clipped."""
    p = as_float64(values, name)
    valid = (p >= -PROBABILITY_TOLERANCE) & (p <= 1 + PROBABILITY_TOLERANCE)
    if not bool(valid.all()):
        raise InformationError(
            f"{name} of {p[~valid][0].item():.6g} lies outside its limits, 0 to 1; give one between them"
        )
    return p.clamp(0, 1)


def as_distribution(probabilities: Any, n_variables: int = 1) -> torch.Tensor:
    """Check a batch of probability tables and return it as float64.

    Parameters
    ----------
    probabilities : array_like, shape (..., n_1, ..., n_k)
        Tables of non-negative numbers. A float64 table sums to 1 within 1e-9. Tables of lower precision may
        be off by their own rounding (1e-5 for float32) and are normalised.
    n_variables : int
        How many of the last axes are the outcomes of one table; the axes before them are a batch.

    Returns
    -------
    torch.Tensor, shape (..., n_1, ..., n_k)

    Raises
    ------
    InformationError
        If a number is negative or not finite, a table is empty or does not sum to 1, or axes are missing.
    """
    n_variables = as_integer(n_variables, "n_variables", 1)
    raw = _as_tensor(probabilities, "a table of probabilities")
    p = raw.to(torch.float64)
    if p.dim() < n_variables:
        raise InformationError(f"a table has shape {tuple(p.shape)}; give at least {n_variables} dimensions")
    if 0 in p.shape[-n_variables:]:
        raise InformationError(f"a table has shape {tuple(p.shape)}; give each variable at least one outcome")
    total = p.sum(dim=tuple(range(-n_variables, 0)), keepdim=True)
    low_precision = LOW_PRECISION_TOLERANCE.get(raw.dtype)
    valid = bool((p >= 0).all())  # false for NaN; an infinite number fails by its sum
    if not valid or bool(((total - 1).abs() > (low_precision or PROBABILITY_TOLERANCE)).any()):
        raise _invalid_table(p, total)
    return p if low_precision is None else p / total


def _invalid_table(p: torch.Tensor, total: torch.Tensor) -> InformationError:
    invalid = ~((p >= 0) & torch.isfinite(p))
    if bool(invalid.any()):
        value = p[invalid][0].item()
        return InformationError(
            f"a table contains {value:.6g}; give probabilities, finite numbers from 0 to 1"
        )
    sums = total.reshape(-1)
    worst = sums[(sums - 1).abs().argmax()].item()
    return InformationError(f"a table sums to {worst:.9g}, not to 1; divide it by its sum first")


def as_integer(value: Any, name: str, minimum: int, maximum: float = math.inf, remedy: str = "") -> int:
    """Check a whole number, or a one-element tensor of one, between two limits."""
    limits = f"at least {minimum}" if maximum == math.inf else f"from {minimum} to {maximum}"
    try:
        number = operator.index(value)
    except (TypeError, ValueError, RuntimeError):
        number = minimum - 1
    if not minimum <= number <= maximum:
        raise InformationError(
            f"{name} = {shown(value)}: give a whole number, {limits}" + (f"; {remedy}" if remedy else "")
        )
    return number


def as_seed(value: Any) -> int:
    """Check the seed of a random generator."""
    return as_integer(value, "seed", 0, MAX_SEED)


def as_scalar(value: Any, name: str, minimum: float = -math.inf, maximum: float = math.inf) -> float:
    """Check one finite number between two limits."""
    if type(value) is float:
        result = value  # many times faster than by way of a tensor
    else:
        number = as_float64(value, name)
        if number.numel() != 1:
            raise InformationError(f"{name} has shape {tuple(number.shape)}; give one number")
        result = number.item()
    if not (math.isfinite(result) and minimum <= result <= maximum):
        raise InformationError(
            f"{name} = {result:.6g} lies outside its limits, {minimum:g} to {maximum:g}; "
            "give a number between them"
        )
    return result


def as_budgets(budgets: Any) -> torch.Tensor:
    """Check budgets in bits, and flatten them to (m,)."""
    values = as_float64(budgets, "a budget").reshape(-1)
    valid = torch.isfinite(values) & (values >= 0)
    if not len(values) or not bool(valid.all()):
        found = f"a budget is {values[~valid][0].item():.6g}" if len(values) else "budgets have shape (0,)"
        raise InformationError(f"{found}; give one or more finite numbers of bits, at least 0")
    return values


def broadcast(**named: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """Broadcast tensors against each other; an error names them and their shapes."""
    try:
        return torch.broadcast_tensors(*named.values())
    except RuntimeError:
        shapes = ", ".join(f"{name} {tuple(tensor.shape)}" for name, tensor in named.items())
        raise InformationError(
            f"shapes that do not broadcast: {shapes}; give equal shapes or single numbers"
        ) from None


def shown(value: Any) -> str:
    """A value as an error message shows it, cut to 60 characters."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
