"""`pykala init`: a new policy repository."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import click

from pykala.cli import common

_SERVICE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@click.command("init")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path())
@click.option("--service", default="example-service", show_default=True, help="The service's id, in kebab-case.")
@click.option("--title", help="What the service is called (default: made from its id).")
@click.option(
    "--year", type=click.IntRange(2000, 2999), help="The year from which the rules are in force (default: this)."
)
def command(folder: Path, service: str, title: str | None, year: int | None) -> None:
    """Write a new policy repository into FOLDER: a service with one rule, its records and source, CI, its handbook.

    It passes `pykala lint --strict`, `fmt --check`, `test --mutate`, `check cases` and `docs build` at once. Nothing
    that is there is overwritten.
    """
    from pykala.scaffold.new_repository import ExistsError, Names, new_repository

    if not _SERVICE.fullmatch(service):
        common.fail(
            f"{service!r} cannot be a service's id", "use small letters and digits, with hyphens between: work-trial"
        )
    today: datetime.date = common.today(None)
    names = Names(service, title or service.replace("-", " ").capitalize(), year or today.year)
    try:
        written = new_repository(folder, names)
    except ExistsError as error:
        common.fail(f"{error} is there already", "name an empty folder; nothing was written")
    except OSError as error:
        common.fail(f"cannot write into {folder.as_posix()}: {(error.strerror or 'not possible').lower()}")
    for path in written:
        click.echo(path.as_posix())
    click.echo(f"\nnext: cd {folder.as_posix()}, then pykala lint, pykala test, pykala check cases", err=True)
