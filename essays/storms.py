"""What the storm figures share: their parameters, the world they describe, and how towns and wires are drawn."""

from functools import lru_cache
from types import SimpleNamespace

import infodecomp
from infodecomp.explorable import Drawing, Range

DOTS = 33  # allocations along each town in the plane: 1,089 dots
BUDGETS = 161  # points of the front

P00 = Range(name="p00", label="A calm, B calm", default=0.1, low=0, high=1, unit="", role="yours")
P01 = Range(name="p01", label="A calm, B storm", default=0.2, low=0, high=1, unit="", role="yours")
P10 = Range(name="p10", label="A storm, B calm", default=0.3, low=0, high=1, unit="", role="yours")
P11 = Range(name="p11", label="A storm, B storm", default=0.9, low=0, high=1, unit="", role="yours")
STORMS = (P00, P01, P10, P11)

BITS_A = Range(name="bits_a", label="bits from town A", default=0.2, low=0, high=1, unit="bits", role="town-a")
BITS_B = Range(name="bits_b", label="bits from town B", default=0.8, low=0, high=1, unit="bits", role="town-b")


@lru_cache(maxsize=256)
def weather(p00: float, p01: float, p10: float, p11: float) -> SimpleNamespace:
    """The joint of the three towns with its plane and its front: what every storm figure of one world starts from."""
    joint = infodecomp.storm_joint([[p00, p01], [p10, p11]])
    plane = infodecomp.information_plane(joint, DOTS)
    most = plane.total[-1].item()
    front = infodecomp.information_front(joint, [most * step / (BUDGETS - 1) for step in range(BUDGETS)])
    return SimpleNamespace(joint=joint, plane=plane, front=front, most=most, entropy=plane.error[0].item(),
                           information=plane.information[-1].item())


def town(x, y, role: str, dx=0, dy=0, scale=1.0) -> Drawing:
    """Three houses and a telegraph pole's worth of skyline, standing on (x, y)."""
    return Drawing(x, y, (
        ("M-30 0v-17l11-9 11 9V0z", "paper", role),
        ("M-8 0v-25l12-10 12 10V0z", "paper", role),
        ("M16 0v-14l9-8 9 8V0z", "paper", role),
        ("M0 0v-9h8V0M-23 -13h5v5h-5zM-1 -22h4v5h-4zM6 -22h4v5h-4zM23 -10h5v5h-5z", "", role),
        ("M-38 0H42", "", role),
    ), scale=scale, dx=dx, dy=dy)


def percent(share: float) -> str:
    """A share in percent, with a space that does not break."""
    return f"{100 * share:.0f}\u202f%"
