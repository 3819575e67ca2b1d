"""A matrix as one image, for matrices of more than a few hundred cells."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from infodecomp.explorable.graphics.marks.context import PlotContext
from infodecomp.explorable.graphics.png import png_data_url
from infodecomp.explorable.graphics.scales import format_number
from infodecomp.explorable.graphics.theme import DARK, LIGHT

LEVELS = 20  # shades of one sign


@dataclass(frozen=True)
class Raster:
    """A matrix of values between -1 and 1 as one PNG image, from (x0, y0) to (x1, y1).

    The opacity of a cell is the absolute value, so that 0 is the paper of either theme. A picture on a page
    must suit both themes, so there the hue is halfway between a role's colours in them; a standalone picture
    has the exact colour of its theme. Choose roles with a hue. A value that is not finite is left out.

    Parameters
    ----------
    x0, y0, x1, y1 : float
        Two opposite corners of the box.
    values : array-like, shape (rows, columns)
        Row 0 is at the top; values beyond -1 and 1 are drawn as these.
    role, negative : str
        Palette roles of positive and of negative values.
    smooth : bool
        Whether neighbouring cells blend into each other.
    """

    x0: float
    y0: float
    x1: float
    y1: float
    values: ArrayLike = field(hash=False)
    role: str = "series-1"
    negative: str = "series-2"
    smooth: bool = False

    def svg(self, context: PlotContext) -> str:
        values = np.nan_to_num(np.atleast_2d(np.asarray(self.values, float)), nan=0, posinf=0, neginf=0)
        levels = np.rint(np.clip(values, -1, 1) * LEVELS).astype(int)
        used, indices = np.unique(levels, return_inverse=True)
        roles = [self.role if level > 0 else self.negative for level in used.tolist()]
        palette = np.column_stack(
            ([_rgb(context, role) for role in roles], np.rint(np.abs(used) * 255 / LEVELS).astype(int))
        )
        left, right = sorted((context.x(self.x0), context.x(self.x1)))
        top, bottom = sorted((context.y(self.y0), context.y(self.y1)))
        return (
            f'<image x="{format_number(left)}" y="{format_number(top)}" '
            f'width="{format_number(right - left)}" height="{format_number(bottom - top)}" '
            f'preserveAspectRatio="none"{self._rendering(context)} '
            f'href="{png_data_url(indices.reshape(levels.shape), palette)}"/>'
        )

    def _rendering(self, context: PlotContext) -> str:
        """How it is enlarged: browsers read the attribute, the rasteriser of exports only the style."""
        if self.smooth:
            return ""
        style = ' style="image-rendering:pixelated"' if _is_standalone(context) else ""
        return f' image-rendering="pixelated"{style}'


def _is_standalone(context: PlotContext) -> bool:
    return context.colour("paper").startswith("#")


def _rgb(context: PlotContext, role: str) -> list[int]:
    """Red, green and blue of a role: of the theme, or halfway between both where the page decides."""
    shades = [context.colour(role)] if _is_standalone(context) else [LIGHT[role], DARK[role]]
    return np.mean([list(bytes.fromhex(shade[1:])) for shade in shades], axis=0).round().astype(int).tolist()
