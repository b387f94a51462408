"""The pages of a service: an overview, and a checklist for each phase."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pykala.handbook import markup
from pykala.handbook.addresses import QUESTIONS, phase_page, service_page
from pykala.handbook.book import Book, Edition
from pykala.handbook.deadline_words import limit_rows
from pykala.handbook.page import Block, Page
from pykala.handbook.pages import parts
from pykala.handbook.pictures import choice_rings, policy_process, service_phases, service_timeline
from pykala.handbook.services import concerns, contacts_of, rule_concerns, service_policies
from pykala.handbook.words import RESPONSIBLE_WORDS, pick
from pykala.policy.contents import Phase, Service
from pykala.policy.model import InForce, Policy, Reading, Rule
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
    """Return the overview of a service: for whom, its phases and limits, whom to ask, which version applies to whom."""
    at = service_page(service.id)
    policies = edition.book.policies
    blocks = [
        *_for_whom(service, edition, at),
        *_phases(service, edition, at),
        *_contacts(service, edition, at),
        *_versions(service, edition, at),
        *_questions(service, edition, at),
        *parts.pictured(service_phases(policies, service.id, edition.lang), edition),
    ]
    for policy in edition.book.newest.values():
        if policy.service == service.id:
            blocks += parts.pictured(choice_rings(policies, policy.id, edition.lang), edition)
            blocks += parts.pictured(policy_process(policies, policy.id, edition.lang), edition)
    blocks += parts.pictured(service_timeline(policies, service.id, edition.lang), edition)
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
        links = {
            statement: parts.statement_link(statement, edition, at)
            for statement in map(edition.statement, service.cite)
        }
        # Several statements of one place share a link.
        by_place = {(each.source_id, each.place): link for each, link in reversed(links.items())}
        source = f"\n\n{edition.say('source')}: {'; '.join(reversed(by_place.values()))}"
        title = markup.heading(2, edition.say("for whom"))
        yield Block(
            f"{title}\n\n{markup.text(told)}{source if service.cite else ''}", origins or (f"service:{service.id}",)
        )


def _phases(service: Service, edition: Edition, at: str) -> Iterator[Block]:
    """Yield the phases, each with its time limits and with who must act in it."""
    rows, origins = [], []
    for phase in phases_of(service, edition.book):
        found = [(policy, rule) for policy, rule in rules_of(service.id, edition.book) if rule.phase == phase.id]
        origins += [parts.rule_origin(policy, rule) for policy, rule in found]
        limits = [
            f"{parts.rule_link(policy, rule, edition, at)}: {markup.text(by)}"
            for policy, rule in found
            if (by := _first_limit(policy, rule, edition))
        ]
        link = markup.link(phase.title.get(edition.lang), phase_page(service.id, phase.id), at)
        rows.append((link, "\n".join(limits), ", ".join(name for name, _ in _by_responsible(found, edition))))
    if rows:
        header = (edition.say("phase"), edition.say("deadlines"), edition.say("responsible"))
        body = markup.table(header, rows)
        yield Block(
            f"{markup.heading(2, edition.say('phases'))}\n\n{body}", tuple(origins) or (f"service:{service.id}",)
        )


def _first_limit(policy: Policy, rule: Rule, edition: Edition) -> str:
    """Return the limit of a rule that no exception moves, "" where it has none."""
    return next((row.by for row in limit_rows(policy, rule, edition.words(policy)) if not row.exception), "")


def _by_responsible(
    found: Iterable[tuple[Policy, Rule]], edition: Edition
) -> Iterator[tuple[str, list[tuple[Policy, Rule]]]]:
    """Yield rules by who must act, the provider first; at the end those of which no policy says it."""
    rules = list(found)
    for who in (*RESPONSIBLE_WORDS, None):
        own = [(policy, rule) for policy, rule in rules if rule.responsible == who]
        if own:
            yield edition.say("not said") if who is None else pick(RESPONSIBLE_WORDS[who], edition.lang), own


def _contacts(service: Service, edition: Edition, at: str) -> Iterator[Block]:
    """Yield whom to ask in which matter: what the sources say to this service, then what they say to all."""
    if service.shared:
        return
    found = [each for each in contacts_of(edition.book.policies) if concerns(each, service)]
    if found:
        found.sort(key=lambda each: not each.services)
        origins = tuple(parts.statement_origin(each) for each in found)
        told = parts.told(found, edition, at)
        yield Block(
            f"{markup.heading(2, edition.say('contacts'))}\n\n{edition.say('contacts lead')}\n\n{told}", origins
        )


def _versions(service: Service, edition: Edition, at: str) -> Iterator[Block]:
    """Yield the versions of the service's own policies, then of those that it shares with others."""
    own, shared = _own_and_shared(service, edition)
    if own:
        title = markup.heading(2, edition.say("which version"))
        yield Block(f"{title}\n\n{_version_table(own, edition, at)}", _version_origins(own, edition))
    if shared:
        body = markup.details(edition.say("shared services"), _version_table(shared, edition, at))
        yield Block(body, _version_origins(shared, edition))


def _own_and_shared(service: Service, edition: Edition) -> tuple[list[Policy], list[Policy]]:
    found = newest_policies(service.id, edition.book)
    return (
        [policy for policy in found if policy.service == service.id],
        [policy for policy in found if policy.service != service.id],
    )


def _version_table(policies: Iterable[Policy], edition: Edition, at: str) -> str:
    rows = []
    for policy in policies:
        for each, days in reversed(edition.book.versions[policy.id]):
            words = edition.words(each)
            name = markup.link(f"{each.title.get(edition.lang)}, {each.version}", edition.book.policy_path(each), at)
            picked = "" if each.selected_by is None else words.expr(each.selected_by)
            in_force = [parts.days(days, edition)]
            if each.followed_until is not None:
                until = parts.days(InForce(None, each.followed_until), edition)
                in_force.append(edition.say("followed until", until))
            rows.append((name, "\n".join(map(markup.text, in_force)), markup.text(picked)))
    header = (edition.say("version"), edition.say("in force"), edition.say("selected by"))
    if not any(picked for *_, picked in rows):
        return markup.table(header[:2], (row[:2] for row in rows))
    return markup.table(header, rows)


def _version_origins(policies: Iterable[Policy], edition: Edition) -> tuple[str, ...]:
    return tuple(parts.policy_origin(each) for policy in policies for each, _ in edition.book.versions[policy.id])


def _questions(service: Service, edition: Edition, at: str) -> Iterator[Block]:
    """Yield the questions left open, those of the service's own policies in sight, those of shared ones one step away."""
    own, shared = (_open_readings(policies) for policies in _own_and_shared(service, edition))

    def listed(found: list[tuple[Policy, Reading]]) -> str:
        links = (
            markup.link(reading.question.get(edition.lang), f"{QUESTIONS}#{policy.id}-{reading.name}", at)
            for policy, reading in found
        )
        return markup.bullets(dict.fromkeys(links))

    shown = [listed(own)] if own else []
    if shared:
        shown.append(markup.details(edition.say("shared services"), listed(shared)))
    if shown:
        origins = tuple(parts.reading_origin(policy, reading) for policy, reading in (*own, *shared))
        yield Block("\n\n".join((markup.heading(2, edition.say("questions")), *shown)), origins)


def _open_readings(policies: Iterable[Policy]) -> list[tuple[Policy, Reading]]:
    return [(policy, each) for policy in policies for each in policy.readings.values() if each.chosen is None]


def phase_checklist(service: Service, phase: Phase, edition: Edition) -> Page:
    """Return the checklist of a phase of a service: who must do what, by when; and the advice of the sources."""
    at = phase_page(service.id, phase.id)
    found = [(policy, rule) for policy, rule in rules_of(service.id, edition.book) if rule.phase == phase.id]
    limited = any(limit_rows(policy, rule, edition.words(policy)) for policy, rule in found)
    lead = edition.say("phase lead", edition.say("limits first") if limited else "").rstrip()
    blocks = [Block(lead)] if found else []
    for who, rules in _by_responsible(found, edition):
        blocks += _duties(who, rules, service, edition, at)
    blocks += _advice(service, phase, edition, at)
    service_title = service.title.get(edition.lang)
    return Page(
        at,
        f"{service_title}: {phase.title.get(edition.lang)}",
        tuple(blocks),
        description=f"{service_title}, {phase.title.get(edition.lang)}. {lead}",
        trail=((service_title, service_page(service.id)),),
        beside=_other_phases(service, phase, edition, at),
    )


def _duties(who: str, rules: list[tuple[Policy, Rule]], service: Service, edition: Edition, at: str) -> Iterator[Block]:
    """Yield what one party must do: first what has a time limit, then the rest."""
    limited, others = [], []
    for policy, rule in rules:
        told = _duty(policy, rule, service, edition, at)
        limits = [*parts.limits(policy, rule, edition), parts.calculator_link(policy, rule, edition, at)]
        if limits[0]:
            limited.append((told, "\n".join(filter(None, limits))))
        else:
            others.append(told)
    title = markup.heading(2, f"{edition.say('responsible')}: {who}")
    shown = []
    if limited:
        shown.append(markup.table((edition.say("what"), edition.say("deadline")), limited))
    if others:
        shown.append(markup.table((edition.say("what"),), ((each,) for each in others)))
    origins = tuple(parts.rule_origin(policy, rule) for policy, rule in rules)
    yield Block(f"{title}\n\n{markup.box('checklist', (chr(10) * 2).join(shown))}", origins)


def _duty(policy: Policy, rule: Rule, service: Service, edition: Edition, at: str) -> str:
    """Return a rule as an item of a checklist: its title, what the sources say to the service, a class that is known."""
    lines = [f"**{parts.rule_link(policy, rule, edition, at)}**"]
    said = [each for each in parts.says(rule, edition) if service.shared or concerns(each, service)]
    lines += [markup.text(each.says.get(edition.lang)) + parts.unverified(each, edition) for each in said]
    if rule.severity.classes:
        lines.append(f"{edition.say('if not met')}: {markup.text(parts.severity(rule.severity, edition))}")
    return "\n".join(lines)


def _advice(service: Service, phase: Phase, edition: Edition, at: str) -> Iterator[Block]:
    """Yield what the sources advise in a phase beside its rules, each with the rules of other phases that rest on it."""
    rules = rules_of(service.id, edition.book)
    listed = {(cite.source, cite.statement) for _, rule in rules if rule.phase == phase.id for cite in rule.cite}
    found = [each for each in advice(phase.id, service, edition.book) if (each.source_id, each.id) not in listed]
    if not found:
        return
    ours = {(policy.name, rule.id) for policy, rule in rules}
    items = []
    for each in found:
        told = markup.text(each.says.get(edition.lang)) + parts.unverified(each, edition)
        resting = edition.book.citing.get((each.source_id, each.id), [])
        links = [
            parts.rule_link(policy, rule, edition, at) for policy, rule in resting if (policy.name, rule.id) in ours
        ]
        lines = [f"{told} ({parts.statement_link(each, edition, at)})"]
        if links:
            lines.append(f"{edition.say('rules')}: {'; '.join(dict.fromkeys(links))}")
        items.append("<br>".join(lines))
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
