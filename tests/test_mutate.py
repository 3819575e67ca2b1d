"""The command of mutation testing; what it finds is for people to read."""

import sys

import pytest

from tests.mutate import main


def test_a_mistyped_module_is_named_with_those_there_are(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["mutate.py", "information/entropy", "information/entropie"])
    with pytest.raises(SystemExit, match="2"):
        main()
    said = capsys.readouterr().err
    assert "unknown: information/entropie; choose from information/entropy, information/kernels" in said
