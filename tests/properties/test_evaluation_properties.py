"""Properties of evaluation over every shipped rule and every example: what must hold whatever the rule says."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice
from typing import Any

import pytest
from hypothesis import settings

from pykala.evaluate.result import Result
from pykala.evaluate.rules import evaluate_rule, judge_rule
from pykala.policy.model import Policy, Rule, Verdict
from pykala.quality.examples import ExampleRecords, example_records
from pykala.records.record import Record
from pykala_dsl import core
from pykala_dsl.diagnostics import Diagnostic
from pykala_dsl.typesys import ListType, RecordType, Type
from record_strategies import Reads, read_by, shipped

ALLOWED: dict[Verdict, set[Verdict]] = {
    "pass": {"pass"},
    "fail": {"fail"},
    "not_applicable": {"not_applicable"},
    "excused": {"pass", "excused"},
    "pending": {"pass", "excused", "pending"},
}


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


def forgettable(data: Any, kind: Type, read: Reads, at: Path_ = ()) -> Iterator[Path_]:
    """Yield the paths of the facts in a record that are read and may be left out without saying "none"."""
    if isinstance(kind, RecordType) and isinstance(data, Mapping):
        for name, declared in kind.fields.items():
            if name not in data:
                continue
            if declared.absence == "unknown" and not declared.required and (kind.name, name) in read:
                yield (*at, name)
            yield from forgettable(data[name], declared.type, read, (*at, name))
    elif isinstance(kind, ListType) and isinstance(data, list):
        for index, item in enumerate(data):
            yield from forgettable(item, kind.element, read, (*at, index))


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


def verdicts(policy: Policy, rule: Rule, made: ExampleRecords, records: Mapping[str, Record]) -> list[Result]:
    """Return the results without reasons."""
    return evaluate_rule(rule, policy, records, made.as_of, reasons=False)


def poorer(policy: Policy, rule: Rule) -> Iterator[tuple[ExampleRecords, Path_, dict[str, Record]]]:
    """Yield the records of each example without one fact, for each fact that is read, and the path of that fact."""
    types = {policy.record: policy.subject, **policy.with_types}
    for made in worlds(policy, rule):
        for kind, record in made.records.items():
            for path in forgettable(record.data, types[kind], read_by(policy.name, rule.id)):
                yield made, path, {**made.records, kind: without(record, path)}


@pytest.mark.parametrize("name", names())
def test_a_forgotten_fact_never_becomes_a_pass(name: str) -> None:
    """What is said without a fact holds when the fact is given: for each fact of each example, left out in turn."""
    policy, rule = rule_named(name)
    given: dict[str | None, Verdict] = {}
    told: ExampleRecords | None = None
    for made, path, less in poorer(policy, rule):
        if made is not told:
            told, given = made, {each.at: each.verdict for each in judge_rule(rule, policy, made.records, made.as_of)}
        for result in judge_rule(rule, policy, less, made.as_of):
            if result.verdict != "unknown":
                found = _same_element(given, result.at)
                assert found <= ALLOWED[result.verdict], (path, result.verdict, found)


@pytest.mark.parametrize("name", names())
def test_without_a_fact_it_is_said_what_an_unknown_verdict_hangs_on(name: str) -> None:
    """Of the same records; the profile `ci` takes a part of them, since trying what decides takes long."""
    policy, rule = rule_named(name)
    for made, path, less in islice(poorer(policy, rule), 0, None, max(1, 600 // settings().max_examples)):
        for result in verdicts(policy, rule, made, less):
            assert (result.verdict == "unknown") == bool(result.undecided), (path, made.records)


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
