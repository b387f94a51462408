"""A policies directory in, checked policies out, or everything that is wrong with its files.

What a warm cache does not need (YAML, the parser, the checker) is imported only where files are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pykala.policy.contents import Contents
from pykala.policy.model import Policy
from pykala.policy.sources import Register
from pykala_dsl.diagnostics import Diagnostic, DiagnosticsError, Label, sort_diagnostics
from pykala_dsl.source import Source, Span

if TYPE_CHECKING:
    from pykala.policy.contents_file import ContentsFile
    from pykala.policy.effective import Assembly
    from pykala.policy.entries import PolicyFile
    from pykala.records.vocabulary import Vocabulary

_NAMELESS = frozenset({"unknown-name", "unknown-reading", "unknown-entry", "unknown-member"})


@dataclass(frozen=True, slots=True)
class PolicySet:
    """The policies of a repository with the vocabulary and the register that they were checked against.

    `policies` are what records are judged by, every version; `libraries` are those that others include.
    `diagnostics` holds what the linter says of the files (warnings, and missing translations). `contents` is the table
    of contents of the handbook, with every service and every phase of the policies.
    """

    policies: tuple[Policy, ...]
    vocabulary: Vocabulary = field(repr=False)
    register: Register = field(repr=False)
    diagnostics: tuple[Diagnostic, ...] = field(repr=False)
    directory: Path
    libraries: tuple[Policy, ...] = ()
    contents: Contents = field(default_factory=Contents, repr=False)

    def find(self, name: str) -> Policy | None:
        """Return the policy of a name `id@version`, or the latest version of an id; None where there is none."""
        from pykala.policy.versions import by_policy

        everything = (*self.policies, *self.libraries)
        if "@" in name:
            return next((policy for policy in everything if policy.name == name), None)
        versions = by_policy(everything).get(name)
        return versions[-1] if versions else None

    def versions(self, policy_id: str) -> tuple[Policy, ...]:
        """Return the versions of a policy that records are judged by, the earliest first."""
        from pykala.policy.versions import by_policy

        return by_policy(self.policies).get(policy_id, ())


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of the files: the policies without errors, and everything found."""

    policies: tuple[Policy, ...]
    libraries: tuple[Policy, ...]
    errors: tuple[Diagnostic, ...]
    findings: tuple[Diagnostic, ...]


def load_policies(directory: Path, *, cache: bool = True) -> PolicySet:
    """Return the checked policies of a directory; raise `DiagnosticsError` with everything that is wrong.

    `cache`: take them from the user's cache where no file has changed since they were checked.
    """
    from pykala.policy import cache as kept

    if not directory.is_dir():
        message = f"there is no folder of policies `{directory.as_posix()}`"
        hint = "run from the repository's top folder, or say `--policies DIR`"
        raise DiagnosticsError(
            [Diagnostic("no-policies", message, Source(directory.as_posix(), ""), (Label(Span(0, 0)),), hint)]
        )
    path = kept.cache_file(directory) if cache else None
    if path is not None and (found := kept.read_cache(path)) is not None:
        return found
    loaded = _load(directory)
    if path is not None:
        kept.write_cache(path, loaded)
    return loaded


def vocabulary_of(directory: Path) -> Vocabulary:
    """Return what records hold by a directory of policies; raise `DiagnosticsError` where that is wrong.

    A policy that is wrong does not matter. It comes from the user's cache where the policies were checked since a file
    changed, else from the files, which takes much longer.
    """
    from pykala.policy import cache as kept
    from pykala.records.vocabulary import load_vocabulary

    path = kept.cache_file(directory) if directory.is_dir() else None
    found = kept.read_cache(path) if path is not None else None
    return found.vocabulary if found is not None else load_vocabulary(directory / "records")


def load_text(
    text: str, path: str, vocabulary: Vocabulary, register: Register, others: Iterable[Source] = ()
) -> tuple[Policy | None, list[Diagnostic]]:
    """Return the policy of one file's text and everything found in it, warnings included.

    `others` are the files that it amends or includes.
    """
    source = Source(path, text)
    loaded = load_sources([source, *others], vocabulary, register)
    own = [policy for policy in (*loaded.policies, *loaded.libraries) if policy.source == source]
    found = sort_diagnostics(item for item in (*loaded.errors, *loaded.findings) if item.source == source)
    return (own[0] if own and not loaded.errors else None), found


def load_sources(
    sources: Sequence[Source], vocabulary: Vocabulary, register: Register, *, unread: bool = False
) -> Loaded:
    """Return the policies of the texts given, and everything found in them.

    `unread`: there are files beside them that could not be opened.
    """
    from pykala.policy.build import build_policy
    from pykala.policy.effective import Assembly, included_names
    from pykala.policy.once import once
    from pykala.policy.policy_file import read_policy_file
    from pykala.policy.versions import check_versions

    errors: list[Diagnostic] = []
    findings: list[Diagnostic] = []
    files: dict[str, PolicyFile] = {}
    for source in sources:
        file, found = read_policy_file(source)
        errors.extend(found)
        if file is None:
            unread = True
            continue
        findings.extend(file.findings)
        if file.name in files:
            errors.append(_duplicate(file, files[file.name]))
        files.setdefault(file.name, file)
    assembly = Assembly(files, vocabulary.kinds, unread)
    shared = included_names(files.values())
    lost = {file.source for file in files.values() if file.names_lost}
    policies: list[Policy] = []
    libraries: list[Policy] = []
    for name, file in files.items():
        effective = assembly.effective(name)
        if effective is None:
            continue
        if not unread:
            _check_transition(file, assembly, errors, findings)
        built = build_policy(effective, vocabulary, register)
        if built.policy is not None:
            (libraries if name in shared else policies).append(built.policy)
        # A name that stands in what could not be read is not unknown.
        silenced = _NAMELESS if lost & set(effective.sources) or not effective.whole else ()
        errors.extend(item for item in built.diagnostics if item.severity == "error" and item.code not in silenced)
        findings.extend(item for item in built.diagnostics if item.severity != "error")
    places = {name: file.in_force_span for name, file in files.items()}
    for item in check_versions(policies, places):
        (errors if item.severity == "error" else findings).append(item)
    errors.extend(assembly.diagnostics)
    return Loaded(tuple(policies), tuple(libraries), tuple(once(errors)), tuple(sort_diagnostics(findings)))


def _load(directory: Path) -> PolicySet:
    from pykala.policy.contents import contents_of
    from pykala.policy.contents_file import check_contents
    from pykala.policy.paths import repository_files, shown_path
    from pykala.policy.sources import read_register
    from pykala.policy.strict_yaml import load_source
    from pykala.records.vocabulary import read_vocabulary

    files = repository_files(directory)
    vocabulary, found = read_vocabulary(directory / "records")
    # Its warnings are kept with the vocabulary.
    errors = [item for item in found if vocabulary is None or item.severity == "error"]
    register = None
    try:
        register = read_register(files.sources)
    except DiagnosticsError as error:
        errors.extend(error.diagnostics)
    sources: list[Source] = []
    for path in files.policies:
        try:
            sources.append(load_source(path, shown_path(path)))
        except DiagnosticsError as error:
            errors.extend(error.diagnostics)
    listed = None if files.contents is None else _read_contents(files.contents, errors)
    # A broken vocabulary or register would make every policy look broken too.
    if vocabulary is None or register is None:
        raise DiagnosticsError(errors)
    loaded = load_sources(sources, vocabulary, register, unread=len(sources) < len(files.policies))
    errors.extend(loaded.errors)
    findings = [*register.findings, *loaded.findings]
    if listed is not None:
        members = {member for _, member in vocabulary.members}
        wrong, said = check_contents(listed, (*loaded.policies, *loaded.libraries), register, members)
        errors.extend(wrong)
        findings.extend(said)
    if errors:
        raise DiagnosticsError(errors)
    contents = contents_of(listed, loaded.policies, loaded.libraries, register)
    sorted_findings = tuple(sort_diagnostics(findings))
    return PolicySet(loaded.policies, vocabulary, register, sorted_findings, directory, loaded.libraries, contents)


def _read_contents(path: Path, errors: list[Diagnostic]) -> ContentsFile | None:
    from pykala.policy.contents_file import read_contents_file
    from pykala.policy.paths import shown_path
    from pykala.policy.strict_yaml import load_source

    try:
        file, found = read_contents_file(load_source(path, shown_path(path)))
    except DiagnosticsError as error:
        errors.extend(error.diagnostics)
        return None
    errors.extend(found)
    return file


def _check_transition(
    file: PolicyFile, assembly: Assembly, errors: list[Diagnostic], findings: list[Diagnostic]
) -> None:
    transition, span = file.transition, file.transition_span
    if transition is None or span is None:
        return

    def report(code: str, message: str, hint: str, *others: Label) -> None:
        errors.append(Diagnostic(code, message, file.source, (Label(span), *others), hint))

    files = assembly.files
    other = files.get(transition.also)
    if other is None:
        from pykala_dsl.suggest import closest

        near = closest(transition.also, files)
        hint = f"did you mean `{near}`?" if near else "name a version that is in the repository"
        report("unknown-version", f"there is no version `{transition.also}`", hint)
        return
    begins, older = file.in_force.first_day, other.in_force.first_day
    if other.id.text != file.id.text:
        report(
            "bad-transition", f"`{other.name}` is no version of `{file.id}`", "name the version that this one replaces"
        )
    elif begins is None or (older is not None and older >= begins):
        hint = "a transition stands in the later version; give it `in_force: {first_day: …}`"
        report("bad-transition", f"`{other.name}` does not begin before `{file.name}`", hint)
    elif transition.last_day < begins:
        message = f"the transition ends on {transition.last_day}, before `{file.name}` begins on {begins}"
        report("bad-transition", message, "correct the last day, or remove the transition")
    twin = next((each for each in files.values() if each.transition and each.transition.also == other.name), file)
    if twin is not file and twin.transition_span is not None:
        label = Label(twin.transition_span, "the other one", twin.source)
        report("bad-transition", f"`{twin.name}` has a transition from `{other.name}` too", "keep one of them", label)
    effective = assembly.effective(other.name)
    if effective is not None and not any(each.from_transition for each in effective.entries.parameters.values()):
        hint = f"give `{other.name}` a parameter with `value: transition`, and a rule that uses it"
        message = f"no rule of `{other.name}` asks whether the transition has ended"
        findings.append(Diagnostic("idle-transition", message, file.source, (Label(span),), hint, "warning"))


def _duplicate(file: PolicyFile, other: PolicyFile) -> Diagnostic:
    labels = (Label(file.version.span), Label(other.version.span, "the other one", other.source))
    hint = "give it another `version`"
    return Diagnostic("duplicate-version", f"there is already a version `{file.name}`", file.source, labels, hint)
