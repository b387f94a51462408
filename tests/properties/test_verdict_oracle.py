"""Verdicts against a brute force oracle: every way to fill in what is missing, each judged in plain logic.

The oracle below is written for one full record at a time and shares nothing with the evaluator. A verdict is
sound if it holds however the missing facts turn out; where no fact occurs twice it is also exact.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, TypeAlias

from hypothesis import event, given
from hypothesis import strategies as st

from evaluation_support import policy_of
from pykala.evaluate.outcomes import settle
from pykala.evaluate.rules import evaluate_rule
from pykala.policy.model import Text, UnlessException, Verdict
from pykala.records.record import Record
from pykala_dsl import core
from pykala_dsl.source import Span
from pykala_dsl.typesys import BoolType, CountType, DateType, FieldType, ListType, RecordType
from tries import tries

TODAY = datetime.date(2025, 6, 30)
DATES = tuple(TODAY + datetime.timedelta(days=n) for n in (-2, -1, 0, 1, 2))
MORE_DATES = tuple(TODAY + datetime.timedelta(days=n) for n in range(-4, 5))
YES_NO, COUNT, DATE = BoolType(), CountType(), DateType()
DUTY = BoolType(duty=True)
SPAN = Span(0, 0)

FACTS = ("p", "q", "r", "s", "t", "u")
COUNTS = ("k", "l")
LIMITS = ("limit", "deadline")
EVENTS = ("done", "sent")

_FIELDS = {name: FieldType(name, YES_NO) for name in FACTS}
_FIELDS |= {name: FieldType(name, COUNT) for name in COUNTS}
_FIELDS |= {name: FieldType(name, DATE) for name in LIMITS}
_FIELDS |= {name: FieldType(name, DATE, absence="none", event=True) for name in EVENTS}
_ELEMENT = RecordType("case.days[]", {name: FieldType(name, YES_NO) for name in ("w", "ok")})
_FIELDS["days"] = FieldType("days", ListType(_ELEMENT))
CASE = RecordType("case", _FIELDS)
ROOT = core.Root("case", True, CASE, SPAN)

Tree: TypeAlias = tuple[Any, ...]


# ---------------------------------------------------------------------- the oracle


def outcome(tree: Tree, data: dict[str, Any], day: dict[str, Any] | None = None) -> int:
    """Return 2 for met, 1 for open, 0 for broken, on a record in which nothing is missing."""
    kind = tree[0]
    if kind == "fact":
        return 2 if (day if tree[1] in ("w", "ok") and day is not None else data)[tree[1]] else 0
    if kind == "constant":
        return 2 if tree[1] else 0
    if kind == "not":
        return 2 - outcome(tree[1], data, day)
    if kind == "and":
        return min(outcome(part, data, day) for part in tree[1:])
    if kind == "or":
        return max(outcome(part, data, day) for part in tree[1:])
    if kind == "if":
        return outcome(tree[2] if outcome(tree[1], data, day) else tree[3], data, day)
    if kind == "count":
        return 2 if _compares(tree[1], data[tree[2]], tree[3]) else 0
    if kind in ("due", "late"):
        came, last = data[tree[1]], data[tree[2]]
        happened = came is not None and came <= TODAY
        if kind == "late":
            return 2 if (came if happened else TODAY) > last else 0
        if happened:
            return 2 if came <= last else 0
        return 1 if last >= TODAY else 0
    chosen = [each for each in data["days"] if tree[1] is None or outcome(tree[1], data, each)]
    if kind == "how many":
        return 2 if _compares(tree[2], len(chosen), tree[3]) else 0
    bodies = sorted((outcome(tree[2], data, each) for each in chosen), reverse=True)
    if kind == "every":
        return min(bodies, default=2)
    if kind == "some":
        return max(bodies, default=0)
    wanted: int = tree[3]
    return 2 if wanted == 0 else bodies[wanted - 1] if wanted <= len(bodies) else 0


def _compares(op: str, left: int, right: int) -> bool:
    return {"=": left == right, "!=": left != right, "<=": left <= right, ">": left > right}[op]


@dataclass(frozen=True)
class RuleTree:
    """A rule as the oracle sees it."""

    when: Tree | None
    require: Tree
    unless: tuple[Tree, ...]
    pending: Tree | None


def judge(rule: RuleTree, data: dict[str, Any]) -> Verdict:
    """Return the verdict on a record in which nothing is missing."""
    if rule.when is not None and outcome(rule.when, data) == 0:
        return "not_applicable"
    require = outcome(rule.require, data)
    exceptions = [outcome(tree, data) for tree in rule.unless]
    if require == 2:
        return "pass"
    if 2 in exceptions:
        return "excused"
    if 1 in (require, *exceptions) or (rule.pending is not None and outcome(rule.pending, data) == 2):
        return "pending"
    return "fail"


def completions(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every record that the given one may turn out to be."""
    names = [name for name in (*FACTS, *COUNTS, *LIMITS) if name not in data]
    values = [(True, False) if n in FACTS else range(4) if n in COUNTS else MORE_DATES for n in names]
    days: list[dict[str, Any]] = data["days"]
    holes = [(at, name) for at, day in enumerate(days) for name in ("w", "ok") if name not in day]
    for chosen in product(*values):
        for filled in product((True, False), repeat=len(holes)):
            whole = [dict(day) for day in days]
            for (at, name), value in zip(holes, filled, strict=True):
                whole[at][name] = value
            events = {name: data.get(name) for name in EVENTS}
            yield {**events, **data, **dict(zip(names, chosen, strict=True)), "days": whole}


# ---------------------------------------------------------------------- the same trees as typed core


def to_core(tree: Tree) -> core.Expr:
    """Return a tree as the checker would emit it."""
    kind, rest = tree[0], tree[1:]
    if kind == "fact":
        if rest[0] in ("w", "ok"):
            return core.FieldRead(core.Local("day", _ELEMENT, SPAN), _ELEMENT.fields[rest[0]], YES_NO, SPAN)
        return _read(rest[0])
    if kind == "constant":
        return core.Constant(rest[0], YES_NO, SPAN)
    if kind == "not":
        return core.Not(to_core(rest[0]), YES_NO, SPAN)
    if kind == "and":
        return core.And(tuple(map(to_core, rest)), DUTY, SPAN)
    if kind == "or":
        return core.Or(tuple(map(to_core, rest)), DUTY, SPAN)
    if kind == "if":
        condition, yes, no = map(to_core, rest)
        return core.If(condition, yes, no, DUTY, SPAN)
    if kind == "count":
        return core.Compare(rest[0], _read(rest[1]), core.Constant(rest[2], COUNT, SPAN), YES_NO, SPAN)
    if kind == "due":
        return core.DueBy(_read(rest[0]), _read(rest[1]), DUTY, SPAN)
    if kind == "late":
        return core.IsLate(_read(rest[0]), _read(rest[1]), YES_NO, SPAN)
    where = None if rest[0] is None else to_core(rest[0])
    binder = core.Binder("day", _read("days"), where, _ELEMENT, SPAN)
    if kind == "how many":
        return core.Compare(rest[1], core.Count(binder, COUNT, SPAN), core.Constant(rest[2], COUNT, SPAN), YES_NO, SPAN)
    if kind == "every":
        return core.Every(binder, to_core(rest[1]), DUTY, SPAN)
    if kind == "some":
        return core.Some(binder, to_core(rest[1]), DUTY, SPAN)
    return core.AtLeast(core.Constant(rest[2], COUNT, SPAN), binder, to_core(rest[1]), DUTY, SPAN)


def _read(name: str) -> core.Expr:
    declared = CASE.fields[name]
    return core.FieldRead(ROOT, declared, declared.type, SPAN)


_BASE = policy_of("require: a")
_POLICY = replace(_BASE, subject=CASE, readings={}, parameters={}, definitions={}, with_records={})


def evaluate(rule: RuleTree, data: dict[str, Any]) -> Any:
    """Return the evaluator's result."""
    own = replace(
        _BASE.rules[0],
        when=None if rule.when is None else to_core(rule.when),
        require=to_core(rule.require),
        unless=tuple(
            UnlessException(f"e{at}", Text(), to_core(tree), _BASE.source, SPAN) for at, tree in enumerate(rule.unless)
        ),
        pending_while=None if rule.pending is None else to_core(rule.pending),
    )
    (result,) = evaluate_rule(own, _POLICY, {"case": Record("case", "A-1", data)}, TODAY)
    return result


# ---------------------------------------------------------------------- what is generated


def _leaves(names: tuple[str, ...] = FACTS) -> st.SearchStrategy[Tree]:
    return st.one_of(
        st.tuples(st.just("fact"), st.sampled_from(names)),
        st.tuples(st.just("fact"), st.sampled_from(names)),
        st.tuples(
            st.just("count"), st.sampled_from(["=", "!=", "<=", ">"]), st.sampled_from(COUNTS), st.integers(0, 2)
        ),
        st.tuples(st.just("late"), st.sampled_from(EVENTS), st.sampled_from(LIMITS)),
    )


_DUE = st.tuples(st.just("due"), st.sampled_from(EVENTS), st.sampled_from(LIMITS))
_IN_DAY = st.sampled_from([("fact", "ok"), ("not", ("fact", "ok")), ("and", ("fact", "ok"), ("fact", "p"))])
_WHERE = st.sampled_from([None, ("fact", "w"), ("not", ("fact", "w"))])
_DAY_DUTY = st.one_of(_IN_DAY, st.tuples(st.just("or"), st.just(("fact", "ok")), _DUE))


def _grown(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    return st.one_of(
        st.tuples(st.just("and"), inner, inner),
        st.tuples(st.just("or"), inner, inner),
        st.tuples(st.just("and"), inner, inner, inner),
    )


def _conditions() -> st.SearchStrategy[Tree]:
    listed = st.one_of(
        st.tuples(st.just("every"), _WHERE, _IN_DAY),
        st.tuples(st.just("some"), _WHERE, _IN_DAY),
        st.tuples(st.just("how many"), _WHERE, st.sampled_from(["=", "!=", "<=", ">"]), st.integers(0, 2)),
    )
    return st.recursive(
        st.one_of(_leaves(), listed, st.tuples(st.just("constant"), st.booleans())),
        lambda inner: st.one_of(
            _grown(inner), st.tuples(st.just("not"), inner), st.tuples(st.just("if"), inner, inner, inner)
        ),
        max_leaves=4,
    )


CONDITIONS = _conditions()
DUTIES = st.recursive(
    st.one_of(
        CONDITIONS,
        _DUE,
        st.tuples(st.just("every"), _WHERE, _DAY_DUTY),
        st.tuples(st.just("some"), _WHERE, _DAY_DUTY),
        st.tuples(st.just("at least"), _WHERE, _DAY_DUTY, st.integers(0, 3)),
    ),
    lambda inner: st.one_of(_grown(inner), st.tuples(st.just("if"), CONDITIONS, inner, inner)),
    max_leaves=4,
)
RULES = st.builds(
    RuleTree,
    st.none() | CONDITIONS,
    DUTIES,
    st.lists(DUTIES, max_size=2).map(tuple),
    st.none() | CONDITIONS,
)


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    """Return a record of which at most three plain facts and two facts of elements are missing."""
    data: dict[str, Any] = {name: draw(st.booleans()) for name in FACTS}
    data |= {name: draw(st.integers(0, 2)) for name in COUNTS}
    data |= {name: draw(st.sampled_from(DATES)) for name in LIMITS}
    for name in draw(st.lists(st.sampled_from([*FACTS, *COUNTS, *LIMITS]), max_size=3, unique=True)):
        del data[name]
    data |= {name: draw(st.sampled_from(DATES)) for name in EVENTS if draw(st.booleans())}
    holes = draw(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["w", "ok"])), max_size=2, unique=True))
    days = [{"w": draw(st.booleans()), "ok": draw(st.booleans())} for _ in range(draw(st.integers(0, 3)))]
    data["days"] = [{n: v for n, v in day.items() if (at, n) not in holes} for at, day in enumerate(days)]
    return data


ALLOWED: dict[Verdict, set[Verdict]] = {
    "pass": {"pass"},
    "fail": {"fail"},
    "not_applicable": {"not_applicable"},
    "excused": {"pass", "excused"},
    "pending": {"pass", "excused", "pending"},
}


def names_in(tree: Tree | None) -> list[str]:
    """Return the facts that a tree reads, each as often as it stands there; a list counts as one."""
    if tree is None:
        return []
    if tree[0] == "fact":
        return [tree[1]]
    if tree[0] == "count":
        return [tree[2]]
    if tree[0] in ("due", "late"):
        return [tree[2]]
    return [name for part in tree[1:] if isinstance(part, tuple) for name in names_in(part)]


def once_only(rule: RuleTree) -> bool:
    """Return whether no fact that may be missing stands twice in a rule, and none of the record in a list's body."""
    trees = [tree for tree in (rule.when, rule.require, *rule.unless, rule.pending) if tree is not None]
    names = [name for tree in trees for name in names_in(tree)]
    lists = sum(_lists(tree) for tree in trees)
    return len(names) == len(set(names)) and lists <= 1 and not any(_shares(tree) for tree in trees)


def _lists(tree: Tree) -> int:
    own = tree[0] in ("every", "some", "at least", "how many")
    return own + sum(_lists(part) for part in tree[1:] if isinstance(part, tuple))


def _shares(tree: Tree) -> bool:
    if tree[0] in ("every", "some", "at least") and set(names_in(tree)) - {"w", "ok"}:
        return True
    return any(_shares(part) for part in tree[1:] if isinstance(part, tuple))


@tries(120)
@given(RULES, records())
def test_a_verdict_holds_however_the_missing_facts_turn_out(rule: RuleTree, data: dict[str, Any]) -> None:
    found = evaluate(rule, data)
    worlds = {judge(rule, whole) for whole in completions(data)}
    event(f"{found.verdict} of {len(worlds)} possible")
    if found.verdict == "unknown":
        assert found.undecided
    else:
        assert worlds <= ALLOWED[found.verdict]


@tries(60)
@given(RULES.filter(once_only), records())
def test_a_verdict_is_exact_where_no_fact_stands_twice(rule: RuleTree, data: dict[str, Any]) -> None:
    found = evaluate(rule, data)
    event(found.verdict)
    assert settle(frozenset(judge(rule, whole) for whole in completions(data))) == found.verdict


@tries(80)
@given(RULES, records(), st.data())
def test_giving_a_fact_never_turns_a_firm_verdict(rule: RuleTree, data: dict[str, Any], draw: st.DataObject) -> None:
    before = evaluate(rule, data).verdict
    more = draw.draw(st.sampled_from(list(completions(data))))
    missing = [name for name in (*FACTS, *COUNTS, *LIMITS) if name not in data]
    for name in missing[:1]:
        after = evaluate(rule, {**data, name: more[name]}).verdict
        event(f"{before} to {after}")
        if before != "unknown":
            assert after in ALLOWED[before]


@tries(30)
@given(RULES.filter(once_only), records())
def test_what_is_marked_alone_does_decide_and_what_is_not_does_not(rule: RuleTree, data: dict[str, Any]) -> None:
    found = evaluate(rule, data)
    for item in found.undecided:
        if "[" in item.name or len(found.undecided) == 1:
            continue
        values: Any = (True, False) if item.name in FACTS else range(4) if item.name in COUNTS else MORE_DATES
        decided = [evaluate(rule, {**data, item.name: value}).verdict != "unknown" for value in values]
        assert item.alone == any(decided), item
