"""The address of a state as a QR code, for people who see it on a slide."""

from infodecomp.explorable.core.errors import NotFound
from infodecomp.explorable.graphics.scales import format_number

QUIET = 4  # modules of white around a code, as ISO/IEC 18004 asks for


def qr_code(address: str) -> str:
    """Return an address as an SVG of its QR code, one pixel a module.

    Parameters
    ----------
    address : str

    Raises
    ------
    NotFound
        If there is no address.
    """
    side = len(_modules(address)) + 2 * QUIET
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{8 * side}" height="{8 * side}" '
        f'viewBox="0 0 {side} {side}" role="img"><title>QR code of {_escaped(address)}</title>'
        f"{qr_modules(address, 0, 0, side)}</svg>"
    )


def qr_modules(address: str, x: float, y: float, size: float) -> str:
    """Return a QR code with its white border as SVG elements.

    Parameters
    ----------
    address : str
    x, y, size : float
        Left, top and side of its square.

    Raises
    ------
    NotFound
        If there is no address.
    """
    rows = _modules(address)
    side = len(rows) + 2 * QUIET
    runs = "".join(
        f"M{left + QUIET} {top + QUIET + 0.5}h1"
        for top, row in enumerate(rows)
        for left, is_dark in enumerate(row)
        if is_dark
    )
    return (
        f'<g transform="translate({format_number(x)} {format_number(y)}) '
        f'scale({format_number(size / side, 4)})">'
        f'<rect width="{side}" height="{side}" fill="#ffffff"/>'
        f'<path d="{runs}" stroke="#000000" stroke-width="1.02" fill="none"/></g>'
    )


def check_address(address: str) -> None:
    """Raise NotFound, with what to do about it, if there is no address that a code could show."""
    if not address:
        raise NotFound(
            "This site is reached at an address that leads nowhere from another machine, so there is no QR "
            "code of it: set INFODECOMP_ORIGIN to its public address, or serve it with HOST=0.0.0.0 and ask "
            "for it by the name of this machine."
        )


def _modules(address: str) -> tuple[bytearray, ...]:
    """The rows of a code: 1 for each dark module."""
    check_address(address)
    import segno

    return segno.make_qr(address).matrix


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
