"""`pykala lint`: what is wrong with policy files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pykala.cli import common

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pykala_dsl.diagnostics import Diagnostic


@click.command("lint")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@common.policies_option
@common.format_option("text", "json")
@common.output_option
@click.option("--strict", is_flag=True, help="Let warnings fail the call too.")
def command(paths: tuple[Path, ...], directory: Path, fmt: str, output: Path | None, strict: bool) -> None:
    """Look for mistakes in policy files: schema, names, types, citations, translations, versions, examples.

    PATHS narrow what is shown to some files or folders; a single folder of policies may be given instead of
    `--policies`. Exit code: 0 nothing wrong (warnings do not count), 1 something is.
    """
    from pykala.policy.loader import load_policies
    from pykala.quality.lint import lint
    from pykala_dsl.diagnostics import DiagnosticsError

    if len(paths) == 1 and (paths[0] / "records").is_dir():
        directory, paths = paths[0], ()
    try:
        policy_set = load_policies(directory)
    except DiagnosticsError as error:
        if any(diagnostic.code == "no-policies" for diagnostic in error.diagnostics):
            raise
        found, files = list(error.diagnostics), None
    else:
        found = lint(policy_set)
        files = len({policy.source.path for policy in (*policy_set.policies, *policy_set.libraries)})
    missing = [path for path in paths if not path.exists()]
    if missing:
        common.fail(f"there is no file or folder {missing[0].as_posix()!r}")
    if paths:
        found = [diagnostic for diagnostic in found if any(_inside(diagnostic, path) for path in paths)]
    _write(found, fmt, output, files)
    if any(diagnostic.severity == "error" or strict for diagnostic in found):
        sys.exit(1)


def _inside(diagnostic: Diagnostic, path: Path) -> bool:
    sources = (diagnostic.source, *(label.source for label in diagnostic.labels if label.source is not None))
    return any(Path(source.path).resolve().is_relative_to(path.resolve()) for source in sources)


def _write(found: Sequence[Diagnostic], fmt: str, output: Path | None, files: int | None) -> None:
    from pykala_dsl.render import as_json, render

    with common.open_output(output) as stream:
        if fmt == "json":
            import json

            body = {"format": "pykala.diagnostics/1", "diagnostics": [as_json(item) for item in found]}
            stream.write(json.dumps(body, ensure_ascii=False, indent=2) + "\n")
            return
        color = output is None and common.use_color(stream)
        for diagnostic in found:
            stream.write(render(diagnostic, color=color) + "\n\n")
        errors = sum(1 for diagnostic in found if diagnostic.severity == "error")
        stream.write(_summary(errors, len(found) - errors, files) + "\n")


def _summary(errors: int, warnings: int, files: int | None) -> str:
    parts = [f"{errors} error{'' if errors == 1 else 's'}", f"{warnings} warning{'' if warnings == 1 else 's'}"]
    return ", ".join(parts) + (f" in {files} policy files" if files is not None else "")
