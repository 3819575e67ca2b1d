"""Reading a folder of essays into a library: modules, documents, site.toml, and where each figure is
mounted.
"""

import logging
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from infodecomp.explorable.core.diagnostics import Diagnostic
from infodecomp.explorable.figures.figure import Figure
from infodecomp.explorable.figures.loader import forget, import_figures
from infodecomp.explorable.graphics.math_font import formula_characters
from infodecomp.explorable.graphics.page_fonts import page_characters
from infodecomp.explorable.markup.reading.documents import display_path, read_document
from infodecomp.explorable.site.config import check_names, config_diagnostics, read_config
from infodecomp.explorable.site.library import EssayOutline, Library

README = "README.md"
"""The one Markdown file beside the essays that is not an essay."""

log = logging.getLogger("infodecomp")


def read_library(folder: Path, revision: int = 1) -> Library:
    """Import the figure modules and read the documents of a folder.

    Parameters
    ----------
    folder : Path
        The folder of the essays. Each `<slug>.md` is an essay and each `<slug>.py` a module of figures;
        names that begin with a dot or an underscore are ignored.
    revision : int
        The revision of the library.

    Returns
    -------
    Library
        What could be read; its `module_diagnostics` say what could not.
    """
    diagnostics: list[Diagnostic] = []
    figures, modules = _import_modules(folder, diagnostics)
    documents = {path.stem: read_document(path) for path in _files(folder, ".md")}
    in_config = config_diagnostics(folder)
    config = read_config(folder, in_config)
    check_names(config, documents, figures, in_config, folder)
    library = Library(
        config=config,
        figures=MappingProxyType(figures),
        documents=MappingProxyType(documents),
        modules=MappingProxyType(modules),
        module_diagnostics=(*diagnostics, *in_config.sorted()),
        revision=revision,
    )
    return _with_pages(library)


def _files(folder: Path, suffix: str) -> list[Path]:
    found = (path for path in folder.glob(f"*{suffix}") if path.name[0] not in "._")
    return sorted(path for path in found if path.is_file() and path.name != README)


def _import_modules(folder: Path, diagnostics: list[Diagnostic]) -> tuple[dict[str, Figure], dict[str, Path]]:
    """The figures of all modules, and the module of each."""
    figures: dict[str, Figure] = {}
    modules: dict[str, Path] = {}
    forget(folder)
    for path in _files(folder, ".py"):
        try:
            found = import_figures(path)
        except (Exception, SystemExit) as error:  # a module that is being edited may raise anything
            log.exception("the figures of %s cannot be read", path.name)
            message = f"{type(error).__name__}: {error}; its figures are missing until it imports"
            diagnostics.append(Diagnostic(display_path(path), _line_of(error, path), "error", message))
            continue
        for name, figure in found.items():
            if figures.setdefault(name, figure) is not figure:
                message = f"the figure {name!r} is declared in {modules[name].name} too; rename one of them"
                diagnostics.append(Diagnostic(display_path(path), 1, "error", message))
            modules.setdefault(name, path)
    return figures, modules


def _with_pages(library: Library) -> Library:
    """The library with what is known only once each page has been rendered in its default state."""
    mounted_in: dict[str, str] = {}
    parameters: dict[str, tuple] = {}
    expensive: dict[str, tuple[str, ...]] = {}
    outlines: dict[str, EssayOutline] = {}
    formulas: set[str] = set()
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in _sources(library)]
    for document in (*library.essays(), *library.pages()):
        essay = library.essay(document.slug)
        parameters[document.slug] = tuple(essay.parameters.values())
        expensive[document.slug] = tuple(name for name in essay.views if library.figures[name].streams)
        drawn = tuple(name for name in essay.page.mounted if library.figures[name].has("draw"))
        outlines[document.slug] = EssayOutline(essay.page.minutes, tuple(dict.fromkeys(drawn)))
        formulas.update(formula_characters(essay.page.html))
        texts.append(essay.page.html)
        for name in essay.page.mounted:
            mounted_in.setdefault(name, document.slug)
    return replace(
        library,
        mounted_in=MappingProxyType(mounted_in),
        essay_parameters=MappingProxyType(parameters),
        expensive_figures=MappingProxyType(expensive),
        outlines=MappingProxyType(outlines),
        formula_characters="".join(sorted(formulas)),
        page_characters=page_characters([library.config.title, library.config.description, *texts]),
        module_diagnostics=(*library.module_diagnostics, *_unmounted(library, mounted_in)),
    )


def _sources(library: Library) -> list[Path]:
    """The source files of all figures: what their pictures and sentences are written with."""
    modules = set(library.modules.values())
    return sorted({*modules, *(file for path in modules for file in path.with_suffix("").rglob("*.py"))})


def _unmounted(library: Library, mounted_in: Mapping[str, str]) -> list[Diagnostic]:
    remedy = "write <div class='{0}'></div> where it belongs, or take it out"
    return [
        Diagnostic(
            display_path(library.modules[name]),
            1,
            "error",
            f"no essay mounts the figure {name!r}; {remedy.format(name)}",
        )
        for name in library.figures
        if library.documents and name not in mounted_in
    ]


def _line_of(error: BaseException, path: Path) -> int:
    """The last line of a file that an exception passed through."""
    line = getattr(error, "lineno", None) or 1
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(path.resolve()):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
