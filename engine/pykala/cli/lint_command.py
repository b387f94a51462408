"""`pykala lint`: what is wrong with policy files."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from pykala.cli import common

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pykala_dsl.diagnostics import Diagnostic


@click.command("lint")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@common.policies_option
@common.as_of_option
@common.format_option("text", "json", "jsonl", "junit", "sarif", "github", "markdown")
@common.output_option
@common.report_option("text", "json", "jsonl", "junit", "sarif", "github", "markdown")
@common.help_url_option
@click.option("--strict", is_flag=True, help="Let warnings fail the call too.")
@click.option("--notes", "show_notes", is_flag=True, help="Show notes too: numbers that no source gives yet.")
@click.option("--fix", is_flag=True, help="Mend what can be meant in one way alone, then look again.")
@click.option(
    "--accept-translations",
    is_flag=True,
    help="Write down that the texts agree in all languages as they are now (translations.lock).",
)
def command(
    paths: tuple[Path, ...],
    directory: Path,
    as_of: datetime.date | None,
    fmt: str,
    output: Path | None,
    reports: tuple[tuple[str, Path], ...],
    help_url: str | None,
    strict: bool,
    show_notes: bool,
    fix: bool,
    accept_translations: bool,
) -> None:
    """Look for mistakes in policy files: schema, names, types, citations, translations, versions, examples.

    PATHS narrow what is shown to some files or folders; a single folder of policies may be given instead of
    `--policies`. Exit code: 0 nothing wrong (warnings and notes do not count), 1 something is.
    """
    if len(paths) == 1 and (paths[0] / "records").is_dir():
        directory, paths = paths[0], ()
    missing = [path for path in paths if not path.exists()]
    if missing:
        common.fail(f"there is no file or folder {missing[0].as_posix()!r}")
    if accept_translations:
        from pykala.quality.kept_findings import LOCK
        from pykala.quality.translations import write_lock

        common.load(directory)
        click.echo(f"{write_lock(directory)} texts accepted in {(directory / LOCK).as_posix()}", err=True)
    found, files = _findings(directory, paths, common.today(as_of))
    if fix:
        mended = _mend(found)
        if mended:
            click.echo(f"{mended} mended", err=True)
            found, files = _findings(directory, paths, common.today(as_of))
    for name, path in ((fmt, output), *reports):
        shown = [item for item in found if show_notes or name in ("json", "jsonl") or item.severity != "note"]
        with common.open_output(path) as stream:
            _write(shown, found, name, stream, files, help_url, color=path is None and common.use_color(stream))
    if any(item.severity == "error" or (strict and item.severity == "warning") for item in found):
        sys.exit(1)


def _findings(directory: Path, paths: tuple[Path, ...], as_of: datetime.date) -> tuple[list[Diagnostic], int | None]:
    """Return what is wrong, and the number of policy files, None where they do not load."""
    from pykala.policy.loader import load_policies
    from pykala.quality.kept_findings import kept_findings
    from pykala.quality.suppressions import apply_suppressions
    from pykala_dsl.diagnostics import DiagnosticsError

    files: int | None = None
    try:
        policy_set = load_policies(directory)
    except DiagnosticsError as error:
        if any(diagnostic.code == "no-policies" for diagnostic in error.diagnostics):
            raise
        found = list(error.diagnostics)
    else:
        found = apply_suppressions(kept_findings(policy_set), policy_set, as_of)
        files = len({policy.source.path for policy in (*policy_set.policies, *policy_set.libraries)})
    if paths:
        found = [diagnostic for diagnostic in found if any(_inside(diagnostic, path) for path in paths)]
    return found, files


def _mend(found: Sequence[Diagnostic]) -> int:
    from pykala.quality.fixes import fix_all

    mended = 0
    for fixed in fix_all(found):
        path = Path(fixed.source.path)
        try:
            path.write_text(fixed.text, encoding="utf-8", newline="\n")
        except OSError as error:
            common.fail(f"cannot write {path.as_posix()}: {(error.strerror or 'not possible').lower()}")
        for diagnostic in fixed.diagnostics:
            click.echo(f"mended {diagnostic.source.path}:{diagnostic.line}: {diagnostic.message}", err=True)
        mended += len(fixed.diagnostics)
    return mended


def _inside(diagnostic: Diagnostic, path: Path) -> bool:
    sources = (diagnostic.source, *(label.source for label in diagnostic.labels if label.source is not None))
    return any(Path(source.path).resolve().is_relative_to(path.resolve()) for source in sources)


def _write(
    shown: Sequence[Diagnostic],
    found: Sequence[Diagnostic],
    fmt: str,
    stream: IO[str],
    files: int | None,
    help_url: str | None,
    *,
    color: bool,
) -> None:
    from pykala.report import diagnostics_report

    match fmt:
        case "json" | "jsonl" | "junit" | "sarif" | "github" | "markdown":
            stream.write(diagnostics_report.report(fmt, shown, _summary(found, files), help_url))
        case _:
            from pykala_dsl.render import render

            for diagnostic in shown:
                stream.write(render(diagnostic, color=color) + "\n\n")
            stream.write(_summary(found, files) + "\n")


def _summary(found: Sequence[Diagnostic], files: int | None) -> str:
    parts = []
    for severity in ("error", "warning", "note"):
        count = sum(item.severity == severity for item in found)
        if count or severity != "note":
            parts.append(f"{count} {severity}{'' if count == 1 else 's'}")
    return ", ".join(parts) + (f" in {files} policy files" if files is not None else "")
