"""Files put together: what a version amends and includes becomes its own, entry by entry.

In: policy files by name. Out: an `Effective` for each; nothing is checked yet but that entries can stand together.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias, TypeVar

from pykala.policy.entries import (
    DefinitionEntry,
    DropKind,
    Entries,
    ExprEntry,
    ParameterEntry,
    Placed,
    PolicyFile,
    RuleEntry,
)
from pykala.policy.model import Reading, Responsible, Text
from pykala_dsl.diagnostics import Diagnostic, Label
from pykala_dsl.source import Source
from pykala_dsl.suggest import closest

AnyEntry: TypeAlias = RuleEntry | ParameterEntry | DefinitionEntry | Reading
_Entry = TypeVar("_Entry", RuleEntry, ParameterEntry, DefinitionEntry, Reading)


@dataclass(frozen=True, slots=True)
class Effective:
    """A version with everything that it amends and includes."""

    file: PolicyFile
    title: Text
    service: str
    subject: Placed
    with_records: Mapping[str, tuple[Literal["optional", "required"], Placed]]
    applies_to: ExprEntry | None
    selected_by: ExprEntry | None
    typical: Mapping[str, Any]
    entries: Entries
    sources: tuple[Source, ...]
    followed_until: datetime.date | None = None
    responsible: Responsible | None = None
    whole: bool = True
    """Whether everything that it includes was found; names that are missing may else stand there."""


@dataclass(slots=True)
class Assembly:
    """Puts files together, each once; `diagnostics` holds what does not fit.

    `kinds` are the kinds of record that there are. `unread`: some files could not be read, so that a version that
    is not among `files` may still be there.
    """

    files: Mapping[str, PolicyFile]
    kinds: Collection[str] = ()
    unread: bool = False
    diagnostics: list[Diagnostic] = field(default_factory=list)
    _done: dict[str, Effective | None] = field(default_factory=dict)
    _open: list[str] = field(default_factory=list)

    def effective(self, name: str) -> Effective | None:
        """Return a version with what it amends and includes, or None where that cannot be told."""
        if name not in self._done:
            self._open.append(name)
            self._done[name] = self._put_together(self.files[name])
            self._open.pop()
        return self._done[name]

    def _put_together(self, file: PolicyFile) -> Effective | None:
        base = None
        if file.amends is not None:
            base = self._other(file.amends, file)
            if base is None:
                return None
        subject = file.subject or (base.subject if base else None)
        if subject is None:
            return None
        if base is not None and base.subject.text != subject.text:
            self._subject_differs(subject, subject, base)
        entries = self._amended(file, base)
        with_records = {**(base.with_records if base else {}), **file.with_records}
        sources = [file.source, *(base.sources if base else ())]
        whole = base is None or base.whole
        for name in file.includes:
            library = self._other(name, file)
            if library is None:
                whole = False
                continue
            whole = whole and library.whole
            if library.subject.text != subject.text:
                self._subject_differs(name, subject, library)
                continue
            self._no_applies_to(library)
            entries = self._with_library(entries, library, name)
            with_records = {**library.with_records, **with_records}
            sources.extend(library.sources)
        return Effective(
            file=file,
            title=file.title or (base.title if base else Text()),
            service=file.service or (base.service if base else ""),
            subject=subject,
            with_records=with_records,
            applies_to=file.applies_to or (base.applies_to if base else None),
            selected_by=file.selected_by or (base.selected_by if base else None),
            typical=file.typical if file.typical is not None else base.typical if base else {},
            entries=entries,
            sources=tuple(dict.fromkeys(sources)),
            followed_until=self._followed_until(file.name),
            responsible=file.responsible or (base.responsible if base else None),
            whole=whole,
        )

    def _followed_until(self, name: str) -> datetime.date | None:
        transitions = (file.transition for file in self.files.values() if file.transition is not None)
        return next((transition.last_day for transition in transitions if transition.also == name), None)

    def _other(self, name: Placed, file: PolicyFile) -> Effective | None:
        if name.text not in self.files:
            if self.unread:
                return None
            near = closest(name.text, (other for other in self.files if other != file.name))
            hint = f"did you mean `{near}`?" if near else "name a version that is in the repository, like `policy@2025`"
            self._report("unknown-version", f"there is no version `{name}`", name, hint)
            return None
        if name.text in self._open or name.text == file.name:
            loop = " → ".join((*self._open[self._open.index(name.text) :], name.text))
            hint = "a version may only amend and include others that do not come back to it"
            self._report("circular-files", f"`{name}` comes back to itself: {loop}", name, hint)
            return None
        return self.effective(name.text)

    def _amended(self, file: PolicyFile, base: Effective | None) -> Entries:
        own = file.entries
        if base is None:
            return own
        old = base.entries
        return Entries(
            rules=_replaced(self._kept("rules", old.rules, file), _with_responsible(own.rules, base.responsible)),
            parameters=_replaced(self._kept("parameters", old.parameters, file), own.parameters),
            definitions=_replaced(self._kept("define", old.definitions, file), own.definitions),
            readings=_replaced(self._kept("readings", old.readings, file), own.readings),
        )

    def _kept(self, kind: DropKind, old: Mapping[str, _Entry], file: PolicyFile) -> dict[str, _Entry]:
        dropped = [drop.name for drop in file.drop if drop.kind == kind]
        for name in dropped:
            if name.text not in old:
                near = closest(name.text, old)
                hint = f"did you mean `{near}`?" if near else f"`{file.amends}` has no such entry; remove this line"
                self._report("unknown-entry", f"`{name}` is not among the inherited {_WORDS[kind]}", name, hint)
        gone = {name.text for name in dropped}
        return {name: entry for name, entry in old.items() if name not in gone}

    def _with_library(self, own: Entries, library: Effective, name: Placed) -> Entries:
        theirs = library.entries
        return Entries(
            rules=self._joined(own.rules, theirs.rules, name, "a rule"),
            parameters=self._joined(own.parameters, theirs.parameters, name, "a parameter"),
            definitions=self._joined(own.definitions, theirs.definitions, name, "a definition"),
            readings=self._joined(own.readings, theirs.readings, name, "a reading"),
        )

    def _joined(
        self, own: Mapping[str, _Entry], theirs: Mapping[str, _Entry], library: Placed, what: str
    ) -> dict[str, _Entry]:
        for name in own.keys() & theirs.keys():
            mine, other = own[name], theirs[name]
            if mine is other:
                continue
            message = f"`{library}` also has {what} `{name}`"
            labels = (Label(mine.span), Label(other.span, f"the one of `{library}`", other.source))
            hint = "rename one of the two; what is included cannot be replaced"
            self.diagnostics.append(Diagnostic("name-clash", message, mine.source, labels, hint))
        return {**theirs, **own}

    def _no_applies_to(self, library: Effective) -> None:
        """Report a condition that would silently not hold for the rules elsewhere, once for each library."""
        if (condition := library.applies_to) is None:
            return
        found = Diagnostic(
            "included-applies-to",
            f"`{library.file.name}` is included by others, and its `applies_to` would not hold there",
            condition.source,
            (Label(condition.node.span),),
            "write it as `when` in its rules, or as `applies_to` in the policies that include it",
        )
        if found not in self.diagnostics:
            self.diagnostics.append(found)

    def _subject_differs(self, at: Placed, subject: Placed, other: Effective) -> None:
        if subject.text not in self.kinds or other.subject.text not in self.kinds:
            return  # a misspelt kind is reported where it stands
        message = f"`{other.file.name}` judges `{other.subject}`, and this policy another kind of record"
        hint = "what a version amends or includes has the same `subject`"
        self._report("subject-differs", message, at, hint)

    def _report(self, code: str, message: str, at: Placed, hint: str) -> None:
        self.diagnostics.append(Diagnostic(code, message, at.source, (Label(at.span),), hint))


_WORDS: dict[DropKind, str] = {
    "rules": "rules",
    "parameters": "parameters",
    "define": "definitions",
    "readings": "readings",
}


def _replaced(old: Mapping[str, _Entry], new: Mapping[str, _Entry]) -> dict[str, _Entry]:
    """Return the inherited entries with the new ones in their places; entries of new names come last."""
    return {**old, **new}


def _with_responsible(rules: Mapping[str, RuleEntry], responsible: Responsible | None) -> dict[str, RuleEntry]:
    """Return an amending file's own rules, of which those that are silent of it take over who must act."""
    return {
        name: replace(rule, responsible=responsible) if rule.responsible is None else rule
        for name, rule in rules.items()
    }


def included_names(files: Iterable[PolicyFile]) -> set[str]:
    """Return the versions that others include: shared rules, which are not judged on their own."""
    return {name.text for file in files for name in file.includes}
