"""`pykala test --mutate`: its options, and what it does in place of running the examples alone."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pykala.cli import common

if TYPE_CHECKING:
    from pykala.policy.loader import PolicySet
    from pykala.policy.model import Policy, Rule

F = TypeVar("F", bound=Callable[..., Any])


def mutation_options(function: F) -> F:
    """Add `--mutate` and the options that go with it."""
    percent = click.IntRange(0, 100)
    for option in (
        click.option(
            "--rest-score",
            type=percent,
            default=90,
            show_default=True,
            help="With --mutate: the least share of all other mutants that each policy must kill.",
        ),
        click.option(
            "--exact-score",
            type=percent,
            default=100,
            show_default=True,
            help="With --mutate: the least share of mutants of numbers, dates, strictness and exceptions.",
        ),
        click.option(
            "--propose/--no-propose",
            default=True,
            show_default=True,
            help="With --mutate: look for examples that would notice what survives.",
        ),
        click.option(
            "--mutate",
            is_flag=True,
            help="Change one thing of a rule at a time, and list the changes that no example notices.",
        ),
    ):
        function = option(function)
    return function


def run(
    policy_set: PolicySet,
    wanted: Callable[[Policy, Rule], bool],
    *,
    forms: Sequence[tuple[str, Path | None]],
    jobs: int | None,
    exact_score: int,
    rest_score: int,
    propose: bool,
) -> None:
    """Try the mutants of the wanted rules and write what came of them; exit code 1 below a threshold."""
    from pykala.quality.mutate.run import Thresholds, run_mutation
    from pykala.report.mutation import FORMS, mutation_report

    strange = [name for name, _ in forms if name not in FORMS]
    if strange:
        common.fail(f"there is no {strange[0]} report of mutants", "write one of: " + ", ".join(FORMS))
    rules = run_mutation(policy_set, wanted, jobs=jobs, propose=propose)
    thresholds = Thresholds(exact_score, rest_score)
    for name, path in forms:
        with common.open_output(path) as stream:
            stream.write(mutation_report(next(form for form in FORMS if form == name), rules, thresholds))
    policies = [list(group) for _, group in groupby(rules, lambda rule: (rule.policy, rule.version))]
    if any(rule.failing or rule.stale for rule in rules) or any(thresholds.missed(own) for own in policies):
        sys.exit(1)
