"""essays/README.md: it names every field of site.toml, its markup works, and it is no essay itself."""

import dataclasses
import re
from datetime import date

from infodecomp.explorable.site.config import SiteConfig
from infodecomp.explorable.site.reading import read_library
from infodecomp.explorable.site.starter import write_starter
from tests.first_essay import ESSAYS

README = (ESSAYS / "README.md").read_text(encoding="utf-8")
FRONT = "---\ntitle: T\nauthors: A\ndate: 2026-01-01\nsocialsummary: S\n---\n\n"


def section(title):
    return README.split(f"## {title}\n")[1].split("\n## ")[0]


def examples():
    """The code in the first column of the table of markup, with names that exist in the starter essay."""
    cells = re.findall(r"^\| (.*?) \|", section("Markup"), re.MULTILINE)[1:]
    for cell in cells:
        for _, code in re.findall(r"(`+) ?(.+?) ?\1(?!`)", cell):
            names = {
                "NAME.value": "coins-coin.entropy",
                "NAME": "coins-coin",
                "'preset'": "'coins-coin-fair'",
            }
            for name, real in names.items():
                code = code.replace(name, real)
            yield code.replace("'parameter'", "'coins_coin_chance'")


def test_the_readme_is_not_an_essay(tmp_path):
    (tmp_path / "README.md").write_text(README)
    assert not read_library(tmp_path).essays()


def test_the_readme_names_every_field_of_the_site():
    assert re.findall(r"^\| `(\w+)` \|", section("The site"), re.MULTILINE) == [
        field.name for field in dataclasses.fields(SiteConfig)
    ]


def test_its_markup_passes_the_check(tmp_path):
    write_starter("coins", tmp_path, date(2026, 11, 21))
    written = [code for code in examples() if code != '<script type="math/tex">']
    assert len(written) > 12
    definitions = [code for code in written if "footend" in code or "citeend" in code or "fn-break" in code]
    text = [code for code in written if code not in definitions]
    second = "<a class='citeend' key='k2'></a> [Other](https://x.example) B"
    body = "\n\n".join([*text, *definitions, second]).replace("(url)", "(https://x.example)")
    (tmp_path / "all.md").write_text(FRONT + "Text.\n\n" + body + "\n")
    essay = read_library(tmp_path).essay("all")
    assert [str(found) for found in essay.diagnostics] == []
    assert essay.page.mounted == ["coins-coin"] and essay.page.values == ["coins-coin.entropy"]
    assert len(essay.page.references) == 2 and essay.page.html.count("<math") == 2
