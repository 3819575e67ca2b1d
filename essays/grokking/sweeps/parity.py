"""More than a thousand trainings on sparse parity: which memorise, which generalise, and in what order."""

from functools import lru_cache

import numpy as np

from infodecomp.errors import CheckpointError
from infodecomp.experiments.grokking import PARITY_SWEEP
from infodecomp.experiments.grokking.parity_sweep import DECAYS, SIZES, WIDTHS
from infodecomp.explorable import Axis, HConcat, Label, Line, Plot, Range, figure
from infodecomp.explorable.core.errors import Missing
from infodecomp.parity.sweep import KNOWS, MEMORISED, N_SEEDS, OUTCOMES, STEPS, first_step, outcomes

from .grid import COLUMNS, NAMES, ROWS, SIDE, column_of, grid_plot, place_x, place_y, row_of


def describe_column(column: float) -> str:
    """Decay and training size of a column, in words."""
    decay, size = divmod(int(column) // SIDE, len(SIZES))
    return f"decay {DECAYS[decay]:g}, {SIZES[size]:,} sequences"


def describe_row(row: float) -> str:
    """The width of a row, in words."""
    return f"{WIDTHS[int(row) // SIDE]} neurons"


SWEEP_X = Range(
    name="sweep_x",
    label="decay and data",
    default=column_of(2, 3, 0),
    low=0,
    high=COLUMNS - 1,
    step=1,
    format=describe_column,
)
SWEEP_Y = Range(
    name="sweep_y",
    label="size",
    default=row_of(4, 0),
    low=0,
    high=ROWS - 1,
    step=1,
    format=describe_row,
)


def chosen(decay: int, size: int, width: int, seed: int = 0) -> str:
    """The query string of a network."""
    return f"sweep_x={column_of(decay, size, seed)}&sweep_y={row_of(width, seed)}"


@lru_cache(maxsize=1)
def _read() -> dict[str, np.ndarray]:
    """All networks: their place in the grid, what they have come to, and their accuracies."""
    names = ("column", "row", "outcome", "known", "fits", "train", "test")
    parts: dict[str, list] = {name: [] for name in names}
    for size, n_train in enumerate(SIZES):
        for width, neurons in enumerate(WIDTHS):
            curves = PARITY_SWEEP.last(n_train=n_train, width=neurons)
            networks = [(decay, seed) for decay in range(len(DECAYS)) for seed in range(N_SEEDS)]
            parts["column"] += [column_of(decay, size, seed) for decay, seed in networks]
            parts["row"] += [row_of(width, seed) for _, seed in networks]
            parts["outcome"] += outcomes(curves).tolist()
            parts["known"] += first_step(curves.test_accuracy, KNOWS).tolist()
            parts["fits"] += first_step(curves.train_accuracy, MEMORISED).tolist()
            parts["train"] += list(curves.train_accuracy.numpy())
            parts["test"] += list(curves.test_accuracy.numpy())
    return {name: np.array(values) for name, values in parts.items()}


def sweep() -> dict[str, np.ndarray]:
    """All networks of the sweep. Raises Missing if they cannot be read."""
    try:
        return _read()
    except CheckpointError as error:
        raise Missing(str(error)) from error


@figure(
    parameters=(SWEEP_X, SWEEP_Y),
    title="1,125 trainings",
    decimals=0,
    presets={
        "sweep-memorised": chosen(1, 0, 4),
        "sweep-grokked": chosen(2, 3, 4),
        "sweep-generalised": chosen(1, 4, 1),
        "sweep-neither": chosen(4, 3, 4),
    },
)
def sparse_parity_sweep(sweep_x, sweep_y):
    """What 1,125 networks have come to, and the training of one of them."""
    networks = sweep()
    at = int(np.flatnonzero((networks["column"] == sweep_x) & (networks["row"] == sweep_y))[0])
    decay, size = divmod(sweep_x // SIDE, len(SIZES))
    return {
        "column": sweep_x,
        "row": sweep_y,
        "decay": DECAYS[decay],
        "n_train": SIZES[size],
        "width": WIDTHS[sweep_y // SIDE],
        "outcome": OUTCOMES[networks["outcome"][at]],
        "fits": int(networks["fits"][at]),
        "known": int(networks["known"][at]),
        "training": {"step": np.array(STEPS), "train": networks["train"][at], "test": networks["test"][at]},
        "networks": {name: networks[name] for name in ("column", "row", "outcome")},
        "counts": {name: int((networks["outcome"] == index).sum()) for index, name in enumerate(OUTCOMES)},
        "by_decay": _by_decay(networks),
    }


def _by_decay(networks) -> dict[str, list[int]]:
    """How many networks have come to each outcome, for each decay."""
    decay = networks["column"] // (SIDE * len(SIZES))
    return {
        name: np.bincount(decay[networks["outcome"] == index], minlength=len(DECAYS)).tolist()
        for index, name in enumerate(OUTCOMES)
    }


@sparse_parity_sweep.draw
def sweep_picture(data):
    text = f"{describe_column(data['column'])}, {describe_row(data['row'])}: {NAMES[data['outcome']]}"
    state = {"sweep_x": (data["column"], SWEEP_X), "sweep_y": (data["row"], SWEEP_Y)}
    return HConcat((grid_plot(data, state, text), _training(data)), (1, 1), gap=0, stack_below=float("inf"))


def _training(data) -> Plot:
    """The accuracies of the chosen network."""
    training, last = data["training"], STEPS[-1]
    marks = (
        Line(training["step"], training["train"], "series-1", 2.4),
        Line(training["step"], training["test"], "series-2", 2.4, dash="7 4"),
        Label(last, 1.04, "training", "series-1-text", "end", dx=-114, dy=-14, size=12.5, bold=True),
        Label(last, 1.04, "new sequences", "series-2-text", "end", dy=-14, size=12.5, bold=True),
    )
    return Plot(
        marks,
        Axis("steps of the training in the ring", (0, last), ticks=(0, 500, 1000, 1500)),
        Axis("share right", (0.4, 1.04), ticks=(0.5, 0.75, 1), grid=True),
        ratio=0.26,
        heights=(170, 200),
        margins=(36, 22, 44, 40),
    )


@sparse_parity_sweep.invert_point
def grab_network(state, x, y):
    """The network nearest to a point."""
    return {
        "sweep_x": int(np.abs(place_x(np.arange(COLUMNS)) - x).argmin()),
        "sweep_y": int(np.abs(place_y(np.arange(ROWS)) - y).argmin()),
    }


@sparse_parity_sweep.values
def sweep_values(data):
    grokked = data["by_decay"]["grokked"]
    best = int(np.argmax(grokked))
    return data["counts"] | {
        "networks": f"{sum(data['counts'].values()):,}",
        "outcome": NAMES[data["outcome"]],
        "fits": data["fits"] if data["fits"] >= 0 else None,
        "known": data["known"] if data["known"] >= 0 else None,
        "grokked_at_small_decay": grokked[0],
        "grokked_at_best_decay": grokked[best],
        "best_decay": f"{DECAYS[best]:g}",
        "per_decay": sum(data["counts"].values()) // len(DECAYS),
    }


@sparse_parity_sweep.describe
def sweep_description(data):
    counts = data["counts"]
    end = {
        "grokked": (
            f"it knew its training set at step {data['fits']:,} and the rule at step {data['known']:,}"
        ),
        "generalised": f"it knew the rule at step {data['known']:,}, along with its training set",
        "memorised": f"it knew its training set at step {data['fits']:,}, and never the rule",
        "neither": "it learnt neither its training set nor the rule",
    }[data["outcome"]]
    return (
        f"Of {sum(counts.values()):,} networks {counts['grokked']} grokked, {counts['generalised']} knew the "
        f"rule at once, {counts['memorised']} only memorised and {counts['neither']} did "
        f"neither. The one in the "
        f"ring has {data['width']} neurons, {data['n_train']:,} sequences and decay {data['decay']:g}: {end}."
    )


@sparse_parity_sweep.value_text
def sweep_value_text(data):
    outcome = NAMES[data["outcome"]]
    return {
        "sweep_x": f"{describe_column(data['column'])}: {outcome}",
        "sweep_y": f"{describe_row(data['row'])}: {outcome}",
    }


@sparse_parity_sweep.table
def sweep_table(data):
    networks = sweep()
    group = networks["column"] // SIDE
    return {
        "decay": np.array(DECAYS)[group // len(SIZES)],
        "n_train": np.array(SIZES)[group % len(SIZES)],
        "neurons": np.array(WIDTHS)[networks["row"] // SIDE],
        "seed": networks["row"] % SIDE * SIDE + networks["column"] % SIDE,
        "outcome": np.array(OUTCOMES)[networks["outcome"]],
        "final_test_accuracy": networks["test"][:, -1],
    }
