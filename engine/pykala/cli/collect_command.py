"""`pykala collect KIND RECORD…`: records over many others, for `pykala check` to judge."""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from pykala.cli import common
from pykala.policy.model import Lang

if TYPE_CHECKING:
    from pykala.records.vocabulary import RecordKind, Vocabulary

_ENDINGS = (".json", ".jsonl", ".ndjson", ".yaml", ".yml")


@click.command("collect")
@click.argument("kind")
@click.argument("records", nargs=-1, required=True, type=click.Path(path_type=Path))
@common.policies_option
@click.option(
    "--by",
    metavar="KEY",
    help="Collect only what is grouped by this field (`provider` or `provider_id`), or the collection of this name.",
)
@click.option(
    "--year",
    metavar="YEAR",
    help="One calendar year, such as 2025; where rolling years are judged, those that end in it. `rolling`: all of them.",
)
@common.as_of_option
@common.lang_option
@common.output_option
def command(
    kind: str,
    records: tuple[Path, ...],
    directory: Path,
    by: str | None,
    year: str | None,
    as_of: datetime.date | None,
    lang: Lang,
    output: Path | None,
) -> None:
    """Collect records of KIND (`billing_year`, `contract_year`, `quota_year`, …) from RECORDs (files or folders).

    What the records do not say stays open in the collected ones, and is named. A RECORD of KIND itself adds what
    only people know. The output is JSON; with -o, JSON, JSON Lines or YAML by the ending of the file.

    Exit code: 0 everything found its place, 1 a record did not say where it belongs, 2 the input or the call is wrong.
    """
    from pykala.cli.progress import bar
    from pykala.policy.loader import vocabulary_of
    from pykala.records.collect import collect_records
    from pykala.records.readers import iter_records
    from pykala.report.collected import write_notes

    if output is not None and output.suffix.lower() not in _ENDINGS:
        common.fail(f"{output} has an ending that is not written", "use one of " + ", ".join(_ENDINGS))
    written = [] if output is None else [output]
    if output is not None and any(path.resolve() == output.resolve() for path in records):
        common.fail(f"{output} would be read and written by the same call", "write to another file")
    vocabulary = vocabulary_of(directory)
    only = _chosen(_known(vocabulary, kind), by, year)
    with bar(records, lang, judging=False) as told:
        collected = collect_records(
            vocabulary,
            kind,
            iter_records(records, vocabulary, progress=told.read, apart_from=written),
            common.today(as_of),
            year=int(year) if year not in (None, "rolling") else None,
            only=only,
        )
    for problem in collected.problems:
        common.print_problem(problem)
    if not collected.read:
        common.fail(f"nothing to collect a {kind} from", "give records of the kinds " + ", ".join(collected.absent))
    with common.open_output(output) as stream:
        _write(collected.records, output.suffix.lower() if output else ".json", stream)
    write_notes(collected, vocabulary, kind, lang, sys.stderr)
    sys.exit(2 if collected.problems else int(bool(collected.unplaced)))


def _known(vocabulary: Vocabulary, kind: str) -> RecordKind:
    from pykala_dsl.suggest import closest

    collected = sorted(name for name, each in vocabulary.kinds.items() if each.collections)
    if kind not in collected:
        near = closest(kind, collected)
        hint = f"did you mean {near}?" if near else "collected kinds: " + ", ".join(collected)
        what = "is not collected from others" if kind in vocabulary.kinds else "is no kind of record"
        common.fail(f"{kind!r} {what}", hint)
    return vocabulary.kinds[kind]


def _chosen(kind: RecordKind, by: str | None, year: str | None) -> list[str]:
    """Return the names of the ways to collect that the call asks for."""
    from pykala.records.collection import asked_for

    chosen = asked_for(kind.collections, by)
    if not chosen:
        known = [name for each in kind.collections for name in (*each.by, each.name)]
        common.fail(f"a {kind.name} is not collected by {by!r}", "known: " + ", ".join(dict.fromkeys(known)))
    if year is None:
        return [each.name for each in chosen]
    if year == "rolling":
        fitting = [each for each in chosen if each.period == "rolling"]
        hint = f"a {kind.name} is of one calendar year: leave --year out, or name a year"
    elif year.isascii() and year.isdigit() and len(year) == 4 and int(year) > 0:
        fitting = [each for each in chosen if each.period != "always"]
        hint = f"a {kind.name} has no year: leave --year out"
    else:
        common.fail(f"{year!r} is no year", "write a calendar year, such as 2025, or `rolling`")
    if not fitting:
        common.fail(f"--year {year} does not fit a {kind.name}", hint)
    return [each.name for each in fitting]


def _write(records: Sequence[dict[str, Any]], ending: str, stream: IO[str]) -> None:
    if ending in (".yaml", ".yml"):
        from pykala.policy.strict_yaml import dump

        stream.write(dump(list(records)))
    elif ending == ".json":
        json.dump(records, stream, ensure_ascii=False, indent=1)
        stream.write("\n")
    else:
        for record in records:
            stream.write(json.dumps(record, ensure_ascii=False) + "\n")
