"""What a report says about other methods, single columns and shuffled columns on the rows of a fit."""

from typing import TYPE_CHECKING, Any

import numpy as np

from infodecomp.cli.report_ensemble import MIN_SHOWN_BITS, number_text

if TYPE_CHECKING:
    from infodecomp.bottleneck.estimator import DistributedBottleneck


def comparison_parts(estimator: "DistributedBottleneck", comparison: dict[str, Any]) -> dict[str, Any] | None:
    """Rows of a table of methods and of a table of columns, as JSON-compatible values.

    Parameters
    ----------
    estimator : DistributedBottleneck
        A fit.
    comparison : dict
        Of `infodecomp.cli.table_fits.compare`.

    Returns
    -------
    dict or None
        methods (name, error), columns (bits, alone, information, information_standard_error, and shuffled if
        there were controls), confirmation, a sentence about bits that new rows confirm, and controls, one
        about the shuffled columns. None for a large table.
    """
    yardsticks, controls = comparison.get("yardsticks"), comparison.get("controls")
    if yardsticks is None:
        return None
    best = estimator.information_plane_.at(estimator.best_bits_)
    tree = f"One tree whose leaves carry {yardsticks['tree_bits']:.1f} bits"
    columns = {
        "bits": np.maximum(best.features, 0.0).tolist(),
        "alone": yardsticks["alone"],
        "information": np.maximum(yardsticks["information"], 0.0).tolist(),
        "information_standard_error": yardsticks["information_standard_error"],
    }
    return {
        "methods": [
            ("No column at all", yardsticks["nothing"]),
            (tree, yardsticks["tree"]),
            (f"This fit at {estimator.best_bits_:.1f} bits", best.error),
            ("Boosted trees", yardsticks["trees"]),
        ],
        "columns": columns | ({"shuffled": controls["shuffled"]} if controls else {}),
        "confirmation": _confirmation_sentence(estimator, best.features, comparison["permutation"]),
        "controls": _controls_sentence(estimator, controls) if controls else "",
    }


def comparison_sentences(estimator: "DistributedBottleneck", comparison: dict[str, Any]) -> list[str]:
    """The same for a terminal."""
    parts = comparison_parts(estimator, comparison)
    if parts is None:
        return []
    alone = np.array([np.inf if error is None else error for error in parts["columns"]["alone"]])
    best = int(alone.argmin())
    return [
        f"\non the same held-out rows, {estimator.information_plane_.error_name}:",
        *(f"  {number_text(error):<10} {name[0].lower()}{name[1:]}" for name, error in parts["methods"]),
        f"  {number_text(alone[best]):<10} boosted trees that see {estimator.features_[best].name} alone",
        *(sentence for sentence in (parts["confirmation"], parts["controls"]) if sentence),
    ]


def _confirmation_sentence(
    estimator: "DistributedBottleneck", bits: np.ndarray, permutation: dict[str, Any]
) -> str:
    """Columns whose bits do not clearly help on new rows; empty if no column has bits worth showing."""
    shown = [i for i in np.argsort(-bits) if bits[i] >= MIN_SHOWN_BITS]
    doubtful = [f"{estimator.features_[i].name} ({bits[i]:.2f})" for i in shown if not permutation["used"][i]]
    if not shown:
        return ""
    if not doubtful:
        return "The held-out rows confirm the bits of every column: without them, the error rises clearly."
    return (
        f"The held-out rows do not clearly confirm the bits of {', '.join(doubtful)}: if these messages are "
        "swapped between rows, the error hardly rises. They may be learnt by heart."
    )


def _controls_sentence(estimator: "DistributedBottleneck", controls: dict[str, Any]) -> str:
    """How many bits went to columns that say nothing, and which columns got no more."""
    most = max(controls["shuffled"])
    noise = [feature.name for feature, bits in zip(estimator.features_, controls["columns"]) if bits <= most]
    sentence = (
        f"Beside a shuffled copy of each column, the same fit spends at most {most:.2g} bits on a copy, "
        f"{sum(controls['shuffled']):.2g} on all of them, of {controls['bits']:.1f} bits"
    )
    if not noise:
        return f"{sentence}. Every column gets more than any copy."
    names = ", ".join(noise)
    return f"{sentence}. No more than that goes to {names}: that may be noise, or what others say already."
