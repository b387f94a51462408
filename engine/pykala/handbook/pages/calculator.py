"""The calculator's page: a form that a script fills with life, tables of worked dates, and the limits that it cannot count.

The form is hidden until the script shows it; the tables are always there.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import count

from pykala.handbook import markup, numbers
from pykala.handbook.addresses import CALCULATOR, calculator_place
from pykala.handbook.book import Edition
from pykala.handbook.calculator import (
    YEARS_AHEAD,
    CountedLimit,
    conditions,
    counted_limits,
    limit_title,
    script_data,
    uncounted,
    worked_days,
    years,
)
from pykala.handbook.calculator_words import CALCULATOR_WORDS
from pykala.handbook.deadline_words import base_words, by_whichever_way, event_words, steps_words, words
from pykala.handbook.deadlines import Deadline
from pykala.handbook.page import Block, Page
from pykala.handbook.pages import parts
from pykala.handbook.words import pick
from pykala.policy.model import Policy, Rule

SCRIPT = "assets/handbook/calculator.js"


def calculator(edition: Edition) -> Page:
    """Return the page of the calculator."""
    limits, others = _gather(edition)
    span = years(edition.book.policies.policies)
    blocks = [
        Block(markup.text(_say("lead", edition))),
        *_form(limits, edition),
        Block(_how(edition)),
        *_worked(limits, span[1] - YEARS_AHEAD, edition),
        *_not_counted(others, edition),
        *_script(limits, span, edition),
    ]
    return Page(CALCULATOR, edition.say("calculator"), tuple(blocks), description=_say("lead", edition))


def _key(policy: Policy, rule: Rule, edition: Edition) -> str:
    """Return the place of a rule on this page: the path of its own."""
    return calculator_place(edition.book.rule_path(policy, rule)).partition("#")[2]


def _gather(edition: Edition) -> tuple[dict[str, CountedLimit], dict[str, tuple[Policy, Rule, Deadline]]]:
    """Return the limits that can be counted and those that cannot, by their places on this page.

    The place of a rule is that of the first limit that can be counted; the others have a number after it.
    """
    limits: dict[str, CountedLimit] = {}
    others: dict[str, tuple[Policy, Rule, Deadline]] = {}
    for policy in _in_order(edition):
        for rule in policy.rules:
            own = _key(policy, rule, edition)
            keys = (own if at == 1 else f"{own}/{at}" for at in count(1))
            limits |= {next(keys): limit for limit in counted_limits(policy, rule)}
            others |= {next(keys): (policy, rule, each) for each in uncounted(policy, rule)}
    return limits, others


def _in_order(edition: Edition) -> Iterator[Policy]:
    """Yield the policies by service, the newest version of each first."""
    for service in edition.book.policies.contents.services:
        for versions in edition.book.versions.values():
            yield from (policy for policy, _ in reversed(versions) if policy.service == service)


def _how(edition: Edition) -> str:
    items = markup.bullets(markup.text(_say(key, edition)) for key in ("months", "days", "working days"))
    return f"{markup.heading(2, _say('how', edition))}\n\n{items}"


# ---------------------------------------------------------------------- the form


def _form(limits: Mapping[str, CountedLimit], edition: Edition) -> Iterator[Block]:
    if not limits:
        return
    groups = [
        f'<optgroup label="{escape(title)}">{"".join(options)}</optgroup>'
        for title, options in _options(limits, edition).items()
    ]
    field = '<p class="calculator-field"><label for="{0}">{1}</label>{2}</p>'
    chosen = field.format(
        "calculator-limit",
        escape(edition.say("deadline")),
        f'<select id="calculator-limit"><option value="">{escape(_say("choose", edition))}</option>{"".join(groups)}</select>',
    )
    start = field.format(
        "calculator-start",
        escape(_say("start", edition)),
        '<input id="calculator-start" type="date" min="0001-01-01" max="9999-12-31" autocomplete="off" '
        'aria-describedby="calculator-base calculator-error">',
    )
    form = (
        f'<form id="calculator" class="calculator" aria-label="{escape(edition.say("calculator"))}" novalidate hidden>\n'
        f"{chosen}\n{start}\n"
        '<p id="calculator-base"></p>\n'
        '<p id="calculator-error" class="calculator-error" role="alert"></p>\n'
        f'<p><button type="submit" class="calculator-button">{escape(_say("calculate", edition))}</button></p>\n'
        f'<div id="calculator-result" class="calculator-result" role="status" aria-live="polite" '
        f'aria-label="{escape(_say("result", edition))}"></div>\n'
        "</form>"
    )
    yield Block(f'<p id="calculator-without-scripts">{escape(_say("without scripts", edition))}</p>')
    yield Block(form, _origins(limits.values()))


def _options(limits: Mapping[str, CountedLimit], edition: Edition) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for key, limit in limits.items():
        title = limit_title(limit, edition.words(limit.policy))
        option = f'<option value="{escape(key)}">{escape(title)}</option>'
        groups.setdefault(_group(limit.policy, edition), []).append(option)
    return groups


def _group(policy: Policy, edition: Edition) -> str:
    service = edition.book.policies.contents.services[policy.service].title.get(edition.lang)
    own = policy.title.get(edition.lang)
    title = own if own.startswith(service) else f"{service}: {own}"
    return title if edition.book.is_newest(policy) else f"{title}, {edition.say('version')} {policy.version}"


# ---------------------------------------------------------------------- worked dates


def _worked(limits: Mapping[str, CountedLimit], year: int, edition: Edition) -> Iterator[Block]:
    """Yield a table for each way of counting, with the limits that are counted so."""
    if not limits:
        return
    yield Block(f"{markup.heading(2, _say('worked', edition))}\n\n{markup.text(_say('worked lead', edition))}")
    alike: dict[tuple[object, ...], dict[str, CountedLimit]] = {}
    for key, limit in limits.items():
        alike.setdefault(limit.counting, {})[key] = limit
    for group in alike.values():
        first = next(iter(group.values()))
        shown = by_whichever_way(first.deadline, first.ways, edition.words(first.policy))
        items = markup.bullets(_item(key, limit, edition) for key, limit in group.items())
        text = f"{markup.heading(3, shown)}\n\n{_say('limits so counted', edition)}:\n\n{items}"
        yield Block(f"{text}\n\n{_table(first, shown, year, edition)}", _origins(group.values()))


def _item(key: str, limit: CountedLimit, edition: Edition) -> str:
    verbalizer = edition.words(limit.policy)
    title = limit_title(limit, verbalizer)
    rule = markup.link(title, edition.book.rule_path(limit.policy, limit.rule), CALCULATOR)
    told = [
        f'<span id="{escape(key)}"></span>{rule} · {markup.text(_group(limit.policy, edition))}',
        f"{_say('counted from', edition)}: {markup.text(base_words(limit.deadline, limit.ways[0], verbalizer))}",
        *(f"{_say('under', edition)}: {markup.text(each)}" for each in _under(limit, edition)),
    ]
    return "<br>".join(told)


def _under(limit: CountedLimit, edition: Edition) -> Iterator[str]:
    """Yield the conditions of the ways of a limit that has several, each with what is then counted."""
    verbalizer = edition.words(limit.policy)
    if len(limit.ways) > 1:
        for way, under in zip(limit.ways, conditions(limit, verbalizer), strict=True):
            yield f"{under} → {steps_words(way.steps, verbalizer)}"


def _table(limit: CountedLimit, shown: str, year: int, edition: Edition) -> str:
    verbalizer = edition.words(limit.policy)
    day = _say("last day" if limit.bound in ("by", "before") else "first day", edition)
    ways = [steps_words(way.steps, verbalizer) for way in limit.ways]
    header = [
        _say("start", edition),
        *([day] if len(ways) == 1 else [f"{day}: {way}" for way in ways]),
        _say("why this day", edition),
    ]
    rows = [
        (_day(row.start, edition), *(_day(each, edition) for each in row.days), _say(row.reason, edition))
        for row in worked_days(limit, year)
    ]
    return _html_table(_say("caption", edition).format(shown), header, rows)


def _day(day: datetime.date | None, edition: Edition) -> str:
    if day is None:
        return "–"
    return f"{numbers.weekday(day.weekday(), edition.lang)} {numbers.date(day, edition.lang)}"


def _html_table(caption: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of plain texts with a caption; the first cell of a row heads it.

    Where a screen is too narrow for columns, a cell says itself what its column is.
    """
    labels = [f'data-label="{escape(cell)}"' for cell in header]
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in header)

    def row_of(cells: Sequence[str]) -> str:
        rest = "".join(f"<td {label}>{escape(cell)}</td>" for label, cell in zip(labels[1:], cells[1:], strict=True))
        return f'<tr><th scope="row" {labels[0]}>{escape(cells[0])}</th>{rest}</tr>'

    body = "\n".join(row_of(cells) for cells in rows)
    return (
        f"<table>\n<caption>{escape(caption)}</caption>\n"
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"
    )


# ---------------------------------------------------------------------- what is not counted, and the script's data


def _not_counted(others: Mapping[str, tuple[Policy, Rule, Deadline]], edition: Edition) -> Iterator[Block]:
    if not others:
        return
    rows = []
    for key, (policy, rule, deadline) in others.items():
        verbalizer = edition.words(policy)
        rule_link = parts.rule_link(policy, rule, edition, CALCULATOR)
        by = by_whichever_way(deadline, deadline.standing, verbalizer)
        rows.append(
            (
                f'<span id="{escape(key)}"></span>{rule_link}\n{markup.text(_group(policy, edition))}',
                markup.text(event_words(deadline, verbalizer)),
                markup.text(by),
                "\n".join(dict.fromkeys(markup.text(each) for each in _why(deadline, edition))),
            )
        )
    header = [edition.say(key) for key in ("rule", "what", "deadline", "why")]
    origins = tuple(dict.fromkeys(parts.rule_origin(policy, rule) for policy, rule, _ in others.values()))
    lead = f"{markup.heading(2, _say('not counted', edition))}\n\n{markup.text(_say('not counted lead', edition))}"
    yield Block(f"{lead}\n\n{markup.table(header, rows)}", origins)


def _why(deadline: Deadline, edition: Edition) -> Iterator[str]:
    """Yield why the ways of a limit cannot be counted."""
    told = words(deadline, edition.words(deadline.policy))
    for way, said in zip(deadline.ways, told.ways, strict=True):
        if way not in deadline.standing:
            continue
        if way.unset:
            yield _say("why unset", edition).format(", ".join(said.unset))
        elif way.fixed is not None:
            yield _say("why fixed", edition)
        elif not way.one_date:
            yield _say("why several", edition).format(said.base)
        else:
            yield _say("why recorded", edition)


def _script(limits: Mapping[str, CountedLimit], span: tuple[int, int], edition: Edition) -> Iterator[Block]:
    if not limits:
        return
    verbalizers = {limit.policy.name: edition.words(limit.policy) for limit in limits.values()}
    data = script_data(limits, span, edition.lang, verbalizers)
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    source = f"../{SCRIPT}"
    yield Block(
        f'<script type="application/json" id="calculator-data">{written}</script>\n<script src="{source}"></script>',
        _origins(limits.values()),
    )


def _origins(limits: Iterable[CountedLimit]) -> tuple[str, ...]:
    """Return the rules of limits and the parameters that they take."""
    found: dict[str, None] = {}
    for limit in limits:
        found[parts.rule_origin(limit.policy, limit.rule)] = None
        for way in limit.ways:
            found |= dict.fromkeys(parts.parameter_origin(limit.policy, name) for name in way.parameters)
    return tuple(found)


def _say(key: str, edition: Edition) -> str:
    return pick(CALCULATOR_WORDS[key], edition.lang)
