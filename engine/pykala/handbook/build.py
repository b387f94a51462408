"""A site of the handbook in every language: one build and one search index each, Finnish at the top.

In: a repository's folder of policies and, where there is one, its `mkdocs.yml` and `docs/`. Out: a folder of files that
work from a server, under any path, and from the disk.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pykala.handbook.book import Book, make_book
from pykala.handbook.plugin import DEFAULT, HandbookPlugin
from pykala.policy.model import LANGUAGES, Lang
from pykala.quality.processes import shared_out

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

    from pykala.policy.loader import PolicySet


class BuildError(Exception):
    """The site could not be built; the message says why."""


def build_site(policies: PolicySet, site: Path, *, settings: Path | None = None, jobs: int | None = None) -> None:
    """Build the handbook in every language into a folder, which is emptied first.

    `settings` is a `mkdocs.yml`, whose `docs_dir` holds the pages written by hand; without one, none is needed.
    `jobs`: how many languages are built at once; None: as many as there are cores.

    Raises:
        DiagnosticsError: where an example does not answer as its file says.
        BuildError: where mkdocs finds something wrong, such as a link that leads nowhere.
    """
    book = make_book(policies)
    with tempfile.TemporaryDirectory() as folder:

        def build(lang: Lang) -> str:
            return _build(book, lang, Path(folder) / lang, settings)

        for trouble in shared_out(build, LANGUAGES, jobs=jobs):
            if trouble:
                raise BuildError(trouble)
        _empty(site)
        shutil.copytree(Path(folder) / DEFAULT, site, dirs_exist_ok=True)
        for lang in LANGUAGES:
            if lang != DEFAULT:
                shutil.copytree(Path(folder) / lang, site / lang)


def _empty(site: Path) -> None:
    if site.exists() and any(site.iterdir()) and not (site / "sitemap.xml").exists():
        raise BuildError(f"`{site}` holds something else than a site: name an empty folder with `-o`")
    shutil.rmtree(site, ignore_errors=True)


def _build(book: Book, lang: Lang, site: Path, settings: Path | None) -> str:
    """Build one language; return what is wrong, "" where nothing is."""
    from mkdocs.commands.build import build
    from mkdocs.exceptions import MkDocsException

    heard = _Heard()
    logger = logging.getLogger("mkdocs")
    logger.addHandler(heard)
    try:
        with tempfile.TemporaryDirectory() as nothing:
            config = site_config(settings, lang, site, Path(nothing), strict=True)
            _plugin(config).book = book
            build(config)
    except MkDocsException as error:
        return "\n".join([*heard.messages, str(error)])
    except SystemExit:
        return "\n".join(heard.messages)
    finally:
        logger.removeHandler(heard)
    return ""


def site_config(settings: Path | None, lang: Lang, site: Path, docs: Path, *, strict: bool = False) -> MkDocsConfig:
    """Return the configuration of one language; `docs` is the folder of hand-written pages where no `settings` name one."""
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.utils.yaml import yaml_load

    given: dict[str, Any] = {}
    if settings is not None:
        with settings.open("rb") as stream:
            given = yaml_load(stream)
    given = {"site_name": "Pykala", "theme": {"name": "material"}, "docs_dir": str(docs)} | given
    given["plugins"] = _plugins(given.get("plugins"), lang)
    given["site_dir"] = str(site)
    config = MkDocsConfig(config_file_path=None if settings is None else str(settings))
    config.load_dict(given | {"strict": strict})
    errors, warnings = config.validate()
    if errors or warnings:
        raise BuildError("\n".join(f"{settings}: {name}: {message}" for name, message in (*errors, *warnings)))
    return config


def _plugins(given: Any, lang: Lang) -> list[Any]:
    """Return the plugins of a `mkdocs.yml` with the search, and the handbook in one language alone."""
    listed = [each if isinstance(each, dict) else {each: {}} for each in given or []]
    plugins = [each for each in listed if not {"pykala", "search", "material/search"} & each.keys()]
    own = next((each["pykala"] for each in listed if "pykala" in each), None) or {}
    return [{"material/search": {}}, *plugins, {"pykala": {**own, "language": lang, "all_languages": False}}]


def _plugin(config: MkDocsConfig) -> HandbookPlugin:
    found = config.plugins["pykala"]
    assert isinstance(found, HandbookPlugin)
    return found


def build_others(config: MkDocsConfig, book: Book) -> None:
    """Build the languages that have folders of their own below a site that `mkdocs build` has just made."""
    site = Path(config.site_dir)
    settings = Path(config.config_file_path) if config.config_file_path else None
    for lang in LANGUAGES:
        if lang != DEFAULT and (trouble := _build(book, lang, site / lang, settings)):
            raise BuildError(trouble)


def write_offline_search(site: Path) -> None:
    """Write the search index as a script beside the index: a page opened from a folder cannot read the other form."""
    index = site / "search" / "search_index.json"
    if index.exists():
        index.with_suffix(".js").write_text(f"var __index = {index.read_text('utf-8')}", encoding="utf-8")


class _Heard(logging.Handler):
    """Keeps the warnings of mkdocs, which a strict build fails on."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())
