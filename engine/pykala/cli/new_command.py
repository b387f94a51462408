"""`pykala new rule`: a rule with its examples, at the end of a policy file."""

from __future__ import annotations

import re
from pathlib import Path

import click

from pykala.cli import common
from pykala.policy.model import RESPONSIBLE, Responsible

_NAME = re.compile(r"([^/]+)/([a-z0-9]+(-[a-z0-9]+)*)")


@click.group("new")
def command() -> None:
    """Add something new to the policies."""


@command.command("rule")
@click.argument("name", metavar="POLICY[@VERSION]/RULE")
@click.option("--require", required=True, metavar="EXPRESSION", help="What must hold.")
@click.option("--cite", multiple=True, required=True, metavar="SOURCE/STATEMENT", help="What it rests on (repeatable).")
@click.option("--for-each", metavar="BINDER", help="Judge each element of a list: `day in days`.")
@click.option("--when", metavar="EXPRESSION", help="The condition under which it applies.")
@click.option("--phase", metavar="PHASE", help="The page of the handbook: delivery, billing, …")
@click.option("--responsible", type=click.Choice(RESPONSIBLE), help="Who must act, where the policy says another.")
@click.option("--title", metavar="TEXT", help="What it is called; translate it afterwards.")
@common.policies_option
def rule(
    name: str,
    require: str,
    cite: tuple[str, ...],
    for_each: str | None,
    when: str | None,
    phase: str | None,
    responsible: Responsible | None,
    title: str | None,
    directory: Path,
) -> None:
    """Add a rule to a policy, with examples on both sides of each boundary, found on its typical record."""
    from pykala.scaffold.new_rule import RuleDraft, with_new_rule

    found = _NAME.fullmatch(name)
    if found is None:
        common.fail(f"{name!r} names no rule", "write POLICY/RULE in small letters, for example work-trial/day-length")
    policy_name, rule_id = found.group(1), found.group(2)
    policies = common.load(directory, only=policy_name)
    policy = policies.find(policy_name)
    assert policy is not None
    if policy.rule(rule_id) is not None:
        common.fail(f"{policy.name} has a rule {rule_id!r} already", "choose another id")
    draft = RuleDraft(rule_id, cite, require, for_each, when, phase, title, responsible)
    text = with_new_rule(policies, policy, draft)
    path = Path(policy.source.path)
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        common.fail(f"cannot write {path.as_posix()}: {(error.strerror or 'not possible').lower()}")
    line = 1 + text[: text.index(f"- id: {rule_id}\n")].count("\n")
    click.echo(f"added {path.as_posix()}:{line}")
    click.echo("next: read the examples, write title and message in three languages, then pykala lint", err=True)
