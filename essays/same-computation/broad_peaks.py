"""How much noise the weights bear: survival curves of both tasks and the spectra of their curvature."""

import numpy as np

from infodecomp.explorable import Axis, DragHandle, HConcat, Highlight, Label, Line, Plot, Rect, figure

from .bets import BET_SURVIVORS
from .forty import ALL_BATCHES, BRIEF_SOURCE, KEEP, NETWORKS, NOISE, ROLES, TASK_NAMES, TASK_WORDS, own
from .peaks import KIND, LOG_LEVELS, spectrum, survival, survival_at

TICKS = (0.01, 0.03, 0.1, 0.3)
RANKS = np.arange(1, 33)
FLOOR = -4.0  # of the exponents of eigenvalues that are drawn


@figure(
    parameters=(NOISE, KIND, *own("shake", *NETWORKS), BET_SURVIVORS),
    title="Shake the weights",
    controls=("noise", "kind", "shake_batch"),
    decimals=2,
    collapsed=("shake_batch",),
    source=BRIEF_SOURCE + " Each share is of 200 noisy copies of a network.",
    presets={
        "shake-little": "noise=.02&kind=absolute&shake_architecture=relu-8&shake_cutoff=1e-5&shake_batch=1",
        "shake-some": "noise=.05&kind=absolute&shake_architecture=relu-8&shake_cutoff=1e-5&shake_batch=1",
        "shake-more": "noise=.1&kind=absolute&shake_architecture=relu-8&shake_cutoff=1e-5&shake_batch=1",
        "shake-relative": "noise=.1&kind=relative&shake_architecture=relu-8&shake_cutoff=1e-5&shake_batch=1",
        "shake-narrow": "noise=.05&kind=absolute&shake_architecture=relu-5&shake_cutoff=1e-5&shake_batch=1",
        "shake-tanh": "noise=.05&kind=absolute&shake_architecture=tanh-8&shake_cutoff=1e-5&shake_batch=1",
    },
)
def broad_peaks(noise, kind, shake_architecture, shake_cutoff, shake_batch, bet_survivors):
    """Survival of every network at all levels of noise, and the eigenvalues of its Gauss-Newton matrix."""
    networks = shake_architecture, shake_cutoff
    curves, curvature = survival(*networks, shake_batch, kind), spectrum(*networks, shake_batch)
    return {
        "noise": 10**noise,
        "exponent": noise,
        "kind": kind,
        "curves": curves,
        "batches": np.array([_task_curves(survival(*networks, one, kind)) for one in ALL_BATCHES]),
        "now": survival_at(curves, 10**noise),
        "eigenvalues": curvature.eigenvalues,
        "effective": curvature.effective,
        "curvature_bits": curvature.bits,
        "bet": bet_survivors / 100,
    }


def _task_curves(curves: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean survival of the networks of each task, (levels,) each."""
    return curves[:KEEP].mean(0), curves[KEEP:].mean(0)


@broad_peaks.draw
def peaks_picture(data):
    return HConcat((_survival(data), _spectra(data)), (1.25, 1), gap=22)


def many_lines(x: np.ndarray, rows: np.ndarray, role: str) -> Line:
    """Faint lines over the same x, as one path."""
    y = np.concatenate((rows, np.full((len(rows), 1), np.nan)), 1)
    return Line(np.tile(np.append(x, np.nan), len(rows)), y.ravel(), role, 1, opacity=0.28)


def _survival(data) -> Plot:
    """Survival of each network and the means of both tasks, over noise on a logarithmic axis.

    Dashed are the means of the other batches.
    """
    curves, at = np.asarray(data["curves"]), float(data["exponent"])
    parts = dict(zip(TASK_NAMES, (slice(KEEP), slice(KEEP, None)), strict=True))
    marks = [many_lines(LOG_LEVELS, curves[part], ROLES[task]) for task, part in parts.items()]
    for index, task in enumerate(TASK_NAMES):
        batches = data["batches"][:, index]
        marks += [
            Line(LOG_LEVELS, other, ROLES[task], 1.6, dash="3 3")
            for other in batches
            if not np.array_equal(other, curves[parts[task]].mean(0))
        ]
    marks += [Line(LOG_LEVELS, curves[part].mean(0), ROLES[task], 3) for task, part in parts.items()]
    marks += [_share_now(task, at, float(data["now"][part].mean())) for task, part in parts.items()]
    marks += [_name_of(task, curves[part].mean(0)) for task, part in parts.items()]
    marks.append(_noise_handle(at))
    unit = "share of each weight" if data["kind"] == "relative" else "standard deviation"
    return Plot(
        tuple(marks),
        noise_axis(f"noise, {unit}"),
        Axis("share of copies with all 32 answers right", (0, 1), count=4, grid=True),
        ratio=0.8,
        heights=(280, 330),
        margins=(30, 12, 44, 38),
    )


def noise_axis(title: str) -> Axis:
    """Levels of noise, logarithmic."""
    names = {float(np.log10(tick)): f"{tick:g}" for tick in TICKS}
    return Axis(title, (LOG_LEVELS[0], LOG_LEVELS[-1]), ticks=tuple(names), names=names)


def _noise_handle(at: float) -> DragHandle:
    return DragHandle(
        at,
        0,
        "Noise on the weights",
        state={"noise": (at, NOISE)},
        moves="noise",
        axis="x",
        per_unit=1,
        text=f"noise {10**at:.2f}",
        marks=(
            Line((at, at), (0, 1), "selection", 2),
            Rect(at - 0.035, -0.035, at + 0.035, 0.035, "selection", stroke="rim", radius=4),
        ),
    )


def _share_now(task: str, at: float, now: float) -> Highlight:
    """The share that survives at the chosen noise, beside the line of the handle."""
    left = task == "complex" and at > LOG_LEVELS[0] + 0.3 or at > LOG_LEVELS[-1] - 0.2
    high = 18 if task == "simple" or left else 36
    label = Label(
        at,
        now,
        f"{now:.2f}",
        f"{ROLES[task]}-text",
        "end" if left else "start",
        dx=-8 if left else 8,
        dy=high if now > 0.9 else -6,
        bold=True,
        halo=True,
    )
    return Highlight(task, (label,))


def _name_of(task: str, mean: np.ndarray) -> Label:
    """The name of a task beside its curve."""
    half = float(np.interp(-0.3, -np.minimum.accumulate(mean), LOG_LEVELS))
    left = task == "complex" or half > LOG_LEVELS[-1] - 0.5
    return Label(
        half,
        0.3,
        TASK_WORDS[task],
        f"{ROLES[task]}-text",
        "end" if left else "start",
        dx=-10 if left else 10,
        dy=4,
        size=12,
        bold=True,
        halo=True,
    )


def _spectra(data) -> Plot:
    exponents = np.log10(np.maximum(np.asarray(data["eigenvalues"])[:, : len(RANKS)], 10**FLOOR))
    ranks = RANKS[: exponents.shape[1]]
    top = float(np.ceil(exponents.max()))
    marks = []
    for task, rows in zip(TASK_NAMES, (exponents[:KEEP], exponents[KEEP:]), strict=True):
        marks.append(many_lines(ranks, rows, ROLES[task]))
        marks.append(Line(ranks, np.median(rows, 0), ROLES[task], 3))
    effective = effective_means(data)
    marks += [
        Label(
            32,
            top,
            f"{TASK_WORDS[task]}: {effective[task]:.1f} pinned down",
            f"{ROLES[task]}-text",
            "end",
            dy=2 + 16 * (task == "complex"),
            size=12,
            bold=True,
            halo=True,
            narrow=f"{TASK_WORDS[task]}: {effective[task]:.1f} pinned down",
        )
        for task in TASK_NAMES
    ]
    return Plot(
        tuple(marks),
        Axis("direction, the steepest first", (1, 32), ticks=(1, 8, 16, 24, 32)),
        Axis(
            "curvature, logarithmic",
            (FLOOR, top),
            ticks=tuple(range(int(FLOOR), int(top) + 1, 2)),
            names={float(e): f"{10.0**e:g}" for e in range(int(FLOOR), int(top) + 1, 2)},
            grid=True,
        ),
        ratio=0.95,
        heights=(280, 330),
        margins=(30, 8, 44, 46),
    )


def effective_means(data) -> dict[str, float]:
    """Effective parameters of each task, as means."""
    effective = np.asarray(data["effective"])
    return {"simple": float(effective[:KEEP].mean()), "complex": float(effective[KEEP:].mean())}


@broad_peaks.values
def peaks_values(data):
    now, bits, effective = data["now"], data["curvature_bits"], effective_means(data)
    spread = np.array([survival_at(one, data["noise"]) for one in data["batches"]])  # (batches, 2)
    return {
        "simple": float(now[:KEEP].mean()),
        "complex": float(now[KEEP:].mean()),
        "effective_simple": effective["simple"],
        "effective_complex": effective["complex"],
        "bits_simple": float(bits[:KEEP].mean()),
        "bits_complex": float(bits[KEEP:].mean()),
        "simple_low": float(spread[:, 0].min()),
        "simple_high": float(spread[:, 0].max()),
        "complex_low": float(spread[:, 1].min()),
        "complex_high": float(spread[:, 1].max()),
    }


@broad_peaks.describe
def peaks_description(data):
    numbers = peaks_values(data)
    return (
        f"At a noise of {data['noise']:.2f}, {numbers['simple']:.0%} of the copies that learnt the first bit "
        f"still answer everything right, and {numbers['complex']:.0%} of those that learnt a random table."
    )


@broad_peaks.value_text
def peaks_value_text(data):
    numbers = peaks_values(data)
    return {"noise": f"{data['noise']:.2f}: {numbers['simple']:.0%} and {numbers['complex']:.0%} survive"}


@broad_peaks.table
def peaks_table(data):
    curves = np.asarray(data["curves"])
    return {
        "noise": 10**LOG_LEVELS,
        "simple": curves[:KEEP].mean(0),
        "complex": curves[KEEP:].mean(0),
        "simple_worst": curves[:KEEP].min(0),
        "complex_best": curves[KEEP:].max(0),
    }
