"""A site of the handbook in every language: one build and one search index each, Finnish at the top.

In: a repository's folder of policies and, where there is one, its `mkdocs.yml` and `docs/`. Out: a folder of files that
work from a server, under any path, and from the disk.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Place:
    """Where a repository has what the handbook is made from beside its policies."""

    settings: Path | None
    """Its `mkdocs.yml`, None where it has none."""
    docs: Path | None
    """The folder of pages written by hand, where no `mkdocs.yml` names one."""

    @classmethod
    def beside(cls, policies: Path) -> Place:
        """Return what stands beside a folder of policies."""
        top = policies.resolve().parent
        settings, docs = top / "mkdocs.yml", top / "docs"
        return cls(settings if settings.is_file() else None, docs if docs.is_dir() else None)


def build_site(
    policies: PolicySet, site: Path, place: Place, *, languages: Sequence[Lang] = LANGUAGES, jobs: int | None = None
) -> int:
    """Build the handbook into a folder, which is emptied first, and return how many pages it has.

    `jobs`: how many languages are built at once; None: as many as there are cores.

    Raises:
        DiagnosticsError: where an example does not answer as its file says.
        BuildError: where mkdocs finds something wrong, such as a link that leads nowhere.
    """
    _check_empty(site)
    book = make_book(policies)
    with tempfile.TemporaryDirectory() as folder:

        def build(lang: Lang) -> str:
            return _build(book, lang, Path(folder) / lang, place)

        for trouble in shared_out(build, languages, jobs=jobs):
            if trouble:
                raise BuildError(trouble)
        shutil.rmtree(site, ignore_errors=True)
        site.mkdir(parents=True)
        for lang in languages:
            shutil.copytree(Path(folder) / lang, site if lang == DEFAULT else site / lang, dirs_exist_ok=True)
    return sum(1 for _ in site.rglob("*.html"))


def serve_site(
    load: Callable[[], PolicySet], directory: Path, address: tuple[str, int], *, languages: Sequence[Lang] = LANGUAGES
) -> None:
    """Serve the handbook until it is interrupted, and build it anew when a file changes that it is made from.

    A change with a mistake in it is told on standard error, and the last good site stays.
    """
    from mkdocs.livereload import LiveReloadServer

    place = Place.beside(directory)
    with tempfile.TemporaryDirectory(prefix="pykala-docs-") as folder:
        site = Path(folder) / "site"

        def build() -> None:
            build_site(load(), site, place, languages=languages)

        build()
        server = LiveReloadServer(builder=build, host=address[0], port=address[1], root=str(site))
        for path in (directory, place.settings, place.docs):
            if path is not None:
                server.watch(str(path))
        try:
            server.serve()  # type: ignore[no-untyped-call]
        except KeyboardInterrupt:
            pass
        finally:
            server.shutdown()


def _check_empty(site: Path) -> None:
    """Raise `BuildError` where a folder holds something else than a site that was built before."""
    if site.is_dir() and any(site.iterdir()) and not (site / "assets" / "handbook").is_dir():
        raise BuildError(f"`{site.as_posix()}` holds something else than a handbook; name an empty folder with `-o`")


def _build(book: Book, lang: Lang, site: Path, place: Place) -> str:
    """Build one language; return what is wrong, "" where nothing is."""
    from mkdocs.commands.build import build
    from mkdocs.exceptions import MkDocsException

    heard = _Heard()
    logger = logging.getLogger("mkdocs")
    logger.addHandler(heard)
    try:
        with tempfile.TemporaryDirectory() as nothing:
            config = site_config(place, lang, site, Path(nothing))
            _plugin(config).book = book
            build(config)
    except MkDocsException as error:
        return "\n".join([*heard.messages, str(error)])
    except SystemExit:
        return "\n".join(heard.messages)
    finally:
        logger.removeHandler(heard)
    return ""


def site_config(place: Place, lang: Lang, site: Path, nothing: Path) -> MkDocsConfig:
    """Return the configuration of one language; `nothing` is an empty folder, for where nothing is written by hand."""
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.utils.yaml import yaml_load

    given: dict[str, Any] = {}
    if place.settings is not None:
        with place.settings.open("rb") as stream:
            given = yaml_load(stream) or {}
    docs = place.docs if place.docs is not None and place.settings is None else nothing
    given = {"site_name": "-", "theme": {"name": "material"}, "docs_dir": str(docs)} | given
    given |= {"plugins": _plugins(given.get("plugins"), lang), "site_dir": str(site), "strict": True}
    config = MkDocsConfig(config_file_path=None if place.settings is None else str(place.settings))
    config.load_dict(given)
    errors, warnings = config.validate()
    if errors or warnings:
        raise BuildError("\n".join(f"mkdocs.yml: {name}: {message}" for name, message in (*errors, *warnings)))
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
    place = Place(Path(config.config_file_path) if config.config_file_path else None, None)
    for lang in LANGUAGES:
        if lang != DEFAULT and (trouble := _build(book, lang, site / lang, place)):
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
