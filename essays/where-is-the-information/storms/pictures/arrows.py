"""A channel of two symbols as arrows from what is sent to what arrives."""

import numpy as np

from infodecomp.explorable import Axis, BitGauge, Dot, Label, Line, Plot

from ..storms import percent

NOTHING = 1e-6  # bits: a gain below this is none
NEVER = 5e-4  # probability: an error so rare is not drawn


def arrows_picture(town: str, bits: float, p: np.ndarray) -> Plot:
    """A channel as arrows from what was sent to what arrives; p: (2, 2) p(u|x)."""
    role, silent = {"a": "series-1", "b": "series-2"}[town], bits < NOTHING
    marks = [
        Label(0, 1, f"town {town.upper()}", f"{role}-text", dx=-44, dy=-38, bold=True),
        BitGauge(0, 1, bits, role, dx=13, dy=-43),
        Label(0, 1, f"{bits:.2f} bits", f"{role}-text", dx=33, dy=-38),
    ]
    for x in (0, 1):
        for u in (1 - x, x):  # correct symbols are drawn over wrong ones
            share = float(p[x, u])
            if share >= NEVER and not silent:
                marks.append(
                    Line((0, 1), (1 - x, 1 - u), role if x == u else "noise", 0.8 + 5 * share, opacity=0.9)
                )
    for x, word in ((0, "calm"), (1, "storm")):
        marks += [
            Label(0, 1 - x, word, f"{role}-text", "end", dx=-8, dy=4, size=12),
            Dot(0, 1 - x, role, 3.5),
            Label(1, 1 - x, str(x), "ink", dx=9, dy=5, mono=True, bold=True),
            Dot(1, 1 - x, "ink", 3.5),
        ]
        if silent:
            marks.append(Line((0, 1), (1 - x, 1 - x), role, 1.2, dash="2 5"))
        else:
            marks += [
                Label(0.56, 1 - x, _share(p[x, x]), "ink", "middle", dy=18 if x else -8, size=12, halo=True)
            ]
            if p[x, 1 - x] >= NEVER:
                marks.append(Dot(0.26, (0.74, 0.26)[x], "paper", 11))
                marks.append(
                    Label(0.26, (0.74, 0.26)[x], _share(p[x, 1 - x]), "muted", "middle", dy=4, size=12)
                )
    marks.append(Label(0, 0, _kind(p, silent), "muted", dx=-44, dy=38, size=12))
    return Plot(
        tuple(marks),
        Axis(domain=(0, 1), hidden=True),
        Axis(domain=(0, 1), hidden=True),
        heights=(165, 165),
        margins=(54, 24, 48, 46),
    )


def _share(p: float) -> str:
    return "<1%" if 0 < p < 0.005 else percent(float(p))


def _kind(p: np.ndarray, silent: bool) -> str:
    calm, storm = p[0, 1], p[1, 0]  # garbled
    if silent:
        return "no bits are bought"
    if max(calm, storm) < NEVER:
        return "nothing is garbled"
    if min(calm, storm) < NEVER:
        return f"{'calm' if calm < storm else 'a storm'} is never garbled"
    if abs(calm - storm) < 0.005:
        return "a flip line"
    return f"{'calm' if calm < storm else 'a storm'} is garbled less"
