import re

from infodecomp.explorable.markup.page import render
from infodecomp.explorable.markup.reading.bibtex import parse_bibtex, plain_text
from infodecomp.explorable.markup.reading.documents import read_document
from infodecomp.explorable.markup.transforms.reference_format import split_authors
from tests.explorable.markup.pages import messages, page_of

REFERENCES = """
### References

<a class='citeend' key='one'></a> [First things](https://arxiv.org/abs/1234.56789)
Ash, A., Birch, B. C., & Cedar, D. (2021). arXiv preprint arXiv:1234.56789.

<a class='citeend' key='two'></a> [Second & last](https://x.y/a_b)
Elm Fir, Gum Hazel. (2019, May). In Proceedings of the Woods.

<a class='citeend' key='three'></a> A book of trees
Ivy, J. (1999). Leaf & Sons.
"""


def cite(keys):
    return f"<a class='citestart' key='{keys}'></a>"


def test_one_tag_is_one_bracket_numbered_by_first_use():
    page = page_of(f"Trees {cite('two one')}. Again {cite('one three')}.\n{REFERENCES}")
    assert (
        'Trees\u00a0<span class="cite">[<a href="#ref-two" id="citeref-two" data-note="ref-two" '
        'role="doc-biblioref" '
        'aria-label="Reference 1">1</a>, <a href="#ref-one" id="citeref-one"'
    ) in page.html
    assert 'id="citeref-one-2"' in page.html and 'aria-label="Reference 3">3</a>]</span>' in page.html
    assert re.findall(r'<li id="ref-(\w+)"', page.html) == ["two", "one", "three"]
    assert [(r.number, r.key) for r in page.references] == [(1, "two"), (2, "one"), (3, "three")]
    assert not page.diagnostics


def test_the_reference_list_is_a_labelled_bibliography():
    page = page_of(f"Trees {cite('one two three')}\n{REFERENCES}")
    assert (
        '<section class="references" role="doc-bibliography" aria-labelledby="references"><h2 '
        'id="references">' in page.html
    )
    assert (
        'href="#citeref-one" role="doc-backlink"' in page.html and (2, "references", "References") in page.toc
    )


def test_a_dangling_key_is_an_error_with_the_nearest():
    page = page_of(f"Trees {cite('one two thre')}\n{REFERENCES}")
    assert "essays/x.md:4: error: no reference has the key 'thre'; the nearest is 'three'" in messages(page)
    assert "no reference 'thre'" in page.html


def test_a_key_defined_twice_is_an_error():
    body = (
        f"T {cite('a')}\n\n<a class='citeend' key='a'></a> [A](u)\n\n<a class='citeend' key='a'></a> [B](v)\n"
    )
    assert messages(page_of(body)) == [
        "essays/x.md:8: error: the reference 'a' was defined before, on line 6"
    ]


def test_an_empty_citation_is_an_error():
    assert "a citation without a key" in messages(page_of("T <a class='citestart'></a>."))[0]


def test_uncited_references_are_reported_and_listed_last():
    page = page_of(f"Trees {cite('three')}\n{REFERENCES}")
    assert [line.split(": ", 2)[2] for line in messages(page)] == [
        "nothing cites the reference 'one'",
        "nothing cites the reference 'two'",
    ]
    assert [r.key for r in page.references] == ["three", "one", "two"]


def test_an_entry_is_made_from_the_line_where_none_is_given():
    page = page_of(f"Trees {cite('one two three')}\n{REFERENCES}")
    entries, errors = parse_bibtex(page.bibtex)
    one, two, three = (entry.fields for entry in entries)
    assert not errors and [entry.kind for entry in entries] == ["article", "inproceedings", "misc"]
    assert one["title"] == "First things" and one["author"] == "Ash, A. and Birch, B. C. and Cedar, D."
    assert (
        one["year"] == "2021"
        and one["eprint"] == "1234.56789"
        and one["url"] == "https://arxiv.org/abs/1234.56789"
    )
    assert two["author"] == "Elm Fir and Gum Hazel" and two["booktitle"] == "Proceedings of the Woods"
    assert two["title"] == "Second & last" and "{{Second \\& last}}" in page.bibtex
    assert (
        three["title"] == "A book of trees"
        and three["author"] == "Ivy, J."
        and three["howpublished"] == "Leaf & Sons"
    )


def test_entries_given_in_the_front_matter_count_first():
    front = (
        "---\ntitle: T\nbibtex: |\n  @book{three, title={Given}, author={Ivy, J}, year=1998}\n"
        "references:\n  one: {bibtex: '@article{other, title={Mine}}'}\n"
        "  four: {title: Fourth, author: 'Oak, P', year: 2020}\n---\n"
    )
    page = page_of(f"Trees {cite('one two three four')}\n{REFERENCES}", front=front)
    by_key = {reference.key: reference for reference in page.references}
    assert (
        by_key["three"].bibtex.startswith("@book{three")
        and by_key["one"].bibtex == "@article{other, title={Mine}}"
    )
    assert by_key["four"].text == "Fourth P Oak (2020)." and not page.diagnostics


def test_cited_references_are_found_in_the_shared_bib_file(tmp_path):
    (tmp_path / "references.bib").write_text(
        '@article{oak, title={The {Oak} tree}, author={M{\\"u}ller, Eva and Oak, P. and others}, '
        "year=2001, journal={Woods}, doi={10.1/x}}\n"
        "@misc{unused, title={Nobody cites me}}\n"
    )
    (tmp_path / "x.md").write_text(f"---\ntitle: T\n---\nTrees {cite('oak')}.\n")
    page = render(read_document(tmp_path / "x.md"))
    assert (
        '<li id="ref-oak"><a href="https://doi.org/10.1/x">The Oak tree</a> Eva Müller, P. Oak '
        "et al. (2001). Woods." in page.html
    )
    assert page.bibtex.startswith("@article{oak") and "Nobody" not in page.html and not page.diagnostics


def test_a_bibtex_list_goes_under_the_empty_heading_of_the_essay():
    front = "---\ntitle: T\nbibtex: |\n  @book{oak, title={Oaks}, author={Ivy, J}, year=1998}\n---\n"
    page = page_of(f"Trees {cite('oak')}.\n\n### References\n\n### After\n\nText.", front=front)
    assert re.findall(r"<(h\d)[^>]*>References<", page.html) == ["h2"] and [
        text for _, _, text in page.toc
    ] == ["References", "After"]
    assert page.html.index("Oaks") < page.html.index("After")


def test_a_bib_file_that_cannot_be_read_is_a_problem_of_that_file(tmp_path):
    (tmp_path / "references.bib").write_text("@article{oak, title={Open}\n\n@misc{fir, title={Fir}}\n")
    (tmp_path / "x.md").write_text("---\ntitle: T\n---\nText.\n")
    diagnostics = read_document(tmp_path / "x.md").diagnostics
    assert [
        (diagnostic.path.endswith("references.bib"), diagnostic.line, diagnostic.level)
        for diagnostic in diagnostics
    ] == [(True, 1, "error")]


def test_bibtex_as_it_is_written():
    entries, errors = parse_bibtex(
        '@string{w = "Woods"}\n@comment{nothing}\n@Article(ash, title = "A {B} " # {c}, journal '
        "= w, year = 2020)\n@misc{x=1}"
    )
    assert (
        entries[0].fields == {"title": "A B c", "journal": "Woods", "year": "2020"}
        and entries[0].kind == "article"
    )
    assert [line for line, _ in errors] == [4] and "Expected comma after entry key" in errors[0][1]
    assert plain_text(r"Erd\H{o}s, \'Eva, {\o}re, na{\"\i}ve \& so--on") == "Erdős, Éva, øre, naïve & so–on"


def test_names_in_the_orders_that_people_use():
    assert split_authors("Ash, A., Birch, B. C., & Cedar, D.") == ["Ash, A.", "Birch, B. C.", "Cedar, D."]
    assert split_authors("Ash, A. & Birch, B.") == ["Ash, A.", "Birch, B."]
    assert split_authors("Ada Ash, Bea Birch and Cy Cedar") == ["Ada Ash", "Bea Birch", "Cy Cedar"]
    assert split_authors("Ash, A., Elm, B., ... & Fir, C.") == ["Ash, A.", "Elm, B.", "Fir, C.", "others"]
    assert split_authors("Ash, A. et al.") == ["Ash, A.", "others"] and split_authors("") == []


def test_an_address_in_bibtex_is_no_latex():
    entries, errors = parse_bibtex("@misc{ash, url={https://x.example/~ash/a%20b_c}, title={100% of $x_1$}}")
    assert entries[0].fields == {"url": "https://x.example/~ash/a%20b_c", "title": "100% of x_1"}
    assert not errors


def test_an_entry_without_a_key_is_an_error_and_a_key_used_twice_is_left_to_the_reader():
    entries, errors = parse_bibtex("@misc{, title={A}}\n@misc{fir, title={B}}\n@misc{fir, title={C}}")
    assert [(entry.line, entry.fields["title"]) for entry in entries] == [(2, "B"), (3, "C")]
    assert errors == [(1, "the entry '@misc' has no key")]
