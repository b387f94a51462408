"""Checked policies kept between runs, by what the files of the repository say.

A cache file is a digest of its content, then the content: pickles, read only from a directory that is the
user's own and closed to others. Whatever is wrong with a file, it is not used, and the policies are checked again.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pykala.policy.kept import dumps, loads
from pykala.policy.paths import repository_digest

if TYPE_CHECKING:
    from pykala.policy.loader import PolicySet

FORMAT = b"pykala-policies-2\n"
KEPT = 8
_DIGEST_SIZE = hashlib.sha256().digest_size


def cache_file(directory: Path) -> Path | None:
    """Return where the checked policies of a directory are kept, or None where they should not be."""
    folder = cache_folder()
    try:
        if folder.resolve().is_relative_to(directory.resolve()):
            return None
    except OSError:
        return None
    return folder / f"{_key(directory)}.policies"


def read_cache(path: Path) -> PolicySet | None:
    """Return the policies of a cache file, or None where it is not there, not ours, or not whole."""
    from pykala.policy.loader import PolicySet

    found = read_kept(path, loads)
    return found if isinstance(found, PolicySet) else None


def write_cache(path: Path, policies: PolicySet) -> None:
    """Keep checked policies, whole or not at all; a directory that cannot be written is no error."""
    write_kept(path, dumps(policies))


def read_kept(path: Path, load: Callable[[bytes], object] = pickle.loads) -> object | None:
    """Return what a cache file holds, or None where it is not there, not ours, or not whole."""
    if not is_private(path.parent) or path.is_symlink():
        return None
    try:
        data = path.read_bytes()
    except OSError:
        return None
    head, content = data[: len(FORMAT) + _DIGEST_SIZE], data[len(FORMAT) + _DIGEST_SIZE :]
    if head != FORMAT + hashlib.sha256(content).digest():
        return None
    try:
        found = load(content)
    except (pickle.UnpicklingError, AttributeError, ImportError, EOFError, IndexError, KeyError, TypeError, ValueError):
        return None
    with contextlib.suppress(OSError):
        os.utime(path)  # What is used is not the oldest.
    return found


def write_kept(path: Path, content: bytes) -> None:
    """Keep a pickle, whole or not at all; a directory that cannot be written is no error."""
    import tempfile

    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not is_private(path.parent):
            return
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(FORMAT + hashlib.sha256(content).digest() + content)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
        _drop_old(path)
    except OSError:
        return


def cache_folder() -> Path:
    """Return the user's folder for what can be computed again."""
    given = os.environ.get("PYKALA_CACHE_DIR")
    if given:
        return Path(given)
    if sys.platform == "linux":
        # What the library would say; loading it takes longer than reading the cache.
        own = os.environ.get("XDG_CACHE_HOME", "").strip()
        return (Path(own) if own else Path("~/.cache").expanduser()) / "pykala"
    import platformdirs

    return Path(platformdirs.user_cache_dir("pykala"))


def _key(directory: Path) -> str:
    digest = hashlib.sha256(FORMAT)
    for part in (sys.version, directory.as_posix(), *_code(), repository_digest(directory)):
        data = part.encode()
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return digest.hexdigest()


def _code() -> Iterator[str]:
    """Yield what identifies the code that checked the policies: its files' sizes and times.

    The version number alone would keep old results while the package is being worked on.
    """
    import pykala_dsl

    engine = Path(__file__).parent
    records = engine.parent / "records"
    for folder in (engine, records, records / "documents", Path(pykala_dsl.__file__).parent):
        for path in sorted(folder.iterdir()):
            if path.suffix in (".py", ".lark"):
                found = path.stat()
                yield f"{path.name} {found.st_size} {found.st_mtime_ns}"


def is_private(folder: Path) -> bool:
    """Return whether a directory belongs to the user and nobody else can write in it."""
    try:
        found = folder.stat()
    except OSError:
        return False
    if not hasattr(os, "getuid"):
        return True
    return found.st_uid == os.getuid() and not stat.S_IMODE(found.st_mode) & 0o077


def _drop_old(path: Path) -> None:
    files = sorted(path.parent.glob(f"*{path.suffix}"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    for file in files[KEPT:]:
        if file != path:
            file.unlink(missing_ok=True)
