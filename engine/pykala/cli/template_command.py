"""`pykala template KIND -o FILE`: the empty workbook that is filled in by hand."""

from __future__ import annotations

from pathlib import Path

import click

from pykala.cli import common
from pykala.policy.model import Lang


@click.command("template")
@click.argument("kind")
@common.policies_option
@common.lang_option
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The workbook to write (.xlsx). A file that is there is never overwritten.",
)
def command(kind: str, directory: Path, lang: Lang, output: Path) -> None:
    """Write the empty Excel workbook for records of KIND (`case`, `invoice`, …).

    It has a sheet for the record and one for each list, with labels in the chosen language.
    """
    from pykala.policy.loader import vocabulary_of
    from pykala.records.sheets import library

    vocabulary = vocabulary_of(directory)
    if kind not in vocabulary.kinds:
        common.fail(f"no kind of record {kind!r}", "known: " + ", ".join(sorted(vocabulary.kinds)))
    if output.suffix.lower() != ".xlsx":
        common.fail(f"{output} does not end in .xlsx", "the template is an Excel workbook: name it so")
    if output.exists():
        common.fail(f"{output} is there already", "choose another name, or remove the file first")
    if (missing := library("openpyxl", "excel", output.as_posix())) is not None:
        common.fail("the library `openpyxl`, which writes workbooks, is not installed", missing.help)
    from pykala.records.template import write_template

    try:
        write_template(vocabulary, vocabulary.kinds[kind], output, lang)
    except OSError as error:
        common.fail(f"cannot write {output}: {(error.strerror or 'not possible').lower()}")
    click.echo(f"wrote {output}", err=True)
