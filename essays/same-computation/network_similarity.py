"""Measures of the similarity of networks: what each says of twins, relatives and strangers."""

import numpy as np

from infodecomp.explorable import Axis, Dot, HConcat, Label, Line, Plot, Rect, StateLink, figure
from infodecomp.representations.network_similarity import count_beaten

from .forty import ALL_BATCHES, BRIEF_SOURCE, KEEP, N_NETWORKS, NETWORKS, NOISE, TOLERANCE, own
from .similarity import MEASURE, MEASURES, STRETCH, all_similarities, disguises

ROWS = {
    "self": ("the network itself", "ink"),
    "permuted": ("its neurons reordered", "target"),
    "stretched": (f"one neuron in each layer × {STRETCH}", "target"),
    "within_simple": ("another that learnt the first bit", "series-1"),
    "within_complex": ("another that learnt the same table", "series-2"),
    "across": ("one that learnt something else", "noise"),
}

STORY = ("sim", "diagonal", "cka", "nmi")  # the measures that always have a row
HEADING = "of 40 networks, how many it gets wrong"
TESTS = {"self": "itself", "permuted": "reordered", "stretched": "stretched", "strangers": "strangers"}
COLUMNS = (0.38, 0.56, 0.74, 0.92)
OPENING = (
    "similarity_tolerance=-2&similarity_noise=-1.3&similarity_architecture=relu-8&similarity_cutoff=1e-5"
    "&similarity_batch=1"
)


@figure(
    parameters=(
        MEASURE,
        *own("similarity", TOLERANCE),
        *own("similarity", NOISE, label="noise on each layer"),
        *own("similarity", *NETWORKS),
    ),
    title="How similar are forty networks?",
    controls=("similarity_tolerance", "similarity_noise"),
    source=f"{BRIEF_SOURCE} A small dot is the mean of another batch of forty.",
    presets={f"measure-{name}": f"measure={name}&{OPENING}" for name in MEASURES},
)
def network_similarity(
    measure,
    similarity_tolerance,
    similarity_noise,
    similarity_architecture,
    similarity_cutoff,
    similarity_batch,
):
    """One measure between all pairs of networks, and between networks and their disguises."""
    networks, batch = (similarity_architecture, similarity_cutoff), similarity_batch
    ruler = similarity_tolerance, similarity_noise
    matrices = {one: all_similarities(measure, *networks, one, *ruler) for one in ALL_BATCHES}
    matrix = matrices[batch]
    return {
        "measure": measure,
        "wrong": {
            one: count_wrong(one, networks, batch, ruler)
            for one in MEASURES
            if one in STORY or one == measure
        },
        "matrix": matrix,
        "groups": _pairs(matrix) | disguises(measure, *networks, batch, *ruler),
        "others": [
            {name: float(values.mean()) for name, values in _pairs(matrices[one]).items()}
            for one in ALL_BATCHES
            if one != batch
        ],
        "beaten": count_beaten(-matrix if MEASURES[measure].is_distance else matrix),
    }


def _pairs(matrix: np.ndarray) -> dict[str, np.ndarray]:
    """The pairs of one network with itself, within each task and across."""
    other = ~np.eye(KEEP, dtype=bool)
    return {
        "self": np.diagonal(matrix),
        "within_simple": matrix[:KEEP, :KEEP][other],
        "within_complex": matrix[KEEP:, KEEP:][other],
        "across": matrix[:KEEP, KEEP:].ravel(),
    }


def count_wrong(
    measure: str, networks: tuple[str, str], batch: int, ruler: tuple[float, float]
) -> dict[str, int]:
    """Of forty networks, those for which a measure fails each test.

    The first three: another network is nearer than the network itself, than itself with its neurons
    reordered, than itself with one neuron in each layer stretched. The last: the nearest other network has
    learnt something else.
    """
    sign = -1 if MEASURES[measure].is_distance else 1
    closeness = sign * all_similarities(measure, *networks, batch, *ruler)
    own = np.diagonal(closeness).copy()
    np.fill_diagonal(closeness, -np.inf)
    nearest, task = closeness.max(1), np.arange(N_NETWORKS) // KEEP
    found = {"self": own} | {
        name: sign * values for name, values in disguises(measure, *networks, batch, *ruler).items()
    }
    wrong = {name: int((nearest > values + 1e-9).sum()) for name, values in found.items()}
    return wrong | {"strangers": int((task[closeness.argmax(1)] != task).sum())}


@network_similarity.draw
def similarity_picture(data):
    return HConcat((_tests(data), _groups(data)), (1.2, 1), gap=24)


def _tests(data) -> Plot:
    """A row for each measure, and in each column the networks for which it fails a test."""
    n = len(data["wrong"])
    marks = [Label(0, n + 1, HEADING, "ink", dy=-6, size=12, bold=True)]
    marks += [
        Label(x, n, words, "muted", "middle", dy=-10, size=12) for x, words in zip(COLUMNS, TESTS.values())
    ]
    for row, (measure, wrong) in enumerate(data["wrong"].items()):
        y, chosen = n - row - 0.5, measure == data["measure"]
        name = Label(0.01, y, MEASURE.options[measure], "ink", dy=5, bold=chosen, size=13)
        cells = [
            Label(
                x,
                y,
                f"{wrong[test]} wrong" if wrong[test] else "✓",
                "series-2-text" if wrong[test] else "target-text",
                "middle",
                dy=5,
                size=13,
                bold=True,
                narrow=str(wrong[test] or "✓"),
            )
            for x, test in zip(COLUMNS, TESTS, strict=True)
        ]
        frame = Rect(
            0, y - 0.44, 1, y + 0.44, "faint" if chosen else "", opacity=0.6, stroke="noise", radius=4
        )
        words = f"{MEASURE.options[measure]}; press to see its numbers"
        marks.append(StateLink(f"measure={measure}", words, (frame, name, *cells), chosen=chosen))
    return Plot(
        tuple(marks),
        Axis(domain=(0, 1), hidden=True),
        Axis(domain=(0, n + 1), hidden=True),
        heights=(52 + 44 * n,) * 2,
        margins=(20, 4, 8, 2),
    )


def _groups(data) -> Plot:
    """For each kind of pair its mean and the range of nine tenths; below it the means of other batches."""
    groups, measure = data["groups"], MEASURES[data["measure"]]
    largest = max(float(np.max(values)) for values in groups.values())
    high = max(1.0, largest * 1.05) if measure.is_distance else 1.0
    marks = []
    for row, (name, (words, role)) in enumerate(ROWS.items()):
        y, values = len(ROWS) - row - 0.72, np.asarray(groups[name])
        low, up = np.quantile(values, (0.05, 0.95))
        mean = float(values.mean())
        text = {"noise": "muted", "ink": "ink"}.get(role, f"{role}-text")
        marks += [
            Line((0, high), (y, y), "faint", 1),
            Line((low, up), (y, y), role, 5, opacity=0.5),
            Dot(mean, y, role, 5),
            *(Dot(one[name], y - 0.2, role, 2.6) for one in data["others"] if name in one),
            Label(0, y, words, text, dy=-9, size=12),
            Label(high, y, f"{mean:.2f}", text, "end", dy=-9, size=12, bold=True),
        ]
    return Plot(
        tuple(marks),
        Axis(f"{measure.name}: {'0' if measure.is_distance else '1'} between equals", (0, high), count=5),
        Axis(domain=(0, len(ROWS)), hidden=True),
        heights=(300, 340),
        margins=(4, 12, 44, 8),
    )


@network_similarity.values
def similarity_values(data):
    return {name: float(np.mean(values)) for name, values in data["groups"].items()} | {
        "beaten": data["beaten"],
        **{f"wrong_{test}": wrong for test, wrong in data["wrong"][data["measure"]].items()},
    }


@network_similarity.describe
def similarity_description(data):
    means, measure = similarity_values(data), MEASURES[data["measure"]]
    name = f"{measure.name} ({measure.meaning})" if measure.meaning else measure.name
    return (
        f"{name[0].upper() + name[1:]}: {means['self']:.2f} with itself, {means['stretched']:.2f} when "
        f"stretched; {means['within_simple']:.2f} and {means['within_complex']:.2f} within the tasks, "
        f"{means['across']:.2f} across."
    )


@network_similarity.value_text
def similarity_value_text(data):
    means = similarity_values(data)
    words = f"across tasks {means['across']:.2f}, {data['beaten']} of 40 beaten"
    return {"measure": f"{MEASURES[data['measure']].name}; {words}"}


@network_similarity.table
def similarity_table(data):
    row, column = np.indices((N_NETWORKS, N_NETWORKS))
    return {"a": column.ravel() + 1, "b": row.ravel() + 1, "similarity": np.asarray(data["matrix"]).ravel()}
