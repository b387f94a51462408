"""`pykala show`: a version of a policy with its inheritance applied, in words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pykala.cli import common
from pykala.policy.model import LANGUAGES, Lang, Policy, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pykala.handbook.verbalize import Line, RuleWords, Verbalizer
    from pykala.policy.loader import PolicySet

_WORDS = {
    "version": ("versio", "version", "version"),
    "subject": ("kohde", "objekt", "subject"),
    "applies": ("koskee", "gäller", "applies to"),
    "selected": ("version ratkaisee", "versionen bestäms av", "version depends on"),
    "in force": ("voimassa", "i kraft", "in force"),
    "transition": ("siirtymäaika", "övergångstid", "transition"),
    "until": ("saa noudattaa {0} asti", "får följas till och med {0}", "may be followed until {0}"),
    "always": ("aina", "alltid", "always"),
    "parameters": ("Luvut", "Tal", "Parameters"),
    "readings": ("Tulkinnat", "Tolkningar", "Readings"),
    "rules": ("Säännöt", "Regler", "Rules"),
    "unset": ("ei lähteissä", "finns inte i källorna", "not in the sources"),
    "open": ("avoin", "öppen", "open"),
    "chosen": ("valittu", "vald", "chosen"),
    "when": ("ehto", "villkor", "condition"),
    "require": ("vaatimus", "krav", "requirement"),
    "unless": ("poikkeus", "undantag", "exception"),
    "pending": ("avoinna, kun", "öppet så länge", "open while"),
    "responsible": ("vastuutaho", "ansvarig", "responsible"),
    "severity": ("luokka", "klass", "severity"),
    "unrated": ("lähde ei luokittele", "källan klassar inte", "unrated"),
    "source": ("lähde", "källa", "source"),
}


@click.command("show")
@click.argument("policy")
@common.policies_option
@common.parameters_option
@common.lang_option
@common.format_option("text", "json")
def command(policy: str, directory: Path, parameters: Path | None, lang: Lang, fmt: str) -> None:
    """Print the version POLICY[@VERSION] as it is in force: what it amends and includes is in it."""
    policy_set = common.load(directory, parameters=parameters)
    found = policy_set.find(policy)
    if found is None:
        common.find_policies(policy_set, policy)
        return
    from pykala.handbook.verbalize import Verbalizer

    if fmt == "json":
        import json

        words = {lang: Verbalizer(policy_set.vocabulary, found, lang) for lang in LANGUAGES}
        click.echo(json.dumps(_as_json(found, words), ensure_ascii=False, indent=2))
        return
    for line in _lines(policy_set, found, Verbalizer(policy_set.vocabulary, found, lang)):
        click.echo(line)
    common.echo_unreviewed(lang)


def _lines(policy_set: PolicySet, policy: Policy, words: Verbalizer) -> Iterator[str]:
    lang = words.lang
    yield f"{policy.title.get(lang)} · {policy.name}"
    subject = policy_set.vocabulary.kinds[policy.record].label.get(lang)
    yield f"  {_word('subject', lang)}: {subject}"
    if policy.applies_to is not None:
        yield f"  {_word('applies', lang)}: {words.expr(policy.applies_to)}"
    if policy.selected_by is not None:
        yield f"  {_word('selected', lang)}: {words.expr(policy.selected_by)}"
    first, last = policy.in_force.first_day, policy.in_force.last_day
    days = f"{first or ''} – {last or ''}".strip() if first or last else _word("always", lang)
    yield f"  {_word('in force', lang)}: {days}"
    if policy.transition is not None:
        until = _word("until", lang).format(policy.transition.last_day)
        yield f"  {_word('transition', lang)}: {policy.transition.also}: {until}"
    if policy.followed_until is not None:
        yield f"  {_word('transition', lang)}: {_word('until', lang).format(policy.followed_until)}"
    if policy.parameters:
        yield from ("", _word("parameters", lang))
        for parameter in policy.parameters.values():
            value = _word("unset", lang) if parameter.value is None else words.value(parameter.value, parameter.type)
            yield f"  {parameter.name}: {value}  {parameter.label.get(lang)}".rstrip()
    if policy.readings:
        yield from ("", _word("readings", lang))
        for reading in policy.readings.values():
            chosen = reading.options[reading.chosen].get(lang) if reading.chosen else ""
            state = f"{_word('chosen', lang)}: {chosen}" if reading.chosen else _word("open", lang)
            yield f"  {reading.name}: {reading.question.get(lang)} ({state})"
    yield from ("", _word("rules", lang))
    for rule in policy.rules:
        yield from _rule_lines(rule, words.rule(rule), lang)


def _rule_lines(rule: Rule, words: RuleWords, lang: Lang) -> Iterator[str]:
    yield f"  {rule.id} · {rule.title.get(lang)}"
    yield f"    {_word('applies', lang)}: {words.applies_to}"
    yield from _part(_word("when", lang), words.condition)
    yield from _part(_word("require", lang), words.requirement)
    for item in words.exceptions:
        yield from _part(f"{_word('unless', lang)} «{item.title}»", item.lines)
    yield from _part(_word("pending", lang), words.pending)
    if rule.responsible is not None:
        from pykala.handbook.words import RESPONSIBLE_WORDS, pick

        yield f"    {_word('responsible', lang)}: {pick(RESPONSIBLE_WORDS[rule.responsible], lang)}"
    severity = str(rule.severity) if rule.severity.classes else _word("unrated", lang)
    yield f"    {_word('severity', lang)}: {severity}"
    yield f"    {_word('source', lang)}: {', '.join(str(cite) for cite in rule.cite)}"
    yield ""


def _part(title: str, lines: Iterable[Line]) -> Iterator[str]:
    items = list(lines)
    if len(items) == 1:
        yield f"    {title}: {items[0].text}"
    elif items:
        yield f"    {title}:"
        yield from (f"      {'  ' * line.depth}{line.text}" for line in items)


def _as_json(policy: Policy, words: dict[Lang, Verbalizer]) -> dict[str, Any]:
    from pykala.report.schemas import format_of

    def text(get: Any) -> dict[str, Any]:
        return {lang: get(lang) for lang in words}

    rules = []
    for rule in policy.rules:
        told = {lang: verbalizer.rule(rule) for lang, verbalizer in words.items()}
        rules.append(
            {
                "rule": rule.id,
                "title": text(rule.title.get),
                "phase": rule.phase,
                "responsible": rule.responsible,
                "severity": str(rule.severity),
                "applies_to": {lang: item.applies_to for lang, item in told.items()},
                "condition": {lang: [line.text for line in item.condition] for lang, item in told.items()},
                "requirement": {lang: [line.text for line in item.requirement] for lang, item in told.items()},
                "exceptions": [item.name for item in rule.unless],
                "cite": [str(cite) for cite in rule.cite],
            }
        )
    return {
        "format": format_of("show"),
        "policy": policy.id,
        "version": policy.version,
        "sha256": policy.sha256,
        "title": text(policy.title.get),
        "in_force": {
            "first_day": str(policy.in_force.first_day) if policy.in_force.first_day else None,
            "last_day": str(policy.in_force.last_day) if policy.in_force.last_day else None,
        },
        "transition": None
        if policy.transition is None
        else {"also": policy.transition.also, "last_day": str(policy.transition.last_day)},
        "followed_until": str(policy.followed_until) if policy.followed_until else None,
        "amends": policy.amends,
        "includes": list(policy.includes),
        "parameters": {
            name: None if item.value is None else words["en"].value(item.value, item.type)
            for name, item in policy.parameters.items()
        },
        "readings": {
            name: {"chosen": item.chosen, "options": list(item.options)} for name, item in policy.readings.items()
        },
        "rules": rules,
    }


def _word(key: str, lang: Lang) -> str:
    return _WORDS[key][LANGUAGES.index(lang)]
