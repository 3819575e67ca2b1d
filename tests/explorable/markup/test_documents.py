from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infodecomp.explorable.markup.lint import lint_document
from infodecomp.explorable.markup.page import render
from infodecomp.explorable.markup.reading.documents import parse_document, read_document

WHOLE = """---
template: post.html
title: Two towns
subtitle: and a line
authors: <a href=https://a.b>Ada Lovelace</a>, <a href="javascript:x">Alan Turing</a> and Claude S.
date: 2024-07-01
shareimg:
---

Body.
"""


def levels(document):
    return [(diagnostic.line, diagnostic.level) for diagnostic in document.diagnostics]


def test_front_matter_and_the_line_of_the_body():
    document = parse_document(WHOLE)
    assert document.front["title"] == document.front.title == document.title == "Two towns"
    assert document.front["shareimg"] == "" and document.front["permalink"] == ""
    assert document.body.strip() == "Body." and document.body_line == 9
    assert document.date == date(2024, 7, 1) and not document.diagnostics


def test_authors_keep_safe_links_and_plain_names():
    authors = parse_document(WHOLE).authors
    assert authors.names == ("Ada Lovelace", "Alan Turing", "Claude S.")
    assert authors.html == '<a href="https://a.b">Ada Lovelace</a>, Alan Turing, Claude S.'


@pytest.mark.parametrize(
    "value",
    [
        "[Ada, Alan]",
        "Ada, Alan",
        "Ada & Alan",
        "Ada and Alan",
        "[{name: Ada}, {name: Alan, url: 'https://x.y'}]",
    ],
)
def test_authors_as_people_write_them(value):
    assert parse_document(f"---\ntitle: t\nauthors: {value}\n---\n").authors.names == ("Ada", "Alan")


def test_names_are_never_markup():
    authors = parse_document(
        "---\ntitle: t\nauthors: <b>Ada</b> <script>alert(1)</script>&lt;i&gt;\n---\n"
    ).authors
    assert "<b>" not in authors.html and "<script" not in authors.html and "<i>" not in authors.html


def test_characters_that_stand_for_markup_may_be_in_the_front_matter_as_escapes():
    document = parse_document('---\ntitle: t\nauthors: "\\uFDD05\\uFDD1 <b>Ada</b> \\uFDD00"\n---\nx')
    assert document.authors.names == ("5 Ada 0",)


def test_of_a_key_written_twice_the_last_counts():
    document = parse_document("---\ntitle: One\ntitle: Two\n---\n")
    assert document.title == "Two" and levels(document) == [(3, "warning")]


def test_a_value_with_a_colon_is_quoted():
    document = parse_document("---\ndate: 2024\ntitle: Tides: a model, it's said\n---\n")
    assert document.title == "Tides: a model, it's said" and levels(document) == [(3, "warning")]


def test_a_yaml_error_is_a_problem_with_its_line():
    document = parse_document("---\ntitle: T\nlist: [a, b\nother: x\n---\nBody")
    assert document.title == "T" and document.body == "Body"
    assert any(diagnostic.line in (3, 4) for diagnostic in document.diagnostics)
    document = parse_document("---\ntitle: T\n- a\n---\n")
    assert document.title == "T" and levels(document) == [(3, "error")]


@pytest.mark.parametrize(
    "text", ["Body only.", "---\nauthors: A\n---\nBody", "", "---\n---\n", "---\ntitle:\n---\n"]
)
def test_a_missing_title_is_an_error_and_the_file_name_steps_in(text):
    document = parse_document(text, "essays/two-towns.md")
    assert document.title == "Two towns"
    assert any(
        "no title" in diagnostic.message and diagnostic.level == "error"
        for diagnostic in document.diagnostics
    )


def test_yaml_that_means_something_else_is_reported():
    document = parse_document("---\ntitle: Why C # sharp\nsubtitle: [a, b]\nsocialsummary: {a: b}\n---\n")
    assert (
        document.title == "Why C"
        and document.front["subtitle"] == "a, b"
        and document.front["socialsummary"] == ""
    )
    assert levels(document) == [(2, "warning"), (3, "error"), (4, "error")]
    assert not parse_document("---\ntitle: 'Why C # sharp'\n---\n").diagnostics


def test_front_matter_that_is_never_closed():
    document = parse_document("---\ntitle: T\n\nBody here.")
    assert document.title == "T" and "Body here." in document.body and levels(document) == [(1, "error")]


def test_bytes_that_are_not_utf8(tmp_path):
    path = tmp_path / "x.md"
    path.write_bytes(b"---\ntitle: T\n---\nFine \xe2\x80\x94 here.\nCaf\xe9.\n")
    document = read_document(path)
    assert "Fine — here.\nCafé." in document.body and levels(document) == [(5, "error")]


def test_a_file_that_is_not_there_is_a_problem(tmp_path):
    assert levels(read_document(tmp_path / "none.md"))[0] == (1, "error")


def test_mojibake_is_fixed_in_prose_and_left_in_code_and_formulas():
    text = (
        "---\ntitle: T\n---\nA dash â€” here.\n\n`â€”` and `$â€”$`\n\n```\nâ€”\n```\n"
        "Right — “quotes” café naïve.\n"
    )
    document = parse_document(text)
    assert "A dash — here." in document.body and document.body.count("â€”") == 3
    assert levels(document) == [(4, "warning")] and "'â€”' was read as '—'" in document.diagnostics[0].message


@pytest.mark.parametrize(
    "text", ["Ångström, señor, Größe, Łódź", "“right” — ‘quotes’ …", "¿Qué? ½ × ±0.5 °C", "日本語"]
)
def test_text_that_is_right_is_left_alone(text):
    document = parse_document("---\ntitle: T\n---\n" + text)
    assert document.body == text and not document.diagnostics


def test_windows_line_ends_and_a_byte_order_mark(tmp_path):
    path = tmp_path / "x.md"
    path.write_bytes(b"\xef\xbb\xbf---\r\ntitle: T\r\n---\r\nBody\r\n")
    document = read_document(path)
    assert document.title == "T" and document.body == "Body\n" and not document.diagnostics


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-21", date(2026, 11, 21)),
        ("'2026-11-21'", date(2026, 11, 21)),
        ("21 November 2026", None),
        ("July 2024", None),
        ("2024-13-45", None),
        ("[2024]", None),
        ("", None),
    ],
)
def test_a_date_is_an_iso_date_and_check_reports_any_other(text, day):
    document = parse_document(f"---\ntitle: T\ndate: {text}\n---\nBody")
    assert document.date == day
    reported = [d.line for d in lint_document(document) if "is not an ISO date" in d.message]
    assert reported == ([3] if text and not day else [])


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "title",
                ": ",
                "a",
                "'",
                '"',
                "[",
                "{",
                "- ",
                "\n",
                "  ",
                "|",
                "#",
                "&x",
                "*x",
                "<<",
                "\t",
                "!",
                "%",
            ]
        )
    )
)
def test_no_front_matter_raises(parts):
    document = parse_document("---\n" + "".join(parts) + "\n---\nBody")
    assert render(document).html and isinstance(document.title, str)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=120))
def test_no_bytes_raise(tmp_path_factory, raw):
    path = tmp_path_factory.mktemp("essays") / "x.md"
    path.write_bytes(raw)
    assert isinstance(render(read_document(path)).html, str)
