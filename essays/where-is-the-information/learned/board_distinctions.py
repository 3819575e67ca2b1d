"""Which distinctions of a board survive at a budget: the best pair of partitions of its rows and columns."""

from functools import lru_cache

import numpy as np

import infodecomp
from infodecomp.explorable import (
    Axis,
    Dot,
    Dots,
    DragHandle,
    HConcat,
    Label,
    Line,
    Plot,
    Range,
    Rect,
    Tooltip,
    figure,
    key_number,
)

from .boards import BOARD, pairs, staircase

BUDGET = Range(
    name="budget_board",
    label="bits in all",
    default=2,
    low=0,
    high=4,
    step=0.05,
    unit="bits",
    role="selection",
)
GAP = 0.36  # between two groups, in squares
SIDE = 4 + 3 * GAP
NOTHING = 1e-9  # bits


@figure(
    parameters=(BOARD, BUDGET),
    title="Which distinctions survive",
    controls=("budget_board",),
    presets={
        "board-one-bit": "budget_board=1",
        "board-two-bits": "budget_board=2",
        "board-three-bits": "budget_board=3",
    },
)
def board_distinctions(board, budget_board):
    """The best pair of partitions within a budget, and the coarsest sufficient one; exact, over all pairs."""
    found = pairs(board)
    best = _pair(found, infodecomp.best_pair(found, budget_board))
    posterior = _posterior(np.array(BOARD.probabilities(board)), best["rows"], best["columns"])
    return {"board": board, "budget": budget_board, "best": best, "posterior": posterior} | _at_all_budgets(
        board
    )


@lru_cache(maxsize=256)
def _at_all_budgets(board) -> dict:
    """The coarsest sufficient pair, and the best pair at every step of the frontier."""
    found, front = pairs(board), staircase(board)
    enough = [blocks.tolist() for blocks in infodecomp.sufficient_pair(np.array(BOARD.probabilities(board)))]
    alike = (found.first.numpy() == enough[0]).all(1) & (found.second.numpy() == enough[1]).all(1)
    steps = [_pair(found, infodecomp.best_pair(found, float(total))) for total in front["total"]]
    return {
        "enough": _pair(found, int(alike.argmax())),
        "front": {
            "total": front["total"],
            "information": front["information"],
            "rows": [_named(step["rows"]) for step in steps],
            "columns": [_named(step["columns"]) for step in steps],
        },
    }


def _pair(found, at: int) -> dict:
    return {
        "rows": found.first[at].tolist(),
        "columns": found.second[at].tolist(),
        "bits_1": found.bits_1[at].item(),
        "bits_2": found.bits_2[at].item(),
        "total": found.total[at].item(),
        "information": found.information[at].item(),
    }


def _posterior(chances: np.ndarray, rows: list, columns: list) -> np.ndarray:
    """The probability of a dark square given both messages, (4, 4)."""
    same_row, same_column = np.equal.outer(rows, rows), np.equal.outer(columns, columns)
    return (same_row @ chances @ same_column) / np.outer(same_row.sum(1), same_column.sum(1))


def _groups(blocks: list) -> list[list[int]]:
    return [[x for x in range(4) if blocks[x] == block] for block in range(max(blocks) + 1)]


def _named(blocks: list) -> str:
    """A partition as its groups: 1+2 | 3 | 4."""
    return " | ".join("+".join(str(x + 1) for x in group) for group in _groups(blocks))


def _to_tell(pair: dict) -> str:
    """What is distinguished, in words: rows 1+2 from 3+4 and columns 1 from 2+3+4."""
    named = {word: _named(pair[word]).replace(" | ", " from ") for word in ("rows", "columns")}
    return " and ".join(f"{word} {groups}" for word, groups in named.items() if "from" in groups)


def _places(blocks: list) -> dict[int, float]:
    """The start of each value when the groups are drawn with gaps between them, centred in SIDE."""
    at, places = (3 - max(blocks)) * GAP / 2, {}
    for group in _groups(blocks):
        for x in group:
            places[x], at = at, at + 1
        at += GAP
    return places


@board_distinctions.draw
def picture(data):
    boards = HConcat(
        (
            _grouped(data, BOARD.probabilities(data["board"]), "your board in groups", inner=True),
            _grouped(data, data["posterior"], "what arrives", inner=False),
        ),
        (1, 1),
        gap=16,
        stack_below=250,
    )
    return HConcat((boards, _stairs(data)), (1.25, 1), gap=26)


def _grouped(data, chances, words: str, inner: bool) -> Plot:
    """The board with gaps between the groups of its rows and columns; `inner` draws every square."""
    rows, columns = data["best"]["rows"], data["best"]["columns"]
    down, across = _places(rows), _places(columns)
    marks = [Label(0, SIDE, words, "ink", dy=-40, size=12, bold=True)]
    for group in _groups(rows):
        top, low = SIDE - down[group[0]], SIDE - down[group[-1]] - 1
        marks.append(Line((-0.16, -0.16), (low + 0.06, top - 0.06), "series-1", 2.4))
        marks += [
            Label(-0.16, SIDE - down[x] - 0.5, str(x + 1), "series-1-text", "end", dx=-5, dy=4, size=12)
            for x in group
        ]
    for group in _groups(columns):
        left, right = across[group[0]], across[group[-1]] + 1
        marks.append(Line((left + 0.06, right - 0.06), (SIDE + 0.16,) * 2, "series-2", 2.4))
        marks += [
            Label(across[x] + 0.5, SIDE + 0.16, str(x + 1), "series-2-text", "middle", dy=-6, size=12)
            for x in group
        ]
    if inner:
        for r in range(4):
            for c in range(4):
                marks += _field(across[c], SIDE - down[r], 1, 1, chances[r][c], 1)
    else:
        for r in _groups(rows):
            for c in _groups(columns):
                marks += _field(across[c[0]], SIDE - down[r[0]], len(c), len(r), chances[r[0]][c[0]], 0)
    return Plot(
        tuple(marks),
        Axis(domain=(-0.2, SIDE), hidden=True),
        Axis(domain=(0, SIDE + 0.2), hidden=True),
        ratio=1.18,
        heights=(170, 290),
        margins=(52, 2, 4, 18),
    )


def _field(x: float, y: float, width: int, height: int, chance: float, inset: float) -> list:
    """A field from its upper left corner, shaded and labelled by its probability."""
    marks = [
        Rect(
            x,
            y - height,
            x + width,
            y,
            "target",
            opacity=0.06 + 0.94 * float(chance),
            inset=inset,
            radius=3,
            stroke="noise",
        )
    ]
    if 0.005 <= chance <= 0.995:
        marks.append(
            Label(
                x + width / 2,
                y - height / 2,
                f"{chance:.2f}".removeprefix("0").rstrip("0"),
                "on-target" if chance > 0.6 else "ink",
                "middle",
                dy=4,
                size=12,
            )
        )
    return marks


def _stairs(data) -> Plot:
    """The information of the best exact messages at every budget, with the reader's budget."""
    front, best, budget = data["front"], data["best"], data["budget"]
    top = max(data["enough"]["information"], 0.05)
    x = np.repeat([*front["total"], 4.0], 2)[1:-1]
    y = np.repeat(front["information"], 2)
    marks = [
        Line(x, y, "best", 2),
        Dots(front["total"], front["information"], ("best",), radius=3),
        Line((budget, budget), (0, best["information"]), "selection", 2, dash="2 3"),
        Line((0, 4), (top, top), "noise", 1.2, dash="2 4"),
        Label(0, top, "all there is to learn", "muted", dx=6, dy=15, size=12, halo=True),
        DragHandle(
            budget,
            best["information"],
            "Bits in all",
            state={"budget_board": (budget, BUDGET)},
            moves="budget_board",
            axis="x",
            text=_spoken(data),
            marks=(Dot(budget, best["information"], "selection", 7, rim="rim"),),
        ),
    ]
    return Plot(
        tuple(marks),
        Axis("bits sent about row and column", (0, 4), ticks=(0, 1, 2, 3, 4)),
        Axis("bits learnt about the square", (0, top * 1.12), count=4, grid=True),
        ratio=0.8,
        heights=(250, 300),
        margins=(30, 14, 46, 46),
        hover=Tooltip(
            "front",
            "total",
            "information",
            "{total:2} bits, rows {rows}, columns {columns}: {information:2} learnt",
        ),
    )


def _spoken(data) -> str:
    best = data["best"]
    return (
        f"{data['budget']:.2f} bits; rows {_named(best['rows'])} and columns {_named(best['columns'])} tell "
        f"{best['information']:.2f} bits"
    )


@board_distinctions.values
def values(data):
    best, enough = data["best"], data["enough"]
    return {name: best[name] for name in ("bits_1", "bits_2", "total", "information")} | {
        "enough": enough["total"],
        "available": enough["information"],
    }


@board_distinctions.describe
def description(data):
    best, enough = data["best"], data["enough"]
    if enough["information"] < NOTHING:
        return "On this board neither row nor column matters: no distinction is worth a bit."
    everything, price = f"{enough['information']:.2f} bits", f"{enough['total']:.2f} bits"
    least = f"To learn all {everything}, tell {_to_tell(enough)}, for {price}"
    most = f"{least}; " + (
        "every distinction counts." if enough["total"] > 4 - NOTHING else "no other distinction is needed."
    )
    if data["budget"] < NOTHING:
        return f"With no bits you can't tell any rows or columns apart, and learn nothing. {most}"
    if best["total"] < NOTHING:
        return f"{data['budget']:.2f} bits buy no exact distinction that is worth anything. {most}"
    if best["information"] > enough["information"] - NOTHING:
        return most
    learnt = key_number(f"{best['information']:.2f} bits", "selection")
    return f"With {data['budget']:.2f} bits you can learn {learnt}, if you tell {_to_tell(best)}. {least}."


@board_distinctions.value_text
def value_text(data):
    return {"budget_board": _spoken(data)}


@board_distinctions.table
def table(data):
    return data["front"]
