"""The limits of a rule as the entries of a picture: what, by when, counted from what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pykala.handbook.deadline_words import LimitRow, limit_rows
from pykala.handbook.pictures.outline import Entry
from pykala.handbook.pictures.picture_words import say
from pykala.handbook.site_words import SITE_WORDS
from pykala.handbook.verbalize import Verbalizer
from pykala.handbook.words import pick
from pykala.policy.loader import PolicySet
from pykala.policy.model import Citation, Lang, Rule


def limit_entries(rule: Rule, words: Verbalizer) -> tuple[Entry, ...]:
    """Return an entry for each limit of a rule; under it what it is counted from, and the exceptions that move it."""
    rows = limit_rows(words.policy, rule, words)
    plain = [row for row in rows if not row.exception]
    # An exception that moves no limit of the rule's own stands alone.
    alone = [row for row in rows if row.exception and all(row.what != other.what for other in plain)]
    return tuple(_entry(row, rows, words) for row in (*plain, *alone))


def _entry(row: LimitRow, rows: Sequence[LimitRow], words: Verbalizer) -> Entry:
    under = list(_counted_from(row, words))
    moved = [other for other in rows if other.exception and other.what == row.what] if not row.exception else [row]
    for other in moved:
        different = other.counted_from != row.counted_from
        text = say("limit exception", words.lang, other.exception, other.by)
        under.append(Entry(text, tuple(_counted_from(other, words)) if different else ()))
    return Entry(say("limit", words.lang, row.what, row.by), tuple(under), strong=True)


def _counted_from(row: LimitRow, words: Verbalizer) -> Iterator[Entry]:
    if row.counted_from:
        yield Entry(pick(SITE_WORDS["counted from"], words.lang).format(row.counted_from))


def limit_origins(rule: Rule, words: Verbalizer) -> Iterator[str]:
    """Yield the rule, the statements that it cites and the parameters that its limits take."""
    name = words.policy.name
    yield f"rule:{name}/{rule.id}"
    yield from (f"statement:{cite}" for cite in rule.cite)
    for row in limit_rows(words.policy, rule, words):
        yield from (f"parameter:{name}/{parameter}" for parameter in row.parameters)


def statement_entries(policies: PolicySet, cites: Iterable[Citation], lang: Lang) -> tuple[Entry, ...]:
    """Return what the statements say."""
    found = (policies.register.find(cite) for cite in cites)
    return tuple(Entry(statement.says.get(lang)) for statement in found if statement is not None)
