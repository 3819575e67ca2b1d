"""What a report says about several fits that differ in their seeds."""

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from infodecomp.bottleneck.fits.ensemble import Ensemble

MIN_SHOWN_BITS = 0.02  # columns with less are left out of tables and matrices


def number_text(value: float, digits: int = 4) -> str:
    """A number with a few digits that count: 84,120 and 0.01234."""
    short = f"{value:.{digits}g}"
    return f"{float(short):,.0f}" if 10 ** (digits - 1) <= abs(value) < 1e12 else short


def ensemble_parts(ensemble: "Ensemble", budgets: list[float]) -> dict[str, Any]:
    """Means and spreads at those budgets that all fits can spend, as JSON-compatible values.

    Returns
    -------
    dict
        fits, twins (a text for each group), and rows: bits, error, error_spread, features, feature_spread.
    """
    low, high = float(ensemble.bits[0]), float(ensemble.bits[-1])
    chosen = sorted({min(max(bits, low), high) for bits in budgets})
    return {
        "fits": len(ensemble.planes),
        "twins": [_join(group) for group in ensemble.twins],
        "rows": [_at(ensemble, bits) for bits in chosen],
    }


def ensemble_sentences(ensemble: "Ensemble") -> list[str]:
    """Mean and spread at the bits that are enough, and which columns trade places, for a terminal."""
    low, high = float(ensemble.bits[0]), float(ensemble.bits[-1])
    row = _at(ensemble, min(max(ensemble.best_bits, low), high))
    columns = [
        f"{ensemble.names[i]} {row['features'][i]:.2f} ± {row['feature_spread'][i]:.2f}"
        for i in np.argsort(row["features"])[::-1]
        if row["features"][i] >= MIN_SHOWN_BITS
    ]
    return [
        f"{len(ensemble.planes)} fits with consecutive seeds, mean ± standard deviation over them at "
        f"{row['bits']:.1f} bits:",
        f"error {number_text(row['error'])} ± {number_text(row['error_spread'], 2)}; {', '.join(columns)}",
        *(
            f"{_join(group)} trade places from fit to fit: read their bits together."
            for group in ensemble.twins
        ),
    ]


def _at(ensemble: "Ensemble", bits: float) -> dict[str, Any]:
    """Means and spreads over the fits at one budget."""
    fits = [plane.at(bits) for plane in ensemble.planes]
    errors, features = np.stack([fit.error for fit in fits]), np.stack([fit.features for fit in fits])
    return {
        "bits": bits,
        "error": float(errors.mean()),
        "error_spread": float(errors.std(ddof=1)),
        "features": (np.maximum(features.mean(0), 0) + 0.0).tolist(),
        "feature_spread": features.std(0, ddof=1).tolist(),
    }


def _join(names: tuple[str, ...]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]])
