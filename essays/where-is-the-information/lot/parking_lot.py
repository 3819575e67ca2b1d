"""The parking lot: which differences between vehicles tell cars from trucks, counted over sixteen of them."""

import numpy as np

import infodecomp
from infodecomp.explorable import Axis, BitGauge, Choice, Label, Line, Plot, figure, key_number

from .vehicles import Vehicle

CLASSES = ("car", "truck")
KINDS = {  # kind -> class, length in metres, rear, wheels
    "hatchback": ("car", 3.6, "slope", 4),
    "saloon": ("car", 4.8, "step", 4),
    "estate": ("car", 4.8, "upright", 4),
    "convertible": ("car", 4.2, "open top", 4),
    "pick-up": ("truck", 3.6, "bed", 4),
    "van": ("truck", 5.4, "upright", 4),
    "box lorry": ("truck", 6.4, "box", 6),
    "lorry with trailer": ("truck", 7.4, "trailer", 10),
}
# Each kind is parked once in each paint: whatever else is seen, the paint says nothing about car or truck.
LOT = (
    (("van", "blue"), ("saloon", "amber"), ("box lorry", "blue"), ("convertible", "amber")),
    (("estate", "amber"), ("pick-up", "blue"), ("hatchback", "amber"), ("lorry with trailer", "amber")),
    (("lorry with trailer", "blue"), ("convertible", "blue"), ("pick-up", "amber"), ("estate", "blue")),
    (("hatchback", "blue"), ("box lorry", "amber"), ("saloon", "blue"), ("van", "amber")),
)
PARKED = tuple((kind, paint) for row in LOT for kind, paint in row)
ROUGH_REARS = {
    "slope": "sloping",
    "step": "sloping",
    "upright": "square",
    "box": "square",
    "trailer": "square",
    "open top": "open",
    "bed": "open",
}
SLOT = 8.2  # metres: a bay with the longest lorry in it

SEE_LENGTH = Choice(
    name="see_length",
    label="Length",
    default="hidden",
    options={"hidden": "hidden", "coarse": "short or long", "sharp": "in metres"},
)
SEE_REAR = Choice(
    name="see_rear",
    label="Rear",
    default="hidden",
    options={"hidden": "hidden", "coarse": "rough shape", "sharp": "exact shape"},
)
SEE_WHEELS = Choice(
    name="see_wheels",
    label="Wheels",
    default="hidden",
    options={"hidden": "hidden", "coarse": "four or more", "sharp": "counted"},
)
SEE_COLOUR = Choice(
    name="see_colour", label="Colour", default="hidden", options={"hidden": "hidden", "sharp": "seen"}
)
SEE = (SEE_LENGTH, SEE_REAR, SEE_WHEELS, SEE_COLOUR)


def _see(length="hidden", rear="hidden", wheels="hidden", colour="hidden") -> str:
    """A state that says of every feature how it is seen, as a query string."""
    return f"see_length={length}&see_rear={rear}&see_wheels={wheels}&see_colour={colour}"


def message(kind: str, paint: str, see_length: str, see_rear: str, see_wheels: str, see_colour: str) -> tuple:
    """What is seen of a vehicle: length, rear, wheels and colour; None for what is hidden."""
    _, length, rear, wheels = KINDS[kind]
    return (
        {"hidden": None, "coarse": "short" if length < 5 else "long", "sharp": length}[see_length],
        {"hidden": None, "coarse": ROUGH_REARS[rear], "sharp": rear}[see_rear],
        {"hidden": None, "coarse": 4 if wheels == 4 else "more", "sharp": wheels}[see_wheels],
        {"hidden": None, "sharp": paint}[see_colour],
    )


@figure(
    parameters=SEE,
    title="Where is the information about car or truck?",
    controls=[p.name for p in SEE],
    presets={
        "see-nothing": _see(),
        "only-colour": _see(colour="sharp"),
        "only-length": _see(length="coarse"),
        "exact-length": _see(length="sharp"),
        "only-rear": _see(rear="sharp"),
        "only-wheels": _see(wheels="sharp"),
        "length-and-rear": _see(length="coarse", rear="sharp"),
        "all": _see(length="sharp", rear="sharp", wheels="sharp", colour="sharp"),
    },
)
def parking_lot(**see):
    """How sixteen vehicles look when only some features are seen, and the bits about car or truck in that."""
    messages = [message(kind, paint, **see) for kind, paint in PARKED]
    looks = list(dict.fromkeys(messages))
    counts = np.zeros((len(looks), len(CLASSES)))
    classes = [KINDS[kind][0] for kind, _ in PARKED]
    for seen, name in zip(messages, classes):
        counts[looks.index(seen), CLASSES.index(name)] += 1
    joint = counts / counts.sum()
    entropy = infodecomp.entropy(joint.sum(0)).item()
    information = infodecomp.mutual_information(joint).item()
    mixed = (counts > 0).all(1)
    return {
        "vehicles": {
            "kind": [kind for kind, _ in PARKED],
            "class": classes,
            "length": [KINDS[kind][1] for kind, _ in PARKED],
            "rear": [KINDS[kind][2] for kind, _ in PARKED],
            "wheels": [KINDS[kind][3] for kind, _ in PARKED],
            "colour": [paint for _, paint in PARKED],
            "look": [chr(ord("A") + looks.index(seen)) for seen in messages],
            "settled": [not bool(mixed[looks.index(seen)]) for seen in messages],
        },
        "seen": messages,
        "see": see,
        "looks": len(looks),
        "entropy": entropy,
        "information": information,
        "left": max(entropy - information, 0.0),
        "spent": infodecomp.entropy(joint.sum(1)).item() + 0.0,  # no minus before a zero
    }


@parking_lot.draw
def lot_picture(data):
    marks = [
        *_account(0, "you pay for", data["spent"], 4, "selection", "selection-text"),
        *_account(2, "tells cars from trucks", data["information"], 1, "target", "target-text"),
    ]
    vehicles = data["vehicles"]
    for index, seen in enumerate(data["seen"]):
        row, bay = divmod(index, 4)
        x, y = bay * SLOT, -row
        settled = vehicles["settled"][index]
        marks += [
            Line((x + 0.1, x + SLOT - 0.3), (y, y), "faint", width=1.2),
            Vehicle(x + 0.3, y, *seen, pale=bool(data["spent"]) and not settled),
            Label(
                x + 0.3,
                y,
                vehicles["class"][index] if settled else "?",
                "target-text" if settled else "muted",
                dy=15,
                size=12.5,
                bold=settled,
            ),
        ]
    return Plot(
        tuple(marks),
        Axis(domain=(0, 4 * SLOT), hidden=True),
        Axis(domain=(-3, 0.85), hidden=True),
        ratio=0.56,
        heights=(300, 356),
        margins=(54, 4, 24, 4),
    )


def _account(bay, words, bits, whole, role, text_role):
    """An amount of bits with its name, above a bay."""
    x = bay * SLOT
    yield Label(x, 0.85, words, "muted", dx=1, dy=-42)
    yield BitGauge(x, 0.85, bits, role, whole=whole, side=16, dx=1, dy=-24)
    yield Label(x, 0.85, f"{bits:.2f} bits", text_role, dx=whole * 20 + 5, dy=-19, bold=True)


@parking_lot.values
def lot_values(data):
    return {name: data[name] for name in ("information", "spent", "entropy", "left", "looks")}


@parking_lot.describe
def lot_description(data):
    seen = _seen(data["see"])
    if not seen:
        return "Sixteen vehicles under dust sheets. You are one bit short of telling cars from trucks."
    pale = data["vehicles"]["settled"].count(False)
    doubt = f"The {pale} marked ? could be either." if pale else "No doubt is left."
    spent = key_number(f"{data['spent']:.2f} bits", "selection")
    information = key_number(f"{data['information']:.2f}", "target")
    return (
        f"You see {seen}. That costs {spent}, and {information} of them help tell cars from trucks. {doubt}"
    )


def _seen(see) -> str:
    """The features that are seen, in words."""
    named = {
        how: [name.removeprefix("see_") for name, seen in see.items() if seen == how]
        for how in ("sharp", "coarse")
    }
    parts = [word + _listed(names) for word, names in zip(("the ", "roughly the "), named.values()) if names]
    return " and ".join(parts)


def _listed(names: list) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


@parking_lot.value_text
def lot_value_text(data):
    bits = f"{data['information']:.2f} of 1 bit about car or truck"
    return {parameter.name: f"{parameter.show(data['see'][parameter.name])}; {bits}" for parameter in SEE}


@parking_lot.table
def lot_table(data):
    return data["vehicles"]
