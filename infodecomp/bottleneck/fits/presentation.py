"""What a fit looks like in a notebook and in a paper: pictures, tables and a frame."""

import re
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from infodecomp.bottleneck.information_plane import InformationPlane
from infodecomp.errors import InformationError, extra_command

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from infodecomp.bottleneck.model import Bottleneck
    from infodecomp.pictures.decomposition import SVG

BUDGET_FRACTIONS = (0.1, 0.25, 0.5, 0.75)  # of the range of budgets up to the smallest error
THEMES = ("light", "dark")
MIN_WIDTH, MAX_WIDTH = 200, 2000  # pixels


class NamedPlane(InformationPlane):
    """An information plane that knows its columns by name, with tables for papers.

    Attributes
    ----------
    names : tuple of str
        The columns.
    error_name : str
        The error measure, with its unit where it has one of its own.
    """

    names: tuple[str, ...]
    error_name: str

    @classmethod
    def of(cls, plane: InformationPlane, names: Sequence[str], error_name: str) -> "NamedPlane":
        """Give a plane the names of its columns and of its error measure."""
        named = cls(*plane)
        named.names, named.error_name = tuple(names), error_name
        return named

    @property
    def budgets(self) -> list[float]:
        """A few round budgets in bits up to that of the smallest error; the best one is among them."""
        low, best = float(self.ascending_bits[0]), self.best_bits
        high = max(best, float(self.ascending_bits[self.error.argmin()]))
        spacing = 1.0 if high > 8 else 0.1
        chosen = {round(low + share * (high - low), 0 if high > 8 else 1) for share in BUDGET_FRACTIONS}
        apart = {bits for bits in chosen if bits >= low and min(abs(bits - best), high - bits) >= spacing / 2}
        return sorted(apart | {best, high})

    def to_frame(self) -> "pd.DataFrame":
        """The whole plane as a table; needs pandas only here.

        Returns
        -------
        DataFrame
            One row for each beta, from the highest: t, bits, error, and the bits of each column, with their
            standard errors.
        """
        import pandas as pd

        whole = {name: column for name, column in self.as_dict().items() if not name.startswith("features")}
        own = {f"{name} bits": column for name, column in zip(self.names, self.features.T)}
        errors = {
            f"{name} standard error": column
            for name, column in zip(self.names, self.features_standard_error.T)
        }
        return pd.DataFrame(whole | own | errors)

    def to_markdown(
        self, budgets: Sequence[float] | None = None, columns: Sequence[str] | None = None
    ) -> str:
        """A table of budgets in Markdown: bits, error ± standard error, and the bits of each column.

        Parameters
        ----------
        budgets : sequence of float, optional
            In bits; by default a few round ones up to the best one.
        columns : sequence of str, optional
            The columns to show; all by default.

        Returns
        -------
        str

        Raises
        ------
        InformationError
            For a budget outside the measured range, and for an unknown column.
        """
        head, *rows = [
            [re.sub(r"[\\|$]", r"\\\g<0>", " ".join(cell.split())) for cell in row]
            for row in self._cells(budgets, columns)
        ]
        lines = [head, ["---:"] * len(head), *rows]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"

    def to_latex(self, budgets: Sequence[float] | None = None, columns: Sequence[str] | None = None) -> str:
        """The table of `to_markdown` in LaTeX, with the rules of the package booktabs.

        Parameters
        ----------
        budgets : sequence of float, optional
            In bits; by default a few round ones up to the best one.
        columns : sequence of str, optional
            The columns to show; all by default.

        Returns
        -------
        str

        Raises
        ------
        InformationError
            For a budget outside the measured range, and for an unknown column.
        """
        from pylatexenc.latexencode import unicode_to_latex

        head, *rows = [
            f"{' & '.join(unicode_to_latex(' '.join(cell.split())) for cell in row)} \\\\"
            for row in self._cells(budgets, columns)
        ]
        begin = f"\\begin{{tabular}}{{{'r' * (2 + len(self.names if columns is None else columns))}}}"
        return "\n".join([begin, "\\toprule", head, "\\midrule", *rows, "\\bottomrule", "\\end{tabular}", ""])

    def _cells(self, budgets: Sequence[float] | None, columns: Sequence[str] | None) -> list[list[str]]:
        """The table of budgets as text; its first row holds the names."""
        shown = range(len(self.names)) if columns is None else [self._index(name) for name in columns]
        rows = [["bits", self.error_name, *(self.names[i] for i in shown)]]
        for bits in self.budgets if budgets is None else budgets:
            at = self.at(bits)
            own = np.maximum(at.features, 0) + 0.0  # no -0.00 of an estimate just below 0
            error = f"{at.error:.4g} ± {at.error_standard_error:.2g}"
            rows.append([f"{max(bits, 0.0):.1f}", error, *(f"{own[i]:.2f}" for i in shown)])
        return rows

    def _index(self, name: str) -> int:
        if name not in self.names:
            raise InformationError(f"There is no column {name!r}: choose from {', '.join(self.names)}.")
        return self.names.index(name)

    def picture(self, target: str = "", width: float = 680, theme: str = "light") -> "SVG":
        """Error over bits, with a band of two standard errors, as `decompose` draws it.

        Parameters
        ----------
        target : str
            Name of the target, for the axis.
        width : float
            In pixels, 200 to 2000.
        theme : {'light', 'dark'}

        Returns
        -------
        str
            An SVG document, which a notebook shows as a picture.
        """
        from infodecomp.pictures.decomposition import plane_svg

        if theme not in THEMES:
            raise InformationError(f"theme = {theme!r} is not known: choose from {', '.join(THEMES)}.")
        if not MIN_WIDTH <= width <= MAX_WIDTH:
            raise InformationError(
                f"width = {width!r} is out of bounds: give {MIN_WIDTH} to {MAX_WIDTH} pixels."
            )
        return plane_svg(self, self.error_name, target, width, theme)

    def _repr_html_(self) -> str:
        head, *rows = [[escape(cell) for cell in row] for row in self._cells(None, None)]
        lines = ["".join(f"<td>{cell}</td>" for cell in row) for row in rows]
        names = "".join(f"<th>{cell}</th>" for cell in head)
        body = "".join(f"<tr>{line}</tr>" for line in lines)
        return (
            f"<div>{self.picture()}<div style='overflow-x: auto'><table><thead><tr>{names}</tr></thead>"
            f"<tbody>{body}</tbody></table></div></div>"
        )


class Presentation(BaseEstimator):
    """The pictures of a fitted `bottleneck_`, and its representation in a notebook."""

    bottleneck_: "Bottleneck"

    if TYPE_CHECKING:  # of the class that predicts

        @property
        def information_plane_(self) -> NamedPlane: ...

    def picture(self, target: str = "", width: float = 680, theme: str = "light") -> "SVG":
        """Error over bits, with a band of two standard errors, as `infodecomp decompose` draws it.

        Parameters
        ----------
        target : str
            Name of the target, for the axis.
        width : float
            In pixels, 200 to 2000.
        theme : {'light', 'dark'}

        Returns
        -------
        str
            An SVG document, which a notebook shows as a picture.
        """
        check_is_fitted(self)
        return self.information_plane_.picture(target, width, theme)

    def plot(self, ax: "Axes | None" = None) -> "Axes":
        """Error over bits by matplotlib, with a band of two standard errors and a mark at best_bits_.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure by default.

        Returns
        -------
        matplotlib.axes.Axes

        Raises
        ------
        ImportError
            Where matplotlib is not installed.
        """
        check_is_fitted(self)
        try:
            import matplotlib.pyplot as plt
        except ImportError:
            raise ImportError(f"plot draws by matplotlib: {extra_command('plot')}") from None
        from infodecomp.pictures.decomposition import drawn_points, split

        plane = self.information_plane_
        bits, error, spread = drawn_points(plane, plane.error, 2 * plane.error_standard_error)
        before, after = split(bits, error, max(plane.best_bits, 0.0))
        axes = plt.subplots()[1] if ax is None else ax
        (line,) = axes.plot(*before, label="error on held-out rows")
        colour = line.get_color()
        axes.plot(*after, "--", color=colour, alpha=0.6, label="more bits than are enough")
        axes.fill_between(
            bits, np.maximum(error - spread, 0), error + spread, color=colour, alpha=0.2, linewidth=0
        )
        axes.plot(
            before[0][-1:], before[1][-1:], "o", color=colour, label=f"{plane.best_bits:.1f} bits are enough"
        )
        axes.set(
            xlabel="bits received from all columns", ylabel=plane.error_name, xlim=(0, None), ylim=(0, None)
        )
        axes.legend(frameon=False)
        return axes

    def _repr_html_inner(self) -> str:
        diagram = super()._repr_html_inner()
        if not hasattr(self, "bottleneck_"):
            return diagram
        return f"<div>{self.information_plane_._repr_html_()}{diagram}</div>"

    def _repr_mimebundle_(self, **kwargs) -> dict[str, Any]:
        bundle = super()._repr_mimebundle_(**kwargs)
        if "text/html" in bundle:  # not where scikit-learn is set to show text
            bundle["text/html"] = self._repr_html_inner()
        return bundle
