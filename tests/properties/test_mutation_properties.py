"""Mutation over the shipped policies: what is called the same is the same, and what is proposed does what it promises."""

from __future__ import annotations

import datetime
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import record_strategies as made
from pykala.evaluate.rules import judge_rule
from pykala.policy.loader import load_policies
from pykala.policy.model import Policy, Rule
from pykala.quality.mutate.mutants import mutants_of
from pykala.quality.mutate.normal import Normalizer
from pykala.quality.mutate.run import MutantResult, run_mutation
from record_strategies import TOP, World

NAMES = tuple(policy.name for policy in made.shipped().policies)


@dataclass(frozen=True)
class Alike:
    """Rules that are said to be the same: each with its policy and a name."""

    rules: tuple[tuple[str, Policy, Rule], ...]


@cache
def said_to_be_alike(name: str) -> tuple[Alike, ...]:
    """Return the groups of mutants of a policy's rules, and the rules, that have one normal form."""
    policy = made.policy(name)
    found = []
    for rule in policy.rules:
        normalizer = Normalizer()
        groups: dict[object, list[tuple[str, Policy, Rule]]] = {}
        groups[normalizer.rule(policy, rule)] = [(f"{rule.id} itself", policy, rule)]
        for mutant in mutants_of(policy, rule):
            form = normalizer.rule(mutant.policy, mutant.rule)
            groups.setdefault(form, []).append((f"{rule.id}, {mutant.name}", mutant.policy, mutant.rule))
        found += [Alike(tuple(group)) for group in groups.values() if len(group) > 1]
    return tuple(found)


def values_in(data: Any) -> Iterator[Any]:
    if isinstance(data, Mapping):
        for value in data.values():
            yield from values_in(value)
    elif isinstance(data, list):
        for value in data:
            yield from values_in(value)
    else:
        yield data


def inside_the_calendar(world: World) -> bool:
    """Return whether every date has dates before and after it: at the ends of the calendar a step has no value."""
    dates = [value for value in values_in(world.data) if isinstance(value, datetime.date)]
    return all(1 < date.year < 9999 for date in dates)


@pytest.mark.parametrize("name", NAMES)
def test_rules_of_one_normal_form_give_the_same_verdicts(name: str) -> None:
    groups = said_to_be_alike(name)

    @settings(max_examples=max(1, settings().max_examples // 20))
    @given(st.one_of(made.worlds(name), made.changed_examples(name)))
    def check(world: World) -> None:
        assume(inside_the_calendar(world))
        for alike in groups:
            answers = {
                each: [
                    (r.at, r.verdict, r.exception, r.due) for r in judge_rule(rule, policy, world.records, world.as_of)
                ]
                for each, policy, rule in alike.rules
            }
            first = next(iter(answers.values()))
            assert [each for each, answer in answers.items() if answer != first] == [], alike.rules[0][0]

    if groups:
        check()


def test_there_are_mutants_of_one_normal_form() -> None:
    """What the test above tries is not nothing."""
    assert said_to_be_alike("work-coaching@2025")


# ---------------------------------------------------------------------- proposals


def with_first_example_only(text: str) -> str:
    """Return a policy file in which each rule keeps the first of its examples alone, and no mutant is explained."""
    text = re.sub(r"^    equivalent:\n(?:^ {6}.*\n)+", "", text, flags=re.MULTILINE)
    return re.sub(
        r"(^    examples:\n      - (?:.*\n)(?: {8}.*\n)*)(?: {6}- .*\n(?: {8}.*\n)*)+", r"\1", text, flags=re.MULTILINE
    )


def pasted(text: str, rule: str, examples: tuple[str, ...]) -> str:
    """Return a policy file with examples pasted under `examples:` of a rule."""
    lines = [f"      {line}\n" for example in examples for line in example.split("\n")]
    head, at, rest = text.partition(f"  - id: {rule}\n")
    before, key, after = rest.partition("    examples:\n")
    return head + at + before + key + "".join(lines) + after


def living(results: tuple[MutantResult, ...]) -> list[MutantResult]:
    return [result for result in results if result.status in ("survived", "untagged")]


@pytest.mark.parametrize("policy", ["client-quotas", "statistics", "teak"])
def test_every_proposed_example_kills_its_mutant_when_it_is_pasted(policy: str, tmp_path: Path) -> None:
    directory = tmp_path / "policies"
    for folder in ("records", "sources", policy):
        shutil.copytree(TOP / "policies" / folder, directory / folder)
    (file,) = (directory / policy).glob("*.yaml")
    file.write_text(with_first_example_only(file.read_text(encoding="utf-8")), encoding="utf-8")
    before = run_mutation(load_policies(directory, cache=False), jobs=1)
    assert all(not rule.failing for rule in before)
    text = file.read_text(encoding="utf-8")
    for rule in before:
        text = pasted(text, rule.rule, rule.proposals)
    file.write_text(text, encoding="utf-8")
    after = run_mutation(load_policies(directory, cache=False), jobs=1, propose=False)
    assert [rule.failing for rule in after] == [()] * len(before)
    promised = {
        (rule.rule, result.name) for rule in before for result in living(rule.results) if result.proposal is not None
    }
    assert len(promised) >= 5
    assert [
        (rule.rule, result.name)
        for rule in after
        for result in living(rule.results)
        if (rule.rule, result.name) in promised
    ] == []
    found, all_living = len(promised), sum(len(living(rule.results)) for rule in before)
    assert found >= all_living * 0.8, f"only {found} of {all_living} mutants have a proposal"
