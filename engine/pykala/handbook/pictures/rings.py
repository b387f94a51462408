"""The areas that a provider may be chosen in: a rule whose exceptions open one after another, drawn one inside the next.

The rule itself is the innermost ring. Each exception is a wider one: of its conditions, those on what the rule judges say
which provider may be chosen there, and the others say when the ring opens. Where an exception cites a statement of its
own, that sentence says who may be chosen. Rules that the value of a field parts from
that one (`therapy_format = group`) have rings of their own beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from pykala.handbook.pictures.drawing import BADGE, HEAD, PAD, Paragraph, Sheet, height_of
from pykala.handbook.pictures.limits import statement_entries
from pykala.handbook.pictures.outline import Entry, capital, entries, markdown, paragraphs
from pykala.handbook.pictures.picture import Picture, make_picture
from pykala.handbook.pictures.picture_words import say
from pykala.handbook.verbalize import Verbalizer
from pykala.handbook.words import joined, word
from pykala.policy.loader import PolicySet
from pykala.policy.model import Lang, Policy, Rule, UnlessException
from pykala_dsl import core
from pykala_dsl.typesys import EnumType

_INSET: Final = 9
"""How far a ring reaches around the one inside it."""


@dataclass(frozen=True, slots=True)
class Rings:
    """The rings of one rule, the innermost first, and where they come from."""

    title: str
    rings: tuple[Entry, ...]
    origins: tuple[str, ...]


def choice_rings(policies: PolicySet, policy_id: str, lang: Lang) -> Picture | None:
    """Return the areas of choice of the newest version of a policy; None where no rule of it opens one after another."""
    policy = policies.find(policy_id)
    if policy is None:
        return None
    words = Verbalizer(policies.vocabulary, policy, lang)
    found = [_rings(policies, words, rule) for rule in _ringed(policy)]
    if not found:
        return None
    outline = [Entry(item.title, (), strong=True) for item in found]
    text = "\n\n".join(
        f"{markdown([heading]).removeprefix('- ')}\n\n{markdown(item.rings, numbered=True)}"
        for heading, item in zip(outline, found, strict=True)
    )
    return make_picture(
        f"rings-{policy.id}",
        say("rings", lang, policy.title.get(lang)),
        say("rings about", lang),
        lambda sheet: _draw(sheet, found),
        text,
        (origin for item in found for origin in item.origins),
    )


# what is drawn


def _ringed(policy: Policy) -> Iterator[Rule]:
    """Yield the rules whose exceptions open one after another, each followed by those that a field parts from it."""
    for rule in policy.rules:
        if not _opens_in_turn(rule.unless):
            continue
        yield rule
        fields = {field for field, _ in _parting(rule)}
        yield from (
            other for other in policy.rules if other != rule and fields & {field for field, _ in _parting(other)}
        )


def _opens_in_turn(exceptions: Sequence[UnlessException]) -> bool:
    """Return whether there are several exceptions, and each needs something that the one before needs too."""
    parts = [set(_conjuncts(item.condition)) for item in exceptions]
    return len(parts) > 1 and all(before & after for before, after in pairwise(parts))


def _conjuncts(expr: core.Expr | None) -> tuple[core.Expr, ...]:
    if expr is None:
        return ()
    return expr.operands if isinstance(expr, core.And) else (expr,)


def _parting(rule: Rule) -> Iterator[tuple[core.Expr, core.Expr]]:
    """Yield the fields whose value decides whether a rule concerns a record, with that value."""
    for part in _conjuncts(rule.when):
        if isinstance(part, core.Compare) and part.op == "=" and isinstance(part.left.type, EnumType):
            yield part.left, part.right


def _rings(policies: PolicySet, words: Verbalizer, rule: Rule) -> Rings:
    lang = words.lang
    values = [words.expr(value, rule) for _, value in _parting(rule)]
    title = joined(values, word("and", lang)) if values else rule.title.get(lang)
    elsewhere = {cite for exception in rule.unless for cite in exception.cite}
    own = [cite for cite in rule.cite if cite not in elsewhere]
    says = statement_entries(policies, own, lang) or entries(words.condition_lines(rule.require, rule))
    rings = [Entry(capital(_home(words, rule)), says, strong=True)]
    judged = set(_definitions(rule.require))
    for exception in rule.unless:
        parts = _conjuncts(exception.condition)
        who = [part for part in parts if judged & set(_definitions(part))]
        opens = [part for part in parts if part not in who]
        under = [Entry(say("opens when", lang), tuple(_said(words, opens, rule)), strong=True)] if opens else []
        if sentences := statement_entries(policies, exception.cite, lang):
            under = [*sentences, *under]
        elif who:
            under.append(Entry(say("may be chosen", lang), tuple(_said(words, who, rule)), strong=True))
        rings.append(Entry(capital(exception.title.get(lang) or exception.name), tuple(under), strong=True))
    cited = (*own, *(cite for exception in rule.unless for cite in exception.cite))
    origins = (f"rule:{words.policy.name}/{rule.id}", *(f"statement:{cite}" for cite in cited))
    return Rings(capital(title), tuple(rings), origins)


def _home(words: Verbalizer, rule: Rule) -> str:
    """Return what the innermost ring is called: the field that the rule compares, or the rule's own title."""
    match rule.require:
        case core.In(item=core.FieldRead() as read) | core.Compare(left=core.FieldRead() as read):
            return words.field_label(read.base.type, read.field.name)
        case _:
            return rule.title.get(words.lang)


def _said(words: Verbalizer, conditions: Iterable[core.Expr], rule: Rule) -> Iterator[Entry]:
    for condition in conditions:
        yield from entries(words.condition_lines(condition, rule))


def _definitions(expr: core.Expr) -> Iterator[str]:
    return (part.name for part in core.walk(expr) if isinstance(part, core.DefinitionRead))


# drawing


def _draw(sheet: Sheet, found: Sequence[Rings]) -> None:
    for item in found:
        heading = [Paragraph(item.title, HEAD)]
        sheet.texts(heading)
        sheet.y += 6
        _draw_rings(sheet, item.rings)
        sheet.y += 14


def _draw_rings(sheet: Sheet, rings: Sequence[Entry]) -> None:
    """Draw the rings around each other, their texts from the innermost at the top to the outermost at the bottom."""
    top, outermost = sheet.y, len(rings) - 1
    y = top + outermost * _INSET
    # The outermost is painted first.
    groups = [sheet.group(f"ring ring-{at + 1}") for at in range(outermost, -1, -1)][::-1]
    for at, (ring, group) in enumerate(zip(rings, groups, strict=True)):
        inset = (outermost - at) * _INSET
        left = 1 + inset + PAD + 2 * BADGE + 8
        room = sheet.width - 1 - inset - PAD - left
        texts = list(paragraphs([ring]))
        y += PAD
        group.badge(1 + inset + PAD + BADGE, y + BADGE, str(at + 1))
        group.paragraphs(left, y + 4, room, texts)
        y += max(height_of(texts, room) + 4, 2 * BADGE) + PAD
        begins = top + inset
        group.rect(1 + inset, begins, sheet.width - 2 - 2 * inset, y - begins, radius=14, name="box", behind=True)
    sheet.y = y
