"""The file `handbook.yaml` in, its services and phases out; and what the linter says of it beside the policies."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pykala.policy.contents import PAGES, Phase, Service, phases_used
from pykala.policy.entries import Placed
from pykala.policy.model import Policy, Text
from pykala.policy.reading import KEBAB, SNAKE, NodeReader
from pykala.policy.sources import Register
from pykala.policy.strict_yaml import Mapping as YamlMapping
from pykala.policy.strict_yaml import Scalar, YamlNode, compose
from pykala_dsl.diagnostics import Diagnostic, DiagnosticsError, Label
from pykala_dsl.source import Source, Span
from pykala_dsl.suggest import closest

CONTENTS_KEYS = ("title", "about", "services", "phases")
SERVICE_KEYS = ("title", "for_whom", "cite", "member", "shared", "also")
_KEBAB_FORM = "letters and digits, with single hyphens between, like `work-trial`"


@dataclass(frozen=True, slots=True)
class ServiceEntry:
    """A service as written. `gives_also`: it says itself which others concern it."""

    service: Service
    members: tuple[Placed, ...]
    also: tuple[Placed, ...]
    gives_also: bool


@dataclass(frozen=True, slots=True)
class ContentsFile:
    """The file as written, each entry by its name and where that stands. `findings` are for the linter."""

    source: Source
    services: Mapping[Placed, ServiceEntry] = field(default_factory=dict)
    phases: Mapping[Placed, Phase] = field(default_factory=dict)
    findings: tuple[Diagnostic, ...] = ()
    title: Text = field(default_factory=Text)
    about: Text = field(default_factory=Text)
    gives: frozenset[str] = frozenset()
    """Which of `services` and `phases` it gives; the other one is told by the policies."""


def read_contents_file(source: Source) -> tuple[ContentsFile | None, list[Diagnostic]]:
    """Return the file as written, and what is wrong with it; None where it cannot be read."""
    try:
        root = compose(source)
    except DiagnosticsError as error:
        return None, list(error.diagnostics)
    reader = NodeReader(source)
    head = reader.mapping(root, "the contents of the handbook")
    if head is None:
        return None, reader.diagnostics
    reader.keys(head, CONTENTS_KEYS, (), "the contents of the handbook", Span(head.span.start, head.span.start))
    services = dict(_services(head.get("services"), reader))
    phases = dict(_phases(head.get("phases"), reader))
    _check_names(services, reader)
    gives = frozenset(key for key in CONTENTS_KEYS if head.get(key) is not None)
    title = _text(head, "title", "the title of the handbook", reader)
    about = _text(head, "about", "what the handbook says of itself", reader)
    return ContentsFile(source, services, phases, tuple(reader.findings), title, about, gives), reader.diagnostics


def _services(node: YamlNode | None, reader: NodeReader) -> Iterator[tuple[Placed, ServiceEntry]]:
    hint = "write `work-trial:`, and its `title:` below it"
    for key, value in reader.entries(node, "`services`", hint):
        name = reader.word(key, "a service", KEBAB, _KEBAB_FORM, "-")
        entry = reader.mapping(value, f"service `{key.text}`", hint)
        if name is not None and entry is not None:
            yield name, _service(name, key, entry, reader)


def _service(name: Placed, key: Scalar, node: YamlMapping, reader: NodeReader) -> ServiceEntry:
    what = f"service `{name}`"
    reader.keys(node, SERVICE_KEYS, ("title",), what, key.span)
    for_whom, cite = _text(node, "for_whom", f"for whom {what} is", reader), reader.citations(node.get("cite"))
    if for_whom != Text() and not cite:
        hint = "add `cite: source/statement`, so that readers see where it comes from"
        reader.find("missing-citation", f"for whom {what} is cites no statement", key.span, hint, "warning")
    members = tuple(
        found
        for item in reader.one_or_more(node.get("member"))
        if (found := reader.placed(item, "a name of the service in records", SNAKE, "write it like `work_trial`"))
        is not None
    )
    also = tuple(
        found
        for item in reader.items(node.get("also"), f"`also` of {what}")
        if (found := reader.placed(item, "a service", KEBAB, _KEBAB_FORM)) is not None
    )
    service = Service(
        id=name.text,
        title=_text(node, "title", f"the title of {what}", reader),
        for_whom=for_whom,
        cite=cite,
        members=tuple(each.text for each in members),
        shared=reader.choice(node.get("shared"), ("true", "false"), "`shared`") == "true",
        also=tuple(each.text for each in also),
    )
    return ServiceEntry(service, members, also, node.get("also") is not None)


def _phases(node: YamlNode | None, reader: NodeReader) -> Iterator[tuple[Placed, Phase]]:
    for key, value in reader.entries(node, "`phases`", 'write `meals: {fi: "…", sv: "…", en: "…"}`'):
        name = reader.word(key, "a phase", KEBAB, "letters and digits, with single hyphens between, like `meals`", "-")
        title = reader.language_map(value, f"the title of phase `{key.text}`", key.span, severity="error")
        if name is not None and name.text in PAGES:
            hint = "remove it: the page is there whatever this file says"
            reader.report("bad-name", f"`{name}` is a page of its own, and no phase", key.span, hint)
        elif name is not None:
            yield name, Phase(name.text, title)


def _check_names(services: Mapping[Placed, ServiceEntry], reader: NodeReader) -> None:
    """Report what names no other service, and what is the name of two."""
    ids = {name.text for name in services}
    owners: dict[str, str] = {}
    for name, entry in services.items():
        for also in entry.also:
            others = ids - {name.text}
            if also.text not in others:
                near = closest(also.text, others)
                hint = f"did you mean `{near}`?" if near else "name another service of this file"
                reader.report("unknown-entry", f"there is no other service `{also}`", also.span, hint)
        for member in entry.members:
            owner = owners.setdefault(member.text, name.text)
            if owner != name.text:
                hint = "a record is of one service; keep it with one of them"
                reader.report("name-clash", f"`{member}` is the name of service `{owner}` already", member.span, hint)


def check_contents(
    file: ContentsFile,
    policies: Iterable[Policy],
    register: Register,
    members: Collection[str],
) -> tuple[list[Diagnostic], list[Diagnostic]]:
    """Return what is wrong with the file beside the policies, and what the linter says of it.

    `members` are the names that records have for services (and for anything else).
    """
    errors = list(_strangers(file, register, members))
    return errors, [*file.findings, *_unlisted(file, tuple(policies), register)]


def _strangers(file: ContentsFile, register: Register, members: Collection[str]) -> Iterator[Diagnostic]:
    known = {*members, *(name for statement in register.statements.values() for name in statement.services)}
    for entry in file.services.values():
        for cite in entry.service.cite:
            found = register.check(cite, file.source)
            if found is not None:
                yield found
        for member in entry.members:
            if member.text not in known:
                near = closest(member.text, known)
                hint = f"did you mean `{near}`?" if near else "write the name that the records have for the service"
                message = f"no record and no statement knows a service `{member}`"
                yield Diagnostic("unknown-member", message, file.source, (Label(member.span),), hint)


def _unlisted(file: ContentsFile, policies: tuple[Policy, ...], register: Register) -> Iterator[Diagnostic]:
    services, phases = {name.text for name in file.services}, {name.text for name in file.phases}
    path = file.source.path

    def finding(what: str, name: str, source: Source, span: Span, known: set[str]) -> Diagnostic:
        near = closest(name, known)
        hint = f"did you mean `{near}`? Else add `{name}` to `{path}`" if near else f"add it to `{path}`"
        message = f"{what} `{name}` is not in the contents of the handbook"
        return Diagnostic("not-in-contents", message, source, (Label(span),), hint, "warning")

    for policy in policies:
        if "services" in file.gives and policy.service not in services:
            yield finding("service", policy.service, policy.source, policy.span, services)
        for rule in policy.rules:
            own = rule.source == policy.source and rule.phase is not None
            if own and "phases" in file.gives and rule.phase not in phases:
                yield finding("phase", rule.phase or "", rule.source, rule.span, phases)
    for statement in register.statements.values():
        page = statement.page
        if page is not None and "phases" in file.gives and page not in (*PAGES, *phases):
            yield finding("page", page, statement.source, statement.span, {*PAGES, *phases})
    yield from _idle(file, policies, register)


def _idle(file: ContentsFile, policies: tuple[Policy, ...], register: Register) -> Iterator[Diagnostic]:
    named = {policy.service for policy in policies}
    used = set(phases_used(policies, register))
    idle = [("service", name) for name in file.services if name.text not in named]
    idle += [("phase", name) for name in file.phases if name.text not in used]
    for what, name in idle:
        message, hint = f"no rule is of {what} `{name}`", "correct the name, or remove it"
        yield Diagnostic("idle-contents", message, file.source, (Label(name.span),), hint, "warning")


def _text(node: YamlMapping, key: str, what: str, reader: NodeReader) -> Text:
    scalar = node.key(key)
    if scalar is None:
        return Text()
    return reader.language_map(node.get(key), what, scalar.span, severity="error" if key == "title" else "warning")
