"""One telegraph line: a message is sent over it, and the figure shows what arrives."""

from functools import lru_cache
from statistics import NormalDist

import numpy as np

import infodecomp
from infodecomp.explorable import Choice, HConcat, Range, figure, key_number

from .line_pictures import bought_picture, channel_picture, message_picture, noise_words, voltage_picture

DIGITS = 24

LINE = Choice(
    name="line",
    label="The line",
    default="flip",
    options={"flip": "flips digits", "voltage": "adds noise to a voltage"},
)
BITS_LINE = Range(
    name="bits_line", label="bits from town A", default=0.9, low=0, high=1, unit="bits", role="series-1"
)
MESSAGE = Range(name="message", label="message number", default=43, low=0, high=999, step=1)


@lru_cache(maxsize=512)
def line_noise(line: str, bits: float) -> float:
    """The noise at which a line delivers these bits of a fair digit: a crossover probability, or volts."""
    return (infodecomp.bsc_crossover_probability if line == "flip" else infodecomp.gaussian_channel_noise)(
        bits
    ).item()


def noise_place(line: str, noise):
    """The position of a noise on its axis: a crossover probability, or s / (1 + s) for s volts."""
    return noise if line == "flip" else 1 - 1 / (1 + np.asarray(noise))


@lru_cache(maxsize=2)
def curve(line: str) -> tuple[np.ndarray, np.ndarray]:
    """Bits and noise positions of all lines of one kind, (n,) each, denser at the ends."""
    bits = (1 - np.cos(np.linspace(0, np.pi, 121))) / 2
    noise = (infodecomp.bsc_crossover_probability if line == "flip" else infodecomp.gaussian_channel_noise)(
        bits
    ).numpy()
    return bits, noise_place(line, noise)


@lru_cache(maxsize=64)
def drawn_message(number: int) -> tuple[np.ndarray, np.ndarray]:
    """The digits of a message, (DIGITS,), and a uniform random number for each."""
    generator = np.random.default_rng(number)
    return generator.integers(0, 2, DIGITS), generator.uniform(1e-12, 1, DIGITS)


def flipped(sent, luck, flip: float) -> np.ndarray:
    """The digits after a binary symmetric channel: those with luck below the crossover probability flip."""
    return np.where(luck < flip, 1 - sent, sent)


def voltages(sent, luck, noise: float) -> np.ndarray:
    """The voltages after a Gaussian channel: +1 or -1 V plus noise; luck below P(N > 1/s) is a wrong digit.

    At infinite noise, in units of that noise: the deviate alone.
    """
    push = np.array([NormalDist().inv_cdf(chance) for chance in luck.tolist()])
    return (2 * sent - 1) * (push if noise == np.inf else 1 + noise * push)


STEPS = {
    "line-perfect": "bits_line=1",
    "line-half": "bits_line=.5",
    "line-tenth": "bits_line=.1",
    "line-deaf": "bits_line=.01",
    "line-silent": "bits_line=0",
    "line-volts": "line=voltage",
    "line-flips": "line=flip",
}


@figure(
    parameters=(LINE, BITS_LINE, MESSAGE),
    title="A message over a noisy line",
    decimals=2,
    presets=STEPS,
    controls=("line", "bits_line", "message"),
)
def telegraph_line(line, bits_line, message):
    """A message of zeros and ones, what arrives of it, and the noise that the bits of the line allow."""
    noise = line_noise(line, bits_line)
    sent, luck = drawn_message(message)
    data = {
        "line": line,
        "bits": bits_line,
        "noise": noise if noise < np.inf else None,
        "place": float(noise_place(line, noise)),
        "message": message,
        "next_message": (message + 1) % (MESSAGE.high + 1),
    }
    if line == "flip":
        received = flipped(sent, luck, noise)
    else:
        voltage = voltages(sent, luck, noise)
        received = (voltage > 0).astype(int)
        data |= _in_the_picture(voltage, noise)
    bits, places = curve(line)
    return data | {
        "digits": {
            "sent": sent,
            "received": received,
            **({"voltage": data["voltage"]} if line == "voltage" else {}),
        },
        "curve": {"noise": places, "bits": bits},
        "wrong": int((sent != received).sum()),
    }


def _in_the_picture(voltage, noise: float) -> dict:
    """Voltages and their densities, relative to half the length of an axis that grows with the noise."""
    endless = noise == np.inf
    drawn = min(max(noise, 0.04), 1e6)  # volts: beyond, the picture changes no more
    reach = max(3.0, 1 + 2.5 * drawn)
    at = np.union1d(
        np.linspace(-1, 1, 121), np.add.outer([-1, 1], drawn * np.linspace(-4, 4, 33)).ravel() / reach
    )
    at = at[abs(at) <= 1]
    density = infodecomp.gaussian_channel_density(at * reach, drawn).numpy()
    return {
        "reach": None if endless else reach,
        "voltage": [None] * len(voltage) if endless else voltage,
        "height": np.clip(voltage / (2.5 if endless else reach), -1, 1),
        "level": 1 / reach,
        "density": {
            "place": at,
            "after_0": density[:, 0] / density.max(),
            "after_1": density[:, 1] / density.max(),
        },
    }


@telegraph_line.draw
def line_picture(data):
    bought = bought_picture(data, BITS_LINE)
    below = HConcat(
        (bought, channel_picture(data) if data["line"] == "flip" else voltage_picture(data)), (1, 1), gap=30
    )
    return HConcat((message_picture(data), below), (1, 1), stack_below=float("inf"))


@telegraph_line.invert_point
def grab_noise(state, x, y):
    """The bits of the nearest point of the curve, each axis scaled by its length."""
    steps = np.linspace(BITS_LINE.low, BITS_LINE.high, round(1 / BITS_LINE.step) + 1)
    places = _places(state["line"])
    span = 0.5 if state["line"] == "flip" else 1.0
    return {
        "bits_line": BITS_LINE.snap(steps[np.argmin(((places - x) / span) ** 2 + (steps - y) ** 2)].item())
    }


@lru_cache(maxsize=2)
def _places(line: str) -> np.ndarray:
    """The noise position of every step of the slider."""
    steps = np.linspace(BITS_LINE.low, BITS_LINE.high, round(1 / BITS_LINE.step) + 1)
    return np.array([noise_place(line, line_noise(line, bits)) for bits in steps.tolist()])


@telegraph_line.values
def line_values(data):
    noise = "infinite" if data["noise"] is None else data["noise"]
    return {
        "information": data["bits"],
        "lost": 1 - data["bits"],
        "noise": noise,
        "wrong": data["wrong"],
        "sent": DIGITS,
    }


@telegraph_line.describe
def line_description(data):
    bits, wrong = data["bits"], data["wrong"]
    if bits == 1:
        return "A perfect line: every digit is read as it was sent, so the whole bit in each of them arrives."
    if bits == 0:
        right = DIGITS - wrong
        return f"With {noise_words(data)} nothing gets through: {right} of {DIGITS} are right, by luck alone."
    verb, count = "comes" if wrong == 1 else "come", f"{wrong or 'none'} of these {DIGITS}"
    sentence = (
        f"At {key_number(f'{bits:.2f} bits', 'series-1')} a digit, with {noise_words(data)}, "
        f"{key_number(count)} {verb} out wrong"
    )
    if not wrong:
        return sentence + "."
    return sentence + (
        ", and whoever receives them can't tell which."
        if data["line"] == "flip"
        else "; those near the middle are in doubt."
    )


@telegraph_line.value_text
def line_value_text(data):
    wrong = f"{data['wrong']} of {DIGITS} digits wrong"
    return {
        "line": f"{LINE.show(data['line'])}; {wrong}",
        "bits_line": f"{data['bits']:.2f} bits; {noise_words(data)}; {wrong}",
        "message": f"message {data['message']}; {wrong}",
    }


@telegraph_line.table
def line_table(data):
    return data["digits"]
