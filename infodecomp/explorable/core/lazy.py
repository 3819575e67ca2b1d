"""Once: an attribute that is made when it is first asked for."""

from collections.abc import Callable


class lazy_property:
    """As functools.cached_property, which in Python 3.11 holds one lock for all objects of a class: there, a state that trains for
    twenty seconds would keep every other figure waiting. Two threads that ask at the same time may both make it; the last one stays.
    """

    def __init__(self, make: Callable):
        self.make, self.__doc__ = make, make.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, of, owner: type | None = None):
        if of is None:
            return self
        made = of.__dict__[self.name] = self.make(of)
        return made
