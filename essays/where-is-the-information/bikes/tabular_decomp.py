"""The information plane of the bike rentals: what bits buy, and which features they are spent on."""

import numpy as np

from infodecomp.bottleneck.information_plane import InformationPlane
from infodecomp.explorable import figure, key_number

from .bikes import ATTRIBUTION, BITS, FEATURE, FEATURES, further_planes, label, listed, model, spent
from .pictures.decomp import PUBLISHED, budget_text, decomp_picture

SEEN = 0.15  # bits: a spread over fits below this is not mentioned


@figure(
    parameters=(BITS, FEATURE),
    title="What bits buy, and from which features",
    controls=("bits",),
    decimals=1,
    source="Published curve: Murphy & Bassett (2023)",
    attribution=ATTRIBUTION,
    presets={
        "half-a-bit": "bits=.5",
        "one-bit": "bits=1",
        "four-bits": "bits=4",
        "eight-bits": "bits=8",
        "all-bits": "bits=16",
        "look-hour": "feature=hour",
        "look-weekday": "feature=weekday",
        "look-workingday": "feature=workingday",
        "look-temperature": "feature=temperature",
        "look-feels-like": "feature=apparent_temperature",
        "look-season": "feature=season",
        "look-month": "feature=month",
        "look-humidity": "feature=humidity",
        "look-year": "feature=year",
        "look-holiday": "feature=holiday",
    },
)
def tabular_decomp(bits, feature):
    """Error and bits of every feature over all budgets, of the shipped fit and of fits with other seeds."""
    plane, names = model().plane, [one.name for one in model().features]
    at = plane.at(bits)
    every = np.maximum.accumulate(plane.bits)
    within = np.unique(np.append(every[(BITS.low < every) & (every < BITS.high)], (BITS.low, BITS.high)))
    front = {"bits": within, "rmse": np.interp(within, every, plane.error)}
    front |= {name: np.interp(within, every, plane.features[:, i]).clip(0) for i, name in enumerate(names)}
    return {
        "front": front,
        "seeds": [_other(seed, other, names, within) for seed, other in further_planes()],
        "bits": bits,
        "feature": feature,
        "rmse": at.error,
        "rmse_standard_error": at.error_standard_error,
        "spent": spent(bits),
        "published": float(np.interp(bits, *PUBLISHED)),
    }


def _other(seed: int, plane: InformationPlane, names: list, bits) -> dict:
    """The plane of another seed, read at the same budgets; NaN beyond its reach."""
    columns = {"rmse": plane.error} | dict(zip(names, np.transpose(plane.features)))
    spends = np.maximum.accumulate(plane.bits)
    return {"seed": seed} | {
        name: np.interp(bits, spends, np.clip(column, 0, None), left=np.nan, right=np.nan)
        for name, column in columns.items()
    }


@tabular_decomp.invert_point
def budget_at(state, x, y):
    """Pressing anywhere in a plane moves the budget there."""
    return {"bits": BITS.snap(x)}


tabular_decomp.draw(decomp_picture)


@tabular_decomp.values
def decomp_values(data):
    return {
        "bits": data["bits"],
        "rmse": data["rmse"],
        "rmse_standard_error": data["rmse_standard_error"],
        "published": data["published"],
        **{name: data["spent"][name] for name in FEATURES},
    }


@tabular_decomp.describe
def decomp_description(data):
    chosen, bits = data["feature"], data["bits"]
    off = key_number(f"off by {data['rmse']:.0f} bikes", "selection")
    sentence = f"With {bits:.1f} bits a guess is {off} an hour. They buy {listed(data['spent'])}."
    fits = [float(np.interp(bits, data["front"]["bits"], other[chosen])) for other in data["seeds"]]
    fits.append(data["spent"][chosen])
    if max(fits) - min(fits) > SEEN:
        sentence += f" Other fits buy {min(fits):.1f} to {max(fits):.1f} bits of {label(chosen)}."
    return sentence


@tabular_decomp.value_text
def decomp_value_text(data):
    return {"bits": budget_text(data)}


@tabular_decomp.table
def decomp_table(data):
    """Bits and error at every budget, and what each feature gets; named as the picture names them."""
    front = data["front"]
    columns = {"bits": front["bits"], "off_by": front["rmse"]}
    return columns | {label(name).replace(" ", "_"): front[name] for name in FEATURES}
