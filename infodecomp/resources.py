"""Where the files beside the package are: essays, models, templates and static files."""

import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
INSTALLED = Path(sys.prefix) / "share" / "infodecomp"


def resource_folder(name: str) -> Path:
    """The folder with a name: the one in the checkout, or else the one that the wheel has installed.

    Parameters
    ----------
    name : str
        "essays", "models", "static" or "templates".
    """
    is_checkout = (CHECKOUT / "app.py").is_file()
    return (CHECKOUT if is_checkout else INSTALLED) / name
