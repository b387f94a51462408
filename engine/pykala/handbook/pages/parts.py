"""Pieces that several kinds of pages share: verdicts, severities, days in force, citations, rows of rules."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from html import escape

from pykala.handbook import markup
from pykala.handbook.addresses import calculator_place, statement_place
from pykala.handbook.book import Edition
from pykala.handbook.calculator import counted_limits
from pykala.handbook.deadline_words import limit_rows
from pykala.handbook.numbers import date
from pykala.handbook.page import Block
from pykala.handbook.pictures import Picture
from pykala.handbook.words import RESPONSIBLE_WORDS, pick, verdict_word, within, word
from pykala.policy.model import Citation, InForce, Policy, Reading, Rule, Severity, Verdict
from pykala.policy.sources import SourceDocument, Statement
from pykala.report.wording import SYMBOLS


def rule_origin(policy: Policy, rule: Rule) -> str:
    """Return how a block names a rule."""
    return f"rule:{policy.name}/{rule.id}"


def policy_origin(policy: Policy) -> str:
    """Return how a block names a version of a policy."""
    return f"policy:{policy.name}"


def parameter_origin(policy: Policy, name: str) -> str:
    """Return how a block names a parameter."""
    return f"parameter:{policy.name}/{name}"


def reading_origin(policy: Policy, reading: Reading) -> str:
    """Return how a block names a reading."""
    return f"reading:{policy.name}/{reading.name}"


def statement_origin(statement: Statement) -> str:
    """Return how a block names an entry of the register."""
    return f"statement:{statement}"


def verdict(found: Verdict, edition: Edition) -> str:
    """Return a verdict as a symbol and a word, so that it is never told by colour alone."""
    shown = f"{SYMBOLS[found]} {verdict_word(found, edition.lang)}"
    return f'<span class="verdict {found.replace("_", "-")}">{escape(shown)}</span>'


def severity(found: Severity, edition: Edition) -> str:
    """Return what it is called that a requirement is not met: the class of the audits, or that no source classes it."""
    if not found.classes:
        return edition.say("unrated")
    return f" {word('or', edition.lang)} ".join(edition.say(f"class {each}") for each in found.classes)


def days(found: InForce, edition: Edition) -> str:
    """Return the days on which a version is in force."""
    first = "" if found.first_day is None else date(found.first_day, edition.lang)
    last = "" if found.last_day is None else date(found.last_day, edition.lang)
    if first and last:
        return f"{first} – {last}"
    if first:
        return edition.say("from", first)
    return edition.say("until", last) if last else edition.say("always")


def unverified(statement: Statement, edition: Edition) -> str:
    """Return the mark of a statement that was read from a copy of unknown age, "" for the others."""
    return f' <span class="mark">{escape(edition.say("unverified"))}</span>' if statement.unverified else ""


def statement_link(statement: Statement, edition: Edition, at: str) -> str:
    """Return a link to the entry of a statement: the title of its source and the place in it."""
    source = edition.book.policies.register.sources[statement.source_id]
    shown = ": ".join(
        markup.said(each, edition.lang) for each in (source.title, statement.place) if each.get(edition.lang)
    )
    place = statement_place(statement.source_id, statement.id)
    return markup.linked(shown, place, at) + unverified(statement, edition)


def told(found: Iterable[Statement], edition: Edition, at: str) -> str:
    """Return a table of what statements say, each with its source and how old that is."""
    rows = []
    for each in found:
        source = edition.book.policies.register.sources[each.source_id]
        said = markup.text(each.says.get(edition.lang)) + unverified(each, edition)
        link = markup.link(source.title.get(edition.lang), statement_place(each.source_id, each.id), at)
        rows.append((said, f"{link}\n{dated(source, edition)}"))
    return markup.table((edition.say("what"), edition.say("source")), rows)


def dated(source: SourceDocument, edition: Edition) -> str:
    """Return the date of a source in the form of the language, or what is known of it."""
    try:
        return markup.text(date(datetime.date.fromisoformat(source.date.get(edition.lang)), edition.lang))
    except ValueError:
        return markup.said(source.date, edition.lang)


def cited(cites: Iterable[Citation], edition: Edition, at: str) -> str:
    """Return links to the statements cited, one on each line of a cell."""
    return "\n".join(statement_link(edition.statement(cite), edition, at) for cite in dict.fromkeys(cites))


def rule_link(policy: Policy, rule: Rule, edition: Edition, at: str) -> str:
    """Return a link to the page of a rule."""
    return markup.link(rule.title.get(edition.lang) or rule.id, edition.book.rule_path(policy, rule), at)


def says(rule: Rule, edition: Edition) -> Iterator[Statement]:
    """Yield the statements that a rule cites, each once."""
    for cite in dict.fromkeys(rule.cite):
        yield edition.statement(cite)


def limits(policy: Policy, rule: Rule, edition: Edition) -> list[str]:
    """Return the limits of a rule in words: what, by when, counted from what; an exception that sets another limit."""
    found: list[str] = []
    events: set[str] = set()
    for row in limit_rows(policy, rule, edition.words(policy)):
        told = f"**{markup.text(row.by)}**"
        if not row.exception:
            events.add(row.what)
        # An exception that moves the limit of an event that is named already says no more than by when.
        if row.what not in events or not row.exception:
            told = f"{markup.text(row.what)}: {told}"
        if row.exception:
            told = f"{edition.say('unless')} ({markup.text(within(row.exception))}): {told}"
        if row.counted_from:
            told += f"<br>{edition.say('counted from', markup.text(row.counted_from))}"
        found.append(told)
    return found


def calculator_link(policy: Policy, rule: Rule, edition: Edition, at: str) -> str:
    """Return a link to the calculator with the rule's limit filled in, "" where nothing can be counted."""
    if not counted_limits(policy, rule):
        return ""
    return markup.link(edition.say("calculate"), calculator_place(edition.book.rule_path(policy, rule)), at)


def responsible(rule: Rule, edition: Edition) -> str:
    """Return who must act, "" where no policy says so."""
    return "" if rule.responsible is None else pick(RESPONSIBLE_WORDS[rule.responsible], edition.lang)


def pictured(picture: Picture | None, edition: Edition, level: int = 2) -> Iterator[Block]:
    """Yield a picture, and what it shows as text; nothing where there is nothing to draw."""
    if picture is not None:
        head = markup.heading(level, picture.title)
        as_text = markup.details(edition.say("picture"), picture.text)
        yield Block(f"{head}\n\n{picture.svg}\n\n{as_text}", picture.origins)
