import re
from pathlib import Path

import pytest

from infodecomp.explorable.serving.settings import SETTINGS, SettingError, max_waiters, read_settings, threads

README = (Path(__file__).parents[3] / "README.md").read_text()


def test_what_is_given_goes_before_the_environment_and_that_before_the_default():
    environment = {
        "INFODECOMP_STREAMS": "3",
        "INFODECOMP_LONG": "5",
        "INFODECOMP_DEADLINE": "2.5",
        "INFODECOMP_FEEDBACK": "",
        "PORT": "x",
    }
    settings = read_settings(environment, {"STREAMS": 4})
    assert (settings["STREAMS"], settings["LONG"], settings["EXPORTS"]) == (4, 5, SETTINGS["EXPORTS"].default)
    assert settings["DEADLINE"] == 2.5 and settings["FEEDBACK"] is None


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("STREAMS", "0", "a whole number from 1 to 64"),
        ("STREAMS", "2.5", "whole"),
        ("STREAMS", "many", "leave it out for 2"),
        ("DEADLINE", "nan", "a number from 0.1 to 600 seconds"),
        ("DEADLINE", "inf", "600"),
        ("QUERY_LENGTH", "10", "from 256 to 65,536 characters"),
        ("ORIGIN", "essays.example", "https://"),
        ("ESSAYS", "/nowhere", "no such folder"),
        ("PROXIES", "-1", "from 0 to 10"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_limits_and_remedy(name, value, words):
    with pytest.raises(SettingError, match=f"INFODECOMP_{name} = '{value}' cannot be.*{words}"):
        read_settings({f"INFODECOMP_{name}": value})


def test_a_misspelt_name_is_refused_with_the_nearest():
    with pytest.raises(SettingError, match="INFODECOMP_STREMS is no setting; the nearest is 'STREAMS'"):
        read_settings({"INFODECOMP_STREMS": "3"})
    with pytest.raises(SettingError, match="STREMS is no setting"):
        read_settings({}, {"STREMS": 3})


def test_the_readme_tells_every_setting_with_its_default():
    rows = dict(re.findall(r"^\| `INFODECOMP_(\w+)` \| (.* \|.*?) ?\|$", README, re.M))
    assert rows.keys() == SETTINGS.keys()
    for name, setting in SETTINGS.items():
        assert rows[name] == f"{setting.meaning} | {setting.usual}".rstrip(), (
            f"write: | `INFODECOMP_{name}` | {setting.meaning} | {setting.usual} |"
        )


def test_those_who_wait_can_never_hold_all_threads():
    for given in ({}, {"QUEUE": 0, "STREAMS": 1}, {"QUEUE": 1000, "LONG": 64, "STREAMS": 64, "EXPORTS": 64}):
        settings = read_settings({}, given)
        assert (
            threads(settings) >= max_waiters(settings) + settings["STREAMS"] + settings["EXPORTS"] + 8
            and max_waiters(settings) >= settings["QUEUE"] + 3
        )
