"""Four values encoded as four Gaussians: their distinguishability, information and its upper bound."""

import infodecomp
from infodecomp.explorable import figure, key_number

from .pictures.overlap import MEANS, WIDTHS, least_apart, overlap_picture


def _step(means, widths) -> str:
    return "&".join(
        f"{p.name}={p.write(v)}" for p, v in zip((*MEANS, *WIDTHS), (*means, *widths), strict=True)
    )


STEPS = {
    "codes-same": _step([0] * 4, [1] * 4),
    "codes-pairs": _step([-1, -1, 1, 1], [0.25] * 4),
    "codes-apart": _step([-3, -1, 1, 3], [0.2] * 4),
    "codes-near": _step([-0.45, -0.15, 0.15, 0.45], [0.05] * 4),
}


CODE = tuple(parameter for pair in zip(MEANS, WIDTHS) for parameter in pair)
NAMES = tuple(parameter.name for parameter in CODE)


@figure(
    parameters=CODE,
    title="Four values as four clouds",
    controls=NAMES,
    collapsed=NAMES,
    decimals=2,
    presets=STEPS,
)
def code_overlap(**code):
    """The information of four Gaussian encoders, the bound on it, and their pairwise distinguishability."""
    mean, deviation = ([code[f"{name}_{i}"] for i in range(1, 5)] for name in ("mean", "width"))
    bits = infodecomp.gaussian_encoder_information(mean, deviation)
    return {
        "mean": mean,
        "width": deviation,
        "information": bits.information.item(),
        "bound": bits.divergence.item(),
        "gap": max(bits.gap.item(), 0.0),
        "bound_each": infodecomp.gaussian_divergence(mean, deviation).numpy(),
        "apart": infodecomp.distinguishability(mean, deviation).numpy(),
    }


code_overlap.draw(overlap_picture)


@code_overlap.values
def overlap_values(data):
    return {
        "information": data["information"],
        "bound": data["bound"],
        "gap": data["gap"],
        "least": least_apart(data)[0],
    }


@code_overlap.describe
def overlap_description(data):
    information, bound = data["information"], data["bound"]
    if information < 0.005:
        return f"The four clouds are all alike: nothing gets through, and the bound charges {bound:.2f} bits."
    least, i, j = least_apart(data)
    worst = "hardly any values are confused" if least > 0.98 else f"values {i} and {j} are confused most"
    arrived, charged = key_number(f"{information:.2f} of 2 bits"), key_number(f"{bound:.2f}", "selection")
    return f"{arrived} get through; {worst}. Training would charge {charged}."


@code_overlap.value_text
def overlap_value_text(data):
    bits = f"{data['information']:.2f} bits get through, {data['bound']:.2f} charged"
    return {f"{name}_{i + 1}": f"{data[name][i]:.2f}; {bits}" for name in ("mean", "width") for i in range(4)}


@code_overlap.table
def overlap_table(data):
    return {
        "value": [1, 2, 3, 4],
        "mean": data["mean"],
        "width": data["width"],
        "bound": data["bound_each"],
    } | {f"apart_from_{j + 1}": [float(row[j]) for row in data["apart"]] for j in range(4)}
