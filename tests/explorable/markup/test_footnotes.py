import re

from tests.explorable.markup.pages import is_balanced, messages, page_of

NOTE = "<a class='footend' key='{0}'></a> Note {0}.\n\n"


def refer(key):
    return f"<a class='footstart' key='{key}'></a>"


def test_a_note_is_numbered_linked_and_linked_back():
    page = page_of(f"Word {refer('k')} more.\n\n{NOTE.format('k')}")
    assert (
        'Word<a class="footnote-ref" id="fnref-k" href="#fn-k" role="doc-noteref" '
        'data-note="fn-k" aria-label="Note 1">'
        "<sup>1</sup></a> more."
    ) in page.html
    assert (
        '<section class="footnotes" role="doc-endnotes" aria-labelledby="footnotes"><h2 '
        'id="footnotes">Notes</h2>' in page.html
    )
    back = (
        '<a class="footnote-back" href="#fnref-k" role="doc-backlink" aria-label="Back to note 1 '
        'in the text">↩</a>'
    )
    assert f'<ol><li id="fn-k"><p>Note k.\u00a0{back}</p></li></ol>' in page.html
    assert not page.diagnostics


def test_notes_are_numbered_by_first_use_and_used_again():
    page = page_of(f"A{refer('b')} B{refer('a')} C{refer('b')}\n\n{NOTE.format('a')}{NOTE.format('b')}")
    assert re.findall(r'id="(fnref-[\w-]+)".*?<sup>(\d)', page.html) == [
        ("fnref-b", "1"),
        ("fnref-a", "2"),
        ("fnref-b-2", "1"),
    ]
    assert re.findall(r'<li id="([\w-]+)"', page.html) == ["fn-b", "fn-a"]


def test_the_heading_in_the_essay_is_used():
    page = page_of(f"A{refer('k')}\n\n### Footnotes\n\n{NOTE.format('k')}\n\n### After\n\nText.")
    assert (
        '<section class="footnotes" role="doc-endnotes" aria-labelledby="footnotes"><h2 '
        'id="footnotes">Footnotes</h2>' in page.html
    )
    assert page.html.index("</section>") < page.html.index('<h2 id="after">')


def test_breaks_make_paragraphs_and_blocks_below_go_on():
    body = (
        f"A{refer('k')}\n\n### Footnotes\n\n<a class='footend' key='k'></a>\nOne.\n"
        f"<span class='fn-break'></span>\nTwo.\n\n- three\n"
    )
    page = page_of(body)
    assert "<p>One.</p><p>Two.</p><ul>" in page.html and page.html.index("three") < page.html.index(
        "</li></ol>"
    )


def test_a_note_amid_the_text_takes_only_its_paragraph():
    page = page_of(f"A{refer('k')}\n\n{NOTE.format('k')}Text goes on.")
    assert page.html.index("Text goes on.") < page.html.index("<section")


def test_two_notes_without_a_blank_line_between_and_a_heading_right_below():
    body = (
        f"A{refer('a')} B{refer('b')}\n\n### Footnotes\n<a class='footend' key='a'></a>One.\n"
        f"<a class='footend' key='b'></a> Two.\n### After"
    )
    page = page_of(body)
    assert (
        re.findall(r'<li id="fn-\w"><p>(\w+)\.', page.html) == ["One", "Two"]
        and '<h2 id="after">After</h2>' in page.html
    )


def test_notes_and_citations_inside_notes_go_on_numbering():
    page = page_of(
        f"A{refer('a')} B{refer('b')}\n\n<a class='footend' key='a'></a> In a{refer('c')} <a "
        f"class='citestart' key='r'></a>\n\n"
        f"{NOTE.format('b')}{NOTE.format('c')}<a class='citeend' key='r'></a> [T](http://x.y)\n\n"
    )
    assert re.findall(r'<li id="fn-(\w)"', page.html) == ["a", "b", "c"]
    assert 'href="#fn-c" role="doc-noteref" data-note="fn-c" aria-label="Note 3"' in page.html
    assert 'aria-label="Reference 1"' in page.html and not page.diagnostics


def test_notes_that_refer_to_each_other_end():
    page = page_of(
        f"A{refer('a')}\n\n<a class='footend' key='a'></a> To {refer('b')}\n\n"
        f"<a class='footend' key='b'></a> Back to {refer('a')}\n\n"
    )
    assert 'id="fnref-a-2"' in page.html and is_balanced(page.html) and not page.diagnostics


def test_a_dangling_key_is_an_error_with_the_nearest():
    page = page_of(f"Text.\n\nA{refer('modlar')}.\n\n{NOTE.format('modular')}")
    assert "essays/x.md:6: error: no footnote has the key 'modlar'; the nearest is 'modular'" in messages(
        page
    )
    assert "no note 'modlar'" in page.html


def test_a_key_defined_twice_is_an_error_and_nothing_is_lost():
    page = page_of(
        f"A{refer('k')}\n\n<a class='footend' key='k'></a> One.\n\n<a class='footend' key='k'></a> Two.\n"
    )
    assert messages(page) == ["essays/x.md:8: error: the footnote 'k' was defined before, on line 6"]
    assert "One." in page.html and "Two." in page.html


def test_a_note_without_a_key_is_an_error():
    assert "a footnote without a key" in messages(page_of("<a class='footend'></a> Text."))[0]


def test_an_unused_note_is_reported_and_listed_last():
    page = page_of(f"A{refer('b')}\n\n{NOTE.format('a')}{NOTE.format('b')}")
    assert messages(page) == ["essays/x.md:6: warning: nothing refers to the footnote 'a'"]
    assert re.findall(r'<li id="fn-(\w)"', page.html) == ["b", "a"] and "#fnref-a" not in page.html


def test_keys_become_ids_that_a_stylesheet_can_name():
    page = page_of(f"A{refer('a.b c')} B{refer('a:b/c')}\n\n{NOTE.format('a.b c')}{NOTE.format('a:b/c')}")
    ids = re.findall(r'<li id="([^"]+)"', page.html)
    assert ids == ["fn-a-b-c", "fn-a-b-c-2"] and not page.diagnostics


def test_neighbouring_numbers_do_not_run_together():
    page = page_of(f"A{refer('a')} {refer('b')}\n\n{NOTE.format('a')}{NOTE.format('b')}")
    assert "</a><sup>,</sup><a" in page.html
