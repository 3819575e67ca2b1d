import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infodecomp.explorable.markup.lint import lint_document
from infodecomp.explorable.markup.page import render
from infodecomp.explorable.markup.reading.documents import parse_document
from tests.explorable.markup.pages import StubMounts, is_balanced, messages, page_of, read_tags


def test_markdown_and_raw_tags_mix_without_a_word():
    page = page_of(
        "<div class='sticky-container'>\n<div class='storm-telegraph row sticky'></div>\n\n**Bold** and\n\n"
        "<div class='sticky-container'>\n\n- a list\n\n</div>\n</div>\n<div class='aside'>*one* line</div>\n"
    )
    assert "<strong>Bold</strong>" in page.html and "<li>a list</li>" in page.html
    assert '<div class="aside"><em>one</em> line</div>' in page.html and not page.diagnostics


def test_what_is_indented_with_its_element_is_no_code():
    page = page_of(
        "<div>\n    <figure>\n        <img src='https://x.y/a.png' alt='a' />\n\n"
        "        *Words*\n    </figure>\n</div>\n\n    code\n"
    )
    assert page.html.count("<code>") == 1 and "<em>Words</em>" in page.html


def test_paragraphs_need_no_closing_tag_and_keep_their_class():
    page = page_of("<p class='x'>Text with `$a$` and *b*\n\n<p>Next\n\n<div class='row'>c</div>\n\nEnd</p>")
    assert (
        '<p class="x">Text with <math>' in page.html
        and "<p>Next</p>" in page.html
        and "<p>End</p>" in page.html
    )
    assert is_balanced(page.html) and not page.diagnostics


def test_custom_elements_toggles_and_void_tags_pass():
    page = page_of(
        '<label class="switch">\n  <input type="checkbox" name="pareto">\n'
        '  <span class="toggle round"></span>\n</label> *Show*\n\n'
        "A <coloredText>red</coloredText> word<br>more\n\n<x-box>\n\n*in*\n\n</x-box>\n\n<hr>\n\n"
        "<img src='https://x.y/a.png' alt=''></img>"
    )
    assert '<span class="toggle round"></span>\n</label> <em>Show</em>' in page.html
    assert (
        "<coloredtext>red</coloredtext> word<br>more" in page.html
        and "<x-box>\n<p><em>in</em></p>" in page.html
    )
    assert not page.diagnostics and is_balanced(page.html)


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("Text.\n</div>\n\nMore.", 5, "</div> closes nothing"),
        ("<div class='aside'>\n\nText.\n\n### Head\n\nMore.", 4, "<div> is never closed"),
        ("A <b>bold start.\n\nNext.", 4, "<b> is never closed"),
        ("- item </div>\n\nMore.", 4, "</div> closes nothing"),
        ("A <div class='x y\n\nMore.", 4, "begins a tag or a comment that never ends"),
        ("A <!-- open\n\nMore.", 4, "begins a tag or a comment that never ends"),
    ],
)
def test_unbalanced_tags_are_reported_and_the_page_is_still_rendered(body, line, words):
    page = page_of(body)
    assert is_balanced(page.html) and page.html.rstrip().endswith(("More.</p>", "Next.</p>", "</div>"))
    assert any(text.startswith(f"essays/x.md:{line}: warning: ") and words in text for text in messages(page))


@pytest.mark.parametrize("inside", ["<x-y/> here", "```\nhere\n```"])
def test_what_is_nested_too_deep_closes_nothing_around_it(inside):
    page = page_of("<div>\n\n" * 100 + f"{inside}\n\nafter\n\n" + "</div>\n\n" * 100 + "outside")
    assert is_balanced(page.html)
    deepest = page.html.rindex("<div>")
    within = page.html[deepest : page.html.index("</div>", deepest)]
    assert "here" in within and "after" in within and page.html.count("</div>") == 100


def test_a_heading_ends_an_element_that_is_never_closed():
    html = page_of("<div class='aside'>\n\nText.\n\n### Head\n\nMore.").html
    assert html.index("</div>") < html.index("<h2")


def test_comments_go_and_code_stays_as_it_is():
    page = page_of(
        'A <!-- **not\n\nthis** <script src="x"></script> --> B\n\n```html\n'
        '<div class="a"> `$x$`\n```\n\n`<b>`\n\n    <i>\n'
    )
    assert "not" not in page.html and "<p>A  B</p>" in page.html
    assert '<pre><code class="language-html">&lt;div class="a"&gt; `$x$`\n</code></pre>' in page.html
    assert (
        "<code>&lt;b&gt;</code>" in page.html
        and "<code>&lt;i&gt;\n</code>" in page.html
        and not page.diagnostics
    )


def test_lists_may_follow_prose_and_be_indented_by_two():
    html = page_of("Things:\n- a\n  - b\n    - c\n- d\n\nThen\n1. one\n2. two\n").html
    assert html.count("<ul>") == 3 and html.count("<ol>") == 1 and "Things:</p>" in html


def test_scripts_and_styles_are_taken_out_with_one_warning():
    page = page_of(
        "<p style='color:red' onclick='x()'>T\n\n<link rel='stylesheet' href='a.css'>\n"
        "<script src='a.js'></script>\n<script>\nx = '<div>'\n</script>\n"
        "<style>p {}</style>\n\n[a](javascript:x) <a href=' java\tscript:x'>b</a> <a "
        "href='data:text/html,x'>c</a>\n\n<svg onload='x()'><path d='M0'/></svg>"
    )
    reader = read_tags(page.html)
    names = {name for name, _ in reader.attributes}
    assert (
        not names & {"style", "onclick", "onload"} and "script" not in page.html and "<link" not in page.html
    )
    assert (
        "data:" not in page.html
        and len(messages(page)) == 1
        and "taken out" in messages(page)[0]
        and ":4: " in messages(page)[0]
    )


def test_headings_begin_at_two_and_skip_no_level():
    page = page_of("### One\n\n##### Two\n\n#### Three\n\n## Four\n\n<h5 class='x'>Five `$x$`</h5>\n")
    assert [(level, text) for level, _, text in page.toc] == [
        (2, "One"),
        (3, "Two"),
        (3, "Three"),
        (2, "Four"),
        (3, "Five x"),
    ]
    assert '<h3 class="x" id="five-x">Five <math>' in page.html


def test_notes_and_references_are_sections_of_the_page_whatever_their_level():
    body = (
        "## One\n\nA<a class='footstart' key='k'></a> <a class='citestart' key='c'></a>\n\n"
        "#### Footnotes\n\n<a class='footend' key='k'></a> N.\n\n"
        "#### References\n\n<a class='citeend' key='c'></a> [T](http://x.y)\n\n#### More\n"
    )
    page = page_of(body)
    assert [(level, text) for level, _, text in page.toc] == [
        (2, "One"),
        (2, "Footnotes"),
        (2, "References"),
        (2, "More"),
    ]


def test_ids_are_slugs_and_unique():
    page = page_of(
        "### It's Full of *Stars*!\n\n### It's full of stars\n\n### Größe & Maß\n\n### ?\n\n"
        "<div id='notes'>x</div>\n\n### Notes\n"
    )
    assert [name for _, name, _ in page.toc] == [
        "its-full-of-stars",
        "its-full-of-stars-2",
        "größe-maß",
        "section",
        "notes-2",
    ]


@pytest.mark.parametrize(
    "link",
    [
        "which-models-work-best",
        "which-models-work-best-",
        "Which-Models-Work-Best",
        "which-models-work--best",
    ],
)
def test_links_find_their_heading_whatever_the_dashes(link):
    page = page_of(f"[see](#{link})\n\n### Which Models Work Best?\n")
    assert '<a href="#which-models-work-best">' in page.html and not page.diagnostics


def test_an_id_on_two_elements_is_reported():
    page = page_of("<div id='a'>x</div>\n\n<div id='a'>y</div>")
    assert page.html.count("id=") == 1
    assert messages(page) == [
        "essays/x.md:6: warning: the id 'a' stands on the page before; this one is left out"
    ]


def test_links_that_lead_nowhere_are_reported():
    page = page_of(
        "Text.\n\n[see](#which-model), [figure](#storm-heatmap), [top](#)\n\n### Which Models\n\n"
        "<div class='storm-heatmap'></div>"
    )
    assert messages(page) == [
        "essays/x.md:6: warning: the link '#which-model' leads nowhere; the nearest is 'which-models'"
    ]


def test_images_need_an_alternative_text_and_a_file(tmp_path):
    (tmp_path / "a.png").write_bytes(b"x")
    text = (
        "---\ntitle: T\n---\n![A town](a.png)\n\n<img src='a.png'>\n\n![b](b.png)\n\n"
        "<img src='/static/c.png' alt=''>\n"
    )
    page = render(parse_document(text, tmp_path / "x.md"))
    messages = [(diagnostic.line, diagnostic.message.split(" ", 3)[3]) for diagnostic in page.diagnostics]
    assert messages == [
        (6, 'has no alternative text; write alt="…", or alt="" for decoration'),
        (8, "is not beside the essay"),
    ]
    assert page.html.count("alt=") == 4


def test_tables_have_a_class_and_their_header_cells_a_scope():
    page = page_of(
        "| a | b |\n|---|--:|\n| 1 | 2 |\n\n<table class='x'><tr><th>row</th><td>*c*</td></tr></table>"
    )
    assert '<table class="table">' in page.html and '<table class="x table">' in page.html
    assert (
        '<th scope="col">a</th>' in page.html
        and '<th scope="row">row</th>' in page.html
        and "<td><em>c</em></td>" in page.html
    )
    assert "style=" not in page.html and "role=" not in page.html


def test_in_a_table_of_many_columns_each_cell_names_its_column():
    page = page_of("| what | a | b | *c* |\n|---|---|---|---|\n| one | 1 | 2 | 3 |")
    assert '<table class="table many" role="table">' in page.html
    assert '<td role="rowheader">one</td>' in page.html
    assert '<td role="cell" data-column="c">3</td>' in page.html


def test_type_is_set_but_not_in_code():
    page = page_of('"It\'s" -- *"so"* `"a" -- b` \'90s well---known 3--4 <digits>"0"</digits>\n')
    assert (
        '<p>“It’s” – <em>“so”</em> <code>"a" -- b</code> ’90s well—known 3–4 <span '
        'class="digits">"0"</span></p>' in page.html
    )


def test_word_count_reading_time_and_description():
    page = page_of("One two three.\n\n" + "word " * 440)
    assert (
        page.words == 443
        and page.minutes == 2
        and page.description.endswith("…")
        and len(page.description) <= 201
    )
    assert page_of("x", front="---\ntitle: T\nsocialsummary: In short.\n---\n").description == "In short."


def test_checking_puts_everything_together_in_the_order_of_the_file():
    document = parse_document(
        "---\ntitle: A\ntitle: T\ndate: soon\n---\n\n[x](#y)\n\n<div class='nothing'></div>\n", "essays/x.md"
    )
    found = lint_document(document, render(document, StubMounts()), StubMounts())
    assert [(p.line, p.level) for p in found if p.line > 1] == [
        (3, "warning"),
        (4, "warning"),
        (7, "warning"),
        (9, "error"),
    ]
    assert {p.message for p in found if p.line == 1} == {
        "the front matter has no authors",
        "the front matter has no socialsummary",
    }


def test_a_valid_essay_has_no_diagnostics():
    text = (
        "---\ntitle: T\nauthors: A\ndate: 2026-05-01\nsocialsummary: S\n---\nText `$x$`.\n\n"
        "### Head\n\nMore.\n"
    )
    assert lint_document(parse_document(text, "essays/x.md")) == []


def test_rendering_is_quick_and_always_the_same():
    part = (
        "## Head {0}\n\n<div class='sticky-container'>\n"
        "<div class='storm-telegraph row sticky'></div>\n\n"
        "Text with `$p(y|x_{{{0}}})$`, *words*, "
        "[links](http://x.y) and a note<a class='footstart' key='n{0}'></a> that goes on for a "
        "while, as prose in essays does. " + "More words. " * 30 + "\n\n"
        "</div>\n\n<a class='footend' key='n{0}'></a> The note.\n\n"
    )
    text = "---\ntitle: T\n---\n" + "".join(part.format(index) for index in range(64))
    assert len(text) > 40_000
    document = parse_document(text)
    first = render(document, StubMounts())
    start = time.thread_time()
    assert render(document, StubMounts()) == first
    assert time.thread_time() - start < 1


PIECES = st.sampled_from(
    "<div>|</div>|<div class='storm-telegraph row'>|<div class='storm-heatmap'></div>|<p>|"
    "</p>|\n|\n\n|text |*|**|_|`|`$x_1$`|`$\\bad{$`|- a\n|  - b\n"
    "|1. c\n|> |# H\n|### H\n|<a class='footstart' key='k'></a>|<a class='footend' key='k'>"
    "</a> n |<a class='citestart' key='c d'></a>"
    "|<a class='citeend' key='c'></a> [T](u) A. (2020)|<span class='fn-break'></span>|<span>|"
    "</span>|<b>|</b>|<table>|<tr>|<td>|</table>|<ul>|<li>|</ul>"
    "|<script>|</script>|<!--|-->|<svg>|</svg>|<![x[|<br>|<img src=x>|<v></v>|<animate>|"
    "<digits>|```\n|&lt;|&|<|\\<|\ufdd00\ufdd1|\"'|---\n|    |\t"
    "|<x-y>\n\n|<h2>|</h2>|<pre>|</pre>|<select>|<body>|\x00|\x02|[|](|)|<p id='recirc'></p>|"
    "<a href='javascript:x' onclick=x style=y>|</a>".split("|")
)


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_no_soup_raises_or_comes_out_unbalanced(soup):
    page = page_of(soup)
    reader = read_tags(page.html)
    assert is_balanced(page.html), page.html
    ids = [value for name, value in reader.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert not any(name == "style" or name.startswith("on") for name, _ in reader.attributes)
    assert not any(
        (value or "").startswith("javascript") for name, value in reader.attributes if name in ("href", "src")
    )
    assert not re.search("[\ufdd0\ufdd1]", page.html)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200))
def test_no_text_raises(text):
    assert is_balanced(page_of(text).html)
