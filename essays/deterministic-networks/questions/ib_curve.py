"""The information bottleneck and the deterministic one, on a joint distribution that the reader edits."""

from functools import lru_cache

import numpy as np

import infodecomp
from infodecomp.explorable import (
    Axis,
    CellGrid,
    Choice,
    Dot,
    DragHandle,
    HConcat,
    Heatmap,
    Label,
    Line,
    Plot,
    Range,
    Rect,
    StateLink,
    figure,
)
from infodecomp.information.bottleneck_curve import BottleneckCurve, bottleneck_curve

SIDE = 5
JOINTS = {
    "ib-noisy": "1r000r1s000s1w000w1x000x1",
    "ib-function": "1000010000010000100000010",
    "ib-blocks": "1v0001v000001v0001v000001",
}
JOINT = CellGrid(name="joint", label="p(x, y) by rows, up to a factor", side=SIDE, default=JOINTS["ib-noisy"])
BETA = Range(name="beta", label="\u03b2", default=3, low=0.5, high=12, step=0.1, role="selection")
KIND = Choice(
    name="kind",
    label="Pay for",
    default="ib",
    options={"ib": "information, I(X;T)", "dib": "entropy, H(T)"},
)
BETAS = np.geomspace(1.1, 12, 12)
FLOOR = 0.004  # weight of an empty cell, so that every joint is a distribution


@figure(
    parameters=(JOINT, KIND, BETA),
    title="How much, for how much?",
    controls=("kind", "beta"),
    decimals=2,
    presets={name: f"joint={text}" for name, text in JOINTS.items()}
    | {"ib-soft": "kind=ib", "ib-hard": "kind=dib", "ib-cheap": "beta=1.4", "ib-dear": "beta=8"},
)
def ib_curve(joint, kind, beta):
    """Both bottleneck curves of a joint of five x and five y, and the encoder of one beta."""
    p = distribution(joint)
    found = {name: _curve(joint, name) for name in KIND.options}
    here = _solution(joint, kind, beta)
    return {
        "joint": joint,
        "p": p,
        "kind": kind,
        "beta": beta,
        "i_xt": float(here.i_xt[0]),
        "i_ty": float(here.i_ty[0]),
        "h_t": float(here.h_t[0]),
        "available": infodecomp.mutual_information(p).item(),
        "h_x": infodecomp.entropy(p.sum(1)).item(),
        "encoder": _ordered(here.encoder[0].numpy()),
        "curves": {
            name: {"cost": _with_origin(curve.i_xt), "information": _with_origin(curve.i_ty)}
            for name, curve in found.items()
        },
    }


def distribution(joint: str) -> np.ndarray:
    """p(x, y): the cells, normalised."""
    cells = np.array(JOINT.probabilities(joint)) + FLOOR * (0 if "1" in joint else 1)
    if not cells.sum():
        cells = np.ones_like(cells)
    return cells / cells.sum()


@lru_cache(maxsize=64)
def _curve(joint: str, kind: str) -> BottleneckCurve:
    return bottleneck_curve(distribution(joint), BETAS, kind, starts=0, iterations=60)


@lru_cache(maxsize=256)
def _solution(joint: str, kind: str, beta: float) -> BottleneckCurve:
    return bottleneck_curve(distribution(joint), [beta], kind, starts=4, iterations=150)


def _with_origin(values) -> np.ndarray:
    return np.concatenate([[0.0], np.sort(values.numpy())])


def _ordered(encoder: np.ndarray) -> np.ndarray:
    """Only the symbols that are used, in the order of the x that they stand for."""
    used = encoder.max(0) > 1e-3
    columns = encoder[:, used]
    return columns[:, np.argsort(columns.argmax(0), kind="stable")]


@ib_curve.draw
def picture(data):
    left = HConcat((_joint(data), _encoder(data)), (1.2, 1), gap=16, stack_below=240)
    return HConcat((left, _plane(data)), (1, 1.1), gap=28)


def _joint(data) -> Plot:
    text = data["joint"]
    shade = data["p"] / data["p"].max()
    marks: list = [Label(0, SIDE, "press a cell", "muted", dy=-8, size=12)]
    for index in range(SIDE**2):
        row, column = divmod(index, SIDE)
        weight = JOINT.probabilities(text)[row][column]
        box = Rect(
            column,
            SIDE - 1 - row,
            column + 1,
            SIDE - row,
            "target",
            opacity=0.05 + 0.9 * float(shade[row, column]),
            inset=1.5,
            radius=3,
            stroke="noise",
        )
        marks.append(
            StateLink(
                f"joint={JOINT.toggled(text, index)}",
                f"x {row + 1}, y {column + 1}: weight {weight:.1f}; press to change",
                (box,),
            )
        )
    marks += [
        Label(0, SIDE - 0.5 - k, f"x{k + 1}", "muted", "end", dx=-4, dy=4, size=12) for k in range(SIDE)
    ]
    marks += [Label(k + 0.5, 0, f"y{k + 1}", "muted", "middle", dy=15, size=12) for k in range(SIDE)]
    return Plot(
        tuple(marks),
        Axis(domain=(0, SIDE), hidden=True),
        Axis(domain=(0, SIDE), hidden=True),
        ratio=1.12,
        heights=(170, 230),
        margins=(26, 2, 22, 24),
    )


def _encoder(data) -> Plot:
    """q(t|x): which symbol each x is sent as."""
    encoder = data["encoder"]
    n = encoder.shape[1]
    return Plot(
        (
            Heatmap(0, 0, n, SIDE, encoder * 0.95, "series-1", 20, gap=3),
            Label(0, SIDE, "sent as", "muted", dy=-8, size=12),
            *(Label(k + 0.5, 0, f"t{k + 1}", "muted", "middle", dy=15, size=12) for k in range(n)),
        ),
        Axis(domain=(0, SIDE), hidden=True),
        Axis(domain=(0, SIDE), hidden=True),
        ratio=1.3,
        heights=(170, 230),
        margins=(26, 2, 22, 4),
    )


def _plane(data) -> Plot:
    curves, available = data["curves"], data["available"]
    top, right = max(available * 1.14, 0.1), max(data["h_x"] * 1.05, 0.1)
    x, y = data["i_xt"], data["i_ty"]
    handle = DragHandle(
        x,
        y,
        "Beta: a point of the curve",
        state={"beta": (data["beta"], BETA)},
        keys=("beta",),
        text=f"beta {data['beta']:.1f}: {x:.2f} bits about x, {y:.2f} about y",
        marks=(Dot(x, y, "selection", 7.5, rim="rim"),),
    )
    late = x > right * 0.72  # no room for its label on the right
    hard = curves["dib"]
    return Plot(
        (
            Line((0, available), (0, available), "noise", 1.2, dash="2 4"),
            Label(available * 0.62, available * 0.62, "a bit for a bit", "muted", "end", dx=-8, size=12),
            Line((0, right), (available, available), "noise", 1.2, dash="6 4"),
            Label(0, available, f"all there is: {available:.2f}", "muted", dx=4, dy=-6, size=12),
            Line(curves["ib"]["cost"], curves["ib"]["information"], "series-1", 2.6),
            Line(hard["cost"], hard["information"], "series-2", 1.4, dash="3 3"),
            *(
                Dot(cost, information, "series-2", 4)
                for cost, information in sorted(set(zip(hard["cost"].round(4), hard["information"].round(4))))
            ),
            handle,
            Label(
                x,
                y,
                f"{y:.2f} for {x:.2f}",
                "selection-text",
                "end" if late else "start",
                dx=-6 if late else 12,
                dy=26 if late else 18,
                bold=True,
                halo=True,
            ),
            Label(right, top * 0.16, "line: soft encoders", "series-1-text", "end", size=12, bold=True),
            Label(right, top * 0.06, "dots: exact ones", "series-2-text", "end", size=12, bold=True),
        ),
        Axis("bits about x, I(X;T)", (0, right), count=4),
        Axis("bits about y, I(T;Y)", (0, top), count=4, grid=True),
        ratio=0.9,
        heights=(250, 310),
        margins=(34, 12, 44, 36),
        grab=True,
    )


@ib_curve.invert_point
def grab_beta(state, x, y):
    """The beta of the point of the curve that is nearest in cost."""
    found = _curve(state["joint"], state["kind"])
    return {"beta": BETA.snap(float(BETAS[int(np.abs(found.i_xt.numpy() - x).argmin())]))}


@ib_curve.values
def values(data):
    names = ("i_xt", "i_ty", "h_t", "available", "beta")
    return {name: data[name] for name in names}


@ib_curve.describe
def describe(data):
    cost = "entropy" if data["kind"] == "dib" else "information"
    amount = data["h_t"] if data["kind"] == "dib" else data["i_xt"]
    return (
        f"At \u03b2 = {data['beta']:.1f} the best encoder pays {amount:.2f} bits of {cost} for "
        f"{data['i_ty']:.2f} of the {data['available']:.2f} bits about y."
    )


@ib_curve.table
def table(data):
    kinds = data["curves"]
    n = len(kinds["ib"]["cost"])
    return {
        "kind": [name for name in kinds for _ in range(n)],
        "i_xt": np.concatenate([curve["cost"] for curve in kinds.values()]),
        "i_ty": np.concatenate([curve["information"] for curve in kinds.values()]),
    }
