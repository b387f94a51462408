"""`pykala fmt`: policy files in their canonical layout."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pykala.cli import common

if TYPE_CHECKING:
    from pykala.quality.fmt.files import Formatted


@click.command("fmt")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@common.policies_option
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 if a file would change.")
@click.option(
    "--diff", "show_diff", is_flag=True, help="Write nothing; print what would change, and exit like --check."
)
def command(paths: tuple[Path, ...], directory: Path, check: bool, show_diff: bool) -> None:
    """Lay out policy files, schemas and sources: the order of keys, quotes, expressions. Comments stay.

    PATHS are files or folders; without them, the folder of policies. What a file means does not change. A file with a
    mistake is left as it is and named; the others are laid out all the same.
    """
    from pykala.policy.paths import repository_files
    from pykala.quality.fmt.files import format_files

    files: list[Path] = []
    for path in paths or (directory,):
        if not path.exists():
            common.fail(f"there is no file or folder {path.as_posix()!r}", "name files, folders, or say --policies DIR")
        files += repository_files(path).all if path.is_dir() else [path]
    dry = check or show_diff
    changed = kept = 0
    broken: list[Formatted] = []
    for found in format_files(dict.fromkeys(files)):
        if found.diagnostics:
            broken.append(found)
        elif not found.changes:
            kept += 1
        else:
            changed += 1
            if show_diff:
                click.echo(_diff(found), nl=False)
            else:
                click.echo(f"{'would change' if check else 'laid out'} {found.path.as_posix()}")
            if not dry:
                _write(found)
    common.print_diagnostics([item for found in broken for item in found.diagnostics])
    click.echo(_summary(changed, kept, len(broken), dry=dry), err=show_diff)
    if broken:
        sys.exit(2)
    if dry and changed:
        sys.exit(1)


def _write(found: Formatted) -> None:
    """Replace a file, whole or not at all."""
    new = found.path.with_name(f".{found.path.name}.new")
    try:
        new.write_text(found.after, encoding="utf-8", newline="\n")
        new.chmod(found.path.stat().st_mode)
        new.replace(found.path)
    except OSError as error:
        new.unlink(missing_ok=True)
        common.fail(f"cannot write {found.path.as_posix()}: {(error.strerror or 'not possible').lower()}")


def _diff(found: Formatted) -> str:
    name = found.path.as_posix()
    lines = difflib.unified_diff(
        found.before.splitlines(keepends=True), found.after.splitlines(keepends=True), name, name
    )
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def _summary(changed: int, kept: int, broken: int, *, dry: bool) -> str:
    verb = "would change" if dry else "laid out"
    parts = [f"{changed} {'file' if changed == 1 else 'files'} {verb}", f"{kept} left as they are"]
    if broken:
        parts.append(f"{broken} could not be read")
    return ", ".join(parts)
