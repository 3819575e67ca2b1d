import re

import pytest

from infodecomp.explorable.markup.parsing.mathml import MATH_CLASSES, MathError, math_text, to_mathml
from tests.explorable.markup.pages import is_balanced, messages, page_of

IN_THE_WILD = [
    r"a + b \bmod 67",
    r"\text{ReLU}\left(\mathbf{a}_{\text{one-hot}} \mathbf{W}\right)",
    r"\lVert \it{l} \rVert^M",
    r"\biggl(\bigl[ \cos(a\omega) \bigr]^2 \biggr)",
    r"\argmax_c \! f(c)",
    r"\begin{aligned} a &= b \\" + "\n\n" + r" c &= d \end{aligned}",
    r"\begin{pmatrix} \dots & \ldots \\ \cos x & \sin x \\ \end{pmatrix} \quad",
    r"\begin{cases} 0 & x < 0 \\ x & x \gt 0 \end{cases}",
    r"\mathbb{E}_{x\sim p(x)} [- \log \ p(x)]",
    r"\omega:=\frac{2\pi}{M}",
    r"\KL(p \,\|\, q) \ge 0",
    r"\norm{x} + \abs{y} + \E[z]",
    r"\begin{array}{l|r} a & b \\ \hline c & d \end{array}",
    r"\text{storm if $y=1$ holds}",
    r"\textcolor{red}{x} + a\!b",
]


@pytest.mark.parametrize("latex", IN_THE_WILD)
@pytest.mark.parametrize("display", [False, True])
def test_formulas_of_the_wild_become_mathml_without_inline_styles(latex, display):
    mathml = to_mathml(latex, display)
    assert mathml.startswith("<math") and is_balanced(mathml)
    assert ('display="block"' in mathml) is display
    assert " style=" not in mathml and "merror" not in mathml
    assert set(re.findall(r"math-[\w-]+", mathml)) <= set(MATH_CLASSES)


def test_equation_environments_are_not_all_number_one():
    for name in ("align", "gather", "equation", "align*", "equation*"):
        assert "(1)" not in math_text(to_mathml(rf"\begin{{{name}}} a = b \end{{{name}}}", True))


@pytest.mark.parametrize("latex", [r"\frac{1}{", r"\nosuchcommand x", r"\left( x"])
def test_an_invalid_formula_is_reported_with_the_reason(latex):
    with pytest.raises(MathError, match=r"\w"):
        to_mathml(latex)


def test_a_formula_as_plain_text():
    assert math_text(to_mathml("I(X;Y)")) == "I(X;Y)"


@pytest.mark.parametrize(
    ("source", "display"),
    [
        ("`$x^2$`", False),
        ("`$$x^2$$`", True),
        ("`$\nx^2\n$`", False),
        ("`$$\nx^2\n\n+ 1\n$$`", True),
        ('<script type="math/tex">x^2</script>', False),
        ('<script type="math/tex; mode=display">x^2</script>', True),
        ('<script type="math/tex">\n$$\nx^2\n\n+ 1\n$$\n</script>', True),
        ("```math\nx^2\n```", True),
    ],
)
def test_every_way_to_write_a_formula(source, display):
    page = page_of(f"Before.\n\n{source}\n\nAfter.")
    assert page.html.count("<math") == 1 and ('display="block"' in page.html) is display
    assert "<msup>" in page.html and "$" not in page.html and not page.diagnostics
    assert ('<div class="math-block">' in page.html) is display


def test_what_is_no_formula_stays_code():
    page = page_of("`$PATH` and `$HOME`, `$`, `$$`, ``a ` b``")
    assert "<math" not in page.html and page.html.count("<code>") == 5


def test_a_bar_in_a_formula_ends_no_cell_and_no_link():
    page = page_of(
        "| `$p(y|x)$` | b |\n|---|---|\n| `$|w_i|$` | `$a_1*b*c_2$` |\n\n"
        "[the `$p(a|b)$` link](http://x.y)\n\n### Of `$H(X|Y)$`\n\nT<a class='footstart' key='n'></a>\n\n"
        "<a class='footend' key='n'></a> in `$q(t|x)$`."
    )
    assert page.html.count("<math") == 6 and page.html.count("<td>") == 2
    assert re.search(r'<a href="http://x.y">the <math>.*</math> link</a>', page.html)
    assert page.toc[0] == (2, "of-hxy", "Of H(X|Y)")


def test_a_broken_formula_is_shown_and_reported_with_its_line():
    page = page_of("Fine.\n\nBroken `$\\frac{1}{$` here.")
    assert '<code class="problem">\\frac{1}{</code>' in page.html
    assert messages(page)[0].startswith("essays/x.md:6: error: the formula '\\frac{1}{' cannot be read")


def test_a_formula_in_an_alternative_text_becomes_plain_text():
    assert 'alt="the plane of I(X;Y)"' in page_of("![the plane of `$I(X;Y)$`](https://x.y/a.png)").html
