"""The pages of a service: an overview, and a checklist for each phase."""

from __future__ import annotations

from collections.abc import Iterator

from pykala.handbook import markup
from pykala.handbook.addresses import CONTACTS, QUESTIONS, phase_page, service_page
from pykala.handbook.book import Book, Edition
from pykala.handbook.page import Block, Page
from pykala.handbook.pages import parts
from pykala.handbook.pictures import choice_rings, policy_process, service_phases, service_timeline
from pykala.handbook.services import concerns, rule_concerns, service_policies
from pykala.policy.contents import Phase, Service
from pykala.policy.model import Policy, Rule
from pykala.policy.sources import Statement


def newest_policies(service_id: str, book: Book) -> list[Policy]:
    """Return the newest versions of the policies of a service, its own first, then the shared ones that concern it."""
    return [policy for policy in service_policies(book.policies, service_id) if book.is_newest(policy)]


def rules_of(service_id: str, book: Book) -> list[tuple[Policy, Rule]]:
    """Return the rules that concern a service, in the order of its policies."""
    return [
        (policy, rule)
        for policy in newest_policies(service_id, book)
        for rule in policy.rules
        if rule_concerns(book.policies, service_id, policy, rule)
    ]


def advice(page: str, service: Service, book: Book) -> list[Statement]:
    """Return the advice of the register that a page of a service gives."""
    if service.shared:
        return []
    return [
        each for each in book.policies.register.statements.values() if each.page == page and concerns(each, service)
    ]


def phases_of(service: Service, book: Book) -> list[Phase]:
    """Return the phases of a service for which there is a rule or an advice, in order."""
    used = {rule.phase for _, rule in rules_of(service.id, book)}
    return [
        phase for phase in book.policies.contents.phases.values() if phase.id in used or advice(phase.id, service, book)
    ]


def service_overview(service: Service, edition: Edition) -> Page:
    """Return the overview of a service: for whom, which version applies to whom, its phases."""
    at = service_page(service.id)
    policies = edition.book.policies
    blocks = [*_for_whom(service, edition, at), *_phases(service, edition, at)]
    blocks += parts.pictured(service_phases(policies, service.id, edition.lang), edition)
    for policy in edition.book.newest.values():
        if policy.service == service.id:
            blocks += parts.pictured(choice_rings(policies, policy.id, edition.lang), edition)
            blocks += parts.pictured(policy_process(policies, policy.id, edition.lang), edition)
    blocks += _versions(service, edition, at)
    blocks += parts.pictured(service_timeline(policies, service.id, edition.lang), edition)
    blocks += _questions(service, edition, at)
    return Page(
        at,
        service.title.get(edition.lang),
        tuple(blocks),
        description=service.for_whom.get(edition.lang)[:200],
        trail=(),
    )


def _for_whom(service: Service, edition: Edition, at: str) -> Iterator[Block]:
    if told := service.for_whom.get(edition.lang):
        origins = tuple(parts.statement_origin(edition.statement(cite)) for cite in service.cite)
        source = f"\n\n{edition.say('source')}: {parts.cited(service.cite, edition, at).replace(chr(10), '; ')}"
        title = markup.heading(2, edition.say("for whom"))
        yield Block(
            f"{title}\n\n{markup.text(told)}{source if service.cite else ''}", origins or (f"service:{service.id}",)
        )


def _phases(service: Service, edition: Edition, at: str) -> Iterator[Block]:
    rows, origins = [], []
    for phase in phases_of(service, edition.book):
        found = [(policy, rule) for policy, rule in rules_of(service.id, edition.book) if rule.phase == phase.id]
        origins += [parts.rule_origin(policy, rule) for policy, rule in found]
        rows.append((markup.link(phase.title.get(edition.lang), phase_page(service.id, phase.id), at), str(len(found))))
    if rows:
        header = (edition.say("phases"), edition.say("rule count"))
        body = markup.table(header, rows)
        yield Block(
            f"{markup.heading(2, edition.say('phases'))}\n\n{body}", tuple(origins) or (f"service:{service.id}",)
        )


def _versions(service: Service, edition: Edition, at: str) -> Iterator[Block]:
    rows, origins = [], []
    for policy in newest_policies(service.id, edition.book):
        for each, days in reversed(edition.book.versions[policy.id]):
            words = edition.words(each)
            name = markup.link(f"{each.title.get(edition.lang)}, {each.version}", edition.book.policy_path(each), at)
            picked = "" if each.selected_by is None else words.expr(each.selected_by)
            followed = (
                ""
                if each.followed_until is None
                else "\n" + edition.say("followed until", parts.days(type(days)(None, each.followed_until), edition))
            )
            rows.append((name, markup.text(parts.days(days, edition)) + markup.text(followed), markup.text(picked)))
            origins.append(parts.policy_origin(each))
    if rows:
        header = (edition.say("version"), edition.say("in force"), edition.say("selected by"))
        body = markup.table(header, rows)
        yield Block(f"{markup.heading(2, edition.say('which version'))}\n\n{body}", tuple(origins))


def _questions(service: Service, edition: Edition, at: str) -> Iterator[Block]:
    items, origins = [], []
    for policy in newest_policies(service.id, edition.book):
        for reading in policy.readings.values():
            if reading.chosen is None:
                place = f"{QUESTIONS}#{policy.id}-{reading.name}"
                items.append(markup.link(reading.question.get(edition.lang), place, at))
                origins.append(parts.reading_origin(policy, reading))
    if items:
        yield Block(
            f"{markup.heading(2, edition.say('questions'))}\n\n{markup.bullets(dict.fromkeys(items))}", tuple(origins)
        )
    if any(advice("contacts", service, edition.book)):
        yield Block(markup.link(edition.say("contacts"), f"{CONTACTS}#{service.id}", at))


def phase_checklist(service: Service, phase: Phase, edition: Edition) -> Page:
    """Return the checklist of a phase of a service: what, by when, who is responsible; and the advice of the sources."""
    at = phase_page(service.id, phase.id)
    found = [(policy, rule) for policy, rule in rules_of(service.id, edition.book) if rule.phase == phase.id]
    blocks = [Block(edition.say("phase lead"))]
    if found:
        header = (edition.say("what"), edition.say("by when"), edition.say("responsible"))
        rows = (_row(policy, rule, edition, at) for policy, rule in found)
        origins = tuple(parts.rule_origin(policy, rule) for policy, rule in found)
        blocks.append(Block(markup.box("checklist", markup.table(header, rows)), origins))
    blocks += _advice(service, phase, edition, at)
    service_title = service.title.get(edition.lang)
    return Page(
        at,
        f"{service_title}: {phase.title.get(edition.lang)}",
        tuple(blocks),
        trail=((service_title, service_page(service.id)),),
        beside=_other_phases(service, phase, edition, at),
    )


def _row(policy: Policy, rule: Rule, edition: Edition, at: str) -> tuple[str, str, str]:
    title = f"**{parts.rule_link(policy, rule, edition, at)}**"
    said = "\n".join(markup.text(each.says.get(edition.lang)) for each in parts.says(rule, edition))
    limit = "\n".join(parts.limits(policy, rule, edition)) or edition.say("no deadline")
    return f"{title}\n{said}", limit, parts.responsible(rule, edition) or edition.say("not said")


def _advice(service: Service, phase: Phase, edition: Edition, at: str) -> Iterator[Block]:
    found = advice(phase.id, service, edition.book)
    if found:
        items = (
            f"{markup.text(each.says.get(edition.lang))} ({parts.statement_link(each, edition, at)})" for each in found
        )
        origins = tuple(parts.statement_origin(each) for each in found)
        yield Block(f"{markup.heading(2, edition.say('advice'))}\n\n{markup.bullets(items)}", origins)


def _other_phases(service: Service, phase: Phase, edition: Edition, at: str) -> tuple[Block, ...]:
    items = [
        f"**{markup.text(each.title.get(edition.lang))}**"
        if each.id == phase.id
        else markup.link(each.title.get(edition.lang), phase_page(service.id, each.id), at)
        for each in phases_of(service, edition.book)
    ]
    return (Block(f"{markup.heading(2, edition.say('phases'))}\n\n{markup.bullets(items)}"),)
