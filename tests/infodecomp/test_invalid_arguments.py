"""Public functions refuse invalid arguments with one kind of error: the value, its limits and a remedy."""

import inspect
import math
import re

import numpy as np
import pytest
import torch

import infodecomp
from infodecomp import InformationError

JOINT = np.full((2, 2, 2), 0.125)
BOARD = [[1, 0], [0.5, 1]]
NOT_FUNCTIONS = {  # the estimator checks its arguments in fit, as scikit-learn demands
    "Allocations",
    "DistributedBottleneck",
    "DistributedBottleneckClassifier",
    "DistributedBottleneckRegressor",
    "Frontier",
    "GeneralFrontier",
    "InformationError",
    "PartialInformation",
    "StochasticFrontier",
}

RAGGED = [[0.5], [0.5, 0.5]]
NOT_NUMBERS = ["text", "", None, object(), {"a": 1}, 1j, RAGGED, [None], b"bytes", [1j, 2]]
SCALAR = [*NOT_NUMBERS, math.nan, math.inf, [0.5, 0.5], [], np.zeros((2, 2))]
PROBABILITY_SCALAR = [*SCALAR, -0.1, 1.1]
PROBABILITIES = [*NOT_NUMBERS, math.nan, math.inf, -0.1, 1.1, [0.5, 3.0]]
BITS = [*NOT_NUMBERS, math.nan, math.inf, -0.1, 2.5, [0.5, math.nan], np.full(3, 0.1)]
NOISES = [*NOT_NUMBERS, math.nan, -1.0, [0.5, -0.5], np.ones(3)]
FINITE = [*NOT_NUMBERS, math.nan, math.inf, [0.5, math.nan], np.ones(3)]
WIDTHS = [*FINITE, 0.0, -1.0]
BUDGETS = [*NOT_NUMBERS, math.nan, math.inf, -0.1, [], [1, -1]]
SEED = [*NOT_NUMBERS, 2.5, 2.0, math.nan, math.inf, -1, 2**63, [4], [], np.arange(2), torch.arange(2), "3"]
TWO_TO_MANY = [*SEED, 1]
BOARDS = [*NOT_NUMBERS, 0.5, [], [[]], [0.5, 0.5], [[0, 1]], [[0, 2], [1, 0]], [[math.nan, 0], [0, 1]]]
SMALL_BOARDS = [*BOARDS, np.full((8, 8), 0.5)]


def tables(n_variables):
    """What is not a table of this many variables."""
    shape = (2,) * n_variables
    negative = np.full(shape, 2.0 / 2**n_variables)
    negative.flat[0] = -negative.sum() / 2
    yield from NOT_NUMBERS
    yield from (math.nan, 0.5, [], np.full((2,) * (n_variables - 1), 0.5 ** (n_variables - 1)))
    yield from (np.full(shape, math.nan), np.full(shape, math.inf), np.full(shape, 0.9), negative)
    yield from (np.zeros((2,) * (n_variables - 1) + (0,)), np.full(shape, 1e-9))


DISTRIBUTIONS, JOINTS, TRIPLES = list(tables(1)), list(tables(2)), list(tables(3))
TWO_SOURCES = [*TRIPLES, np.full((2, 2, 3), 1 / 12), np.full((3, 2, 2, 2), 0.125)]

ARGUMENTS = {  # for each function: a valid value of each parameter, and invalid ones
    "SourcePair": {"joint": (JOINT.sum(2), [*JOINTS, np.full((2, 3), 1 / 6)])},
    "TwoSourceJoint": {
        "joint": (JOINT, TWO_SOURCES),
        "pair": (None, ["text", 0.5, [1, 2]]),
    },
    "allocation_information": {
        "joint": (JOINT, TWO_SOURCES),
        "bits_a": ([0.5, 0.5], BITS),
        "bits_b": ([0.5, 0.5], BITS),
    },
    "best_pair": {
        "pairs": (infodecomp.partition_pairs(BOARD), [*NOT_NUMBERS, (1, 2), torch.ones(3)]),
        "budget": (1.0, [*NOT_NUMBERS, math.nan, -math.inf, -1.0, [1.0, 2.0], torch.ones(2), []]),
    },
    "binary_asymmetric_channel": {
        "bits": ([0.5, 0.5], BITS),
        "error_split": ([0.5, 0.5], [*PROBABILITIES, np.full(3, 0.1)]),
        "p": ([0.5, 0.5], [*PROBABILITIES, np.full(3, 0.1)]),
    },
    "binary_entropy": {"p": ([0.5], PROBABILITIES)},
    "bsc_crossover_probability": {
        "bits": ([0.5, 0.5], BITS),
        "p": ([0.5, 0.5], [*PROBABILITIES, np.full(3, 0.1)]),
    },
    "bsc_information": {
        "crossover_probability": ([0.5, 0.5], [*PROBABILITIES, np.full(3, 0.1)]),
        "p": ([0.5, 0.5], [*PROBABILITIES, np.full(3, 0.1)]),
    },
    "co_information": {"joint": (JOINT, TRIPLES)},
    "conditional_entropy": {"joint": (JOINT[0] * 2, JOINTS)},
    "conditional_mutual_information": {"joint": (JOINT, TRIPLES)},
    "distinguishability": {
        "mean": ([0.0, 1.0], [*FINITE, [], np.zeros((2, 0))]),
        "deviation": ([1.0, 1.0], [*WIDTHS, []]),
    },
    "entropy": {
        "p": ([0.5, 0.5], DISTRIBUTIONS),
        "n_variables": (1, [*SEED, 0, 2]),
    },
    "gaussian_channel_density": {
        "voltage": ([0.0, 1.0], FINITE),
        "noise": ([1.0, 2.0], [*NOISES, 0.0, math.inf]),
        "p": ([0.5, 0.5], [*PROBABILITIES, np.full(3, 0.1)]),
    },
    "gaussian_channel_information": {
        "noise": ([1.0, 2.0], NOISES),
        "p": ([0.5, 0.5], [*PROBABILITIES, np.full(3, 0.1)]),
    },
    "gaussian_channel_noise": {
        "bits": ([0.5, 0.5], BITS),
        "p": ([0.5, 0.5], [*PROBABILITIES, np.full(3, 0.1)]),
    },
    "gaussian_divergence": {"mean": ([0.0, 1.0], FINITE), "deviation": ([1.0, 1.0], WIDTHS)},
    "gaussian_encoder_information": {
        "mean": ([0.0, 1.0], [*FINITE, []]),
        "deviation": ([1.0, 1.0], WIDTHS),
        "p": ([0.5, 0.5], [*(p for p in DISTRIBUTIONS if p is not None), np.full(3, 1 / 3)]),
    },
    "gaussian_encoders_information": {
        "mean": ([[0.0, 1.0], [0.0, 1.0]], [*FINITE, [], np.zeros((2, 3)), np.zeros((3, 2))]),
        "deviation": ([[1.0, 1.0], [1.0, 1.0]], [*WIDTHS, np.ones((2, 3))]),
        "board": (BOARD, [*BOARDS, np.full((3, 3), 0.5)]),
    },
    "general_frontier": {
        "joint": (JOINT, TWO_SOURCES),
        "budgets": ([1.0], BUDGETS),
        "starts": (1, [*SEED, 10_001]),
        "seed": (0, SEED),
    },
    "information_frontier": {"joint": (JOINT, TWO_SOURCES), "budgets": ([1.0], BUDGETS)},
    "information_plane": {"joint": (JOINT, TWO_SOURCES), "n": (3, TWO_TO_MANY)},
    "information_terms": {"joint": (JOINT, TRIPLES)},
    "mutual_information": {"joint": (JOINT[0] * 2, JOINTS)},
    "nearest_allocation": {
        "joint": (JOINT, TWO_SOURCES),
        "total": (1.0, SCALAR),
        "information": (0.1, SCALAR),
        "bits_a": (0.5, SCALAR),
    },
    "partial_information": {
        "joint": (JOINT, TRIPLES),
        "measure": ("broja", ["ccs", "", None, 3, [], {}, object(), np.array(["mmi", "mmi"])]),
    },
    "partition_pairs": {"board": (BOARD, SMALL_BOARDS)},
    "partitions": {"n": (3, [*SEED, 0, 9])},
    "random_board": {"seed": (0, SEED)},
    "search_general_channels": {
        "joint": (JOINT, TWO_SOURCES),
        "budgets": ([1.0], BUDGETS),
        "starts": (1, [*SEED, 10_001]),
        "seed": (0, SEED),
    },
    "search_stochastic_encoders": {
        "board": (BOARD, SMALL_BOARDS),
        "budgets": ([1.0], BUDGETS),
        "seed": (0, SEED),
        "starts": (3, [*SEED, 2, 1001]),
    },
    "stochastic_frontier": {
        "board": (BOARD, SMALL_BOARDS),
        "budgets": ([1.0], BUDGETS),
        "seed": (0, SEED),
        "starts": (3, [*SEED, 2, 1001]),
    },
    "sufficient_pair": {"board": (BOARD, BOARDS)},
    "term_contributions": {"joint": (JOINT, TRIPLES)},
    "tied_with_swapped": {
        "joint": (JOINT, TWO_SOURCES),
        "bits_a": ([0.5, 0.5], BITS),
        "bits_b": ([0.5, 0.5], BITS),
    },
    "train_board": {"board": (BOARD, BOARDS), "seed": (0, SEED)},
    "two_source_joint": {
        "p_y_given_ab": (BOARD, [*BOARDS, np.full((3, 3), 0.5), np.full((2, 2, 2), 0.5)]),
        "p_a": (0.5, PROBABILITY_SCALAR),
        "p_b": (0.5, PROBABILITY_SCALAR),
        "correlation": (0.5, [*SCALAR, -1.1, 1.1]),
    },
    "union_information": {"joint": (JOINT, TRIPLES)},
}
CASES = [(name, parameter) for name, parameters in ARGUMENTS.items() for parameter in parameters]


def mentions(message: str, value) -> bool:
    """Whether a message names a value: as it is written, by a number in it, by its sum or by its shape."""
    fragments = [repr(value)[:50]]
    try:
        array = np.asarray(value, dtype=np.float64)
        fragments += [f"{number:.6g}" for number in array.flat]
        fragments += [str(array.shape), f"{array.sum():.9g}", f"{array.sum():.6g}"]
        fragments += ["{0} by {0}".format(*array.shape)] if array.ndim == 2 else []
    except (TypeError, ValueError):
        pass
    return any(fragment in message for fragment in fragments)


def test_every_public_function_and_parameter_is_covered():
    assert set(ARGUMENTS) == set(infodecomp.__all__) - NOT_FUNCTIONS
    for name, parameters in ARGUMENTS.items():
        assert list(inspect.signature(getattr(infodecomp, name)).parameters) == list(parameters), name


@pytest.mark.parametrize("name", ARGUMENTS)
def test_the_valid_arguments_are_accepted(name):
    result = getattr(infodecomp, name)(**{key: valid for key, (valid, _) in ARGUMENTS[name].items()})
    assert result is not None


@pytest.mark.parametrize("name, parameter", CASES)
def test_invalid_arguments_raise_an_error_with_value_and_remedy(name, parameter):
    valid = {key: value for key, (value, _) in ARGUMENTS[name].items()}
    faults = []
    for invalid in ARGUMENTS[name][parameter][1]:
        try:
            getattr(infodecomp, name)(**{**valid, parameter: invalid})
            faults.append(f"{invalid!r} was accepted")
        except InformationError as error:
            if not (mentions(str(error), invalid) and re.search(r"\b(give|divide)\b", str(error))):
                faults.append(f"{invalid!r}: no value or no remedy in {str(error)!r}")
        except Exception as error:
            faults.append(f"{invalid!r} raised {error!r}")
    assert faults == []
