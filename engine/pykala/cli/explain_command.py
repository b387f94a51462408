"""`pykala explain`: why a verdict is what it is."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pykala.cli import common
from pykala.evaluate.check import Judgement, RecordVerdicts
from pykala.evaluate.result import Result
from pykala.report.tally import Tally


@click.command("explain")
@click.argument("record", type=click.Path(path_type=Path))
@click.option("--rule", "rule_id", required=True, metavar="ID", help="The rule to explain.")
@click.option(
    "--at",
    type=int,
    metavar="N",
    help="The element of the list, counted from 0 as in the paths of results; else those in order are only named.",
)
@click.option("--record-id", metavar="ID", help="The record, where the file holds several.")
@common.judging
@common.format_option("text", "json")
def command(record: Path, rule_id: str, at: int | None, record_id: str | None, call: common.Call, fmt: str) -> None:
    """Print the reason of one rule's verdicts on RECORD: its words, the facts it read, the source."""
    policy_set = call.load()
    known = {rule.id for policy in policy_set.policies for rule in policy.rules}
    if rule_id not in known:
        from pykala_dsl.suggest import closest

        near = closest(rule_id, known)
        common.fail(f"no rule {rule_id!r}", f"did you mean {near}?" if near else "`pykala show POLICY` lists the rules")
    kept: list[Judgement] = []
    results: list[Result] = []
    tally = Tally()
    for found in call.check(policy_set, [record]):
        each = found
        if isinstance(each, RecordVerdicts):
            chosen = [
                result
                for result in each.results
                if result.rule.id == rule_id
                and (record_id is None or result.record_id == record_id)
                and (at is None or (result.at or "").endswith(f"[{at}]"))
            ]
            results += chosen
            each = RecordVerdicts(each.record, tuple(chosen))
            if not chosen:
                continue
        kept.append(each)
        tally.take(each)
    if not results:
        if tally.problems:
            sys.exit(2)
        common.fail(
            f"{rule_id} gives no verdict here",
            "the rule's policy does not judge this record, or there is no such element; "
            "try without --at, or see `pykala check --all`",
        )
    with common.open_output(call.output) as stream:
        if fmt == "json":
            from pykala.report.json_report import JsonReport

            report = JsonReport(stream, call.as_of, policy_set.vocabulary, policy_set.register, reasons="all")
            for each in kept:
                report.take(each)
            report.end(tally)
        else:
            from pykala.report.explanation import write_explanations
            from pykala.report.text import Wording

            wording = Wording(policy_set.vocabulary, call.lang, policy_set.register)
            write_explanations(results, wording, stream, color=common.use_color(stream))
    if tally.problems:
        sys.exit(2)
