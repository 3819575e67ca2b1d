"""The registry of experiments: those of the package and of the essays, by name."""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from types import ModuleType

from infodecomp.errors import InformationError
from infodecomp.experiments.experiment import Context, Experiment
from infodecomp.experiments.storage import Packed


class Registry(Mapping[str, Experiment]):
    """Experiments by name, and where each was found.

    Nothing registers itself: an experiment is an `Experiment` among the names of a module, as a figure is.
    """

    def __init__(self) -> None:
        self._experiments: dict[str, Experiment] = {}
        self.used_by: dict[str, list[str]] = {}  # experiment -> modules that import it

    def __getitem__(self, name: str) -> Experiment:
        try:
            return self._experiments[name]
        except KeyError:
            raise InformationError(
                f"There is no experiment {name!r}: choose from {', '.join(sorted(self))}."
            ) from None

    def __contains__(self, name: object) -> bool:
        return name in self._experiments

    def __iter__(self) -> Iterator[str]:
        return iter(self._experiments)

    def __len__(self) -> int:
        return len(self._experiments)

    def add(self, modules: Iterable[ModuleType], used_by: str = "") -> None:
        """Add the experiments among the names of some modules.

        Parameters
        ----------
        modules
            The modules to search.
        used_by
            What the modules belong to, for example the slug of an essay.

        Raises
        ------
        InformationError
            If two different experiments have the same name.
        """
        for module in modules:
            for value in list(vars(module).values()):
                if not isinstance(value, Experiment):
                    continue
                if self._experiments.setdefault(value.name, value) is not value:
                    raise InformationError(
                        f"Two experiments are called {value.name!r}, one of them in {module.__name__}: "
                        "rename one."
                    )
                users = self.used_by.setdefault(value.name, [])
                if used_by and used_by not in users:
                    users.append(used_by)


def package_experiments() -> Registry:
    """The experiments that the package itself declares."""
    package = importlib.import_module("infodecomp.experiments")
    registry = Registry()
    registry.add(
        importlib.import_module(f"{package.__name__}.{module.name}")
        for module in pkgutil.iter_modules(package.__path__)
    )
    return registry


__all__ = ["Context", "Experiment", "Packed", "Registry", "package_experiments"]
