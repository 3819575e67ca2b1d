"""Formatting a BibTeX entry as a reference on the page, and guessing an entry from a reference."""

from __future__ import annotations

import re

from infodecomp.explorable.markup.parsing.tree import Element, Node
from infodecomp.explorable.markup.reading.bibtex import Entry

_YEAR_IN_BRACKETS = re.compile(r"\(([^()]*?)\b((?:1[6-9]|20)\d\d)[a-z]?\b([^()]*)\)")
_YEAR = re.compile(r"(?<![\d./:-])\b((?:1[6-9]|20)\d\d)[a-z]?\b(?![\d/-])(?!\.\d)")
_ARXIV = re.compile(
    r"arxiv(?:\.org/(?:abs|pdf)/|[^\w]*(?:preprint)?[^\w]*(?:arxiv:)?\s*)([a-z-]+/\d{7}|\d{4}\.\d{4,5})",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"([^\W\d_][^,&.;]*?),\s*((?:[^\W\d_]\.[-\s]*)+)")


def split_authors(text: str) -> list[str]:
    """Split a list of authors: the names in ``Power, A., Burda, Y., & Misra, V.`` or ``Ada Lovelace, Alan
    Turing`` or ``A and B``.
    """
    text = re.sub(r"\s+", " ", text).strip(" .,;")
    if not text:
        return []
    others = bool(re.search(r"\bet al\b|\bothers\b|\.\.\.|…", text))
    text = re.sub(r"\bet al\b\.?|\.\.\.|…|\band others\b", "", text)
    pairs = _INITIALS.findall(text + ".")
    covered = sum(len(family) + len(initials) + 2 for family, initials in pairs)
    if pairs and covered > 0.5 * len(text):
        names = [f"{family.strip(' .')}, {initials.strip()}" for family, initials in pairs]
        names = [re.sub(r"^(?:and|&)\s+", "", name) for name in names]
    elif " and " in text and text.count(",") and re.search(r",[^,]+ and [^,]+,", text):
        names = [name.strip() for name in text.split(" and ")]
    else:
        names = [name.strip(" .") for name in re.split(r"\s*(?:,|;|&|\band\b)\s*", text)]
    names = [name for name in names if len(name) > 1]
    return names + ["others"] if others and names else names


def guess_bibtex(key: str, line: Element) -> str:
    """Guess the BibTeX entry of a reference that the essay wrote out.

    Parameters
    ----------
    key : str
        The key of the entry.
    line : Element
        The reference: a linked title, then authors, the year and where it appeared.

    Returns
    -------
    str
        The source of an entry.
    """
    link = next(line.find("a"), None)
    title, rest = _title_and_rest(line, link)
    url = (link.attributes.get("href") or "") if link is not None else ""
    year = _YEAR_IN_BRACKETS.search(rest)
    if year:
        authors, number = rest[: year.start()], year[2]
        venue = (year[1] + year[3]).strip(" ,") if year[1].strip() else rest[year.end() :]
    else:
        year = _YEAR.search(rest)
        number = year[1] if year else ""
        authors, venue = (rest[: year.start()], rest[year.end() :]) if year else (rest, "")
    preprint = _ARXIV.search(url) or _ARXIV.search(rest)
    authors = re.split(r"\bar[xX]iv\b", authors)[0]
    fields = {"title": title, "author": " and ".join(split_authors(authors)), "year": number}
    return _write(_kind_and_fields(fields, venue.strip(" .,"), preprint, url), key)


def _kind_and_fields(fields: dict, venue: str, preprint: re.Match | None, url: str) -> tuple[str, dict]:
    kind = "misc"
    conference = re.match(r"In:?\s+(.*)", venue)
    if conference or re.search(r"\b(Proceedings|Conference|Workshop)\b", venue):
        kind, fields["booktitle"] = "inproceedings", conference[1] if conference else venue
    elif preprint:
        kind, fields["journal"] = "article", f"arXiv preprint arXiv:{preprint[1]}"
    elif re.search(r",\s*\d+(\(\d+\))?\s*,", venue):
        kind, fields["journal"] = "article", venue
    elif venue:
        fields["howpublished"] = venue
    if preprint:
        fields |= {"eprint": preprint[1], "archiveprefix": "arXiv"}
    fields["url"] = url
    return kind, fields


def _title_and_rest(line: Element, link: Element | None) -> tuple[str, str]:
    text = line.text().strip()
    if link is not None and link.text().strip():
        title = link.text()
        rest = text.partition(title)[2] or text.replace(title, " ", 1)
        return " ".join(title.split()), " ".join(rest.split())
    title, _, rest = text.partition("\n")
    if not rest and (quoted := re.search(r"[“\"](.+?)[.,]?[”\"]", text)):
        title, rest = quoted[1], text.replace(quoted[0], " ")
    return " ".join(title.split()).strip(" ."), " ".join(rest.split())


def _write(kind_and_fields: tuple[str, dict], key: str) -> str:
    kind, fields = kind_and_fields
    safe_key = re.sub(r"[^\w:.+/-]", "", key) or "reference"
    rows = [f"@{kind}{{{safe_key},"]
    for name, value in fields.items():
        if value:
            value = value if name == "url" else re.sub(r"([&%$#_])", r"\\\1", value)
            value = re.sub(r"[{}\\](?![&%$#_])", "", value)
            rows.append(f"  {name} = {{{{{value}}}}}," if name == "title" else f"  {name} = {{{value}}},")
    return "\n".join([*rows, "}"])


def format_reference(entry: Entry) -> list[Node]:
    """Format an entry as a reference: the linked title, authors, year and where it appeared."""
    fields = entry.fields
    url = fields.get("url") or (f"https://doi.org/{fields['doi']}" if fields.get("doi") else "")
    if not url and fields.get("eprint") and fields.get("archiveprefix", "arxiv").lower() == "arxiv":
        url = f"https://arxiv.org/abs/{fields['eprint']}"
    title = fields.get("title") or entry.key
    nodes: list[Node] = [Element("a", {"href": url}, [title]) if re.match(r"https?://", url) else title]
    authors = _names_in_line(fields.get("author") or fields.get("editor") or "")
    year = f"({fields['year']})" if fields.get("year") else ""
    venue = next(
        (fields[name] for name in ("journal", "booktitle", "publisher", "howpublished") if fields.get(name)),
        "",
    )
    details = ", ".join(part for part in (venue, fields.get("volume", ""), fields.get("pages", "")) if part)
    tail = " ".join(part for part in (authors, year) if part)
    tail = ". ".join(part for part in (tail, details) if part)
    return [*nodes, f" {tail}." if tail else ""]


def _names_in_line(field: str) -> str:
    names = [name.strip() for name in re.split(r"\s+and\s+", field) if name.strip()]
    names = [" ".join(reversed([part.strip() for part in name.split(",", 1)])) for name in names]
    if len(names) > 1 and names[-1] == "others":
        return ", ".join(names[:-1]) + " et al."
    return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names)
