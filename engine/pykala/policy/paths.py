"""Which files a policy repository has, and what identifies their content. Reads bytes, never YAML."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

RECORDS = "records"
SOURCES = "sources"
_SUFFIXES = frozenset({".yaml", ".yml"})


@dataclass(frozen=True, slots=True)
class RepositoryFiles:
    """The files of a policy repository by what they are, each list in the order of its paths."""

    policies: tuple[Path, ...]
    records: tuple[Path, ...]
    sources: tuple[Path, ...]
    contents: Path | None = None
    """The table of contents of the handbook, where there is one."""

    @property
    def all(self) -> tuple[Path, ...]:
        """Return every file."""
        return (*self.policies, *self.records, *self.sources, *([self.contents] if self.contents else ()))


def repository_files(directory: Path) -> RepositoryFiles:
    """Return the YAML files under a policies directory.

    `records/` and `sources/` are its two special folders, `handbook.yaml` beside them its one special file.
    """
    policies, records, sources = [], [], []
    contents = None
    for path in sorted(_yaml_files(directory), key=lambda found: found.relative_to(directory).as_posix()):
        match path.relative_to(directory).parts[0]:
            case "records":
                records.append(path)
            case "sources":
                sources.append(path)
            case "handbook.yaml":
                contents = path
            case _:
                policies.append(path)
    return RepositoryFiles(tuple(policies), tuple(records), tuple(sources), contents)


def repository_digest(directory: Path) -> str:
    """Return the SHA-256 of the names and contents of all files of a repository, in hexadecimal."""
    digest = hashlib.sha256()
    for path in repository_files(directory).all:
        name = path.relative_to(directory).as_posix().encode()
        data = path.read_bytes()
        digest.update(b"%d:%s%d:" % (len(name), name, len(data)))
        digest.update(data)
    return digest.hexdigest()


def shown_path(path: Path) -> str:
    """Return a path as diagnostics show it: as given, with forward slashes."""
    return path.as_posix()


def _yaml_files(directory: Path) -> Iterator[Path]:
    for path in directory.rglob("*"):
        parts = path.relative_to(directory).parts
        if path.suffix in _SUFFIXES and not any(part.startswith(".") for part in parts) and path.is_file():
            yield path
