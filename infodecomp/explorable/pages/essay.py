"""Pages: an essay in one state, and one figure alone, assembled from templates.

render(template, **values) -> HTML is the server's: addresses within the site are its to write.
"""

import re
from collections.abc import Callable, Iterable
from functools import partial
from html import unescape
from urllib.parse import parse_qsl, urlencode

import orjson
from markupsafe import Markup, escape

from infodecomp.explorable.exports.menu import MENU
from infodecomp.explorable.figures.figure import NARROW, WIDE, FigureState
from infodecomp.explorable.figures.parameters import Parameter, describe_for_page
from infodecomp.explorable.markup.transforms.figure_embedder import FEEDBACK, RECIRC
from infodecomp.explorable.pages import metadata
from infodecomp.explorable.pages.embed import Frame, discovery, embed_address
from infodecomp.explorable.pages.slides import make_deck
from infodecomp.explorable.site.library import EssayState, Library
from infodecomp.explorable.site.mounts import mount_id

Render = Callable[..., str]


def essay_page(
    render: Render, library: Library, slug: str, items: Iterable[tuple[str, str]], origin: str, feedback: bool
) -> str:
    """An essay in the state of a query's pairs. origin: the site's address, for readers elsewhere. feedback: whether it has a form."""
    made: EssayState = library.essay(slug, items, partial(show_figure, render))
    document, page = made.document, made.page
    url = f"{origin}essays/{slug}"
    body = keep_state(page.html, made.query)
    parts = {
        RECIRC: render("more.html", essays=[other for other in library.essays() if other.slug != slug]),
        FEEDBACK: render("feedback.html", page=slug) if feedback else "",
    }
    for mark, html in parts.items():
        body = body.replace(mark, html) if mark in body else body + html
    image = metadata.shared_picture(document, made.views, origin)
    return render(
        "essay.html",
        essay=made,
        body=Markup(body),
        **data_of(made.parameters.values()),
        url=url,
        image=image,
        discovery=discovery(f"{url}{'?' if made.query else ''}{made.query}", origin),
        citation_tags=metadata.citation_tags(document, url),
        structured=_script(metadata.structured(document, page, url, image)),
    )


def embed_page(render: Render, library: Library, frame: Frame, origin: str) -> str:
    """One figure for a frame, with all of its controls, its own or none."""
    view, shown = frame.view, frame.shown
    figure = keep_state(
        show_figure(render, view, (), 1, shown, view.value_text, shown, frame.controls == "full"), view.query
    )
    name = view.figure.name
    essay = library.essay_of(name)
    state = {
        parameter.name: parameter.write(view.state[parameter.name]) for parameter in view.figure.parameters
    }
    hidden = {key: value for key, value in state.items() if key not in shown and key in view.query}
    return render(
        "embed.html",
        view=view,
        frame=frame,
        figure=figure,
        hidden=hidden,
        discovery=discovery(embed_address(view, origin), origin),
        image=metadata.card(view, origin) if view.figure.has("draw") else "",
        back=f"{origin}essays/{essay}{'?' if view.query else ''}{view.query}#{name}" if essay else "",
        **data_of(view.figure.parameters),
    )


def slides_page(
    render: Render, library: Library, slug: str, items: Iterable[tuple[str, str]], origin: str
) -> str:
    """An essay as a deck in the state of a query's pairs, each figure live on a slide of its own."""
    made: EssayState = library.essay(slug, items)
    deck = make_deck(made.page.root, {name: library.figures[name] for name in made.page.mounted})
    shown, own, times = [], set(), {}
    for slide in deck.slides:
        view = made.views[slide.figure]
        nth = times[slide.figure] = times.get(slide.figure, 0) + 1
        first = [
            name for name in slide.controls if name not in own
        ]  # a form says each parameter once: by its first control
        own.update(first)
        figure = show_figure(render, view, (), nth, first, view.value_text, slide.controls)
        shown.append((slide, Markup(keep_state(figure, made.query))))
    hidden = {
        name: parameter.write(made.state[name])
        for name, parameter in made.parameters.items()
        if name not in own and made.state[name] != parameter.default
    }
    return render(
        "slides.html",
        essay=made,
        deck=deck,
        slides=shown,
        hidden=hidden,
        url=f"{origin}essays/{slug}",
        **data_of(made.parameters.values()),
    )


def show_figure(
    render: Render,
    view: FigureState,
    layout: tuple,
    nth: int,
    own: list,
    voice: dict,
    shown=None,
    about=True,
    forms=(),
) -> str:
    """The HTML of a mounted figure: its picture for a wide and for a narrow page, its sentence and its controls.

    nth: which of its mounts on the page. own: the controls that belong to the page's form. voice: what
    controls say to those who cannot see. shown: the controls, if not its own. about: whether its table and its menu are there.
    forms: what the menu offers where it does without a script; elsewhere it has a link to the page that says so.
    """
    return render(
        "figure.html",
        view=view,
        layout=layout,
        place=mount_id(view.figure.name, nth),
        widths=(WIDE, NARROW),
        own=own,
        voice=voice,
        shown=view.figure.controls if shown is None else shown,
        about=about,
        forms=forms,
    )


def keep_state(html: str, query: str) -> str:
    """Links that set some parameters keep the others as they are, for those who follow them with no script."""

    def merged(link) -> str:
        both = dict(parse_qsl(query)) | dict(parse_qsl(unescape(link[1])))
        return f'href="?{escape(urlencode(both))}" data-set='

    return re.sub(r'href="\?([^"]*)" data-set=', merged, html) if query else html


def data_of(parameters: Iterable[Parameter]) -> dict:
    """What the scripts of a page with figures read: its parameters, and what a menu offers."""
    return {"parameters": _script(describe_for_page(parameters)), "menu": _script(MENU)}


def _script(data) -> Markup:
    """JSON that is safe inside a script element."""
    return Markup(orjson.dumps(data).decode().replace("<", "\\u003c"))
