"""Information decomposition in torch: entropies, channels, allocations and the distributed bottleneck.

All information is in bits. The names in `__all__` are the public interface; ``__init__.pyi`` says which
module defines each. A module is imported when one of its names is first used, since torch takes seconds.
"""

from importlib import metadata

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

try:
    __version__ = metadata.version("infodecomp")
except metadata.PackageNotFoundError:  # a checkout that is not installed
    __version__ = "0+unknown"
