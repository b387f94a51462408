"""`pykala sample`: synthetic records for a repository that has no real ones to show."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pykala.cli import common

if TYPE_CHECKING:
    from pykala.policy.loader import PolicySet
    from pykala.policy.model import Policy


@click.command("sample")
@click.option("--policy", "only", metavar="ID[@VERSION]", help="The policy that judges the records.")
@click.option(
    "--since", metavar="REVISION", help="Instead: each policy with a rule that differs from a revision of git."
)
@click.option(
    "-n",
    "--count",
    type=click.IntRange(min=1, max=10_000_000),
    default=100,
    show_default=True,
    help="How many of each.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="The same seed makes the same records.")
@common.policies_option
@common.parameters_option
@common.output_option
def command(
    only: str | None,
    since: str | None,
    count: int,
    seed: int,
    directory: Path,
    parameters: Path | None,
    output: Path | None,
) -> None:
    """Write synthetic records as JSON Lines: ordinary ones, and ones beside the boundaries of a policy's rules.

    They are made from the policy's typical record and its examples, and hold no data of any person. Numbers that the
    policies leave unset can be given with --parameters, so that records are made beside these too.
    """
    import json

    from pykala.quality.sample import sample_records

    if (only is None) == (since is None):
        common.fail(
            "say which policy judges the records", "write --policy ID, or --since REVISION for those that changed"
        )
    policy_set = common.load(directory, parameters=parameters, only=only)
    policies = [policy_set.find(only)] if only is not None else _changed(policy_set, since or "", directory)
    with common.open_output(output) as stream:
        for policy in policies:
            assert policy is not None
            if not policy.typical and not any(rule.examples for rule in policy.rules):
                common.fail(f"{policy.name} has no typical record", "write `typical:` and examples in it first")
            for record in sample_records(policy_set, policy, count, seed):
                stream.write(json.dumps(record, ensure_ascii=False) + "\n")


def _changed(policy_set: PolicySet, since: str, directory: Path) -> list[Policy | None]:
    """Return the policies of which a rule differs; where none does, all of them, so that there is a book at all."""
    from pykala.quality.mutate.changed import changed_rules

    names = {name for name, _ in changed_rules(common.side(since, directory).policies, policy_set)}
    found: list[Policy | None] = [policy for policy in policy_set.policies if policy.name in names]
    return found or list(policy_set.policies)
