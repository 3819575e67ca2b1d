"""States of a figure: read from a query string, checked, and written back in canonical form."""

from collections.abc import Iterable

from infodecomp.explorable.core.diagnostics import did_you_mean
from infodecomp.explorable.core.errors import ParameterError
from infodecomp.explorable.figures.parameters.base import Parameter


def parse_query(
    parameters: Iterable[Parameter], items: Iterable[tuple[str, str]], strict: bool = True
) -> dict:
    """Read a full state from the pairs of a query string.

    Parameters
    ----------
    parameters : iterable of Parameter
        All parameters of the figure; the state has their order.
    items : iterable of (str, str)
        Names and texts, as `urllib.parse.parse_qsl` returns them.
    strict : bool
        Whether an unknown name is an error. An essay's address ignores them: links collect tracking tags.

    Returns
    -------
    dict
        Name -> checked value; defaults where the query string gives none.

    Raises
    ------
    ParameterError
        For a bad value, a name that is given twice and, if strict, an unknown name.
    """
    known = {parameter.name: parameter for parameter in parameters}
    aliases = _aliases(known) if strict else {}
    given = {}
    for name, text in items:
        name = aliases.get(name, name)
        if name not in known:
            if strict:
                raise ParameterError(
                    f"{name[:80]!r} is no parameter of this figure{did_you_mean(name, known)}; it has "
                    f"{', '.join(known) or 'none'}.",
                    parameter=name[:80],
                    known=list(known),
                )
            continue
        if name in given:
            raise known[name].refuse(text, "is given a second time; say it once")
        given[name] = known[name].parse(text)
    return {name: given.get(name, parameter.default) for name, parameter in known.items()}


def _aliases(known: dict[str, Parameter]) -> dict[str, str]:
    """Alias -> name, for the parameters that have an alias which is the name of no other."""
    return {p.alias: name for name, p in known.items() if p.alias and p.alias not in known}


def check_state(parameters: Iterable[Parameter], values: dict) -> dict:
    """Check values given from Python and complete them with the defaults.

    Raises
    ------
    ParameterError
        For a bad value or an unknown name.
    """
    known = {parameter.name: parameter for parameter in parameters}
    aliases = _aliases(known)
    values = {aliases.get(name, name): value for name, value in values.items()}
    for name in values:
        if name not in known:
            raise ParameterError(
                f"{name!r} is no parameter of this figure{did_you_mean(name, known)}.", parameter=name
            )
    return {name: parameter.check(values.get(name, parameter.default)) for name, parameter in known.items()}


def write_query(parameters: Iterable[Parameter], state: dict) -> str:
    """Write the canonical query string of a state: in declared order, without defaults and inactive
    parameters.
    """
    return "&".join(
        f"{parameter.name}={parameter.write(state[parameter.name])}"
        for parameter in parameters
        if state[parameter.name] != parameter.default and is_active(parameter, state)
    )


def is_active(parameter: Parameter, state: dict) -> bool:
    """Return whether a parameter has any effect in a state; see `Parameter.active_when`."""
    return (
        parameter.active_when is None
        or state.get(parameter.active_when[0], parameter.active_when[1]) == parameter.active_when[1]
    )


def describe_for_page(parameters: Iterable[Parameter]) -> dict:
    """Describe the parameters of a page by name, as its script reads them."""
    return {parameter.name: parameter.describe_for_page() for parameter in parameters}
