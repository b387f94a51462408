"""A process step by step: the events of a record in their order, each with the rules that look at it and their limits.

In: a policy whose rules are all of one phase and cite what the register calls a process or a sanction, such as the audit.
The steps are the events (dates of something that happens) that its rules read, in the order in which the schema of the
record declares them. A rule stands at the last event that it requires something of; those that read no event stand after
the steps, by what they judge. A rule without a limit is told in the words of the statements that it cites.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pykala.handbook.pictures.drawing import Sheet
from pykala.handbook.pictures.limits import limit_entries, limit_origins, statement_entries
from pykala.handbook.pictures.outline import Entry, capital, markdown, paragraphs
from pykala.handbook.pictures.picture import Picture, make_picture
from pykala.handbook.pictures.picture_words import say
from pykala.handbook.verbalize import Verbalizer
from pykala.policy.loader import PolicySet
from pykala.policy.model import Lang, Policy, Rule
from pykala_dsl import core
from pykala_dsl.typesys import ListType, RecordType


@dataclass(frozen=True, slots=True)
class Event:
    """A date of something that happens: the record type that has it, and its field.

    Where that is a part of the subject of its own (`sanction`), what is said of the part is said of its events.
    """

    owner: RecordType
    name: str
    in_list: bool
    is_part: bool

    def is_read(self, read: set[tuple[str, str]]) -> bool:
        """Return whether it is among the fields that are read, or another field of its part is."""
        return (self.owner.name, self.name) in read or (
            self.is_part and any(self.owner.name == name for name, _ in read)
        )


def policy_process(policies: PolicySet, policy_id: str, lang: Lang) -> Picture | None:
    """Return the steps of the newest version of a policy; None where it is not one process of several events."""
    policy = policies.find(policy_id)
    if policy is None or not _is_process(policies, policy):
        return None
    read = set[tuple[str, str]]().union(*(_read_by(policy, rule) for rule in policy.rules))
    events = [event for event in _events(policy.subject) if (event.owner.name, event.name) in read]
    if len(events) < 2:
        return None
    words = Verbalizer(policies.vocabulary, policy, lang)
    steps = [
        Entry(_event_label(event, words), tuple(_said(policies, _rules_at(policy, events, event), words)), strong=True)
        for event in events
    ]
    beside = list(_undated(_rules_at(policy, events, None), words))
    return make_picture(
        f"process-{policy.id}",
        say("process", lang, policy.title.get(lang)),
        say("process about", lang),
        lambda sheet: _draw(sheet, steps, beside),
        "\n\n".join(filter(None, (markdown(steps, numbered=True), markdown(beside)))),
        (f"policy:{policy.name}", *(origin for rule in policy.rules for origin in limit_origins(rule, words))),
    )


def _is_process(policies: PolicySet, policy: Policy) -> bool:
    cited = (policies.register.find(cite) for rule in policy.rules for cite in rule.cite)
    kinds = {statement.kind for statement in cited if statement is not None}
    return len({rule.phase for rule in policy.rules}) == 1 and not kinds.isdisjoint(("process", "sanction"))


def _events(record: RecordType, *, in_list: bool = False, is_part: bool = False) -> Iterator[Event]:
    """Yield the events of a record and of what is inside it, in the order of the schema."""
    for name, field in record.fields.items():
        listed = isinstance(field.type, ListType)
        inner = field.type.element if isinstance(field.type, ListType) else field.type
        if field.event:
            yield Event(record, name, in_list, is_part)
        elif isinstance(inner, RecordType):
            yield from _events(inner, in_list=in_list or listed, is_part=not (in_list or listed))


def _event_label(event: Event, words: Verbalizer) -> str:
    label = words.field_label(event.owner, event.name)
    return capital(f"{label} ({words.element_label(event.owner)})" if event.in_list else label)


def _rules_at(policy: Policy, events: Sequence[Event], event: Event | None) -> Iterator[Rule]:
    """Yield the rules that stand at an event, or those that stand at none."""
    for rule in policy.rules:
        # What is required comes first: `when` and `pending while` only tell of what went before.
        for part in (rule.require, rule.when, rule.pending_while):
            read = _keys(policy, rule, part)
            here = [each for each in events if each.is_read(read)]
            if here:
                break
        if (here[-1] if here else None) == event:
            yield rule


def _read_by(policy: Policy, rule: Rule) -> set[tuple[str, str]]:
    return set().union(*(_keys(policy, rule, part) for part in (rule.when, rule.require, rule.pending_while)))


def _keys(policy: Policy, rule: Rule, expr: core.Expr | None) -> set[tuple[str, str]]:
    """Return the fields that an expression reads, those of the definitions that it names too."""
    found: set[tuple[str, str]] = set()
    todo, seen = [] if expr is None else [expr], set[tuple[str, bool]]()
    while todo:
        for part in core.walk(todo.pop()):
            match part:
                case core.FieldRead(base, field) if isinstance(base.type, RecordType):
                    found.add((base.type.name, field.name))
                case core.DefinitionRead(name, in_rule) if (name, in_rule) not in seen:
                    seen.add((name, in_rule))
                    todo.append((rule.definitions if in_rule else policy.definitions)[name].expr)
                case _:
                    pass
    return found


def _said(policies: PolicySet, rules: Iterator[Rule], words: Verbalizer) -> Iterator[Entry]:
    for rule in rules:
        under = limit_entries(rule, words) or statement_entries(policies, rule.cite, words.lang)
        yield Entry(rule.title.get(words.lang), under)


def _undated(rules: Iterator[Rule], words: Verbalizer) -> Iterator[Entry]:
    """Yield the rules that look at no event, those that judge the same thing under one heading."""
    groups: dict[str, list[Entry]] = {}
    for rule in rules:
        each = rule.for_each
        what = words.record_label(words.policy.record) if each is None else words.element_label(each.element)
        groups.setdefault(what, []).append(Entry(rule.title.get(words.lang)))
    for what, titles in groups.items():
        yield Entry(say("no date", words.lang, what), tuple(titles), strong=True)


def _draw(sheet: Sheet, steps: Sequence[Entry], beside: Sequence[Entry]) -> None:
    for at, step in enumerate(steps):
        if at:
            sheet.arrow_down()
        sheet.card(list(paragraphs([step])), number=str(at + 1))
    if beside:
        sheet.y += 14
        sheet.card(list(paragraphs(beside)))
