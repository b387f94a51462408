"""Well-typed expressions and fitting records, for the properties of checking and evaluation.

Expressions are grown from a wanted type over one fixed vocabulary, so that the checker has to accept each.
"""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

import language_cases
from pykala_dsl import nodes
from pykala_dsl.source import Span

HERE = Span(0, 0)
FIELDS = {
    "a": "yes/no",
    "b": "yes/no, none",
    "judged": "yes/no, judged",
    "n": "count",
    "m": "count, none",
    "x": "exact time",
    "money": "money",
    "share": "share",
    "d": "date",
    "e": "date, none",
    "happened_on": "date, none, event",
    "wait": "days",
    "span": "months",
    "name": "text",
    "status": "enum {planned, delivered, absent}",
    "flex": "record, none",
    "flex.reason": "enum {capacity, workplace}",
    "flex.length": "exact time",
    "days[].date": "date",
    "days[].status": "enum {planned, delivered, absent}",
    "days[].length": "exact time",
    "days[].paid": "yes/no",
    "days[].done_on": "date, none",
    "days[].amount": "money",
    "dates": "list of date",
}
MEMBERS = ("planned", "delivered", "absent")
EXAMPLES: dict[str, Any] = {
    "yes/no": st.booleans(),
    "count": st.integers(0, 4),
    "exact time": st.sampled_from(("5 h", "5 h 59 min", "6 h", "90 min")),
    "money": st.sampled_from(("0.00 EUR", "999.99 EUR", "1000.00 EUR", 12.5)),
    "share": st.sampled_from(("0.5 %", "50 %", "100 %")),
    "date": st.dates(datetime.date(2024, 1, 1), datetime.date(2026, 3, 31)).map(str),
    "days": st.sampled_from(("1 day", "2 weeks")),
    "months": st.sampled_from(("1 month", "1 year")),
    "text": st.sampled_from(("Pääkatu 1", "pääkatu  1", "Sivukatu 2")),
    "list of date": st.lists(st.dates(datetime.date(2025, 1, 1), datetime.date(2025, 2, 1)).map(str), max_size=3),
}


def _value(spec: str) -> st.SearchStrategy[Any]:
    if "enum" in spec:
        return st.sampled_from(spec[spec.index("{") + 1 : spec.index("}")].split(", "))
    return EXAMPLES[spec.split(",")[0]]  # type: ignore[no-any-return]


def _some_of(values: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={name: st.none() | value for name, value in values.items()})


def records() -> st.SearchStrategy[dict[str, Any]]:
    """Return data of records that fit the schema: any property may be given, null or not given."""
    plain = {path: _value(spec) for path, spec in FIELDS.items() if "." not in path and "record" not in spec}
    day = {p.removeprefix("days[]."): _value(s) for p, s in FIELDS.items() if p.startswith("days[].")}
    flex = {p.removeprefix("flex."): _value(s) for p, s in FIELDS.items() if p.startswith("flex.")}
    return _some_of({**plain, "flex": _some_of(flex), "days": st.lists(_some_of(day), max_size=3)})


def build(data: dict[str, Any]) -> Any:
    """Return the record that the data make, by the fixed vocabulary."""
    from pykala.records.build import build_record

    vocabulary = language_cases.vocabulary_of({"case": FIELDS})
    return build_record(vocabulary, "case", {"record": "case", "id": "A-1", **data}, "generated")


def name(text: str) -> nodes.Node:
    """Return a bare name, or a path where it has a point."""
    first, *rest = text.split(".")
    node: nodes.Node = nodes.Name(first, HERE)
    for part in rest:
        node = nodes.Field(node, part, HERE, HERE)
    return node


def conditions(depth: int = 3, *, duty: bool = True, local: str | None = None) -> st.SearchStrategy[nodes.Node]:
    """Return yes/no expressions; `duty` lets `due by` stand in them, `local` names a bound element of `days`."""
    leaves = [_comparison(local), st.sampled_from(("a", "b", "judged")).map(name), _presence(local)]
    if local:
        leaves.append(st.just(name(f"{local}.paid")))
    if duty:
        leaves.append(_deadline(local, nodes.DueBy))
    leaves.append(_deadline(local, nodes.IsLate))
    if depth == 0:
        return st.one_of(leaves)
    below = st.deferred(lambda: conditions(depth - 1, duty=duty, local=local))
    plain = st.deferred(lambda: conditions(depth - 1, duty=False, local=local))
    branches: list[st.SearchStrategy[nodes.Node]] = [
        plain.map(lambda c: nodes.Not(c, HERE)),
        st.tuples(st.sampled_from(("and", "or")), st.lists(below, min_size=2, max_size=3)).map(_logic),
        st.tuples(plain, below, below).map(lambda t: nodes.IfElse(*t, HERE)),
    ]
    if local is None:
        inner = st.deferred(lambda: conditions(depth - 1, duty=False, local="day"))
        inner_duty = st.deferred(lambda: conditions(depth - 1, duty=duty, local="day"))
        branches += [
            st.tuples(st.sampled_from(("every", "some")), st.none() | inner, inner_duty).map(_quantifier),
            st.tuples(st.sampled_from(("exactly", "at least", "at most")), st.none() | inner, inner).map(_quantifier),
            st.tuples(st.just("no"), st.none() | inner, inner).map(_quantifier),
        ]
    return st.one_of(*leaves, *branches, *branches)


def _logic(parts: tuple[Any, list[nodes.Node]]) -> nodes.Node:
    return nodes.Logic(parts[0], tuple(parts[1]), HERE)


def _quantifier(parts: tuple[Any, nodes.Node | None, nodes.Node]) -> nodes.Node:
    word, where, body = parts
    count = nodes.Number(Fraction(1), HERE) if word in ("exactly", "at least", "at most") else None
    return nodes.Quantifier(word, count, nodes.Binder("day", name("days"), where, HERE, HERE), body, HERE)


def _presence(local: str | None) -> st.SearchStrategy[nodes.Node]:
    paths = ["x", "flex", "flex.reason", "happened_on", "e", "days"] + ([f"{local}.length"] if local else [])
    return st.tuples(st.sampled_from(paths).map(name), st.booleans()).map(lambda t: nodes.Presence(*t, HERE))


def _deadline(local: str | None, kind: Any) -> st.SearchStrategy[nodes.Node]:
    events = ["e", "happened_on"] + ([f"{local}.done_on"] if local else [])
    return st.tuples(st.sampled_from(events).map(name), values("date", local)).map(lambda t: kind(*t, HERE))


def _comparison(local: str | None) -> st.SearchStrategy[nodes.Node]:
    ordered = st.sampled_from(("count", "exact time", "money", "share", "date", "days", "months"))
    words: tuple[nodes.CompareOp, ...] = ("=", "!=", "<", "<=", ">", ">=")
    order = ordered.flatmap(lambda kind: st.tuples(st.sampled_from(words), values(kind, local), values(kind, local)))
    members = st.sampled_from(MEMBERS).map(name)
    status = name(f"{local}.status" if local else "status")
    pairs = ordered.flatmap(lambda kind: st.tuples(values(kind, local), values(kind, local), values(kind, local)))
    return st.one_of(
        order.map(lambda t: nodes.Compare(*t, HERE, HERE)),
        members.map(lambda m: nodes.Compare("=", status, m, HERE, HERE)),
        st.tuples(st.lists(members, min_size=1, max_size=2), st.booleans()).map(
            lambda t: nodes.Membership(status, nodes.SetOf(tuple(t[0]), HERE), t[1], HERE)
        ),
        pairs.map(lambda t: nodes.Membership(t[0], nodes.RangeOf(t[1], t[2], HERE), False, HERE)),
        values("date", local).map(lambda v: nodes.Membership(v, name("dates"), False, HERE)),
    )


def values(kind: str, local: str | None, depth: int = 1) -> st.SearchStrategy[nodes.Node]:
    """Return expressions of a type: literals, fields, arithmetic, functions, aggregates."""
    found: list[st.SearchStrategy[nodes.Node]] = [_literal(kind), st.sampled_from(_PATHS[kind]).map(name)]
    if local and kind in _LOCAL:
        found.append(st.just(name(f"{local}.{_LOCAL[kind]}")))
    if depth == 0:
        return st.one_of(found)
    same = st.deferred(lambda: values(kind, local, depth - 1))
    dates = st.deferred(lambda: values("date", local, depth - 1))
    match kind:
        case "date":
            wait = st.one_of(values("days", local, 0), values("months", local, 0))
            found += [
                st.tuples(st.sampled_from("+-"), same, wait).map(lambda t: nodes.Arithmetic(*t, HERE)),  # type: ignore[arg-type]
                same.map(lambda d: nodes.Call("working_day_on_or_after", (d,), HERE, HERE)),
                st.sampled_from(("earliest", "latest")).map(lambda w: _aggregate(w, "date")),
                st.tuples(st.sampled_from(("earliest", "latest")), same, same).map(_extremum),
            ]
        case "days":
            found += [
                st.tuples(dates, dates).map(lambda t: nodes.Arithmetic("-", *t, HERE)),
                st.tuples(dates, dates).map(lambda t: nodes.Call("length", (nodes.RangeOf(*t, HERE),), HERE, HERE)),
            ]
        case "count":
            found += [
                st.just(nodes.CountOf(nodes.Binder("other", name("days"), None, HERE, HERE), HERE)),
                st.tuples(st.sampled_from("+-*"), same, same).map(lambda t: nodes.Arithmetic(*t, HERE)),  # type: ignore[arg-type]
                st.tuples(same, same).map(lambda t: nodes.Call("round", t, HERE, HERE)),
            ]
        case "share":
            found += [st.tuples(values("count", local, 0), values("count", local, 0)).map(_quotient)]
        case "money" | "exact time":
            field = "amount" if kind == "money" else "length"
            found += [
                st.sampled_from(("sum", "average", "min", "max")).map(lambda w: _aggregate(w, field)),
                st.tuples(st.sampled_from(("min", "max")), same, same).map(_extremum),
                st.tuples(same, values("count", local, 0)).map(lambda t: nodes.Arithmetic("/", *t, HERE)),
                st.tuples(conditions(0, duty=False, local=local), same, same).map(lambda t: nodes.IfElse(*t, HERE)),
            ]
        case _:
            pass
    return st.one_of(found)


_PATHS = {
    "count": ["n", "m"],
    "exact time": ["x", "flex.length"],
    "money": ["money"],
    "share": ["share"],
    "date": ["d", "e", "happened_on", "as_of"],
    "days": ["wait"],
    "months": ["span"],
}
_LOCAL = {"date": "date", "exact time": "length", "money": "amount"}


def _literal(kind: str) -> st.SearchStrategy[nodes.Node]:
    def quantity(unit: Any) -> st.SearchStrategy[nodes.Node]:
        return st.integers(0, 20).map(lambda n: nodes.Quantity(((Fraction(n), unit),), HERE))

    match kind:
        case "count":
            return st.integers(0, 5).map(lambda n: nodes.Number(Fraction(n), HERE))
        case "date":
            return st.dates(datetime.date(1, 1, 1), datetime.date(9999, 12, 31)).map(lambda d: nodes.Date(d, HERE))
        case "exact time":
            return quantity("h")
        case "money":
            return quantity("EUR")
        case "share":
            return quantity("%")
        case "days":
            return quantity("days")
        case _:
            return quantity("months")


def _aggregate(word: Any, field: str) -> nodes.Node:
    binder = nodes.Binder("other", name("days"), None, HERE, HERE)
    return nodes.Aggregate(word, name(f"other.{field}"), binder, HERE)


def _extremum(parts: tuple[Any, nodes.Node, nodes.Node]) -> nodes.Node:
    return nodes.Extremum(parts[0], parts[1:], HERE)


def _quotient(parts: tuple[nodes.Node, nodes.Node]) -> nodes.Node:
    return nodes.Arithmetic("/", *parts, HERE)
