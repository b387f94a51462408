"""The page of a version of a policy: whom it concerns, when it is in force, its rules, numbers, and the typical record."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from pykala.handbook import markup
from pykala.handbook.addresses import changes_page, service_page
from pykala.handbook.book import Edition
from pykala.handbook.example_words import value_lines
from pykala.handbook.page import Block, Page
from pykala.handbook.pages import parts
from pykala.handbook.pages.rule import number_row
from pykala.handbook.pictures import choice_rings, policy_process
from pykala.policy.model import Example, InForce, Policy, Text
from pykala.quality.examples import example_records
from pykala_dsl.diagnostics import Diagnostic
from pykala_dsl.source import Span


def policy_page(policy: Policy, edition: Edition) -> Page:
    """Return the page of a version, effective: what it amends and includes stands in it."""
    book, at = edition.book, edition.book.policy_path(policy)
    newest = book.newest[policy.id]
    service = book.policies.contents.services[policy.service]
    superseded = None
    if newest != policy:
        superseded = (f"{newest.title.get(edition.lang)}, {newest.version}", book.policy_path(newest))
    title = policy.title.get(edition.lang)
    return Page(
        at,
        title if superseded is None else f"{title}, {policy.version}",
        tuple(_blocks(policy, edition, at)),
        trail=((service.title.get(edition.lang), service_page(service.id)),),
        superseded=superseded,
    )


def _blocks(policy: Policy, edition: Edition, at: str) -> Iterator[Block]:
    origin = parts.policy_origin(policy)
    yield Block(_head(policy, edition), (origin,))
    if note := policy.note.get(edition.lang):
        yield Block(markup.box("note", markup.text(note)), (origin,))
    yield from _rules(policy, edition, at)
    if edition.book.is_newest(policy):
        yield from parts.pictured(choice_rings(edition.book.policies, policy.id, edition.lang), edition)
        yield from parts.pictured(policy_process(edition.book.policies, policy.id, edition.lang), edition)
    yield from _numbers(policy, edition, at)
    yield from _versions(policy, edition, at)
    yield from _typical(policy, edition)


def _head(policy: Policy, edition: Edition) -> str:
    words = edition.words(policy)
    days = next(days for each, days in edition.book.versions[policy.id] if each == policy)
    in_force = parts.days(days, edition)
    if policy.followed_until is not None:
        until = parts.days(InForce(None, policy.followed_until), edition)
        in_force += f". {edition.say('followed until', until)}"
    rows = [
        (edition.say("version"), markup.text(policy.version)),
        (edition.say("in force"), markup.text(in_force)),
        (edition.say("judges"), markup.text(words.record_label(policy.record))),
    ]
    if policy.selected_by is not None:
        rows.append((edition.say("selected by"), markup.text(words.expr(policy.selected_by))))
    if policy.applies_to is not None:
        rows.append((edition.say("applies to"), markup.lines(words.condition_lines(policy.applies_to))))
    if policy.with_records:
        rows.append((edition.say("beside"), markup.text(", ".join(map(words.record_label, policy.with_records)))))
    return "\n\n".join(f"{markup.text(name)}\n:   {body.replace(chr(10), chr(10) + '    ')}" for name, body in rows)


def _rules(policy: Policy, edition: Edition, at: str) -> Iterator[Block]:
    yield Block(markup.heading(2, edition.say("rules")))
    contents = edition.book.policies.contents
    order = {phase: number for number, phase in enumerate(contents.phases)}
    ordered = sorted(policy.rules, key=lambda rule: order.get(rule.phase or "", len(order)))
    for phase, rules in groupby(ordered, key=lambda rule: rule.phase):
        title = contents.phases[phase].title.get(edition.lang) if phase in contents.phases else edition.say("no phase")
        found = list(rules)
        items = markup.bullets(parts.rule_link(policy, rule, edition, at) for rule in found)
        origins = tuple(parts.rule_origin(policy, rule) for rule in found)
        yield Block(f"{markup.heading(3, title)}\n\n{items}", origins)


def _numbers(policy: Policy, edition: Edition, at: str) -> Iterator[Block]:
    if policy.parameters:
        header = (edition.say("number"), edition.say("value"), edition.say("source"))
        rows = (number_row(each, policy, edition, at) for each in policy.parameters.values())
        origins = tuple(parts.parameter_origin(policy, name) for name in policy.parameters)
        yield Block(f"{markup.heading(2, edition.say('numbers'))}\n\n{markup.table(header, rows)}", origins)


def _versions(policy: Policy, edition: Edition, at: str) -> Iterator[Block]:
    versions = edition.book.versions[policy.id]
    if len(versions) < 2:
        return
    items = []
    for each, days in versions:
        name = f"{edition.say('version')} {each.version} ({parts.days(days, edition)})"
        own = each == policy
        items.append(f"**{markup.text(name)}**" if own else markup.link(name, edition.book.policy_path(each), at))
    items.append(markup.link(edition.say("what changed"), changes_page(policy.id), at))
    origins = tuple(parts.policy_origin(each) for each, _ in versions)
    yield Block(f"{markup.heading(2, edition.say('versions'))}\n\n{markup.bullets(items)}", origins)


def _typical(policy: Policy, edition: Edition) -> Iterator[Block]:
    bare = Example(Text(), {}, (), None, (), False, None, None, (), policy.source, Span(0, 0))
    made = example_records(policy, bare, edition.book.policies.vocabulary)
    if isinstance(made, Diagnostic):
        return
    words = edition.words(policy)
    lines = [
        line
        for kind, record in made.records.items()
        for line in value_lines(
            words.record_label(kind), record.data, policy.with_types.get(kind, policy.subject), words
        )
    ]
    title = markup.heading(2, edition.say("typical"), "typical")
    body = f"{title}\n\n{edition.say('typical lead')}\n\n{markup.lines(lines)}"
    yield Block(body, (parts.policy_origin(policy),))
