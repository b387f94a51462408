"""Translations that are older than the text they translate.

A lock file beside the policies keeps a digest of each text in each language, as they were when they last agreed. Where the
text of one language has changed since and another one has not, the other is stale. The policies themselves say nothing
of it.

In: files of a repository and the lock file. Out: lint findings; and the text of a new lock file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pykala.policy.model import LANGUAGES
from pykala.policy.paths import repository_files, shown_path
from pykala.policy.reading import LANGUAGE_NAMES
from pykala.policy.strict_yaml import Mapping, Scalar, Sequence, YamlNode, compose, load_source
from pykala.quality.kept_findings import LOCK
from pykala_dsl.diagnostics import Diagnostic, Label
from pykala_dsl.source import Source, Span

_HEAD = (
    "# Which texts agreed in all languages when they were last accepted: `pykala lint --accept-translations` writes it."
)
_NAMES = ("id", "policy", "record", "source", "date")
"""The keys that an item of a list is known by."""


@dataclass(frozen=True, slots=True)
class Translated:
    """A text in several languages, its place in the repository, and where each language stands."""

    name: str
    source: Source
    spans: dict[str, Span]
    digests: dict[str, str]

    @property
    def line(self) -> str:
        """Return the text's line of the lock file."""
        return f"{self.name} " + " ".join(self.digests.get(lang, "-") for lang in LANGUAGES)


def stale_translations(directory: Path) -> list[Diagnostic]:
    """Return the translations that have not followed a change; none where there is no lock file."""
    lock = directory / LOCK
    if not lock.is_file():
        return []
    kept: dict[str, dict[str, str]] = {}
    for line in lock.read_text(encoding="utf-8").splitlines():
        name, *digests = line.rsplit(" ", len(LANGUAGES))
        if not line.startswith("#") and len(digests) == len(LANGUAGES):
            kept[name] = dict(zip(LANGUAGES, digests, strict=True))
    found: list[Diagnostic] = []
    for text in repository_texts(directory):
        found += _stale(text, kept.get(text.name))
    return found


def _stale(text: Translated, kept: dict[str, str] | None) -> Iterator[Diagnostic]:
    if kept is None:
        return
    changed = [lang for lang in LANGUAGES if text.digests.get(lang, "-") != kept[lang]]
    if not changed:
        return
    for lang in LANGUAGES:
        if lang not in changed and lang in text.spans:
            names = " and ".join(LANGUAGE_NAMES[each] for each in changed)
            message = f"the text in {LANGUAGE_NAMES[lang]} is older than the one in {names}"
            hint = "translate the change; if the text still says it, run `pykala lint --accept-translations`"
            yield Diagnostic("stale-translation", message, text.source, (Label(text.spans[lang]),), hint, "warning")


def lock_text(directory: Path) -> str:
    """Return the lock file of the texts as they are."""
    return "\n".join([_HEAD, *sorted(text.line for text in repository_texts(directory))]) + "\n"


def repository_texts(directory: Path) -> Iterator[Translated]:
    """Yield every text of a repository that stands in languages, file by file."""
    for path in repository_files(directory).all:
        source = load_source(path, shown_path(path))
        name = path.relative_to(directory).as_posix()
        yield from _texts(compose(source), name, source)


def _texts(node: YamlNode, name: str, source: Source) -> Iterator[Translated]:
    match node:
        case Mapping(entries):
            if entries and all(key.text in LANGUAGES and isinstance(value, Scalar) for key, value in entries):
                spans = {key.text: value.span for key, value in entries}
                digests = {key.text: _digest(value) for key, value in entries if isinstance(value, Scalar)}
                yield Translated(name, source, spans, digests)
                return
            for key, value in entries:
                yield from _texts(value, f"{name}#{key.text}" if "#" not in name else f"{name}.{key.text}", source)
        case Sequence(items):
            for at, item in enumerate(items):
                yield from _texts(item, f"{name}[{_name_of(item, at)}]", source)
        case Scalar():
            return


def _name_of(item: YamlNode, at: int) -> str:
    """Return what an item of a list is known by, so that its text keeps its name when others come before it."""
    if isinstance(item, Mapping):
        for key in _NAMES:
            found = item.get(key)
            if isinstance(found, Scalar):
                return found.text.replace(" ", "_")
    return str(at)


def _digest(scalar: Scalar) -> str:
    return hashlib.sha256(" ".join(scalar.text.split()).encode()).hexdigest()[:12]


def write_lock(directory: Path) -> int:
    """Write the lock file, and return how many texts are in it."""
    text = lock_text(directory)
    (directory / LOCK).write_text(text, encoding="utf-8", newline="\n")
    return len(text.splitlines()) - 1
