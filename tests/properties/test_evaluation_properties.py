"""Properties of evaluation over every shipped rule and every example: what must hold whatever the rule says."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pykala.evaluate.result import Result
from pykala.evaluate.rules import evaluate_rule
from pykala.policy.loader import PolicySet, load_policies
from pykala.policy.model import Policy, Rule, Verdict
from pykala.quality.examples import ExampleRecords, example_records
from pykala.records.record import Record
from pykala_dsl import core
from pykala_dsl.diagnostics import Diagnostic
from pykala_dsl.typesys import ListType, RecordType, Type

FOLDER = Path(__file__).parents[2] / "policies"
ALLOWED: dict[Verdict, set[Verdict]] = {
    "pass": {"pass"},
    "fail": {"fail"},
    "not_applicable": {"not_applicable"},
    "excused": {"pass", "excused"},
    "pending": {"pass", "excused", "pending"},
}


@cache
def shipped() -> PolicySet:
    """Return the policies of this repository."""
    return load_policies(FOLDER, cache=False)


@cache
def names() -> list[str]:
    """Return the versions and rules as `policy@version/rule`."""
    return [f"{policy.name}/{rule.id}" for policy in shipped().policies for rule in policy.rules]


def rule_named(name: str) -> tuple[Policy, Rule]:
    """Return a policy and its rule."""
    policy = shipped().find(name.rpartition("/")[0])
    assert policy is not None
    rule = policy.rule(name.rpartition("/")[2])
    assert rule is not None
    return policy, rule


def worlds(policy: Policy, rule: Rule) -> Iterator[ExampleRecords]:
    """Yield the records of each example of a rule."""
    for example in rule.examples:
        made = example_records(policy, example, shipped().vocabulary)
        assert not isinstance(made, Diagnostic), made
        yield made


Path_ = tuple[str | int, ...]


def forgettable(data: Any, kind: Type, at: Path_ = ()) -> Iterator[Path_]:
    """Yield the paths of the facts in a record that may be left out without saying "none"."""
    if isinstance(kind, RecordType) and isinstance(data, Mapping):
        for name, declared in kind.fields.items():
            if name not in data:
                continue
            if declared.absence == "unknown" and not declared.required:
                yield (*at, name)
            yield from forgettable(data[name], declared.type, (*at, name))
    elif isinstance(kind, ListType) and isinstance(data, list):
        for index, item in enumerate(data):
            yield from forgettable(item, kind.element, (*at, index))


def without(record: Record, path: Path_) -> Record:
    """Return the record without one fact."""
    data = copy.deepcopy(dict(record.data))
    here: Any = data
    for part in path[:-1]:
        here = here[part]
    if here is None:
        return record
    del here[path[-1]]
    return Record(record.kind, record.id, data, record.origin)


def fields_read(policy: Policy, rule: Rule) -> set[str]:
    """Return the names of the fields that a rule may read."""
    exprs: list[core.Expr | core.Binder] = [rule.require, *(item.condition for item in rule.unless)]
    exprs += [part for part in (rule.for_each, rule.when, rule.pending_while) if part is not None]
    exprs += [item.expr for item in (*policy.definitions.values(), *rule.definitions.values())]
    return {part.field.name for expr in exprs for part in core.walk(expr) if isinstance(part, core.FieldRead)}


def verdicts(policy: Policy, rule: Rule, made: ExampleRecords, records: Mapping[str, Record]) -> list[Result]:
    """Return the results without reasons."""
    return evaluate_rule(rule, policy, records, made.as_of, reasons=False)


@pytest.mark.parametrize("name", names())
def test_a_forgotten_fact_never_becomes_a_pass(name: str) -> None:
    """What is said without a fact holds when the fact is given: for each fact of each example, left out in turn."""
    policy, rule = rule_named(name)
    read = fields_read(policy, rule)
    types = {policy.record: policy.subject, **policy.with_types}
    for made in worlds(policy, rule):
        given = {result.at: result.verdict for result in verdicts(policy, rule, made, made.records)}
        for kind, record in made.records.items():
            for path in forgettable(record.data, types[kind]):
                if path[-1] not in read:
                    continue
                poorer = {**made.records, kind: without(record, path)}
                for result in verdicts(policy, rule, made, poorer):
                    if result.verdict == "unknown":
                        assert result.undecided, (path, made.records)
                    else:
                        found = _same_element(given, result.at)
                        assert found <= ALLOWED[result.verdict], (path, result.verdict, found)


def _same_element(given: Mapping[str | None, Verdict], at: str | None) -> set[Verdict]:
    if at in given:
        return {given[at]}
    if at is None:
        return set(given.values())
    return {"not_applicable"}


@pytest.mark.parametrize("name", names())
def test_reasons_change_no_verdict(name: str) -> None:
    policy, rule = rule_named(name)
    for made in worlds(policy, rule):
        told = evaluate_rule(rule, policy, made.records, made.as_of)
        plain = verdicts(policy, rule, made, made.records)
        assert [(each.at, each.verdict, each.due, each.undecided) for each in told] == [
            (each.at, each.verdict, each.due, each.undecided) for each in plain
        ]


@pytest.mark.parametrize("name", names())
def test_an_empty_record_gives_no_verdict_without_saying_why(name: str) -> None:
    """Nothing is recorded: a rule is not applicable, waits, or says what it hangs on; it never raises."""
    policy, rule = rule_named(name)
    made = next(iter(worlds(policy, rule)))  # every shipped rule has an example; one without would fail here
    empty = {kind: Record(kind, "A-1", {}) for kind in made.records}
    for result in evaluate_rule(rule, policy, empty, made.as_of):
        assert result.verdict != "pass" or _passes_on_absence(rule)
        assert (result.verdict == "unknown") == bool(result.undecided)


def _passes_on_absence(rule: Rule) -> bool:
    """Return whether a rule can be met by what is not there: a count, an absence, an empty list."""
    kinds = (core.Count, core.CountDistinct, core.IsPresent, core.Every, core.Some, core.IsLate, core.DefinitionRead)
    return any(isinstance(part, kinds) for part in core.walk(rule.require))
