"""Taking frequencies and neurons out of the network: how few of them still know the sum?"""

from functools import lru_cache

import numpy as np

from infodecomp.experiments.grokking.modular import SLOW_SEEDS
from infodecomp.explorable import (
    Axis,
    Dot,
    HConcat,
    Label,
    Line,
    Plot,
    Range,
    Rect,
    StateLink,
    Toggle,
    figure,
)
from infodecomp.modular.ablation import accuracy_with, subset_accuracies
from infodecomp.modular.spectrum import large_groups
from infodecomp.modular.training import NEURONS

from .runs import SEED, slow_run

ALL = 2**NEURONS - 1
KEPT = Range(
    name="kept",
    label="kept neurons, as a binary number, and above them the seed of the run that it speaks of",
    default=ALL,
    low=0,
    high=len(SLOW_SEEDS) * (ALL + 1) - 1,
    step=1,
)
BET = Range(
    name="bet_cut",
    label="your bet: how many can go",
    default=-1,
    low=-1,
    high=3,
    step=1,
    format=lambda cut: "not placed yet" if cut < 0 else f"{cut:.0f} frequenc{'y' if cut == 1 else 'ies'}",
    role="selection",
)
SHOW = Toggle(name="show_cut", label="Show every set of frequencies")
MAX_ROWS = 6  # groups; a network that has learned by heart has many small ones
GOOD = 0.99  # accuracy from which a set of frequencies is said to know the sum


@lru_cache(maxsize=8)
def frequency_sets(seed: int) -> dict:
    """The groups of a slow run's last network, and the accuracy of every set of them."""
    network = slow_run(seed)[-1].network
    found = large_groups(network, MAX_ROWS)
    sets = subset_accuracies(network, found)
    good = [one for one in sets if one.accuracy >= GOOD]
    fewest = min((len(one.frequencies) for one in good), default=None)
    return {"network": network, "groups": found, "sets": sets, "fewest": fewest}


@figure(
    parameters=(SEED, KEPT, BET, SHOW),
    title="Take it apart",
    controls=("bet_cut", "show_cut", "mod_seed"),
    source="Press frequencies and neurons to take them out or put them back. A dot is a set of frequencies.",
    presets={"ablate-all": f"kept={ALL}", "ablate-show": "show_cut=1"},
    decimals=1,
)
def grok_ablate(mod_seed, kept, bet_cut, show_cut):
    """The accuracy of a network of which only some neurons are kept."""
    known, kept = frequency_sets(mod_seed), kept_of(kept, mod_seed)
    mask = np.array([bool(kept >> neuron & 1) for neuron in range(NEURONS)])
    return {
        "seed": mod_seed,
        "kept": kept,
        "bet": None if bet_cut < 0 else bet_cut,
        "shown": show_cut,
        "groups": list(known["groups"].items()),
        "sets": known["sets"],
        "fewest": known["fewest"],
        "accuracy": accuracy_with(known["network"], mask),
        "n_kept": int(mask.sum()),
    }


def kept_of(kept: int, seed: int) -> int:
    """The neurons that are kept of a run; all of them if the number speaks of another run."""
    return kept & ALL if kept >> NEURONS == tag_of(seed) else ALL


def tag_of(seed: int) -> int:
    """What stands above the neurons of a run; 0 for the run that the figure opens with."""
    return (seed - SEED.default) % len(SLOW_SEEDS)


def kept_query(seed: int, kept: int) -> str:
    """The query string that keeps some neurons of a run."""
    return f"kept={tag_of(seed) << NEURONS | kept}"


def bits_of(neurons: list[int]) -> int:
    """A set of neurons as a binary number."""
    return sum(1 << neuron for neuron in neurons)


@grok_ablate.draw
def ablation_picture(data):
    return HConcat((_neurons(data), _sets(data)), (1, 1.1), gap=24)


def _neurons(data) -> Plot:
    """A row for each frequency: its name switches all of its neurons, each square one."""
    groups, kept = dict(data["groups"]), data["kept"]
    rows, widest = len(groups), max(len(neurons) for neurons in groups.values())
    marks: list = []
    for row, (frequency, neurons) in enumerate(groups.items()):
        y, mask = rows - row - 0.5, bits_of(neurons)
        whole = kept & mask == mask
        state = "kept" if whole else "out" if not kept & mask else "partly kept"
        words = f"frequency {frequency}" if frequency else "the others"
        name = Label(0, y, words, "ink", dx=4, dy=4, size=13, bold=whole, strike=not kept & mask)
        marks.append(
            StateLink(
                kept_query(data["seed"], kept & ~mask if kept & mask else kept | mask),
                f"{words}: {state}; press to {'take it out' if kept & mask else 'keep it'}",
                (Rect(0, y - 0.42, 4.5, y + 0.42, "wash", radius=4), name),
            )
        )
        marks += [_neuron(data, neuron, 4.7 + i, y) for i, neuron in enumerate(neurons)]
    return Plot(
        tuple(marks),
        Axis(domain=(0, 4.7 + widest), hidden=True),
        Axis(domain=(0, rows), hidden=True),
        heights=(44 * rows + 70, 44 * rows + 70),
        margins=(30, 4, 40, 4),
    )


def _neuron(data, neuron: int, x: float, y: float) -> StateLink:
    is_kept = bool(data["kept"] >> neuron & 1)
    box = Rect(
        x + 0.06,
        y - 0.32,
        x + 0.94,
        y + 0.32,
        "series-1" if is_kept else "",
        radius=3,
        stroke="series-1" if is_kept else "noise",
    )
    words = f"neuron {neuron}: {'kept; press to take it out' if is_kept else 'out; press to keep it'}"
    return StateLink(kept_query(data["seed"], data["kept"] ^ 1 << neuron), words, (box,))


def _sets(data) -> Plot:
    """Accuracy over the number of frequencies kept: of what is kept now and, once uncovered, of every set."""
    n, groups = len(data["groups"]), dict(data["groups"])
    places: dict[int, list] = {}
    for one in data["sets"] if data["shown"] else ():
        places.setdefault(len(one.frequencies), []).append(one)
    bet = () if data["bet"] is None else _bet(data)
    marks: list = [*bet, Line((0.4, n + 0.6), (data["accuracy"],) * 2, "ink", 1.6)]
    for size, sets in places.items():
        spread = min(0.7 / max(len(sets) - 1, 1), 0.16)
        for i, one in enumerate(sorted(sets, key=lambda one: one.accuracy)):
            only = bits_of([neuron for f in one.frequencies for neuron in groups[f]])
            dot = Dot(size + (i - (len(sets) - 1) / 2) * spread, one.accuracy, "series-1", 5.5, rim="paper")
            words = f"{', '.join(map(str, one.frequencies))}: {100 * one.accuracy:.0f}%"
            query = kept_query(data["seed"], only)
            marks.append(StateLink(query, f"keep only {words}", (dot,), only == data["kept"]))
    marks.append(
        Label(
            0.4,
            data["accuracy"],
            f"kept now: {100 * data['accuracy']:.0f}%",
            "ink",
            dx=2,
            dy=-6 if data["accuracy"] < 0.9 else 16,
            size=13,
            bold=True,
            halo=True,
        )
    )
    return Plot(
        tuple(marks),
        Axis("frequencies kept", (0.4, n + 0.6), ticks=tuple(range(1, n + 1))),
        Axis("share of all sums right", (0, 1), ticks=(0, 0.5, 1), grid=True),
        heights=(44 * n + 70, 300),
        ratio=0.8,
        margins=(34, 10, 46, 40),
    )


def _bet(data):
    """How many frequencies are left if the reader's bet is right."""
    n = len(data["groups"])
    left = n - data["bet"]
    on_left = left > n / 2
    yield Line((left, left), (0, 1), "selection", 2, dash="5 4")
    yield Label(
        left,
        _free_height(data, (left - 0.4 * n, left) if on_left else (left, left + 0.4 * n)),
        f"your bet: {left} left",
        "selection-text",
        "end" if on_left else "start",
        dx=-6 if on_left else 6,
        size=12.5,
        bold=True,
        halo=True,
    )


def _free_height(data, span: tuple[float, float]) -> float:
    """Where a label over some sizes meets neither a dot nor the line of what is kept now."""
    taken = [data["accuracy"]]
    if data["shown"]:
        taken += [
            one.accuracy for one in data["sets"] if span[0] - 0.4 < len(one.frequencies) < span[1] + 0.4
        ]
    heights = (0.04, 0.9, 0.72, 0.55, 0.36, 0.2)
    return next((y for y in heights if all(not -0.04 < one - y < 0.1 for one in taken)), heights[0])


@grok_ablate.values
def ablation_values(data):
    """What was found; what would give the bet away is None until the sets are shown."""
    best: dict[int, float] = {}
    for one in data["sets"]:
        size = len(one.frequencies)
        best[size] = max(best.get(size, 0.0), one.accuracy)
    n = len(data["groups"])
    found = {
        "fewest": data["fewest"],
        "best_single": 100 * best[1],
        "best_pair": 100 * best[2] if 2 in best else None,
        "off": None if None in (data["fewest"], data["bet"]) else abs(n - data["fewest"] - data["bet"]),
    }
    return {
        "accuracy": 100 * data["accuracy"],
        "n_kept": data["n_kept"],
        "n_frequencies": n,
        "bet": data["bet"],
    } | (found if data["shown"] else dict.fromkeys(found))


@grok_ablate.describe
def ablation_description(data):
    kept = (
        f"With {data['n_kept']} of {NEURONS} neurons kept, the slow run of seed {data['seed']} answers "
        f"{100 * data['accuracy']:.1f}% of all sums."
    )
    n = len(data["groups"])
    bet = "No bet yet" if data["bet"] is None else f"You bet that {data['bet']} of its {n} frequencies can go"
    if not data["shown"]:
        return f"{kept} {bet}; the answer is covered."
    if data["fewest"] is None:
        return f"{kept} {bet}, but no set of them knows the sum."
    can_go = n - data["fewest"]
    if data["bet"] is None:
        return f"{kept} {can_go} of its {n} frequencies can go."
    verdict = "you were right" if can_go == data["bet"] else f"in fact {can_go} can"
    return f"{kept} {bet}; {verdict}."


@grok_ablate.table
def ablation_table(data):
    if not data["shown"]:
        return {"kept_neurons": [data["n_kept"]], "accuracy": [data["accuracy"]]}
    return {
        "frequencies": [" ".join(map(str, one.frequencies)) for one in data["sets"]],
        "accuracy": [one.accuracy for one in data["sets"]],
    }
