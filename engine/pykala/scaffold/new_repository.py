"""A new policy repository: one service, one rule, its records and source, CI, and how to go on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

# What files are called in the package, and in the new repository.
_PLACES = {
    "gitignore": ".gitignore",
    "pre-commit-config.yaml": ".pre-commit-config.yaml",
    "github-workflow.yml": ".github/workflows/policies.yml",
}
_WORDS = re.compile(r"\b(SERVICE|SOURCE|TITLE|YEAR)\b")


@dataclass(frozen=True, slots=True)
class Names:
    """What the new repository is about: a service in kebab-case, its title, and the year from which it is in force."""

    service: str
    title: str
    year: int

    @property
    def source(self) -> str:
        """Return the id of the source that the first rule rests on."""
        return f"{self.service}-{self.year}"


class ExistsError(ValueError):
    """A file that is there already, and that is not overwritten."""


def new_repository(folder: Path, names: Names) -> list[Path]:
    """Write the files of a new repository into a folder, and return them.

    Raises:
        ExistsError: where one of them is there already; then nothing is written.
    """
    texts = {folder / _filled(path, names): _filled(text, names) for path, text in _templates()}
    for path in texts:
        if path.exists():
            raise ExistsError(path.as_posix())
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return list(texts)


def _templates() -> Iterator[tuple[str, str]]:
    root = files("pykala.scaffold").joinpath("repository")
    for path, entry in sorted(_walk(root, ""), key=lambda found: found[0]):
        yield _PLACES.get(path, path), entry.read_text("utf-8")


def _walk(folder: Traversable, prefix: str) -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _walk(entry, f"{prefix}{entry.name}/")
        else:
            yield f"{prefix}{entry.name}", entry


def _filled(text: str, names: Names) -> str:
    words = {"SERVICE": names.service, "SOURCE": names.source, "TITLE": names.title, "YEAR": str(names.year)}
    return _WORDS.sub(lambda match: words[match.group(1)], text)
