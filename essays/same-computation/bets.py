"""The reader's predictions: parameters that the figures share, so that each is kept and recalled."""

from infodecomp.explorable import Range, Toggle

BET_BITS = Range(
    name="bet_bits",
    label="who keeps more, and by how many bits",
    default=0.0,
    low=-2,
    high=3,
    former_bounds=(-3, 3),
    step=0.1,
    role="selection",
)
BET_RATIO = Range(
    name="bet_ratio",
    label="who shares more, and by how much",
    default=0.0,
    low=-1,
    high=1,
    step=0.05,
    role="selection",
    end_labels=("two with the table", "the same", "two that copy a bit"),
)
BET_BEATEN = Range(
    name="bet_beaten",
    label="networks more like another than themselves",
    default=20,
    low=0,
    high=40,
    step=1,
    role="selection",
)
BET_SURVIVORS = Range(
    name="bet_survivors",
    label="noisy copies of 100 that are still right",
    default=50,
    low=0,
    high=100,
    step=1,
    role="selection",
)
BET_CORRELATION = Range(
    name="bet_correlation",
    label="correlation of breadth and bits",
    default=0.0,
    low=-1,
    high=1,
    step=0.05,
    role="selection",
)
BET_NEURONS = Range(
    name="bet_neurons",
    label="neurons that are a fuzzy function",
    default=50,
    low=0,
    high=100,
    step=1,
    unit="%",
    role="selection",
)
SHOW_BITS = Toggle(name="show_bits", label="Show the answer")
SHOW_RATIO = Toggle(name="show_ratio", label="Show the answer")
SHOW_BEATEN = Toggle(name="show_beaten", label="Show the answer")
SHOW_SURVIVORS = Toggle(name="show_survivors", label="Show the answer")
SHOW_CORRELATION = Toggle(name="show_correlation", label="Show the answer")
SHOW_NEURONS = Toggle(name="show_neurons", label="Show the answer")
