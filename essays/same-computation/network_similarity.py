"""Eight measures of the similarity of networks: what each says of twins, relatives and strangers."""

import numpy as np

from infodecomp.explorable import Axis, Dot, Dots, HConcat, Label, Line, Plot, Raster, Rect, figure
from infodecomp.representations.network_similarity import count_beaten

from .forty import ALL_BATCHES, KEEP, N_NETWORKS, NETWORKS, NOISE, SOURCE, TASK_WORDS, TOLERANCE, own
from .similarity import MEASURE, MEASURES, STRETCH, all_similarities, disguises

ROWS = {
    "self": ("the network itself", "ink"),
    "permuted": ("its neurons reordered", "target"),
    "stretched": (f"one neuron in each layer × {STRETCH}", "target"),
    "within_simple": ("another that learnt the first bit", "series-1"),
    "within_complex": ("another that learnt the same table", "series-2"),
    "across": ("one that learnt something else", "noise"),
}

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
    controls=("measure", "similarity_tolerance", "similarity_noise"),
    source=f"{SOURCE} A small dot is the mean of another batch of forty.",
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


@network_similarity.draw
def similarity_picture(data):
    return HConcat((_matrix(data), _groups(data)), (1, 1.15), gap=20)


def _matrix(data) -> Plot:
    n, matrix = N_NETWORKS, np.asarray(data["matrix"])
    is_distance = MEASURES[data["measure"]].is_distance
    low, high = float(matrix.min()), float(matrix.max())
    shade = (matrix - low) / max(high - low, 1e-9)
    shade = 1 - shade if is_distance else shade
    beaten = _beaten_by(matrix, is_distance)
    rows = np.flatnonzero(beaten >= 0)
    marks = [
        Raster(0, 0, n, n, shade, "target"),
        Line((0, n), (KEEP, KEEP), "paper", 2),
        Line((KEEP, KEEP), (0, n), "paper", 2),
        Rect(0, 0, n, n, "", stroke="noise"),
        Line((0, n), (n, 0), "ink", 1, dash="2 4"),
        *(
            Label(at, n, words, role, "middle", dy=-7, size=12, bold=True)
            for at, words, role in (
                (KEEP / 2, TASK_WORDS["simple"], "series-1-text"),
                (KEEP * 1.5, TASK_WORDS["complex"], "series-2-text"),
            )
        ),
        Label(0, 0, f"{high if not is_distance else low:.2f}: strongest green", "muted", dy=18, size=12),
    ]
    if len(rows):
        marks.append(Dots(beaten[rows] + 0.5, n - rows - 0.5, ("ink",), radius=1.6))
        marks.append(Label(n, 0, "dot: nearer than itself", "ink", "end", dy=18, size=12))
    return Plot(
        tuple(marks),
        Axis(domain=(0, n), hidden=True),
        Axis(domain=(0, n), hidden=True),
        ratio=1.12,
        heights=(260, 340),
        margins=(26, 4, 26, 4),
    )


def _beaten_by(matrix: np.ndarray, is_distance: bool) -> np.ndarray:
    """Of each network the other one that is most similar to it, if that is more than itself; else -1."""
    closer = (-matrix if is_distance else matrix).copy()
    own = np.diagonal(closer).copy()
    np.fill_diagonal(closer, -np.inf)
    return np.where(closer.max(1) > own + 1e-9, closer.argmax(1), -1)


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
        "beaten": data["beaten"]
    }


@network_similarity.describe
def similarity_description(data):
    means, measure = similarity_values(data), MEASURES[data["measure"]]
    name = f"{measure.name} ({measure.meaning})" if measure.meaning else measure.name
    beaten = (
        "no network is closer to another than to itself"
        if not data["beaten"]
        else f"{data['beaten']} of 40 networks are closer to another than to themselves"
    )
    return (
        f"{name[0].upper() + name[1:]}: {means['self']:.2f} with itself, {means['within_simple']:.2f} and "
        f"{means['within_complex']:.2f} within the tasks, {means['across']:.2f} across; {beaten}."
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
