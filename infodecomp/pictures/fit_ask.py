"""Ask a fit about a row of one's choice: what it predicts, and which rows and values look the same to it."""

from typing import Any

import numpy as np

from infodecomp.explorable import (
    Axis,
    Bars,
    Figure,
    HConcat,
    Label,
    Line,
    Plot,
    Range,
    Rect,
    figure,
    key_number,
)
from infodecomp.explorable.figures.parameters import Parameter
from infodecomp.explorable.graphics.marks import Mark
from infodecomp.pictures.labels import fit_text
from infodecomp.pictures.shown_fit import SILENT, NumberedChoice, ShownFit, brief, keyed
from infodecomp.pictures.tracks import Track, tracks_plot, value_at

MOST_ASKED = 16  # columns
MOST_OPTIONS = 4  # values that are pressed one by one; more are on a slider
MOST_CLASSES = 10
FEW = 20  # rows: a smaller number is not shown, since each row counts only in part
LEFT, NAME, VALUE = 118, 102, 102  # pixels: the margin beside the tracks, and the texts in it
WIDE_TRACK, NARROW_TRACK = 440, 160  # pixels, about
BINS = 40
ENDS = (0.005, 0.995)  # quantiles of the target between which the axis lies
BAR = 26  # pixels: the height of a bar


def ask_figure(shown: ShownFit) -> Figure:
    """The figure that predicts a row to fill in."""
    asked = _columns_to_ask(shown)
    opening = _opening_row(shown)
    parameters = {column: _parameter(shown, column, int(opening[column])) for column in asked}
    bins = _bins(shown) if shown.is_regression else None

    @figure(
        parameters=(shown.bits, *parameters.values()),
        title=f"Ask about {shown.target} of a row of your own",
        controls=("bits",),
        decimals=2,
        source=shown.source,
    )
    def ask(bits, **values):
        """Predictions of one row over many messages, and the real rows and values that look the same."""
        levels = opening.copy()
        for column, parameter in parameters.items():
            levels[column] = int(values[parameter.name])
        budget = shown.within(bits)
        predictions = shown.fit.predictions(budget, levels)
        weight = shown.fit.likeness(budget, levels)
        scale = shown.fit.n_rows / max(len(weight), 1)
        data = {
            "bits": bits,
            "levels": levels.tolist(),
            "spent": shown.spent(bits),
            "alike": [shown.fit.overlap(column, budget, int(levels[column])) for column in asked],
            "similar": float(weight.sum() * scale),
        }
        if bins is None:
            return data | _class_shares(shown, predictions, weight)
        return data | _histograms(shown, predictions, weight, bins)

    @ask.draw
    def picture(data):
        upper = _distribution(shown, data) if shown.is_regression else _bars(shown, data)
        return HConcat((upper, _rows(shown, data, parameters)), (1, 1), stack_below=float("inf"))

    @ask.invert_point
    def value_under(state, x, y):
        """The value at a point of a track."""
        return value_at([(parameter, parameter.values()) for parameter in parameters.values()], x, y)

    @ask.values
    def values(data):
        names = ("believed", "low", "high", "similar") if shown.is_regression else ("similar",)
        return {name: data[name] for name in names}

    @ask.describe
    def description(data):
        start = f"From {shown.bits_text(data['bits'])} about this row"
        noise = "The noise in the messages moves that between"
        if shown.is_regression:
            expected = key_number(keyed(shown.amount(data["believed"])), "selection")
            ends = f"{shown.amount(data['low'])} and {shown.amount(data['high'])}"
            return f"{start} you would expect {expected}. {noise} {ends}."
        best = int(np.argmax(data["probabilities"]))
        name = key_number(
            keyed(f"{brief(shown.classes[best])}, {data['probabilities'][best]:.0%}"), "selection"
        )
        low, high = (100 * data[end][best] for end in ("lows", "highs"))
        ends = f" {noise} {low:.0f}% and {high:.0f}%." if round(low) < round(high) else ""
        return f"{start} you would expect {name}.{ends}"

    @ask.value_text
    def value_text(data):
        texts = {
            parameter.name: shown.columns[column].levels[data["levels"][column]]
            for column, parameter in parameters.items()
        }
        return {"bits": shown.bits_text(data["bits"])} | texts

    @ask.table
    def table(data):
        return {
            "column": [shown.columns[column].name for column in asked],
            "value": [shown.columns[column].levels[data["levels"][column]] for column in asked],
            "bits": [data["spent"][column] for column in asked],
        }

    return ask


def _columns_to_ask(shown: ShownFit) -> list[int]:
    """The leading columns: those that get bits at some budget, and one at least; first those that get them
    at the smallest."""
    plane = shown.fit.plane
    means = np.trapezoid(plane.features.clip(0), plane.ascending_bits, axis=0)
    ranked = np.argsort(-means, kind="stable").tolist()
    used = [column for column in ranked if plane.features[:, column].max() >= SILENT][:MOST_ASKED]
    entry = {column: plane.bits[plane.features[:, column] >= SILENT].min() for column in used}
    return sorted(used, key=entry.__getitem__) or ranked[:1]


def _opening_row(shown: ShownFit) -> np.ndarray:
    """The levels of a row of the table: one with the middle number, or of the most frequent class."""
    y = shown.fit.y
    if shown.is_regression:
        row = int(np.argsort(y, kind="stable")[len(y) // 2])
    else:
        row = int(np.flatnonzero(y == np.bincount(y.astype(int)).argmax())[0])
    return shown.fit.levels[:, row].clip(0).astype(np.int64)


def _parameter(shown: ShownFit, column: int, default: int) -> Parameter:
    """The value of a column: its levels by number, in their order."""
    name, texts = shown.columns[column].name, shown.columns[column].levels
    query = f"ask_{column + 1}"
    if len(texts) <= MOST_OPTIONS and not shown.columns[column].is_ordered:
        options = {str(level): text for level, text in enumerate(texts)}
        return NumberedChoice(name=query, label=name, default=str(default), options=options)
    return Range(
        name=query,
        label=name,
        default=default,
        low=0,
        high=len(texts) - 1,
        step=1,
        role="selection",
        format=lambda level: texts[int(level)],
    )


def _bins(shown: ShownFit) -> np.ndarray:
    """Edges of bins of the target, at round numbers."""
    low, high = np.quantile(shown.fit.y, ENDS)
    rough = max(float(high - low), 1e-9) / BINS
    power = 10.0 ** np.floor(np.log10(rough))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= rough * 0.99)
    return np.arange(np.floor(low / step), np.ceil(high / step) + 1.5) * step


def _histograms(shown: ShownFit, predictions: np.ndarray, weight: np.ndarray, bins: np.ndarray) -> dict:
    low, middle, high = np.quantile(predictions, (0.1, 0.5, 0.9)).tolist()
    ends = bins[0], bins[-1] - 1e-9 * (bins[-1] - bins[0])
    guess, _ = np.histogram(predictions.clip(*ends), bins)
    real, _ = np.histogram(shown.fit.y.clip(*ends), bins, weights=weight)
    return {
        "low": low,
        "believed": middle,
        "high": high,
        "beliefs": {
            "from": bins[:-1],
            "to": bins[1:],
            "believed": guess / len(predictions),
            "real": real / max(weight.sum(), 1e-300),
        },
    }


def _class_shares(shown: ShownFit, predictions: np.ndarray, weight: np.ndarray) -> dict:
    n = len(shown.classes)
    real = np.bincount(shown.fit.y.astype(int), weights=weight, minlength=n)
    low, high = np.quantile(predictions, (0.1, 0.9), axis=0)
    return {
        "probabilities": predictions.mean(0),
        "lows": low,
        "highs": high,
        "real": real / max(weight.sum(), 1e-300),
    }


def _similar_text(shown: ShownFit, data: dict[str, Any], narrow: bool = False) -> str:
    n = data["similar"]
    if n < 0.5:
        return "no row of the table looks like it"
    if n < FEW:  # each of them counts as far as it looks the same, so that their number is a sum of parts
        return "a few rows like it" if narrow else "the few rows that look much the same"
    about = "about " if len(shown.fit.y) < shown.fit.n_rows else ""
    return f"{about}{n:,.0f} rows like it" if narrow else f"the {about}{n:,.0f} rows that look the same"


def _distribution(shown: ShownFit, data: dict[str, Any]) -> Plot:
    """Predictions over many messages, and outlined the targets of the rows that look the same."""
    columns, few = data["beliefs"], data["similar"] < 0.5
    bins = np.append(columns["from"], columns["to"][-1])
    predicted, real = columns["believed"], columns["real"] * (not few)
    top = max(predicted.max(), real.max(), 1e-9)
    factor, unit = shown.scaled_axis(float(np.abs(bins).max()))
    edges, first, last = np.repeat(bins, 2) / factor, bins[0] / factor, bins[-1] / factor
    outline = np.concatenate(([0.0], np.repeat(real / top, 2), [0.0]))
    middle = min(max(data["believed"] / factor, first), last)
    marks: list[Mark | None] = [
        Bars(bins[:-1] / factor, bins[1:] / factor, predicted / top, "selection"),
        None if few else Line(edges, outline, "ink", 1.5),
        Line((middle, middle), (0, 1.06), "selection-text", 1.6, dash="3 3"),
        *_heading(
            first,
            1,
            f"predicted: {shown.amount(data['believed'])}",
            f"{shown.amount(data['low'])} to {shown.amount(data['high'])} in 80% of messages",
            (_similar_text(shown, data), _similar_text(shown, data, narrow=True)),
        ),
    ]
    name = shown.target if not unit else f"{fit_text(shown.target, 200)}, {unit}"
    return Plot(
        tuple(marks),
        Axis(fit_text(name, 300), (first, last), count=4),
        Axis(domain=(0, 1), hidden=True),
        heights=(220, 220),
        margins=(70, 24, 46, 12),
    )


def _heading(
    x: float, y: float, first: str, second: str, similar: tuple[str, str], dx: float = 0
) -> list[Mark]:
    """Three lines above a plane: what is predicted, within which bounds, and what is outlined."""
    wide, narrow = similar
    return [
        Label(x, y, first, "selection-text", dx=dx, dy=-50, bold=True, size=15),
        Label(x, y, second, "muted", dx=dx, dy=-32, size=12.5),
        Label(x, y, f"outlined: {wide}", "ink", dx=dx, dy=-16, size=12.5, narrow=f"outlined: {narrow}"),
    ]


def _bars(shown: ShownFit, data: dict[str, Any]) -> Plot:
    """The probability of each class, and outlined its share of the rows that look the same."""
    classes, few = shown.classes, data["similar"] < 0.5
    frequent = np.bincount(shown.fit.y.astype(int), minlength=len(classes))
    kept = np.sort(np.argsort(-frequent, kind="stable")[:MOST_CLASSES]).tolist()
    best = int(np.argmax(data["probabilities"]))
    if best not in kept:
        kept = [*kept[:-1], best]
    rest = sorted(set(range(len(classes))) - set(kept))
    rows = [(classes[i], *(float(data[name][i]) for name in ("probabilities", "real"))) for i in kept]
    if rest:
        sums = (float(data[name][rest].sum()) for name in ("probabilities", "real"))
        rows.append((f"{len(rest)} other classes", *sums))
    marks: list[Mark | None] = []
    for i, (name, probability, real) in enumerate(rows):
        top, bottom = -i - 0.14, -i - 0.86
        middle, chosen = (top + bottom) / 2, name == classes[best]
        marks += [
            Rect(0, bottom, 1, top, "wash", radius=3),
            Rect(0, bottom, probability, top, "selection", radius=2) if probability > 0.002 else None,
            None if few or real < 0.004 else Rect(0, bottom, real, top, "", stroke="ink", stroke_width=1.4),
            Label(
                0,
                middle,
                fit_text(name, NAME),
                "selection-text" if chosen else "ink",
                "end",
                dx=-9,
                dy=4,
                size=12.5,
                bold=chosen,
            ),
            Label(1, middle, f"{probability:.0%}", "ink", dx=9, dy=4, size=12.5, bold=chosen),
        ]
    low, high = (100 * data[end][best] for end in ("lows", "highs"))
    share = "" if few else "its share of "
    marks += _heading(
        0,
        0,
        f"predicted: {fit_text(classes[best], 190, 15)}",
        f"{low:.0f}% to {high:.0f}% in 80% of messages",
        (share + _similar_text(shown, data), share + _similar_text(shown, data, narrow=True)),
        dx=9 - LEFT,
    )
    height = len(rows) * BAR + 88
    return Plot(
        tuple(marks),
        Axis(domain=(0, 1), hidden=True),
        Axis(domain=(-len(rows), 0), hidden=True),
        heights=(height, height),
        margins=(70, 62, 18, LEFT),
        least_plane=len(rows) * 18,
    )


def _rows(shown: ShownFit, data: dict[str, Any], parameters: dict[int, Parameter]) -> Plot:
    """The columns, each as a track of its possible values."""
    tracks = [
        _track(shown, data, column, parameter, alike)
        for (column, parameter), alike in zip(parameters.items(), data["alike"])
    ]
    used, n = int((data["spent"] >= SILENT).sum()), len(shown.columns)
    here = f", {len(tracks)} here" if len(tracks) < used else ""
    return tracks_plot(tracks, f"asked: {used} of {n} column{'s' * (n > 1)}{here}", LEFT)


def _track(
    shown: ShownFit, data: dict[str, Any], column: int, parameter: Parameter, alike: np.ndarray
) -> Track:
    name, texts = shown.columns[column].name, shown.columns[column].levels
    level, bits = data["levels"][column], float(data["spent"][column])
    n = len(texts)
    is_choice = parameter.is_categorical
    return Track(
        parameter,
        parameter.values(),
        str(level) if is_choice else level,
        alike,
        bits,
        bits >= SILENT,
        fit_text(name, NAME),
        fit_text(texts[level], VALUE),
        [fit_text(text, WIDE_TRACK / n - 8, 12) for text in texts] if is_choice else (),
        [fit_text(text, NARROW_TRACK / n - 6, 12) for text in texts] if is_choice else (),
        name,
        texts if is_choice else (),
    )
