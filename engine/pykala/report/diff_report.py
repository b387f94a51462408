"""A difference in words: what `pykala diff` prints, as text, Markdown or JSON.

In: a `RepositoryDiff` and the vocabularies of its sides. Out: lines in one language, or data in all three.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from pykala.handbook.numbers import date
from pykala.handbook.verbalize import Labels, Line, NamedLines, Verbalizer
from pykala.handbook.words import NBSP, RESPONSIBLE_WORDS, SEVERITY_WORDS, pick
from pykala.policy.model import LANGUAGES, InForce, Lang, Parameter, Policy, Reading, Rule, Text, Transition
from pykala.quality.diff import (
    Action,
    Changed,
    HeadPart,
    PolicyDiff,
    RepositoryDiff,
    RuleChange,
    RulePart,
    numbers_changed,
)
from pykala_dsl import core

FORMAT: Final = "pykala.diff/1"
_MARKS: Final[dict[Action, str]] = {"added": "+", "removed": "−", "changed": "~"}
_WORDS: Final[dict[str, tuple[str, str, str]]] = {
    "added": ("uusi", "ny", "new"),
    "removed": ("poistettu", "borttagen", "removed"),
    "changed": ("muutettu", "ändrad", "changed"),
    "rule": ("sääntö", "regel", "rule"),
    "parameter": ("luku", "tal", "number"),
    "reading": ("tulkinta", "tolkning", "reading"),
    "definition": ("määritelmä", "definition", "definition"),
    "field": ("tieto", "uppgift", "field"),
    "statement": ("lähteen kohta", "källans punkt", "statement"),
    "collection": ("kokoaminen", "sammanställning", "collection"),
    "title": ("nimi", "namn", "title"),
    "label": ("nimitys", "benämning", "label"),
    "service": ("palvelu", "tjänst", "service"),
    "subject": ("kohde", "objekt", "subject"),
    "with": ("muut tietueet", "andra poster", "other records"),
    "applies_to": ("koskee", "gäller", "applies to"),
    "selected_by": ("version ratkaisee", "versionen bestäms av", "version depends on"),
    "in_force": ("voimassa", "i kraft", "in force"),
    "transition": ("siirtymäaika", "övergångstid", "transition"),
    "note": ("huomautus", "anmärkning", "note"),
    "phase": ("vaihe", "skede", "phase"),
    "responsible": ("vastuutaho", "ansvarig", "responsible"),
    "severity": ("luokka", "klass", "severity"),
    "unrated": ("ei luokiteltu", "inte klassad", "unrated"),
    "cite": ("lähde", "källa", "source"),
    "for each": ("koskee jokaista", "gäller varje", "for each"),
    "define": ("määritelmät", "definitioner", "definitions"),
    "when": ("ehto", "villkor", "condition"),
    "require": ("vaatimus", "krav", "requirement"),
    "unless": ("poikkeukset", "undantag", "exceptions"),
    "pending while": ("avoinna, kun", "öppet så länge", "open while"),
    "computes": ("laskee", "beräknar", "computes"),
    "message": ("viesti", "meddelande", "message"),
    "examples": ("esimerkit", "exempel", "examples"),
    "question": ("kysymys", "fråga", "question"),
    "chosen": ("valinta", "val", "choice"),
    "options": ("vaihtoehdot", "alternativ", "options"),
    "why": ("perustelu", "motivering", "reason"),
    "open": ("avoin", "öppen", "open"),
    "unset": ("ei annettu", "inte angivet", "not given"),
    "renamed": ("uusi tunnus, ennen {0}", "ny beteckning, tidigare {0}", "renamed, formerly {0}"),
    "hangs on": ("muuttuu, koska {0} muuttuu", "ändras då {0} ändras", "changes with {0}"),
    "pages": ("ohjesivut", "handbokens sidor", "handbook pages"),
    "none": ("ei mitään", "ingenting", "nothing"),
    "always": ("aina", "alltid", "always"),
    "until": ("{0} asti", "till och med {0}", "until {0}"),
    "no difference": ("Ei eroja.", "Inga skillnader.", "No differences."),
    "no change of verdict": (
        "tulokset eivät muutu",
        "resultaten ändras inte",
        "no verdict changes",
    ),
}
Form: TypeAlias = Literal["text", "markdown"]


@dataclass(frozen=True, slots=True)
class Item:
    """One difference in words: what it is called, what it was and is; lines where one line is not enough."""

    action: Action
    what: str
    name: str
    label: str = ""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    inner: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class DiffWords:
    """Puts differences into the words of one language; each side has a vocabulary of its own."""

    lang: Lang
    before: Labels
    after: Labels
    _made: dict[tuple[bool, str], Verbalizer] = field(default_factory=dict, repr=False, compare=False)

    def items(self, diff: PolicyDiff) -> list[Item]:
        """Return the differences of a policy."""
        if diff.before is None or diff.after is None:
            return []
        before, after = diff.before, diff.after
        return [
            *(self._head(part, before, after) for part in diff.head),
            *(self._parameter(item, diff) for item in diff.parameters),
            *(self._reading(item) for item in diff.readings),
            *self._definitions(diff),
            *(self._rule(item, diff) for item in diff.rules),
        ]

    def title(self, diff: PolicyDiff) -> str:
        """Return the versions and what the policy is called."""
        names = [policy.name for policy in (diff.before, diff.after) if policy is not None]
        name = " → ".join(dict.fromkeys(names))
        action = "" if diff.action == "changed" else f" ({self.word(diff.action)})"
        return f"{name}{action} · {diff.policy.title.get(self.lang)}"

    def word(self, key: str, *args: str) -> str:
        """Return a word of the report."""
        return pick(_WORDS[key], self.lang).format(*args)

    # ------------------------------------------------------------------ heads and names

    def _head(self, part: HeadPart, before: Policy, after: Policy) -> Item:
        one, other = self._head_text(part, before, old=True), self._head_text(part, after, old=False)
        return Item("changed", self.word(part), part, "", (one,), (other,))

    def _head_text(self, part: HeadPart, policy: Policy, *, old: bool) -> str:
        words = self._words(policy, old=old)
        match part:
            case "title" | "note":
                return getattr(policy, part).get(self.lang) or self.word("none")
            case "service":
                return policy.service
            case "subject":
                return words.record_label(policy.record)
            case "with":
                return ", ".join(words.record_label(kind) for kind in policy.with_records) or self.word("none")
            case "applies_to" | "selected_by":
                expr = policy.applies_to if part == "applies_to" else policy.selected_by
                return self.word("none") if expr is None else words.expr(expr)
            case "in_force":
                return self._days(policy.in_force)
            case "transition":
                return self._transition(policy.transition, policy.followed_until)

    def _days(self, days: InForce) -> str:
        first = "" if days.first_day is None else date(days.first_day, self.lang)
        last = "" if days.last_day is None else date(days.last_day, self.lang)
        return f"{first} – {last}".strip() if first or last else self.word("always")

    def _transition(self, transition: Transition | None, followed_until: datetime.date | None) -> str:
        if transition is not None:
            return f"{transition.also} {self.word('until', date(transition.last_day, self.lang))}"
        return self.word("none") if followed_until is None else self.word("until", date(followed_until, self.lang))

    def _parameter(self, item: Changed[Parameter], diff: PolicyDiff) -> Item:
        one, other = item.before, item.after
        texts = tuple(
            () if each is None else (self._number(each, diff, old=old),) for each, old in ((one, True), (other, False))
        )
        found = other or one
        assert found is not None
        inner = () if one is None or other is None else self._texts(one, other, ("label", "note"), ("cite",))
        same = one is not None and other is not None and texts[0] == texts[1]
        used = [rule.id for rule in diff.rules if item.name in rule.hangs_on]
        remarks = (f"{self.word('rule')}: {', '.join(used)}",) if used else ()
        before, after = ((), ()) if same else texts
        label = found.label.get(self.lang)
        return Item(item.action, self.word("parameter"), item.name, label, before, after, remarks, inner)

    def _number(self, parameter: Parameter, diff: PolicyDiff, *, old: bool) -> str:
        if parameter.value is None:
            return self.word("unset")
        policy = (diff.before if old else diff.after) or diff.policy
        return self._words(policy, old=old).value(parameter.value, parameter.type)

    def _reading(self, item: Changed[Reading]) -> Item:
        one, other = item.before, item.after
        found = other or one
        assert found is not None
        chosen = tuple(() if each is None else (self._choice(each),) for each in (one, other))
        inner: tuple[Item, ...] = ()
        if one is not None and other is not None:
            inner = self._texts(one, other, ("question", "why"), ("cite",))
            options = [", ".join(text.get(self.lang) for text in each.options.values()) for each in (one, other)]
            if options[0] != options[1] or one.options != other.options:
                inner += (Item("changed", self.word("options"), "options", "", (options[0],), (options[1],)),)
        before, after = ((), ()) if chosen[0] == chosen[1] and one and other else chosen
        return Item(
            item.action, self.word("reading"), item.name, found.question.get(self.lang), before, after, (), inner
        )

    def _choice(self, reading: Reading) -> str:
        return self.word("open") if reading.chosen is None else reading.options[reading.chosen].get(self.lang)

    def _definitions(self, diff: PolicyDiff) -> Iterator[Item]:
        for item in diff.definitions:
            one, other = item.before, item.after
            texts = [
                ()
                if each is None
                else (self._words((diff.before if old else diff.after) or diff.policy, old=old).expr(each.expr),)
                for each, old in ((one, True), (other, False))
            ]
            found = other or one
            assert found is not None
            inner = () if one is None or other is None else self._texts(one, other, ("label",), ())
            used = [rule.id for rule in diff.rules if item.name in rule.hangs_on]
            remarks = (f"{self.word('rule')}: {', '.join(used)}",) if used else ()
            before, after = ((), ()) if one and other and one.expr == other.expr else (texts[0], texts[1])
            yield Item(
                item.action,
                self.word("definition"),
                item.name,
                found.label.get(self.lang),
                before,
                after,
                remarks,
                inner,
            )

    # ------------------------------------------------------------------ rules

    def _rule(self, change: RuleChange, diff: PolicyDiff) -> Item:
        one, other = change.before, change.after
        rule = other or one
        assert rule is not None
        title = rule.title.get(self.lang)
        if one is None or other is None:
            old = other is None
            told = self._words((diff.before if old else diff.after) or diff.policy, old=old).rule(rule)
            lines = _told(told.requirement)
            return Item(
                change.action, self.word("rule"), rule.id, title, lines if old else (), lines if not old else ()
            )
        remarks: list[str] = []
        if one.id != other.id:
            remarks.append(self.word("renamed", one.id))
        if change.hangs_on:
            remarks.append(self.word("hangs on", ", ".join(change.hangs_on)))
        if not change.changes_verdicts:
            remarks.append(self.word("no change of verdict"))
        inner = tuple(self._part(part, one, other, diff) for part in change.parts)
        return Item("changed", self.word("rule"), rule.id, title, (), (), tuple(remarks), inner)

    def _part(self, part: RulePart, one: Rule, other: Rule, diff: PolicyDiff) -> Item:
        before = self._part_lines(part, one, diff.before or diff.policy, old=True)
        after = self._part_lines(part, other, diff.after or diff.policy, old=False)
        numbers = numbers_changed(_core(part, one), _core(part, other)) or []
        first, second = self._words(diff.before or diff.policy, old=True), self._words(diff.policy, old=False)
        remarks = tuple(
            f"{first.value(old.value, old.type)} → {second.value(new.value, new.type)}" for old, new in numbers
        )
        return Item("changed", self.word(part), part, "", before, after, remarks)

    def _part_lines(self, part: RulePart, rule: Rule, policy: Policy, *, old: bool) -> tuple[str, ...]:
        words = self._words(policy, old=old)
        told = words.rule(rule)
        match part:
            case "title" | "note":
                return tuple(filter(None, (getattr(rule, part).get(self.lang),)))
            case "phase":
                return (rule.phase or self.word("none"),)
            case "responsible":
                own = rule.responsible
                return (self.word("none") if own is None else pick(RESPONSIBLE_WORDS[own], self.lang),)
            case "severity":
                classes = "/".join(pick(SEVERITY_WORDS[item], self.lang) for item in rule.severity.classes)
                return (classes or self.word("unrated"),)
            case "cite":
                return (", ".join(str(cite) for cite in rule.cite),)
            case "for each":
                return (told.applies_to,)
            case "when":
                return _told(told.condition)
            case "require":
                return _told(told.requirement)
            case "pending while":
                return _told(told.pending)
            case "unless":
                return _named(told.exceptions)
            case "define":
                return tuple(
                    f"{item.label.get(self.lang) or name}: {words.expr(item.expr, rule)}"
                    for name, item in rule.definitions.items()
                )
            case "computes":
                return _named(told.amounts)
            case "message":
                parts = rule.message.get(self.lang, ())
                return (
                    "".join(
                        item.text if item.value is None else f"{{{words.expr(item.value, rule)}}}" for item in parts
                    ),
                )
            case "examples":
                return (str(len(rule.examples)),)

    def _texts(self, one: object, other: object, texts: Iterable[str], lists: Iterable[str]) -> tuple[Item, ...]:
        found = []
        for key in texts:
            old, new = getattr(one, key), getattr(other, key)
            assert isinstance(old, Text)
            if old != new:
                found.append(Item("changed", self.word(key), key, "", *_both(old.get(self.lang), new.get(self.lang))))
        for key in lists:
            was, now = getattr(one, key), getattr(other, key)
            if was != now:
                texts_of = (", ".join(str(item) for item in was), ", ".join(str(item) for item in now))
                found.append(Item("changed", self.word(key), key, "", *_both(*texts_of)))
        return tuple(found)

    def _words(self, policy: Policy, *, old: bool) -> Verbalizer:
        key = (old, policy.name)
        if key not in self._made:
            self._made[key] = Verbalizer(self.before if old else self.after, policy, self.lang)
        return self._made[key]


def _both(before: str, after: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return (before,), (after,)


def _told(lines: Iterable[Line]) -> tuple[str, ...]:
    return tuple("  " * line.depth + line.text for line in lines)


def _named(items: Iterable[NamedLines]) -> tuple[str, ...]:
    found: list[str] = []
    for item in items:
        first, *rest = _told(item.lines)
        found += [f"{item.title}: {first}", *(f"  {line}" for line in rest)]
    return tuple(found)


def _core(part: RulePart, rule: Rule) -> object:
    match part:
        case "for each":
            return rule.for_each
        case "when":
            return rule.when
        case "require":
            return rule.require
        case "pending while":
            return rule.pending_while
        case "unless":
            return tuple(item.condition for item in rule.unless)
        case "define":
            return tuple(item.expr for item in rule.definitions.values())
        case _:
            return core.Constant


# ---------------------------------------------------------------------- text and Markdown


def diff_lines(diff: RepositoryDiff, words: DiffWords, form: Form = "text") -> Iterator[str]:
    """Yield the lines of a difference for people. Spaces are plain: these lines are searched and copied."""
    for line in _diff_lines(diff, words, form):
        yield line.replace(NBSP, " ")


def _diff_lines(diff: RepositoryDiff, words: DiffWords, form: Form) -> Iterator[str]:
    if diff.is_empty:
        yield words.word("no difference")
        return
    for policy in diff.policies:
        yield f"### {words.title(policy)}" if form == "markdown" else words.title(policy)
        if form == "markdown":
            yield ""
        for item in words.items(policy):
            yield from _item_lines(item, 0, form)
        if policy.pages:
            pages = ", ".join(f"`{page}`" if form == "markdown" else page for page in policy.pages)
            line = f"{words.word('pages')}: {pages}"
            yield f"\n{line}" if form == "markdown" else f"  {line}"
        yield ""
    for what, changes in (("field", diff.fields), ("statement", diff.statements), ("collection", diff.collections)):
        for change in changes:
            item = Item(change.action, words.word(what), change.name)
            yield from _item_lines(item, 0, form)


def _item_lines(item: Item, depth: int, form: Form) -> Iterator[str]:
    margin = "  " * (depth + 1)
    name = item.name if depth == 0 and (item.label or item.name not in _WORDS) else ""
    label = " · ".join(filter(None, (item.label, name)))
    head = f"{item.what} {label}".rstrip() if depth == 0 else item.what
    short = [lines[0] if len(lines) == 1 else "" for lines in (item.before, item.after)]
    values = ""
    if item.before and item.after and all(short):
        values = f": {short[0]} → {short[1]}"
    elif bool(item.before) != bool(item.after) and (short[0] or short[1]):
        values = f": {short[0] or short[1]}"
    # A pair of long texts reads better one below the other.
    long = len(values) > 90
    mark = _MARKS[item.action]
    if form == "markdown":
        yield (
            f"{'  ' * depth}- {mark} **{head}**{'' if long else values}"
            if depth == 0
            else (f"{'  ' * depth}- {head}{'' if long else values}")
        )
    else:
        yield f"{margin}{mark if depth == 0 else ' '} {head}{'' if long else values}"
    inner = f"{'  ' * (depth + 1)}- " if form == "markdown" else f"{margin}    "
    if long or not all(short) or (item.before and not item.after and not short[0]):
        for sign, lines in (("−", item.before), ("+", item.after)):
            if values and not long:
                break
            yield from (f"{inner}{sign} {line}" for line in lines)
    yield from (f"{inner}{remark}" for remark in item.remarks)
    for each in item.inner:
        yield from _item_lines(each, depth + 1, form)


# ---------------------------------------------------------------------- JSON


def diff_json(diff: RepositoryDiff, before: Labels, after: Labels) -> dict[str, Any]:
    """Return a difference as data; texts are in all languages."""
    words = {lang: DiffWords(lang, before, after) for lang in LANGUAGES}
    return {
        "format": FORMAT,
        "policies": [_policy_json(policy, words) for policy in diff.policies],
        "fields": [{"action": item.action, "name": item.name} for item in diff.fields],
        "statements": [{"action": item.action, "name": item.name} for item in diff.statements],
        "collections": [{"action": item.action, "name": item.name} for item in diff.collections],
    }


def _policy_json(diff: PolicyDiff, words: dict[Lang, DiffWords]) -> dict[str, Any]:
    told = {lang: each.items(diff) for lang, each in words.items()}
    kinds = (
        *(("head", None) for _ in diff.head),
        *(("parameter", None) for _ in diff.parameters),
        *(("reading", None) for _ in diff.readings),
        *(("definition", None) for _ in diff.definitions),
        *(("rule", change) for change in diff.rules),
    )
    changes = []
    if diff.action == "changed":
        for at, (kind, rule) in enumerate(kinds):
            entry = {"kind": kind, **_item_json([told[lang][at] for lang in LANGUAGES])}
            if rule is not None:
                entry |= {"hangs_on": list(rule.hangs_on), "changes_verdicts": rule.changes_verdicts}
            changes.append(entry)
    return {
        "before": diff.before.name if diff.before else None,
        "after": diff.after.name if diff.after else None,
        "action": diff.action,
        "changes": changes,
        "pages": list(diff.pages),
    }


def _item_json(items: list[Item]) -> dict[str, Any]:
    first = items[0]

    def texts(get: Any) -> dict[str, list[str]]:
        return {lang: list(get(item)) for lang, item in zip(LANGUAGES, items, strict=True)}

    inner = [
        _item_json([item.inner[at] for item in items])
        for at in range(len(first.inner))
        if all(len(i.inner) > at for i in items)
    ]
    return {
        "action": first.action,
        "name": first.name,
        "before": texts(lambda item: item.before),
        "after": texts(lambda item: item.after),
        "parts": inner,
    }
