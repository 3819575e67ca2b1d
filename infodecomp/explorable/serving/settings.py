"""Settings of the server: each is read from INFODECOMP_<NAME> and listed in deploy/README.md."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infodecomp.explorable.core.diagnostics import did_you_mean
from infodecomp.explorable.core.errors import ExplorableError
from infodecomp.explorable.core.numbers import with_unit

PREFIX = "INFODECOMP_"
MAX_BODY_READERS = 16  # request bodies read at the same time


class SettingError(ExplorableError):
    """An unknown setting or a bad value; the message gives the value, its limits and the remedy."""

    status = 500
    title = "The server is configured wrongly"


@dataclass(frozen=True)
class Setting:
    """A setting; a number if it has bounds, else any text.

    Parameters
    ----------
    name : str
        Without the prefix INFODECOMP_.
    default : object
    meaning : str
        A few words for the documentation.
    low, high : float, optional
        Bounds of a number, in `unit`.
    unit : str
    """

    name: str
    default: Any
    meaning: str
    low: float | None = None
    high: float | None = None
    unit: str = ""

    @property
    def variable(self) -> str:
        """The name of the environment variable."""
        return PREFIX + self.name

    def read(self, given: Any) -> Any:
        """Check and convert a value from the environment or from Python; raises SettingError."""
        if given is None or given == "":
            return self.default
        return given if self.low is None else self._number(given)

    def _number(self, given: Any) -> float:
        low, high = self.low or 0, self.high or 0
        is_integer = not isinstance(self.default, float)
        value: float | None
        try:
            value = int(given) if is_integer else float(given)
        except (TypeError, ValueError):
            value = None
        if value is None or not low <= value <= high:
            kind = "a whole number" if is_integer else "a number"
            raise self.reject(given, with_unit(f"give {kind} from {low:,} to {high:,}", self.unit))
        return value

    @property
    def default_text(self) -> str:
        """The default as the documentation shows it."""
        if self.default is None:
            return ""
        number = f"{self.default:g}" if isinstance(self.default, float) else f"{self.default:,}"
        return with_unit(number, self.unit)

    def reject(self, given: Any, remedy: str) -> SettingError:
        """Make the error for a bad value."""
        usual = "leave it out" if self.default is None else f"leave it out for {self.default}"
        return SettingError(
            f"{self.variable} = {str(given)[:80]!r} cannot be: {remedy}, or {usual}.", setting=self.variable
        )


class Origin(Setting):
    """The public address of the site."""

    def read(self, given: Any) -> Any:
        """Check that it is an http or https address."""
        if given and not str(given).startswith(("http://", "https://")):
            raise self.reject(
                given, "give an address that begins with https:// or http://, such as https://essays.example"
            )
        return super().read(given)


class Folder(Setting):
    """A folder that must exist."""

    def read(self, given: Any) -> Any:
        """Check that it exists."""
        if given and not Path(given).is_dir():
            raise self.reject(given, "there is no such folder; give the path of one")
        return Path(given) if given else self.default


SETTINGS: dict[str, Setting] = {
    setting.name: setting
    for setting in (
        Folder("ESSAYS", None, "folder of the essays; by default those of the checkout or of the package"),
        Setting(
            "FEEDBACK",
            None,
            "file outside the repository for readers' messages; without it there is no form",
        ),
        Setting(
            "FEEDBACK_BYTES", 16 * 2**20, "size to which that file may grow; then 507", 1024, 2**40, "bytes"
        ),
        Setting(
            "RELOAD",
            0,
            "1: read essays, figures and templates again when a file changes, as `make serve` does",
            0,
            1,
        ),
        Origin("ORIGIN", None, "public address of the site, if a proxy hides it"),
        Setting(
            "PROXIES",
            0,
            "number of trusted proxies in front that set X-Forwarded-For, -Proto and -Host",
            0,
            10,
        ),
        Setting("CACHE_BYTES", 256 * 2**20, "memory of the response cache", 0, 2**40, "bytes"),
        Setting(
            "DISK_CACHE_BYTES",
            256 * 2**20,
            "file of states that all processes share and a restart begins with; 0 for none",
            0,
            2**40,
            "bytes",
        ),
        Setting(
            "AHEAD",
            1,
            "1: while idle, render the pages and the first moves of each slider, for two minutes of one core",
            0,
            1,
        ),
        Setting(
            "COMPUTING",
            1,
            "states and pages computed at once; more are slower, as torch shares the GIL",
            1,
            64,
        ),
        Setting("QUEUE", 240, "requests that may wait for a response; further ones get 503", 0, 10_000),
        Setting("LONG", 2, "states of figures that search or train, computed at once", 1, 64),
        Setting("LONG_QUEUE", 6, "such states that may wait", 0, 1000),
        Setting("STREAMS", 2, "event streams at once", 1, 64),
        Setting("EXPORTS", 2, "pictures converted at once, each by a process of its own", 1, 64),
        Setting("EXPORTS_QUEUE", 6, "exports that may wait", 0, 1000),
        Setting(
            "DEADLINE",
            15.0,
            "longest wait for a response; then 503, while the computation goes on and is cached",
            0.1,
            600,
            "seconds",
        ),
        Setting(
            "RATE",
            300,
            "rate limit: streams, exports and long states for each client and minute; then 429",
            1,
            10**6,
        ),
        Setting("QUERY_LENGTH", 4096, "longest query string; then 414", 256, 65_536, "characters"),
        Setting(
            "TABLES",
            None,
            "folder outside the repository for tables that readers decompose; without it there is no form",
        ),
        Setting(
            "TABLE_BYTES",
            20_000_000,
            "longest file of a reader's table; what is compressed may unpack to five times as much; "
            "`nginx.conf` has a limit too",
            1000,
            10**9,
            "bytes",
        ),
        Setting("TABLE_ROWS", 200_000, "rows of a reader's table, at most", 5, 10**7),
        Setting("TABLE_HOURS", 24.0, "time after which a reader's table is removed", 0.01, 8760, "hours"),
        Setting("TABLES_BYTES", 2 * 2**30, "size of all tables with their results", 10**6, 2**40, "bytes"),
        Setting("BODY_LENGTH", 64 * 1024, "longest request body; then 413", 1024, 2**30, "bytes"),
        Setting("HEADER_LENGTH", 16 * 1024, "longest request head; then 431", 8192, 2**20, "bytes"),
        Setting(
            "CONNECTIONS", 2000, "open connections for each worker process; further ones wait", 10, 100_000
        ),
        Setting(
            "IDLE",
            60.0,
            "seconds after which a connection without a complete request head is closed",
            1,
            3600,
            "seconds",
        ),
        Setting("LOG", 1, "1: access log, one line of JSON for each request on standard error", 0, 1),
        Setting("LOG_ADDRESSES", 0, "1: log the client's address too", 0, 1),
        Setting(
            "SLOW",
            20.0,
            "time for a request body; who takes fewer than 1,000 bytes a second for so long is disconnected",
            0.5,
            3600,
            "seconds",
        ),
    )
}


def read_settings(environment: Mapping[str, str], given: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Read all settings: from Python if given there, else from the environment, else the default.

    Parameters
    ----------
    environment : mapping
        Environment variables.
    given : mapping, optional
        Settings by name, without the prefix.

    Returns
    -------
    dict
        The value of each setting, by name.

    Raises
    ------
    SettingError
        For an unknown name or a bad value.
    """
    given = dict(given or {})
    from_environment = {
        name.removeprefix(PREFIX): value for name, value in environment.items() if name.startswith(PREFIX)
    }
    for prefix, names in ((PREFIX, from_environment), ("", given)):
        for name in names:
            if name not in SETTINGS:
                raise SettingError(
                    f"{prefix}{name} is no setting{did_you_mean(name, SETTINGS)}; "
                    "deploy/README.md lists them all.",
                    setting=name,
                )
    return {
        name: setting.read(given[name] if name in given else from_environment.get(name))
        for name, setting in SETTINGS.items()
    }


def max_waiters(settings: Mapping[str, Any]) -> int:
    """How many requests may wait for a response: those in the queue, and those that are being computed."""
    return sum(settings[name] for name in ("QUEUE", "COMPUTING", "LONG", "EXPORTS"))


def server_threads(settings: Mapping[str, Any]) -> int:
    """The number of server threads: eight are left for cached responses if all that may wait do wait."""
    streams_and_exports = sum(settings[name] for name in ("STREAMS", "EXPORTS", "EXPORTS_QUEUE"))
    return max_waiters(settings) + streams_and_exports + MAX_BODY_READERS + 8
