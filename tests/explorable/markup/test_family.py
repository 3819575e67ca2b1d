"""One essay with every construct of the older family of templates is rendered completely."""

import re

from infodecomp.explorable.markup.page import render
from infodecomp.explorable.markup.reading.documents import parse_document
from tests.explorable.markup.pages import StubMounts, is_balanced, read_tags

ESSAY = r"""---
template: post_v2.html
title: A first title
title: Do rivers remember?
socialsummary: About floods.
shareimg:
authors: <a href=https://river.example>Ria Ver</a>, Lake Side
date: May 2026
permalink: /rivers/
---

Rivers rise <a class='citestart' key='Flood'></a>. Some *"**never fall**"* again <a class='citestart' key='Flood Delta Ebb'></a>.
<div class="container">
  <p>
    <img src="https://x.example/a.jpg" alt="A river" width="300" />
    <img src="https://x.example/b.jpg" alt="A lake" width="300" /> 
  </p>
</div>

<div class='sticky-container'>
<div class='storm-telegraph row sticky'></div>

Rain falls modulo a week.<a class='footstart' key='modulo'></a> We count `$a + b \bmod 7$`.<a class='footstart' key='7' ></a> Then
`$\text{ReLU}\left(\mathbf{a}_{\text{one-hot}} \mathbf{W}\right)
$` — a level.

<div class='sticky-container'>
<div class='foreign-weights row x-sticky x-sticky-lower'></div>

Levels <animate data-animate='fair-share'>even out</animate> , as `$p(u_1|x_1=\text{calm})$` <coloredText style="background:#D5E5F0;">(blue)</coloredText> does.

</div>
</div>
<div class='storm-heatmap row'></div>

<br>
<br>

### Counting With 1s and 0s

A code <digits>000110</digits> is <digits>0</digits> (known as *decay* <a class='footstart' key='decay'></a>). Read [Appendix A](#appendix-a-how-rivers-turn).

<script type="math/tex">
$$
\mathbf{W}_{\text{embed}} =
\begin{pmatrix}
    \cos(i\frac{2\pi}{7}) & \sin(i \frac{2\pi}{7}) \\
    \dots & \dots \\
\end{pmatrix} \quad
$$
</script>

<div class='row'><div class='foreign-embed'></div></div>

<br>
Then it turns:

<script type="math/tex">
$$
\begin{aligned}
\text{level} & = \lVert \it{l} \rVert ^M \\

\text{flow} & = \argmax_c \biggl(\bigl[ c \bigl]^2 \biggl)
\end{aligned}
$$
</script>

<p class='hide-on-change'>Notice the <v></v>, not "<v2></v2>".

#### Which Banks Hold Best?

`$$
\textbf{W}_\text{in} = \mathbf{W}^{\top}
$$`

<label class="switch">
  <input type="checkbox" name="banks">
  <span class="toggle round"></span> 
</label> *Show the banks*

<div class='appendix num-inputs row'>
  <span>Banks <input type="number" class='n_neurons' min="3" max="10" value="5"></span>
  <span>Bends <input type="number" class='modulus' min="12" max="500" value="67"></span>
</div>

### Appendix A: How Rivers Turn

Let `$\omega:=\frac{2\pi}{M}$` for `$N \gt 2$`.

### Footnotes

<a class='footend' key='modulo'></a> Of `$a$` and `$b$`.
<span class='fn-break'></span>
Like a [clock](https://x.example/a_(b)).

<a class='footend' key='7'></a>Seven is no magic number<a class='citestart' key='Ebb'></a>.

<a class='footend' key='decay'></a>
See [banks](#which-banks-hold-best-):
<span class='fn-break'></span>
<img src='https://x.example/c.gif' alt='Decay'></img>
### References

<a class='citeend' key='Flood'></a> [Floods: A Study](https://arxiv.org/pdf/2101.00001.pdf)
Ver, R., & Side, L. (2021). arXiv preprint arXiv:2101.00001.

<a class='citeend' key='Delta'></a>[Deltas](https://x.example/delta) Mo Uth (2020). *In Proceedings of Rivers* (pp. 1-3).

<a class='citeend' key='Ebb'></a> The Ebb
Low, T. 1999. Tide Press


### More Explorables

<p id='recirc'></p>
<div class='recirc-feedback-form'></div>

<link rel='stylesheet' href='style.css'>
<script async src='https://x.example/mathjax.js'></script>
<!-- <script src='old.js'></script> -->
<script src='init.js'></script>
"""


def test_an_essay_with_every_construct_is_rendered_completely():
    document = parse_document(ESSAY, "essays/rivers.md")
    page = render(document, StubMounts())
    errors = [str(diagnostic) for diagnostic in page.diagnostics if diagnostic.level == "error"]
    assert [re.search(r":(\d+): .*'(foreign-\w+)'", error).groups() for error in errors] == [
        ("28", "foreign-weights"),
        ("53", "foreign-embed"),
    ]
    warnings = [diagnostic.message for diagnostic in page.diagnostics if diagnostic.level == "warning"]
    assert len(warnings) == 1 and "1 style attribute, 1 stylesheet, 2 scripts were taken out" in warnings[0]
    assert document.title == "Do rivers remember?" and document.authors.names == ("Ria Ver", "Lake Side")
    assert page.mounted == ["storm-telegraph", "storm-heatmap"]
    assert page.values == ["storm-heatmap.information", "storm-heatmap.error"]


def test_no_construct_is_lost():
    page = render(parse_document(ESSAY, "essays/rivers.md"), StubMounts())
    assert is_balanced(page.html) and page.html.count("<math") == 10 and 'class="problem">' not in page.html
    assert not re.search(r"[$`]|footstart|footend|citestart|citeend|fn-break|<digits|<animate|<v>", page.html)
    assert [text for _, _, text in page.toc] == [
        "Counting With 1s and 0s",
        "Which Banks Hold Best?",
        "Appendix A: How Rivers Turn",
        "Footnotes",
        "References",
        "More Explorables",
    ]
    assert len(re.findall('<li id="fn-', page.html)) == 3 and [r.key for r in page.references] == [
        "Flood",
        "Delta",
        "Ebb",
    ]
    links = {
        value for name, value in read_tags(page.html).attributes if name == "href" and value.startswith("#")
    }
    ids = {value for name, value in read_tags(page.html).attributes if name == "id"}
    assert {link[1:] for link in links} <= ids
    assert "“<strong>never fall</strong>”" in page.html and 'href="https://x.example/a_(b)"' in page.html
