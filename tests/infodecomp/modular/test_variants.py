"""Parameterisations of the network for modular addition: gradients, independence of runs, bad settings."""

import pytest
import torch

from infodecomp.errors import InformationError
from infodecomp.modular.network import all_pairs, split_pairs
from infodecomp.modular.variants import (
    PARAMETERISATIONS,
    circle_embedding,
    factor_shapes,
    train_variants,
)

P = 11
SMALL = {"modulus": P, "embedding": 6, "neurons": 5}


def collapsed(name, factors):
    """Input and output weights by the definition in the module's docstring."""
    fixed = circle_embedding(P)
    inputs, outputs = factors["into"], factors["out"]
    if name in ("tied", "untied", "input"):
        inputs = factors["embedding"] @ inputs
    if name in ("tied", "untied", "output"):
        outputs = outputs @ factors["unembedding" if name != "tied" else "embedding"].mT
    return (fixed @ inputs, outputs @ fixed.T) if name == "circle" else (inputs, outputs)


@pytest.mark.parametrize("name", PARAMETERISATIONS)
def test_the_first_step_follows_the_gradient_of_autograd(name):
    rate = 1e-3
    start, after = train_variants(name, (3,), (0.0,), 1, (0, 1), learning_rate=rate, **SMALL)
    factors = {key: value[0].clone().requires_grad_() for key, value in start.factors.items()}
    inputs, outputs = collapsed(name, factors)
    assert torch.allclose(inputs, start.inputs[0], atol=1e-6)
    pairs, split = all_pairs(P), split_pairs(P, 0.4, 3)
    scores = (pairs.incidence[split.training] @ inputs).relu() @ outputs
    loss = torch.nn.functional.cross_entropy(scores, pairs.total[split.training])
    loss.backward()
    assert float(start.loss[0]) == pytest.approx(loss.item(), rel=1e-4)
    for key, factor in factors.items():  # the first step of Adam is the sign of the gradient
        moved = after.factors[key][0] - start.factors[key][0]
        clear = factor.grad.abs() > 1e-5
        assert torch.equal(moved[clear].sign(), -factor.grad[clear].sign())
        assert float((moved[clear].abs() - rate).abs().max()) < 2e-6


def test_runs_do_not_depend_on_one_another():
    together = list(train_variants("tied", (0, 1), (0.0, 1.0), 15, (15,), **SMALL))[0]
    alone = list(train_variants("tied", (1,), (1.0,), 15, (15,), **SMALL))[0]
    assert torch.allclose(together.inputs[3], alone.inputs[0], atol=1e-4)
    assert float(together.accuracy[3]) == pytest.approx(float(alone.accuracy[0]), abs=0.05)


def test_only_what_a_parameterisation_trains_is_trained():
    assert set(factor_shapes("direct", P, 6, 5)) == {"into", "out"}
    assert factor_shapes("input", P, 6, 5)["out"] == (5, P)
    assert factor_shapes("output", P, 6, 5)["into"] == (P, 5)
    circle = list(train_variants("circle", (0,), (0.0,), 0, (0,), **SMALL))[0]
    assert sum(factor[0].numel() for factor in circle.factors.values()) == 20


@pytest.mark.parametrize(
    "wrong",
    [{"parameterisation": "round"}, {"steps": -1}, {"decays": (-1.0,)}, {"share": 0.0}, {"neurons": 0}],
)
def test_settings_out_of_bounds_are_refused(wrong):
    settings = {"parameterisation": "tied", "seeds": (0,), "decays": (0.0,), "steps": 1, "snapshots": (0,)}
    with pytest.raises(InformationError):
        list(train_variants(**(settings | SMALL | wrong)))
