"""The two sides of a comparison: a version of a policy, a folder of policies, or a revision of git.

In: what the command line names. Out: a `Side`, loaded. Nothing of a revision is run; its files are unpacked into a
temporary folder and read like any others.
"""

from __future__ import annotations

import io
import subprocess
import tarfile
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from pykala.policy.loader import PolicySet, load_policies
from pykala.policy.model import Policy
from pykala_dsl.diagnostics import Diagnostic, DiagnosticsError, Label
from pykala_dsl.source import Source

WORKING_TREE = "."


class SideError(ValueError):
    """A side that names nothing; `hint` says what to write instead."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Side:
    """One side: its name for people, its policies, and the one version that is meant where one is."""

    name: str
    policies: PolicySet
    version: Policy | None = None


def load_side(text: str, directory: Path) -> Side:
    """Return the side that a text names, seen from the policies of a directory.

    `POLICY@VERSION` is a version, `.` the directory itself, the path of a folder that folder, and anything else a
    revision of git that has the directory.

    Raises:
        SideError: if it names nothing.
        DiagnosticsError: if the policies of that side do not load.
    """
    if "@" in text and not text.startswith("@") and "{" not in text:
        policies = load_policies(directory)
        version = policies.find(text)
        if version is None:
            from pykala_dsl.suggest import closest

            known = [policy.name for policy in policies.policies]
            near = closest(text, known)
            raise SideError(f"no version {text!r}", f"did you mean {near}?" if near else "known: " + ", ".join(known))
        return Side(text, policies, version)
    if text == WORKING_TREE:
        return Side(directory.as_posix(), load_policies(directory))
    if Path(text).is_dir():
        return Side(text, load_policies(Path(text)))
    return _revision(text, directory)


def _revision(text: str, directory: Path) -> Side:
    if not directory.is_dir():
        return Side(text, load_policies(directory))  # which says that there is no such folder
    hint = "write POLICY@VERSION, a folder, or a revision such as main or HEAD~1"
    if text.startswith("-"):
        raise SideError(f"{text!r} is no version, no folder and no revision of git", hint)
    try:
        done = subprocess.run(
            ["git", "-C", str(directory), "archive", "--format=tar", text, "."], capture_output=True, check=False
        )
    except FileNotFoundError:
        raise SideError(f"{text!r} is no version and no folder", "for a revision, install git") from None
    if done.returncode != 0:
        raise SideError(f"{text!r} is no version, no folder and no revision that has {directory.as_posix()!r}", hint)
    with TemporaryDirectory(prefix="pykala-") as folder:
        target = Path(folder) / directory.resolve().name
        target.mkdir()
        with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
            archive.extractall(target, filter="data")
        try:
            return Side(text, load_policies(target, cache=False))
        except DiagnosticsError as error:
            raise DiagnosticsError([_named(item, folder, text) for item in error.diagnostics]) from None


def _named(diagnostic: Diagnostic, folder: str, revision: str) -> Diagnostic:
    """Return a diagnostic that names the revision in place of the temporary folder."""

    def named(source: Source) -> Source:
        return Source(source.path.replace(f"{Path(folder).as_posix()}/", f"{revision}:"), source.text)

    labels = tuple(
        label if label.source is None else Label(label.span, label.text, named(label.source))
        for label in diagnostic.labels
    )
    return replace(diagnostic, source=named(diagnostic.source), labels=labels)
