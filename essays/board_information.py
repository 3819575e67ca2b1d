"""A board that is learnt live: what two trained messages cost and tell, beside what exact messages could."""

import numpy as np

import infodecomp
from infodecomp.explorable import Axis, Box, Columns, Dot, Dots, Label, Line, Pick, Plot, figure

from .boards import BOARD, PRESETS, RUNS, SEED, STEP, bits_at, board_plot, pairs, staircase
from .clouds import cloud_marks

EVERY = 10  # steps between two points of the way
LEARNT = 300  # the step from which the price rises
ROLES = ("town-a", "town-b")


@figure(parameters=(BOARD, SEED, STEP), title="A board learnt live", controls=("step", "board_seed", "board"), steps={
    f"board-{name.lower().replace('/', '-')}": f"board={board}" for name, board in PRESETS.items()})
def board_information(board, board_seed, step):
    """The trained code of a step with its way there, in true bits, and all pairs of partitions."""
    snapshot, found, front = RUNS.of(board, board_seed).at(step), pairs(board), staircase(board)
    steps = sorted({*range(0, step + 1, EVERY), step})
    bits_1, bits_2, information = np.transpose([bits_at(board, board_seed, at) for at in steps])
    codes = infodecomp.code_bits(snapshot.mean, snapshot.deviation)
    return {
        "board": board, "step": step, "beta": snapshot.beta,
        "way": {"step": steps, "bits_1": bits_1, "bits_2": bits_2, "total": bits_1 + bits_2, "information": information},
        "pairs": {"total": found.total.numpy(), "information": found.information.numpy()},
        "front": front,
        "mean": snapshot.mean.numpy(), "deviation": snapshot.deviation.numpy(), "guess": snapshot.guess.numpy(),
        "apart": infodecomp.distinguishability(snapshot.mean, snapshot.deviation).numpy(),
        "bound": codes.divergence.numpy(),
    }


@board_information.known
def reached(state):
    shipped = state["board"] == PRESETS["First"] and state["board_seed"] == 0
    return shipped or RUNS.reached(state["board"], state["board_seed"]) >= state["step"]


@board_information.reach
def go_on(state):
    RUNS.of(state["board"], state["board_seed"]).at(state["step"])


@board_information.draw
def picture(data):
    chances = BOARD.chances(data["board"])
    boards = Columns((board_plot(chances, "your board", data["board"]), board_plot(data["guess"], "as it is told")),
                     (1, 1), gap=16, stack_below=250)
    codes = Columns(tuple(_clouds(data, i) for i in (0, 1)), (1, 1), gap=16, stack_below=250)
    matrices = Columns(tuple(_matrix(data, i) for i in (0, 1)), (1, 1), gap=16, stack_below=250)
    side = Columns((boards, codes, matrices), (1, 1, 1), stack_below=float("inf"))
    return Columns((_plane(data), side), (1.15, 1), gap=26)


def _plane(data) -> Plot:
    way, front = data["way"], data["front"]
    steps = np.asarray(way["step"])
    top = max(float(data["pairs"]["information"].max()), 0.05)
    learning, eroding = steps <= LEARNT, steps >= LEARNT
    stairs_x = np.repeat([*front["total"], 4.0], 2)[1:]
    stairs_y = np.repeat(front["information"], 2)
    x, y = way["total"][-1], way["information"][-1]
    marks = [Dots(data["pairs"]["total"], data["pairs"]["information"], ("noise",), radius=2.4),
             Line(stairs_x[:len(stairs_y)], stairs_y, "best", 1.8),
             Line(way["total"][learning], way["information"][learning], "noise", 2.4)]
    if eroding.any():
        marks.append(Line(way["total"][eroding], way["information"][eroding], "yours", 3))
    marks += [Dot(x, y, "choice", 7, rim="rim"),
              Label(4, top, "best of the exact", "ink", "end", dy=-8, size=12, bold=True, halo=True),
              Label(4, 0, "grey: learning, green: eroding", "muted", "end", dy=-8, size=12, halo=True)]
    return Plot(tuple(marks), Axis("bits sent about row and column", (0, 4), ticks=(0, 1, 2, 3, 4)),
                Axis("bits learnt about the square", (0, top * 1.12), count=4, grid=True), ratio=0.9, heights=(280, 420),
                margins=(34, 12, 46, 46))


def _clouds(data, i: int) -> Plot:
    """The four clouds of one source on its line, each as high as it is dense."""
    mean, deviation = data["mean"][i], data["deviation"][i]
    height, marks, role = np.maximum(deviation, 0.02) ** -0.5, [], ROLES[i]
    for x in range(4):
        marks += cloud_marks(mean[x], deviation[x], height[x], (-4, 4), role, 0.16, 1.2)
    top = float(height.max())
    for level, x in enumerate(np.argsort(mean).tolist()):
        marks.append(Label(float(np.clip(mean[x], -3.8, 3.8)), 0, str(x + 1), f"{role}-text", "middle", dy=13 + 11 * (level % 2), size=12))
    name = ("row", "column")[i]
    bits = data["way"][f"bits_{i + 1}"][-1]
    marks.append(Label(-4, top, f"{name}: {bits:.2f} bits", f"{role}-text", dy=-8, size=12, bold=True))
    return Plot(tuple(marks), Axis(domain=(-4, 4), hidden=True), Axis(domain=(0, top), hidden=True), ratio=0.5, heights=(100, 120),
                margins=(24, 2, 28, 4))


def _matrix(data, i: int) -> Plot:
    """How far each two values of a source can be told apart."""
    apart = data["apart"][i]
    marks = [Box(c, 3 - r, c + 1, 4 - r, ROLES[i], opacity=0.05 + 0.95 * float(apart[r, c]), inset=1, radius=2)
             for r in range(4) for c in range(4)]
    marks += [Label(c + 0.5, 0, str(c + 1), "muted", "middle", dy=14, size=12) for c in range(4)]
    marks += [Label(0, 3.5 - r, str(r + 1), "muted", "end", dx=-5, dy=4, size=12) for r in range(4)]
    marks.append(Label(0, 4, f"{('rows', 'columns')[i]} told apart", "ink", dy=-7, size=12))
    return Plot(tuple(marks), Axis(domain=(0, 4), hidden=True), Axis(domain=(0, 4), hidden=True), ratio=0.75, heights=(110, 150),
                margins=(22, 2, 20, 18))


@board_information.values
def values(data):
    way = data["way"]
    return {"total": float(way["total"][-1]), "information": float(way["information"][-1]), "bits_1": float(way["bits_1"][-1]),
            "bits_2": float(way["bits_2"][-1]), "bound": float(data["bound"].sum()), "possible": _possible(data)}


def _possible(data) -> float:
    """What the best pair of partitions tells for at most the same bits."""
    front = data["front"]
    return float(front["information"][front["total"] <= data["way"]["total"][-1] + 1e-9].max())


@board_information.describe
def description(data):
    told = values_of(data)
    if data["step"] == 0:
        return "Nothing is learnt yet. The dots are all exact pairs of messages: where will the training end?"
    return (f"After {data['step']} steps the codes send {told['total']:.2f} bits and tell {told['information']:.2f}; exact messages tell "
            f"{told['possible']:.2f} for no more.")


def values_of(data) -> dict:
    return board_information.part("values", data)


@board_information.voice
def voice(data):
    told = values_of(data)
    return {"step": f"step {data['step']}: {told['total']:.2f} bits sent, {told['information']:.2f} learnt"}


@board_information.table
def table(data):
    return data["way"]


@figure(parameters=(BOARD,), title="Boards to try")
def board_presets(board):
    """Named boards, each a link."""
    return {"board": board, "presets": PRESETS}


@board_presets.draw
def presets_picture(data):
    picks = []
    for index, (name, board) in enumerate(data["presets"].items()):
        now = board == data["board"]
        cells = [Box(index + 0.2 + 0.15 * c, 0.98 - 0.17 * r, index + 0.35 + 0.15 * c, 1.15 - 0.17 * r, "yours", inset=0.6, radius=1,
                     opacity=0.08 + 0.9 * chance) for r, row in enumerate(BOARD.chances(board)) for c, chance in enumerate(row)]
        picks.append(Pick(f"board={board}", name, (Box(index, 0, index + 1, 1.3, "wash" if now else "paper", inset=2, radius=6,
                                                       stroke="ink" if now else "faint"),
                                                   *cells, Label(index + 0.5, 0.12, name, "ink", "middle", size=12, bold=now)), now))
    return Columns(tuple(Plot(tuple(three), Axis(domain=(low, low + 3), hidden=True), Axis(domain=(0, 1.3), hidden=True), ratio=0.3,
                              heights=(92, 104), margins=(2, 0, 2, 0)) for three, low in ((picks[:3], 0), (picks[3:], 3))), (1, 1), gap=0)


@board_presets.describe
def presets_description(data):
    name = next((name for name, board in data["presets"].items() if board == data["board"]), None)
    return f"Now: {name}." if name else "Now: a board of your own."
