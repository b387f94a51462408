"""`pykala sample`: synthetic records for a repository that has no real ones to show."""

from __future__ import annotations

from pathlib import Path

import click

from pykala.cli import common


@click.command("sample")
@click.option("--policy", "only", metavar="ID[@VERSION]", required=True, help="The policy that judges the records.")
@click.option(
    "-n", "--count", type=click.IntRange(min=1, max=10_000_000), default=100, show_default=True, help="How many."
)
@click.option("--seed", type=int, default=0, show_default=True, help="The same seed makes the same records.")
@common.policies_option
@common.parameters_option
@common.output_option
def command(only: str, count: int, seed: int, directory: Path, parameters: Path | None, output: Path | None) -> None:
    """Write synthetic records as JSON Lines: ordinary ones, and ones beside the boundaries of a policy's rules.

    They are made from the policy's typical record and its examples, and hold no data of any person. Numbers that the
    policies leave unset can be given with --parameters, so that records are made beside these too.
    """
    import json

    from pykala.quality.sample import sample_records

    policy_set = common.load(directory, parameters=parameters, only=only)
    policy = policy_set.find(only)
    assert policy is not None
    if not policy.typical and not any(rule.examples for rule in policy.rules):
        common.fail(f"{policy.name} has no typical record", "write `typical:` and examples in it first")
    with common.open_output(output) as stream:
        for record in sample_records(policy_set, policy, count, seed):
            stream.write(json.dumps(record, ensure_ascii=False) + "\n")
