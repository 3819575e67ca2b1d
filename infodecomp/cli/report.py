"""The results of `decompose`: the plane as numbers and as a picture, and a self-contained report."""

import csv
import io
import json
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
import numpy as np

from infodecomp.artifacts import write_atomic
from infodecomp.cli.report_comparison import comparison_parts
from infodecomp.cli.report_ensemble import MIN_SHOWN_BITS, ensemble_parts, ensemble_sentences, number_text
from infodecomp.explorable.core.cells import plain_cell
from infodecomp.explorable.graphics.drawing import render
from infodecomp.explorable.graphics.plot import Plot
from infodecomp.explorable.graphics.theme import DARK, LIGHT
from infodecomp.pictures.decomposition import feature_picture, matrix_picture, plane_picture

if TYPE_CHECKING:
    from infodecomp.bottleneck.estimator import DistributedBottleneck

WIDE, NARROW = 680, 340  # pixels
MAX_MATRICES = 6


def terminal_table(estimator: "DistributedBottleneck") -> str:
    """The plane for a terminal: bits, error with its standard error, and the features with the most bits."""
    names, plane = _names(estimator), estimator.information_plane_
    lines = [f"\n  bits   {plane.error_name:<28} where they are"]
    for bits in plane.budgets:
        row = plane.at(bits)
        order = np.argsort(-row.features)[:4]
        best = "  < enough" if bits == estimator.best_bits_ else ""
        leading = ", ".join(
            f"{names[i]} {row.features[i]:.2f}" for i in order if row.features[i] >= MIN_SHOWN_BITS
        )
        lines.append(f"{bits:6.1f}   {_error_text(row):<28} {leading}{best}")
    lines.append(f"\n{interval_sentence(estimator)}")
    if warning := overfitting_warning(estimator):
        lines.append(warning)
    if ensemble := getattr(estimator, "ensemble_", None):
        lines.append("\n" + "\n".join(ensemble_sentences(ensemble)))
    return "\n".join(lines)


def interval_sentence(estimator: "DistributedBottleneck") -> str:
    """How well the held-out rows tell how many bits are enough."""
    low, high = (f"{bits:.1f}" for bits in estimator.best_bits_interval_)
    if low == high:
        return f"Only at {low} bits is the error within two standard errors of the smallest."
    return (
        f"The held-out rows do not tell budgets from {low} to {high} bits apart: the errors are within two "
        "standard errors of the smallest."
    )


def overfitting_warning(estimator: "DistributedBottleneck") -> str:
    """A sentence for a fit whose error rises again with more bits by more than its standard error; else
    empty."""
    plane = estimator.information_plane_
    if not plane.overfits:
        return ""
    best = plane.at(plane.best_bits)
    return (
        f"{estimator.best_bits_:.1f} bits are enough: the error, {number_text(float(best.error))}, is within "
        "a standard error of the smallest. With more bits, up to "
        f"{estimator.bits_range_[1]:.1f}, this fit is overfitting: its error on new rows rises. "
        "More rows would help."
    )


def plane_csv(estimator: "DistributedBottleneck") -> str:
    """One row for each beta: bits, error and bits of each feature, with standard errors."""
    names, plane, text = _names(estimator), estimator.information_plane_, io.StringIO()
    write = csv.writer(text, lineterminator="\n")
    write.writerow(
        [
            "price",
            "bits",
            "bits_standard_error",
            "error",
            "error_standard_error",
            *(plain_cell(f"{name} bits") for name in names),
            *(plain_cell(f"{name} standard error") for name in names),
        ]
    )
    for t, bits, bits_se, error, error_se, features, features_se in zip(
        plane.t,
        plane.bits,
        plane.bits_standard_error,
        plane.error,
        plane.error_standard_error,
        plane.features,
        plane.features_standard_error,
    ):
        write.writerow(
            [f"{value:.6g}" for value in (t, bits, bits_se, error, error_se, *features, *features_se)]
        )
    return text.getvalue()


def plane_json(estimator: "DistributedBottleneck", about: dict[str, Any]) -> str:
    """The plane, the configuration and what is known about the table."""
    plane, bottleneck = estimator.information_plane_, estimator.bottleneck_
    ensemble = getattr(estimator, "ensemble_", None)
    return (
        json.dumps(
            about
            | {
                "error": plane.error_name,
                "features": _names(estimator),
                "recipe": bottleneck.config.as_dict(),
                "seed": bottleneck.seed,
                "steps_done": estimator.n_steps_,
                "ensemble": ensemble and ensemble.as_dict(),
                "best_bits": estimator.best_bits_,
                "best_bits_interval": estimator.best_bits_interval_,
                "plane": {name: column.tolist() for name, column in plane.as_dict().items()},
            },
            indent=1,
        )
        + "\n"
    )


def write_results(estimator: "DistributedBottleneck", out: Path, about: dict[str, Any]) -> None:
    """Write all files of a decomposition into a folder, each atomically; the report comes last.

    Parameters
    ----------
    estimator : DistributedBottleneck
        A fit.
    out : Path
        The folder.
    about : dict
        The run, as `describe_run` in `infodecomp.cli.decompose` has it.
    """
    contents = {  # all of them are made before the first is written
        "plane.json": plane_json(estimator, about),
        "plane.csv": plane_csv(estimator),
        "plane.svg": estimator.picture(about["target"], WIDE),
        "report.html": report(estimator, about),
    }
    written = [out / "model.safetensors", *(out / name for name in contents)]
    try:
        estimator.save(out / "model.safetensors")
        for name, content in contents.items():
            write_atomic(out / name, content.encode())
    except OSError:  # a full disk: some results without the others would mislead
        for file in written:
            file.unlink(missing_ok=True)
        raise


def report(estimator: "DistributedBottleneck", about: dict[str, Any]) -> str:
    """The report as one self-contained HTML page."""
    bottleneck = estimator.bottleneck_
    config = {name: _setting(value) for name, value in bottleneck.config.as_dict().items()}
    return _render(
        "report.html",
        **report_parts(estimator, about),
        about=about,
        light=LIGHT,
        dark=DARK,
        config=config,
        seed=bottleneck.seed,
        versions=", ".join(f"{name} {version}" for name, version in about["versions"].items()),
        draws=estimator.draws,
        measured_on=measured_on(estimator, about["options"]),
    )


def _setting(value: Any) -> str:
    """A setting of the training, a number with four digits that count."""
    if isinstance(value, list | tuple):
        return " to ".join(map(_setting, value))
    return f"{value:,.4g}" if isinstance(value, float) else str(value)


def measured_on(estimator: "DistributedBottleneck", options: dict[str, Any]) -> str:
    """The rows on which the error was measured, in words."""
    n = estimator.n_measured_
    in_batches = not hasattr(estimator, "held_out_")
    if in_batches and (options["hold_out_by"] or options["hold_out_last"]):
        share = f"{100 * estimator.validation_fraction:.0f}% of the rows"
        return f"{n:,} random ones of the rows that were held out, which are about {share}"
    share = f"{number_text(100 * n / estimator.n_rows_, 2)}% of all"
    return f"the {n:,} rows that were held out, {share}"


def _error_text(row) -> str:
    """The error of a row of a plane, with its standard error."""
    return f"{number_text(row.error)} ± {number_text(row.error_standard_error, 2)}"


def _render(template: str, **values: Any) -> str:
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["number"] = number_text
    return environment.from_string(files("infodecomp.cli").joinpath(template).read_text()).render(values)


def report_parts(estimator: "DistributedBottleneck", about: dict[str, Any]) -> dict[str, Any]:
    """What a page about a fit shows: pictures and numbers, as JSON-compatible values.

    Returns
    -------
    dict
        error, names, order, rows (bits, error as text, features with standard errors), half, entropies,
        overfitting, ensemble (see `ensemble_parts`; None for one fit), comparison (a part of a page; empty
        for a large table), and the pictures plane, features and matrices.
    """
    plane, names = estimator.information_plane_, _names(estimator)
    ensemble = getattr(estimator, "ensemble_", None)
    order = np.argsort(-np.trapezoid(plane.features, plane.bits, axis=0)).tolist()
    chosen = plane.budgets
    half = chosen[len(chosen) // 2]
    rows = []
    for bits in chosen:
        at = plane.at(bits)
        rows.append(
            {
                "bits": bits,
                "error": _error_text(at),
                "features": (np.maximum(at.features, 0) + 0.0).tolist(),  # no -0.00 of an estimate below 0
                "features_standard_error": at.features_standard_error.tolist(),
            }
        )
    return {
        "error": plane.error_name,
        "names": names,
        "order": order,
        "rows": rows,
        "half": half,
        "entropies": [feature.entropy for feature in estimator.features_],
        "plane": _both(
            plane_picture(plane, plane.error_name, about["target"]),
            "Bits against error",
        ),
        "features": _both(feature_picture(plane, names, order), "Bits of each column against bits in all"),
        "interval": interval_sentence(estimator),
        "overfitting": overfitting_warning(estimator),
        "ensemble": ensemble and ensemble_parts(ensemble, chosen),
        "comparison": _comparison_section(estimator, about, names, order),
        "matrices": [
            {"name": name, "bits": bits, "picture": picture}
            for name, bits, picture in _matrices(estimator, half, np.array(order), about["dates"])
        ],
    }


def _comparison_section(estimator, about: dict[str, Any], names: list[str], order: list[int]) -> str:
    """What other methods find, as a part of an HTML page."""
    parts = comparison_parts(estimator, about)
    if parts is None:
        return ""
    error = estimator.information_plane_.error_name
    return _render("comparison.html", **parts, error=error, names=names, order=order, target=about["target"])


def _matrices(
    estimator: "DistributedBottleneck", bits: float, order: np.ndarray, dates: list[str]
) -> list[tuple[str, float, dict]]:
    """Name, bits and distinguishability matrix of the leading columns at a budget."""
    names, features = _names(estimator), estimator.information_plane_.at(bits).features
    return [
        (
            names[i],
            float(features[i]),
            _both(
                matrix_picture(
                    estimator.features_[i], estimator.distinguishability(names[i], bits), names[i] in dates
                ),
                f"Which values of {names[i]} are distinguished",
                330,
                330,
            ),
        )
        for i in order
        if features[i] >= MIN_SHOWN_BITS
    ][:MAX_MATRICES]


def _names(estimator: "DistributedBottleneck") -> list[str]:
    return [feature.name for feature in estimator.features_]


def _both(picture: Plot, label: str, wide: int = WIDE, narrow: int = NARROW) -> dict:
    """A picture drawn for a wide page and for a phone."""
    return {
        "wide": render(picture, wide, label=label).svg,
        "narrow": render(picture, narrow, label=label).svg,
    }
