"""The credit of a picture that leaves its page: its essay, its licence and the address of its state."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Credit:
    """Where a picture comes from, and under which licence it may be shown.

    Parameters
    ----------
    title : str
        Of the essay or, of a figure that no essay shows, of the site.
    address : str
        Of this state, for readers elsewhere; empty where the site has no public address.
    licence : str
        Name of the licence; empty if the site states none.
    """

    title: str = ""
    address: str = ""
    licence: str = ""

    def line(self, *more: str) -> str:
        """Return the credit as one line.

        Parameters
        ----------
        *more : str
            What stands before it, such as the source of the data; empty texts are left out.

        Returns
        -------
        str
        """
        licence = f"{self.licence} licence" if self.licence else ""
        return "  \u00b7  ".join(part for part in (*more, self.title, licence, self.address) if part)


NO_CREDIT = Credit()


@dataclass(frozen=True)
class SourceOf:
    """Where the data of a figure comes from, where a choice decides it.

    Parameters
    ----------
    choice : str
        Name of the parameter.
    texts : mapping of str to str
        Its value -> the source.
    """

    choice: str
    texts: Mapping[str, str]

    def __str__(self) -> str:
        return ". ".join(self.texts.values())


def is_public(origin: str) -> bool:
    """Return whether an address leads somewhere from other machines, which a loopback address does not."""
    host = urlsplit(origin).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return False
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return bool(host)
    return not (address.is_loopback or address.is_unspecified)
