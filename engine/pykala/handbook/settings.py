"""One language of the handbook built by mkdocs: what a repository says of it, and what the handbook needs said.

In: a `Book`, and a `mkdocs.yml` and `docs/` where there are some. Out: a folder of files.
"""

from __future__ import annotations

import logging
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pykala.handbook.book import Book
from pykala.policy.model import Lang

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig


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


def build_language(book: Book, lang: Lang, site: Path, place: Place) -> str:
    """Build one language; return what is wrong, "" where nothing is."""
    from mkdocs.commands.build import build
    from mkdocs.exceptions import MkDocsException

    heard = _Heard()
    logger = logging.getLogger("mkdocs")
    logger.addHandler(heard)
    try:
        with tempfile.TemporaryDirectory() as nothing:
            config = site_config(place, lang, site, Path(nothing))
            config.plugins["pykala"].book = book  # type: ignore[attr-defined]
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
        if not isinstance(given, dict):
            raise BuildError(
                "mkdocs.yml: it holds no settings; write `site_name: …`, or remove the file: none is needed"
            )
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
