"""Twenty-bit codes of handwritten digits, with a price on the information that they carry."""

import math
from functools import lru_cache

import numpy as np

from infodecomp.deterministic.bit_autoencoder import BATCH, N_CODE, N_EXAMPLES, STEPS
from infodecomp.experiments.deterministic import BIT_AUTOENCODER, PRICES
from infodecomp.explorable import Axis, Choice, HConcat, IterationSlider, Label, Plot, Raster, figure

from ..meters import Meter, meters

LAST = len(STEPS) - 1
N_DIGITS = 10
DIGITS = (  # the pixels of those images, row by row, 0 to 9 and a to g for 0 to 16
    "005d910000dfaf5003f20b8004c008800580098004b01c7002e5ac00006da000",
    "000cd500000bg900003fg60007fgg200001gg300001gg600001gg600000bga00",
    "0004fc00003gfe00008d8g000016fb00018df10009gg500003dggb500003bg90",
    "007fd10008d6f400021dd000002fb1000001cc1000001a8000845e90007dd900",
    "0001b00000078000001d6220007f098005ga0g6004fgdg100003fa000002g400",
    "00ca000000egge0000dgfa1000bgg70000047g7000004g900054cg40009gga00",
    "000cd000005g800000dg300000ed000000fc720000dgdg30007gbf800019fb30",
    "0078dgf100774bc000008d100488ff6002bff400000g5000009f100000d50000",
    "009e810000ceec00009a0f40003gce20004gg20003g8ad2001f13g8000bgfb10",
    "00bc000002gggd0003gcae0001g1cf0000dg9f20000309b000009f40009cd300",
)
CODE_PRICE = Choice(
    name="code_price",
    label="Price of a bit",
    default="0.3",
    options={f"{price:g}": "free" if price == 0 else f"{price:g}" for price in PRICES},
)
TRAINED = IterationSlider(
    name="trained",
    label="training",
    default=LAST,
    high=LAST,
    resets_on=("code_price",),
    play_label="Train",
    max_rate=8,
    role="selection",
    format=lambda index: f"{STEPS[round(index)]:,} steps",
)


@figure(
    parameters=(CODE_PRICE, TRAINED),
    title="Twenty bits with a price",
    controls=("code_price", "trained"),
    decimals=2,
    presets={
        **{f"code-{price:g}".replace(".", "-"): f"code_price={price:g}&trained={LAST}" for price in PRICES},
        "code-untrained": "trained=0",
    },
    source=f"{N_EXAMPLES:,} digits of 8 by 8 pixels; I(X;Z) against all of them, no bound.",
    attribution="Digits: Alpaydin & Kaynak, UCI Machine Learning Repository, CC BY 4.0",
)
def bit_autoencoder(code_price, trained):
    """Codes and reconstructions of ten digits at a price and a step, and what the code knows."""
    snapshot = BIT_AUTOENCODER.at(trained, price=float(code_price))
    return {
        "price": float(code_price),
        "step": snapshot.step,
        "information": snapshot.information.bits,
        "batch": snapshot.batch_information.bits,
        "noise": snapshot.noise,
        "error": snapshot.error,
        "probabilities": snapshot.probabilities.numpy(),
        "images": snapshot.images.numpy(),
        "originals": _originals(),
        "settled": int((abs(snapshot.probabilities.numpy() - 0.5) > 0.4).all(0).sum()),
    }


@lru_cache(maxsize=1)
def _originals() -> np.ndarray:
    """The first image (10, 64) of every digit, of which the codes are shown."""
    return np.array([[int(c, 36) for c in row] for row in DIGITS]) / 16


@bit_autoencoder.is_cached
def is_cached(state):
    return BIT_AUTOENCODER.is_cached(state["trained"], price=float(state["code_price"]))


@bit_autoencoder.advance
def advance(state):
    BIT_AUTOENCODER.advance(state["trained"], price=float(state["code_price"]))


@bit_autoencoder.draw
def picture(data):
    rows = (
        Meter("in the code, I(X;Z)", data["information"], "series-1"),
        Meter(f"seen {BATCH} at a time", data["batch"], "noise"),
        Meter("pure chance, H(Z|X)", data["noise"], "series-2"),
    )
    bars = meters(rows, math.log2(N_EXAMPLES) + 0.2)
    error = Plot(
        (
            Label(0, 0.5, "wrong in a reconstruction", "ink", dy=0),
            Label(1, 0.5, f"{data['error']:.2f}", "ink", "end", bold=True),
            Label(0, 0.05, "summed squared error of 64 pixels", "muted", size=12),
        ),
        Axis(domain=(0, 1), hidden=True),
        Axis(domain=(0, 1), hidden=True),
        heights=(64, 64),
        margins=(8, 4, 8, 4),
    )
    right = HConcat((bars, error), (1, 1), stack_below=math.inf)
    return HConcat((_codes(data), right), (1.25, 1), gap=30)


def _codes(data) -> Plot:
    """One column of pixels, code and reconstruction for each digit."""
    marks: list = [
        Raster(0, 4.1, N_DIGITS, 5.1, _tiles(data["originals"]), "target"),
        Raster(0, 0.0, N_DIGITS, 1.0, _tiles(data["images"]), "target"),
        Raster(0, 1.15, N_DIGITS, 3.95, _barcode(data["probabilities"]), "series-1"),
        Label(0, 5.1, "digit", "muted", dy=-6, size=12),
        Label(0, 3.95, "20 bits", "muted", "end", dx=-6, dy=12, size=12, narrow=""),
        Label(0, 0.5, "back", "muted", "end", dx=-6, dy=4, size=12, narrow=""),
    ]
    return Plot(
        tuple(marks),
        Axis(domain=(0, N_DIGITS), hidden=True),
        Axis(domain=(0, 5.1), hidden=True),
        ratio=0.7,
        heights=(230, 300),
        margins=(22, 4, 6, 48),
    )


def _tiles(images: np.ndarray) -> np.ndarray:
    """Ten images (10, 64) beside each other, (8, 90), with a column between two."""
    padded = np.pad(images.reshape(N_DIGITS, 8, 8), ((0, 0), (0, 0), (0, 1)))
    return padded.transpose(1, 0, 2).reshape(8, 9 * N_DIGITS)


def _barcode(probabilities: np.ndarray) -> np.ndarray:
    """P(bit = 1) of every bit (rows) and digit (columns), with gaps: full is 1, empty 0, pale a coin flip."""
    cells = np.zeros((3 * N_CODE, 9 * N_DIGITS))
    for bit in range(N_CODE):
        for digit in range(N_DIGITS):
            cells[3 * bit : 3 * bit + 2, 9 * digit : 9 * digit + 8] = 0.04 + 0.96 * probabilities[digit, bit]
    return cells


@bit_autoencoder.values
def values(data):
    names = ("information", "batch", "noise", "error", "step", "settled")
    return {name: data[name] for name in names}


@bit_autoencoder.describe
def describe(data):
    price = "free bits" if data["price"] == 0 else f"a price of {data['price']:g}"
    return (
        f"With {price}, after {data['step']:,} steps, a code has {max(data['information'], 0):.2f} bits "
        f"about its digit and {data['noise']:.2f} bits of chance."
    )


@bit_autoencoder.table
def table(data):
    return {
        "digit": np.repeat(np.arange(N_DIGITS), N_CODE),
        "bit": np.tile(np.arange(N_CODE), N_DIGITS),
        "probability": data["probabilities"].ravel(),
    }
