"""What holds for every shipped rule on every record: no error, no overturned verdict, nothing undecided unnamed."""

from __future__ import annotations

import locale
import os
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import record_strategies as made
from pykala.evaluate.check import check_records
from pykala.evaluate.result import Result
from pykala.evaluate.rules import evaluate_rule
from pykala.evaluate.rules import judge_rule as judge_bare
from pykala.policy.model import Policy, Rule, Verdict
from pykala.records.build import build_record
from pykala.records.record import Record
from pykala.report.json_report import report_json
from pykala_dsl import core
from pykala_dsl.typesys import BoolType, EnumType, Type
from record_strategies import Place, World
from tries import tries

NAMES = tuple(policy.name for policy in made.shipped().policies)
each_policy = pytest.mark.parametrize("name", NAMES)
NARROWER: dict[Verdict, set[Verdict | None]] = {
    "pass": {"pass"},
    "fail": {"fail"},
    "not_applicable": {"not_applicable", None},
    "excused": {"pass", "excused"},
    "pending": {"pass", "excused", "pending"},
}
"""What a verdict may become when a fact is given; None: the element is not among those judged any more."""


def any_world(name: str) -> st.SearchStrategy[World]:
    return st.one_of(made.worlds(name), made.changed_examples(name), made.changed_examples(name))


def judge(world: World, policy: Policy | None = None, *, reasons: bool = False) -> list[list[Result]]:
    """Return the results of each rule of the world's policy."""
    policy = policy or made.policy(world.policy)
    return [judge_rule(rule, world, policy, reasons=reasons) for rule in policy.rules]


def judge_all_bare(world: World) -> list[list[Result]]:
    """Return the verdicts of each rule of the world's policy, without what they hang on."""
    policy = made.policy(world.policy)
    return [judge_bare(rule, policy, world.records, world.as_of) for rule in policy.rules]


def judge_rule(rule: Rule, world: World, policy: Policy | None = None, *, reasons: bool = False) -> list[Result]:
    return evaluate_rule(rule, policy or made.policy(world.policy), world.records, world.as_of, reasons=reasons)


# ---------------------------------------------------------------------- every result is well formed


def assert_well_formed(results: Sequence[Result], world: World) -> None:
    assert results
    for result in results:
        assert bool(result.undecided) == (result.verdict == "unknown"), result
        if result.verdict == "pending":
            assert result.due is None or result.due >= world.as_of, result
            assert result.due is not None or result.rule.pending_while is not None, result
        else:
            assert result.due is None, result
        assert result.exception is None or result.verdict == "excused", result
    paths = [result.at for result in results]
    assert len(paths) == len(set(paths))
    binder = results[0].rule.for_each
    if binder is None:
        assert paths == [None]
    elif not any(isinstance(expr, core.Pairs) for expr in core.walk(binder.collection)):
        orders = [_order(path) for path in paths if path is not None]
        assert all(one < other for one, other in pairwise(orders)), paths


def _order(path: str) -> tuple[Any, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", path))


@each_policy
def test_any_record_is_judged_and_every_result_is_whole(name: str) -> None:
    @tries(12)
    @given(any_world(name))
    def check(world: World) -> None:
        for results in judge(world, reasons=True):
            assert_well_formed(results, world)

    check()


@each_policy
def test_what_is_made_of_the_types_fits_the_schema(name: str) -> None:
    """The records of these tests are such as can be read from a file."""

    @tries(6)
    @given(made.worlds(name))
    def check(world: World) -> None:
        policy = made.policy(name)
        for kind, data in world.data.items():
            known = made.shipped().vocabulary.kinds[kind]
            # Whether a code is well formed is found out when the record is read.
            found_out = {field for field, schema in known.schema["properties"].items() if "well_formed" in schema}
            given_data = {field: value for field, value in data.items() if field not in found_out}
            built = build_record(made.shipped().vocabulary, kind, made.written(known.type, given_data), "made")
            assert isinstance(built, Record), built
            assert {field: value for field, value in built.data.items() if field not in found_out} == given_data
        assert policy.record in world.data

    check()


# ---------------------------------------------------------------------- giving a fact (c6)


def verdicts(results: Sequence[Result]) -> dict[str | None, Verdict]:
    return {result.at: result.verdict for result in results}


def overturned(before: Sequence[Result], after: Sequence[Result]) -> Iterator[str]:
    """Yield what a fact that was given has overturned: it may only narrow what was possible."""
    now = verdicts(after)
    for at, verdict in verdicts(before).items():
        if verdict != "unknown" and now.get(at) not in NARROWER[verdict]:
            yield f"{before[0].rule.id} at {at}: {verdict} became {now.get(at)}"


def unsaid(world: World, reads: made.Reads) -> list[Place]:
    """Return the facts that are given, and whose absence would say nothing."""
    return [place for place in made.places(world, reads) if place.given and place.declared.absence == "unknown"]


@each_policy
def test_giving_facts_overturns_no_verdict(name: str) -> None:
    reads = made.read_by(name)

    @tries(15)
    @given(any_world(name), st.data())
    def check(world: World, data: st.DataObject) -> None:
        after = judge_all_bare(world)
        for _ in range(data.draw(st.integers(1, 6))):
            candidates = unsaid(world, reads)
            if not candidates:
                break
            place = data.draw(st.sampled_from(candidates))
            world = world.without(place.kind, place.path)
        for before, now in zip(judge_all_bare(world), after, strict=True):
            assert list(overturned(before, now)) == []

    check()


# ---------------------------------------------------------------------- what is undecided


def domain(type_: Type) -> tuple[Any, ...]:
    """Return every value of a small type, and that it is recorded as none."""
    match type_:
        case BoolType():
            return (True, False, None)
        case EnumType(_, members):
            return (*members, None)
        case _:
            return ()


def left_open(rule: Rule, world: World, place: Place) -> set[str | None]:
    """Return the elements whose verdict stays unknown whatever value a fact is given."""
    own = made.policy(world.policy)
    values = (world.changed(place.kind, place.path, value) for value in domain(place.declared.type))
    unknown = (
        {result.at for result in judge_bare(rule, own, given.records, given.as_of) if result.verdict == "unknown"}
        for given in values
    )
    return set.intersection(*unknown)


def small_facts(world: World, reads: made.Reads) -> list[Place]:
    """Return the facts of small types that are not given and whose absence says nothing."""
    return [
        place
        for place in made.places(world, reads)
        if not place.given and place.declared.absence == "unknown" and domain(place.declared.type)
    ]


def misjudged(rule: Rule, world: World) -> Iterator[str]:
    """Yield where `undecided` says of a yes/no or enum fact that is not given what trying its values denies.

    Of the facts that it does not name, one of each field is tried for each result.
    """
    subject = made.policy(world.policy).record
    facts = small_facts(world, made.read_by(world.policy, rule.id))
    left: dict[str, set[str | None]] = {}
    for result in judge_rule(rule, world):
        if result.verdict != "unknown":
            continue
        listed = {item.name: item.alone for item in result.undecided}
        tried = set()
        for place in facts:
            name = place.name(subject)
            if name not in listed:
                if (place.owner, place.declared.name) in tried or _inside_one_of(name, listed):
                    continue
                tried.add((place.owner, place.declared.name))
            if name not in left:
                left[name] = left_open(rule, world, place)
            alone = result.at not in left[name]
            if alone and not listed.get(name, False):
                said = "needs others" if name in listed else "does not matter"
                yield f"{rule.id} at {result.at}: {name} decides alone, and undecided says that it {said}"
            elif listed.get(name, False) and not alone:
                yield f"{rule.id} at {result.at}: {name} does not decide alone"


def _inside_one_of(name: str, listed: Iterable[str]) -> bool:
    return any(name.startswith((f"{other}.", f"{other}[")) for other in listed)


@each_policy
def test_undecided_names_what_decides_for_examples_without_one_fact(name: str) -> None:
    """Every example's records, one yes/no or enum fact left out in turn; the profile `ci` takes a part of them."""
    worlds = [
        (rule_id, less)
        for rule_id, world in made.seeds(name)
        for less in (
            world,
            *(
                world.without(place.kind, place.path)
                for place in unsaid(world, made.read_by(name, rule_id))
                if domain(place.declared.type)
            ),
        )
    ]
    found: set[str] = set()
    for rule_id, world in worlds[:: max(1, 1500 // settings().max_examples)]:
        rule = made.policy(name).rule(rule_id)
        assert rule is not None
        found.update(misjudged(rule, world))
    assert sorted(found) == []


@each_policy
def test_undecided_names_what_decides(name: str) -> None:
    policy = made.policy(name)

    @tries(20)
    @given(any_world(name), st.sampled_from(policy.rules))
    def check(world: World, rule: Rule) -> None:
        assert list(misjudged(rule, world)) == []

    check()


# ---------------------------------------------------------------------- what may not matter


def shuffled(value: Any, random: Any) -> Any:
    """Return data with the keys of every object in another order."""
    if isinstance(value, dict):
        keys = list(value)
        random.shuffle(keys)
        return {key: shuffled(value[key], random) for key in keys}
    if isinstance(value, list):
        return [shuffled(item, random) for item in value]
    return value


def report(world: World, order: Sequence[str] | None = None) -> dict[str, Any]:
    records = world.records
    subject = records[made.policy(world.policy).record]
    others = [records[kind] for kind in order or sorted(records) if records[kind] is not subject]
    found = check_records(made.shipped(), [subject], world.as_of, others=others, only=world.policy)
    return report_json(found, made.shipped().vocabulary, made.shipped().register)


@each_policy
def test_key_order_time_zone_and_locale_change_nothing(name: str) -> None:
    @tries(5)
    @given(any_world(name), st.randoms(use_true_random=False))
    def check(world: World, random: Any) -> None:
        expected = report(world)
        data = {kind: shuffled(each, random) for kind, each in shuffled(dict(world.data), random).items()}
        assert expected == report(replace(world, data=data), list(data))
        before, zone = locale.setlocale(locale.LC_ALL), os.environ.get("TZ")
        try:
            locale.setlocale(locale.LC_ALL, random.choice(("C", "")))
            os.environ["TZ"] = random.choice(("Pacific/Kiritimati", "America/Anchorage"))
            time.tzset()
            assert expected == report(world)
        finally:
            locale.setlocale(locale.LC_ALL, before)
            os.environ.pop("TZ", None)
            if zone is not None:
                os.environ["TZ"] = zone
            time.tzset()

    check()


@each_policy
def test_reasons_change_no_verdict(name: str) -> None:
    @tries(6)
    @given(any_world(name))
    def check(world: World) -> None:
        with_reasons = [[replace(result, reason=None) for result in results] for results in judge(world, reasons=True)]
        assert with_reasons == judge(world)

    check()


# ---------------------------------------------------------------------- parameters and readings


@st.composite
def filled(draw: st.DrawFn, name: str) -> Policy:
    """Return a policy with every unset parameter given some value of its type."""
    policy, near = made.policy(name), made.edges(name)
    parameters = {
        key: replace(each, value=draw(made.values(each.type, near))) if each.value is None else each
        for key, each in policy.parameters.items()
    }
    return replace(policy, parameters=parameters)


@st.composite
def varied(draw: st.DrawFn, name: str) -> Policy:
    """Return a policy with any values of its parameters, unset among them, and its readings chosen any way."""
    policy, near = made.policy(name), made.edges(name)
    parameters = {
        key: replace(each, value=draw(st.none() | made.values(each.type, near)))
        for key, each in policy.parameters.items()
    }
    readings = {
        key: replace(each, chosen=draw(st.sampled_from((None, *each.options)))) for key, each in policy.readings.items()
    }
    return replace(policy, parameters=parameters, readings=readings)


@each_policy
def test_any_parameters_and_readings_give_whole_results(name: str) -> None:
    @tries(8)
    @given(any_world(name), varied(name))
    def check(world: World, policy: Policy) -> None:
        for results in judge(world, policy):
            assert_well_formed(results, world)

    check()


@each_policy
def test_what_hangs_on_parameters_alone_is_settled_by_them(name: str) -> None:
    @tries(8)
    @given(any_world(name), filled(name))
    def check(world: World, policy: Policy) -> None:
        for rule in policy.rules:
            after = {result.at: result for result in judge_rule(rule, world, policy)}
            for before in judge_rule(rule, world):
                if before.verdict == "unknown" and {item.kind for item in before.undecided} == {"parameter"}:
                    now = after.get(before.at)
                    assert now is None or not any(item.kind == "parameter" for item in now.undecided)

    check()
