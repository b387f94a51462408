"""The findings of a repository, kept in the user's cache for as long as no file of it and no check has changed."""

from __future__ import annotations

import hashlib
import pickle
from pathlib import Path

from pykala.policy.cache import cache_file, read_kept, write_kept
from pykala.policy.loader import PolicySet
from pykala_dsl.diagnostics import Diagnostic

LOCK = "translations.lock"


def kept_findings(policies: PolicySet) -> list[Diagnostic]:
    """Return what `lint.findings` says, from the cache where it was said before of the same files."""
    path = _file(policies.directory)
    found = None if path is None else read_kept(path)
    if isinstance(found, list):
        return found
    from pykala.quality.lint import findings

    fresh = findings(policies)
    if path is not None:
        write_kept(path, pickle.dumps(fresh))
    return fresh


def _file(directory: Path) -> Path | None:
    whole = cache_file(directory)
    if whole is None:
        return None
    digest = hashlib.sha256(whole.stem.encode())
    lock = directory / LOCK
    digest.update(lock.read_bytes() if lock.is_file() else b"")
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        found = path.stat()
        digest.update(f"{path.name} {found.st_size} {found.st_mtime_ns};".encode())
    return whole.with_name(f"{digest.hexdigest()}.findings")
