"""Shared by the tests of markup: stub figures, a page from a few lines, and a check for unbalanced tags."""

from html.parser import HTMLParser

from infodecomp.explorable.markup.page import Page, render
from infodecomp.explorable.markup.reading.documents import parse_document

VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
FRONT = "---\ntitle: A page\n---\n"
"""Three lines, so the first line of a body is line 4."""


class StubMounts:
    """Two figures with two values each, a step and two parameters."""

    names = ("storm-telegraph", "storm-heatmap")
    presets = ("fair-share",)
    parameters = ("n_neurons", "modulus")

    def __init__(self):
        self.asked = []

    def mount(self, name, layout, already_mounted):
        self.asked.append((name, layout, already_mounted))
        times = sum(asked[0] == name for asked in self.asked)
        own = f"{name}-{times}" if already_mounted else name
        return f'<figure class="mount" id="{own}" data-layout="{" ".join(layout)}"></figure>'

    def values(self, name):
        return ("information", "error")

    def value(self, path, in_answer=False):
        texts = {"information": "0.181", "error": "0.630"}
        figure, _, value = path.partition(".")
        return texts.get(value) if figure in self.names else None

    def preset_query(self, name):
        return "bits_a=.5&bits_b=.5" if name in self.presets else None

    def drawn_from(self, query):
        return self.names

    def number_input(self, name, attributes):
        if name not in self.parameters:
            return None
        return f'<input type="number" name="{name}" value="{attributes.get("value", "")}">'


def page_of(body: str, mounts=None, front: str = FRONT) -> Page:
    return render(parse_document(front + body, "essays/x.md"), mounts or StubMounts())


def messages(page: Page) -> list[str]:
    return [str(diagnostic) for diagnostic in page.diagnostics]


class _Balance(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.wrong, self.attributes = [], [], []

    def handle_starttag(self, tag, attributes):
        self.attributes += attributes
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.attributes += attributes

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def read_tags(html: str) -> _Balance:
    reader = _Balance()
    reader.feed(html)
    reader.close()
    return reader


def is_balanced(html: str) -> bool:
    reader = read_tags(html)
    return not reader.open and not reader.wrong
