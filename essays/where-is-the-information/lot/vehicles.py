"""The vehicles of the parking lot: what the reader does not see of one stays under a dust sheet."""

from dataclasses import dataclass

from infodecomp.explorable import Symbol

UNSEEN, SHORT, LONG = 5.2, 4.2, 6.6  # metres: drawn where the length is hidden or seen roughly
LENGTHS = {None: UNSEEN, "short": SHORT, "long": LONG}
WHEEL = 0.36  # metres: the radius of a wheel
PAINTS = {None: "wash", "blue": "series-1", "amber": "selection"}

FRONT = "M0 {base}V-.8Q.02-.98.3-1.02L1.06-1.14"  # bumper and bonnet, the same on all
SHEET = "M0 {base}V-.75Q.02-1.02.4-1.08L.9-1.16Q1.15-1.22 1.4-1.55Q1.55-1.75 1.85-1.75"
CAB_WINDOW = "M1.3-1.14L1.72-1.58H2.2V-1.14z"
SHEETED = {  # the shapes that can be guessed under a sheet: from the roof to the hem at the back
    None: "H{c}Q{d}-1.72 {e}-1.1L{l} {base}",
    "sloping": "H{b}L{e}-.98Q{l}-.92 {l}-.7V{base}",
    "square": "H{d}Q{l}-1.75 {l}-1.5V{base}",
    "open": "Q2.3-1.75 2.45-1.4T2.9-1.02H{d}Q{l}-1 {l}-.8V{base}",
}


@dataclass(frozen=True)
class Vehicle:
    """A vehicle on (x, y), facing left, in metres of the axis x.

    length: metres, 'short', 'long' or None; rear: a kind of rear, a rough shape or None; wheels: their
    number, 'more' or None; colour: a paint or None. pale: drawn faintly.
    """

    x: float
    y: float
    length: object = None
    rear: str | None = None
    wheels: object = None
    colour: str | None = None
    pale: bool = False

    def svg(self, frame) -> str:
        length = LENGTHS.get(self.length, self.length)
        base = -0.04 if self.wheels is None else -0.42
        covered, paint = self.wheels is None, PAINTS[self.colour]
        if self.rear in SHAPES:
            body = SHAPES[self.rear](length, base, covered, paint)
        else:
            body = _sheet(length, base, covered, paint, self.rear)
        hem = ((_folds(length), "", "ink"),) if covered else ()
        return Symbol(
            self.x,
            self.y,
            (*body, *hem, *_wheels(self.wheels, length)),
            scale=frame.x.slope,
            weight=1.3 if frame.narrow else 1.6,
            opacity=0.4 if self.pale else 1,
        ).svg(frame)


def _n(value: float) -> str:
    return f"{value:.2f}"


def _hem(start: float, end: float, covered: bool) -> str:
    """The lower edge, from right to left."""
    return f"H{_n(end)}"


def _folds(length: float) -> str:
    """The folds of a sheet that hangs to the ground, as short strokes along its hem."""
    count = round(length / 0.62)
    return "".join(f"M{_n(length * (i + 0.5) / count)}-.34q.05.14 0 .3" for i in range(count))


def _sheet(length, base, covered, paint, rear):
    """All or most of it under a sheet."""
    places = {
        "b": length - 1.7,
        "c": length - 1.1,
        "d": length - 0.3,
        "e": length - 0.12,
        "l": length,
        "base": base,
    }
    top = (SHEET + SHEETED[rear]).format(**{name: _n(value) for name, value in places.items()})
    folds = [
        "M.5-.82Q.46-.66.52-.52M1.75-1.3Q1.68-.8 1.76-.54",
        f"M{_n(length - 0.75)}-.82Q{_n(length - 0.68)}-.66 {_n(length - 0.74)}-.54",
    ]
    if rear != "open":
        folds.append(f"M{_n(length / 2 + 0.5)}-1.2Q{_n(length / 2 + 0.44)}-.8 {_n(length / 2 + 0.52)}-.55")
    return ((top + _hem(length, 0, covered) + "z", paint, "ink"), ("".join(folds), "", "ink"))


def _closed(length, base, covered, paint, back: str, windows: str):
    """A car with a roof: bonnet, windscreen and roof as far as `back` begins."""
    body = f"{FRONT.format(base=base)}L1.6-1.66Q1.68-1.75 1.85-1.75{back}V{base}{_hem(length, 0, covered)}z"
    return (body, paint, "ink"), (CAB_WINDOW + windows, "paper", "ink")


def _slope(length, base, covered, paint):
    side = f"M2.4-1.58H{_n(length - 1.05)}L{_n(length - 0.55)}-1.14H2.4z"
    return _closed(
        length,
        base,
        covered,
        paint,
        f"H{_n(length - 1.1)}Q{_n(length - 0.85)}-1.72 {_n(length - 0.1)}-.98L{_n(length)}-.8",
        side,
    )


def _step(length, base, covered, paint):
    side = f"M2.4-1.58H{_n(length - 1.75)}L{_n(length - 1.3)}-1.14H2.4z"
    back = (
        f"H{_n(length - 1.75)}Q{_n(length - 1.6)}-1.75 {_n(length - 1.45)}-1.6L{_n(length - 0.95)}-1.12"
        f"L{_n(length - 0.15)}-1.08Q{_n(length)}-1.05 {_n(length)}-.85"
    )
    return _closed(length, base, covered, paint, back, side)


def _upright(length, base, covered, paint):
    side = f"M2.4-1.58H{_n(length - 0.3)}L{_n(length - 0.2)}-1.14H2.4z"
    return _closed(
        length,
        base,
        covered,
        paint,
        f"H{_n(length - 0.3)}Q{_n(length - 0.14)}-1.75 {_n(length - 0.1)}-1.6L{_n(length)}-1.05",
        side,
    )


def _open_top(length, base, covered, paint):
    body = (
        f"{FRONT.format(base=base)}H{_n(length - 1.25)}L{_n(length - 0.2)}-1.08"
        f"Q{_n(length)}-1.05 {_n(length)}-.85V{base}"
        f"{_hem(length, 0, covered)}z"
    )
    seats = "M1.95-1.14L2.1-1.5Q2.22-1.56 2.3-1.46L2.24-1.14z"
    hood = (
        f"M{_n(length - 1.3)}-1.14Q{_n(length - 1.2)}-1.36 {_n(length - 0.85)}-1.28L{_n(length - 0.65)}-1.11"
    )
    return (
        (seats, "paper", "ink"),
        (hood, "paper", "ink"),
        (body, paint, "ink"),
        ("M1.06-1.14L1.5-1.64", "", "ink"),
    )


def _cab(base, covered, paint):
    roof = "L1.6-1.66Q1.68-1.75 1.85-1.75H2.2Q2.36-1.75 2.36-1.6"
    body = f"{FRONT.format(base=base)}{roof}V{base}{_hem(2.36, 0, covered)}z"
    return (body, paint, "ink"), (CAB_WINDOW.replace("2.2", "2.14"), "paper", "ink")


def _load(left, right, top, base, covered, paint):
    """What a truck carries its load in: from left to right, as high as top."""
    return (f"M{_n(left)} {base}V{_n(top)}H{_n(right)}V{base}{_hem(right, left, covered)}z", paint, "ink")


def _bed(length, base, covered, paint):
    return (
        _load(2.36, length, -1.02, base, covered, paint),
        *_cab(base, covered, paint),
        (f"M2.56-.8H{_n(length - 0.2)}", "", "ink"),
    )


def _box(length, base, covered, paint):
    return (
        _load(2.5, length, -2.5, base if covered else base - 0.1, covered, paint),
        *_cab(base, covered, paint),
        (f"M2.36 {base}H{_n(length)}M{_n(length - 0.3)}-2.3V-.75", "", "ink"),
    )


def _trailer(length, base, covered, paint):
    middle = 2.5 + (length - 2.5) * 0.42
    low = base if covered else base - 0.1
    return (
        _load(2.5, middle - 0.14, -2.5, low, covered, paint),
        _load(middle + 0.14, length, -2.5, low, covered, paint),
        *_cab(base, covered, paint),
        (f"M2.36 {base}H{_n(length)}M{_n(length - 0.3)}-2.3V-.75", "", "ink"),
    )


SHAPES = {
    "slope": _slope,
    "step": _step,
    "upright": _upright,
    "open top": _open_top,
    "bed": _bed,
    "box": _box,
    "trailer": _trailer,
}


def _wheels(wheels, length):
    """Half of its wheels, the near ones; 'more' is a blurred row of them."""
    if wheels is None:
        return ()
    last = length - 0.75
    if wheels == "more":
        first, end = _n(last - 1.1), f"a{WHEEL} {WHEEL} 0 0 1 0 "
        row = f"M{first} {-2 * WHEEL}H{_n(last)}{end}{2 * WHEEL}H{first}{end}{-2 * WHEEL}z"
        return *_round((0.85,)), (row, "faint", "ink")
    axles = {4: (0.85, last), 6: (0.85, last - 0.8, last), 10: (0.85, 2.05, 2.85, last - 0.8, last)}[wheels]
    return _round(axles)


def _round(axles):
    def circles(radius):
        half = f"a{radius} {radius} 0 1 1"
        return "".join(
            f"M{_n(x - radius)} {-WHEEL}{half} {2 * radius} 0{half} {-2 * radius} 0z" for x in axles
        )

    return (circles(WHEEL), "paper", "ink"), (circles(0.1), "ink", "")
