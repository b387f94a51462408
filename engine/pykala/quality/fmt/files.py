"""Files laid out: what each would become, and which ones are known to be as they should.

A file that was found to be canonical is remembered by its digest in the user's cache folder, so that a second look at
a whole repository reads bytes alone.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pykala.policy
import pykala_dsl
from pykala.policy.cache import cache_folder, is_private
from pykala.policy.paths import shown_path
from pykala_dsl.diagnostics import Diagnostic, DiagnosticsError

_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Formatted:
    """A file, its text and its canonical text; or why it has none."""

    path: Path
    before: str = ""
    after: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def changes(self) -> bool:
        """Return whether the file is not as it should be."""
        return self.before != self.after


def format_files(paths: Iterable[Path], *, cache: bool = True) -> Iterator[Formatted]:
    """Yield each file with its canonical text; a file that cannot be read is one too, with what is wrong with it."""
    known = _Known.read() if cache else _Known(None, set())
    fresh = False
    for path in paths:
        digest = _digest(path)
        if digest is not None and digest in known.digests:
            yield Formatted(path)
            continue
        found = _formatted(path)
        if digest is not None and not found.diagnostics and not found.changes:
            known.digests.add(digest)
            fresh = True
        yield found
    if fresh:
        known.write()


def _formatted(path: Path) -> Formatted:
    from pykala.policy.strict_yaml import load_source
    from pykala.quality.fmt.layout import format_source

    try:
        # What the reader takes as the same text (a byte order mark, other line ends) is laid out anew as well.
        raw = path.read_bytes().decode("utf-8", errors="replace") if path.is_file() else ""
        return Formatted(path, raw, format_source(load_source(path, shown_path(path))))
    except DiagnosticsError as error:
        return Formatted(path, diagnostics=error.diagnostics)


def _digest(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


@dataclass(slots=True)
class _Known:
    """The digests of texts that are canonical, for this version of the code."""

    path: Path | None
    digests: set[str]

    @classmethod
    def read(cls) -> _Known:
        path = cache_folder() / f"{_code_key()}.formatted"
        try:
            lines = path.read_text(encoding="ascii").split() if is_private(path.parent) else []
        except (OSError, ValueError):
            lines = []
        return cls(path, set(lines))

    def write(self) -> None:
        """Keep the digests; a folder that cannot be written is no error."""
        if self.path is None:
            return
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not is_private(self.path.parent):
                return
            for old in self.path.parent.glob("*.formatted"):
                if old != self.path:
                    old.unlink(missing_ok=True)
            new = self.path.with_suffix(f".{os.getpid()}")
            new.write_text("\n".join(sorted(self.digests)[:_KEPT]) + "\n", encoding="ascii")
            new.replace(self.path)
        except OSError:
            return


def _code_key() -> str:
    """Return what identifies the code that lays files out: the sizes and times of its files."""
    digest = hashlib.sha256()
    language = Path(pykala_dsl.__file__).parent
    policy = Path(pykala.policy.__file__).parent  # whose tables of keys give their order
    for folder in (Path(__file__).parent, policy, language):
        for path in sorted(folder.iterdir()):
            if path.suffix in (".py", ".lark"):
                found = path.stat()
                digest.update(f"{path.name} {found.st_size} {found.st_mtime_ns};".encode())
    return digest.hexdigest()[:32]
