"""What a decomposition leaves behind: the plane as numbers and as a picture, and a report that stands alone."""

import csv
import io
import json
from importlib.resources import files
from pathlib import Path

import jinja2
import numpy as np

from infodecomp.artifacts import write_atomic
from infodecomp.cli.report_pictures import feature_picture, matrix_picture, plane_picture
from infodecomp.explorable.graphics.plot import DrawOptions, render
from infodecomp.explorable.graphics.theme import DARK, LIGHT

WIDE, SLIM = 680, 340  # pixels
SHARES = (0.1, 0.25, 0.5, 0.75, 1.0)  # of the range of budgets, for tables
SHOWN = 6  # matrices


def budgets(estimator) -> list[float]:
    """A few round budgets, in bits, up to the one with the least error."""
    low, high = estimator.bits_range_[0], estimator.best_bits_
    chosen = {round(low + share * (high - low), 0 if high > 8 else 1) for share in SHARES}
    return sorted(bits for bits in chosen if low <= bits <= high) or [high]


def error_name(estimator) -> str:
    if estimator.bottleneck_.target.classes is None:
        return "root mean squared error"
    return "cross-entropy in bits"


def terminal_table(estimator) -> str:
    """The plane for a terminal: bits, error with its standard error, and the features that say most."""
    names, plane = [one.name for one in estimator.features_], estimator.information_plane_
    lines = [f"\n  bits   {error_name(estimator):<28} where they are"]
    for bits in budgets(estimator):
        row = plane.at(bits)
        order = np.argsort(-row.features)[:4]
        told = ", ".join(f"{names[i]} {row.features[i]:.2f}" for i in order if row.features[i] >= 0.02)
        lines.append(f"{bits:6.1f}   {f'{row.error:.4g} ± {row.error_standard_error:.2g}':<28} {told}")
    return "\n".join([*lines, *(f"\n{words}" for words in [by_heart(estimator)] if words)])


def by_heart(estimator) -> str:
    """What to say of a fit whose error rises again with more bits: by more than its standard error."""
    plane, best = estimator.information_plane_, estimator.information_plane_.at(estimator.best_bits_)
    if plane.error[-1] <= best.error + best.error_standard_error:
        return ""
    return (
        f"The error is least at {estimator.best_bits_:.1f} bits, {best.error:.4g}. With more, up to {estimator.bits_range_[1]:.1f}, this fit knows its rows "
        f"by heart and errs more on others; more rows would help."
    )


def plane_csv(estimator) -> str:
    """One row for each price: its bits, error and features' bits, each with its standard error."""
    names, plane, text = (
        [one.name for one in estimator.features_],
        estimator.information_plane_,
        io.StringIO(),
    )
    write = csv.writer(text, lineterminator="\n")
    write.writerow(
        [
            "price",
            "bits",
            "bits_standard_error",
            "error",
            "error_standard_error",
            *(f"{name} bits" for name in names),
            *(f"{name} standard error" for name in names),
        ]
    )
    for t, bits, bits_se, error, error_se, features, features_se in zip(*plane):
        write.writerow(
            [f"{value:.6g}" for value in (t, bits, bits_se, error, error_se, *features, *features_se)]
        )
    return text.getvalue()


def plane_json(estimator, about: dict) -> str:
    plane, bottleneck = estimator.information_plane_, estimator.bottleneck_
    return (
        json.dumps(
            about
            | {
                "error": error_name(estimator),
                "features": [one.name for one in estimator.features_],
                "recipe": bottleneck.config.as_dict(),
                "seed": bottleneck.seed,
                "steps_done": estimator.n_steps_,
                "plane": {name: column.tolist() for name, column in plane._asdict().items()},
            },
            indent=1,
        )
        + "\n"
    )


def write_results(estimator, out: Path, about: dict) -> None:
    """Write all files of a decomposition into a folder, each whole or not at all; the report comes last."""
    picture = plane_picture(estimator.information_plane_, error_name(estimator), about["target"])
    estimator.save(out / "model.safetensors")
    write_atomic(out / "plane.json", plane_json(estimator, about).encode())
    write_atomic(out / "plane.csv", plane_csv(estimator).encode())
    write_atomic(
        out / "plane.svg",
        render(
            picture, WIDE, DrawOptions(theme="light"), f"Bits against error for {about['target']}"
        ).svg.encode(),
    )
    write_atomic(out / "report.html", report(estimator, about).encode())


def report(estimator, about: dict) -> str:
    """The report as one page of HTML with everything in it."""
    plane, bottleneck = estimator.information_plane_, estimator.bottleneck_
    names = [one.name for one in estimator.features_]
    rows = [(bits, plane.at(bits)) for bits in budgets(estimator)]
    order = np.argsort(-np.trapezoid(plane.features, plane.bits, axis=0))
    half = rows[len(rows) // 2][0]
    said = plane.at(half).features
    shown = [i for i in order if said[i] >= 0.02][:SHOWN]
    recipe = bottleneck.config.as_dict() | {
        "beta": [float(f"{price:.3g}") for price in bottleneck.config.beta]
    }
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    page = environment.from_string(files("infodecomp.cli").joinpath("report.html").read_text())
    return page.render(
        about=about,
        error=error_name(estimator),
        names=names,
        order=order.tolist(),
        rows=rows,
        half=half,
        light=LIGHT,
        dark=DARK,
        recipe=recipe,
        seed=bottleneck.seed,
        draws=estimator.draws,
        entropies=[one.entropy for one in estimator.features_],
        held=estimator.validation_fraction,
        plane=_both(plane_picture(plane, error_name(estimator), about["target"]), "Bits against error"),
        features=_both(
            feature_picture(plane, names, order.tolist()), "Bits of each column against bits in all"
        ),
        by_heart=by_heart(estimator),
        matrices=[
            (
                names[i],
                float(said[i]),
                _both(
                    matrix_picture(
                        bottleneck.features[i],
                        estimator.distinguishability(names[i], half),
                        names[i] in about["dates"],
                    ),
                    f"How far the values of {names[i]} are told apart",
                    330,
                    330,
                ),
            )
            for i in shown
        ],
    )


def _both(picture, label: str, wide: int = WIDE, slim: int = SLIM) -> dict:
    """A picture drawn for a wide page and for a phone."""
    return {"wide": render(picture, wide, label=label).svg, "slim": render(picture, slim, label=label).svg}
