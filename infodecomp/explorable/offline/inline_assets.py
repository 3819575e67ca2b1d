"""Inline everything that a page loads, and remove what needs a server.

The text of the page passes through unchanged; only tags that load something or lead to the server are
rewritten.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from html import escape, unescape
from html.parser import HTMLParser

Fetch = Callable[[str], tuple[bytes, str]]
"""Address within the site -> (body, mimetype)."""

Attributes = dict[str, str | None]

VOID_ELEMENTS = frozenset("area base br col embed hr img input link meta param source track wbr".split())
# No server draws pictures anew for the width of the window, so they scale.
SCALING_CSS = "\n.drawn svg { width: 100%; max-width: 52rem; height: auto; }\n"
_CSS_URL = re.compile(r"url\(['\"]?(/[^)'\"]+)['\"]?\)")
_STATIC_IMPORT = re.compile(r"^import [^\n]*$", re.MULTILINE)
_DYNAMIC_IMPORT = re.compile(r"import\('\./([\w-]+\.js)'\)")
_EXPORTED = re.compile(r"^export (?:const|function|async function) (\w+)", re.MULTILINE)
_NOT_ON_SERVER = re.compile(r"[a-z][a-z0-9+.-]*:|#|\?", re.IGNORECASE)
_METADATA = re.compile(r"og:|twitter:|citation_fulltext")


def data_url(body: bytes, mimetype: str) -> str:
    """Return bytes as a base64 data: URL."""
    return f"data:{mimetype.partition(';')[0]};base64,{base64.b64encode(body).decode()}"


class PageInliner(HTMLParser):
    """Rewrites a page as a single file. An inliner is used once.

    Parameters
    ----------
    fetch : callable
        Address within the site -> (body, mimetype).
    folder : str
        The address that relative addresses start from.
    notes : mapping of str to str
        HTML that follows a figure, by its name.
    fixed : frozenset of str
        Parameters whose controls are disabled.
    replaced_scripts : mapping of str to str
        The address of a script -> the address of the one that takes its place.
    footer : str
        HTML at the end of the body.
    """

    def __init__(
        self,
        fetch: Fetch,
        folder: str,
        notes: Mapping[str, str],
        fixed: frozenset[str],
        replaced_scripts: Mapping[str, str],
        footer: str,
    ):
        super().__init__(convert_charrefs=False)
        self._fetch, self._folder, self._notes, self._fixed = fetch, folder, notes, fixed
        self._replaced_scripts, self._footer = replaced_scripts, footer
        self._output: list[str] = []
        self._removed_depth = 0  # how deep inside a removed element
        self._open_tags_written: list[bool] = []  # for each open element whether its tags are written
        self._figure = ""
        self._hashes: dict[str, list[str]] = {"script": [], "style": []}

    def inline(self, html: str) -> str:
        """Return the page as one file, with a Content-Security-Policy that forbids every request."""
        self.feed(html)
        self.close()
        allowed = {kind: " ".join(f"'sha256-{h}'" for h in hashes) for kind, hashes in self._hashes.items()}
        policy = (
            f"default-src 'none'; script-src {allowed['script']}; style-src {allowed['style']}; "
            "img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
        )
        charset = '<meta charset="utf-8">'
        meta = f'{charset}\n<meta http-equiv="Content-Security-Policy" content="{policy}">'
        return "".join(self._output).replace(charset, meta, 1)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        is_void = tag in VOID_ELEMENTS
        if self._removed_depth:
            self._removed_depth += not is_void
        elif _needs_server(tag, attributes):
            self._removed_depth = int(not is_void)
        else:
            is_written = self._rewrite_start_tag(tag, attributes)
            if not is_void:
                self._open_tags_written.append(is_written)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._pass_through(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if self._removed_depth:
            self._removed_depth -= 1
        elif self._open_tags_written and not self._open_tags_written.pop():
            return
        else:
            self._output.append(f"{self._footer if tag == 'body' else ''}</{tag}>")

    def handle_data(self, data: str) -> None:
        self._pass_through(data)

    def handle_entityref(self, name: str) -> None:
        self._pass_through(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._pass_through(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self._pass_through(f"<!{decl}>")

    def _pass_through(self, text: str) -> None:
        if not self._removed_depth:
            self._output.append(text)

    def _rewrite_start_tag(self, tag: str, attributes: Attributes) -> bool:
        """Write a start tag or what replaces it; return whether the end tag is written too."""
        text = self.get_starttag_text() or ""
        if tag == "link":
            self._inline_link(attributes)
            return True
        if tag == "script" and attributes.get("src"):
            self._inline_script(attributes["src"] or "")
            return False
        if tag == "a" and not _NOT_ON_SERVER.match(attributes.get("href") or "#"):
            return False
        source = attributes.get("src") or "#"
        if tag == "img" and not _NOT_ON_SERVER.match(source):
            text = text.replace(escape(source), data_url(*self._fetch(self._absolute(source))))
        if tag == "form":
            text = f'<form id="{escape(attributes.get("id") or "")}">'
        if tag == "input" and attributes.get("data-parameter") in self._fixed:
            text = text[:-1] + ' disabled title="This copy does not hold enough values of this.">'
        if figure := attributes.get("data-figure"):
            self._figure = figure
            text = re.sub(r' data-streams="[^"]*"', "", text)
        if tag == "p" and "trouble" in (attributes.get("class") or "").split():
            self._output.append(self._notes.get(self._figure, ""))
        self._output.append(text)
        return True

    def _inline_link(self, attributes: Attributes) -> None:
        relation, address = attributes.get("rel"), attributes.get("href") or ""
        if relation == "stylesheet":
            css = _CSS_URL.sub(lambda match: f"url({data_url(*self._fetch(match[1]))})", self._text(address))
            self._inline_element("style", css + SCALING_CSS)
        elif relation == "icon":
            url = address if address.startswith("data:") else data_url(*self._fetch(address))
            self._output.append(f'<link rel="icon" href="{url}">')

    def _inline_script(self, address: str) -> None:
        address = self._replaced_scripts.get(address.partition("?")[0], address)
        self._inline_element('script type="module"', self._module(address))

    def _inline_element(self, start_tag: str, text: str) -> None:
        """Write a script or a style, and allow it in the policy."""
        kind = start_tag.split()[0]
        text = text.replace("</script", "<\\/script") if kind == "script" else text
        self._hashes[kind].append(base64.b64encode(hashlib.sha256(text.encode()).digest()).decode())
        self._output.append(f"<{start_tag}>{text}</{kind}>")

    def _module(self, address: str) -> str:
        """A module, preceded by those that it imports dynamically."""
        text, folder = _STATIC_IMPORT.sub("", self._text(address)), address.rpartition("/")[0]
        names = dict.fromkeys(_DYNAMIC_IMPORT.findall(text))
        imported = "".join(_module_expression(name, self._text(f"{folder}/{name}")) for name in names)
        return imported + _DYNAMIC_IMPORT.sub(r"Promise.resolve(within['\1'])", text)

    def _text(self, address: str) -> str:
        return self._fetch(self._absolute(address))[0].decode()

    def _absolute(self, address: str) -> str:
        address = unescape(address)
        return address if address.startswith("/") else self._folder + address


def _module_expression(name: str, module: str) -> str:
    """A module as a function call that stores what it exports under its name."""
    exports = ", ".join(_EXPORTED.findall(module))
    body = _EXPORTED.sub(lambda match: match[0].removeprefix("export "), module)
    return f";(globalThis.within ??= {{}})['{name}'] = (() => {{\n{body}\nreturn {{ {exports} }}\n}})()\n"


def _needs_server(tag: str, attributes: Attributes) -> bool:
    if "data-online" in attributes or tag == "noscript":
        return True
    if tag == "meta":
        return bool(_METADATA.match(attributes.get("name") or attributes.get("property") or ""))
    return tag == "script" and attributes.get("type") == "application/ld+json"
