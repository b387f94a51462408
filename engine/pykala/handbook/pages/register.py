"""The pages of the register: sources and their statements, contacts, background; and the numbers and questions of policies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from pykala.handbook import markup
from pykala.handbook.addresses import (
    BACKGROUND,
    CONTACTS,
    PARAMETERS,
    QUESTIONS,
    SOURCES,
    phase_page,
    source_page,
)
from pykala.handbook.book import Edition
from pykala.handbook.page import Block, Page
from pykala.handbook.pages import parts
from pykala.handbook.pages.rule import names_of, number_row
from pykala.handbook.services import concerns, contacts_of
from pykala.policy.model import Parameter, Policy, Reading
from pykala.policy.sources import SourceDocument, Statement


def sources_overview(edition: Edition) -> Page:
    """Return the list of sources."""
    register = edition.book.policies.register
    rows = []
    for source in register.sources.values():
        count = sum(each.source_id == source.id for each in register.statements.values())
        title = markup.link(source.title.get(edition.lang), source_page(source.id), SOURCES)
        rows.append((title, parts.dated(source, edition), str(count)))
    header = (edition.say("document"), edition.say("date"), edition.say("statements"))
    origins = tuple(f"source:{each}" for each in register.sources)
    return Page(
        SOURCES,
        edition.say("sources"),
        (Block(edition.say("sources lead")), Block(markup.table(header, rows), origins)),
    )


def source_document(source: SourceDocument, edition: Edition) -> Page:
    """Return the page of a source: each statement with the rules that encode it, or why none does."""
    at = source_page(source.id)
    statements = [each for each in edition.book.policies.register.statements.values() if each.source_id == source.id]
    head = [
        (edition.say("publisher"), markup.said(source.publisher, edition.lang)),
        (edition.say("date"), parts.dated(source, edition)),
    ]
    told = "\n\n".join(f"{markup.text(name)}\n:   {value}" for name, value in head if value)
    note = source.note.get(edition.lang)
    blocks = [Block(told + (f"\n\n{markup.box('note', markup.text(note))}" if note else ""), (f"source:{source.id}",))]
    for place, found in groupby(statements, key=lambda each: each.place):
        blocks.append(Block(f"## {markup.said(place, edition.lang) or '–'}", (f"source:{source.id}",)))
        blocks += [_statement(each, edition, at) for each in found]
    return Page(at, source.title.get(edition.lang), tuple(blocks), trail=((edition.say("sources"), SOURCES),))


def _statement(statement: Statement, edition: Edition, at: str) -> Block:
    lines = [markup.text(statement.says.get(edition.lang)) + parts.unverified(statement, edition)]
    rules = edition.book.citing.get((statement.source_id, statement.id), [])
    items = []
    if rules:
        links = (parts.rule_link(policy, rule, edition, at) for policy, rule in rules)
        items.append(f"{edition.say('rules')}: {'; '.join(dict.fromkeys(links))}")
    if statement.page is not None:
        items.append(f"{edition.say('told on')}: {_page_link(statement, edition, at)}")
    if why := statement.why_not.get(edition.lang):
        key = "why partly" if statement.checkable == "partly" else "why not"
        items.append(f"{edition.say(key)}: {markup.text(why)}")
    if statement.reading is not None:
        chosen, other, why = (
            markup.text(each.get(edition.lang))
            for each in (statement.reading.chosen, statement.reading.alternative, statement.reading.why)
        )
        items.append(
            f"{edition.say('chosen')}: {chosen}. {edition.say('alternative')}: {other}. {edition.say('reason')}: {why}."
        )
    if items:
        lines.append(markup.bullets(items))
    return Block(markup.box("statement", "\n\n".join(lines), statement.id), (parts.statement_origin(statement),))


def _page_link(statement: Statement, edition: Edition, at: str) -> str:
    contents = edition.book.policies.contents
    assert statement.page is not None
    if statement.page in contents.phases:
        phase = contents.phases[statement.page]
        services = [each for each in contents.services.values() if not each.shared and concerns(statement, each)]
        return "; ".join(
            markup.link(
                f"{service.title.get(edition.lang)}: {phase.title.get(edition.lang)}",
                phase_page(service.id, phase.id),
                at,
            )
            for service in services
        )
    key, path = ("contacts", CONTACTS) if statement.page == "contacts" else ("background", BACKGROUND)
    return markup.link(edition.say(key), path, at)


def contacts(edition: Edition) -> Page:
    """Return the contacts: which mailbox or line for which matter, for all services and for each, dated by source."""
    blocks = [Block(edition.say("contacts lead"))]
    found = contacts_of(edition.book.policies)
    if general := [each for each in found if not each.services]:
        blocks.append(_told(edition.say("contacts for all"), "all", general, edition, CONTACTS))
    for service in edition.book.policies.contents.services.values():
        own = [each for each in found if each.services and concerns(each, service)]
        if own and not service.shared:
            blocks.append(_told(service.title.get(edition.lang), service.id, own, edition, CONTACTS))
    return Page(CONTACTS, edition.say("contacts"), tuple(blocks))


def background(edition: Edition) -> Page:
    """Return what the sources tell without any act to check following from it."""
    register = edition.book.policies.register
    blocks = [Block(edition.say("background lead"))]
    for source in register.sources.values():
        found = [
            each for each in register.statements.values() if each.source_id == source.id and each.page == "background"
        ]
        if found:
            blocks.append(_told(source.title.get(edition.lang), source.id, found, edition, BACKGROUND))
    return Page(BACKGROUND, edition.say("background"), tuple(blocks))


def _told(title: str, anchor: str, found: Sequence[Statement], edition: Edition, at: str) -> Block:
    origins = tuple(parts.statement_origin(each) for each in found)
    return Block(f"{markup.heading(2, title, anchor)}\n\n{parts.told(found, edition, at)}", origins)


def questions(edition: Edition) -> Page:
    """Return the open questions: readings of policies with the rules that they touch, and readings of statements."""
    blocks = [Block(edition.say("questions lead"))]
    found = [
        (policy, reading)
        for policy_id in edition.book.newest
        for policy, reading in edition.book.readings(policy_id).values()
    ]
    for key, is_open in (("questions open", True), ("questions chosen", False)):
        own = [(policy, reading) for policy, reading in found if (reading.chosen is None) == is_open]
        if own:
            blocks.append(Block(markup.heading(2, edition.say(key))))
            blocks += [_question(policy, reading, edition) for policy, reading in own]
    rows, origins = [], []
    for each in edition.book.policies.register.statements.values():
        if each.reading is not None:
            chosen, other, why = each.reading.chosen, each.reading.alternative, each.reading.why
            place = parts.statement_link(each, edition, QUESTIONS)
            rows.append((place, *(markup.text(text.get(edition.lang)) for text in (chosen, other, why))))
            origins.append(parts.statement_origin(each))
    if rows:
        header = (edition.say("source"), edition.say("chosen"), edition.say("alternative"), edition.say("reason"))
        title = markup.heading(2, edition.say("statement readings"))
        blocks.append(Block(f"{title}\n\n{markup.table(header, rows)}", tuple(origins)))
    return Page(QUESTIONS, edition.say("questions"), tuple(blocks))


def _question(policy: Policy, reading: Reading, edition: Edition) -> Block:
    title = markup.heading(3, reading.question.get(edition.lang), f"{policy.id}-{reading.name}")
    options = []
    for name, told in reading.options.items():
        mark = f" **({edition.say('chosen')})**" if name == reading.chosen else ""
        options.append(markup.text(told.get(edition.lang).rstrip(".")) + mark)
    rules = [rule for rule in policy.rules if reading.name in names_of(policy, rule)]
    touched = "; ".join(parts.rule_link(policy, rule, edition, QUESTIONS) for rule in rules)
    items = [
        f"{edition.say('policy')}: {markup.link(policy.title.get(edition.lang), edition.book.policy_path(policy), QUESTIONS)}",
        f"{edition.say('options')}: {'; '.join(options)}",
        *([f"**{edition.say('left open')}**"] if reading.chosen is None else []),
        f"{edition.say('reason')}: {markup.text(reading.why.get(edition.lang))}",
        *([f"{edition.say('touches')}: {touched}"] if touched else []),
        f"{edition.say('source')}: {parts.cited(reading.cite, edition, QUESTIONS).replace(chr(10), '; ')}",
    ]
    return Block(f"{title}\n\n{markup.bullets(items)}", (parts.reading_origin(policy, reading),))


def parameters(edition: Edition) -> Page:
    """Return the numbers of the policies: first those that the sources do not give, then those that they do."""
    unset = [(policy, each) for policy, each in _all_parameters(edition) if each.value is None]
    given = [(policy, each) for policy, each in _all_parameters(edition) if each.value is not None]
    blocks = [Block(edition.say("parameters lead")), *_numbers(unset, edition, 2)]
    if given:
        blocks.append(Block(markup.heading(2, edition.say("all numbers"))))
        blocks += _numbers(given, edition, 3)
    return Page(PARAMETERS, edition.say("parameters"), tuple(blocks))


def _all_parameters(edition: Edition) -> Iterator[tuple[Policy, Parameter]]:
    for policy in edition.book.newest.values():
        for each in policy.parameters.values():
            yield policy, each


def _numbers(found: list[tuple[Policy, Parameter]], edition: Edition, level: int) -> Iterator[Block]:
    """Yield a table for each policy; where no number has a value, there is no column for it."""
    shown = ("number", "value", "source", "rules") if any(each.value is not None for _, each in found) else ()
    header = [edition.say(key) for key in shown or ("number", "source", "rules")]
    for name, own in groupby(found, key=lambda item: item[0].name):
        rows, origins = [], []
        policy = edition.book.policies.find(name)
        assert policy is not None
        for _, each in own:
            rules = [rule for rule in policy.rules if each.name in names_of(policy, rule)]
            used = "\n".join(parts.rule_link(policy, rule, edition, PARAMETERS) for rule in rules)
            label, value, cited = number_row(each, policy, edition, PARAMETERS)
            rows.append((label, value, cited, used) if shown else (label, cited, used))
            origins.append(parts.parameter_origin(policy, each.name))
        title = markup.link(policy.title.get(edition.lang), edition.book.policy_path(policy), PARAMETERS)
        yield Block(f"{'#' * level} {title}\n\n{markup.table(header, rows)}", tuple(origins))
