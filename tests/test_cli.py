import subprocess
import sys

from click.testing import CliRunner

from infodecomp.cli.main import main


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_our_essays_pass_with_warnings_as_errors():
    result = run("check", "--strict")
    assert result.exit_code == 0, result.output


def test_a_new_essay_passes_the_check_and_is_not_overwritten(tmp_path):
    assert run("new", "my-essay", "--essays", tmp_path).exit_code == 0
    assert run("check", "--strict", "--essays", tmp_path).exit_code == 0
    again = run("new", "my-essay", "--essays", tmp_path)
    assert again.exit_code == 1 and "is there already" in again.output


def test_an_invalid_slug_is_an_error(tmp_path):
    for slug in ("My Essay", "../x", "a--b", "-a", "ä"):
        assert "is no slug" in run("new", "--essays", tmp_path, "--", slug).output
    assert not list(tmp_path.iterdir())


def test_errors_are_printed_with_file_and_line_and_exit_code_1(tmp_path):
    run("new", "one", "--essays", tmp_path)
    path = tmp_path / "one.md"
    path.write_text(path.read_text().replace("class='one-coin row'", "class='one-coim row'"))
    result = run("check", path)
    line = 1 + next(i for i, text in enumerate(path.read_text().splitlines()) if "one-coim" in text)
    assert result.exit_code == 1
    assert f"one.md:{line}: error: " in result.output and "'one-coin'" in result.output


def test_help_is_shown_without_what_computes():
    code = """
import sys
from click.testing import CliRunner
from infodecomp.cli.main import main
for command in ([], *([name] for name in main.commands)):
    result = CliRunner().invoke(main, [*command, "--help"])
    assert result.exit_code == 0 and "Usage:" in result.output
assert not {"torch", "sklearn", "pandas", "flask"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True)
