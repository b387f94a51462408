"""A policy file's YAML in, its `PolicyFile` out: every key read, every expression parsed, nothing resolved."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as MappingABC
from typing import Any, Literal, get_args

from pykala.policy.entries import (
    DefinitionEntry,
    Drop,
    DropKind,
    Entries,
    ExprEntry,
    ParameterEntry,
    Placed,
    PolicyFile,
    RuleEntry,
)
from pykala.policy.model import InForce, Reading, Responsible, Suppression, Text, Transition
from pykala.policy.reading import SNAKE, VERSION, NodeReader
from pykala.policy.rule_entries import read_definitions, read_responsible, read_rule
from pykala.policy.strict_yaml import Mapping, Scalar, YamlNode, compose, plain
from pykala_dsl.codes import CODES
from pykala_dsl.diagnostics import Diagnostic, DiagnosticsError
from pykala_dsl.source import Source, Span
from pykala_dsl.typesys import (
    BoolType,
    CalendarTimeType,
    CountType,
    DateType,
    ExactTimeType,
    MoneyType,
    NumberType,
    ShareType,
    Type,
)

LANGUAGE_VERSION = "1"
HEAD_KEYS = (
    "language",
    "policy",
    "version",
    "title",
    "service",
    "subject",
    "responsible",
    "with",
    "applies_to",
    "selected_by",
    "in_force",
    "transition",
    "amends",
    "drop",
    "includes",
    "note",
    "suppress",
    "readings",
    "parameters",
    "define",
    "typical",
    "rules",
)
PARAMETER_TYPES: MappingABC[str, Type] = {
    "count": CountType(),
    "number": NumberType(),
    "money": MoneyType(),
    "share": ShareType(),
    "exact time": ExactTimeType(),
    "days": CalendarTimeType("days"),
    "months": CalendarTimeType("months"),
    "date": DateType(),
    "yes/no": BoolType(),
}
_VERSION_FORM = 'write it like `"2025-04"`: letters, digits, `.`, `-` and `_`'
_NAMED_VERSION_FORM = "name one version exactly, like `work-trial@2025-04`"


def read_policy_file(source: Source) -> tuple[PolicyFile | None, list[Diagnostic]]:
    """Return a policy file as written, and what is wrong with it; None where not even its name can be read."""
    try:
        root = compose(source)
    except DiagnosticsError as error:
        return None, list(error.diagnostics)
    reader = NodeReader(source)
    file = _read_head(root, reader)
    return file, reader.diagnostics


def _read_head(root: YamlNode, reader: NodeReader) -> PolicyFile | None:
    head = reader.mapping(root, "a policy file")
    if head is None:
        return None
    first = Span(head.span.start, head.span.start)
    at = first if (key := head.key("policy")) is None else key.span
    amending = head.get("amends") is not None
    required = (
        ("language", "policy", "version")
        if amending
        else ("language", "policy", "version", "title", "service", "subject", "rules")
    )
    reader.keys(head, HEAD_KEYS, required, "this policy", at)
    _check_language(head, reader)
    policy = reader.identifier(head.get("policy"), "a policy's id")
    version = reader.placed(head.get("version"), "a version", VERSION, _VERSION_FORM)
    in_force, in_force_span = _in_force(head, at, reader)
    transition, transition_span = _transition(head, reader)
    responsible = read_responsible(head.get("responsible"), reader)
    entries = _entries(head, responsible, reader)
    file = PolicyFile(
        id=policy or Placed("", reader.source, at),
        version=version or Placed("", reader.source, at),
        title=_text(head, "title", "the policy's title", reader) if head.get("title") is not None else None,
        service=service.text if (service := reader.identifier(head.get("service"), "a service")) else None,
        subject=reader.placed(head.get("subject"), "a kind of record", SNAKE, "write its name, like `case`"),
        with_records=_with(head, reader),
        applies_to=_expr(head, "applies_to", reader),
        selected_by=_expr(head, "selected_by", reader),
        in_force=in_force,
        in_force_span=in_force_span,
        transition=transition,
        transition_span=transition_span,
        amends=_named_version(head.get("amends"), "what it amends", reader),
        drop=_drop(head, reader),
        includes=tuple(
            found
            for item in reader.items(head.get("includes"), "`includes`")
            if (found := _named_version(item, "what it includes", reader)) is not None
        ),
        entries=entries,
        typical=_typical(head, reader),
        note=_text(head, "note", "the policy's note", reader),
        suppressions=tuple(_suppressions(head, reader)),
        responsible=responsible,
        source=reader.source,
        findings=tuple(reader.findings),
        names_lost=reader.names_lost,
    )
    return file if policy is not None and version is not None else None


def _check_language(head: Mapping, reader: NodeReader) -> None:
    found = reader.scalar(head.get("language"), "the language's version")
    if found is not None and found.text != LANGUAGE_VERSION:
        reader.report(
            "unsupported-language",
            f"version {found.text} of the language is not known",
            found.span,
            f"write `language: {LANGUAGE_VERSION}`, or use a newer pykala",
        )


def _text(head: Mapping, key: str, what: str, reader: NodeReader) -> Text:
    node, scalar = head.get(key), head.key(key)
    if node is None or scalar is None:
        return Text()
    return reader.language_map(node, what, scalar.span, severity="error" if key == "title" else "warning")


def _expr(head: Mapping, key: str, reader: NodeReader) -> ExprEntry | None:
    node = reader.expression(head.get(key), f"`{key}`")
    return None if node is None else ExprEntry(node, reader.source)


def _named_version(node: YamlNode | None, what: str, reader: NodeReader) -> Placed | None:
    found = reader.scalar(node, what)
    if found is None:
        return None
    policy, at, version = found.text.partition("@")
    if not at or not policy or not VERSION.fullmatch(version):
        reader.report("bad-name", f"`{found.text}` does not name a version", found.span, _NAMED_VERSION_FORM)
        return None
    return Placed(found.text, reader.source, found.span)


def _with(head: Mapping, reader: NodeReader) -> dict[str, tuple[Literal["optional", "required"], Placed]]:
    found: dict[str, tuple[Literal["optional", "required"], Placed]] = {}
    hint = "write the record and how it is needed, like `with: {certificate: optional}`"
    for key, value in reader.entries(head.get("with"), "`with`", hint):
        mode = reader.choice(value, ("optional", "required"), f"how `{key.text}` is needed")
        kind = reader.word(key, "a kind of record", SNAKE, "write its name, like `certificate`")
        if kind is not None:
            found[kind.text] = ("required" if mode == "required" else "optional", kind)
    return found


def _in_force(head: Mapping, at: Span, reader: NodeReader) -> tuple[InForce, Span]:
    key, node = head.key("in_force"), head.get("in_force")
    hint = "write `in_force: {first_day: 2025-04-01}`, with `last_day` where it ends"
    node = reader.mapping(node, "`in_force`", hint)
    if key is None or node is None:
        return InForce(), at
    reader.keys(node, ("first_day", "last_day"), (), "`in_force`", key.span)
    return reader.in_force(node), key.span


def _transition(head: Mapping, reader: NodeReader) -> tuple[Transition | None, Span | None]:
    key, node = head.key("transition"), reader.mapping(head.get("transition"), "`transition`")
    if key is None or node is None:
        return None, None
    reader.keys(node, ("also", "last_day", "cite"), ("also", "last_day"), "`transition`", key.span)
    also = _named_version(node.get("also"), "the other version", reader)
    last = reader.day(node.get("last_day"), "the last day")
    cite = reader.citations(node.get("cite"))
    if also is None or last is None:
        return None, None
    return Transition(also.text, last, cite), also.span


def _suppressions(head: Mapping, reader: NodeReader) -> Iterator[Suppression]:
    for item in reader.items(head.get("suppress"), "`suppress`"):
        node = reader.mapping(item, "a suppression")
        if node is None:
            continue
        at = node.entries[0][0].span if node.entries else node.span
        reader.keys(node, ("check", "at", "why", "until"), ("check", "why", "until"), "this suppression", at)
        lint_codes = [code for code, found in CODES.items() if found.stage == "lint"]
        check = reader.choice(node.get("check"), lint_codes, "a check of the linter")
        place = reader.text(node.get("at"), "what it stands at")
        until = reader.day(node.get("until"), "the last day of a suppression")
        key = node.key("why")
        why = Text() if key is None else reader.language_map(node.get("why"), "its reason", key.span, plain=True)
        if check is not None and until is not None:
            yield Suppression(check, place, why, until, at)


def _drop(head: Mapping, reader: NodeReader) -> tuple[Drop, ...]:
    found: list[Drop] = []
    node = reader.mapping(head.get("drop"), "`drop`")
    if node is None:
        return ()
    key = head.key("drop")
    if head.get("amends") is None and key is not None:
        hint = "add `amends: policy@version`, or remove `drop`"
        reader.report("missing-key", "`drop` removes what is inherited, and nothing is", key.span, hint)
    kinds: tuple[DropKind, ...] = get_args(DropKind)
    reader.keys(node, kinds, (), "`drop`", node.span)
    for kind in kinds:
        for item in reader.items(node.get(kind), f"`drop: {kind}`"):
            scalar = reader.scalar(item, "what to drop")
            if scalar is not None:
                found.append(Drop(kind, Placed(scalar.text, reader.source, scalar.span)))
    return tuple(found)


def _typical(head: Mapping, reader: NodeReader) -> dict[str, Any] | None:
    node = reader.mapping(head.get("typical"), "`typical`")
    return None if node is None else plain(node)


def _entries(head: Mapping, responsible: Responsible | None, reader: NodeReader) -> Entries:
    rules: dict[str, RuleEntry] = {}
    for item in reader.items(head.get("rules"), "`rules`"):
        rule = read_rule(item, reader, responsible)
        if rule is None:
            continue
        if rule.id in rules:
            hint = "give each rule an id of its own"
            reader.report("name-clash", f"there is already a rule `{rule.id}`", rule.span, hint)
        else:
            rules[rule.id] = rule
    return Entries(
        rules=rules,
        parameters=_parameters(head, reader),
        definitions=_definitions(head, reader),
        readings=_readings(head, reader),
    )


def _definitions(head: Mapping, reader: NodeReader) -> dict[str, DefinitionEntry]:
    return read_definitions(head.get("define"), "`define`", "a definition", reader)


def _parameters(head: Mapping, reader: NodeReader) -> dict[str, ParameterEntry]:
    found: dict[str, ParameterEntry] = {}
    for key, value in reader.entries(head.get("parameters"), "`parameters`"):
        name = reader.name(key, "a parameter's name")
        value_hint = "write its `value:`, `label:` and `cite:` on lines of their own below it"
        entry = reader.mapping(value, f"parameter `{key.text}`", value_hint)
        if name is not None and entry is not None:
            found[name] = _parameter(name, key, entry, reader)
    return found


def _parameter(name: str, key: Scalar, entry: Mapping, reader: NodeReader) -> ParameterEntry:
    what = f"parameter `{name}`"
    reader.keys(entry, ("value", "type", "label", "cite", "note"), ("value",), what, key.span)
    word = reader.choice(entry.get("type"), tuple(PARAMETER_TYPES), "a parameter's type")
    type_node = entry.get("type")
    value = reader.scalar(entry.get("value"), f"the value of {what}")
    unset = value is not None and value.text == "unset"
    from_transition = value is not None and value.text == "transition"
    if unset and type_node is None:
        hint = "add `type: count` (or number, money, share, exact time, days, months, date, yes/no)"
        reader.report("missing-key", f"{what} is unset and has no `type`", key.span, hint)
    return ParameterEntry(
        name=name,
        value=None if value is None or unset or from_transition else reader.parse(value.fragment),
        type=PARAMETER_TYPES.get(word) if word else None,
        label=_entry_text(entry, "label", f"the label of {what}", reader),
        cite=reader.citations(entry.get("cite")),
        note=_entry_text(entry, "note", f"the note of {what}", reader),
        source=reader.source,
        span=key.span,
        value_span=key.span if value is None else value.span,
        type_span=None if type_node is None else type_node.span,
        from_transition=from_transition,
    )


def _readings(head: Mapping, reader: NodeReader) -> dict[str, Reading]:
    found: dict[str, Reading] = {}
    for key, value in reader.entries(head.get("readings"), "`readings`"):
        name = reader.name(key, "a reading's name")
        entry = reader.mapping(value, f"reading `{key.text}`")
        if name is not None and entry is not None:
            found[name] = _reading(name, key, entry, reader)
    return found


def _reading(name: str, key: Scalar, entry: Mapping, reader: NodeReader) -> Reading:
    what = f"reading `{name}`"
    keys = ("question", "options", "chosen", "why", "cite")
    required = keys[:3] if (said := entry.get("chosen")) is None else keys[:4]
    if isinstance(said, Scalar) and said.text == "open":
        required = keys[:3]
    reader.keys(entry, keys, required, what, key.span)
    options: dict[str, Text] = {}
    for option, text in reader.entries(entry.get("options"), f"the options of {what}"):
        option_name = reader.name(option, "an option's name")
        if option_name == "open":
            reader.report("bad-name", "`open` cannot be an option", option.span, "it says that nothing is chosen")
        elif option_name is not None:
            options[option_name] = reader.language_map(text, f"option `{option_name}` of {what}", option.span)
    listed = entry.get("options")
    if isinstance(listed, Mapping) and len(listed.entries) < 2:
        reader.report("bad-choice", f"{what} has one option alone", key.span, "a reading has two options or more")
        reader.names_lost = True
    chosen = "open"
    if isinstance(listed, Mapping) and len(options) == len(listed.entries):
        chosen = reader.choice(entry.get("chosen"), ("open", *options), f"the option chosen of {what}") or "open"
    return Reading(
        name=name,
        question=_entry_text(entry, "question", f"the question of {what}", reader),
        options=options,
        chosen=None if chosen == "open" else chosen,
        why=_entry_text(entry, "why", f"the reason of {what}", reader),
        cite=reader.citations(entry.get("cite")),
        source=reader.source,
        span=key.span,
    )


def _entry_text(entry: Mapping, name: str, what: str, reader: NodeReader) -> Text:
    key = entry.key(name)
    return Text() if key is None else reader.language_map(entry.get(name), what, key.span)
