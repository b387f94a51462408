"""The page of a rule: what it asks, in words made from the rule itself, with its examples, facts, numbers and sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pykala.handbook import markup
from pykala.handbook.addresses import QUESTIONS, phase_page, service_page
from pykala.handbook.book import Edition, Shown
from pykala.handbook.deadline_words import awaited
from pykala.handbook.example_words import changes, element, reasons
from pykala.handbook.page import Block, Page
from pykala.handbook.pages import parts
from pykala.handbook.verbalize import Line, NamedLines, RuleWords
from pykala.handbook.words import word
from pykala.policy.model import Parameter, Policy, Reading, Rule
from pykala.policy.uses import names_read, rule_expressions
from pykala_dsl import core

SHOWN_AT_ONCE = 8
"""How many examples stand in the open; the others are one step away."""


def rule_page(policy: Policy, rule: Rule, edition: Edition) -> Page:
    """Return the page of a rule in one version of its policy."""
    at = edition.book.rule_path(policy, rule)
    told = edition.words(policy).rule(rule)
    origin = parts.rule_origin(policy, rule)
    blocks = [
        *_lead(policy, rule, edition, at),
        *_note(rule, edition, origin),
        Block(_content(policy, rule, told, edition, at), (origin,)),
        *_examples(policy, rule, edition, at, origin),
        Block(_facts(told, edition), (origin,)),
        Block(_why_open(policy, rule, told, edition, at), (origin,)),
        *_numbers(policy, rule, edition, at),
        *_readings(policy, rule, edition, at),
        Block(_sources(rule, edition, at), tuple(parts.statement_origin(each) for each in parts.says(rule, edition))),
        *_versions(policy, rule, edition, at),
    ]
    return Page(
        at,
        rule.title.get(edition.lang) or rule.id,
        tuple(block for block in blocks if block.text),
        description=" ".join(each.says.get(edition.lang) for each in parts.says(rule, edition))[:200],
        trail=_trail(policy, rule, edition),
        superseded=_superseded(policy, rule, edition),
        beside=_beside(policy, rule, edition, at),
    )


def _trail(policy: Policy, rule: Rule, edition: Edition) -> tuple[tuple[str, str], ...]:
    contents = edition.book.policies.contents
    service = contents.services[policy.service]
    trail = [(service.title.get(edition.lang), service_page(service.id))]
    if rule.phase is not None:
        phase = contents.phases[rule.phase]
        trail.append((phase.title.get(edition.lang), phase_page(service.id, phase.id)))
    return tuple(trail)


def _superseded(policy: Policy, rule: Rule, edition: Edition) -> tuple[str, str] | None:
    newest = edition.book.newest[policy.id]
    if newest == policy:
        return None
    kept = newest.rule(rule.id)
    path = edition.book.policy_path(newest) if kept is None else edition.book.rule_path(newest, kept)
    return f"{newest.title.get(edition.lang)}, {newest.version}", path


def _lead(policy: Policy, rule: Rule, edition: Edition, at: str) -> Iterator[Block]:
    days = next(days for each, days in edition.book.versions[policy.id] if each == policy)
    head = " · ".join(
        (
            markup.link(policy.title.get(edition.lang), edition.book.policy_path(policy), at),
            f"{edition.say('version')} {markup.text(policy.version)}",
            f"{edition.say('in force')}: {markup.text(parts.days(days, edition))}",
        )
    )
    yield Block(f"{head}\n{{ .head }}", (parts.policy_origin(policy),))
    statements = list(parts.says(rule, edition))
    said = [markup.text(each.says.get(edition.lang)) + parts.unverified(each, edition) for each in statements]
    origins = tuple(parts.statement_origin(each) for each in statements)
    yield Block(markup.box("says", said[0] if len(said) == 1 else markup.bullets(said)), origins)


def _content(policy: Policy, rule: Rule, told: RuleWords, edition: Edition, at: str) -> str:
    """Return what the rule asks: first by when and of whom, then its parts, then what the words in them mean."""
    rows = []
    if limits := parts.limits(policy, rule, edition):
        link = parts.calculator_link(policy, rule, edition, at)
        rows.append((edition.say("deadline"), "\n\n".join(filter(None, (markup.bullets(limits), link)))))
    if who := parts.responsible(rule, edition):
        rows.append((edition.say("responsible"), who))
    rows.append((edition.say("if not met"), markup.text(parts.severity(rule.severity, edition))))
    rows.append((edition.say("applies"), markup.text(told.applies_to)))
    if told.condition:
        rows.append((edition.say("when"), markup.lines(told.condition)))
    rows.append((edition.say("require"), markup.lines(told.requirement)))
    rows += [(edition.say("unless"), _named(each)) for each in told.exceptions]
    if told.pending:
        rows.append((edition.say("pending"), markup.lines(told.pending)))
    # An amount without a name serves the reports alone.
    rows += [
        (edition.say("amount"), _named(each))
        for each in told.amounts
        if rule.computes[each.name].label.get(edition.lang)
    ]
    rows += [(edition.say("term"), _named(each)) for each in told.terms]
    return "\n\n".join(f"{markup.text(name)}\n:   {_indented(body)}" for name, body in rows)


def _named(found: NamedLines) -> str:
    title = f"**{markup.text(found.title)}**"
    if len(found.lines) == 1:
        return f"{title}: {markup.text(found.lines[0].text)}"
    return f"{title}:\n\n{markup.lines(found.lines)}"


def _indented(body: str) -> str:
    return body.replace("\n", "\n    ")


def _note(rule: Rule, edition: Edition, origin: str) -> Iterator[Block]:
    if note := rule.note.get(edition.lang):
        yield Block(markup.box("note", f"**{edition.say('note')}.** {markup.text(note)}"), (origin,))


def _examples(policy: Policy, rule: Rule, edition: Edition, at: str, origin: str) -> Iterator[Block]:
    shown = edition.book.shown[policy.name, rule.id]
    if not shown:
        return
    typical = markup.link(edition.say("typical"), f"{edition.book.policy_path(policy)}#typical", at)
    lead = f"{edition.say('examples lead')}: {typical}."
    yield Block(f"{markup.heading(2, edition.say('examples'))}\n\n{lead}")
    yield Block(markup.box("examples", _example_table(shown[:SHOWN_AT_ONCE], policy, edition)), (origin,))
    if rest := shown[SHOWN_AT_ONCE:]:
        summary = edition.say("more examples", len(rest))
        yield Block(markup.details(summary, markup.box("examples", _example_table(rest, policy, edition))), (origin,))


def _example_table(shown: tuple[Shown, ...], policy: Policy, edition: Edition) -> str:
    header = (edition.say("change"), edition.say("verdict"), edition.say("why"))
    return markup.table(header, (_example_row(each, policy, edition) for each in shown))


def _example_row(shown: Shown, policy: Policy, edition: Edition) -> tuple[str, str, str]:
    caption = shown.example.caption.get(edition.lang)
    lines = changes(shown, policy, edition)
    what = f"**{markup.text(caption)}**" if caption else ""
    if lines:
        what += ("\n" if caption and len(lines) == 1 else "") + markup.nested(lines)
    found = list(reasons(shown, policy, edition))
    if len({(result.verdict, why) for result, why in found}) == 1:
        found = found[:1]
        return what or edition.say("unchanged"), parts.verdict(found[0][0].verdict, edition), _each_line(found[0][1])
    named = [(element(result, policy, edition), result, why) for result, why in found]
    verdicts = "\n".join(f"{markup.text(name)}: {parts.verdict(result.verdict, edition)}" for name, result, _ in named)
    why = "\n".join(f"{markup.text(name)}: {_each_line(why)}" for name, _, why in named if why)
    return what or edition.say("unchanged"), verdicts, why


def _each_line(plain: str) -> str:
    return "\n".join(markup.text(line) for line in plain.splitlines())


def _facts(told: RuleWords, edition: Edition) -> str:
    if not told.facts:
        return ""
    rows = []
    for fact in (*told.wholes, *told.facts):
        label = markup.text(fact.label) + (f" ({edition.say('private')})" if fact.private else "")
        absent = edition.say(f"missing {fact.missing}")
        rows.append((label, f"{edition.say('judged')}: {absent}" if fact.judged else absent))
    header = (edition.say("fact"), edition.say("if missing"))
    return f"{markup.heading(2, edition.say('facts'))}\n\n{markup.table(header, rows)}"


def _why_open(policy: Policy, rule: Rule, told: RuleWords, edition: Edition, at: str) -> str:
    """Return what can leave the verdict undecided, each cause named."""
    words = edition.words(policy)
    unset = [each for each in _parameters_read(policy, rule) if each.value is None]
    open_readings = [each for each in _readings_read(policy, rule) if each.chosen is None]
    needed = [*told.wholes, *told.facts]
    paragraphs = []
    if any(each.missing == "unknown" and not each.judged for each in needed):
        paragraphs.append(edition.say("open facts"))
    lists: list[tuple[str, Iterable[str]]] = [
        ("open judged", (markup.text(each.label) for each in needed if each.judged)),
        ("open records", (markup.text(words.record_label(kind)) for kind in _records_read(policy, rule))),
        ("open parameters", (markup.text(words.parameter_label(each.name)) for each in unset)),
        (
            "open readings",
            (
                markup.link(each.question.get(edition.lang), f"{QUESTIONS}#{policy.id}-{each.name}", at)
                for each in open_readings
            ),
        ),
        ("open due", map(markup.text, awaited(policy, rule, words))),
    ]
    paragraphs += [f"{edition.say(key)}\n\n{markup.bullets(shown)}" for key, items in lists if (shown := list(items))]
    if told.pending:
        paragraphs.append(f"{edition.say('open pending')}\n\n{_list(told.pending)}")
    body = "\n\n".join(paragraphs) or edition.say("never open")
    return f"{markup.heading(2, edition.say('why open'))}\n\n{body}"


def _list(lines: tuple[Line, ...]) -> str:
    return markup.lines(lines) if len(lines) > 1 else markup.bullets(markup.text(line.text) for line in lines)


def _records_read(policy: Policy, rule: Rule) -> list[str]:
    """Return the kinds of the other records that a rule reads and that may be missing, definitions opened."""
    named = names_read(rule_expressions(rule), _definitions(policy), _own(rule))[2]
    exprs = [*rule_expressions(rule), *(policy.definitions[name].expr for name in named)]
    read = {part.record for expr in exprs for part in core.walk(expr) if isinstance(part, core.Root)}
    return [kind for kind, need in policy.with_records.items() if kind in read and need == "optional"]


def _definitions(policy: Policy) -> dict[str, core.Expr]:
    return {name: each.expr for name, each in policy.definitions.items()}


def _own(rule: Rule) -> dict[str, core.Expr]:
    return {name: each.expr for name, each in rule.definitions.items()}


def names_of(policy: Policy, rule: Rule) -> set[str]:
    """Return the names of parameters, definitions and readings that a rule reads, through definitions too."""
    return set().union(*names_read(rule_expressions(rule), _definitions(policy), _own(rule)))


def _parameters_read(policy: Policy, rule: Rule) -> list[Parameter]:
    names = names_of(policy, rule)
    return [each for name, each in policy.parameters.items() if name in names]


def _readings_read(policy: Policy, rule: Rule) -> list[Reading]:
    names = names_of(policy, rule)
    return [each for name, each in policy.readings.items() if name in names]


def _numbers(policy: Policy, rule: Rule, edition: Edition, at: str) -> Iterator[Block]:
    found = _parameters_read(policy, rule)
    if not found:
        return
    origins = tuple(parts.parameter_origin(policy, each.name) for each in found)
    rows = (number_row(each, policy, edition, at) for each in found)
    header = (edition.say("number"), edition.say("value"), edition.say("source"))
    yield Block(f"{markup.heading(2, edition.say('numbers'))}\n\n{markup.table(header, rows)}", origins)


def number_row(parameter: Parameter, policy: Policy, edition: Edition, at: str) -> tuple[str, str, str]:
    """Return a parameter as a row: what it is called, its value, its sources."""
    words = edition.words(policy)
    value = word("unset", edition.lang) if parameter.value is None else words.value(parameter.value, parameter.type)
    note = parameter.note.get(edition.lang)
    name = markup.text(parameter.label.get(edition.lang) or parameter.name) + (f"\n{markup.text(note)}" if note else "")
    return name, markup.text(value), parts.cited(parameter.cite, edition, at)


def _readings(policy: Policy, rule: Rule, edition: Edition, at: str) -> Iterator[Block]:
    found = _readings_read(policy, rule)
    if not found:
        return
    items = [
        f"{markup.link(each.question.get(edition.lang), f'{QUESTIONS}#{policy.id}-{each.name}', at)} — "
        + (
            edition.say("left open")
            if each.chosen is None
            else f"{edition.say('chosen')}: {markup.text(each.options[each.chosen].get(edition.lang))}"
        )
        for each in found
    ]
    origins = tuple(parts.reading_origin(policy, each) for each in found)
    yield Block(f"{markup.heading(2, edition.say('readings'))}\n\n{markup.bullets(items)}", origins)


def _sources(rule: Rule, edition: Edition, at: str) -> str:
    items = markup.bullets(parts.statement_link(each, edition, at) for each in parts.says(rule, edition))
    return f"{markup.heading(2, edition.say('source'))}\n\n{items}"


def _versions(policy: Policy, rule: Rule, edition: Edition, at: str) -> Iterator[Block]:
    from pykala.handbook.pages.changes import change_of

    versions = edition.book.versions[policy.id]
    if len(versions) < 2:
        return
    items, origins, before = [], [], None
    for each, days in versions:
        own = each.rule(rule.id)
        name = f"{edition.say('version')} {each.version} ({parts.days(days, edition)})"
        state = change_of(before, each, rule.id, edition) if before is not None else ""
        if own is not None:
            path = edition.book.rule_path(each, own)
            shown = f"**{markup.text(name)}**" if each == policy else markup.link(name, path, at)
            items.append(shown + (f": {state}" if state else ""))
        elif state:
            items.append(f"{markup.text(name)}: {state}")
        origins.append(parts.policy_origin(each))
        before = each
    yield Block(f"{markup.heading(2, edition.say('versions'))}\n\n{markup.bullets(items)}", tuple(origins))


def _beside(policy: Policy, rule: Rule, edition: Edition, at: str) -> tuple[Block, ...]:
    """Return the checklist of the rule's phase with the rule marked."""
    from pykala.handbook.pages.service import rules_of

    if rule.phase is None:
        return ()
    phase = edition.book.policies.contents.phases[rule.phase]
    title = f"{edition.say('in this phase')}: {phase.title.get(edition.lang)}"
    items = [
        f"**{markup.text(other.title.get(edition.lang) or other.id)}**"
        if (owner.id, other.id) == (policy.id, rule.id)
        else parts.rule_link(owner, other, edition, at)
        for owner, other in rules_of(policy.service, edition.book)
        if other.phase == rule.phase
    ]
    origins = tuple(
        parts.rule_origin(owner, other)
        for owner, other in rules_of(policy.service, edition.book)
        if other.phase == rule.phase
    )
    return (
        Block(f"{markup.heading(2, title)}\n\n{markup.bullets(items)}", origins or (parts.rule_origin(policy, rule),)),
    )
