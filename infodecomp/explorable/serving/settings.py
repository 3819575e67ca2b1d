"""Settings: everything about a server that can be configured, declared once. Each is read from INFODECOMP_<NAME>, checked when
the server starts, and has a line in the README."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infodecomp.explorable.core.diagnostics import did_you_mean
from infodecomp.explorable.core.errors import ExplorableError

PREFIX = "INFODECOMP_"


class SettingError(ExplorableError):
    """A setting that is not known or cannot be what it was set to; the message gives the value, its limits and the remedy."""

    status = 500
    title = "The server is configured wrongly"


@dataclass(frozen=True)
class Setting:
    """One setting. meaning: a few words for the README. low, high: the bounds of a number, in `unit`."""

    name: str
    default: object
    meaning: str
    low: float | None = None
    high: float | None = None
    unit: str = ""

    @property
    def variable(self) -> str:
        return PREFIX + self.name

    def read(self, given):
        """The value of what was given, a text from the environment or a value from Python. Raises SettingError."""
        if given is None or given == "":
            return self.default
        return given if self.low is None else self._number(given)

    def _number(self, given):
        whole = not isinstance(self.default, float)
        try:
            value = int(given) if whole else float(given)
        except (TypeError, ValueError):
            value = None
        if value is None or not self.low <= value <= self.high:
            raise self.refuse(
                given,
                f"give {'a whole number' if whole else 'a number'} from {self.low:,} to {self.high:,}{self._unit}",
            )
        return value

    @property
    def usual(self) -> str:
        """The default as the README tells it."""
        if self.default is None:
            return ""
        return (f"{self.default:g}" if isinstance(self.default, float) else f"{self.default:,}") + self._unit

    @property
    def _unit(self) -> str:
        return f" {self.unit}" if self.unit else ""

    def refuse(self, given, remedy: str) -> SettingError:
        usual = "leave it out" if self.default is None else f"leave it out for {self.default}"
        return SettingError(
            f"{self.variable} = {str(given)[:80]!r} cannot be: {remedy}, or {usual}.", setting=self.variable
        )


class Origin(Setting):
    """The address of the site as readers see it."""

    def read(self, given):
        if given and not str(given).startswith(("http://", "https://")):
            raise self.refuse(
                given, "give an address that begins with https:// or http://, such as https://essays.example"
            )
        return super().read(given)


class Folder(Setting):
    """A folder that has to be there."""

    def read(self, given):
        if given and not Path(given).is_dir():
            raise self.refuse(given, "there is no such folder; give the path of one")
        return Path(given) if given else self.default


SETTINGS = {
    setting.name: setting
    for setting in (
        Folder("ESSAYS", None, "the folder of the essays; the one beside `app.py`"),
        Setting(
            "FEEDBACK",
            None,
            "a file outside the repository that readers' messages are appended to; without it no form is shown",
        ),
        Setting(
            "RELOAD",
            0,
            "1 to read essays, figures and templates again when a file changes; `make serve` sets it",
            0,
            1,
        ),
        Origin("ORIGIN", None, "the site's public address, where a proxy hides it"),
        Setting(
            "PROXIES",
            0,
            "trusted proxies that stand in front, each of which names the reader's address",
            0,
            10,
        ),
        Setting("CACHE_BYTES", 256 * 2**20, "memory for answers that are kept", 0, 2**40, "bytes"),
        Setting(
            "AHEAD",
            1,
            "while nobody asks, the pages and each slider's first moves are computed beforehand, two minutes of one core after a start; 0 for not",
            0,
            1,
        ),
        Setting(
            "COMPUTING",
            1,
            "states and pages that are computed at once; more are slower, as torch shares one interpreter",
            1,
            64,
        ),
        Setting(
            "QUEUE",
            240,
            "requests that wait for an answer; the next one is asked to come again (503)",
            0,
            10_000,
        ),
        Setting("LONG", 2, "states computed at once of figures that search or train", 1, 64),
        Setting("LONG_QUEUE", 6, "such states that wait", 0, 1000),
        Setting("STREAMS", 2, "streams at once", 1, 64),
        Setting("EXPORTS", 2, "pictures converted at once, each by a process beside the server", 1, 64),
        Setting("EXPORTS_QUEUE", 6, "exports that wait", 0, 1000),
        Setting(
            "DEADLINE",
            15.0,
            "the longest wait for an answer; what is computed by then goes on and is kept",
            0.1,
            600,
            "seconds",
        ),
        Setting(
            "RATE",
            300,
            "streams, exports and long states that one address may begin in a minute; then 429",
            1,
            10**6,
        ),
        Setting("QUERY_LENGTH", 4096, "the longest query of an address; then 414", 256, 65_536, "characters"),
        Setting("BODY_LENGTH", 64 * 1024, "the longest body of a request; then 413", 1024, 2**30, "bytes"),
        Setting("HEADER_LENGTH", 16 * 1024, "the longest head of a request; then 431", 2048, 2**20, "bytes"),
        Setting("CONNECTIONS", 2000, "open connections; the next one waits", 10, 100_000),
        Setting("IDLE", 60.0, "until a connection that says nothing is closed", 1, 3600, "seconds"),
        Setting("LOG", 1, "a line of JSON on standard error for each request; 0 for none", 0, 1),
        Setting("LOG_ADDRESSES", 0, "1 to note the reader's address in it", 0, 1),
        Setting(
            "SLOW",
            20.0,
            "that a request may take to come in, and that a reader may take nothing of an answer",
            0.5,
            3600,
            "seconds",
        ),
    )
}


def read_settings(environment: Mapping[str, str], given: Mapping | None = None) -> dict:
    """All settings by name: from Python where given, otherwise from the environment, otherwise the default.

    Raises SettingError for a value out of bounds and for a name that there is not.
    """
    given = dict(given or {})
    told = {
        name.removeprefix(PREFIX): value for name, value in environment.items() if name.startswith(PREFIX)
    }
    for prefix, names in ((PREFIX, told), ("", given)):
        for name in names:
            if name not in SETTINGS:
                raise SettingError(
                    f"{prefix}{name} is no setting{did_you_mean(name, SETTINGS)}; the README lists them all.",
                    setting=name,
                )
    return {
        name: setting.read(given[name] if name in given else told.get(name))
        for name, setting in SETTINGS.items()
    }


def max_waiters(settings: Mapping) -> int:
    """How many wait for answers at most: those in the queue, and those whose answer is being made."""
    return sum(settings[name] for name in ("QUEUE", "COMPUTING", "LONG", "EXPORTS"))


def threads(settings: Mapping) -> int:
    """So many that those who wait can never hold all: whatever is kept, or asked for otherwise, finds one of the last eight."""
    return max_waiters(settings) + sum(settings[name] for name in ("STREAMS", "EXPORTS", "EXPORTS_QUEUE")) + 8
