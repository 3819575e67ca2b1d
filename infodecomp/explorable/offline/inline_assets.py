"""A page as a single file: what it would load is put inside, and what needs a server is taken out.

The page's own text passes through as it is; only the tags that load something or lead to the server are touched.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from html import escape, unescape
from html.parser import HTMLParser

Get = Callable[[str], tuple[bytes, str]]
"""An address within the site -> its body and its type."""

VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
FITS = "\n.drawn svg { width: 100%; max-width: 52rem; height: auto; }\n"  # nobody draws them anew for the width that there is
_CSS_ADDRESS = re.compile(r"url\(['\"]?(/[^)'\"]+)['\"]?\)")
_IMPORT = re.compile(r"^import [^\n]*$", re.MULTILINE)
_LATER = re.compile(r"import\('\./([\w-]+\.js)'\)")
_EXPORT = re.compile(r"^export (?:const|function|async function) (\w+)", re.MULTILINE)
_OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:|#|\?", re.IGNORECASE)
_MACHINES = re.compile(r"og:|twitter:|citation_fulltext")


def data_address(body: bytes, mimetype: str) -> str:
    return f"data:{mimetype.partition(';')[0]};base64,{base64.b64encode(body).decode()}"


class SingleFile(HTMLParser):
    """Rewrites a page. get: what the site answers; folder: the address that relative ones start from.

    below: figure -> HTML that goes below it. fixed: the parameters whose controls cannot be moved. scripts: script of a page
    -> the one that takes its place. foot: HTML that ends the body.
    """

    def __init__(
        self, get: Get, folder: str, below: Mapping[str, str], fixed: frozenset[str], scripts: Mapping[str, str], foot: str
    ):
        super().__init__(convert_charrefs=False)
        self.get, self.folder, self.below, self.fixed = get, folder, below, fixed
        self.scripts, self.foot = scripts, foot
        self.out: list[str] = []
        self.skipping = 0  # how deep inside an element that is left out
        self.open: list[bool] = []  # of the elements we are in: whether their tags are written
        self.figure = ""
        self.policy = {"script": [], "style": []}

    def page(self, html: str) -> str:
        """The page as one file, with a policy that lets it load nothing and run only what it holds."""
        self.feed(html)
        self.close()
        allowed = {
            kind: " ".join(f"'sha256-{digest}'" for digest in digests)
            for kind, digests in self.policy.items()
        }
        policy = (
            f"default-src 'none'; script-src {allowed['script']}; style-src {allowed['style']}; img-src data:; font-src data:; "
            "base-uri 'none'; form-action 'none'"
        )
        return "".join(self.out).replace(
            '<meta charset="utf-8">',
            f'<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{policy}">',
            1,
        )

    # --- what is met ---

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if self.skipping:
            self.skipping += tag not in VOID
        elif _needs_server(tag, given):
            self.skipping = int(tag not in VOID)
        else:
            kept = self._start(tag, given)
            if tag not in VOID:
                self.open.append(kept)

    def handle_startendtag(self, tag, attributes):
        if not self.skipping:
            self.out.append(self.get_starttag_text())

    def handle_endtag(self, tag):
        if self.skipping:
            self.skipping -= 1
        elif self.open and not self.open.pop():
            return
        elif tag == "body":
            self.out.append(self.foot + "</body>")
        else:
            self.out.append(f"</{tag}>")

    def _pass(self, text: str) -> None:
        if not self.skipping:
            self.out.append(text)

    def handle_data(self, data):
        self._pass(data)

    def handle_entityref(self, name):
        self._pass(f"&{name};")

    def handle_charref(self, name):
        self._pass(f"&#{name};")

    def handle_decl(self, declaration):
        self._pass(f"<!{declaration}>")

    # --- what becomes of it ---

    def _start(self, tag: str, given: dict) -> bool:
        """Write a start tag, or what stands for it; False where the element's end tag is not to be written."""
        text = self.get_starttag_text()
        if tag == "link":
            self._link(given)
            return True
        if tag == "script" and given.get("src"):
            address = given["src"].partition("?")[0]
            self._run('script type="module"', self._module(self.scripts.get(address, given["src"])))
            return False
        if tag == "a" and not _OUTSIDE.match(given.get("href") or "#"):
            return False
        if tag == "img" and not _OUTSIDE.match(given.get("src") or "#"):
            text = text.replace(escape(given["src"]), data_address(*self.get(self._within(given["src"]))))
        if tag == "form":
            text = f'<form id="{escape(given.get("id") or "")}">'
        if tag == "input" and given.get("data-parameter") in self.fixed:
            text = text[:-1] + ' disabled title="This copy does not hold enough values of this.">'
        if given.get("data-figure"):
            self.figure = given["data-figure"]
            text = re.sub(r' data-streams="[^"]*"', "", text)
        if tag == "p" and "trouble" in (given.get("class") or "").split():
            self.out.append(self.below.get(self.figure, ""))
        self.out.append(text)
        return True

    def _link(self, given: dict) -> None:
        kind = given.get("rel") or ""
        if kind == "stylesheet":
            css = _CSS_ADDRESS.sub(
                lambda match: f"url({data_address(*self.get(match[1]))})", self._text(given["href"])
            )
            self._run("style", css + FITS)
        elif kind == "icon":
            self.out.append(f'<link rel="icon" href="{data_address(*self.get(given["href"]))}">')

    def _run(self, tag: str, text: str) -> None:
        kind = tag.split()[0]
        text = text.replace("</script", "<\\/script") if kind == "script" else text
        self.policy[kind].append(base64.b64encode(hashlib.sha256(text.encode()).digest()).decode())
        self.out.append(f"<{tag}>{text}</{kind}>")

    def _module(self, address: str) -> str:
        """A module with those inside that it would load when they are needed."""
        text, folder = _IMPORT.sub("", self._text(address)), address.rpartition("/")[0]
        within = {name: self._text(f"{folder}/{name}") for name in dict.fromkeys(_LATER.findall(text))}
        return "".join(map(_enclosed, within, within.values())) + _LATER.sub(
            r"Promise.resolve(within['\1'])", text
        )

    def _text(self, address: str) -> str:
        return self.get(self._within(address))[0].decode()

    def _within(self, address: str) -> str:
        address = unescape(address)
        return address if address.startswith("/") else self.folder + address


def _enclosed(name: str, module: str) -> str:
    """A module as an expression that lends what it exports."""
    body = _EXPORT.sub(lambda match: match[0].removeprefix("export "), module)
    return f";(globalThis.within ??= {{}})['{name}'] = (() => {{\n{body}\nreturn {{ {', '.join(_EXPORT.findall(module))} }}\n}})()\n"


def _needs_server(tag: str, given: dict) -> bool:
    if "data-online" in given or tag == "noscript":
        return True
    if tag == "meta":
        return bool(_MACHINES.match(given.get("name") or given.get("property") or ""))
    return tag == "script" and given.get("type") == "application/ld+json"
