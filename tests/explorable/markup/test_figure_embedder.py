import pytest

from infodecomp.explorable.markup.transforms.figure_embedder import FEEDBACK, RECIRC
from tests.explorable.markup.pages import StubMounts, is_balanced, messages, page_of


def test_an_empty_div_with_a_known_name_becomes_its_figure():
    mounts = StubMounts()
    page = page_of(
        "<div class='storm-telegraph row sticky'></div>\n"
        "<div class='row storm-heatmap' align='center'> </div>",
        mounts,
    )
    assert mounts.asked == [("storm-telegraph", ("row", "sticky"), False), ("storm-heatmap", ("row",), False)]
    assert (
        page.html.count("<figure") == 2
        and page.mounted == ["storm-telegraph", "storm-heatmap"]
        and not page.diagnostics
    )


def test_a_figure_takes_a_reader_two_thirds_of_a_minute_however_often_it_stands_there():
    mounts = "<div class='storm-telegraph'></div>\n\n<div class='storm-heatmap'></div>\n\n"
    assert page_of("word " * 440).minutes == 2
    assert page_of("word " * 440 + f"\n\n{mounts}{mounts}").minutes == 3


def test_a_figure_mounted_twice_is_marked():
    mounts = StubMounts()
    page = page_of("<div class='storm-heatmap'></div>\n\ntext\n\n<div class='storm-heatmap'></div>", mounts)
    assert [again for _, _, again in mounts.asked] == [False, True] and page.mounted == ["storm-heatmap"]


@pytest.mark.parametrize(
    "source",
    [
        "<p class='storm-heatmap'></p>",
        "A <span class='storm-heatmap'></span> word",
        "<div class='row'><div class='storm-heatmap'></div></div>",
    ],
)
def test_a_mount_may_be_a_paragraph_a_span_or_inside_a_row(source):
    page = page_of(source)
    assert page.mounted == ["storm-heatmap"] and is_balanced(page.html) and not page.diagnostics
    assert "<figure" not in page.html.partition("</p>")[0] or "<p>" not in page.html.partition("<figure")[0]


def test_a_mount_that_names_nothing_is_an_error_and_a_box_in_its_place():
    page = page_of("Text.\n\n<div class='row'><div class='storm-telegrph'></div></div>")
    message = "no figure or control panel is called 'storm-telegrph'; the nearest is 'storm-telegraph'"
    assert messages(page) == [f"essays/x.md:6: error: {message}"]
    assert f'<div class="problem" role="note">essays/x.md:6: {message}</div>' in page.html


def test_elements_that_mount_nothing_are_left_alone():
    page = page_of(
        "<div class='row'></div>\n\n<div class='aside'>text</div>\n\n<span class='toggle round'></span> x"
    )
    assert not page.diagnostics and "aside" in page.html and "toggle round" in page.html


def test_a_mount_that_is_never_closed_does_not_swallow_the_page():
    page = page_of("<div class='storm-telegraph row'>\n\nText.\n\n### Head\n\nMore.")
    assert '<h2 id="head">' in page.html and page.mounted == ["storm-telegraph"] and is_balanced(page.html)
    assert "<figure" in page.html.partition("Text.")[0]
    assert {line.split(": ")[0] for line in messages(page)} == {"essays/x.md:4"}


def test_an_animate_tag_links_to_a_preset():
    page = page_of("A <animate data-animate='fair-share'>fair *share*</animate> , then.")
    button = (
        '<a class="animate" href="?bits_a=.5&amp;bits_b=.5" data-set="bits_a=.5&amp;bits_b=.5">'
        "fair <em>share</em></a>"
    )
    assert f"A {button}, then." in page.html and not page.diagnostics


def test_an_animate_tag_leads_to_the_nearest_picture_of_its_state():
    link, gap = "<animate data-animate='fair-share'>fair</animate>", "\n\ntext\n\ntext\n\n"
    heatmap, telegraph = (f"<div class='{name}'></div>" for name in ("storm-heatmap", "storm-telegraph"))
    for body, nearest in (
        (f"{heatmap}{gap}{link}\n\n{telegraph}", "storm-telegraph"),
        (f"{heatmap}\n\n{link}{gap}{telegraph}", "storm-heatmap"),
    ):
        assert f'href="?bits_a=.5&amp;bits_b=.5#{nearest}"' in page_of(body).html


def test_an_animate_tag_leads_to_the_picture_that_it_names():
    link = "<animate data-animate='fair-share' data-figure='{}'>fair</animate>"
    figures = "<div class='storm-heatmap'></div>\n\n{}\n\ntext\n\n<div class='storm-telegraph'></div>"
    html = page_of(figures.format(link.format("storm-telegraph"))).html
    assert '#storm-telegraph" data-set="bits_a=.5&amp;bits_b=.5" data-to="storm-telegraph">fair' in html
    for wrong in ("storm-telegrap", "bike-week"):
        (message,) = messages(page_of(figures.format(link.format(wrong))))
        assert message.startswith(f"essays/x.md:6: error: '{wrong}' is no picture of this page")


def test_a_step_that_is_unknown_leaves_the_word():
    page = page_of("A <animate data-animate='fair-shar'>fair</animate> word.")
    assert "<p>A fair word.</p>" in page.html
    assert messages(page) == [
        "essays/x.md:4: error: no step is called 'fair-shar'; the nearest is 'fair-share'"
    ]


def test_a_live_number_has_its_default_in_the_page():
    page = page_of(
        "It is <data value='storm-telegraph.information'></data> bits; <data value='12'>a dozen</data>."
    )
    assert (
        '<data class="live" data-value="storm-telegraph.information" value="0.181">0.181</data> bits'
        in page.html
    )
    assert '<data value="12">a dozen</data>' in page.html and page.values == ["storm-telegraph.information"]


def test_a_live_number_that_is_unknown_is_an_error():
    page = page_of("Is <data value='storm-telegraph.infomation'>1</data>.")
    assert "Is 1." in page.html
    expected = (
        "no figure has the value 'storm-telegraph.infomation'; the nearest is 'storm-telegraph.information'"
    )
    assert messages(page) == [f"essays/x.md:4: error: {expected}"]


def test_a_live_number_of_an_unknown_figure_names_the_nearest_figure():
    page = page_of("Is <data value='storm-telegrph.information'></data>.")
    expected = "no figure has the value 'storm-telegrph.information'; the nearest is 'storm-telegraph'"
    assert messages(page) == [f"essays/x.md:4: error: {expected}"]


def test_v_is_a_value_of_the_mount_before_it():
    page = page_of(
        '<div class="storm-heatmap"></div>\n\nFor "<v></v>" and <v2></v2>, <v '
        'value="storm-telegraph.error"></v>.'
    )
    assert (
        page.values == ["storm-heatmap.information", "storm-heatmap.error", "storm-telegraph.error"]
        and not page.diagnostics
    )


def test_v_in_a_note_means_the_mount_before_the_reference():
    page = page_of(
        "<div class='storm-heatmap'></div>\n\nA<a class='footstart' key='k'></a>\n\n"
        "<div class='storm-telegraph'></div>\n\n"
        "<a class='footend' key='k'></a> It is <v></v>.\n"
    )
    assert page.values == ["storm-heatmap.information"]


@pytest.mark.parametrize("source", ["Is <v></v>.", "<div class='storm-heatmap'></div>\n\nIs <v9></v9>."])
def test_v_without_a_value_is_an_error(source):
    assert "shows nothing" in messages(page_of(source))[0]


def test_number_inputs_are_bound_and_labelled():
    page = page_of(
        "<div class='appendix num-inputs row'>\n  <span>Neurons <input type=\"number\" "
        'class=\'n_neurons\' min="3" value="5"></span>\n</div>'
    )
    assert (
        '<label>Neurons <input type="number" name="n_neurons" value="5"></label>' in page.html
        and not page.diagnostics
    )


def test_a_number_input_of_no_parameter_is_an_error_and_disabled():
    page = page_of("<div class='num-inputs'><span>M <input type='number' class='modulis'></span></div>")
    assert messages(page) == [
        "essays/x.md:4: error: no parameter is called 'modulis'; the nearest is 'modulus'"
    ]
    assert "disabled" in page.html


def test_digits_more_essays_and_the_feedback_form():
    page = page_of(
        "Run <digits>0110</digits>.\n\n<p id='recirc'></p>\n<div class='recirc-feedback-form'></div>"
    )
    assert 'Run <span class="digits">0110</span>.' in page.html
    assert page.html.index(RECIRC) < page.html.index(FEEDBACK) and not page.diagnostics


def test_names_of_figures_are_escaped():
    page = page_of("<div class='&lt;script&gt;alert(1)&lt;/script&gt;'></div>")
    assert "<script" not in page.html and "&lt;script&gt;" in page.html
