"""HTML pages with figures: an essay in one state, its slides, and a figure in a frame.

`render(template, **values)` -> HTML belongs to the web server, which knows the addresses within the site.
"""

import re
from collections.abc import Callable, Container, Iterable, Sequence
from functools import partial
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode

import orjson
from markupsafe import Markup, escape

from infodecomp.explorable.exports.documents.qr_code import check_address
from infodecomp.explorable.exports.formats import FORMATS
from infodecomp.explorable.exports.menu import PUBLIC_PATH, MenuEntry, page_menu
from infodecomp.explorable.figures.credit import is_public
from infodecomp.explorable.figures.parameters import Parameter, describe_for_page, write_query
from infodecomp.explorable.figures.state import NARROW, FigureState
from infodecomp.explorable.markup.transforms.figure_embedder import FEEDBACK, RECIRC
from infodecomp.explorable.pages import metadata
from infodecomp.explorable.pages.cards import next_card
from infodecomp.explorable.pages.embed import FRAME_OPTIONS, Frame, embed_address, oembed_address
from infodecomp.explorable.pages.pictures import EagerPictures, picture_sizes, picture_sources
from infodecomp.explorable.pages.slide_options import chosen_slides, read_slide_options
from infodecomp.explorable.pages.slides import SlideDeck, make_slides
from infodecomp.explorable.site.library import EssayState, Library
from infodecomp.explorable.site.mounts import broken_figure_html, mount_id, report_broken_figure

Render = Callable[..., str]
QueryItems = Iterable[tuple[str, str]]
TALL = 560  # pixels: a picture for a phone that is taller leaves no room for its controls beside it


def essay_page(
    render: Render,
    library: Library,
    slug: str,
    items: QueryItems,
    origin: str,
    feedback: bool,
    pictures: EagerPictures | None = None,
) -> str:
    """Render an essay in a state.

    Parameters
    ----------
    render : callable
        (template name, **values) -> HTML.
    library : Library
    slug : str
        The essay.
    items : iterable of (name, text)
        The pairs of the query string.
    origin : str
        The public address of the site, with a slash at its end.
    feedback : bool
        Whether the page has a feedback form.
    pictures : EagerPictures, optional
        Decides which pictures the page contains; by default as many as a page should have.

    Raises
    ------
    NotFound, ParameterError
    """
    pictures = EagerPictures() if pictures is None else pictures
    essay = library.essay(slug, items, partial(figure_html, render, pictures=pictures))
    document, page = essay.document, essay.page
    url = f"{origin}essays/{slug}"
    body = with_state_in_links(page.html, essay.query)
    sections = {
        RECIRC: render("more.html", card=next_card(library, slug), total=len(library.essays())),
        FEEDBACK: render("feedback.html", page=slug) if feedback else "",
    }
    for placeholder, html in sections.items():
        body = body.replace(placeholder, html) if placeholder in body else body + html
    image = metadata.share_image(document, dict(essay.views), origin)
    state_url = f"{url}{'?' if essay.query else ''}{essay.query}"
    return render(
        "essay.html",
        essay=essay,
        pictures=pictures,
        body=Markup(body),
        site_pages=[page for page in library.pages() if page.slug != slug],
        **page_data(essay.parameters.values(), origin),
        url=url,
        state_url=state_url,
        image=image,
        discovery=oembed_address(state_url, origin),
        citation_tags=metadata.citation_tags(document, state_url),
        how_to_cite=metadata.how_to_cite(document, url),
        structured=_json_script(metadata.structured_data(document, page, library.config, state_url, image)),
    )


def embed_page(render: Render, library: Library, frame: Frame, origin: str) -> str:
    """Render one figure for a frame; parameters as for `essay_page`."""
    view, controls, url = frame.view, frame.control_names, embed_address(frame, origin)
    name, query = view.figure.name, view.query
    html = figure_html(
        render, view, (), 1, controls, view.value_text, controls, show_about=frame.controls == "full"
    )
    essay = library.essay_of(name)
    texts = {p.name: p.write(view.state[p.name]) for p in view.figure.parameters}
    hidden = {key: text for key, text in texts.items() if key not in controls and key in query}
    hidden |= dict(parse_qsl(write_query(FRAME_OPTIONS, frame.options)))
    return render(
        "embed.html",
        view=view,
        frame=frame,
        figure=with_state_in_links(html, query),
        hidden=hidden,
        url=url,
        discovery=oembed_address(url, origin),
        image=metadata.card_address(view, origin) if view.figure.has("draw") else "",
        back=f"{origin}essays/{essay}{'?' if query else ''}{query}#{name}" if essay else "",
        **page_data(view.figure.parameters, origin),
    )


def slides_page(render: Render, library: Library, slug: str, items: QueryItems, origin: str) -> str:
    """Render the slides of an essay in a state; parameters as for `essay_page`.

    Raises
    ------
    NotFound
        For QR codes where the site has no public address, and as for `essay_page`.
    ParameterError
    """
    essay = library.essay(slug, items)
    deck = make_slides(essay.page.root, {name: library.figures[name] for name in essay.page.mounted})
    options = read_slide_options(items, essay.parameters)
    if options.has_codes:
        check_address(origin if is_public(origin) else "")
    last = len(deck.slides) + 1  # of the slides with figures: the first is the title, and one may come after
    numbers = chosen_slides(options.slides, last + (deck.closing is not None))
    deck.slides = [deck.slides[number - 2] for number in numbers if 1 < number <= last]
    slides, form_controls = _render_slides(render, essay, deck)
    with_figures = iter(slides)
    hidden = options.hidden_fields() | {
        name: parameter.write(essay.state[name])
        for name, parameter in essay.parameters.items()
        if name not in form_controls and essay.state[name] != parameter.default
    }
    return render(
        "slides.html",
        essay=essay,
        deck=deck,
        faces=[
            "opening" if number == 1 else "closing" if number > last else next(with_figures)
            for number in numbers
        ],
        title=options.title or essay.document.title,
        has_codes=options.has_codes,
        hidden=hidden,
        url=f"{origin}essays/{slug}",
        state_url=f"{origin}essays/{slug}/slides{'?' if essay.query else ''}{essay.query}",
        image=metadata.share_image(essay.document, dict(essay.views), origin),
        **page_data(essay.parameters.values(), origin),
    )


def _render_slides(render: Render, essay: EssayState, deck: SlideDeck) -> tuple[list[tuple], set[str]]:
    """Each slide with the HTML of its figure, and the parameters that have a control in the page's form."""
    slides = []
    form_controls: set[str] = set()
    mounts: dict[str, int] = {}
    for slide in deck.slides:
        view = essay.views[slide.figure]
        mounts[slide.figure] = mounts.get(slide.figure, 0) + 1
        # A form submits each parameter once: by its first control.
        first = [name for name in slide.controls if name not in form_controls]
        form_controls.update(first)
        mount = mounts[slide.figure]
        try:
            html = figure_html(render, view, (), mount, first, view.value_text, slide.controls)
        except Exception as error:  # one broken figure must leave the other slides
            html = broken_figure_html(slide.figure, mount, report_broken_figure(slide.figure, error))
        slides.append((slide, Markup(with_state_in_links(html, essay.query))))
    return slides, form_controls


def figure_html(
    render: Render,
    view: FigureState,
    layout: Sequence[str],
    mount: int,
    form_controls: Sequence[str],
    value_text: dict[str, str],
    controls: Sequence[str] | None = None,
    show_about: bool = True,
    menu: Sequence[tuple[str, list[MenuEntry]]] = (),
    pictures: EagerPictures | None = None,
    path: str = PUBLIC_PATH,
) -> str:
    """Render a mounted figure: its picture for a wide and a narrow page, its description and its controls.

    Parameters
    ----------
    render : callable
        (template name, **values) -> HTML.
    view : FigureState
    layout : sequence of str
        CSS classes.
    mount : int
        Which of the figure's mounts on the page this is, from 1.
    form_controls : sequence of str
        The parameters whose controls here belong to the page's form.
    value_text : dict of str to str
        Descriptions of control values for screen readers, by parameter.
    controls : sequence of str, optional
        The parameters that have a control here; by default the figure's own.
    show_about : bool
        Whether its table and its download menu are there.
    menu : sequence of (str, list of MenuEntry)
        The download menu where it works without a script; elsewhere there is a link to the page that has it.
    pictures : EagerPictures, optional
        Decides whether its picture is in the page; by default it is.
    path : str
        Below which its states are served.
    """
    is_pending = pictures is not None and not pictures.admit(view, "wide" in layout)
    is_wide = is_pending and "wide" in layout  # a picture that is in the page keeps to the column
    is_tall = view.figure.has("draw") and view.picture.height(NARROW) > TALL
    return render(
        "figure.html",
        view=view,
        layout=[name for name in layout if name != "wide" or is_wide] + ["tall"] * is_tall,
        id=mount_id(view.figure.name, mount),
        sizes=picture_sizes(is_wide),
        form_controls=form_controls,
        value_text=value_text,
        control_names=view.figure.controls if controls is None else controls,
        show_about=show_about,
        menu_groups=menu,
        is_pending=is_pending,
        picture_sources=picture_sources(view) if is_pending else (),
        figures_path=path,
        is_public=path == PUBLIC_PATH,
    )


def with_state_in_links(html: str, query: str) -> str:
    """Add the state of a page to its links that set parameters, so that they work without a script."""

    def merged(link: re.Match[str]) -> str:
        pairs = dict(parse_qsl(query)) | dict(parse_qsl(unescape(link[1])))
        return f'href="?{escape(urlencode(pairs))}{link[2]}" data-set='

    return re.sub(r'href="\?([^"#]*)(#[^"]*|)" data-set=', merged, html) if query else html


def without_links(html: str, addresses: Iterable[str]) -> str:
    """Replace the links of a page to some addresses, such as pages that are not served, by their words."""
    for address in addresses:
        html = re.sub(rf'<a href="{re.escape(address)}"[^>]*>(.*?)</a>', r"\1", html, flags=re.DOTALL)
    return html


def page_data(
    parameters: Iterable[Parameter], origin: str, kinds: Container[str] = FORMATS
) -> dict[str, Markup]:
    """Return the JSON that the scripts of a page with figures read: its parameters, and the download menu.

    kinds: the formats in which the figures are served.
    """
    return {
        "parameters": _json_script(describe_for_page(parameters)),
        "menu": _json_script(page_menu(is_public(origin), kinds)),
    }


def _json_script(data: Any) -> Markup:
    """JSON that is safe inside a script element."""
    return Markup(orjson.dumps(data).decode().replace("<", "\\u003c"))
