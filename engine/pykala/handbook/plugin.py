"""The adapter to mkdocs: hands it the pages of `site`, and tells its theme where each page stands.

Everything that a reader sees is made by functions that know nothing of mkdocs; this module, `theme` and `build` do.
"""

from __future__ import annotations

import logging
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files

from pykala.handbook import markup
from pykala.handbook.addresses import DEFAULT, DEVELOPERS
from pykala.handbook.book import Book, Edition, make_book
from pykala.handbook.page import Page, file_of
from pykala.handbook.settings import Place, build_language, write_offline_search
from pykala.handbook.site import MENU, UntracedError, pages
from pykala.handbook.site_words import SITE_WORDS
from pykala.handbook.words import pick
from pykala.handbook.written import Written, name_of
from pykala.policy.model import LANGUAGES, UNREVIEWED, Lang
from pykala_dsl.diagnostics import DiagnosticsError
from pykala_dsl.render import render

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page as SitePage
    from mkdocs.utils.templates import TemplateContext

THEME: Final = Path(__file__).parent / "theme"
PICTURES: Final = Path(__file__).parent / "pictures"
NAMES: Final[Mapping[Lang, str]] = {"fi": "Suomi", "sv": "Svenska", "en": "English"}
EXTENSIONS: Final = ("attr_list", "def_list", "md_in_html", "tables", "fenced_code")
_PLACE: Final = re.compile(r'^<a id="([\w-]+)"></a>\n+(#{2,6} .*)$', re.MULTILINE)
"""The name of a place before a heading, as plain Markdown has it; on a page it is the name of the heading itself."""
_ASIDE: Final = '<aside class="beside"'


class HandbookConfig(Config):  # type: ignore[no-untyped-call]
    """What `mkdocs.yml` can say of the handbook."""

    policies = config_options.Type(str, default="policies")
    language = config_options.Choice(LANGUAGES, default=DEFAULT)
    all_languages = config_options.Type(bool, default=True)


@dataclass(frozen=True, slots=True)
class Link:
    """A link as a template shows it."""

    title: str
    href: str
    current: bool = False
    lang: str = ""


class HandbookPlugin(BasePlugin[HandbookConfig]):  # type: ignore[no-untyped-call]
    """Gives mkdocs the pages of a handbook in one language."""

    def __init__(self) -> None:
        self.book: Book | None = None
        self._pages: dict[str, Page] = {}
        self._written = Written()

    @property
    def lang(self) -> Lang:
        """Return the language of this build."""
        chosen: Lang = self.config.language
        return chosen

    @event_priority(100)
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Set the theme, the language and the extensions of Markdown that the pages need."""
        if config.theme.name != "material":
            raise PluginError("the handbook needs `theme: material` in mkdocs.yml")
        config.use_directory_urls = False
        config.theme.dirs.insert(0, str(THEME))
        config.theme["language"] = self.lang
        config.theme["features"] = []
        config.theme["font"] = False
        config.theme["palette"] = {"scheme": "default", "primary": "custom", "accent": "custom"}
        config.theme["direction"] = "ltr"
        config.extra["generator"] = False
        config.validation.nav.omitted_files = logging.DEBUG
        config.validation.links.anchors = logging.WARNING
        config.markdown_extensions += [each for each in EXTENSIONS if each not in config.markdown_extensions]
        config.mdx_configs.setdefault("toc", {})["permalink"] = False
        if "material/search" in config.plugins:
            config.plugins["material/search"].config.lang = [self.lang]
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Put the pages of the handbook beside those written by hand, which move into a folder of their own."""
        edition = Edition(self.book or self._load(config), self.lang)
        config.site_name = edition.title
        self._pages = {}
        self._move(files, config)
        try:
            for page in pages(edition):
                self._pages[file_of(page.path)] = page
                files.append(File.generated(config, file_of(page.path), content=_source(page)))
        except UntracedError as error:
            raise PluginError(str(error)) from error
        css = (PICTURES / "pictures.css").read_text("utf-8")
        files.append(File.generated(config, "assets/handbook/pictures.css", content=css))
        index = file_of(DEVELOPERS)
        if self._written.pages and files.get_file_from_path(index) is None:
            files.append(File.generated(config, index, content=self._developers(files, config)))
        config.nav = [{pick(SITE_WORDS["front"], self.lang): "index.md"}]
        return files

    def _load(self, config: MkDocsConfig) -> Book:
        import pykala

        folder = Path(config.config_file_path or "mkdocs.yml").parent / self.config.policies
        try:
            self.book = make_book(pykala.load(folder))
        except DiagnosticsError as error:
            raise PluginError("\n".join(render(each) for each in error.diagnostics)) from error
        return self.book

    def _move(self, files: Files, config: MkDocsConfig) -> None:
        """Move what is written by hand into its folder; a page of another language is left out."""
        found = [each for each in files if each.src_dir == config.docs_dir]
        self._written = Written.of(each.src_uri for each in found if each.is_documentation_page())
        for file in found:
            files.remove(file)
            name, lang = name_of(file.src_uri)
            if not file.is_documentation_page() or lang == self.lang:
                files.append(File.generated(config, f"{DEVELOPERS}{name}", abs_src_path=str(file.abs_src_path)))

    def _developers(self, files: Files, config: MkDocsConfig) -> str:
        """Return the start page of what is written by hand, in a language that has none of its own."""
        title = pick(SITE_WORDS["guides"], self.lang)
        own = [each for each in files.documentation_pages() if each.src_uri.startswith(DEVELOPERS)]
        links = "\n".join(
            f"- [{Path(each.src_uri).stem}]({posixpath.relpath(each.src_uri, DEVELOPERS)})" for each in own
        )
        to = _between(DEVELOPERS, f"{DEVELOPERS}index.html", self.lang, "en")
        english = f'<a href="{to}" hreflang="en" lang="en">English</a>'
        return f"# {title}\n\n{english}\n\n{links}\n"

    def on_page_markdown(self, markdown: str, *, page: SitePage, config: MkDocsConfig, files: Files) -> str:
        """Lead the links of a page written by hand to the English site, where only that has what they lead to."""
        uri = page.file.src_uri
        if not uri.startswith(DEVELOPERS) or uri in self._pages:
            return markdown
        markdown = _PLACE.sub(r"\2 {: #\1 }", markdown)
        at = posixpath.dirname(uri)
        return self._written.lead(
            markdown,
            uri.removeprefix(DEVELOPERS),
            self.lang,
            lambda name: _between(at, f"{DEVELOPERS}{name.removesuffix('.md')}.html", self.lang, "en"),
        )

    def _elsewhere(self, page: SitePage, lang: Lang) -> str:
        """Return the file that a page is in another language: itself, or where what is written by hand begins."""
        name = page.file.src_uri.removeprefix(DEVELOPERS)
        same = page.file.src_uri in self._pages or self._written.has(name, lang)
        return page.file.dest_uri if same else f"{DEVELOPERS}index.html"

    def _trail(self, page: SitePage) -> tuple[tuple[str, str], ...]:
        """Return the pages above a page: of one written by hand, where these begin."""
        uri = page.file.src_uri
        if uri in self._pages:
            return self._pages[uri].trail
        return () if uri == file_of(DEVELOPERS) else ((pick(SITE_WORDS["guides"], self.lang), DEVELOPERS),)

    def on_page_content(self, html: str, *, page: SitePage, config: MkDocsConfig, files: Files) -> str:
        """Set what stands beside a page apart from it, for the template."""
        main, aside, rest = html.partition(_ASIDE)
        page.meta["beside"] = aside + rest
        return main

    def on_page_context(
        self, context: TemplateContext, *, page: SitePage, config: MkDocsConfig, nav: Any
    ) -> TemplateContext:
        """Tell the template where the page stands, and where it is in the other languages."""
        found = self._pages.get(page.file.src_uri)
        at = posixpath.dirname(page.file.src_uri)
        context["handbook"] = {  # type: ignore[typeddict-unknown-key]
            "say": lambda key: pick(SITE_WORDS[key], self.lang),
            "menu": [
                Link(pick(SITE_WORDS[key], self.lang), _href(to, at), current=found is not None and found.path == to)
                for key, to in (*MENU, *([("guides", DEVELOPERS)] if self._written.pages else []))
            ],
            "languages": [
                Link(NAMES[lang], _between(at, self._elsewhere(page, lang), self.lang, lang), lang == self.lang, lang)
                for lang in LANGUAGES
            ],
            "home": _href("", at),
            "trail": [Link(title, _href(to, at)) for title, to in self._trail(page)],
            "superseded": None
            if found is None or found.superseded is None
            else Link(found.superseded[0], _href(found.superseded[1], at)),
            "accessibility": _href("accessibility/", at),
            "feedback": _href("accessibility/", at) + "#feedback",
            "unreviewed": UNREVIEWED.get(self.lang, ""),
            "top": posixpath.relpath(".", at or "."),
        }
        if found is not None and found.description:
            page.meta.setdefault("description", found.description)
        return context

    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write the search index as a script too, which a page can load from a folder; then build the other languages."""
        site = Path(config.site_dir)
        write_offline_search(site)
        if self.config.all_languages and self.lang == DEFAULT:
            assert self.book is not None
            place = Place(Path(config.config_file_path) if config.config_file_path else None, None)
            for lang in LANGUAGES:
                if lang != DEFAULT and (trouble := build_language(self.book, lang, site / lang, place)):
                    raise PluginError(trouble)


def _source(page: Page) -> str:
    aside = ""
    if page.beside:
        inner = "\n\n".join(block.text for block in page.beside)
        aside = f"\n\n{_ASIDE} markdown>\n\n{inner}\n\n</aside>\n"
    return f"# {markup.text(page.title)}\n\n{page.markdown}{aside}"


def _href(to: str, at: str) -> str:
    """Return the link from the folder of a page to another page."""
    path, hash_, place = to.partition("#")
    return f"{posixpath.relpath(f'{path}index.html', at or '.')}{hash_}{place}"


def _between(at: str, to: str, own: Lang, other: Lang) -> str:
    """Return the link from the folder of a page in one language to the file of a page in another."""
    start = posixpath.join("" if own == DEFAULT else own, at)
    end = posixpath.join("" if other == DEFAULT else other, to)
    return posixpath.relpath(end, start or ".")
