"""Three menus, I(of; with | given): what is random decides whether it is zero, finite or infinite."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

import infodecomp
from infodecomp.explorable import Axis, Choice, HConcat, Label, Line, Plot, Range, Rect, figure
from infodecomp.information.closed_forms import (
    gaussian_pair_information,
    markov_chain_information,
    regression_correlation,
)
from infodecomp.weights.gaussian_posterior import channel_information

from ..meters import Meter, meters

OF = Choice(
    name="of",
    label="Information of",
    default="token",
    options={
        "token": "a word",
        "patch": "an image patch",
        "activation": "an activation",
        "output": "an output",
        "latent": "a random code",
    },
)
WITH = Choice(
    name="with_what",
    label="with",
    default="another",
    options={"another": "its partner", "input": "the input"},
)
GIVEN = Choice(
    name="given",
    label="given",
    default="weights",
    options={
        "weights": "the weights",
        "data": "the training data",
        "everything": "all that is random",
    },
)
STRENGTH = Range(
    name="strength", label="how closely the two are tied", default=0.8, low=0, high=0.99, step=0.01
)
LAG = 5
FIRST, SECOND = (1.0, 0.5), (1.0, -0.5)
PARTNERS = {
    "token": "the word five places on",
    "patch": "another patch",
    "activation": "another activation",
    "output": "the output for another input",
    "latent": "the picture made from it",
}
READ_NOISE = 0.02


@dataclass(frozen=True)
class Verdict:
    """What one choice of the three menus gives.

    Parameters
    ----------
    bits : float or None
        None is infinite.
    random : str
        What is random.
    reason : str
    """

    bits: float | None
    random: str
    reason: str


def verdict(of: str, with_what: str, given: str, strength: float) -> Verdict:
    """The information for a choice of the three menus, in the toy model of its kind."""
    if given == "everything":
        return Verdict(0.0, "nothing", "what is known cannot surprise")
    if of == "token":
        return _tokens(LAG if with_what == "another" else 1, given, strength)
    if of == "patch":
        if with_what == "input":
            return Verdict(None, "the image", "a patch is a part of the image, and continuous")
        bits = gaussian_pair_information(strength)
        return Verdict(bits, "the image", f"normal, with correlation {strength:.2f}; weights don't matter")
    if of == "latent" and with_what == "input":
        return Verdict(0.0, "the code", "it is drawn before the input is read")
    if with_what == "another" and of != "latent":
        return _partners(of, given, strength)
    if given == "weights":
        return Verdict(None, "the input" if with_what == "input" else "the code", "a continuous function")
    spread = round(1 - strength, 2)
    return Verdict(
        noisy_weight_information(spread),
        "the input, and the weight",
        f"z = w x, the data leave w open by {spread:.2f}",
    )


def _tokens(lag: int, given: str, strength: float) -> Verdict:
    flip = (1 - strength) / 2
    if given == "weights":
        bits = markov_chain_information(flip, lag)
        return Verdict(bits, "each next word", f"from place to place {flip:.0%} of the words change")
    # the data leave open whether there is any dependence: half of P(equal) - 1/2 is left
    flips = (1 - strength**lag / 2) / 2
    bits = max(1 - float(infodecomp.binary_entropy(flips)), 0.0)
    return Verdict(bits, "each next word, the weights", "the data leave open whether words are tied at all")


def _partners(of: str, given: str, strength: float) -> Verdict:
    if of == "activation":
        if given == "weights":
            bits = gaussian_pair_information(strength)
            return Verdict(bits, "the input", f"normal, with correlation {strength:.2f}")
        return Verdict(
            unsigned_pair_information(strength), "the input, the weights", "the sign of the tie is open"
        )
    if given == "weights":
        return Verdict(0.0, "nothing", "two fixed inputs, one fixed network: constants")
    known = math.sqrt(3) * (1 - strength)
    rho = regression_correlation(FIRST, SECOND, [[known, 0.0]])
    return Verdict(
        gaussian_pair_information(rho), "the weights", f"one unknown network made both: correlation {rho:.2f}"
    )


@lru_cache(maxsize=128)
def noisy_weight_information(spread: float) -> float:
    """I(X; w X + noise) for X standard normal and w of mean 1 and some spread, read with noise of 0.02."""
    x = (np.arange(160) + 0.5) / 160 * 8 - 4
    p = np.exp(-(x**2) / 2)
    deviations = np.sqrt((spread * x) ** 2 + READ_NOISE**2)
    return channel_information(x, deviations, p / p.sum(), 1500)


@lru_cache(maxsize=128)
def unsigned_pair_information(strength: float) -> float:
    """I of two standard normals whose correlation is plus or minus the strength, with equal chances."""
    at, step = np.linspace(-7, 7, 141, retstep=True)
    x, y = at[:, None], at[None, :]
    width = 1 - strength**2
    both = sum(np.exp(-(x**2 + y**2 - 2 * sign * strength * x * y) / (2 * width)) for sign in (-1, 1)) / (
        4 * math.pi * math.sqrt(width)
    )
    mass = both * step**2
    return infodecomp.mutual_information(mass / mass.sum()).item()


@figure(
    parameters=(OF, WITH, GIVEN, STRENGTH),
    title="Information of what, with what, given what?",
    controls=("of", "with_what", "given", "strength"),
    decimals=2,
    presets={
        "ask-tokens": "of=token&with_what=another&given=weights&strength=.8",
        "ask-patches": "of=patch&with_what=another&given=weights&strength=.8",
        "ask-outputs": "of=output&with_what=another&given=weights",
        "ask-outputs-data": "of=output&with_what=another&given=data&strength=.8",
        "ask-layer": "of=activation&with_what=input&given=weights",
        "ask-nothing": "given=everything",
    },
)
def of_what_given_what(of, with_what, given, strength):
    """The information that a choice of three menus names, in a toy model with a closed form."""
    found = verdict(of, with_what, given, strength)
    return {
        "of": of,
        "with_what": with_what,
        "given": given,
        "strength": strength,
        "bits": found.bits,
        "random": found.random,
        "reason": found.reason,
        "all": {
            name: [verdict(of, pair, name, strength).bits for pair in WITH.options] for name in GIVEN.options
        },
    }


@of_what_given_what.draw
def picture(data):
    rows = []
    for name, label in GIVEN.options.items():
        bits = data["all"][name][list(WITH.options).index(data["with_what"])]
        rows.append(Meter(f"given {label}", bits, "selection" if name == data["given"] else "noise"))
    most = max([2.0, *(b for row in data["all"].values() for b in row if b)])
    return HConcat((_sentence(data), meters(rows, most)), (1, 1), gap=30)


def _sentence(data) -> Plot:
    """The question as three boxes, and what is random."""
    partner = PARTNERS[data["of"]] if data["with_what"] == "another" else "the input"
    rows = (
        ("of", OF.show(data["of"]), "series-1"),
        ("with", partner, "series-2"),
        ("given", GIVEN.show(data["given"]), "target"),
    )
    marks: list = []
    for index, (sign, text, role) in enumerate(rows):
        y = 3 - index
        marks += [
            Rect(0.17, y + 0.1, 1, y + 0.82, role, opacity=0.14, radius=5),
            Label(0.15, y + 0.38, sign, "ink", "end", size=15),
            Label(0.2, y + 0.38, text, f"{role}-text", size=15, bold=True),
        ]
    marks += [
        Label(0, 0.62, f"random here: {data['random']}", "ink", size=13),
        Label(0, 0.2, data["reason"], "muted", size=12),
        Line((0, 1), (0.98, 0.98), "faint", 1),
    ]
    return Plot(
        tuple(marks),
        Axis(domain=(0, 1), hidden=True),
        Axis(domain=(0, 4), hidden=True),
        heights=(170, 180),
        margins=(6, 4, 6, 8),
    )


@of_what_given_what.values
def values(data):
    return {"bits": data["bits"], "finite": data["bits"] is not None}


@of_what_given_what.describe
def describe(data):
    partner = PARTNERS[data["of"]] if data["with_what"] == "another" else "the input"
    amount = "infinite" if data["bits"] is None else f"{data['bits']:.2f} bits"
    return (
        f"Information of {OF.show(data['of'])} with {partner}, given "
        f"{GIVEN.show(data['given'])}: {amount} ({data['reason']})."
    )


@of_what_given_what.table
def table(data):
    return {"given": list(data["all"]), **{
        name: [data["all"][given][k] for given in data["all"]] for k, name in enumerate(WITH.options)
    }}  # fmt: skip
