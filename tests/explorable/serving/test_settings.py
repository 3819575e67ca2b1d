import re
from pathlib import Path

import pytest

from infodecomp.explorable.serving.settings import (
    SETTINGS,
    SettingError,
    max_waiters,
    read_settings,
    server_threads,
)

README = (Path(__file__).parents[3] / "deploy" / "README.md").read_text()


def test_arguments_override_the_environment_and_that_the_defaults():
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
def test_a_bad_value_is_rejected_with_its_limits_and_a_remedy(name, value, words):
    with pytest.raises(SettingError, match=f"INFODECOMP_{name} = '{value}' cannot be.*{words}"):
        read_settings({f"INFODECOMP_{name}": value})


def test_a_misspelt_name_is_rejected_with_the_nearest_one():
    with pytest.raises(SettingError, match="INFODECOMP_STREMS is no setting; the nearest is 'STREAMS'"):
        read_settings({"INFODECOMP_STREMS": "3"})
    with pytest.raises(SettingError, match="STREMS is no setting"):
        read_settings({}, {"STREMS": 3})


def test_deploy_readme_lists_every_setting_with_its_default():
    rows = dict(re.findall(r"^\| `INFODECOMP_(\w+)` \| (.* \|.*?) ?\|$", README, re.M))
    assert rows.keys() == SETTINGS.keys()
    for name, setting in SETTINGS.items():
        assert rows[name] == f"{setting.meaning} | {setting.default_text}".rstrip(), (
            f"write: | `INFODECOMP_{name}` | {setting.meaning} | {setting.default_text} |"
        )


def test_waiting_requests_leave_server_threads_free():
    for given in ({}, {"QUEUE": 0, "STREAMS": 1}, {"QUEUE": 1000, "LONG": 64, "STREAMS": 64, "EXPORTS": 64}):
        settings = read_settings({}, given)
        assert (
            server_threads(settings) >= max_waiters(settings) + settings["STREAMS"] + settings["EXPORTS"] + 8
            and max_waiters(settings) >= settings["QUEUE"] + 3
        )
