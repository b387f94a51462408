"""`pykala test`: the examples of the policies as tests."""

from __future__ import annotations

import fnmatch
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pykala.cli import common, mutation
from pykala.policy.model import Lang, Policy, Rule

if TYPE_CHECKING:
    from pykala.policy.loader import PolicySet
    from pykala.quality.coverage import Coverage
    from pykala.quality.examples import ExampleOutcome


@click.command("test")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@common.policies_option
@common.lang_option
@click.option("--run", "pattern", help="Run only rules whose `policy/rule` fits this pattern (`work-trial/day-*`).")
@click.option(
    "--since",
    metavar="REVISION",
    help="Only rules whose meaning or examples differ from a revision of git, or a folder.",
)
@mutation.mutation_options
@common.format_option("text", "json", "junit", "sarif", "github", "markdown")
@common.output_option
@common.report_option("text", "json", "junit", "sarif", "github", "markdown", "cobertura")
@click.option("--coverage", "cover", is_flag=True, help="Tell what the examples reach, and what they do not.")
@click.option(
    "--threshold",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="The least share that the examples must reach; below it the exit code is 1.",
)
@click.option("--jobs", type=click.IntRange(min=1), help="How many processes share the work (default: one a core).")
def command(
    paths: tuple[Path, ...],
    directory: Path,
    lang: Lang,
    pattern: str | None,
    since: str | None,
    fmt: str,
    output: Path | None,
    reports: tuple[tuple[str, Path], ...],
    cover: bool,
    threshold: float | None,
    jobs: int | None,
    mutate: bool,
    **mutation_options: Any,
) -> None:
    """Run the examples of every rule. Exit code: 0 each has the verdict it expects, 1 one has not.

    PATHS narrow the run to the rules of some files or folders; a single folder of policies may be given instead of
    --policies.
    """
    from pykala.quality.coverage import coverage
    from pykala.quality.examples import run_examples

    if len(paths) == 1 and (paths[0] / "records").is_dir():
        directory, paths = paths[0], ()
    policy_set = common.load(directory)

    changed = None if since is None else _changed(policy_set, since, directory)
    fitting = {
        (policy.name, rule.id)
        for policy in policy_set.policies
        for rule in policy.rules
        if _fits(policy, rule, paths, pattern)
    }
    if not fitting and (pattern is not None or paths):
        common.fail("no rule fits the pattern or the paths", "write policy/rule, for example `work-trial/day-*`")

    def wanted(policy: Policy, rule: Rule) -> bool:
        name = (policy.name, rule.id)
        return name in fitting and (changed is None or name in changed)

    if mutate:
        mutation.run(policy_set, wanted, forms=((fmt, output), *reports), jobs=jobs, **mutation_options)
        return
    outcomes = run_examples(policy_set, wanted, jobs=jobs)
    asked = cover or threshold is not None or any(name == "cobertura" for name, _ in reports)
    found = coverage(policy_set, wanted, jobs=jobs) if asked else None
    for name, path in ((fmt, output), *reports):
        with common.open_output(path) as stream:
            stream.write(_report(name, outcomes, found, lang))
    if any(not outcome.passed for outcome in outcomes):
        sys.exit(1)
    if found is not None and threshold is not None and found.share().percent < threshold:
        click.echo(f"error: the examples reach {found.share()}, less than {threshold:g} %", err=True)
        sys.exit(1)


def _report(name: str, outcomes: list[ExampleOutcome], found: Coverage | None, lang: Lang) -> str:
    from pykala.report import examples_report
    from pykala.report.findings import of_examples

    match name:
        case "json":
            return examples_report.examples_json(outcomes, found)
        case "junit":
            return examples_report.examples_junit(outcomes)
        case "sarif":
            from pykala.report.sarif import sarif_text

            return sarif_text(list(of_examples(outcomes)))
        case "github":
            from pykala.report.github import annotation

            return "".join(f"{annotation(item)}\n" for item in of_examples(outcomes))
        case "markdown":
            from pykala.report.markdown_report import findings_markdown

            failed = list(of_examples(outcomes))
            summary = f"{len(outcomes) - len(failed)} of {len(outcomes)} examples pass."
            return "".join(f"{line}\n" for line in findings_markdown("pykala test", failed, summary))
        case "cobertura" if found is not None:
            from pykala.report.cobertura import cobertura_xml

            return cobertura_xml(found)
        case _:
            text = examples_report.examples_text(outcomes, lang)
            return text if found is None else f"{examples_report.coverage_text(found)}{text}"


def _changed(policy_set: PolicySet, since: str, directory: Path) -> set[tuple[str, str]]:
    from pykala.quality.mutate.changed import changed_rules

    return changed_rules(common.side(since, directory).policies, policy_set)


def _fits(policy: Policy, rule: Rule, paths: tuple[Path, ...], pattern: str | None) -> bool:
    if pattern is not None and not fnmatch.fnmatchcase(f"{policy.id}/{rule.id}", pattern):
        return False
    own = Path(rule.source.path).resolve()
    return not paths or any(own.is_relative_to(path.resolve()) for path in paths)
